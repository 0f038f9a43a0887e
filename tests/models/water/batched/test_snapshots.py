"""What holds for every batched solve, whatever the network."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.water.batched.solver import BatchedSolver, NotConvergedError
from models.water.batched.state import Solution, State, state_at
from models.water.network.network import LinkKind, Network, NodeKind
from models.water.network.read import read_network
from tests.models.water.small_networks import CASES
from tests.models.water.tree_network import tree_network
from twin.errors import InputError

LANES = 21


def hours(network: Network, lanes: int = LANES, seed: int = 1) -> State:
    """Return lanes of different demands, tower levels and leaks."""
    dice = np.random.default_rng(seed)
    state = state_at(network)
    nodes = len(network.nodes)
    junction = (network.nodes.kind == NodeKind.JUNCTION)[:, None]
    leaky = junction & (dice.random((nodes, lanes)) < 0.05)
    return replace(
        state,
        demand_m3s=state.demand_m3s[:, None] * dice.uniform(0.2, 2.5, (nodes, lanes)),
        fixed_head_m=state.fixed_head_m[:, None] + dice.uniform(-1.0, 1.0, (1, lanes)),
        half=np.where(leaky, dice.uniform(0.0, 2e-4, (nodes, lanes)), 0.0),
        three_halves=np.where(leaky, dice.uniform(0.0, 1e-6, (nodes, lanes)), 0.0),
    )


def lane(state: State, which: int | slice) -> State:
    """Return some lanes of a state."""
    at = slice(which, which + 1) if isinstance(which, int) else which

    def cut(values: np.ndarray | None) -> np.ndarray | None:
        return values if values is None or values.ndim == 1 else np.ascontiguousarray(values[:, at])

    return State(*(cut(getattr(state, name)) for name in FIELDS))


FIELDS = ("demand_m3s", "fixed_head_m", "open", "setting", "half", "three_halves")
RESULTS = ("heads_m", "flows_m3s", "leak_m3s", "status")


def same(a: Solution, b: Solution, columns: slice | int) -> None:
    """Assert that one solution is, to the bit, some lanes of another."""
    at = slice(columns, columns + 1) if isinstance(columns, int) else columns
    for name in RESULTS:
        assert np.array_equal(getattr(a, name), getattr(b, name)[:, at]), name
    assert np.array_equal(a.iterations, b.iterations[at])


@pytest.mark.parametrize("name", ["tree", "demands on pressure", "reducing valve, active"])
def test_a_lane_alone_is_the_same_among_others(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A lane's bits depend neither on how many lanes there are nor on where it stands."""
    network = tree_network() if name == "tree" else small(name, tmp_path_factory)
    solver = BatchedSolver(network)
    state = hours(network, 64)
    whole = solver.solve(state)
    for which in (0, 5, 8, 63):
        same(solver.solve(lane(state, which)), whole, which)
    same(solver.solve(lane(state, slice(3, 40))), whole, slice(3, 40))


@given(seed=st.integers(0, 10_000), dependent=st.booleans(), which=st.integers(0, 15))
@settings(max_examples=40, deadline=None)
def test_no_lane_knows_of_its_neighbours(seed: int, dependent: bool, which: int) -> None:
    """So with check valves that shut in some lanes only, and towers below the ground."""
    network = tree_network(
        30, 6, seed, pressure_dependent=dependent, minimum_m=2.0, required_m=12.0, trials=60
    )
    dice = np.random.default_rng(seed)
    kind = np.where(dice.random(len(network.links)) < 0.3, LinkKind.CHECK_VALVE_PIPE, LinkKind.PIPE)
    kind[0] = LinkKind.PIPE
    network = replace(network, links=replace(network.links, kind=kind.astype(np.int8)))
    solver = BatchedSolver(network)
    state = hours(network, 16, seed)
    levels = dice.uniform(120.0, 178.0, (1, 16))
    state = replace(state, demand_m3s=30.0 * state.demand_m3s, fixed_head_m=levels)
    whole = solver.solve(state, allow_unconverged=True)
    same(solver.solve(lane(state, which), allow_unconverged=True), whole, which)
    again = solver.solve(state, whole, allow_unconverged=True)
    alone = solver.solve(lane(state, which), column(whole, which), allow_unconverged=True)
    same(alone, again, which)


