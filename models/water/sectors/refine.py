"""Moving nodes between parts: Fiduccia and Mattheyses's pass, with parts kept in one piece.

A pass moves each node at most once, the best move first even if it makes things worse, and keeps
the best state on the way (Fiduccia & Mattheyses 1982, 19th Design Automation Conference).
"""

from __future__ import annotations

import heapq
from typing import NamedTuple

from models.water.sectors.graph import Graph

_PASSES = 12
_STRAY = 60
"""A pass ends after so many moves without a new best."""

_TINY = 1e-9

Standing = tuple[float, float, float]
"""(Weight outside the bounds, price, largest part): lower is better, in this order."""


class Bounds(NamedTuple):
    """What a part may weigh, and how many parts there are."""

    parts: int
    floor: float
    ceiling: float

    def excess(self, size: float) -> float:
        """Return the weight by which a part is too heavy or too light."""
        return max(0.0, size - self.ceiling, self.floor - size)

    def total(self, sizes: list[float]) -> float:
        """Return the excess of all parts, nothing if it is a rounding."""
        over = sum(map(self.excess, sizes))
        return 0.0 if over <= _TINY * self.ceiling else over


def standing(graph: Graph, part: list[int], bounds: Bounds) -> Standing:
    """Return how good a partition is."""
    sizes = graph.sizes(part, bounds.parts)
    return (bounds.total(sizes), graph.price(part), max(sizes))


def refine(graph: Graph, part: list[int], bounds: Bounds) -> list[int]:
    """Return a partition at least as good, each part in one piece if it was before."""
    best = standing(graph, part, bounds)
    for _ in range(_PASSES):
        moved = _pass(graph, part, bounds)
        now = standing(graph, moved, bounds)
        if not _better(now, best):
            break
        part, best = moved, now
    return part


def _better(one: Standing, other: Standing) -> bool:
    for a, b in zip(one, other, strict=True):
        if abs(a - b) > _TINY * max(1.0, abs(a), abs(b)):
            return a < b
    return False


def _pass(graph: Graph, start: list[int], bounds: Bounds) -> list[int]:
    walk = _Walk(graph, start, bounds)
    best, best_part, strayed = walk.standing(), list(start), 0
    while strayed < _STRAY and walk.step():
        strayed += 1
        now = walk.standing()
        if _better(now, best):
            best, best_part, strayed = now, list(walk.part), 0
    return best_part


class _Walk:
    """A partition on the move: each node moves once at most, the least rise of the price first."""

    def __init__(self, graph: Graph, start: list[int], bounds: Bounds) -> None:
        self.part = list(start)
        self._graph, self._bounds = graph, bounds
        self._sizes = graph.sizes(start, bounds.parts)
        self._price = graph.price(start)
        self._moved = [False] * len(graph)
        self._queue: list[tuple[float, int, int]] = []
        for node in range(len(graph)):
            self._offer(node)

    def standing(self) -> Standing:
        """Return how good the partition is now."""
        return (self._bounds.total(self._sizes), self._price, max(self._sizes))

    def step(self) -> bool:
        """Make the best move left; return whether there was one."""
        while self._queue:
            rise, node, number = heapq.heappop(self._queue)
            if self._moved[node] or self.part[node] == number:
                continue
            if rise != self._rise(node, number) or not self._may(node, number):
                continue
            weight = self._graph.weight[node]
            self._sizes[self.part[node]] -= weight
            self._sizes[number] += weight
            self._price += rise
            self.part[node], self._moved[node] = number, True
            for other in self._graph.around[node]:
                if not self._moved[other]:
                    self._offer(other)
            return True
        return False

    def _may(self, node: int, number: int) -> bool:
        weight, excess = self._graph.weight[node], self._bounds.excess
        left, right = self._sizes[self.part[node]], self._sizes[number]
        after = excess(left - weight) + excess(right + weight)
        if after > 0.0 and after >= excess(left) + excess(right):
            return False
        if all(self.part[other] != number for other in self._graph.around[node]):
            return False  # an old offer: the part has drawn back since
        return self._graph.holds_without(self.part, node)

    def _offer(self, node: int) -> None:
        numbers = {self.part[other] for other in self._graph.around[node]} - {self.part[node]}
        for number in sorted(numbers):
            heapq.heappush(self._queue, (self._rise(node, number), node, number))

    def _rise(self, node: int, number: int) -> float:
        stay = pull = 0.0
        for other, price in self._graph.around[node].items():
            if self.part[other] == self.part[node]:
                stay += price
            elif self.part[other] == number:
                pull += price
        return stay - pull
