"""The bound of a plan, raised to what two prices can make."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.lora.bound import attainable, gap_of

prices = st.floats(1.0, 50.0, allow_nan=False)


@given(bound=st.floats(0.1, 200.0), cheap=prices, dear=prices)
def test_no_sum_of_two_prices_lies_between_the_bound_and_its_raise(
    bound: float, cheap: float, dear: float
) -> None:
    """The raised bound is a sum of prices, and no other sum lies between it and the bound."""
    raised = attainable(bound, np.array([cheap, dear, cheap]))
    sums = [
        i * cheap + j * dear
        for i, j in itertools.product(range(int(bound) + 2), range(int(bound) + 2))
    ]
    assert raised >= bound * (1.0 - 1e-8)
    assert min(abs(raised - each) for each in sums) <= 1e-6 * raised
    assert not [each for each in sums if bound < each < raised * (1.0 - 1e-8)]


def test_three_prices_leave_the_bound_alone() -> None:
    """With more than two prices the bound is returned as it came."""
    assert attainable(13.3, np.array([5.0, 6.0, 7.0])) == 13.3


@pytest.mark.parametrize(("cost", "bound", "gap"), [(10.0, 9.0, 0.1), (10.0, 11.0, 0.0), (0, 0, 0)])
def test_a_gap_is_relative_and_never_negative(cost: float, bound: float, gap: float) -> None:
    """The gap is one less bound over cost, zero where nothing is spent."""
    assert gap_of(cost, bound) == pytest.approx(gap)
