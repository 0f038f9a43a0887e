"""The dice of filling against the laws they claim to follow."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest
from numba import njit
from numpy.typing import NDArray
from scipy import stats

from models.waste.filling.daily import weibull_cv, weibull_k
from models.waste.filling.deposits import poisson, triangular
from models.waste.filling.dice import day_state, gamma_of_mean_one, normal, uniform
from models.waste.filling.draw import expected_l, hourly_l
from models.waste.filling.factors import PLAIN, Factors
from models.waste.filling.hours import HOUR_SHARES, hours_of
from models.waste.filling.law import WEIBULL_CV, WEIBULL_K, Kind, Law, Volume
from models.waste.filling.neighbours import Neighbours, correlation, shared_factor
from models.waste.filling.places import Places
from twin.clock import Calendar
from twin.device_keys import mix
from twin.splitmix import mix64
from twin.streams import Streams

CALENDAR = Calendar(dt.datetime(2027, 1, 1))  # noqa: DTZ001 - read in Europe/Paris
FIRST = dt.date(2027, 1, 1)
STREAMS = Streams(11, 0)
DRAWS = 40_000


def places(n: int) -> Places:
    """Return points on a line, 10 km apart."""
    return Places(tuple(f"p{i}" for i in range(n)), 1e4 * np.arange(n), np.zeros(n))


@njit(cache=True)
def _many(kind: int, parameter: float, n: int) -> NDArray[np.float64]:  # pragma: no cover
    out = np.empty(n)
    for i in range(n):
        state = day_state(np.uint64(12345), i)
        if kind == 0:
            out[i] = poisson(state, parameter)
        elif kind == 1:
            out[i] = gamma_of_mean_one(state, parameter)
        elif kind == 2:
            out[i] = normal(state, 0)
        elif kind == 3:
            out[i] = triangular(uniform(state, 1), 10.0, 30.0, 60.0)
        else:
            out[i] = uniform(state, 0)
    return out


def test_the_compiled_hash_is_the_house_hash() -> None:
    """mix64 is `twin.device_keys.mix`, whose first value is published."""
    assert int(mix64(np.uint64(0))) == 0xE220A8397B1DCDAF
    words = np.array([1, 2**40, 2**64 - 1], dtype=np.uint64)
    assert [int(mix64(word)) for word in words] == mix(words).tolist()


@pytest.mark.parametrize("mean", [0.05, 0.9, 7.65, 30.0, 1200.0])
def test_numbers_of_deposits_are_poisson(mean: float) -> None:
    """Counts follow the Poisson law: chi-square of 40,000 draws, and its two first moments."""
    counts = _many(0, mean, DRAWS)
    edges = np.unique(stats.poisson.ppf(np.linspace(0.02, 0.98, 25), mean))
    seen = np.bincount(np.searchsorted(edges, counts, side="left"), minlength=len(edges) + 1)
    below = np.concatenate([[0.0], stats.poisson.cdf(edges, mean), [1.0]])
    chi2 = ((seen - DRAWS * np.diff(below)) ** 2 / (DRAWS * np.diff(below))).sum()
    assert stats.chi2.sf(chi2, len(edges)) > 1e-3
    assert counts.mean() == pytest.approx(mean, abs=4.0 * math.sqrt(mean / DRAWS))
    assert counts.var() == pytest.approx(mean, rel=0.06 if mean < 0.1 else 0.04)


@pytest.mark.parametrize(
    ("kind", "parameter", "law"),
    [
        (1, 0.65**-2, stats.gamma(0.65**-2, scale=0.65**2)),
        (1, 0.4, stats.gamma(0.4, scale=2.5)),
        (1, 1.0, stats.expon()),
        (2, 0.0, stats.norm()),
        (3, 0.0, stats.triang(0.4, 10.0, 50.0)),
        (4, 0.0, stats.uniform()),
    ],
)
def test_continuous_draws_follow_their_law(kind: int, parameter: float, law: object) -> None:
    """40,000 draws pass Kolmogorov-Smirnov's test at one in a thousand."""
    draws = _many(kind, parameter, DRAWS)
    assert stats.kstest(draws, law.cdf).pvalue > 1e-3  # type: ignore[attr-defined]


def test_weibull_shape_of_amsterdam() -> None:
    """Shape 2.05 has a coefficient of variation of 0.511, and the way back gives 2.05."""
    expected = stats.weibull_min(WEIBULL_K).std() / stats.weibull_min(WEIBULL_K).mean()
    assert weibull_cv(WEIBULL_K) == pytest.approx(expected)
    assert pytest.approx(expected, abs=5e-6) == WEIBULL_CV
    assert weibull_k(expected) == pytest.approx(WEIBULL_K)


def test_volume_of_a_deposit_is_groningens() -> None:
    """Triangular 10, 30, 60 L: mean 33.3 L, variance 105.6 L², as scipy has it."""
    law = stats.triang(0.4, 10.0, 50.0)
    assert Volume().mean_l == pytest.approx(law.mean())
    assert Volume().variance_l2 == pytest.approx(law.var())


def daily(law: Law, n: int, days: int = 365) -> NDArray[np.float64]:
    """Return daily totals (days, points)."""
    hours = hourly_l(law, places(n), STREAMS, CALENDAR, FIRST, days)
    first_row = hours_of(CALENDAR, FIRST, days, law.factors.hour_shares).first_row
    return np.asarray(np.add.reduceat(hours.astype(np.float64), first_row[:-1], axis=0))


