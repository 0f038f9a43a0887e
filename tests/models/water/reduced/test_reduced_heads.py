"""The reduced solver says what the plain one says, in every lane and on every network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.water.batched.refusal import NotBatched
from models.water.batched.solver import BatchedSolver
from models.water.batched.state import Solution, State, state_at
from models.water.network.network import Network, NodeKind
from models.water.network.read import read_network
from models.water.reduced.refusal import check_reduced
from models.water.reduced.solver import ReducedSolver
from models.water.reduced.structure import CORE, INNER, TREE
from tests.models.water.epanet_snapshots import networks
from tests.models.water.small_networks import CASES
from tests.models.water.tree_network import tree_network
from twin.errors import InputError

TIGHT = 1e-11
"""Sum of residual flows over sum of flows: the last few bits, so that only the methods differ."""


def shipped(name: str) -> Network:
    """Return a network shipped with WNTR; a skip where there is none."""
    pytest.importorskip("wntr")
    network = read_network(networks() / f"{name}.inp")
    return replace(network, options=replace(network.options, trials=60))


def leak_lanes(network: Network, base: Solution, state: State, count: int) -> tuple[State, object]:
    """Return one leak of 0.5 to 20 m3/h a lane, and where."""
    dice = np.random.default_rng(1)
    pressure_m = base.pressures_m(network)[:, 0]
    able = np.flatnonzero((network.nodes.kind == NodeKind.JUNCTION) & (pressure_m > 1.0))
    node = dice.choice(able, count)
    half = np.zeros((len(network.nodes), count))
    half[node, np.arange(count)] = (
        dice.uniform(0.5, 20.0, count) / 3600.0 / np.sqrt(pressure_m[node])
    )
    return replace(state, half=half), node


def agree(a: Solution, b: Solution, metres: float = 1e-6) -> None:
    """Assert that heads, flows and leaks of two solutions are the same."""
    assert np.abs(a.heads_m - b.heads_m).max() < metres
    assert np.abs(a.leak_m3s - b.leak_m3s).max() < 1e-8
    assert np.abs(a.flows_m3s - b.flows_m3s).max() < 1e-6


@pytest.mark.parametrize("name", ["Net3", "ky4", "Net6"])
def test_two_hundred_leaks(name: str) -> None:
    """Heads are the plain solver's to 1e-6 m for leaks in trees, in chains and in the core."""
    network = shipped(name)
    plain = BatchedSolver(network, accuracy=TIGHT)
    solver = ReducedSolver(network, accuracy=TIGHT)
    state = state_at(network)
    base = plain.solve(state, allow_unconverged=True)
    lanes, node = leak_lanes(network, base, state, 200)
    found = solver.solve(lanes, base, allow_unconverged=True)
    assert {CORE, TREE, INNER} <= set(solver.structure.place[node].tolist())
    exact = plain.solve(lanes, base, allow_unconverged=True)
    agree(found, plain.solve(lanes, exact, allow_unconverged=True))
    assert (found.balance < 1e-9).all()


def test_balance() -> None:
    """Flows, demands and leaks balance at every junction."""
    network = shipped("ky4")
    state = state_at(network)
    solver = ReducedSolver(network)
    base = solver.solve(state)
    lanes, _ = leak_lanes(network, base, state, 17)
    found = solver.solve(lanes, base)
    net = np.zeros_like(found.heads_m)
    np.add.at(net, network.links.end, found.flows_m3s)
    np.add.at(net, network.links.start, -found.flows_m3s)
    junction = network.nodes.kind == NodeKind.JUNCTION
    lacks = (net - found.leak_m3s - state.demand_m3s[:, None])[junction]
    assert np.abs(lacks).max() < 1e-9


def test_place_of_a_lane() -> None:
    """A lane alone and the same lane anywhere among others give the same bits."""
    network = shipped("ky4")
    state = state_at(network)
    solver = ReducedSolver(network)
    base = solver.solve(state)
    lanes, _ = leak_lanes(network, base, state, 40)
    found = solver.solve(lanes, base)
    order = np.random.default_rng(3).permutation(40)[:29]
    mixed = solver.solve(replace(lanes, half=np.ascontiguousarray(lanes.half[:, order])), base)
    for name in ("heads_m", "flows_m3s", "leak_m3s", "iterations"):
        assert np.array_equal(getattr(mixed, name), getattr(found, name)[..., order]), name


