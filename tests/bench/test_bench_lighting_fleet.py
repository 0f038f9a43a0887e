"""200 replications of a department's lamps over 15 years, beside one SimPy process a lamp."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from models.lighting.failures.fleet import play_fleet
from models.lighting.failures.laws import Darkness, Life
from models.lighting.failures.reference import live_fleet
from models.lighting.failures.theory import expected
from tests.bench.record import Bar, cpu_s, record
from tests.oracles.test_renewal import LED, POINTS, SODIUM, YEAR_DAYS, words_of
from twin.streams import Streams

pytestmark = pytest.mark.bench

TIMES, YEARS, FEW = 200, 15, 2_000


def test_fleet_of_a_department(benchmark: BenchmarkFixture) -> None:
    """169 million lamp-years in 4 CPU s, within 3 standard errors of theory, 100 times SimPy."""
    laws: list[tuple[Life, Darkness]] = [
        (SODIUM, Darkness(call_days=15.0)),
        (LED, Darkness(call_days=15.0, heard_share=0.9, misses=3)),
    ]
    group = (np.arange(POINTS) % 2).astype(np.int32)
    words, days, streams = words_of(POINTS), YEARS * YEAR_DAYS, Streams(36, 0)
    play_fleet(streams, words[:10], group[:10], laws, 10.0, 1)
    left = benchmark.pedantic(play_fleet, (streams, words, group, laws, days, TIMES), rounds=1)
    spent_s = cpu_s(lambda: play_fleet(streams, words, group, laws, days, TIMES), rounds=2)
    slow_s = cpu_s(lambda: live_fleet(np.random.default_rng(1), group[:FEW], laws, days), rounds=2)
    errors = []
    for number, (life, darkness) in enumerate(laws):
        told = expected(life, darkness, days, step_days=0.5)
        lamps = int((group == number).sum())
        for values, mean in (
            (left.failures[:, number], told.failures), (left.dark_days[:, number], told.dark_days),
        ):  # fmt: skip
            error = values.std(ddof=1) / math.sqrt(TIMES)
            errors.append(abs(values.mean() - lamps * mean) / error)
    lamp_years = TIMES * POINTS * YEARS
    assert left.failures.shape == (TIMES, 2)
    record(
        benchmark,
        work=lamp_years,
        unit="lamp-years",
        spent_s=spent_s,
        bars=(
            Bar("CPU s", spent_s, at_most=4.0),
            Bar("standard errors from renewal theory", max(errors), at_most=3.0),
            Bar("times SimPy", lamp_years / spent_s * slow_s / (FEW * YEARS), at_least=100.0),
        ),
        reference=("SimPy, a process a lamp", FEW * YEARS / slow_s),
        notes={"failures played": float(left.failures.sum())},
    )