def test_a_day_of_deposits_is_compound_poisson() -> None:
    """Variance of a day is number x E[V²]; no deposit has exp(-number) of the days."""
    law = Law(np.full(60, 100.0), Kind.DEPOSITS, factors=PLAIN)
    totals = daily(law, 60)
    volume = Volume()
    second = volume.variance_l2 + volume.mean_l**2
    assert totals.mean() == pytest.approx(100.0, rel=0.01)
    assert totals.var() == pytest.approx(100.0 / volume.mean_l * second, rel=0.03)
    assert (totals == 0.0).mean() == pytest.approx(math.exp(-3.0), abs=0.004)


def test_hours_of_deposits_follow_the_profile() -> None:
    """The share of each hour is the profile's, and the hours of a day are independent Poisson."""
    law = Law(np.full(80, 400.0), Kind.DEPOSITS, volume=Volume(1.0, 1.0, 1.0))
    hours = hourly_l(law, places(80), STREAMS, CALENDAR, FIRST, 60).reshape(60, 24, 80)
    share = hours.sum(axis=(0, 2)) / hours.sum()
    assert share == pytest.approx(np.array(HOUR_SHARES), abs=0.001)
    # With volumes of 1 L amounts are counts: hour by hour, variance over mean is 1.
    plain = Law(law.mean_l_day, Kind.DEPOSITS, volume=law.volume,
                factors=Factors(weekday=(1.0,) * 7, season=None))  # fmt: skip
    counts = hourly_l(plain, places(80), STREAMS, CALENDAR, FIRST, 60).reshape(60, 24, 80)
    noon, after = counts[:, 10, :].ravel(), counts[:, 11, :].ravel()
    assert noon.var() / noon.mean() == pytest.approx(1.0, abs=0.08)
    assert abs(np.corrcoef(noon, after)[0, 1]) < 0.05


@pytest.mark.parametrize(("kind", "cv"), [(Kind.GAMMA, 0.65), (Kind.WEIBULL, 0.56)])
def test_daily_totals_have_the_given_law(kind: Kind, cv: float) -> None:
    """Mean and coefficient of variation come out, and the law passes Kolmogorov-Smirnov's test."""
    totals = daily(Law(np.full(60, 250.0), kind, cv=cv, factors=PLAIN), 60).ravel() / 250.0
    assert totals.mean() == pytest.approx(1.0, abs=0.015)
    assert totals.std() == pytest.approx(cv, rel=0.02)
    k = weibull_k(cv)
    law = {
        Kind.GAMMA: stats.gamma(cv**-2, scale=cv**2),
        Kind.WEIBULL: stats.weibull_min(k, scale=1.0 / math.gamma(1.0 + 1.0 / k)),
    }[kind]
    assert stats.kstest(totals, law.cdf).pvalue > 1e-3


@pytest.mark.parametrize("kind", list(Kind))
def test_the_expected_mean_is_the_empirical_mean(kind: Kind) -> None:
    """Over 300 points, each month's draws stand on the expectation, common factor included."""
    n = 300
    law = Law(np.linspace(20.0, 400.0, n), kind, neighbours=Neighbours(0.3, 500.0))
    drawn = daily(law, n, 84)
    expected = expected_l(law, places(n), CALENDAR, FIRST, 84)
    for month in range(3):
        block = slice(28 * month, 28 * month + 28)
        assert drawn[block].sum() == pytest.approx(expected[block].sum(), rel=0.03)
    assert drawn.sum() == pytest.approx(expected.sum(), rel=0.015)


def test_neighbours_have_the_stated_correlation_and_mean_one() -> None:
    """The factor has mean 1, its cv, its correlation in space and with yesterday."""
    settings = Neighbours(cv=0.4, decorrelation_m=1_000.0, lag_1=0.3)
    x_m = np.array([0.0, 0.0, 250.0, 600.0, 1_000.0, 2_500.0, 9_000.0]) + 1_234.5
    together = Places(tuple("abcdefg"), x_m, np.full(7, 7_000_321.0))
    days = 60_000
    factor = shared_factor(settings, together, STREAMS, "", 700_000, days)
    assert factor.mean(axis=0) == pytest.approx(1.0, abs=0.012)
    assert factor.std(axis=0) == pytest.approx(0.4, rel=0.03)
    exact = correlation(settings, together)
    assert np.corrcoef(factor.T) == pytest.approx(exact, abs=0.02)
    assert exact[0, 1] == pytest.approx(1.0)
    lagged = [np.corrcoef(column[:-1], column[1:])[0, 1] for column in factor.T]
    assert lagged == pytest.approx([0.3] * 7, abs=0.02)
    twice = [np.corrcoef(column[:-2], column[2:])[0, 1] for column in factor.T]
    assert twice == pytest.approx([0.0] * 7, abs=0.02)


def test_correlation_falls_as_a_gaussian_of_distance() -> None:
    """The grid hides: corr(Z) is exp(-d²/D²) within 0.012 wherever the points lie, 1/e at D."""
    rng = np.random.default_rng(5)
    settings = Neighbours(cv=0.01, decorrelation_m=2_000.0)
    n = 120
    spread = Places(
        tuple(map(str, range(n))), rng.uniform(-4e3, 4e3, n), rng.uniform(6.6e6, 6.608e6, n)
    )
    d2 = (spread.x_m[:, None] - spread.x_m) ** 2 + (spread.y_m[:, None] - spread.y_m) ** 2
    # A factor of cv 0.01 is as good as normal.
    assert correlation(settings, spread) == pytest.approx(np.exp(-d2 / 2_000.0**2), abs=0.012)
