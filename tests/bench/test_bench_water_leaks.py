"""Leak snapshots: all at once here, one by one in EPANET's libraries, side by side in one run.

A snapshot is a network's first instant with one more emitter, from the solution without it. EPANET
is warm as well: a changed emitter, initH that keeps the flows, runH, at an accuracy of 1e-5. Its
fastest library here is epanet-plus's (2.3.6, optimised); WNTR ships one built without optimisation.
All times are CPU seconds of one thread.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from models.water.batched.solver import BatchedSolver
from models.water.batched.state import state_at
from models.water.network.network import NodeKind
from models.water.network.read import read_network
from tests.bench.record import Bar, cpu_s, record
from tests.models.water.epanet_snapshots import (
    Snapshots,
    networks,
    plus_library,
    wntr_library,
)
from tests.models.water.rural.made_up_ground import zones
from tests.models.water.tree_network import tree_network

pytestmark = pytest.mark.bench

PROTOTYPE_US = {"Net3": 11.5, "ky4": 76.6, "Net6": 344.0}
LEAKS = {"Net3": 200, "ky4": 200, "Net6": 64}
ROUNDS = 7


def one_by_one(
    library: Path, name: str, node: np.ndarray, half: np.ndarray
) -> tuple[float, np.ndarray]:
    """Return CPU seconds of all leaks in an EPANET library, and the heads of each."""
    with Snapshots(library, networks() / f"{name}.inp") as epanet:
        epanet.run()

        def work() -> None:
            for at, coefficient in zip(node, half, strict=True):
                epanet.set_half(at, coefficient)
                epanet.run(warm=True)
                epanet.set_half(at, 0.0)

        spent_s = cpu_s(work, rounds=3)
        heads = []
        for at, coefficient in zip(node, half, strict=True):
            epanet.set_half(at, coefficient)
            epanet.run()
            heads.append(epanet.heads_m())
            epanet.set_half(at, 0.0)
    return spent_s, np.array(heads).T


@pytest.mark.parametrize("name", LEAKS)
def test_leak_snapshots(benchmark: BenchmarkFixture, name: str) -> None:
    """Ten times the library of WNTR, three times epanet-plus, heads within 1 mm of it cold."""
    pytest.importorskip("wntr")
    network = read_network(networks() / f"{name}.inp")
    solver = BatchedSolver(network)
    state = state_at(network)
    base = solver.solve(state)
    count = LEAKS[name]
    dice = np.random.default_rng(1)
    pressure_m = base.pressures_m(network)[:, 0]
    able = np.flatnonzero((network.nodes.kind == NodeKind.JUNCTION) & (pressure_m > 1.0))
    node = dice.choice(able, count)
    half = dice.uniform(0.5, 20.0, count) / 3600.0 / np.sqrt(pressure_m[node])
    leaks = np.zeros((len(network.nodes), count))
    leaks[node, np.arange(count)] = half
    lanes = replace(state, half=leaks)
    found = solver.solve(lanes, base)
    benchmark.pedantic(solver.solve, (lanes, base), {"into": found}, rounds=ROUNDS)
    warm_s = cpu_s(lambda: solver.solve(lanes, base, into=found), rounds=ROUNDS)
    fresh_s = cpu_s(lambda: solver.solve(lanes, base), rounds=ROUNDS)
    cold_s = cpu_s(lambda: solver.solve(lanes), rounds=ROUNDS)
    wntr_s, _ = one_by_one(wntr_library(), name, node, half)
    plus_s, heads_m = one_by_one(plus_library(), name, node, half)
    assert found.converged.all()
    assert (found.leak_m3s[node, np.arange(count)] > 0.0).all()
    bars = (
        Bar("times the library of WNTR", wntr_s / warm_s, at_least=10.0),
        Bar("times epanet-plus", plus_s / warm_s, at_least=3.0),
        Bar("us a snapshot", warm_s / count * 1e6, at_most=PROTOTYPE_US[name]),
        Bar(
            "m, largest head difference", float(np.abs(found.heads_m - heads_m).max()), at_most=1e-3
        ),
    )
    notes = {
        "us a snapshot, memory taken anew": fresh_s / count * 1e6,
        "us a snapshot, cold": cold_s / count * 1e6,
        "us in epanet-plus, warm": plus_s / count * 1e6,
        "us in the library of WNTR, warm": wntr_s / count * 1e6,
        "linear systems a snapshot, mean": float(found.iterations.mean()),
    }
    record(
        benchmark,
        work=count,
        unit=f"leak snapshots of {name}",
        spent_s=warm_s,
        bars=bars,
        reference=("epanet-plus, warm", count / plus_s),
        notes=notes,
    )


@pytest.mark.parametrize("lanes", [24, 168])
def test_hours_of_a_rural_zone(benchmark: BenchmarkFixture, lanes: int) -> None:
    """The hours of a zone of 100 nodes: at most 8 us each, a year of 241 zones under 30 s."""
    network = tree_network(100, 2)
    solver = BatchedSolver(network)
    state = state_at(network)
    dice = np.random.default_rng(2)
    half, three_halves = np.zeros((2, len(network.nodes)))
    leaky = dice.choice(100, 5, replace=False)
    half[leaky], three_halves[leaky] = 5e-5, 4e-7

    def hours(factor: np.ndarray) -> object:
        return replace(
            state,
            demand_m3s=state.demand_m3s[:, None] * factor,
            fixed_head_m=178.0 + dice.uniform(-1.0, 1.0, (1, lanes)),
            half=half,
            three_halves=three_halves,
        )

    factor = dice.uniform(0.2, 2.5, (len(network.nodes), lanes))
    yesterday = solver.solve(hours(factor))
    today = hours(factor * dice.uniform(0.8, 1.25, factor.shape))
    found = solver.solve(today, yesterday)
    benchmark.pedantic(solver.solve, (today, yesterday), {"into": found}, rounds=ROUNDS)
    warm_s = cpu_s(lambda: solver.solve(today, yesterday, into=found), rounds=30)
    cold_s = cpu_s(lambda: solver.solve(today, into=found), rounds=30)
    assert found.converged.all()
    leaving = np.asarray(found.delivered_m3s)[:-1].sum(axis=0) + found.leak_m3s.sum(axis=0)
    assert np.abs(found.flows_m3s[0] - leaving).max() < 1e-6 * leaving.min()
    each_us = warm_s / lanes * 1e6
    bars = (
        Bar("us an hour", each_us, at_most=8.0),
        Bar("s, a year of 241 zones", each_us * 241 * 8_760 / 1e6, at_most=30.0),
    )
    notes = {
        "us an hour, cold": cold_s / lanes * 1e6,
        "linear systems an hour, mean": float(found.iterations.mean()),
    }
    record(
        benchmark,
        work=lanes,
        unit=f"hours of a zone of 100 nodes, {lanes} at once",
        spent_s=warm_s,
        bars=bars,
        notes=notes,
    )


@pytest.mark.parametrize("which", [1, 2], ids=["103 nodes, 9 reducing valves", "113 nodes"])
def test_days_of_a_made_up_zone(benchmark: BenchmarkFixture, which: int) -> None:
    """A day of the rural networks the study uses: at most 8 us an hour, valves at work included."""
    network = zones()[which].network
    solver = BatchedSolver(network)
    days = [state_at(network, 3_600 * hour) for hour in range(24)]
    demand = np.stack([hour.demand_m3s for hour in days], axis=1)
    dice = np.random.default_rng(3)
    yesterday = solver.solve(replace(days[0], demand_m3s=demand))
    today = replace(days[0], demand_m3s=demand * dice.uniform(0.8, 1.25, demand.shape))
    found = solver.solve(today, yesterday)
    benchmark.pedantic(solver.solve, (today, yesterday), {"into": found}, rounds=ROUNDS)
    warm_s = cpu_s(lambda: solver.solve(today, yesterday, into=found), rounds=30)
    assert found.converged.all()
    record(
        benchmark,
        work=24,
        unit="hours of a made-up zone",
        spent_s=warm_s,
        bars=(Bar("us an hour", warm_s / 24 * 1e6, at_most=8.0),),
        notes={"linear systems an hour, mean": float(found.iterations.mean())},
    )


def test_the_price_of_a_call(benchmark: BenchmarkFixture) -> None:
    """A solve of two nodes and one lane costs less than 50 us: what Python asks for a call."""
    network = tree_network(2, 0)
    solver = BatchedSolver(network)
    state = state_at(network)
    found = solver.solve(state)
    calls = 1_000

    def work() -> None:
        for _ in range(calls):
            solver.solve(state, found)

    benchmark.pedantic(work, rounds=3)
    spent_s = cpu_s(work, rounds=5)
    assert solver.solve(state, found).iterations[0] == 1
    bars = (Bar("us a call", spent_s / calls * 1e6, at_most=50.0),)
    record(benchmark, work=calls, unit="calls", spent_s=spent_s, bars=bars)
