"""Shadowing draws and k-cover probabilities per second and core."""

from __future__ import annotations

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from models.lora.reception import probability_heard
from models.lora.shadowing import ShadowingField, shadowing_db
from tests.bench.record import Bar, cpu_s, record
from twin.streams import Streams

DEVICES, LINKS, GATEWAYS = 100_000, 10, 200
LINKS_PER_S_BAR = 3e6
DEVICES_PER_S_BAR = 50_000


@pytest.mark.bench
def test_bench_shadowing(benchmark: BenchmarkFixture) -> None:
    """A million links of 100,000 devices draw correlated shadowing faster than 3 M links/s."""
    rng = np.random.default_rng(0)
    index = rng.integers(0, GATEWAYS, DEVICES * LINKS).astype(np.int32)
    x = np.repeat(rng.uniform(5.4e5, 6.4e5, DEVICES), LINKS)
    y = np.repeat(rng.uniform(6.58e6, 6.69e6, DEVICES), LINKS)
    names = [f"gateway-{i}" for i in range(GATEWAYS)]
    field, streams = ShadowingField(8.0), Streams(1, 0)

    def work() -> np.ndarray:
        return shadowing_db(field, streams, names, index, x, y)

    values = benchmark(work)
    assert values.size == DEVICES * LINKS
    assert values.std() == pytest.approx(8.0, abs=0.05)
    spent_s = cpu_s(work)
    rate = values.size / spent_s
    record(
        benchmark,
        work=values.size,
        unit="links",
        spent_s=spent_s,
        bars=(Bar("links per CPU s", rate, at_least=LINKS_PER_S_BAR),),
    )


@pytest.mark.bench
@pytest.mark.parametrize("k", [1, 2, 3])
def test_bench_probability_heard(benchmark: BenchmarkFixture, k: int) -> None:
    """100,000 devices with ten links each get P(>= 1..k) faster than 50,000 devices/s."""
    margins = np.random.default_rng(1).normal(-4.0, 12.0, DEVICES * LINKS)
    indptr = np.arange(0, DEVICES * LINKS + 1, LINKS)

    def work() -> np.ndarray:
        return probability_heard(indptr, margins, 8.0, 0.5, k)

    chances = benchmark(work)
    assert chances.shape == (DEVICES, k)
    assert chances[:, 0].mean() == pytest.approx(0.962, abs=0.005)
    spent_s = cpu_s(work)
    record(
        benchmark,
        work=DEVICES,
        unit=f"devices of {LINKS} links",
        spent_s=spent_s,
        bars=(Bar("devices per CPU s", DEVICES / spent_s, at_least=DEVICES_PER_S_BAR),),
    )
