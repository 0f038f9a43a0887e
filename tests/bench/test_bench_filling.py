"""A year of filling: every hour of every point, and a fit of a city's weighings."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from models.waste.filling.draw import expected_l, hourly_l
from models.waste.filling.fit.fit import fit_stream
from models.waste.filling.fit.readings import Measured, Readings
from models.waste.filling.law import Kind, Law, Volume
from models.waste.filling.neighbours import Neighbours
from models.waste.filling.places import Places
from tests.bench.record import Bar, cpu_s, record
from twin.clock import Calendar
from twin.streams import Streams

CALENDAR = Calendar(dt.datetime(2027, 1, 1))  # noqa: DTZ001 - read in Europe/Paris
FIRST = dt.date(2027, 1, 1)
BARS_S = {326: 0.4, 1_800: 2.0}


@pytest.mark.bench
@pytest.mark.parametrize("points", list(BARS_S))
@pytest.mark.parametrize("kind", list(Kind))
def test_bench_filling(benchmark: BenchmarkFixture, kind: Kind, points: int) -> None:
    """A year of hours: 326 points within 0.4 CPU s, 1,800 within 2; 30 deposits a day each."""
    rng = np.random.default_rng(0)
    places = Places(
        tuple(f"p{i}" for i in range(points)),
        rng.uniform(5.7e5, 6.5e5, points),
        rng.uniform(6.6e6, 6.68e6, points),
    )
    law = Law(np.full(points, 30.0 * Volume().mean_l), kind, neighbours=Neighbours())

    def work() -> np.ndarray:
        return hourly_l(law, places, Streams(1, 0), CALENDAR, FIRST, 365)

    hours = benchmark(work)
    assert hours.shape == (8_760, points)
    expected = expected_l(law, places, CALENDAR, FIRST, 365)
    assert hours.sum(dtype=np.float64) == pytest.approx(expected.sum(), rel=0.02)
    spent_s = cpu_s(work, 3)
    record(
        benchmark,
        work=hours.size,
        unit="point-hours",
        spent_s=spent_s,
        bars=(Bar("CPU s", spent_s, at_most=BARS_S[points]),),
        notes={"litres": float(hours.sum(dtype=np.float64))},
    )


@pytest.mark.bench
def test_bench_filling_fit(benchmark: BenchmarkFixture) -> None:
    """Two years of weekly weighings of 6,000 containers, a tenth full, are fitted within 60 s."""
    rng = np.random.default_rng(0)
    points, weeks = 6_000, 104
    rate = np.repeat(np.exp(rng.normal(4.0, 0.6, points)), weeks)
    kg = rate * 7.0 * rng.gamma(7.0 / 0.65**2, 0.65**2 / 7.0, len(rate))
    n = len(rate)
    readings = Readings(
        "bench", Measured.WEIGHINGS, tuple(np.repeat([f"c{i}" for i in range(points)], weeks)),
        ("",) * n, np.tile(20_000.5 + 7.0 * np.arange(weeks), points), np.minimum(kg, 850.0),
        np.full(n, 8_500.0), np.ones(n, np.bool_), ("",) * n,
    )  # fmt: skip
    found = []

    def once() -> None:
        found.append(fit_stream(readings, 100.0))

    spent_s = cpu_s(lambda: benchmark.pedantic(once, rounds=1), 1)  # type: ignore[no-untyped-call]
    fit = found[0]
    assert len(fit.pieces) == points * (weeks - 1)
    record(
        benchmark,
        work=len(fit.pieces),
        unit="weighings fitted, four laws",
        spent_s=spent_s,
        bars=(
            Bar("CPU s", spent_s, at_most=60.0),
            Bar("cv over truth", fit.rates.cv / 0.65, 1.03, 0.97),
        ),
    )
