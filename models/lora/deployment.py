"""When the gateways will be in service: agreements, delivery, crews, weather, acceptance.

SimPy runs it because everything here waits on something: a site on its owner, a crew on a working
day, a year on its budget. Durations are assumptions [U] with ranges, drawn per site.

A crew fits one gateway per working day and leaves at the close of business. A day of bad weather is
lost for all crews at once: the department has one sky. A gateway that fails its acceptance goes
back to the end of the queue.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

import numpy as np
import simpy
from numpy.typing import NDArray

from twin.clock import Calendar, Clock
from twin.errors import Fault, ScenarioError
from twin.event_log import EventLog
from twin.lang import Text
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

ORDERED = Text("accord et budget obtenus, commande", "agreement and budget there, ordered")
IN_SERVICE = Text("passerelle en service", "gateway in service")
REFUSED = Text("recette refusée, à refaire", "acceptance failed, again")
SPREAD_AROUND_DRAW = 0.5
"""A site's own delay lies within this share of the replication's typical delay [U]."""

LARGEST_SHARE = 0.9
"""Beyond this share of lost days or failed acceptances nothing would ever be finished."""

MONTHS_A_QUARTER, MONTHS_A_YEAR = 3, 12


@dataclass(frozen=True)
class Order:
    """One gateway to fit: its site, the budget year that pays it (0 = first), who hosts it."""

    site: str
    year: int
    private: bool


@dataclass(frozen=True)
class Pace:
    """What rules the deployment in one world; delays in days, shares in [0, LARGEST_SHARE].

    Raises
    ------
    ScenarioError
        A delay below zero, no crew, a share out of range; each fault names the assumption.
    """

    agreement_public_days: float
    agreement_private_days: float
    delivery_days: float
    crews: int
    bad_weather_share: float
    failed_acceptance_share: float

    def __post_init__(self) -> None:
        limits = {name: (0.0, np.inf) for name in ASSUMPTIONS if name.endswith("_days")}
        limits |= {name: (0.0, LARGEST_SHARE) for name in ASSUMPTIONS if name.endswith("_share")}
        limits["crews"] = (1.0, np.inf)
        faults = [
            _out_of_range(name, getattr(self, name), low, high)
            for name, (low, high) in limits.items()
            if not (low <= getattr(self, name) <= high and np.isfinite(getattr(self, name)))
        ]
        if faults:
            raise ScenarioError(*faults)

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
    orders: Sequence[Order],
    start: date,
    pace: Pace,
    streams: Streams,
    log: EventLog | None = None,
) -> NDArray[np.float64]:
    """Return, for each order, the days from `start` until its gateway is in service.

    Shape (orders,); a gateway enters service at the close of a working day, hence the fractions.
    Orders ready together are fitted in the order given. A site's own dice are named by its id and
    the weather's by the day: one order more changes the others only through their wait for a crew.
    """
    clock = Clock(Calendar(datetime.combine(start, time())), log)
    crews = simpy.Resource(clock, capacity=pace.crews)
    sky = _Sky(clock.calendar, pace.bad_weather_share, streams)
    done_s = np.zeros(len(orders))
    for index, order in enumerate(orders):
        clock.process(
            _deploy(clock, crews, sky, order, index, start, pace, streams, done_s),
            name=f"deploy {order.site}",
        )
    clock.run()
    return done_s / DAY_S


def milestones(days: NDArray[np.float64], weights: NDArray[np.float64]) -> dict[str, float]:
    """Return when the first gateway, half of the meters and the last gateway are in service.

    Parameters
    ----------
    days
        As :func:`service_days` returns them, shape (orders,).
    weights
        Meters each gateway newly serves, >= 0, shape (orders,). Where all are zero every gateway
        counts as one.

    Returns
    -------
    dict
        `first_days`, `half_days`, `last_days`; NaN where nothing is ordered.
    """
    if not len(days):
        return dict.fromkeys(("first_days", "half_days", "last_days"), float("nan"))
    order = np.argsort(days, kind="stable")
    served = np.cumsum(weights[order] if weights.any() else np.ones(len(days)))
    half = order[np.searchsorted(served, 0.5 * served[-1])]
    return {
        "first_days": float(days.min()),
        "half_days": float(days[half]),
        "last_days": float(days.max()),
    }


def in_service(
    days: NDArray[np.float64], weights: NDArray[np.float64], at_days: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the meters in service at each of `at_days`, shape (at_days,): one curve of a fan.

    `days` and `weights` as in :func:`milestones`; `at_days` is any fixed grid, such as
    :func:`quarter_ends`, so that the curves of all replications stand on the same days.
    """
    order = np.argsort(days, kind="stable")
    served = np.concatenate([[0.0], np.cumsum(weights[order])])
    return served[np.searchsorted(days[order], at_days, side="right")]


