"""One world of the lighting question: what is uncertain, drawn or at its mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import TypeAlias

from models.lighting.bill import Prices, prices_of
from models.lighting.settings import Control
from twin.scenario import Scenario
from twin.streams import Streams
from twin.study.drawn import Drawn, expected, expected_streams
from twin.world import World


@dataclass(frozen=True)
class Figures:
    """What a planner does not know of lamps and people; rows `lighting_<field>` of the table.

    Attributes
    ----------
    off_share : float
        Share of the communes that switch off in the middle of the night today.
    threshold_deg : float
        Altitude of the sun at which lamps are switched.
    life_factor : float
        True life of discharge lamps over the catalogue's.
    light_factor : float
        Light that reaches the street over what the lumen method says.
    led_failures_year : float
        Failures of an LED lantern a year, all causes.
    led_w_factor : float
        Power of the LED lanterns that will be bought over the catalogue's.
    cabinet_faults_year : float
        Breakers, contactors and clocks that fail, a cabinet and year.
    stuck_share : float
        Share of them that leave the lamps burning by day.
    cable_faults_year : float
        Cut or flooded cables, a year and 1,000 lamps.
    node_failures_year, clock_failures_year : float
        Nodes and speaking clocks that fall silent for good, each a year.
    gateway_outages_year, gateway_outage_h : float
        Outages of a gateway of the radio network a year (mains, backhaul), and their mean length.
    call_days : float
        Mean days until somebody calls about one dark lamp.
    street_call_days : float
        The same for a street or a cabinet that is dark.
    drift_min_month : float
        Standard deviation of the drift of a clock that nothing sets, minutes a month.
    dst_share : float
        Share of those clocks that keep winter time all year.
    meter_noise : float
        Standard deviation of a night's reading of a cabinet, share of its power.
    changes_year : float
        Changes of its hours that a commune asks for, a year.
    """

    off_share: float
    threshold_deg: float
    life_factor: float
    light_factor: float
    led_failures_year: float
    led_w_factor: float
    cabinet_faults_year: float
    stuck_share: float
    cable_faults_year: float
    node_failures_year: float
    clock_failures_year: float
    gateway_outages_year: float
    gateway_outage_h: float
    call_days: float
    street_call_days: float
    drift_min_month: float
    dst_share: float
    meter_noise: float
    changes_year: float


FIGURE_ROWS = tuple(f"lighting_{field.name}" for field in fields(Figures))
RADIO_ROWS = ("lighting_gateway_outages_year", "lighting_gateway_outage_h")
"""Those that only options feel which speak over a network."""


_NOT_LIVED = {"light_factor", "drift_min_month", "dst_share"}
"""What is reckoned from years once they are lived."""
_LIVED_BY: dict[str, Control] = {
    "node_failures_year": "node",
    "clock_failures_year": "remote-clock",
    "meter_noise": "remote-clock",
}


def lived_rows(control: Control) -> frozenset[str]:
    """Return the rows that touch an option's years, the radio's aside."""
    names = {field.name for field in fields(Figures)} - _NOT_LIVED
    touching = {name for name in names if _LIVED_BY.get(name, control) == control}
    return frozenset(f"lighting_{name}" for name in touching) - frozenset(RADIO_ROWS)


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
