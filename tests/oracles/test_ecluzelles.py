"""Ecluzelles (Eure-et-Loir): 71 sodium points, their energy before and after lights went off."""

from __future__ import annotations

import numpy as np

from models.lighting.demand.curves import Losses
from models.lighting.demand.read_points import Fed, FedPoints
from models.lighting.demand.tariff import Tariff
from models.lighting.demand.year_bill import year_bill
from models.lighting.schedules.presets import ALL_WEEK, all_night
from models.lighting.schedules.schedule import CIVIL_SUN_DEG, Schedule, Season, Step

POINTS = 71
SODIUM_W = 113.0
"""Sodium 100 W with its ballast: what 34,512 kWh and a night of 4,292.8 h make of a point [D]."""
CHATEAUROUX = (46.81, 1.69)


def energy_kwh(schedule: Schedule) -> float:
    """Return a year of the village under a schedule, no losses beside those of the points."""
    village = Fed("", np.array([POINTS]), np.array([POINTS * SODIUM_W]), np.zeros(1))
    points = FedPoints(("village",), (village,), np.array([9.0]))
    told = year_bill(points, {"": schedule}, 2025, *CHATEAUROUX, Tariff(), Losses(0.0, 0.0))
    return float(told.bill.kwh.sum())


def test_all_night() -> None:
    """71 points all night use 34,512 kWh a year, within 0.5 % (bar: 2 %)."""
    assert abs(energy_kwh(all_night()) / 34_512.0 - 1.0) < 0.005


def test_off_at_one_from_august() -> None:
    """Off from 1 am on from August, not lit again before dawn: 26,622 kWh, within 2 %."""
    lit = all_night().seasons[0]
    off = (Step("dusk", 3_600.0, 1.0), Step(3_600.0, "dawn", 0.0))
    august = Season((8, 1), (12, 31), ALL_WEEK, off)
    schedule = Schedule("august", CIVIL_SUN_DEG, (august, lit))
    assert abs(energy_kwh(schedule) / 26_622.0 - 1.0) < 0.02
