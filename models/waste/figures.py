"""One world of the waste question: what is uncertain, drawn or at its mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from models.waste.bill import Prices, prices_of
from twin.scenario import Scenario
from twin.streams import Streams
from twin.world import World, prior_named

NOMINAL = 1_000_000_000
"""The replication whose dice the most expected world throws: none a study plays."""


@dataclass(frozen=True)
class Figures:
    """What a planner does not know of people and sensors; rows `waste_<field>` of the table.

    `kg_factor` is the true tonnage over the expected one; `rate_doubt` the log-deviation of points
    around what the file says; `daily_cv` of a day's deposits; `failing_share` of sensors out of
    order; `call_share` of full points that somebody calls about, a day.
    """

    kg_factor: float
    rate_doubt: float
    daily_cv: float
    failing_share: float
    call_share: float


FIGURE_ROWS = tuple(f"waste_{field.name}" for field in fields(Figures))


@dataclass(frozen=True)
class WorldDice:
    """A world's figures, prices and streams."""

    figures: Figures
    prices: Prices
    streams: Streams


def dice_of(world: World) -> WorldDice:
    """Return what a replication drew."""
    return WorldDice(_figures(world.assume), prices_of(world.assume), world.streams)


def nominal_dice(scenario: Scenario) -> WorldDice:
    """Return the most expected world: every figure at its mean."""

    def mean(name: str) -> float:
        return prior_named(scenario.assumptions, name, scenario.path).mean()

    streams = Streams(scenario.study.seed, NOMINAL)
    return WorldDice(_figures(mean), prices_of(mean), streams)


def _figures(value: Callable[[str], float]) -> Figures:
    return Figures(*(value(name) for name in FIGURE_ROWS))
