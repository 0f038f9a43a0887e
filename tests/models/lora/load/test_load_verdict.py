"""Verdicts: which targets hold, for how long, and what is recommended."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.lora.load.settings import TargetsSection
from models.lora.load.verdict import Standing, judge, recommended, years_held

TARGETS = TargetsSection()


def test_one_weak_fleet_breaks_a_target() -> None:
    """A target holds only where every fleet holds it."""
    verdict = judge(TARGETS, {"meters": 0.99, "bins": 0.97}, {"meters": 0.96}, 0.5)
    assert (verdict.collection, verdict.battery, verdict.duty) == (False, True, True)
    assert verdict.held == 2


def test_a_gateway_at_its_legal_limit_does_not_hold() -> None:
    """The engine never breaks the law: a use near 100 % means answers were refused."""
    assert not judge(TARGETS, {}, {}, 0.99).duty
    assert judge(TARGETS, {}, {}, 0.94).duty


def test_a_loss_that_quadruples_crosses_its_double_half_way() -> None:
    """From 1 % to 4 % lost in ten years, 2 % is reached after five: log-linear."""
    assert years_held(0.99, 0.96, 0.98, 10) == pytest.approx(5.0)


@given(
    first=st.floats(0.0, 1.0),
    last=st.floats(0.0, 1.0),
    target=st.floats(0.5, 0.999),
)
def test_years_held_are_years_of_the_horizon(first: float, last: float, target: float) -> None:
    """The years lie in [0, horizon]; 0 where the first year fails, all where the last holds."""
    years = years_held(first, last, target, 10)
    assert 0.0 <= years <= 10.0
    assert np.isfinite(years)
    if first < target:
        assert years == 0.0
    elif last >= target:
        assert years == 10.0


def _standing(option: str, period_s: float, *, held: int = 3, worst: float = 1.0) -> Standing:
    return Standing(
        option=option,
        answers=True,
        period_s=period_s,
        held=held,
        everything=held == 3,
        worst=worst,
    )


def test_the_most_frequent_that_holds_is_recommended() -> None:
    """Among options that hold everything, the shortest period wins; names decide ties."""
    options = [
        _standing("daily", 86_400.0),
        _standing("six", 21_600.0),
        _standing("hourly", 3_600.0, held=2),
        _standing("also-six", 21_600.0),
    ]
    assert recommended(options) == "also-six"


def test_where_none_holds_the_nearest_is_recommended() -> None:
    """Without an option that holds everything, most targets, then nearness decide."""
    options = [
        _standing("a", 86_400.0, held=2, worst=0.90),
        _standing("b", 21_600.0, held=2, worst=0.97),
        _standing("c", 3_600.0, held=1, worst=0.99),
    ]
    assert recommended(options) == "b"
