"""The fit against closed forms, textbook likelihoods and simulated truth, a third censored."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from models.waste.filling.fit.effects import fit_effect, month_shares, weekday_shares
from models.waste.filling.fit.laws import Candidate, log_likelihood
from models.waste.filling.fit.pieces import AT_LEAST, AT_MOST, EXACT, Pieces
from models.waste.filling.fit.rates import fit_rates, naive_rates
from models.waste.filling.fit.shrinkage import between, shrink

Floats = NDArray[np.float64]


def unit_draws(law: Candidate, cv: float, rng: np.random.Generator, n: int) -> Floats:
    """Return draws of mean 1 from scipy's own laws."""
    return np.asarray(scipy_law(law, cv).rvs(n, random_state=rng))


def scipy_law(law: Candidate, cv: float) -> stats.rv_continuous:
    """Return scipy's frozen law of mean 1 and that coefficient of variation."""
    if law is Candidate.GAMMA:
        return stats.gamma(cv**-2, scale=cv**2)
    if law is Candidate.LOGNORMAL:
        s = math.sqrt(math.log1p(cv**2))
        return stats.lognorm(s, scale=math.exp(-0.5 * s * s))
    from scipy.optimize import brentq

    if law is Candidate.WEIBULL:

        def spread(k: float) -> float:
            return stats.weibull_min(k).std() / stats.weibull_min(k).mean() - cv

        k = brentq(spread, 0.3, 50.0)
        return stats.weibull_min(k, scale=1.0 / stats.weibull_min(k).mean())

    def cut(a: float) -> float:
        return stats.truncnorm(-a, np.inf).std() / (stats.truncnorm(-a, np.inf).mean() + a) - cv

    a = brentq(cut, -5.0, 60.0)
    scale = 1.0 / (stats.truncnorm(-a, np.inf).mean() + a)
    return stats.truncnorm(-a, np.inf, loc=a * scale, scale=scale)


def simulated(
    law: Candidate, cv: float, censored: float, seed: int, points: int = 60, each: int = 40
) -> tuple[Floats, Pieces]:
    """Return true rates and weekly pieces, a share of them censored at full."""
    rng = np.random.default_rng(seed)
    rate = np.exp(rng.normal(3.0, 0.5, points))
    point = np.repeat(np.arange(points), each)
    ratio = unit_draws(law, cv / math.sqrt(7.0), rng, len(point))
    mean = rate[point] * 7.0
    full = mean * (np.quantile(ratio, 1.0 - censored) if censored else np.inf)
    amount = ratio * mean
    start = 7.0 * np.tile(np.arange(each, dtype=np.float64), points)
    return rate, Pieces(
        tuple(map(str, range(points))), point, start, start + 7.0, np.minimum(amount, full),
        np.where(amount >= full, AT_LEAST, EXACT).astype(np.int64), "kg", {},
    )  # fmt: skip


def test_censored_exponential_is_events_over_exposure() -> None:
    """Daily exponential amounts: the mean is all that came in over the number of exact pieces."""
    rng = np.random.default_rng(1)
    amount = rng.exponential(20.0, 300)
    known = np.where(amount > 15.0, AT_LEAST, EXACT).astype(np.int64)
    amount = np.minimum(amount, 15.0)
    days = np.arange(300.0)
    pieces = Pieces(("a",), np.zeros(300, np.int64), days, days + 1.0, amount, known, "kg", {})
    for law in (Candidate.GAMMA, Candidate.WEIBULL):
        fit = fit_rates(pieces, law, np.ones(300), cv=1.0)
        events = (known == EXACT).sum()
        assert math.exp(fit.log_rate[0]) == pytest.approx(amount.sum() / events, rel=1e-5)
        assert fit.standard_error[0] == pytest.approx(events**-0.5, rel=1e-3)


def test_uncensored_gamma_rate_is_the_plain_mean() -> None:
    """With nothing censored and equal lengths a gamma rate is what came in over the time."""
    _, pieces = simulated(Candidate.GAMMA, 0.65, 0.0, 2)
    fit = fit_rates(pieces, Candidate.GAMMA, np.ones(len(pieces)))
    assert np.exp(fit.log_rate) == pytest.approx(naive_rates(pieces), rel=1e-6)


