"""The price of water from which meters pay is a ratio with honest bounds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import stdtrit

from models.water.answer.water_price import fieller


def test_without_scatter_the_price_is_the_ratio() -> None:
    """Meters that always add 1,000 EUR and always save 2,000 m3 pay from 0.50 EUR on."""
    told = fieller(np.full(8, 1_000.0), np.full(8, 2_000.0))
    assert told is not None
    assert (told.mean, told.low, told.high) == pytest.approx((0.5, 0.5, 0.5))


def test_at_the_bounds_the_paired_interval_just_holds_nought() -> None:
    """At either bound the 95 % interval of price x saved - cost ends at nought."""
    rng = np.random.default_rng(3)
    cost, saved = rng.normal(900.0, 150.0, 10), rng.normal(2_000.0, 300.0, 10)
    told = fieller(cost, saved)
    assert told is not None
    quantile = float(stdtrit(9, 0.975))
    for price in (told.low, told.high):
        gap = price * saved - cost
        half = quantile * gap.std(ddof=1) / math.sqrt(10)
        assert abs(gap.mean()) == pytest.approx(half, rel=1e-6)
    assert told.low < told.mean < told.high


def test_water_that_may_not_be_saved_has_no_bound() -> None:
    """Where the saving of water is not settled no price is surely enough."""
    saved = np.array([3_000.0, -2_500.0, 1_000.0, -500.0])
    told = fieller(np.full(4, 100.0), saved)
    assert told is not None
    assert told.high == math.inf
    assert fieller(np.full(4, 100.0), -np.abs(saved)) is None