def column(solution: Solution, which: int) -> Solution:
    """Return one lane of a solution."""

    def cut(values: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(values[..., which : which + 1])

    return Solution(*(cut(getattr(solution, each.name)) for each in fields(Solution)))


def small(name: str, factory: pytest.TempPathFactory) -> Network:
    """Return one of the small networks."""
    file = factory.mktemp("inp") / "network.inp"
    file.write_text(CASES[name])
    return read_network(file)


def gaps(network: Network, solution: Solution) -> np.ndarray:
    """Return what each junction gains or loses in each lane, m3/s; shape (junctions, lanes)."""
    net = np.zeros_like(solution.heads_m)
    np.add.at(net, network.links.end, solution.flows_m3s)
    np.subtract.at(net, network.links.start, solution.flows_m3s)
    delivered = solution.delivered_m3s
    net -= delivered if delivered.ndim == 2 else delivered[:, None]
    net -= solution.leak_m3s
    return net[network.nodes.kind == NodeKind.JUNCTION]


ROUNDING_M3S = 1e-9
"""What the rounding of heads makes of flow in a pipe without any: 4 ml/h."""


def check_mass(network: Network, solution: Solution) -> None:
    """Assert that what enters a network is what leaves it, and so at every node."""
    fixed = network.nodes.kind != NodeKind.JUNCTION
    entering = np.zeros(solution.lanes)
    for end, sign in ((network.links.start, 1.0), (network.links.end, -1.0)):
        entering += sign * (solution.flows_m3s * fixed[end][:, None]).sum(axis=0)
    gap = gaps(network, solution)
    through = np.abs(solution.flows_m3s).max(axis=0)
    assert (np.abs(gap.sum(axis=0)) <= 1e-6 * np.abs(entering) + ROUNDING_M3S).all()
    assert (np.abs(gap).max(axis=0) <= 1e-6 * through + ROUNDING_M3S).all()


@pytest.mark.parametrize("name", CASES)
def test_mass_balances_whatever_the_law(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Inflow is demand and leaks to a millionth in every lane, with every kind of link."""
    network = small(name, tmp_path_factory)
    solver = BatchedSolver(network)
    state = hours(network)
    found = solver.solve(state, allow_unconverged=True)
    assert found.converged.mean() >= 0.9
    good = np.flatnonzero(found.converged)
    kept = Solution(
        *(np.asarray(getattr(found, name))[..., good] for name in RESULT_FIELDS[:3]),
        found.delivered_m3s[..., good],
        found.status[:, good],
        *(getattr(found, name)[good] for name in RESULT_FIELDS[3:]),
    )
    check_mass(network, kept)


RESULT_FIELDS = ("heads_m", "flows_m3s", "leak_m3s", "iterations", "converged", "balance")


@given(
    nodes=st.integers(2, 40),
    loops=st.integers(0, 6),
    seed=st.integers(0, 10_000),
    dependent=st.booleans(),
    lanes=st.integers(1, 19),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_random_networks_keep_mass_and_energy(
    nodes: int, loops: int, seed: int, dependent: bool, lanes: int
) -> None:
    """On any small network mass balances and each pipe loses the head its flow asks for."""
    network = tree_network(
        nodes, loops, seed, pressure_dependent=dependent, minimum_m=5.0, required_m=30.0
    )
    found = BatchedSolver(network).solve(hours(network, lanes, seed))
    check_mass(network, found)
    links = network.links
    drop_m = found.heads_m[links.start] - found.heads_m[links.end]
    diameter = links.diameter_m / 0.3048
    r = 4.727 * links.length_m / links.roughness**1.852 / diameter**4.871
    q = found.flows_m3s / 0.3048**3
    loss_m = (r[:, None] * np.abs(q) ** 1.852) * np.sign(q)
    assert np.abs(drop_m - loss_m).max() < 2e-4


def test_a_warm_start_comes_to_the_same_heads() -> None:
    """From another solution a solve ends within a micrometre of where it ends from nothing."""
    network = tree_network()
    solver = BatchedSolver(network, accuracy=1e-9)
    state, other = hours(network), hours(network, seed=2)
    cold = solver.solve(state)
    warm = solver.solve(state, solver.solve(other))
    assert np.abs(warm.heads_m - cold.heads_m).max() < 1e-5
    again = solver.solve(state, cold)
    assert again.iterations.max() == 1


def test_shared_inputs_are_lanes_of_the_same() -> None:
    """An input given once for all lanes gives the bits it gives repeated in each."""
    network = tree_network()
    solver = BatchedSolver(network)
    state = hours(network)
    shared = replace(
        state, demand_m3s=state.demand_m3s[:, 0], fixed_head_m=state.fixed_head_m[:, 0]
    )
    spread = replace(
        shared,
        demand_m3s=np.repeat(shared.demand_m3s[:, None], LANES, axis=1),
        fixed_head_m=np.repeat(shared.fixed_head_m[:, None], LANES, axis=1),
        open=np.repeat(state.open[:, None], LANES, axis=1),
        setting=np.repeat(state.setting[:, None], LANES, axis=1),
    )
    same(solver.solve(shared), solver.solve(spread), slice(0, LANES))


def test_an_old_solution_may_be_written_over() -> None:
    """Writing into an older solution changes no bit of the answer."""
    network = tree_network()
    solver = BatchedSolver(network)
    state, other = hours(network), hours(network, seed=2)
    fresh = solver.solve(state)
    room = solver.solve(other)
    same(solver.solve(state, into=room), fresh, slice(0, LANES))
    warm = solver.solve(other, fresh)
    same(solver.solve(other, room, into=room), warm, slice(0, LANES))


def test_a_pipe_closed_in_a_lane_passes_nothing_there() -> None:
    """A lane's closed pipe carries no flow, and other lanes do not know."""
    network = tree_network(loops=6)
    solver = BatchedSolver(network)
    state = hours(network)
    is_open = np.repeat(state.open[:, None], LANES, axis=1)
    is_open[-1, 3] = False
    base = solver.solve(state)
    found = solver.solve(replace(state, open=is_open))
    assert abs(found.flows_m3s[-1, 3]) < 1e-7
    assert np.abs(found.flows_m3s[:, 3] - base.flows_m3s[:, 3]).max() > 1e-6
    others = np.arange(LANES) != 3
    assert np.abs(found.heads_m - base.heads_m)[:, others].max() < 1e-4


def test_more_leak_is_less_head() -> None:
    """A larger leak takes more water and lowers every head."""
    network = tree_network()
    solver = BatchedSolver(network, accuracy=1e-9)
    half = np.zeros((len(network.nodes), 6))
    half[40] = np.linspace(0.0, 4e-4, 6)
    found = solver.solve(replace(state_at(network), half=half))
    assert (np.diff(found.leak_m3s[40]) > 0.0).all()
    assert (np.diff(found.heads_m, axis=1) <= 1e-9).all()


def test_a_leak_above_the_water_draws_nothing() -> None:
    """Below zero pressure a leak neither lets water out nor takes any in."""
    network = tree_network()
    high = network.nodes.elevation_m.copy()
    high[30] = 190.0
    network = replace(network, nodes=replace(network.nodes, elevation_m=high))
    half = np.zeros(len(network.nodes))
    half[30] = 1e-4
    found = BatchedSolver(network).solve(replace(state_at(network), half=half, three_halves=half))
    assert found.pressures_m(network)[30, 0] < 0.0
    assert found.leak_m3s[30, 0] == 0.0


def test_demand_that_depends_on_pressure_is_never_more_than_asked() -> None:
    """Delivery rises from none to all with pressure, and stops there."""
    network = tree_network(pressure_dependent=True, minimum_m=10.0, required_m=60.0)
    solver = BatchedSolver(network)
    state = hours(network)
    found = solver.solve(state)
    junction = network.nodes.kind == NodeKind.JUNCTION
    asked = state.demand_m3s[junction]
    share = np.clip((found.pressures_m(network)[junction] - 10.0) / 50.0, 0.0, 1.0) ** 0.5
    delivered = found.delivered_m3s[junction]
    assert (delivered <= asked * (1.0 + 1e-12)).all()
    assert np.abs(delivered - asked * share).max() < 1e-8


def test_a_lane_that_does_not_converge_is_named() -> None:
    """Lanes out of trials raise an error that names them, or come back flagged when asked."""
    network = tree_network(loops=6, trials=2)
    solver = BatchedSolver(network)
    state = hours(network)
    with pytest.raises(NotConvergedError, match=r"lanes not converged.*: 0 \("):
        solver.solve(state)
    found = solver.solve(state, allow_unconverged=True)
    assert not found.converged.all()
    assert (found.balance[~found.converged] > solver.accuracy).all()


def test_a_wrong_shape_is_refused_by_name() -> None:
    """An array of the wrong number of rows or of lanes is named with what is expected."""
    network = tree_network()
    state = hours(network)
    bad = replace(state, half=np.zeros((7, LANES)), demand_m3s=state.demand_m3s[:, :3])
    with pytest.raises(InputError) as caught:
        BatchedSolver(network).solve(bad)
    assert {fault.key for fault in caught.value.faults} == {"half", "demand_m3s"}
