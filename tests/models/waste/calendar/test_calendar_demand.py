"""How long a point may wait, against closed forms."""

from __future__ import annotations

from math import exp, factorial

import numpy as np
import pytest

from models.waste.calendar.demand import full_by_day, full_probability, longest_wait_days
from twin.errors import InputError


@pytest.mark.parametrize("days", [1, 3, 10])
def test_exponential_days_give_the_erlang_law(days: int) -> None:
    """With a coefficient of variation of 1, P(full) is the tail of an Erlang law, exactly."""
    rate_l, capacity_l = 250.0, 1_500.0
    ratio = capacity_l / rate_l
    tail = exp(-ratio) * sum(ratio**k / factorial(k) for k in range(days))
    assert float(full_probability(days, rate_l, 1.0, capacity_l)) == pytest.approx(tail, rel=1e-12)


def test_correlated_days_have_the_variance_of_their_sum() -> None:
    """Correlation and doubt widen the law as the double sum of covariances says."""
    days, rate_l, cv, rho, doubt = 9, 100.0, 0.65, 0.3, 0.2
    lags = np.abs(np.subtract.outer(np.arange(days), np.arange(days)))
    variance = (cv * rate_l) ** 2 * (rho**lags).sum() + (doubt * rate_l * days) ** 2
    # An uncorrelated law with that variance: the same mean, another cv.
    same_cv = np.sqrt(variance / days) / rate_l
    wide = full_probability(days, rate_l, cv, 1_200.0, rate_sd=doubt, correlation=rho)
    assert float(wide) == pytest.approx(float(full_probability(days, rate_l, same_cv, 1_200.0)))


def test_the_law_matches_drawn_gamma_days() -> None:
    """The sum of gamma days of one shape is full as often as drawn ones are, within 4 sigma."""
    shape, draws = 1.0 / 0.65**2, 40_000
    litres = np.random.default_rng(1).gamma(shape, 255.0 / shape, (draws, 8)).sum(axis=1)
    expected = float(full_probability(8, 255.0, 0.65, 3_000.0))
    assert abs(float((litres >= 3_000.0).mean()) - expected) < 4.0 * (expected / draws) ** 0.5


def test_certain_fills_have_no_law() -> None:
    """A constant fill is full on the day it reaches the brim; an unused point never is."""
    full = full_probability([4, 5], 200.0, 0.0, 1_000.0)
    assert full.tolist() == [0.0, 1.0]
    assert float(full_probability(100, 0.0, 0.65, 1_000.0)) == 0.0
    assert float(full_probability(0, 200.0, 0.65, 1_000.0)) == 0.0


def test_the_longest_wait_is_the_last_day_within_the_risk() -> None:
    """One day more than the longest wait exceeds the risk; a point too fast has none."""
    rate_l, cv, capacity_l = np.array([90.0, 5_000.0, 0.0]), np.full(3, 0.65), np.full(3, 3_000.0)
    full = full_by_day(56, rate_l, cv, capacity_l)
    wait = longest_wait_days(full, 0.05)
    assert wait[1:].tolist() == [0, 56]
    assert full[0, wait[0]] <= 0.05 < full[0, wait[0] + 1]


def test_values_out_of_range_are_refused() -> None:
    """A negative rate and a risk of 1 are refused, naming the row or the key."""
    with pytest.raises(InputError, match=r"rate_l\[1\]"):
        full_probability(3, [1.0, -2.0], 0.65, 100.0)
    with pytest.raises(InputError, match="risk"):
        longest_wait_days(np.zeros((1, 3)), 1.0)
