"""Intervals: coverage, limits, laws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.decide.intervals import (
    Kind,
    bootstrap_interval,
    bootstrap_quantile,
    mean_interval,
    outcome_interval,
    student_quantile,
    wilson_interval,
)
from twin.lang import Lang
from twin.streams import Streams

DICE = Streams(7, 0)
samples = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=40)


def test_student_quantiles_are_those_of_the_tables() -> None:
    """Student's t at 95 %: 12.706 for 1 degree of freedom, 2.262 for 9, 1.960 in the limit."""
    assert student_quantile(1, 0.95) == pytest.approx(12.706, abs=5e-4)
    assert student_quantile(9, 0.95) == pytest.approx(2.262, abs=5e-4)
    assert student_quantile(10**7, 0.95) == pytest.approx(1.960, abs=5e-4)


def test_the_mean_interval_covers_as_often_as_it_says() -> None:
    """Of 4,000 samples of 10 normal values, 95 ± 1.5 % of the intervals hold the true mean."""
    draws = DICE.generator("test", "coverage").normal(5.0, 2.0, size=(4000, 10))
    inside = sum(5.0 in mean_interval(row) for row in draws)
    assert 0.935 <= inside / 4000 <= 0.965


def test_the_outcome_interval_holds_the_next_outcome_as_often_as_it_says() -> None:
    """Of 6,000 skewed samples of 30, 90 ± 1.5 % hold one more draw: it predicts, not averages."""
    draws = DICE.generator("test", "prediction").lognormal(size=(6000, 31))
    inside = sum(row[30] in outcome_interval(row[:30]) for row in draws)
    assert 0.885 <= inside / 6000 <= 0.915


def test_the_two_intervals_are_named_apart() -> None:
    """Each interval says in both languages which question it answers."""
    mean, outcome = mean_interval([1.0, 2.0]), outcome_interval([1.0, 2.0])
    assert (mean.kind, outcome.kind) == (Kind.MEAN, Kind.OUTCOME)
    assert (
        mean.label.say(Lang.FR) == "intervalle de confiance à 95\N{NO-BREAK SPACE}% de la moyenne"
    )
    assert outcome.label.say(Lang.EN) == "90% interval of the outcome"


def test_one_replication_bounds_nothing() -> None:
    """With one value the mean interval is infinite rather than falsely narrow."""
    alone = mean_interval([3.0])
    assert (alone.mean, alone.low, alone.high) == (3.0, -math.inf, math.inf)
    assert alone.half_width == math.inf


@pytest.mark.parametrize("values", [[], [1.0, math.nan], [math.inf, 1.0]])
def test_a_missing_value_is_refused_not_dropped(values: list[float]) -> None:
    """An empty, missing or infinite value stops the computation."""
    for interval in (mean_interval, outcome_interval):
        with pytest.raises(ValueError, match="value"):
            interval(values)


def test_a_level_is_a_probability() -> None:
    """A level of 95 is refused."""
    with pytest.raises(ValueError, match="level 95"):
        mean_interval([1.0, 2.0], level=95)


@given(samples)
def test_order_of_arrival_changes_no_bit(values: list[float]) -> None:
    """Reversing the replications leaves the mean bitwise equal."""
    assert mean_interval(values).mean == mean_interval(values[::-1]).mean


@given(samples, st.floats(-1e3, 1e3), st.floats(0.1, 10.0))
def test_intervals_follow_a_change_of_unit(values: list[float], shift: float, scale: float) -> None:
    """Shifting and scaling the values shifts and scales the interval."""
    for interval in (mean_interval, outcome_interval):
        one = interval(values)
        other = interval([scale * value + shift for value in values])
        assert other.low == pytest.approx(scale * one.low + shift, rel=1e-6, abs=1e-3)
        assert other.high == pytest.approx(scale * one.high + shift, rel=1e-6, abs=1e-3)
        assert one.low <= one.high


def test_more_replications_narrow_the_mean_and_not_the_outcome() -> None:
    """From 30 to 3,000 replications the mean's interval shrinks tenfold, the outcome's does not."""
    draws = DICE.generator("test", "narrow").normal(size=3000)
    assert mean_interval(draws).half_width < 0.15 * mean_interval(draws[:30]).half_width
    assert outcome_interval(draws).half_width == pytest.approx(1.645, abs=0.08)


def test_the_bootstrap_of_the_mean_agrees_with_student() -> None:
    """On 200 normal values the bootstrap and Student's interval differ by under 10 %."""
    draws = DICE.generator("test", "bootstrap").normal(size=200)
    boot = bootstrap_interval(draws, lambda rows: rows.mean(axis=-1), DICE.generator("t", "b"))
    exact = mean_interval(draws)
    assert boot.half_width == pytest.approx(exact.half_width, rel=0.1)
    assert boot.mean == pytest.approx(exact.mean)
    assert boot.kind is Kind.STATISTIC


def test_the_bootstrap_of_a_quantile_covers_it() -> None:
    """Of 300 samples of 100, about 95 % hold the true median; same key, same bits."""
    draws = DICE.generator("test", "median").exponential(size=(300, 100))
    intervals = [
        bootstrap_quantile(row, 0.5, DICE.generator("t", "m", str(number)), resamples=400)
        for number, row in enumerate(draws)
    ]
    inside = sum(math.log(2.0) in interval for interval in intervals)
    assert 0.91 <= inside / 300 <= 0.985
    again = bootstrap_quantile(draws[0], 0.5, DICE.generator("t", "m", "0"), resamples=400)
    assert again == intervals[0]


def test_wilson_gives_the_textbook_values() -> None:
    """10 of 10 gives [0.7225, 1] and 8 of 10 gives [0.4902, 0.9433] (Newcombe 1998 formula 3)."""
    certain, likely = wilson_interval(10, 10), wilson_interval(8, 10)
    assert (certain.low, certain.high) == (pytest.approx(0.7225, abs=5e-5), 1.0)
    assert (likely.low, likely.high) == (
        pytest.approx(0.4902, abs=5e-5),
        pytest.approx(0.9433, abs=5e-5),
    )
    with pytest.raises(ValueError, match="not a rate"):
        wilson_interval(1, 0)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_stays_a_rate_and_mirrors(counts: tuple[int, int]) -> None:
    """The interval lies in [0, 1], holds the rate, and failures mirror successes."""
    successes, trials = counts
    one = wilson_interval(successes, trials)
    other = wilson_interval(trials - successes, trials)
    assert 0.0 <= one.low <= one.mean <= one.high <= 1.0
    assert one.low == pytest.approx(1.0 - other.high, abs=1e-12)
    assert np.isfinite([one.low, one.high]).all()
