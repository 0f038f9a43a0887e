"""Calibration: the time of one fit, and the coverage of its intervals over many data sets."""

from __future__ import annotations

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from models.lora.calibration.likelihood import Likelihood, Sample, maximise
from tests.bench.record import Bar, cpu_s, record

TRUTH = np.array([-100.0, 3.3, np.log(8.0)])


def experiment(rng: np.random.Generator, n: int) -> Sample:
    """Return a survivor-bias data set: exponent 3.3, sigma 8 dB, about 74 % of frames missed."""
    decades = 10.0 * np.log10(np.sqrt(rng.uniform(0.3**2, 25.0**2, n)))
    level = -100.0 - 3.3 * decades + rng.normal(0.0, 8.0, n)
    heard = level >= -133.0
    return Sample(
        design=np.column_stack([np.ones(n), -decades]),
        level_dbm=np.where(heard, level, np.nan),
        threshold_dbm=np.full(n, -133.0),
        heard=heard.astype(np.float64),
        missed=(~heard).astype(np.float64),
        cluster=np.arange(n),
    )


@pytest.mark.bench
@pytest.mark.parametrize("kind", list(Likelihood))
def test_bench_fit(benchmark: BenchmarkFixture, kind: Likelihood) -> None:
    """A fit of 20,000 frames, three quarters missed, takes less than half a CPU second."""
    frames = 20_000
    sample = experiment(np.random.default_rng(0), frames)
    fit = benchmark(lambda: maximise(sample, kind))
    assert fit.beta[1] == pytest.approx(3.3, abs=0.25)
    assert sample.heard.sum() + sample.missed.sum() == frames
    spent_s = cpu_s(lambda: maximise(sample, kind), 3)
    record(
        benchmark,
        work=frames,
        unit="frames fitted",
        spent_s=spent_s,
        bars=(Bar("CPU s", spent_s, at_most=0.5),),
    )


@pytest.mark.bench
@pytest.mark.parametrize("kind", list(Likelihood))
def test_bench_interval_coverage(benchmark: BenchmarkFixture, kind: Likelihood) -> None:
    """Over 2,000 data sets of 800 frames, 90 % intervals cover the truth 88 to 92 % of the time."""
    repeats = 2_000

    def work() -> np.ndarray:
        rng = np.random.default_rng(99)
        inside = np.zeros(3)
        for _ in range(repeats):
            fit = maximise(experiment(rng, 800), kind)
            estimate = np.append(fit.beta, np.log(fit.sigma_db))
            inside += np.abs(estimate - TRUTH) < 1.645 * np.sqrt(np.diag(fit.covariance))
        return inside / repeats

    coverage = np.zeros(3)

    def once() -> None:
        coverage[:] = work()

    spent_s = cpu_s(lambda: benchmark.pedantic(once, rounds=1), 1)  # type: ignore[no-untyped-call]
    names = ("level at 1 km", "exponent", "log sigma")
    record(
        benchmark,
        work=repeats,
        unit="data sets of 800 frames",
        spent_s=spent_s,
        bars=tuple(
            Bar(f"90 % interval of the {name} covers", float(share), 0.92, 0.88)
            for name, share in zip(names, coverage, strict=True)
        ),
    )
