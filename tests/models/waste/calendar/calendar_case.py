"""Made-up points, roads and trucks for the calendar's tests."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.waste.calendar.inputs import CalendarInputs
from twin.roads.travel import Travel
from twin.routing.problem import Vehicle

COLUMN_L = 3_000.0


def travel_between(xy_m: NDArray[np.float64], rng: np.random.Generator | None = None) -> Travel:
    """Return roads 1.3 times the crow's flight, up to 10 % longer one way with `rng`, at 12 m/s."""
    gap = xy_m[:, None, :] - xy_m[None, :, :]
    distance_m = 1.3 * np.hypot(gap[..., 0], gap[..., 1])
    if rng is not None:
        distance_m = distance_m * (1.0 + 0.1 * rng.random(distance_m.shape))
    return Travel(distance_m, distance_m / 12.0, np.zeros(len(xy_m)), "synthetic")


def calendar_case(
    points: int = 24,
    *,
    daily: float = 0.085,
    columns_a_truck: float = 8.0,
    side_m: float = 30e3,
    seed: int = 0,
    **changes: Any,
) -> CalendarInputs:
    """Return points in a square and a depot 10 km south of it.

    Rates are lognormal, sigma 0.6, median `daily` of a column a day [U]; a truck takes
    `columns_a_truck` columns filled to three quarters.
    """
    rng = np.random.default_rng(seed)
    xy_m = side_m * rng.random((points + 1, 2))
    xy_m[0] = (side_m / 2.0, -10e3)
    rate = daily * np.exp(0.6 * rng.standard_normal(points))
    inputs = CalendarInputs(
        rate_l=COLUMN_L * rate,
        cv=np.full(points, 0.65),
        capacity_l=np.full(points, COLUMN_L),
        demand_per_l=1.0,
        service_s=np.full(points, 240.0),
        travel=travel_between(xy_m, rng),
        location=np.arange(1, points + 1),
        depot=np.zeros(points, dtype=np.int64),
        vehicles=(Vehicle(0, 0, 10, capacity=columns_a_truck * COLUMN_L * 0.75),),
        strict=False,
        effort="quick",
    )
    return replace(inputs, **changes)
