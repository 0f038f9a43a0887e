"""Inventory routing: the solver, the perfect-information bound, the rolling policy's gap to it.

Instances of the waste version: eight bins, ten days, seed 200, never used to tune the policy.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from models.waste.inventory.collection import RoundPrices, price_rounds
from models.waste.inventory.exact import solve_exact
from models.waste.inventory.instance import Instance, rounded_euclid
from models.waste.inventory.random_instances import random_instances
from models.waste.inventory.rolling import rolling
from models.waste.inventory.waste import Bill, WasteInstance, perfect_information, play
from tests.bench.record import Bar, cpu_s, record

SEED, COUNT = 200, 20

pytestmark = pytest.mark.bench


@cache
def instances() -> list[tuple[WasteInstance, RoundPrices, Bill]]:
    """Return the instances with their bounds."""
    made = []
    for instance in random_instances(SEED, COUNT):
        prices = price_rounds(instance.collection)
        made.append((instance, prices, perfect_information(instance, prices)))
    return made


def test_bench_irp_optimum(benchmark: BenchmarkFixture) -> None:
    """Five customers, three periods, two vehicles: a proven optimum in less than 10 CPU seconds."""
    rng = np.random.default_rng(5)
    place = rng.uniform(0.0, 500.0, (2, 6))
    demand = rng.integers(10, 70, 5).astype(float)
    instance = Instance(
        rounded_euclid(*place),
        periods=3,
        vehicles=2,
        vehicle_capacity=float(np.floor(0.75 * demand.sum())),
        supplier_stock=2.5 * demand.sum(),
        production=demand.sum(),
        supplier_holding=0.3,
        stock=demand,
        room=3.0 * demand,
        least=np.zeros(5),
        demand=demand,
        holding=rng.uniform(0.1, 0.5, 5),
    )
    solution = benchmark.pedantic(solve_exact, (instance,), rounds=1)
    stock = instance.stock + np.cumsum(solution.plan.delivery - demand, axis=0)
    assert np.all(stock >= -1e-6)
    spent_s = cpu_s(lambda: solve_exact(instance), 3)
    record(
        benchmark,
        work=1,
        unit="proven optima (5 customers, 3 periods, 2 vehicles)",
        spent_s=spent_s,
        bars=(Bar("CPU s", spent_s, at_most=10.0),),
    )


def test_bench_perfect_information(benchmark: BenchmarkFixture) -> None:
    """Eight bins over ten days with every fill known: less than 5 CPU seconds an instance."""
    bounds = benchmark.pedantic(instances, rounds=1)
    assert len(bounds) == COUNT
    for instance, _, bill in bounds:
        assert instance.fill_l.shape == (10, 8)
        assert bill.stops > 0

    def work() -> None:
        for instance, prices, _ in bounds:
            perfect_information(instance, prices)

    spent_s = cpu_s(work, 1)
    record(
        benchmark,
        work=COUNT,
        unit="proven optima (8 bins, 10 days)",
        spent_s=spent_s,
        bars=(Bar("CPU s an instance", spent_s / COUNT, at_most=5.0),),
    )


def test_bench_rolling_gap(benchmark: BenchmarkFixture) -> None:
    """The rolling policy is at most 10 % above perfect information, on average."""
    gaps: list[float] = []

    def work() -> None:
        gaps.clear()
        for instance, prices, bound in instances():
            decide = rolling(instance.collection, prices, ends_after_days=instance.days)
            gaps.append(play(instance, decide, prices).cost_eur / bound.cost_eur - 1.0)

    instances()
    benchmark.pedantic(work, rounds=1)
    spent_s = cpu_s(work, 1)
    assert len(gaps) == COUNT
    assert min(gaps) >= -1e-9
    record(
        benchmark,
        work=COUNT * 10,
        unit="mornings planned (8 bins)",
        spent_s=spent_s,
        bars=(Bar("mean gap", float(np.mean(gaps)), at_most=0.10),),
        notes={"worst gap": max(gaps), "standard error": float(np.std(gaps) / COUNT**0.5)},
    )
