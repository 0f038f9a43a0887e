"""From a problem in euros and seconds to the whole numbers of the compiled search.

Quanta are powers of two, so whole numbers stay exact. The largest arc takes 28 bits: a cost is
rounded by at most 2^-29 of the dearest arc, a working time likewise. What is told of a plan is
computed again from the problem itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from twin.routing.kernel import layout
from twin.routing.kernel.layout import Data, State
from twin.routing.problem import Problem, Vehicle

NEAREST = 80
"""Neighbours kept of each stop."""
EXACT_LOAD = float(1 << 40)
LONGEST_WORK = float(1 << 50)


@dataclass(frozen=True)
class Prepared:
    """A problem in whole numbers: `cost_quantum` is the cost of one."""

    data: Data
    cost_quantum: float
    locations: NDArray[np.int64]
    """Location of each node."""

    @property
    def n_stops(self) -> int:
        """Number of stops: the nodes from there on are gates and dumps."""
        return len(self.data.stops)


def prepare(problem: Problem) -> Prepared:
    """Return `problem` in whole numbers."""
    stops, vehicles = problem.stops, problem.vehicles
    n = len(stops)
    gates = sorted({place for kind in vehicles for place in (kind.start, kind.end)})
    dumps = sorted({place for kind in vehicles for place in kind.dumps})
    gate_node = {place: n + i for i, place in enumerate(gates)}
    dump_node = {place: n + len(gates) + i for i, place in enumerate(dumps)}
    locations = np.concatenate([stops.location, np.array(gates + dumps, dtype=np.int64)])
    sheets = list(dict.fromkeys(_sheet(kind) for kind in vehicles))
    timed = any(math.isfinite(kind.work_s) for kind in vehicles)
    extra_s = np.zeros((len(sheets), len(locations)))
    extra_s[:, :n] = stops.service_s
    for s, sheet in enumerate(sheets):
        extra_s[s, n + len(gates) :] = sheet[2]
    prices = np.array([sheet[:2] for sheet in sheets])
    costs, longest = _gather(problem.distance_m, problem.time_s, locations, prices, extra_s)
    fixed = max(kind.fixed_cost for kind in vehicles)
    quantum = max(
        _quantum(float(costs.max()), layout.ARC_LIMIT), _quantum(fixed, layout.FIXED_LIMIT)
    )
    arcs = _both_ways(costs, quantum)
    times, second = np.zeros((1, 1, 2, 1), dtype=np.int32), 1.0
    if timed:
        second = _quantum(longest, layout.ARC_LIMIT)
        seconds, _ = _gather(
            problem.distance_m,
            problem.time_s,
            locations,
            np.array([(0.0, 1.0)] * len(sheets)),
            extra_s,
        )
        times = _both_ways(seconds, second)
    unit = _quantum(max(kind.capacity for kind in vehicles), EXACT_LOAD)
    via = _best_dumps(arcs, sheets, dump_node)
    table = np.empty((n, layout.STOP_COLUMNS), dtype=np.int64)
    table[:, layout.DEMAND] = np.rint(np.minimum(stops.demand / unit, 4.0 * EXACT_LOAD))
    prizes = np.minimum(stops.prize / quantum, layout.PRIZE_LIMIT)
    table[:, layout.PRIZE] = np.rint(prizes)
    required = np.isinf(stops.prize)
    # A little dearer for the bulky: when vehicles are full, what is left out is small.
    bulk = 1.0 + np.minimum(stops.demand / max(kind.capacity for kind in vehicles), 1.0)
    table[required, layout.PRIZE] = (layout.REQUIRED * bulk[required]).astype(np.int64)
    table[:, layout.NEEDS] = stops.skills
    fleet = np.array(
        [_fleet_row(kind, gate_node, sheets, quantum, second, unit, n) for kind in vehicles],
        dtype=np.int64,
    )
    start, end = fleet[0, layout.START], fleet[0, layout.END]
    far = arcs[0, :n, layout.INTO, start].astype(np.int64) + arcs[0, :n, layout.OUT, end]
    table[:, layout.FAR] = far
    near = np.empty((n, min(n, NEAREST)), dtype=np.uint16)
    _nearest(arcs, near)
    data = Data(arcs, times, via, near, table, fleet, n + len(gates))
    return Prepared(data, quantum, locations)


def new_state(data: Data) -> State:
    """Return the empty state of a search."""
    n, nodes = len(data.stops), data.arcs.shape[1]
    counts = np.minimum(data.fleet[:, layout.COUNT], n)
    rounds = int(min(n, counts.sum())) + 1
    loads = bool(data.fleet[:, layout.HAS_DUMPS].any())
    width = (2 * n if loads else n) + 3
    heavy = (rounds, width) if loads else (1, 1)
    tour = (rounds, layout.TOUR_COLUMNS)
    place = np.full((nodes, 2), layout.ABSENT, dtype=np.int32)
    return State(
        rows=np.empty((rounds, width), dtype=np.uint16),
        gaps=np.empty((rounds, width), dtype=np.int32),
        holds=np.empty(heavy, dtype=np.int64),
        aboard=np.empty(heavy, dtype=np.int64),
        tour=np.zeros(tour, dtype=np.int64),
        place=place,
        order=np.arange(rounds, dtype=np.int32),
        used=np.zeros(len(data.fleet), dtype=np.int64),
        touched=np.empty(rounds, dtype=np.int32),
        stamp=np.zeros(rounds, dtype=np.int64),
        able=np.empty(rounds + 1, dtype=np.int32),
        hand=np.empty(n + 1, dtype=np.int32),
        key=np.empty(n + 1, dtype=np.int64),
        sums=np.zeros(layout.SUMS, dtype=np.int64),
        old_rows=np.empty((rounds, width), dtype=np.uint16),
        old_gaps=np.empty((rounds, width), dtype=np.int32),
        old_tour=np.zeros(tour, dtype=np.int64),
        old_order=np.empty(rounds, dtype=np.int32),
        old_used=np.empty(len(data.fleet), dtype=np.int64),
        best_rows=np.empty((rounds, width), dtype=np.uint16),
        best_tour=np.zeros(tour, dtype=np.int64),
        scratch=np.zeros((4, width), dtype=np.int64),
    )


def _sheet(kind: Vehicle) -> tuple[float, float, float, tuple[int, ...]]:
    return kind.cost_per_m, kind.cost_per_s, kind.dump_s if kind.dumps else 0.0, kind.dumps


def _quantum(largest: float, limit: float) -> float:
    """Return the power of two of which `largest` is at most `limit` multiples."""
    if largest <= 0.0:
        return 1.0
    return 2.0 ** math.ceil(math.log2(largest / limit))


def _fleet_row(
    kind: Vehicle,
    gates: dict[int, int],
    sheets: list[tuple[float, float, float, tuple[int, ...]]],
    quantum: float,
    second: float,
    unit: float,
    n: int,
) -> list[int]:
    """Return the columns of one kind of vehicle."""
    row = [0] * layout.FLEET_COLUMNS
    row[layout.START], row[layout.END] = gates[kind.start], gates[kind.end]
    row[layout.COUNT] = min(kind.count, n)
    row[layout.CAPACITY] = round(kind.capacity / unit)
    row[layout.WORK] = layout.BIG
    if kind.work_s / second < LONGEST_WORK:
        row[layout.WORK] = round(kind.work_s / second)
    row[layout.FIXED] = round(kind.fixed_cost / quantum)
    row[layout.CREW] = kind.skills
    row[layout.SHEET] = sheets.index(_sheet(kind))
    row[layout.HAS_DUMPS] = int(bool(kind.dumps))
    row[layout.ENDS_EMPTY] = int(kind.ends_empty)
    return row


def _best_dumps(
    arcs: NDArray[np.int32],
    sheets: list[tuple[float, float, float, tuple[int, ...]]],
    dump_node: dict[int, int],
) -> NDArray[np.int32]:
    """Return the dump of least detour between two nodes, by sheet; zeros where there is none."""
    if not dump_node:
        return np.zeros((1, 1, 1), dtype=np.int32)
    nodes = arcs.shape[1]
    via = np.zeros((len(sheets), nodes, nodes), dtype=np.int32)
    for s, sheet in enumerate(sheets):
        if sheet[3]:
            _fill_via(arcs, s, np.array([dump_node[place] for place in sheet[3]]), via)
    return via


@njit(cache=True, nogil=True)
def _gather(
    distance_m: np.ndarray,
    time_s: np.ndarray,
    locations: np.ndarray,
    prices: np.ndarray,
    extra_s: np.ndarray,
) -> tuple[np.ndarray, float]:
    """Return costs (sheets, nodes, nodes) with the service at the node reached; longest time."""
    m = len(locations)
    costs = np.empty((len(prices), m, m))
    longest = 0.0
    for s in range(len(prices)):
        for i in range(m):
            for j in range(m):
                took = time_s[locations[i], locations[j]] + extra_s[s, j]
                longest = max(longest, took)
                went = distance_m[locations[i], locations[j]]
                costs[s, i, j] = prices[s, 0] * went + prices[s, 1] * took
    return costs, longest


@njit(cache=True, nogil=True)
def _both_ways(costs: np.ndarray, quantum: float) -> np.ndarray:
    """Return costs in quanta, by node, direction and other node."""
    sheets, m = costs.shape[:2]
    arcs = np.empty((sheets, m, 2, m), dtype=np.int32)
    for s in range(sheets):
        for i in range(m):
            for j in range(m):
                arc = np.int32(np.rint(costs[s, i, j] / quantum))
                arcs[s, i, 1, j] = arc
                arcs[s, j, 0, i] = arc
    return arcs


@njit(cache=True, nogil=True)
def _fill_via(arcs: np.ndarray, s: int, dumps: np.ndarray, via: np.ndarray) -> None:
    m = arcs.shape[1]
    for i in range(m):
        for j in range(m):
            best = np.int64(1) << 60
            for y in dumps:
                detour = np.int64(arcs[s, i, 1, y]) + arcs[s, y, 1, j]
                if detour < best:
                    best = detour
                    via[s, i, j] = y


@njit(cache=True, nogil=True)
def _nearest(arcs: np.ndarray, near: np.ndarray) -> None:
    """Write each stop and its nearest, there and back, nearest first, itself before all."""
    n, k = near.shape
    far = np.empty(k, dtype=np.int64)
    for i in range(n):
        near[i, 0] = i
        m = 1
        for j in range(n):
            if j == i:
                continue
            d = np.int64(arcs[0, i, 0, j]) + arcs[0, i, 1, j]
            if m == k and (k == 1 or d >= far[k - 1]):
                continue
            p = min(m, k - 1)
            while p > 1 and far[p - 1] > d:
                far[p] = far[p - 1]
                near[i, p] = near[i, p - 1]
                p -= 1
            far[p] = d
            near[i, p] = j
            m = min(m + 1, k)
