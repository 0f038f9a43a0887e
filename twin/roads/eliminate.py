"""Nodes eliminated one by one, each replaced by what its neighbours lose with it.

When a node goes, a way from neighbour u through it to neighbour w becomes a link u -> w, unless a
better one is there already. Best ways between the nodes that stay are therefore unchanged, one-way
streets included: a dead end leaves nothing, a bend one link, a crossing of three roads a triangle.
This is Gaussian elimination with (min, +) in the place of (+, x) (Carré 1971,
10.1093/imamat/7.3.273); nodes with the fewest neighbours go first (minimum degree; Rose 1972).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from twin.roads.weave import Links

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Small = NDArray[np.int32]


class Record(NamedTuple):
    """What eliminated nodes were linked to when they went.

    Node `order[i]` had the links `starts[i]:starts[i + 1]`: to the node `end`, driven away from it
    at `out_cost` and `out_load`, towards it at `in_cost` and `in_load`.
    """

    order: Integers
    starts: Integers
    end: Small
    out_cost: Floats
    out_load: Floats
    in_cost: Floats
    in_load: Floats


class Elimination(NamedTuple):
    """Who went (shape (nodes,)), the links of those who stay, and the record if one was kept."""

    gone: NDArray[np.bool_]
    links: Links
    record: Record


class _Queues(NamedTuple):
    """Nodes queued by their number of neighbours, first come first served."""

    first: Integers
    last: Integers
    before: Integers
    behind: Integers
    seat: Integers


@njit(cache=True)
def _join(queues: _Queues, node: int, degree: int) -> None:
    """Put a node at the end of a queue."""
    previous = queues.last[degree]
    queues.before[node], queues.behind[node] = previous, -1
    if previous >= 0:
        queues.behind[previous] = node
    else:
        queues.first[degree] = node
    queues.last[degree] = node
    queues.seat[node] = degree


@njit(cache=True)
def _leave(queues: _Queues, node: int) -> None:
    """Take a node out of its queue."""
    previous, following, degree = queues.before[node], queues.behind[node], queues.seat[node]
    if previous >= 0:
        queues.behind[previous] = following
    else:
        queues.first[degree] = following
    if following >= 0:
        queues.before[following] = previous
    else:
        queues.last[degree] = previous
    queues.seat[node] = -1


@njit(cache=True)
def _small(values: Small, size: int) -> Small:
    """Return the array with room for `size` entries at least."""
    if size <= len(values):
        return values
    fresh = np.empty(2 * size, np.int32)
    fresh[: len(values)] = values
    return fresh


@njit(cache=True)
def _floats(values: Floats, size: int) -> Floats:
    """Return the array with room for `size` entries at least."""
    if size <= len(values):
        return values
    fresh = np.empty(2 * size, np.float64)
    fresh[: len(values)] = values
    return fresh


@njit(cache=True)
def _marked(links: Links, node: int, gone: NDArray[np.bool_], place: Integers) -> None:
    """Note where each neighbour stands in a node's chain, and drop those who went from it."""
    last = -1
    half = links.first[node]
    while half >= 0:
        following = links.after[half]
        if not gone[links.end[half]]:
            place[links.end[half]] = half
            last = half
        elif last < 0:
            links.first[node] = following
        else:
            links.after[last] = following
        half = following


@njit(cache=True)
def _unmarked(links: Links, node: int, place: Integers) -> None:
    half = links.first[node]
    while half >= 0:
        place[links.end[half]] = -1
        half = links.after[half]


@njit(cache=True)
def _bettered(links: Links, half: int, cost: float, load: float) -> None:
    """Keep the better of a way and the one that is there."""
    if cost < links.cost[half] or (cost == links.cost[half] and load < links.load[half]):
        links.cost[half], links.load[half] = cost, load


@njit(cache=True)
def _bridge(
    links: Links, around: Integers, gone: NDArray[np.bool_], place: Integers, degree: Integers,
    closed: bool,
) -> int:  # fmt: skip
    """Link the neighbours of a node that went; `around` holds its half-links; return those used.

    Neighbours between which neither way is open are linked only where `closed` links are wanted.
    """
    end, cost, load = links.end, links.cost, links.load
    used = links.used
    for i in range(len(around)):
        to_u = around[i]
        u = end[to_u]
        _marked(links, u, gone, place)
        for to_w in around[i + 1 :]:
            w = end[to_w]
            there, back = cost[to_u ^ 1] + cost[to_w], cost[to_w ^ 1] + cost[to_u]
            if there == np.inf and back == np.inf and not closed:
                continue
            half = place[w]
            if half < 0:
                half = used
                used += 2
                end[half], end[half + 1] = w, u
                links.after[half], links.after[half + 1] = links.first[u], links.first[w]
                links.first[u], links.first[w] = half, half + 1
                cost[half], cost[half + 1] = np.inf, np.inf
                load[half], load[half + 1] = np.inf, np.inf
                degree[u] += 1
                degree[w] += 1
                place[w] = half
            _bettered(links, half, there, load[to_u ^ 1] + load[to_w])
            _bettered(links, half ^ 1, back, load[to_w ^ 1] + load[to_u])
        _unmarked(links, u, place)
    return used


