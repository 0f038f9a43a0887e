"""A network reduced to its core, solved in as many lanes as asked: same answers, less work."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from models.water.batched import fields as f
from models.water.batched.fields import table_of
from models.water.batched.lanes import WIDTH
from models.water.batched.refusal import check_batched
from models.water.batched.solver import ACCURACY
from models.water.batched.solver import _check as check_shapes
from models.water.batched.solver import _matrix as matrix
from models.water.batched.solver import _not_converged as not_converged
from models.water.batched.state import Solution, State
from models.water.batched.work import work_of
from models.water.network.network import Ints, Network, NodeKind
from models.water.reduced import memory
from models.water.reduced.edges import Chains, Near
from models.water.reduced.give import Wanted
from models.water.reduced.kernel import Numbers, solve_reduced
from models.water.reduced.layout import layout_of
from models.water.reduced.pockets import empty_pockets
from models.water.reduced.room import empty_room
from models.water.reduced.series import SLOPE_TERMS, TERMS
from models.water.reduced.shared import empty_shared
from models.water.reduced.start import CONFLICT, CROWDED
from models.water.reduced.structure import structure_of

LAGGED = 2
"""Steps taken with the matrix lanes share, where they share one."""


class ReducedSolver:
    def __init__(
        self,
        network: Network,
        protected: Collection[int] = (),
        kept: Collection[int] = (),
        accuracy: float = ACCURACY,
    ) -> None:
        check_batched(network)
        self.network = network
        self.accuracy = accuracy
        self.structure = structure_of(network, protected, kept)
        self.layout = layout_of(network, self.structure)
        plan, edges = self.layout.plan, self.layout.edges
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
        self._table = table_of(self._arrays)
        self.fixed: Ints = np.flatnonzero(network.nodes.kind != NodeKind.JUNCTION).astype(np.int32)
        self._lead = edges.link[edges.first[:-1]]
        self._sign = edges.sign[edges.first[:-1]].astype(np.float64)[:, None]
        self._by_row = self.layout.core_nodes[plan.arrays[f.NODE]]
        inside = np.ones(len(network.links), dtype=np.bool_)
        inside[self._lead[~np.isin(np.arange(sizes.links), edges.composite)]] = False
        self._reduced = np.flatnonzero(inside)
        count, edge_count = len(edges.link), sizes.links
        self._ranks = 1
        shared = empty_shared(plan)
        self._room = empty_room(self.layout)
        self._chains = Chains(
            np.zeros(edge_count + 1, dtype=np.int32), np.zeros(count, dtype=np.int32),
            np.zeros(count), np.zeros(count), True, np.zeros(count),
        )  # fmt: skip
        self._near = Near(
            True, shared.flow, np.zeros(count * TERMS), np.zeros(edge_count * SLOPE_TERMS),
            np.zeros(edge_count),
        )  # fmt: skip
        self._shared = shared
        self._mine = np.zeros(2 * memory.ARRAYS, dtype=np.int64)
        self._all = self._want(None, None)
        self._kept = {
            memory.TREES: self.layout.trees,
            memory.EDGES: edges,
            memory.CHAINS: self._chains,
            memory.NEAR: self._near,
            memory.SHARED: shared,
            memory.ROOM: self._room,
            memory.WANTED: self._all,
        }
        self._make_room(1)
        self._none = np.empty((0, 1))
        self._no_status = np.empty((0, 1), dtype=np.int8)
        self.lagged = LAGGED
        self.alone = None

    def _make_room(self, ranks: int) -> None:
        layout = self.layout
        self._ranks = ranks
        self._kept[memory.POCKETS] = empty_pockets(
            ranks, layout.plan.sizes.links, layout.depth, layout.longest
        )
        for first, item in self._kept.items():
            memory.enter(self._mine, first, item)

    def _want(self, nodes, links) -> Wanted:
        n, m = len(self.network.nodes), len(self.network.links)
        trees = self.layout.trees
        if nodes is None:
            return Wanted(
                np.arange(n, dtype=np.int32),
                np.arange(m, dtype=np.int32),
                np.arange(self.layout.plan.sizes.links, dtype=np.int32),
                np.arange(len(trees.node) - 1, -1, -1, dtype=np.int32),
            )
        raise NotImplementedError

    def solve(self, state: State, start: Solution | None = None, *, allow_unconverged=False):
        nodes, links = len(self.network.nodes), len(self.network.links)
        none = self._none
        inputs = [
            ("demand_m3s", matrix(state.demand_m3s), nodes),
            ("half", none if state.half is None else matrix(state.half), nodes),
            (
                "three_halves",
                none if state.three_halves is None else matrix(state.three_halves),
                nodes,
            ),
            ("fixed_head_m", matrix(state.fixed_head_m), len(self.fixed)),
            ("open", matrix(state.open, np.bool_), links),
            ("setting", matrix(state.setting), links),
        ]
        if start is not None:
            inputs += [("start", start.flows_m3s, links), ("start", start.heads_m, nodes)]
        lanes = max(array.shape[1] for _, array, _ in inputs)
        check_shapes(inputs, lanes)
        demand, half, three_halves, fixed, is_open, setting = (array for _, array, _ in inputs[:6])
        assert is_open[self._reduced].all()
        is_open, setting = is_open[self._lead], setting[self._lead]
        begin = (none, none, self._no_status)
        if start is not None:
            begin = (
                start.flows_m3s[self._lead] * self._sign,
                start.heads_m[self._by_row],
                start.status[self._lead],
            )
        lone = all(array.shape[1] == 1 for array in (demand, fixed, is_open, setting))
        shared = demand.shape[1] == 1
        lagged = self.lagged if lone and start is not None and start.lanes == 1 and lanes > WIDTH else 0
        if self._room.silent[0] >= 0 and not shared:
            self._room.silent[:] = 0
        drawn = self._chains.drawn if shared else self._room.before
        self._mine[2 * (memory.CHAINS + 4)] = drawn.ctypes.data
        self._mine[2 * (memory.CHAINS + 4) + 1] = len(drawn)
        # One piece of memory: the allocator keeps it, where it hands three back to the system.
        whole = np.empty((2 * nodes + links, lanes))
        heads, flows, leak = np.split(whole, (nodes, nodes + links))
        leak[:] = 0.0
        status = np.full((links, lanes), -1, dtype=np.int8)
        iterations = np.zeros(lanes, dtype=np.int32)
        converged = np.zeros(lanes, dtype=np.bool_)
        balance = np.full(lanes, np.nan)
        f.enter(self._table, {f.TO_ITERATIONS: iterations, f.TO_CONVERGED: converged, f.TO_BALANCE: balance})
        while True:
            numbers = Numbers(self.layout.depth, self.layout.longest, shared, lagged, self.alone if self.alone is not None else (0 if lagged else 1 if start is not None else 5), self.accuracy)
            trouble = solve_reduced(
                self.layout.plan.sizes, self._table.ctypes.data, self._mine.ctypes.data, numbers, demand, half, three_halves, fixed,
                is_open, setting, *begin, heads, flows, leak, status, converged,
            )  # fmt: skip
            if trouble[0] != CROWDED:
                break
            self._make_room(2 * self._ranks)
        if trouble[0] == CONFLICT:
            raise ValueError(trouble)
        if not allow_unconverged and not converged.all():
            raise not_converged(np.flatnonzero(~converged), balance)
        return Solution(
            heads, flows, leak, state.demand_m3s, status, iterations, converged, balance
        )
