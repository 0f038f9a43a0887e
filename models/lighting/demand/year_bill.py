"""A year's energy and bill of cabinets under one schedule, at one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from models.lighting.demand.beyond_legal import beyond_h
from models.lighting.demand.curves import Load, Losses, load_curves_w
from models.lighting.demand.read_points import FedPoints
from models.lighting.demand.tariff import EnergyBill, Tariff, energy_bill
from models.lighting.schedules.local_clock import PARIS, hours_of_clock, local_clock
from models.lighting.schedules.nights import nights_profile
from models.lighting.schedules.schedule import Schedule
from models.lighting.sun.passages import crossings

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class YearBill:
    """What a year leaves to be told.

    `on_h` hours with light, `level_h` of full light, `off_h` of night without; `peak_w` the largest
    half-hour of all cabinets together; `beyond_legal_h` hours lit after `latest_s`, by which the
    place must be dark (None: no hour is set).
    """

    points: FedPoints
    bill: EnergyBill
    on_h: float
    level_h: float
    off_h: float
    peak_w: float
    beyond_legal_h: float


def year_bill(
    points: FedPoints,
    schedules: Mapping[str, Schedule],
    year: int,
    lat_deg: float,
    lon_deg: float,
    tariff: Tariff,
    losses: Losses,
    zone: str = PARIS,
    latest_s: float | None = None,
) -> YearBill:
    """Return the year of cabinets that all stand at one place.

    `schedules` are by the names that `points` has for them; hours are means over light points.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    number = (first - date(1970, 1, 1)).days
    days = (last - first).days + 1
    profiles = []
    for part in points.parts:
        schedule = schedules[part.schedule]
        found = crossings(lat_deg, lon_deg, 0.0, number - 3, days + 7, schedule.threshold_deg)
        profiles.append(nights_profile(schedule, found, year, zone))
    cabinets = len(points.cabinets)
    loads = [
        Load(profile, part.on_w, part.level_w, np.zeros(cabinets))
        for profile, part in zip(profiles, points.parts, strict=True)
    ]
    curves = load_curves_w(np.zeros(cabinets, dtype=np.int32), loads, losses)
    clock = local_clock(first - timedelta(days=1), last + timedelta(days=1), zone)
    begin_s = profiles[0].begin_s
    hour = hours_of_clock(begin_s, curves.shape[1], clock)
    weights = [int(part.points.sum()) for part in points.parts]

    def mean(values: Sequence[float]) -> float:
        return float(np.average(values, weights=weights))

    return YearBill(
        points=points,
        bill=energy_bill(curves, begin_s, clock, points.kva, tariff),
        on_h=mean([float(each.on_h[0]) for each in profiles]),
        level_h=mean([float(each.level_h[0]) for each in profiles]),
        off_h=mean([float(each.off_h[0]) for each in profiles]),
        peak_w=float(curves.sum(axis=0, dtype=np.float64).max()),
        beyond_legal_h=mean([beyond_h(each.on_share[0], hour, latest_s) for each in profiles]),
    )
