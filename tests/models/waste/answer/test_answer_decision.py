"""Which option the study says to take."""

from __future__ import annotations

from models.waste.answer.decision import decide
from tests.models.waste.answer.waste_answer_case import (
    made_judged,
    made_option,
    usual_options,
    year,
)
from twin.study.judged import gap, gaps


def test_the_cheapest_that_serves_as_well_is_taken() -> None:
    """The threshold is cheaper but leaves more points full: it is set aside."""
    options = {each.id: each for each in usual_options()}
    found = decide(options, options["current"])
    assert found.chosen is options["driver"]
    assert [each.id for each in found.worse] == ["threshold"]
    assert found.saving is not None
    assert found.saving.is_less


def test_of_two_not_told_apart_the_fewer_sensors_are_taken() -> None:
    """A cheaper option with sensors loses to one without that the worlds do not tell apart."""
    zero = made_judged(made_option("zero", kind="current", answers=False), year(1_000.0))
    bare = made_judged(made_option("bare"), {**year(800.0), "total_eur": [800, 900, 700, 810.0]})
    fitted = made_judged(
        made_option("fitted", share=0.5),
        {**year(790.0, sensors=50.0), "total_eur": [790.0, 700.0, 880.0, 750.0]},
    )
    zero = made_judged(zero.option, {**year(1_000.0), "total_eur": [1_000.0] * 4})
    options = {each.id: each for each in (zero, bare, fitted)}
    found = decide(options, zero)
    assert found.cheapest is fitted
    assert found.tied == (bare,)
    assert found.chosen is bare


def test_when_every_option_serves_worse_none_is_taken() -> None:
    """Today's calendar stays where each option leaves clearly more points full."""
    options = usual_options()
    zero = options[0]
    worse = made_judged(made_option("worse"), year(10_000.0, full_days=30.0))
    found = decide({zero.id: zero, "worse": worse}, zero)
    assert found.chosen is None
    assert found.worse == (worse,)


def test_one_world_settles_nothing() -> None:
    """With a single replication gaps are told, without interval and never settled."""
    zero = made_judged(made_option("zero", kind="current"), year(1_000.0, worlds=1))
    other = made_judged(made_option("other"), year(500.0, worlds=1, full_days=90.0))
    told = gap(other, zero, "total_eur")
    assert told is not None
    assert not told.settled
    assert told.difference.n == 1
    assert decide({"zero": zero, "other": other}, zero).worse == ()


def test_gaps_are_those_of_the_same_worlds() -> None:
    """A gap is the mean of the differences world by world, however wide the worlds swing."""
    zero = made_judged(made_option("zero"), {"km": [10.0, 1_000.0, 50.0]})
    other = made_judged(made_option("other"), {"km": [11.0, 1_001.0, 51.5]})
    told = gaps({"other": other}, zero, "km")["other"]
    assert abs(told.difference.mean - 3.5 / 3.0) < 1e-9
    assert told.is_more
    assert gap(other, zero, "stops") is None
