"""Villages small enough to play every meter, with leaks enough to count."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np

from models.links.constant import ConstantLink
from models.water.customers.played import Played, played_zone
from models.water.customers.practice import Days, Practice, days_of
from models.water.customers.year import CustomersYear, customers_year
from models.water.demand.timetable import timetable
from models.water.figures import Figures
from models.water.settings import CustomersSection, Reading
from models.water.zone import Zone
from tests.models.water.demand.small_zone import zone
from twin.ports import Link
from twin.streams import Streams

START = date(2027, 1, 4)
LITRES = 148.0
PRACTICE = Practice()


def figures(leaks: float = 1.5, l_h: float = 40.0) -> Figures:
    """Return a world in which homes leak often."""
    return Figures(
        loss_share=0.25,
        break_factor=1.0,
        hidden_m3h=2.2,
        surfacing_years=1.0,
        survey_years=6.0,
        hear_share=0.8,
        search_km_day=6.0,
        step_share=0.15,
        notice_days=9.0,
        demand_factor=1.0,
        night_factor=1.0,
        consumer_leaks=leaks,
        consumer_l_h=l_h,
    )


def village(name: str, nodes: int = 20) -> Zone:
    """Return five homes a node, three farms among them."""
    farm = np.where(np.arange(nodes) < 3, 2.0, 0.0)
    return zone(np.full(nodes, 10.5), 5.0, farm, name=name)


def constant(streams: Streams, loss: float, delay_s: float = 0.0) -> Callable[[], Link]:
    """Return who makes a link that loses a share."""
    return lambda: ConstantLink(streams, loss, delay_s)


def no_link() -> Link:
    """Refuse: nobody should ask."""
    raise AssertionError("a link was asked for")


def played_year(
    zones: Sequence[Zone],
    reading: Reading,
    make_link: Callable[[], Link] = no_link,
    *,
    streams: Streams,
    readings: int = 1,
    share: float = 1.0,
    days: tuple[int, int] = (60, 120),
    world: Figures | None = None,
) -> CustomersYear:
    """Return the year of some villages."""
    settings = CustomersSection(reading=reading, readings_per_year=readings, sampled_share=share)
    return customers_year(
        zones, settings, world or figures(), LITRES, streams, START, *days, make_link
    )


def played_village(where: Zone, streams: Streams, settling: int, counted: int) -> Played:
    """Return all meters of a village."""
    world, days = figures(), span(settling, counted)
    demand = world.demand(LITRES)
    table = timetable(START, days.end, demand, streams)
    return played_zone(
        where, table, demand, world.consumers(), streams, share=1.0, leaks_per_frame=1.0, days=days
    )


def span(settling: int, counted: int) -> Days:
    """Return the days of a run."""
    return days_of(settling, counted, PRACTICE)
