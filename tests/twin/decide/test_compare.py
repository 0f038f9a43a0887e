"""Paired comparison on common random numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.decide.compare import compare_all, compare_paired, holm
from twin.decide.intervals import mean_interval
from twin.recorder import Direction
from twin.streams import Streams

DICE = Streams(11, 0)
p_values = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=12)


def test_common_dice_make_the_difference_sharp() -> None:
    """Sharing the dice narrows the interval of the difference by more than five here."""
    world = DICE.generator("test", "world").normal(100.0, 20.0, 40)
    a = world + DICE.generator("test", "a").normal(0.0, 1.0, 40)
    b = world + 1.0 + DICE.generator("test", "b").normal(0.0, 1.0, 40)
    paired = compare_paired(a, b, Direction.MIN)
    apart = math.hypot(mean_interval(a).half_width, mean_interval(b).half_width)
    assert paired.difference.half_width < apart / 5.0
    assert paired.is_settled()
    assert paired.share_a_better > 0.5


def test_better_follows_the_direction() -> None:
    """Lower is better for a cost, higher for a service; ties count one half; else no answer."""
    a, b = [1.0, 2.0, 3.0, 4.0], [2.0, 2.0, 4.0, 3.0]
    assert compare_paired(a, b, Direction.MIN).share_a_better == 0.625
    assert compare_paired(a, b, Direction.MAX).share_a_better == 0.375
    assert math.isnan(compare_paired(a, b, Direction.NONE).share_a_better)


def test_identical_options_differ_by_nothing() -> None:
    """The same values give a difference of exactly zero, p = 1 and even chances."""
    same = compare_paired([1.0, 5.0, 2.0], [1.0, 5.0, 2.0])
    assert (same.difference.low, same.difference.high) == (0.0, 0.0)
    assert (same.p_value, same.share_a_better) == (1.0, 0.5)
    assert not same.is_settled()
    shifted = compare_paired([1.0, 5.0, 2.0], [2.0, 6.0, 3.0])
    assert shifted.p_value == 0.0


def test_the_p_value_and_the_interval_agree() -> None:
    """Zero leaves the 95 % interval exactly when p falls under 5 %."""
    gaps = DICE.generator("test", "gaps").normal(0.4, 1.0, size=(200, 12))
    for gap in gaps:
        found = compare_paired(gap, np.zeros(12))
        assert (0.0 in found.difference) == (found.p_value > 0.05)


def test_pairs_are_matched_by_replication_and_never_dropped() -> None:
    """The order of the mapping is irrelevant; a replication on one side only is refused."""
    series = {"a": {1: 10.0, 0: 5.0, 2: 7.0}, "b": {0: 4.0, 1: 9.0, 2: 6.5}}
    (found,) = compare_all(series)
    assert found.difference.mean == pytest.approx(2.5 / 3.0)
    with pytest.raises(ValueError, match=r"replications \[3\]"):
        compare_all({"a": {0: 1.0, 1: 1.0, 3: 2.0}, "b": {0: 1.0, 1: 1.0}})
    with pytest.raises(ValueError, match="do not pair up"):
        compare_paired([1.0], [2.0])


def test_comparing_with_one_reference_costs_less_correction() -> None:
    """Three options make three pairs, but two against scenario 0, in the order of the options."""
    series = {
        name: dict(enumerate(DICE.generator("test", name).normal(mean, 1.0, 15).tolist()))
        for name, mean in (("zero", 0.0), ("one", 0.5), ("two", 1.0))
    }
    every = compare_all(series)
    assert [(c.a, c.b) for c in every] == [("zero", "one"), ("zero", "two"), ("one", "two")]
    against = compare_all(series, against="zero")
    assert [(c.a, c.b) for c in against] == [("one", "zero"), ("two", "zero")]
    assert against[1].p_holm <= every[1].p_holm
    assert all(c.p_holm >= c.p_value for c in every)


def test_holm_on_his_textbook_case() -> None:
    """0.01, 0.04, 0.03, 0.005 give 0.03, 0.06, 0.06, 0.02 (R: p.adjust, method holm)."""
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([]) == ()


@given(p_values)
def test_holm_lies_between_no_correction_and_bonferroni(found: list[float]) -> None:
    """Adjusted values stay in [p, min(1, n p)], and keep the order of the raw ones."""
    adjusted = holm(found)
    for raw, corrected in zip(found, adjusted, strict=True):
        assert raw <= corrected <= min(1.0, len(found) * raw) + 1e-15
    order = sorted(range(len(found)), key=found.__getitem__)
    assert [adjusted[i] for i in order] == sorted(adjusted)
