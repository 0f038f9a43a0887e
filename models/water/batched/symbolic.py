"""Which unknown is eliminated when, and where its fill goes: once for a network."""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from models.water.network.network import Ints


@dataclass(frozen=True, eq=False)
class Elimination:
    """The symbolic factorisation of a symmetric matrix, column by column.

    Attributes
    ----------
    row : NDArray[np.int32]
        Position of each unknown in the order of elimination.
    start : NDArray[np.int32]
        First entry of each column below the diagonal; shape (unknowns + 1,).
    below : NDArray[np.int32]
        Row of each entry, rising within a column.
    pair_start : NDArray[np.int32]
        First target of each column; shape (unknowns + 1,).
    target : NDArray[np.int32]
        Entry that each pair of a column's entries adds to: pairs (first, later), row by row.
    """

    row: Ints
    start: Ints
    below: Ints
    pair_start: Ints
    target: Ints

    def entry(self, a: int, b: int) -> int:
        """Return the entry that couples two unknowns; they must be coupled."""
        low, high = sorted((int(self.row[a]), int(self.row[b])))
        column = self.below[self.start[low] : self.start[low + 1]]
        return int(self.start[low] + np.searchsorted(column, high))


def eliminate(unknowns: int, ends: NDArray[np.int64]) -> Elimination:
    """Order unknowns by minimum degree and find the fill.

    Parameters
    ----------
    unknowns
        How many.
    ends
        Pairs of coupled unknowns, shape (pairs, 2); repetitions and loops do no harm.

    Ties fall to the unknown of the smallest number, so the order depends on nothing else.
    """
    around: list[set[int]] = [set() for _ in range(unknowns)]
    for a, b in ends.tolist():
        if a != b:
            around[a].add(b)
            around[b].add(a)
    queue = [(len(near), node) for node, near in enumerate(around)]
    heapify(queue)
    row = np.full(unknowns, -1, dtype=np.int32)
    columns: list[list[int]] = []
    while queue:
        degree, node = heappop(queue)
        if row[node] >= 0 or degree != len(around[node]):
            continue
        row[node] = len(columns)
        near = around[node]
        columns.append(list(near))
        for other in near:
            mine = around[other]
            before = len(mine)
            mine |= near
            mine.discard(other)
            mine.discard(node)
            if len(mine) != before:
                heappush(queue, (len(mine), other))
    return _laid_out(row, columns)


def _laid_out(row: Ints, columns: list[list[int]]) -> Elimination:
    below: list[int] = []
    start = [0]
    where: list[dict[int, int]] = []
    for column in columns:
        rows = sorted(int(row[node]) for node in column)
        where.append({r: len(below) + k for k, r in enumerate(rows)})
        below += rows
        start.append(len(below))
    target: list[int] = []
    pair_start = [0]
    for places in where:
        rows = list(places)
        for k, first in enumerate(rows):
            target += [where[first][later] for later in rows[k + 1 :]]
        pair_start.append(len(target))

    def whole(values: list[int]) -> Ints:
        return np.array(values, dtype=np.int32)

    return Elimination(row, whole(start), whole(below), whole(pair_start), whole(target))
