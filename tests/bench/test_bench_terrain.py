"""How long a made-up department takes, with the work asserted."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from tests.bench.record import Bar, record
from twin.streams import Streams
from twin.terrain.figures import relief_figures
from twin.terrain.ownership import nearest_owner
from twin.terrain.synthetic import synthetic_terrain

BOUNDS = (537_000.0, 6_584_000.0, 637_000.0, 6_689_000.0)


@pytest.mark.bench
@pytest.mark.parametrize(("resolution_m", "bar_s"), [(100.0, 5.0), (50.0, 20.0)])
def test_bench_synthetic_department(benchmark: Any, resolution_m: float, bar_s: float) -> None:
    """A department of 100 x 105 km takes less than 5 CPU s at 100 m and 20 s at 50 m."""
    rng = np.random.default_rng(1)
    x, y = rng.uniform(BOUNDS[0], BOUNDS[2], 241), rng.uniform(BOUNDS[1], BOUNDS[3], 241)
    area = np.full(241, 43.6)
    owner = nearest_owner(x, y, area, BOUNDS, resolution_m)
    trend = 100.0 + (BOUNDS[3] - y) / 500.0
    tables = (x, y, area, np.floor(trend - 45.0), np.ceil(trend + 45.0))
    spent_s: list[float] = []

    def make() -> Any:
        start = time.process_time()
        dice = Streams(1, 0).generator("terrain", "relief")
        terrain = synthetic_terrain(*tables, dice, BOUNDS, resolution_m, owner)
        spent_s.append(time.process_time() - start)
        return terrain

    terrain = benchmark.pedantic(make, rounds=2, warmup_rounds=1)
    figures = relief_figures(terrain, owner, tables[3], tables[4])
    assert figures.inside == figures.communes == 241
    assert terrain.heights_m.size == round(100e3 / resolution_m) * round(105e3 / resolution_m)
    record(
        benchmark,
        work=int(terrain.heights_m.size),
        unit=f"cells of {resolution_m:g} m, 241 communes in range",
        spent_s=min(spent_s),
        bars=(Bar("CPU s", min(spent_s), bar_s),),
    )
