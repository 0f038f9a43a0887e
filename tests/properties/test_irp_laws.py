"""Laws of the exact solvers: every plan listed, every policy dearer, shares that no round beats."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.waste.inventory.collection import FILL_AT_EMPTYING, membership, price_rounds
from models.waste.inventory.exact import solve_exact
from models.waste.inventory.instance import Instance
from models.waste.inventory.random_instances import random_instances
from models.waste.inventory.replay import replay
from models.waste.inventory.tours import optimal_tours
from models.waste.inventory.waste import perfect_information, play
from twin.errors import InputError, UnreachableError


@st.composite
def tiny_instances(draw: st.DrawFn) -> Instance:
    """Draw whole-number instances: a flow problem once visits are set, so whole optima exist."""
    customers = draw(st.integers(1, 3))
    whole = st.integers(0, 30)
    distance = np.array(
        [[draw(whole) for _ in range(customers + 1)] for _ in range(customers + 1)], dtype=float
    )
    room = np.array([draw(st.integers(2, 4)) for _ in range(customers)], dtype=float)
    least = np.array([draw(st.integers(0, 1)) for _ in range(customers)], dtype=float)
    stock = np.array([draw(st.integers(int(a), int(b))) for a, b in zip(least, room, strict=True)])
    return Instance(
        distance,
        draw(st.integers(1, 3 if customers < 3 else 2)),
        draw(st.integers(1, 2)),
        float(draw(st.integers(1, 6))),
        float(draw(st.integers(0, 8))),
        float(draw(st.integers(0, 4))),
        draw(st.integers(0, 4)) / 4.0,
        stock.astype(float),
        room,
        least,
        np.array([draw(st.integers(0, 2)) for _ in range(customers)], dtype=float),
        np.array([draw(st.integers(0, 4)) / 4.0 for _ in range(customers)]),
    )


def round_cost(instance: Instance, customers: tuple[int, ...]) -> float:
    """Return the least length over every order."""
    rows = [customer + 1 for customer in customers]
    return min(
        sum(instance.distance[a, b] for a, b in itertools.pairwise((0, *order, 0)))
        for order in itertools.permutations(rows)
    )


def shipping_cost(instance: Instance, brought: tuple[int, ...]) -> float:
    """Return the least routing of given quantities over every assignment to vehicles."""
    served = [customer for customer, much in enumerate(brought) if much]
    best = np.inf
    for vehicles in itertools.product(range(instance.vehicles), repeat=len(served)):
        groups = [
            tuple(c for c, v in zip(served, vehicles, strict=True) if v == vehicle)
            for vehicle in range(instance.vehicles)
        ]
        if all(sum(brought[c] for c in group) <= instance.vehicle_capacity for group in groups):
            best = min(best, sum(round_cost(instance, group) for group in groups if group))
    return best


def listed_optimum(instance: Instance) -> float:
    """Return the least cost over every whole-number plan, by recursion on stocks."""

    @cache
    def shipped(brought: tuple[int, ...]) -> float:
        return shipping_cost(instance, brought)

    @cache
    def rest(period: int, own: int, stock: tuple[int, ...]) -> float:
        if period == instance.periods:
            return 0.0
        room = [range(int(u) - s + 1) for u, s in zip(instance.room, stock, strict=True)]
        best = np.inf
        for brought in itertools.product(*room):
            after = tuple(
                s + q - int(d) for s, q, d in zip(stock, brought, instance.demand, strict=True)
            )
            if sum(brought) > own or any(a < m for a, m in zip(after, instance.least, strict=True)):
                continue
            left = own - sum(brought) + int(instance.production)
            held = instance.supplier_holding * left + float(instance.holding @ np.array(after))
            best = min(best, shipped(brought) + held + rest(period + 1, left, after))
        return best

    return rest(0, int(instance.supplier_stock), tuple(int(s) for s in instance.stock))


@settings(max_examples=40, deadline=None)
@given(tiny_instances())
def test_every_plan_listed(instance: Instance) -> None:
    """The solver's optimum is the least of every whole-number plan, or both find none.

    The listing also skips visits that bring nothing, which a triangle inequality broken by the
    drawn distances can make worth their while: the optimum may then only be lower.
    """
    listed = listed_optimum(instance)
    try:
        solution = solve_exact(instance)
    except UnreachableError:
        assert listed == np.inf
        return
    if shortcuts_are_shorter(instance):
        assert abs(solution.cost.total - listed) < 1e-6 * max(1.0, listed)
    else:
        assert solution.cost.total <= listed + 1e-6
    assert replay(instance, solution.plan) == solution.cost


def shortcuts_are_shorter(instance: Instance) -> bool:
    """Return whether leaving a customer out never lengthens a round."""
    length = optimal_tours(instance.distance).length
    subsets = range(len(length))
    return all(length[part] <= length[whole] for whole in subsets for part in parts(whole))


def parts(subset: int) -> Iterator[int]:
    """Yield every part of a subset."""
    part = subset
    while part:
        part = (part - 1) & subset
        yield part


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10_000), st.integers(1, 3), st.integers(1, 2), st.sampled_from([0.0, 0.1, 1.0])
)
def test_every_schedule_listed(seed: int, bins: int, loads: int, penalty: float) -> None:
    """Perfect information is the least bill over every schedule of three days, each one played."""
    (instance,) = random_instances(
        seed, 1, bins=bins, days=3, loads=loads, median_share=0.4, eur_per_l_over=penalty
    )
    prices = price_rounds(instance.collection)
    choices = [tuple(np.flatnonzero(row).tolist()) for row in membership(bins)]
    best = np.inf
    for schedule in itertools.product(choices, repeat=3):
        try:
            bill = play(instance, lambda day, _, plan=schedule: plan[day], prices)  # type: ignore[misc]
        except InputError:
            continue
        best = min(best, bill.cost_eur)
    assert abs(perfect_information(instance, prices).cost_eur - best) < 1e-6 * best


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 6))
def test_shares_are_never_beaten_and_pay_in_full(seed: int, bins: int) -> None:
    """No usual round costs less than its bins are charged, and each bin is in one that costs it."""
    (instance,) = random_instances(seed, 1, bins=bins, days=1)
    collection = instance.collection
    prices = price_rounds(collection)
    member = membership(bins)
    possible = FILL_AT_EMPTYING * member @ collection.capacity_l <= collection.truck_l
    spare = prices.eur - FILL_AT_EMPTYING * member @ prices.stop_eur
    assert np.all(spare[possible] >= -1e-7)
    paid = member[possible & (spare < 1e-6)].any(axis=0)
    assert np.all(paid)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 5), st.integers(0, 10_000))
def test_tours_are_the_best_of_every_order(places: int, seed: int) -> None:
    """Each subset's tour is the shortest of its permutations, and its order has that length."""
    rng = np.random.default_rng(seed)
    distance = rng.integers(0, 50, (places + 1, places + 1)).astype(float)
    tours = optimal_tours(distance)
    for subset in range(1, 1 << places):
        rows = [i + 1 for i in range(places) if subset >> i & 1]
        lengths = {
            order: sum(distance[a, b] for a, b in itertools.pairwise((0, *order, 0)))
            for order in itertools.permutations(rows)
        }
        assert tours.length[subset] == min(lengths.values())
        assert lengths[tours.order(subset)] == tours.length[subset]
