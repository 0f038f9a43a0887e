"""One world's uncertain figures and prices: as a replication drew them, or at their means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from twin.scenario import Scenario
from twin.streams import Streams
from twin.world import prior_named

F = TypeVar("F")
P = TypeVar("P")

NOMINAL = 1_000_000_000
"""The replication whose dice the most expected world throws: none a study plays."""


@dataclass(frozen=True)
class Drawn(Generic[F, P]):
    """A world's figures, prices and streams."""

    figures: F
    prices: P
    streams: Streams


def expected(scenario: Scenario) -> Callable[[str], float]:
    """Return what gives the mean of each uncertain figure, where a world gives its draw."""

    def mean(name: str) -> float:
        return prior_named(scenario.assumptions, name, scenario.path).mean()

    return mean


def expected_streams(scenario: Scenario) -> Streams:
    """Return the streams of the most expected world."""
    return Streams(scenario.study.seed, NOMINAL)
