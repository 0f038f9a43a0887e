"""Half-hourly load curves of a department's cabinets for a year."""

from __future__ import annotations

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from models.lighting.demand.curves import Load, load_curves_w, yearly_kwh
from models.lighting.schedules.nights import nights_profile
from models.lighting.schedules.presets import dimmed, part_night
from models.lighting.sun.passages import crossings
from tests.bench.record import Bar, cpu_s, record
from tests.bench.test_bench_lighting_sun import COMMUNES, places
from tests.oracles.test_spa import unix_s

pytestmark = pytest.mark.bench

CABINETS, SLOTS = 2_820, 17_520


def test_curves_of_every_cabinet(benchmark: BenchmarkFixture) -> None:
    """49 million half-hours of power in half a second; their energy closes to 1e-6."""
    first = int(unix_s("2025-01-01") // 86_400)
    found = crossings(*places(), first - 3, 371, -0.8333)
    dice = np.random.default_rng(1)
    commune = dice.integers(0, COMMUNES, CABINETS).astype(np.int32)
    watts, none = dice.uniform(500.0, 4_000.0, (2, CABINETS)), np.zeros(CABINETS)
    half = np.arange(CABINETS) % 2 == 0
    loads = [
        Load(nights_profile(part_night("23:00", "05:00"), found, 2025),
             np.where(half, watts[0], 0.0), none, none),
        Load(nights_profile(dimmed("23:00", "05:00", 0.3), found, 2025),
             np.where(half, 0.0, 0.1 * watts[1]), np.where(half, 0.0, 0.9 * watts[1]), none),
    ]  # fmt: skip
    curves = benchmark.pedantic(load_curves_w, (commune, loads), rounds=3)
    spent_s = cpu_s(lambda: load_curves_w(commune, loads))
    assert curves.shape == (CABINETS, SLOTS)
    kwh = 0.5e-3 * curves.sum(axis=1, dtype=np.float64)
    gap = float(np.abs(kwh / yearly_kwh(commune, loads) - 1.0).max())
    record(
        benchmark,
        work=CABINETS * SLOTS,
        unit="half-hours of a cabinet",
        spent_s=spent_s,
        bars=(
            Bar("CPU s", spent_s, at_most=0.5),
            Bar("relative gap of a cabinet's energy", gap, at_most=1e-6),
        ),
    )
