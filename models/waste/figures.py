"""One world of the waste question: what is uncertain, drawn or at its mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TypeAlias

from models.waste.bill import Prices, prices_of
from twin.scenario import Scenario
from twin.streams import Streams
from twin.study.drawn import Drawn, expected, expected_streams
from twin.world import World


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


WorldDice: TypeAlias = Drawn[Figures, Prices]
"""A world's figures, prices and streams."""


def dice_of(world: World) -> WorldDice:
    """Return what a replication drew."""
    return _drawn(world.assume, world.streams)


def nominal_dice(scenario: Scenario) -> WorldDice:
    """Return the most expected world: every figure at its mean."""
    return _drawn(expected(scenario), expected_streams(scenario))


def _drawn(value: Callable[[str], float], streams: Streams) -> WorldDice:
    figures = Figures(*(value(name) for name in FIGURE_ROWS))
    return WorldDice(figures, prices_of(value), streams)
