"""One world of the water question: what is uncertain, drawn or at its mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import TypeAlias

from models.water.bill import Prices, prices_of
from models.water.demand.figures import DemandFigures
from models.water.leaks.figures import LeakFigures
from models.water.metering.figures import LeakFigures as ConsumerFigures
from twin.scenario import Scenario
from twin.streams import Streams
from twin.study.drawn import Drawn, expected, expected_streams
from twin.world import World


@dataclass(frozen=True)
class Figures:
    """What a planner does not know of pipes and people; rows `water_<field>` of the table.

    Attributes
    ----------
    loss_share : float
        Share of the water put into supply that is lost under today's watch.
    break_factor : float
        True frequency of leaks over the usual one.
    hidden_m3h : float
        Mean flow of a hidden leak at 50 m.
    surfacing_years : float
        Mean years until a hidden leak shows by itself.
    survey_years : float
        Years between two systematic surveys of one network.
    hear_share : float
        Chance that a searcher hears the leak he walks past.
    search_km_day : float
        Pipes listened to per searcher and day.
    step_share : float
        Share of a district left to walk after a night of closing valves.
    notice_days : float
        Working days from location to a planned repair.
    demand_factor, night_factor : float
        True use over the expected one, over a day and at night.
    consumer_leaks : float
        Leaks behind the meter, a dwelling and year.
    consumer_l_h : float
        Median flow of those that are not on a pipe.
    """

    loss_share: float
    break_factor: float
    hidden_m3h: float
    surfacing_years: float
    survey_years: float
    hear_share: float
    search_km_day: float
    step_share: float
    notice_days: float
    demand_factor: float
    night_factor: float
    consumer_leaks: float
    consumer_l_h: float

    def leaks(self) -> LeakFigures:
        """Return the figures of leaks of mains and connections."""
        return LeakFigures(
            frequency_factor=self.break_factor,
            hidden_m3h=self.hidden_m3h,
            surfacing_years=self.surfacing_years,
            survey_years=self.survey_years,
            hear_share=self.hear_share,
        )

    def demand(self, litres_per_person_day: float) -> DemandFigures:
        """Return the figures of demand around the expected use of a resident."""
        usual = DemandFigures()
        return replace(
            usual,
            l_per_person_day=litres_per_person_day * self.demand_factor,
            night_l_per_person_h=usual.night_l_per_person_h * self.night_factor,
        )

    def consumers(self) -> ConsumerFigures:
        """Return the figures of leaks behind the meter."""
        return ConsumerFigures(per_home_year=self.consumer_leaks, fitting_l_h=self.consumer_l_h)


FIGURE_ROWS = tuple(f"water_{field.name}" for field in fields(Figures))


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