@pytest.mark.parametrize("law", list(Candidate))
@pytest.mark.parametrize("cv", [0.3, 0.65])
def test_likelihoods_are_the_textbook_ones(law: Candidate, cv: float) -> None:
    """Densities and both tails equal scipy.stats' for the law of that mean and cv."""
    amount = np.array([5.0, 12.0, 40.0, 90.0])
    log_mean, spread = np.full(4, math.log(30.0)), np.full(4, cv)
    frozen = scipy_law(law, cv)
    for known, expected in (
        (EXACT, frozen.logpdf(amount / 30.0) - math.log(30.0)),
        (AT_LEAST, frozen.logsf(amount / 30.0)),
        (AT_MOST, frozen.logcdf(amount / 30.0)),
    ):
        found = log_likelihood(law, amount, log_mean, spread, np.full(4, known))
        assert found == pytest.approx(expected, rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("law", list(Candidate))
def test_a_third_censored_is_recovered_and_the_naive_reading_is_low(law: Candidate) -> None:
    """Over five seeds, 30 % full: total within 1.2 %, cv within 4 %; naive 5 to 15 % too low."""
    cv = 1.2
    total, naive, spread = [], [], []
    for seed in range(5):
        rate, pieces = simulated(law, cv, 0.3, seed)
        own = fit_rates(pieces, law, np.ones(len(pieces)))
        total.append(np.exp(own.log_rate).sum() / rate.sum())
        naive.append(naive_rates(pieces).sum() / rate.sum())
        spread.append(own.cv / cv)
        if seed == 0:
            rivals = [fit_rates(pieces, rival, np.ones(len(pieces))) for rival in Candidate]
            best = max(rivals, key=lambda fit: fit.log_likelihood)
    assert np.mean(total) == pytest.approx(1.0, abs=0.012)
    assert np.mean(spread) == pytest.approx(1.0, abs=0.04)
    assert 0.85 < np.mean(naive) < 0.95
    assert best.law is law


def test_ninety_percent_intervals_cover_nine_times_in_ten() -> None:
    """Over 600 points with 30 % censored, intervals of rates hold the truth 86 to 94 % of times."""
    inside = []
    for seed in range(10):
        rate, pieces = simulated(Candidate.GAMMA, 1.2, 0.3, 100 + seed)
        fit = fit_rates(pieces, Candidate.GAMMA, np.ones(len(pieces)))
        inside.append(np.abs(fit.log_rate - np.log(rate)) < 1.645 * fit.standard_error)
    assert 0.86 <= np.mean(inside) <= 0.94


def test_few_pieces_do_not_shrink_the_cv() -> None:
    """With three pieces a point the cv stays true within 4 %: plain likelihood gives 18 % less."""
    spread = [
        fit_rates(pieces, Candidate.GAMMA, np.ones(len(pieces))).cv
        for _, pieces in (
            simulated(Candidate.GAMMA, 1.2, 0.0, seed, points=150, each=3) for seed in range(6)
        )
    ]
    assert np.mean(spread) == pytest.approx(1.2, rel=0.04)


def test_between_points_variance_by_hand() -> None:
    """DerSimonian & Laird on two values 0 and 2 known to 0.5: mean 1, variance 2 - 0.5."""
    mean, variance = between(np.array([0.0, 2.0]), np.array([0.5, 0.5]))
    assert mean == pytest.approx(1.0)
    assert variance == pytest.approx(1.5)


def test_pooling_brings_points_with_few_pieces_nearer_the_truth() -> None:
    """With two pieces a point, pooled log rates err less than the points' own."""
    rate, pieces = simulated(Candidate.GAMMA, 2.0, 0.0, 4, points=200, each=2)
    fit = fit_rates(pieces, Candidate.GAMMA, np.ones(len(pieces)))
    pooled = shrink(pieces, fit, np.ones(len(pieces)))
    truth = np.log(rate)
    own_error = np.sqrt(np.mean((fit.log_rate - truth) ** 2))
    assert np.sqrt(np.mean((pooled.log_rate - truth) ** 2)) < 0.85 * own_error
    assert pooled.spread == pytest.approx(0.5, abs=0.1)


def test_a_point_never_seen_but_full_takes_more_than_the_others() -> None:
    """A point whose every piece is full has no rate of its own; its pooled one is high."""
    _, pieces = simulated(Candidate.GAMMA, 1.2, 0.0, 6, points=30)
    known = pieces.known.copy()
    known[pieces.point == 0] = AT_LEAST
    amount = pieces.amount.copy()
    amount[pieces.point == 0] = 7.0 * 60.0
    full = Pieces(pieces.ids, pieces.point, pieces.start, pieces.end, amount, known, "kg", {})
    fit = fit_rates(full, Candidate.GAMMA, np.ones(len(full)))
    pooled = shrink(full, fit, np.ones(len(full)))
    assert not fit.seen[0]
    assert math.isnan(fit.standard_error[0])
    assert math.exp(pooled.log_rate[0]) > 60.0


def test_weekday_and_season_are_recovered_from_daily_pieces() -> None:
    """Daily pieces of a year give every weekday within 0.04 and every month within 0.07."""
    rng = np.random.default_rng(8)
    points, days = 12, 365
    week = np.array([1.1, 0.9, 0.9, 0.9, 1.0, 1.2, 1.0])
    first = np.datetime64("2027-01-01").astype(np.int64)
    start = np.tile(first + np.arange(days, dtype=np.float64), points)
    point = np.repeat(np.arange(points), days)
    months = start.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12
    year = 1.0 + 0.3 * np.cos(2.0 * np.pi * (np.arange(12) - 7) / 12)
    mean = 50.0 * week[(start.astype(np.int64) + 3) % 7] * year[months]
    amount = mean * rng.gamma(0.5**-2, 0.5**2, len(point))
    pieces = Pieces(
        tuple(map(str, range(points))), point, start, start + 1.0, amount,
        np.zeros(len(point), np.int64), "kg", {},
    )  # fmt: skip
    weekly, yearly = weekday_shares(pieces), month_shares(pieces)
    assert weekly.sum(axis=1) == pytest.approx(1.0)
    assert yearly.sum(axis=1) == pytest.approx(1.0)
    rates = fit_rates(pieces, Candidate.GAMMA, np.ones(len(point)))
    by_month = fit_effect(pieces, yearly, np.ones(len(point)), rates)
    assert by_month is not None
    by_day = fit_effect(pieces, weekly, yearly @ by_month.factors, rates)
    assert by_day is not None
    assert by_day.factors == pytest.approx(week, abs=0.06)
    assert by_month.factors == pytest.approx(year, abs=0.1)
    assert (np.abs(by_day.factors - week) < 4.0 * by_day.standard_errors).all()


def test_weekly_pieces_say_nothing_of_weekdays() -> None:
    """Seven-day pieces hold each weekday once: no factor is given."""
    _, pieces = simulated(Candidate.GAMMA, 0.65, 0.0, 3)
    rates = fit_rates(pieces, Candidate.GAMMA, np.ones(len(pieces)))
    assert fit_effect(pieces, weekday_shares(pieces), np.ones(len(pieces)), rates) is None
