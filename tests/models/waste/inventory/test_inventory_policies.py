"""Policies without foresight: expected overflow, the rolling schedule, the dynamic programme."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import integrate, stats

from models.waste.inventory.collection import price_rounds
from models.waste.inventory.dynamic import dynamic
from models.waste.inventory.outlook import buffered, excess_l, expected, known
from models.waste.inventory.random_instances import random_instances
from models.waste.inventory.rolling import rolling
from models.waste.inventory.waste import Decide, WasteInstance, perfect_information, play
from twin.errors import InputError


def steady(bins: int, days: int) -> WasteInstance:
    """Return an instance whose fills are all but certain: a quarter of a bin a day."""
    (instance,) = random_instances(11, 1, bins=bins, days=days)
    collection = replace(
        instance.collection, rate_l=instance.collection.capacity_l / 4.0, variation=1e-4
    )
    level = collection.capacity_l * np.arange(bins) / 4.0
    return WasteInstance(collection, level, np.tile(collection.rate_l, (days, 1)))


@pytest.mark.parametrize("span_days", [1, 4])
def test_expected_excess_is_the_integral(span_days: int) -> None:
    """The closed form of E max(G - c, 0) is the integral of the survival of a gamma sum."""
    collection = random_instances(5, 1, bins=2)[0].collection
    shape = span_days / collection.variation**2
    room = np.array([500.0, 2_000.0])
    for bin_, excess in enumerate(excess_l(collection, span_days, room)):
        scale = collection.rate_l[bin_] * collection.variation**2
        tail = stats.gamma(shape, scale=scale).sf
        assert excess == pytest.approx(integrate.quad(tail, room[bin_], np.inf)[0], rel=1e-6)
    short = excess_l(collection, span_days, np.full(2, -10.0))
    assert short == pytest.approx(span_days * collection.rate_l + 10.0)


def test_known_overflow_is_what_happens_day_by_day() -> None:
    """Excess over a span equals the day-by-day overflow, whatever the start."""
    (instance,) = random_instances(2, 1, bins=3, days=6, median_share=0.4)
    room = instance.collection.capacity_l
    outlook = known(instance.collection, instance.level_l, instance.fill_l)
    for start in range(7):
        level = instance.level_l.copy() if start == 0 else np.zeros(3)
        over = np.zeros(3)
        for end in range(max(start - 1, 0), 7):
            if end >= start:
                assert outlook.held_l[:, start, end] == pytest.approx(level)
                assert outlook.over_l[:, start, end] == pytest.approx(over)
            if end < 6:
                level = level + instance.fill_l[end]
                over += np.maximum(level - room, 0.0)
                level = np.minimum(level, room)


def test_outlooks_agree_where_nothing_is_uncertain() -> None:
    """With all but certain fills, the expected, the buffered and the known outlooks are one."""
    instance = steady(2, 5)
    truth = known(instance.collection, instance.level_l, instance.fill_l)
    for outlook in (
        expected(instance.collection, instance.level_l, 5),
        buffered(instance.collection, instance.level_l, 5, 1.0),
    ):
        assert outlook.held_l == pytest.approx(truth.held_l, abs=2.0)
        assert outlook.over_l == pytest.approx(truth.over_l, abs=2.0)
    assert truth.days == 5


def test_a_buffer_brings_overflow_forward() -> None:
    """More safety never sees less overflow, and sees the same load."""
    (instance,) = random_instances(4, 1, bins=3)
    none, some = (buffered(instance.collection, instance.level_l, 6, s) for s in (0.0, 1.0))
    assert np.all(some.over_l >= none.over_l)
    assert np.any(some.over_l > none.over_l)
    assert np.array_equal(some.held_l, none.held_l)


def test_certain_fills_make_every_policy_the_bound() -> None:
    """Without uncertainty, rolling over the whole horizon and dynamic programming are optimal."""
    instance = steady(3, 5)
    prices = price_rounds(instance.collection)
    bound = perfect_information(instance, prices).cost_eur
    policies: tuple[Decide, ...] = (
        rolling(instance.collection, prices, 5, ends_after_days=5),
        rolling(instance.collection, prices, 5, safety=0.0, ends_after_days=5),
        dynamic(instance.collection, prices, 5, steps=8),
    )
    for decide in policies:
        assert play(instance, decide, prices).cost_eur == pytest.approx(bound, rel=1e-6)


def test_no_policy_beats_perfect_information() -> None:
    """Over instances with one and two loads, each policy costs at least the bound."""
    for loads in (1, 2):
        for instance in random_instances(12, 2, bins=3, days=4, loads=loads, median_share=0.3):
            prices = price_rounds(instance.collection)
            bound = perfect_information(instance, prices).cost_eur
            bill = play(instance, rolling(instance.collection, prices, 2), prices)
            assert bill.cost_eur >= bound - 1e-6


def test_dynamic_programming_refuses_what_it_cannot_hold() -> None:
    """Eight bins, or two loads a day, are refused."""
    (instance,) = random_instances(1, 1)
    prices = price_rounds(instance.collection)
    with pytest.raises(InputError, match="bins, steps"):
        dynamic(instance.collection, prices, 10)
    with pytest.raises(InputError, match="loads, steps"):
        dynamic(replace(instance.collection, loads=2), prices, 10, 2)


@pytest.mark.slow
def test_the_rolling_policy_is_near_the_best_without_foresight() -> None:
    """On four bins, rolling costs at most 5 % more than the dynamic programme, on average."""
    rolled, best = [], []
    for instance in random_instances(300, 30, bins=4):
        prices = price_rounds(instance.collection)
        bound = perfect_information(instance, prices).cost_eur
        for decide, gaps in (
            (rolling(instance.collection, prices), rolled),
            (dynamic(instance.collection, prices, instance.days), best),
        ):
            gaps.append(play(instance, decide, prices).cost_eur / bound - 1.0)
    assert float(np.mean(rolled)) - float(np.mean(best)) < 0.05
    assert float(np.mean(best)) > 0.0
