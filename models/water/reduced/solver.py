"""A network reduced to its core, solved in as many lanes as asked: same answers, less work."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.water.batched import fields as f
from models.water.batched.lanes import WIDTH
from models.water.batched.solver import ACCURACY, NotConvergedError
from models.water.batched.state import Solution, State
from models.water.batched.work import work_of
from models.water.network.network import Floats, Ints, Network, NodeKind
from models.water.reduced import memory
from models.water.reduced.edges import Chains, Near
from models.water.reduced.give import wanted_for
from models.water.reduced.inputs import Inputs, inputs_of
from models.water.reduced.kernel import Numbers, solve_reduced
from models.water.reduced.layout import layout_of
from models.water.reduced.pockets import empty_pockets
from models.water.reduced.refusal import check_reduced, closed_pipes, crossing_leaks
from models.water.reduced.room import empty_room
from models.water.reduced.series import SLOPE_TERMS, TERMS
from models.water.reduced.shared import empty_shared
from models.water.reduced.start import CONFLICT, CROWDED
from models.water.reduced.structure import structure_of
from twin.errors import RunError

LAGGED = 1
"""Steps taken with the matrix lanes share, where they share one."""

_NAMED = 10
_STALE = "numba's cache is older than the code: delete __pycache__/*.nb[ic] under models/water"


@dataclass(frozen=True, eq=False)
class ReducedSolution(Solution):
    """Hydraulics of each lane at the nodes and links observed, in the order asked.

    Attributes
    ----------
    core_heads_m, core_flows_m3s, core_status
        What a later solve starts from, of the core alone.
    """

    core_heads_m: Floats
    core_flows_m3s: Floats
    core_status: NDArray[np.int8]

    @property
    def lanes(self) -> int:
        """Return the number of lanes."""
        return len(self.iterations)


class ReducedSolver:
    """Solve snapshots of a network, trees and chains taken for what they are.

    Takes and gives what :class:`models.water.batched.solver.BatchedSolver` does. A lane may have
    leaks at any node of the core, and one in each tree and in each chain; several in one need
    `protected`.

    Parameters
    ----------
    network
        What `check_batched` takes, with Hazen-Williams losses and demands that do not depend on
        pressure.
    protected
        Nodes kept in the core: those that leak in many lanes, or two in one tree or chain.
    kept
        Links kept as they are, beside pumps, valves, check valves, closed pipes and those that a
        control commands: those a state closes in some lane.
    observe, observe_links
        Nodes and links to give results of, in this order; all where None.
    accuracy
        As of the batched solver.

    Attributes
    ----------
    fixed : NDArray[np.int32]
        Reservoirs and tanks, in node order: what `State.fixed_head_m` gives the heads of.
    structure : Structure
        Which node and link is where.

    Raises
    ------
    NotBatched
        With everything about the network that cannot be taken.
    """

    def __init__(
        self,
        network: Network,
        protected: Collection[int] = (),
        kept: Collection[int] = (),
        *,
        observe: Collection[int] | None = None,
        observe_links: Collection[int] | None = None,
        accuracy: float = ACCURACY,
    ) -> None:
        check_reduced(network)
        self.network = network
        self.accuracy = accuracy
        self.structure = structure_of(network, protected, kept)
        self.fixed: Ints = np.flatnonzero(network.nodes.kind != NodeKind.JUNCTION).astype(np.int32)
        self._layout = layout = layout_of(network, self.structure)
        plan, edges = layout.plan, layout.edges
        sizes = plan.sizes
        self._arrays = plan.arrays | work_of(
            sizes.unknowns,
            sizes.fixed,
            sizes.links,
            sizes.links - sizes.pipes,
            len(plan.arrays[f.BELOW]),
            sizes.emitters,
        )
        self._arrays[f.SLOW][: len(edges.other)] = edges.other
        self._table = f.table_of(self._arrays)
        self._lead = edges.link[edges.first[:-1]]
        self._sign = edges.sign[edges.first[:-1]].astype(np.float64)[:, None]
        self._by_row = layout.core_nodes[plan.arrays[f.NODE]]
        single = np.ones(len(network.links), dtype=np.bool_)
        single[self._lead[edges.composite]] = False
        inside = np.isin(np.arange(len(network.links)), self._lead[single[self._lead]], invert=True)
        self._reduced: Ints = np.flatnonzero(inside).astype(np.int32)
        self._observed = observe is not None or observe_links is not None
        self._wanted = wanted_for(layout, _positions(observe), _positions(observe_links))
        self._memory: dict[int, Any] = self._take_memory()
        self._mine = np.zeros(2 * memory.ARRAYS, dtype=np.int64)
        self._ranks = 0
        self._make_room(1)

    def _take_memory(self) -> dict[int, Any]:
        layout = self._layout
        links, edges = len(layout.edges.link), layout.plan.sizes.links
        shared = empty_shared(layout.plan)
        chains = Chains(
            first=np.zeros(edges + 1, dtype=np.int32),
            segment=np.zeros(links, dtype=np.int32),
            r=np.zeros(links),
            minor=np.zeros(links),
            shared=True,
            drawn=np.zeros(links),
        )
        near = Near(
            usable=True,
            base=shared.flow,
            loss=np.zeros(links * TERMS),
            conductance=np.zeros(edges * SLOPE_TERMS),
            reach=np.zeros(edges),
        )
        return {
            memory.TREES: layout.trees,
            memory.EDGES: layout.edges,
            memory.CHAINS: chains,
            memory.NEAR: near,
            memory.SHARED: shared,
            memory.ROOM: empty_room(layout),
            memory.WANTED: self._wanted,
        }

    def _make_room(self, ranks: int) -> None:
        """Take memory for so many leaks of a lane outside the core."""
        layout = self._layout
        self._ranks = ranks
        self._memory[memory.POCKETS] = empty_pockets(
            ranks, layout.plan.sizes.links, layout.depth, layout.longest
        )
        for first, item in self._memory.items():
            memory.enter(self._mine, first, item)

    def solve(
        self,
        state: State,
        start: Solution | None = None,
        *,
        allow_unconverged: bool = False,
        into: Solution | None = None,
    ) -> Solution:
        """Return the hydraulics of every lane.

        Parameters
        ----------
        state
            The lanes; their number is that of the widest array.
        start
            Solution to begin from: of one lane, or of as many. From one lane, and with demands,
            fixed heads, statuses and settings that all lanes share, lanes that differ by a leak
            share their first matrix.
        allow_unconverged
            Return lanes that have not converged, flagged, instead of raising.
        into
            An older solution of this solver and as many lanes, to be written over.

        Raises
        ------
        NotConvergedError
            Lanes have not converged within the network's trials.
        InputError
            An array has not the shape it should, a state closes a pipe of a tree or chain, or two
            leaks of a lane are in one tree or chain.
        """
        given = inputs_of(self.network, state, len(self.fixed))
        closed_pipes(self.network, given.is_open, self._reduced)
        begin, columns = self._begin(start)
        lanes = max(given.lanes, columns)
        found = self._found(state, lanes, into)
        lone = given.lone and columns == 1 and lanes > WIDTH
        core_open, core_setting = given.is_open[self._lead], given.setting[self._lead]
        self._enter(given, found)
        while True:
            trouble, node, lane = solve_reduced(
                self._layout.plan.sizes,
                self._table.ctypes.data,
                self._mine.ctypes.data,
                Numbers(
                    self._layout.depth,
                    self._layout.longest,
                    given.demand.shape[1] == 1,
                    LAGGED if lone else 0,
                    self.accuracy,
                    f.FIELDS + memory.ARRAYS,
                ),
                given.demand,
                given.half,
                given.three_halves,
                given.fixed,
                core_open,
                core_setting,
                *begin,
                found.heads_m,
                found.flows_m3s,
                found.leak_m3s,
                found.status,
                found.converged,
                *_cores(found),
            )
            if trouble != CROWDED:
                break
            self._make_room(2 * self._ranks)
        if trouble == CONFLICT:
            raise crossing_leaks(self.network, node, lane)
        if trouble < 0:
            raise RunError(_STALE)
        if not allow_unconverged and not found.converged.all():
            raise _not_converged(found)
        return found

    def _begin(self, start: Solution | None) -> tuple[tuple[Floats, Floats, NDArray[np.int8]], int]:
        """Return flows, heads and statuses of the core to begin from, and their columns."""
        if start is None:
            none = np.empty((0, 1))
            return (none, none, np.empty((0, 1), dtype=np.int8)), 0
        if isinstance(start, ReducedSolution):
            cores = start.core_flows_m3s, start.core_heads_m, start.core_status
            return cores, start.lanes
        flows = start.flows_m3s[self._lead] * self._sign
        return (flows, start.heads_m[self._by_row], start.status[self._lead]), start.lanes

    def _found(self, state: State, lanes: int, into: Solution | None) -> Solution:
        """Return memory for results."""
        wanted = self._wanted
        nodes, links = int(wanted.node.max(initial=-1)) + 1, int(wanted.link.max(initial=-1)) + 1
        if into is not None and into.heads_m.shape == (nodes, lanes):
            into.leak_m3s[:] = 0.0
            into.converged[:] = False
            return replace(into, delivered_m3s=state.demand_m3s)
        # One piece of memory: the allocator keeps it, where it hands three back to the system.
        whole = np.empty((2 * nodes + links, lanes))
        heads, flows, leak = np.split(whole, (nodes, nodes + links))
        leak[:] = 0.0
        found = Solution(
            heads_m=heads,
            flows_m3s=flows,
            leak_m3s=leak,
            delivered_m3s=state.demand_m3s,
            status=np.full((links, lanes), -1, dtype=np.int8),
            iterations=np.zeros(lanes, dtype=np.int32),
            converged=np.zeros(lanes, dtype=np.bool_),
            balance=np.full(lanes, np.nan),
        )
        if not self._observed:
            return found
        sizes = self._layout.plan.sizes
        return ReducedSolution(
            **vars(found),
            core_heads_m=np.empty((sizes.unknowns + sizes.fixed, lanes)),
            core_flows_m3s=np.empty((sizes.links, lanes)),
            core_status=np.full((sizes.links, lanes), -1, dtype=np.int8),
        )

    def _enter(self, given: Inputs, found: Solution) -> None:
        """Write into the tables what is of this call."""
        f.enter(
            self._table,
            {
                f.TO_ITERATIONS: found.iterations,
                f.TO_CONVERGED: found.converged,
                f.TO_BALANCE: found.balance,
            },
        )
        room, chains = self._memory[memory.ROOM], self._memory[memory.CHAINS]
        drawn = chains.drawn
        if given.demand.shape[1] > 1:
            room.silent[:] = 0
            drawn = room.before
        memory.enter(self._mine, memory.CHAINS + 4, (drawn,))


def _positions(items: Collection[int] | None) -> Ints | None:
    return None if items is None else np.array(list(items), dtype=np.int32)


def _cores(found: Solution) -> tuple[Floats, Floats, NDArray[np.int8]]:
    """Return room for the core's heads, flows and statuses, empty where they are not kept."""
    if isinstance(found, ReducedSolution):
        return found.core_heads_m, found.core_flows_m3s, found.core_status
    none = np.empty((0, 1))
    return none, none, np.empty((0, 1), dtype=np.int8)


def _not_converged(found: Solution) -> NotConvergedError:
    lanes = np.flatnonzero(~found.converged)
    named = ", ".join(f"{lane} ({found.balance[lane]:.1e})" for lane in lanes[:_NAMED])
    more = "" if len(lanes) <= _NAMED else f", ... ({len(lanes)})"
    return NotConvergedError(f"lanes not converged, with what they lack: {named}{more}")
