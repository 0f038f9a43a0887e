"""The powers of eight lanes against extended precision."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit
from numpy.typing import NDArray

from models.water.batched.lanes import WIDTH, aligned, load, splat, store
from models.water.batched.power import inverse_hazen_power, power


@njit
def hazen_of(x: NDArray[np.float64], y: NDArray[np.float64], count: int) -> None:
    """Write x^-0.852."""
    for item in range(count):
        store(y, item, inverse_hazen_power(load(x, item)))


@njit
def power_of(x: NDArray[np.float64], y: NDArray[np.float64], count: int, exponent: float) -> None:
    """Write x^exponent."""
    for item in range(count):
        store(y, item, power(load(x, item), splat(exponent)))


def spread(count: int, low: float, high: float) -> NDArray[np.float64]:
    """Return numbers from 10^low to 10^high."""
    x = aligned(count)
    x[:] = 10.0 ** np.random.default_rng(3).uniform(low, high, count * WIDTH)
    return x


def test_the_hazen_power_is_right_to_1e_14() -> None:
    """x^-0.852 is within 1e-14 from 1e-30 to 1e4, and within 6e-15 for flows of any pipe."""
    for low, high, bar in ((-30.0, 4.0, 1e-14), (-8.0, 1.0, 6e-15)):
        x, y = spread(2_000, low, high), aligned(2_000)
        hazen_of(x, y, 2_000)
        exact = np.power(x.astype(np.longdouble), np.longdouble("-0.852"))
        assert float(np.abs(y / exact - 1).max()) < bar


@pytest.mark.parametrize("exponent", [0.5, -0.5, 1.7, 2.0, -1.0 / 3.0, 0.148])
def test_any_power_is_right_to_2e_14(exponent: float) -> None:
    """x^a is within 2e-14 for a between -2 and 2 and x between 1e-9 and 1e3."""
    x, y = spread(1_000, -9.0, 3.0), aligned(1_000)
    power_of(x, y, 1_000, exponent)
    exact = np.power(x.astype(np.longdouble), np.longdouble(exponent))
    assert float(np.abs(y / exact - 1).max()) < 2e-14


def test_lanes_are_machine_vectors() -> None:
    """The compiled power works on whole vectors: no scalar multiplication is left in it."""
    x = spread(10, -3.0, 1.0)
    hazen_of(x, aligned(10), 10)
    code = next(iter(hazen_of.inspect_asm().values()))
    assert code.count("mulsd") == 0
    assert code.count("pd\t") > 20