def quarter_ends(start: date, quarters: int) -> NDArray[np.float64]:
    """Return the days from `start` to the end of each calendar quarter, shape (quarters,).

    The first is the end of the quarter `start` falls in; the end is the midnight after its last
    day, in local time, as :func:`service_days` counts.
    """
    calendar = Calendar(datetime.combine(start, time()))
    first = start.month - (start.month - 1) % MONTHS_A_QUARTER
    ends = []
    for rank in range(1, quarters + 1):
        months = first - 1 + rank * MONTHS_A_QUARTER
        end = date(start.year + months // MONTHS_A_YEAR, months % MONTHS_A_YEAR + 1, 1)
        ends.append(calendar.at(datetime.combine(end, time())) / DAY_S)
    return np.array(ends)


def budget_opens(start: date, year: int) -> date:
    """Return the day the budget of `year` (0 = first) opens: the start's anniversary.

    Raises nothing on 29 February: its anniversary in an ordinary year is 1 March.
    """
    try:
        return start.replace(year=start.year + year)
    except ValueError:
        return date(start.year + year, 3, 1)


@dataclass(frozen=True)
class _Sky:
    """Which days crews can work: working days, but those lost to wind or rain."""

    calendar: Calendar
    bad_weather_share: float
    streams: Streams
    fair: dict[date, bool] = field(default_factory=dict)

    def next_close_s(self, now_s: float) -> float:
        """Return the close of business of the first fair working day after today."""
        day = self.calendar.local(now_s).date() + timedelta(days=1)
        while not self._is_fair(day):
            day += timedelta(days=1)
        return self.calendar.at(datetime.combine(day, self.calendar.closes))

    def _is_fair(self, day: date) -> bool:
        if day not in self.fair:
            self.fair[day] = self.calendar.is_working_day(day) and (
                self.streams.uniform("lora", "weather", day.isoformat()) >= self.bad_weather_share
            )
        return self.fair[day]


def _deploy(
    clock: Clock,
    crews: simpy.Resource,
    sky: _Sky,
    order: Order,
    index: int,
    start: date,
    pace: Pace,
    streams: Streams,
    done_s: NDArray[np.float64],
) -> Generator[simpy.Event, object, None]:
    """Live the deployment of one gateway, from the budget year to acceptance."""
    typical = pace.agreement_private_days if order.private else pace.agreement_public_days
    luck = 2.0 * streams.uniform("lora", "agreement", order.site) - 1.0
    agreement = typical * (1.0 + SPREAD_AROUND_DRAW * luck)
    opens = clock.at(datetime.combine(budget_opens(start, order.year), time()))
    # The agreement is sought ahead of the budget; the purchase order is not placed before it.
    yield clock.timeout(agreement * DAY_S) & clock.until(opens)
    clock.note(ORDERED, order.site)
    yield clock.timeout(pace.delivery_days * DAY_S)
    # Dice of their own: worse weather must not change how often the acceptance fails.
    acceptance = streams.generator("lora", "acceptance", order.site)
    accepted = False
    while not accepted:
        with crews.request() as crew:
            yield crew
            yield clock.until(sky.next_close_s(clock.now))
        accepted = acceptance.random() >= pace.failed_acceptance_share
        clock.note(IN_SERVICE if accepted else REFUSED, order.site)
    done_s[index] = clock.now


def _out_of_range(name: str, value: float, low: float, high: float) -> Fault:
    bounds = f"{low:g}" if high == np.inf else f"{low:g} - {high:g}"
    return Fault(
        key=f"assumptions.{name}",
        value=f"{value:g}",
        expected=Text(
            f"au moins {bounds}" if high == np.inf else f"entre {low:g} et {high:g}",
            f"at least {bounds}" if high == np.inf else f"between {low:g} and {high:g}",
        ),
        remedy=Text("resserrer la fourchette de cette hypothèse", "narrow this assumption's range"),
    )
