"""The uncertain figures this question reads: one world's draws, or their means."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from models.lora.radio_figures import RadioFigures
from twin.scenario import Scenario
from twin.streams import Streams
from twin.study.drawn import expected, expected_streams
from twin.world import World


@dataclass(frozen=True)
class Figures(RadioFigures):
    """One value of every uncertain figure; the fields are the ids of the assumptions' table."""

    battery_spread: float
    meter_quiescent_ua: float
    sensor_quiescent_ua: float
    self_discharge_factor: float
    battery_replacement_eur: float
    growth_factor: float


ASSUMPTIONS = tuple(field.name for field in fields(Figures))


@dataclass(frozen=True)
class Dice:
    """A world's uncertain figures and its streams; `pinned` where a figure is held still."""

    figures: Figures
    streams: Streams
    pinned: bool = False


def dice_of(world: World) -> Dice:
    """Return what a replication drew."""
    return Dice(_figures(world.assume), world.streams, bool(world.task.pins))


def nominal_dice(scenario: Scenario) -> Dice:
    """Return the most expected world: every figure at its mean."""
    mean = expected(scenario)
    # A mean of the two matrices is neither: the older, kinder one stands for the expected.
    drawn = _figures(lambda name: 0.25 if name == "interference_matrix" else mean(name))
    return Dice(drawn, expected_streams(scenario))


def _figures(value: Callable[[str], float]) -> Figures:
    return Figures(*(value(name) for name in ASSUMPTIONS))