def test_observed() -> None:
    """What is observed is what all would have been, and a later solve may start from it."""
    network = shipped("ky4")
    state = state_at(network)
    solver = ReducedSolver(network)
    base = solver.solve(state)
    lanes, _ = leak_lanes(network, base, state, 19)
    found = solver.solve(lanes, base)
    nodes, links = [900, 3, 411, 57], [1000, 5, 77]
    few = ReducedSolver(network, observe=nodes, observe_links=links)
    seen = few.solve(lanes, base)
    assert np.array_equal(seen.heads_m, found.heads_m[nodes])
    assert np.array_equal(seen.flows_m3s, found.flows_m3s[links])
    assert np.abs(few.solve(lanes, seen).heads_m - seen.heads_m).max() < 1e-5


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    nodes=st.integers(3, 40),
    loops=st.integers(0, 5),
    seed=st.integers(0, 10_000),
    lanes=st.integers(1, 11),
    shared=st.booleans(),
    minor=st.booleans(),
)
def test_any_network(
    nodes: int, loops: int, seed: int, lanes: int, *, shared: bool, minor: bool
) -> None:
    """Random trees and rings give the plain solver's heads, leaks anywhere, warm and cold."""
    network = tree_network(nodes, loops, seed)
    if minor:
        network = replace(network, links=replace(network.links, minor=network.links.minor + 3.0))
    dice = np.random.default_rng(seed)
    state = state_at(network)
    count = len(network.nodes)
    half, three_halves = np.zeros((2, count, lanes))
    leaky = dice.integers(0, nodes, lanes)
    half[leaky, np.arange(lanes)] = 1e-5
    three_halves[leaky, np.arange(lanes)] = 1e-7
    state = replace(state, half=half, three_halves=three_halves)
    if not shared:
        state = replace(
            state,
            demand_m3s=state.demand_m3s[:, None] * dice.uniform(0.1, 2.0, (count, lanes)),
            fixed_head_m=178.0 + dice.uniform(-1.0, 1.0, (1, lanes)),
        )
    plain = BatchedSolver(network, accuracy=1e-10)
    solver = ReducedSolver(network, accuracy=1e-10)
    base = plain.solve(state_at(network), allow_unconverged=True)
    exact = plain.solve(state, base, allow_unconverged=True)
    agree(solver.solve(state, base, allow_unconverged=True), exact)
    cold = solver.solve(state, allow_unconverged=True)
    agree(cold, exact)
    protected = np.unique(leaky)
    kept = ReducedSolver(network, protected, [0, nodes // 2], accuracy=1e-10)
    agree(kept.solve(state, cold, allow_unconverged=True), exact)


@pytest.mark.parametrize("case", CASES)
def test_machines_and_valves(case: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Pumps, valves, emitters and check valves of the core answer as in the plain solver."""
    path = tmp_path_factory.mktemp("inp") / "small.inp"
    path.write_text(CASES[case], encoding="utf-8")
    network = read_network(path)
    plain = BatchedSolver(network, accuracy=1e-9)
    options, links = network.options, network.links
    if (
        options.headloss != "H-W"
        or options.pressure_dependent
        or links.leak_area_m2_per_m.any()
        or links.leak_expansion_m2_per_m2.any()
    ):
        with pytest.raises(NotBatched):
            ReducedSolver(network)
        return
    solver = ReducedSolver(network, accuracy=1e-9)
    state = state_at(network)
    half = np.zeros((len(network.nodes), 10))
    half[np.arange(7), np.arange(7)] = 3e-4
    lanes = replace(state, half=half)
    base = plain.solve(state)
    exact = plain.solve(lanes, base)
    agree(solver.solve(lanes, base), exact, 1e-5)
    cold = solver.solve(lanes, allow_unconverged=True)
    done = cold.converged & plain.solve(lanes, allow_unconverged=True).converged
    assert done.any()
    assert np.abs(cold.heads_m - exact.heads_m)[:, done].max() < 1e-5


def test_two_leaks_in_a_tree() -> None:
    """Two leaks of a lane in one tree are refused by name, and taken once one is protected."""
    network = tree_network(30, 0)
    solver = ReducedSolver(network)
    half = np.zeros((31, 3))
    half[[10, 20], 1] = 1e-5
    state = replace(state_at(network), half=half)
    with pytest.raises(InputError, match="N20, 1"):
        solver.solve(state)
    found = ReducedSolver(network, protected=[10, 20], accuracy=1e-10).solve(state)
    agree(found, BatchedSolver(network, accuracy=1e-10).solve(state))


def test_closed_pipes() -> None:
    """A state that closes a pipe of a tree is refused by name unless the pipe is kept."""
    network = tree_network(30, 3)
    state = state_at(network)
    closed = state.open.copy()
    closed[-1] = False
    state = replace(state, open=closed)
    with pytest.raises(InputError, match="P32"):
        ReducedSolver(network).solve(state)
    found = ReducedSolver(network, kept=[32], accuracy=1e-10).solve(state)
    agree(found, BatchedSolver(network, accuracy=1e-10).solve(state))


def test_refusals() -> None:
    """Other head losses, demands by pressure and leaking pipes are refused, each by name."""
    network = tree_network(5, 0)
    for options in ({"headloss": "D-W"}, {"pressure_dependent": True}):
        with pytest.raises(NotBatched):
            check_reduced(replace(network, options=replace(network.options, **options)))
    leaking = replace(network.links, leak_area_m2_per_m=np.full(5, 1e-7))
    with pytest.raises(NotBatched, match="P0"):
        check_reduced(replace(network, links=leaking))
