"""Which quote to ask for first: the assumptions whose doubt carries most of the answer's spread."""

from __future__ import annotations

from collections.abc import Mapping

from twin.decide.priors import Status
from twin.decide.sensitivity import RankShare, rank_shares
from twin.scenario import Scenario
from twin.streams import Streams

FEWEST_WORLDS = 20
"""Under this, an assumption without any effect shows more than 5 % by chance."""


def variance_shares(scenario: Scenario, outcome: Mapping[int, float]) -> tuple[RankShare, ...]:
    """Return the share of an outcome's spread that each uncertain assumption carries.

    Parameters
    ----------
    outcome : mapping replication -> value
        Of the ordinary runs of one option; each replication's draws are made again from its dice.
    """
    seed = scenario.study.seed
    drawn = {
        name: [Streams(seed, replication).uniform("assumptions", name) for replication in outcome]
        for name, prior in sorted(scenario.assumptions.items())
        if not prior.is_certain
    }
    return rank_shares(drawn, list(outcome.values()))


def quotes_first(scenario: Scenario, shares: tuple[RankShare, ...]) -> tuple[RankShare, ...]:
    """Return the unverified assumptions alone, the largest share first."""
    return tuple(
        each for each in shares if scenario.assumptions[each.name].status is Status.UNVERIFIED
    )
