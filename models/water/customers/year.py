"""How customers' meters are read for a year, played on some of them, and what it is worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from models.water.customers.airing import heard_year
from models.water.customers.played import played_zone
from models.water.customers.practice import TELEMETERED, Days, Practice, days_of
from models.water.customers.zone_year import ZoneYear, zone_year
from models.water.demand.timetable import timetable
from models.water.figures import Figures
from models.water.settings import CustomersSection
from models.water.zone import Zone
from twin.ports import Link
from twin.streams import Streams

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class CustomersYear:
    """What a year of customers' meters leaves; counts and volumes a year, of all meters.

    What was met on the played meters of a zone is scaled by its meters over those played: frames,
    visits and false alerts by one sample, leaks and stops by a larger one.

    Attributes
    ----------
    meters, played : int
        Meters of all zones; of which the frames are played.
    readings_per_year : float
        Visits, on foot or by car, whether the meter was found or not.
    sent, delivered : float
        Frames a year; a module without power sends none.
    next_day : float
        Share of meters whose index of a day is there by the end of the next; 0 without a link.
    quarter : float
        Share of quarters with a true index: by radio within `Practice.within_days` of their end, or
        read on foot or by car within them.
    customer_lost_m3 : float
        Let go behind meters by the leaks that begin in a year, over their whole life.
    customer_days : float
        Their mean life; NaN where none begins.
    forgiven_m3, paid_by_customers_m3 : float
        Of them, what is on bills: forgiven by the law, and paid. The rest no meter registered.
    unregistered_m3 : float
        Used through the meters that stop in a year, until their replacement.
    alerts, false_alerts : float
        Told by a rule, a high reading or a standstill; of which, on sound plumbing and meters. By
        radio, false alerts are those that the same year would have seen without any leak.
    completeness : NDArray[np.float64]
        Of each zone and day of the run, settling included: share of its meters whose index of the
        day is there by the end of the next; shape (zones, days). 0 without a link.
    zone_meters, zone_played : NDArray[np.int64]
        By zone.
    zone_delivered : NDArray[np.float64]
        Share of frames delivered in the days that count; NaN where none was sent.
    zone_lost_m3, zone_alerts : NDArray[np.float64]
        By zone, a year.
    """

    meters: int
    played: int
    readings_per_year: float
    sent: float
    delivered: float
    next_day: float
    quarter: float
    customer_lost_m3: float
    customer_days: float
    forgiven_m3: float
    paid_by_customers_m3: float
    unregistered_m3: float
    alerts: float
    false_alerts: float
    completeness: Floats
    zone_meters: NDArray[np.int64]
    zone_played: NDArray[np.int64]
    zone_delivered: Floats
    zone_lost_m3: Floats
    zone_alerts: Floats


def customers_year(
    zones: Sequence[Zone],
    settings: CustomersSection,
    figures: Figures,
    litres_per_person_day: float,
    streams: Streams,
    start: date,
    settling_days: int,
    days: int,
    make_link: Callable[[], Link],
    practice: Practice | None = None,
) -> CustomersYear:
    """Play the customers' side of a run: `settling_days`, then `days` that count.

    Leaks, failures and volumes are the same whatever the option; only who hears of them differs.
    Nothing here touches the pipes. The link lives on a clock of its own.

    Parameters
    ----------
    zones
        Their names make dice: another zone, or their order, moves nothing.
    litres_per_person_day
        Expected use of a resident, as the network's demand has it.
    make_link
        Asked once, for "daily" and "hourly" alone.
    practice
        How the service works; the usual figures if None.
    """
    custom = practice or Practice()
    span = days_of(settling_days, days, custom)
    demand = figures.demand(litres_per_person_day)
    table = timetable(start, span.end, demand, streams)
    played = [
        played_zone(
            zone, table, demand, figures.consumers(), streams,
            share=settings.sampled_share, leaks_per_frame=custom.leaks_per_frame, days=span,
        )
        for zone in zones
    ]  # fmt: skip
    heard = None
    if settings.reading in TELEMETERED:
        heard = heard_year(played, settings.reading, custom, start, span, make_link)
    found = []
    begin = 0
    for each in played:
        mine = None if heard is None else heard.of(begin + each.luck)
        begin += int(each.framed.sum())
        found.append(zone_year(each, settings, custom, span, mine))
    return _summed(found, span)


def _summed(found: Sequence[ZoneYear], days: Days) -> CustomersYear:
    size = np.array([each.size for each in found], dtype=np.int64)
    played = np.array([each.framed for each in found], dtype=np.int64)

    def by_zone(name: str) -> Floats:
        return np.array([getattr(each, name) for each in found], dtype=np.float64)

    def a_year(name: str) -> float:
        return float(by_zone(name).sum())

    completeness = np.array([each.completeness for each in found]).reshape(len(found), days.end)
    sent, delivered = by_zone("sent"), by_zone("delivered")
    begun = by_zone("begun").sum()
    daily = completeness[:, days.settling :].mean(axis=1)
    return CustomersYear(
        meters=int(size.sum()),
        played=int(played.sum()),
        readings_per_year=a_year("visits"),
        sent=a_year("sent"),
        delivered=a_year("delivered"),
        next_day=float(daily @ size / max(int(size.sum()), 1)),
        quarter=a_year("quarters") / max(int(size.sum()), 1),
        customer_lost_m3=a_year("lost_m3"),
        customer_days=float(by_zone("life_days").sum() / begun) if begun > 0.0 else np.nan,
        forgiven_m3=a_year("forgiven_m3"),
        paid_by_customers_m3=a_year("paid_m3"),
        unregistered_m3=a_year("unregistered_m3"),
        alerts=a_year("alerts"),
        false_alerts=a_year("false_alerts"),
        completeness=completeness,
        zone_meters=size,
        zone_played=played,
        zone_delivered=np.divide(
            delivered, sent, out=np.full(len(found), np.nan), where=sent > 0.0
        ),
        zone_lost_m3=by_zone("lost_m3"),
        zone_alerts=by_zone("alerts"),
    )
