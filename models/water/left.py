"""What a year of the mains leaves, in numbers and short arrays: all that indicators need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.water.network.network import Floats
from models.water.seen import seen_within
from models.water.year import WaterYear
from twin.units import DAY_S


@dataclass(frozen=True, eq=False)
class YearLeft:
    """The mains' year; volumes in m3 over the days that count.

    Attributes
    ----------
    produced_m3, consumed_m3, background_m3, hidden_m3, reported_m3, short_m3 : Floats
        By zone, shape (zones,).
    dry_h : Floats
        Hours in which a tower had not all that was asked, by zone.
    opening_m3, stored_m3 : Floats
        In the towers at the first and the last instant that counts, by zone.
    zone_meters : Floats
        District meters by zone.
    district_zone, district_km, smallest_m3h : Floats
        By metered district: its zone, its length, the smallest leak seen in three days.
    nights_asked, nights_known : int
        Nights of metered districts over all days.
    hidden_begun : int
        Hidden leaks that began in the days that count; `hidden_days` how long hidden leaks ran in
        them, all together.
    alarms, explained, let_be, false_alarms, searches, step_tests, in_vain, repairs, urgent : int
        What desk and crews did; `searched_km` how far they walked.
    meters, meter_repairs, sent, delivered : int
        District meters: how many, repairs in the days that count (loggers' too), frames over all
        days.
    loggers : int
        Pressure loggers.
    """

    produced_m3: Floats
    consumed_m3: Floats
    background_m3: Floats
    hidden_m3: Floats
    reported_m3: Floats
    short_m3: Floats
    dry_h: Floats
    opening_m3: Floats
    stored_m3: Floats
    zone_meters: Floats
    district_zone: Floats
    district_km: Floats
    smallest_m3h: Floats
    nights_asked: int
    nights_known: int
    hidden_begun: int
    hidden_days: float
    alarms: int
    explained: int
    let_be: int
    false_alarms: int
    searches: int
    step_tests: int
    in_vain: int
    repairs: int
    urgent: int
    searched_km: float
    meters: int
    meter_repairs: int
    sent: int
    delivered: int
    loggers: int

    @property
    def lost_m3(self) -> Floats:
        """Return all leakage by zone."""
        return self.background_m3 + self.hidden_m3 + self.reported_m3


def left_of(year: WaterYear) -> YearLeft:
    """Return what is worth keeping of a year."""
    volumes, hidden = year.mains.volumes, year.mains.hidden
    starts, ends = year.events.start_s, year.mains.leaks.end_s
    begun = hidden & (starts >= year.count_from_s) & (starts < year.end_s)
    ran_s = np.minimum(ends, year.end_s) - np.maximum(starts, year.count_from_s)
    tally, efforts = year.keeping.tally, [each.effort for each in year.keeping.crews.values()]
    seen = seen_within(year)
    metered = slice(len(year.stage.zones), None)
    return YearLeft(
        produced_m3=volumes.produced_m3,
        consumed_m3=volumes.consumed_m3,
        background_m3=volumes.background_m3,
        hidden_m3=_by_zone(year, np.where(hidden, volumes.leaks_m3, 0.0)),
        reported_m3=_by_zone(year, np.where(hidden, 0.0, volumes.leaks_m3)),
        short_m3=volumes.short_m3,
        dry_h=volumes.dry_h,
        opening_m3=volumes.opening_m3,
        stored_m3=volumes.stored_m3,
        zone_meters=np.array([float(len(each.sectors.metered)) for each in year.plan.zones]),
        district_zone=seen.zone,
        district_km=seen.km,
        smallest_m3h=seen.smallest_m3h,
        nights_asked=int(year.desk.flows.asked[metered].sum()),
        nights_known=int(year.desk.flows.known[metered].sum()),
        hidden_begun=int(begun.sum()),
        hidden_days=float(np.maximum(ran_s[hidden], 0.0).sum()) / DAY_S,
        alarms=tally.alarms,
        explained=tally.explained,
        let_be=tally.let_be,
        false_alarms=tally.false_alarms,
        searches=sum(each.searches for each in efforts),
        step_tests=sum(each.step_tests for each in efforts),
        in_vain=sum(each.in_vain for each in efforts),
        repairs=sum(each.repairs for each in efforts),
        urgent=sum(each.urgent for each in efforts),
        searched_km=sum(each.searched_km for each in efforts),
        meters=year.plan.meters,
        meter_repairs=year.meter_repairs,
        sent=year.sent,
        delivered=year.delivered,
        loggers=year.loggers,
    )


def _by_zone(year: WaterYear, leaks: Floats) -> Floats:
    """Return sums over zones of a quantity by leak."""
    sums = np.bincount(year.events.zone, weights=leaks, minlength=len(year.stage.zones))
    return sums.astype(np.float64)
