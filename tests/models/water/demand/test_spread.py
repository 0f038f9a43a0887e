"""The table of a sum of independent uses: mean, variance, zeros."""

from __future__ import annotations

import numpy as np
import pytest

from models.water.demand.spread import CELLS, ROWS, draw, spread_table, squared_cv
from twin.device_keys import mix


def row_uses() -> np.ndarray:
    """Return the expected uses each row stands for."""
    octave, part = np.divmod(np.arange(ROWS), 8)
    return np.exp2(octave - 6.0) * (1.0 + (part + 0.5) / 8.0)


def test_mean_is_one_and_order_is_kept() -> None:
    """Every row has mean 1 within float32 rounding and never decreases."""
    table = np.float64(spread_table())
    assert np.abs(0.5 * (table[:, 1:] + table[:, :-1]).mean(axis=1) - 1.0).max() < 1e-7
    assert (np.diff(table, axis=1) >= 0.0).all()


def test_variance_is_that_of_a_compound_poisson_law() -> None:
    """The squared cv is 1.5 / lambda within 1.1 % from one use in 64 hours to 60,000 an hour."""
    table = np.float64(spread_table())
    low, high = table[:, :-1], table[:, 1:]
    variance = ((low**2 + low * high + high**2) / 3.0).mean(axis=1) - 1.0
    assert variance / np.array([squared_cv(uses) for uses in row_uses()]) == pytest.approx(
        1.0, rel=0.011
    )


def test_zero_is_as_likely_as_no_use_at_all() -> None:
    """Nothing is drawn in exp(-lambda) of the cases, to one cell of the table."""
    uses = row_uses()
    zeros = (spread_table() == 0.0).sum(axis=1)
    few = uses < 4.0
    assert np.abs(zeros[few] / CELLS - np.exp(-uses[few])).max() < 1.5 / CELLS


def test_draws_follow_the_sum_itself() -> None:
    """Draws at lambda 1.3125 have the quantiles of sums of gamma volumes made one by one."""
    n = 200_000
    values = np.full(n, 1.3125)
    draw(spread_table(), values, mix(np.arange(n)))
    dice = np.random.default_rng(5)
    count = dice.poisson(1.3125, n)
    made = np.where(count > 0, dice.gamma(np.maximum(2.0 * count, 1e-9), 0.5), 0.0) / 1.3125
    levels = [0.3, 0.5, 0.7, 0.9, 0.99]
    assert np.quantile(values, levels) == pytest.approx(np.quantile(made, levels), abs=0.06)
    assert values.mean() == pytest.approx(1.0, abs=0.01)
