"""Which targets hold, and for how many years: the judgement of one option in one world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.lora.load.settings import TargetsSection

LEAST_LOSS = 1e-6
"""A loss of nothing has no logarithm; one device in a million is as good."""


@dataclass(frozen=True)
class Verdict:
    """Whether each target holds."""

    collection: bool
    battery: bool
    duty: bool

    @property
    def held(self) -> int:
        """Number of targets held, 0 to 3."""
        return int(self.collection) + int(self.battery) + int(self.duty)

    @property
    def everything(self) -> bool:
        """Whether all hold."""
        return self.held == 3  # noqa: PLR2004 - the three fields


def judge(
    targets: TargetsSection,
    collections: Mapping[str, float],
    battery_reach: Mapping[str, float],
    duty: float,
) -> Verdict:
    """Return the verdict: every fleet's readings and batteries count, and the busiest gateway."""
    return Verdict(
        collection=all(share >= targets.collection for share in collections.values()),
        battery=all(share >= targets.battery_share for share in battery_reach.values()),
        # The engine refuses to send beyond the law: to stand at the limit is to have been refused.
        duty=duty < targets.duty,
    )


def years_held(first: float, last: float, target: float, horizon_years: int) -> float:
    """Return the years a share stays at or above its target, 0 to the horizon.

    Between the first year and the last the share lost is taken to grow (or shrink) by the same
    factor each year: ln(1 - share) is linear in time [D on U]. A loss that doubles in ten years
    grows 7 % a year.
    """
    if first < target:
        return 0.0
    if last >= target:
        return float(horizon_years)
    before, after = (np.log(max(1.0 - share, LEAST_LOSS)) for share in (first, last))
    limit = np.log(max(1.0 - target, LEAST_LOSS))
    return float(horizon_years * np.clip((limit - before) / (after - before), 0.0, 1.0))


@dataclass(frozen=True)
class Standing:
    """What the recommendation looks at: an option in the most expected world."""

    option: str
    answers: bool
    period_s: float
    held: int
    everything: bool
    worst: float


def recommended(standings: Sequence[Standing]) -> str:
    """Return the option with the most frequent readings among those that hold every target.

    Where none does, the one that holds the most targets, then comes nearest to them (`worst` is the
    least ratio of an outcome to its target), then is read most often.
    """
    asked = [each for each in standings if each.answers] or list(standings)
    holding = [each for each in asked if each.everything]
    if holding:
        return min(holding, key=lambda each: (each.period_s, each.option)).option
    return max(asked, key=lambda each: (each.held, each.worst, -each.period_s)).option
