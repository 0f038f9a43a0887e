"""The year of one zone's meters, once it is known what was heard of those played."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.water.customers.airing import Heard
from models.water.customers.bills import bills_of
from models.water.customers.listeners import Listener, counted_alerts, listener_of
from models.water.customers.played import Floats, Played, leaks_of
from models.water.customers.practice import Days, Practice
from models.water.customers.rounds import Rounds, periods_of, rounds_of
from models.water.customers.standstill import false_stills, standstill_of
from models.water.customers.told import leak_days_m3, told_of, usual_days_m3
from models.water.metering.completeness import daily_completeness, quarter_bills
from models.water.metering.meters import L_PER_M3
from models.water.settings import CustomersSection
from twin.units import DAY_S, HOUR_S

QUARTER_DAYS = 91.25
_ISSUED_AFTER_S = 7.0 * DAY_S
"""Bills wait so long for an index [U]."""


class ZoneYear(NamedTuple):
    """Of one zone, all its meters; counts and volumes a year.

    `size` and `framed` count meters, the latter those whose frames are played; `quarters` sums each
    meter's share of quarters with a true index; `begun` counts the leaks that begin and `life_days`
    sums their lives; `completeness` is by day of the run, settling included.
    """

    size: int
    framed: int
    visits: float
    sent: float
    delivered: float
    quarters: float
    lost_m3: float
    begun: float
    life_days: float
    forgiven_m3: float
    paid_m3: float
    unregistered_m3: float
    alerts: float
    false_alerts: float
    completeness: Floats


def zone_year(
    played: Played,
    settings: CustomersSection,
    practice: Practice,
    days: Days,
    heard: Heard | None,
) -> ZoneYear:
    """Return what the year of a zone's meters leaves; `heard` has a row a played meter.

    Leaks and stops that begin in the days that count are followed to their end, bills after the run
    included: in the long run a year loses what its own leaks lose. So the answer does not depend on
    how many leaks there were on the first day.
    """
    reading, leaks = settings.reading, played.leaks
    rounds = rounds_of(played, reading, settings.readings_per_year, practice, days, heard)
    still = standstill_of(played, rounds, heard, practice, days)
    listener = listener_of(played, reading, heard, still, practice, days)
    told = told_of(played, rounds, still, listener, days)
    follows = days.follows(leaks.start_s)
    everyone = np.arange(len(played.meters))
    leak_m3, ours_m3 = (
        leak_days_m3(still, everyone, leaks, flow_l_h, told.end_s, days)
        for flow_l_h in (played.leak_l_h, np.where(follows, played.leak_l_h, 0.0))
    )
    quiet_m3, usual_m3 = usual_days_m3(played, still)
    registered_m3 = quiet_m3 + leak_m3
    periods = periods_of(rounds, everyone, registered_m3, usual_m3, played.meters.housing, days)
    bills = bills_of(played, periods, leak_m3, ours_m3, told, days)
    in_vain = bills.told_in_vain + _false_alerts(played, listener, days)
    in_vain += false_stills(played, registered_m3, rounds, heard, practice, days)
    stopped = days.follows(played.meters.stops_day * DAY_S) & ~np.isnan(still.noticed_s)
    # A leak is told of once by radio: a customer who knows is not called again.
    true_alerts = bills.told + float(stopped.sum() + (follows & ~np.isnan(told.rung_s)).sum())
    life_s = np.where(follows, told.end_s - leaks.start_s, 0.0)
    visited = rounds.visited & days.counts(rounds.day.astype(np.float64) * DAY_S)
    seen = None if heard is None else heard.of(np.flatnonzero(played.framed))
    sent, delivered = _frames(seen, days)
    counted, followed = played.weight * days.a_year, played.leak_weight * days.followed_a_year
    return ZoneYear(
        size=played.size,
        framed=int(played.framed.sum()),
        visits=float(visited[played.framed].sum()) * counted,
        sent=sent * counted,
        delivered=delivered * counted,
        quarters=_quarters(rounds.of(played.framed), seen, practice, days) * played.weight,
        lost_m3=float((leaks.flow_l_h * life_s).sum()) / (HOUR_S * L_PER_M3) * followed,
        begun=float(follows.sum()) * followed,
        life_days=float(life_s.sum()) / DAY_S * followed,
        forgiven_m3=bills.forgiven_m3 * followed,
        paid_m3=bills.paid_m3 * followed,
        unregistered_m3=float(still.unregistered_m3.sum()) * followed,
        alerts=true_alerts * followed + in_vain * counted,
        false_alerts=in_vain * counted,
        completeness=_completeness(seen, days),
    )


def _false_alerts(played: Played, listener: Listener | None, days: Days) -> int:
    """Return the alerts by radio of framed meters, had nobody had a leak."""
    if listener is None:
        return 0
    none = np.zeros(0, dtype=np.int64)
    no_leaks = leaks_of(played.leaks, none, none)
    ask = listener(np.flatnonzero(played.framed), no_leaks, np.zeros(0), np.zeros(0))
    return int(counted_alerts(ask, days).sum())


def _frames(heard: Heard | None, days: Days) -> tuple[int, int]:
    """Return the frames sent and delivered in the days that count."""
    if heard is None:
        return 0, 0
    due = days.counts(heard.due_s) & heard.sent
    return int(due.sum()), int((due & np.isfinite(heard.received_s)).sum())


def _completeness(heard: Heard | None, days: Days) -> Floats:
    if heard is None or not len(heard.midnight_s):
        return np.zeros(days.end)
    # The index of a day is that of the midnight that ends it.
    return daily_completeness(*_midnights(heard, -1.0), days.end)


def _quarters(rounds: Rounds, heard: Heard | None, practice: Practice, days: Days) -> float:
    """Return the sum over meters of the share of quarters with a true index."""
    count = max(round(days.counted / QUARTER_DAYS), 1)
    ends_s = days.begin_s + np.linspace(0.0, days.counted * DAY_S, count + 1)
    quarter = np.digitize(rounds.day * DAY_S, ends_s) - 1
    met = np.zeros((len(quarter), count), dtype=np.bool_)
    ours = rounds.made & rounds.visited & (quarter >= 0) & (quarter < count)
    meter = np.broadcast_to(np.arange(len(quarter))[:, np.newaxis], quarter.shape)
    met[meter[ours], quarter[ours]] = True
    if heard is not None:
        times = _midnights(heard, 0.0)
        none = np.zeros(times[0].shape)
        bills = quarter_bills(none, *times, ends_s, practice.within_days * DAY_S, _ISSUED_AFTER_S)
        met |= bills.complete[:, 1:]
    return float(met.mean(axis=1).sum())


def _midnights(heard: Heard, shift_s: float) -> tuple[Floats, NDArray[np.bool_], Floats]:
    """Return midnights as frames of their own: times, fates, receptions; (meters, midnights)."""
    known_s = heard.midnight_s
    nights = np.arange(known_s.shape[1]) * DAY_S + shift_s
    return np.broadcast_to(nights, known_s.shape), np.isfinite(known_s), known_s
