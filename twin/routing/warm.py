"""Compile every kernel of the routing once, on days of three stops."""

from __future__ import annotations

import numpy as np

from twin.routing.problem import Problem, Stops, Vehicle
from twin.routing.solve import solve


def warm() -> None:
    """Compile and cache what :func:`twin.routing.solve.solve` calls: about half a minute [D]."""
    gap_m = np.abs(np.subtract.outer(np.arange(5.0), np.arange(5.0)))
    stops = Stops(
        location=np.arange(2, 5),
        demand=np.ones(3),
        service_s=np.zeros(3),
        prize=np.full(3, np.inf),
        skills=np.zeros(3, dtype=np.int64),
    )
    plain = Vehicle(start=0, end=0, count=3, capacity=2.0)
    emptied = Vehicle(0, 0, 1, 1.0, 60.0, dumps=(1,), ends_empty=True)
    solve(Problem(gap_m, gap_m, stops, (plain,)), seed=0, iterations=2)
    solve(Problem(gap_m, gap_m, stops, (plain, emptied)), seed=0, iterations=2)
