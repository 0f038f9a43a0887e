"""Bins that fill: the bill by hand, the bound, what is refused."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from models.waste.inventory.collection import Collection, price_rounds
from models.waste.inventory.random_instances import random_instances
from models.waste.inventory.tours import optimal_tours
from models.waste.inventory.waste import (
    WasteInstance,
    cheapest_rounds,
    perfect_information,
    play,
)
from twin.errors import InputError

COLLECTION = Collection(
    distance_km=np.array([[0.0, 10.0, 10.0], [10.0, 0.0, 2.0], [10.0, 2.0, 0.0]]),
    capacity_l=np.array([100.0, 100.0]),
    rate_l=np.array([50.0, 40.0]),
    variation=0.65,
    truck_l=200.0,
    loads=1,
    eur_per_km=1.0,
    eur_per_stop=2.0,
    eur_per_l_over=0.5,
)
INSTANCE = WasteInstance(COLLECTION, np.array([80.0, 30.0]), np.array([[50.0, 30.0], [70.0, 30.0]]))


def test_the_bill_by_hand() -> None:
    """Overflow, kilometres, stops and levels left add up as on paper."""
    bill = play(INSTANCE, lambda day, _: [0, 1] if day == 1 else [])
    assert bill.km == 22.0
    assert bill.stops == 2
    assert bill.over_l == 30.0
    share = price_rounds(COLLECTION).stop_eur
    assert bill.left_eur == pytest.approx(0.7 * share[0] + 0.3 * share[1])
    assert bill.cost_eur == pytest.approx(22.0 + 4.0 + 15.0 + bill.left_eur)


def test_the_policy_sees_the_morning_and_nothing_else() -> None:
    """Levels shown are those after the night, capped by the bin, and a copy."""
    seen: list[list[float]] = []

    def decide(day: int, level_l: np.ndarray) -> list[int]:
        seen.append(level_l.tolist())
        level_l[:] = 0.0
        return [0]

    play(INSTANCE, decide)
    assert seen == [[80.0, 30.0], [50.0, 60.0]]


def test_shares_pay_for_the_cheapest_rounds() -> None:
    """The bin that needs most rounds pays for them, the other its detour: 22 and 4, over 0.8."""
    share = price_rounds(COLLECTION).stop_eur
    # Rounds cost 22, 22 and 26 with 80 L a bin: bin 1 rides along with bin 0.
    assert share.tolist() == pytest.approx([27.5, 5.0])


def test_perfect_information_by_hand() -> None:
    """Emptying bin 0 on the second morning and nothing else is the least of all bills.

    On the first morning it would overflow by 20 L instead of 30, and be left full: 3.25 EUR more.
    """
    bill = perfect_information(INSTANCE)
    assert bill.stops == 1
    assert bill.over_l == 30.0
    assert bill.cost_eur == pytest.approx(22.0 + 15.0 + 0.7 * 27.5 + 0.9 * 5.0)


def test_a_second_load_is_used_when_the_truck_is_small() -> None:
    """Two full bins and a truck of one take two rounds when allowed, and are refused otherwise."""
    small = replace(COLLECTION, truck_l=100.0, loads=2)
    full = WasteInstance(small, np.array([100.0, 90.0]), np.zeros((1, 2)))
    assert play(full, lambda *_: [0, 1]).km == 40.0
    with pytest.raises(InputError, match="day 0"):
        play(replace(full, collection=replace(small, loads=1)), lambda *_: [0, 1])
    with pytest.raises(InputError, match="day 0"):
        play(full, lambda *_: [2])


@pytest.mark.parametrize("loads", [1, 2, 3])
def test_loads_are_split_best(loads: int) -> None:
    """The split into loads is the cheapest of every assignment of bins to them, if any fits."""
    (instance,) = random_instances(21, 1, bins=5, loads=loads)
    prices = price_rounds(instance.collection)
    rng = np.random.default_rng(loads)
    for _ in range(5):
        level = rng.uniform(0.0, 100.0, 5)
        best = np.inf
        for assigned in itertools.product(range(loads), repeat=5):
            subsets = [sum(1 << b for b in range(5) if assigned[b] == k) for k in range(loads)]
            full = [sum(level[b] for b in range(5) if assigned[b] == k) for k in range(loads)]
            if max(full) <= 130.0:
                best = min(best, sum(float(prices.eur[subset]) for subset in subsets))
        cost, rounds = cheapest_rounds(prices, level, 0b11111, 130.0, loads)
        assert cost == pytest.approx(best)
        assert sum(rounds) == (0b11111 if np.isfinite(best) else 0)
        assert len(rounds) <= loads


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"truck_l": 99.0}, "truck_l"),
        ({"loads": 0}, "loads"),
        ({"eur_per_km": -1.0}, "eur_per_km"),
        ({"variation": 0.0}, "variation"),
        ({"rate_l": np.array([1.0, 0.0])}, "rate_l"),
        ({"distance_km": np.zeros((2, 2))}, "distance_km"),
    ],
)
def test_an_impossible_collection_is_refused(change: dict[str, object], told: str) -> None:
    """What no truck could collect is refused with the name of the value."""
    with pytest.raises(InputError, match=told):
        replace(COLLECTION, **change)  # type: ignore[arg-type]


def test_levels_and_fills_outside_the_bins_are_refused() -> None:
    """A level above its bin and a negative fill are both told."""
    with pytest.raises(InputError) as refusal:
        WasteInstance(COLLECTION, np.array([101.0, 0.0]), np.array([[-1.0, 0.0]]))
    assert [fault.key for fault in refusal.value.faults] == ["level_l", "fill_l"]


@pytest.mark.parametrize(
    "distance", [np.zeros((14, 14)), np.zeros((1, 1)), np.zeros(4), np.full((2, 2), np.nan)]
)
def test_tours_refuse_what_they_cannot_list(distance: np.ndarray) -> None:
    """Too many places, none, or a distance that is not a number."""
    with pytest.raises(InputError):
        optimal_tours(distance)


def test_instances_do_not_depend_on_their_number() -> None:
    """Instance 1 of a seed is the same whether two or three are made."""
    two, three = random_instances(7, 2, bins=3), random_instances(7, 3, bins=3)
    assert np.array_equal(two[1].fill_l, three[1].fill_l)
    assert not np.array_equal(two[0].fill_l, two[1].fill_l)


def test_fills_have_their_mean_and_variation() -> None:
    """Daily fills have the rate for mean and 0.65 for coefficient of variation."""
    (instance,) = random_instances(3, 1, bins=2, days=40_000)
    mean, spread = instance.fill_l.mean(axis=0), instance.fill_l.std(axis=0)
    assert mean == pytest.approx(instance.collection.rate_l, rel=0.02)
    assert spread / mean == pytest.approx(0.65, rel=0.02)
