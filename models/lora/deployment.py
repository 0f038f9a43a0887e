"""When the gateways will be in service: agreements, delivery, crews, weather, acceptance.

SimPy runs it because everything here waits on something: a site on its owner, a crew on a working
day, a year on its budget. Durations are assumptions [U] with ranges, drawn per site.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date, datetime, time

import numpy as np
import simpy
from numpy.typing import NDArray

from twin.clock import Calendar, Clock
from twin.streams import Streams
from twin.units import DAY_S
from twin.world import World

ASSUMPTIONS = (
    "agreement_public_days",
    "agreement_private_days",
    "delivery_days",
    "crews",
    "bad_weather_share",
    "failed_acceptance_share",
)
"""Uncertain figures read here."""

SPREAD_AROUND_DRAW = 0.5
"""A site's own delay lies within this share of the replication's typical delay [U]."""


@dataclass(frozen=True)
class Order:
    """One gateway to fit: its site, the budget year that pays it (0 = first), who hosts it."""

    site: str
    year: int
    private: bool


@dataclass(frozen=True)
class Pace:
    """What rules the deployment in one world; delays in days, shares in [0, 1]."""

    agreement_public_days: float
    agreement_private_days: float
    delivery_days: float
    crews: int
    bad_weather_share: float
    failed_acceptance_share: float

    @classmethod
    def of(cls, world: World) -> Pace:
        """Return the pace of one replication."""
        return cls(
            agreement_public_days=world.assume("agreement_public_days"),
            agreement_private_days=world.assume("agreement_private_days"),
            delivery_days=world.assume("delivery_days"),
            crews=max(1, round(world.assume("crews"))),
            bad_weather_share=world.assume("bad_weather_share"),
            failed_acceptance_share=world.assume("failed_acceptance_share"),
        )


def service_days(
    orders: list[Order], start: date, pace: Pace, streams: Streams
) -> NDArray[np.float64]:
    """Return, for each order, the days from `start` until its gateway is in service."""
    clock = Clock(Calendar(datetime.combine(start, time())))
    crews = simpy.Resource(clock, capacity=pace.crews)
    done_s = np.zeros(len(orders))

    for index, order in enumerate(orders):
        clock.process(
            _deploy(clock, crews, order, index, start, pace, streams, done_s),
            name=f"deploy {order.site}",
        )
    clock.run()
    return done_s / DAY_S


def _deploy(
    clock: Clock,
    crews: simpy.Resource,
    order: Order,
    index: int,
    start: date,
    pace: Pace,
    streams: Streams,
    done_s: NDArray[np.float64],
) -> Generator[simpy.Event, object, None]:
    """Live the deployment of one gateway, from the budget year to acceptance."""
    dice = streams.generator("lora", "deployment", order.site)
    typical = pace.agreement_private_days if order.private else pace.agreement_public_days
    agreement = typical * (1.0 + SPREAD_AROUND_DRAW * (2.0 * dice.random() - 1.0))
    budget_opens = clock.at(datetime(start.year + order.year, start.month, start.day))  # noqa: DTZ001 - the calendar gives the zone
    # The agreement is sought ahead of the budget; the purchase order is not placed before it.
    signed = clock.timeout(agreement * DAY_S)
    yield signed & clock.until(budget_opens)
    yield clock.timeout(pace.delivery_days * DAY_S)
    accepted = False
    while not accepted:
        with crews.request() as crew:
            yield crew
            yield from _fit(clock, pace, dice)
        accepted = dice.random() >= pace.failed_acceptance_share
    done_s[index] = clock.now


def _fit(
    clock: Clock, pace: Pace, dice: np.random.Generator
) -> Generator[simpy.Event, object, None]:
    """Spend one working day on site; a day of bad weather is lost and the crew comes back."""
    fair = False
    while not fair:
        next_day = clock.calendar.working_days_after(clock.now, 1)
        yield clock.until(next_day)
        fair = dice.random() >= pace.bad_weather_share