@njit(cache=True)
def _queued(links: Links, spared: NDArray[np.bool_], degree: Integers) -> _Queues:
    """Count every node's neighbours into `degree`, and queue the nodes that are not spared."""
    nodes = len(degree)
    queues = _Queues(
        np.full(nodes + 1, -1, np.int64), np.full(nodes + 1, -1, np.int64),
        np.full(nodes, -1, np.int64), np.full(nodes, -1, np.int64), np.full(nodes, -1, np.int64),
    )  # fmt: skip
    for node in range(nodes):
        half = links.first[node]
        while half >= 0:
            degree[node] += 1
            half = links.after[half]
        if not spared[node]:
            _join(queues, node, degree[node])
    return queues


@njit(cache=True)
def _parted(
    links: Links, node: int, gone: NDArray[np.bool_], degree: Integers, around: Integers
) -> int:
    """Take a node away from its neighbours; put its half-links into `around`, return how many."""
    gone[node] = True
    count = 0
    half = links.first[node]
    while half >= 0:
        if not gone[links.end[half]]:
            around[count] = half
            degree[links.end[half]] -= 1
            count += 1
        half = links.after[half]
    return count


@njit(cache=True)
def _noted(record: Record, at: int, kept: int, node: int, links: Links, around: Integers) -> Record:
    """Write the node eliminated as number `at` and its half-links into the record."""
    size = kept + len(around)
    record = Record(
        record.order, record.starts, _small(record.end, size),
        _floats(record.out_cost, size), _floats(record.out_load, size),
        _floats(record.in_cost, size), _floats(record.in_load, size),
    )  # fmt: skip
    for half in around:
        record.end[kept] = links.end[half]
        record.out_cost[kept], record.out_load[kept] = links.cost[half], links.load[half]
        record.in_cost[kept], record.in_load[kept] = links.cost[half ^ 1], links.load[half ^ 1]
        kept += 1
    record.order[at] = node
    record.starts[at + 1] = size
    return record


@njit(cache=True)
def eliminate(links: Links, spared: NDArray[np.bool_], most: int, keep: bool) -> Elimination:
    """Eliminate every node of at most `most` neighbours that is not `spared`.

    Parameters
    ----------
    links
        The woven graph; its arrays are changed.
    spared
        Nodes that stay, shape (nodes,).
    most
        Largest number of neighbours of a node that goes.
    keep
        Whether to keep the record. Then the neighbours of every node that went are linked among
        themselves, be it by a link closed both ways, so that of the nodes a record names the one
        that went first has all the others above it.
    """
    nodes = len(links.first)
    gone = np.zeros(nodes, np.bool_)
    degree = np.zeros(nodes, np.int64)
    queues = _queued(links, spared, degree)
    room = nodes if keep else 0
    record = Record(
        np.empty(room, np.int64), np.zeros(room + 1, np.int64), np.empty(0, np.int32),
        np.empty(0), np.empty(0), np.empty(0), np.empty(0),
    )  # fmt: skip
    place = np.full(nodes, -1, np.int64)
    around = np.empty(nodes, np.int64)
    count, kept, least = 0, 0, 0
    while least <= most and least < nodes:
        node = queues.first[least]
        if node < 0:
            least += 1
            continue
        _leave(queues, node)
        k = _parted(links, node, gone, degree, around)
        if keep:
            record = _noted(record, count, kept, node, links, around[:k])
            count += 1
            kept += k
        size = links.used + k * (k - 1)
        links = Links(
            links.first, _small(links.end, size), _small(links.after, size),
            _floats(links.cost, size), _floats(links.load, size), links.used,
        )  # fmt: skip
        used = _bridge(links, around[:k], gone, place, degree, keep)
        links = Links(links.first, links.end, links.after, links.cost, links.load, used)
        for half in around[:k]:
            u = links.end[half]
            if not spared[u] and queues.seat[u] != degree[u]:
                _leave(queues, u)
                _join(queues, u, degree[u])
                least = min(least, degree[u])
    return Elimination(gone, links, record)
