"""A start: the savings of Clarke & Wright (Operations Research 12 (1964), 10.1287/opre.12.4.568).

Parallel version for asymmetric costs: the end of one round is joined to the beginning of another
while that saves, most first. Only joins between near stops are considered.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from twin.routing.kernel.layout import (
    BIG,
    CAPACITY,
    DEMAND,
    END,
    HAS_DUMPS,
    INTO,
    OUT,
    SHEET,
    START,
    WORK,
    Data,
)


@njit(cache=True, nogil=True)
def savings(data: Data, after: np.ndarray, first: np.ndarray) -> int:
    """Chain stops into rounds of the first kind of vehicle; return how many rounds.

    Parameters
    ----------
    after
        int32, (stops,), written: the stop after each, -1 at the end of a round.
    first
        int32, (stops,), written: the first stop of each round, largest load first.
    """
    n = len(data.stops)
    fleet, times = data.fleet, data.times
    sheet, start, end = fleet[0, SHEET], fleet[0, START], fleet[0, END]
    timed = fleet[0, WORK] < BIG
    # Where a round unloads on the way, its working time alone bounds it here.
    capacity = BIG if fleet[0, HAS_DUMPS] else fleet[0, CAPACITY]
    saved, tails, heads = _savings_list(data)
    order = np.argsort(-saved)
    # chain[x]: the chain of stop x when it ends one; head, tail, load and time by chain.
    chain = np.arange(n)
    head, tail = np.arange(n), np.arange(n)
    load = data.stops[:, DEMAND].copy()
    took = np.zeros(n, dtype=np.int64)
    is_head = np.ones(n, dtype=np.bool_)
    for x in range(n):
        after[x] = -1
        if timed:
            took[x] = np.int64(times[sheet, x, INTO, start]) + times[sheet, x, OUT, end]
    for o in order:
        i, j = tails[o], heads[o]
        a, b = chain[i], chain[j]
        if after[i] >= 0 or not is_head[j] or a == b or load[a] + load[b] > capacity:
            continue
        if timed:
            both = took[a] + took[b] + times[sheet, i, OUT, j]
            both -= np.int64(times[sheet, i, OUT, end]) + times[sheet, j, INTO, start]
            if both > fleet[0, WORK]:
                continue
            took[a] = both
        after[i] = j
        is_head[j] = False
        load[a] += load[b]
        tail[a] = tail[b]
        chain[tail[a]] = a
        load[b] = -1
    rounds = 0
    for a in np.argsort(-load):
        if load[a] >= 0 and is_head[head[a]]:
            first[rounds] = head[a]
            rounds += 1
    return rounds


@njit(cache=True, nogil=True)
def _savings_list(data: Data) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what joining i to j saves, where it saves, between near stops: saved, i, j."""
    n, k = data.near.shape
    fleet, arcs = data.fleet, data.arcs
    sheet, start, end = fleet[0, SHEET], fleet[0, START], fleet[0, END]
    saved = np.empty(n * k, dtype=np.int64)
    tails, heads = np.empty(n * k, dtype=np.int32), np.empty(n * k, dtype=np.int32)
    m = 0
    for i in range(n):
        for o in range(1, k):
            j = np.int64(data.near[i, o])
            gain = np.int64(arcs[sheet, i, OUT, end]) + arcs[sheet, j, INTO, start]
            gain -= arcs[sheet, i, OUT, j]
            if gain > 0:
                saved[m], tails[m], heads[m] = gain, i, j
                m += 1
    return saved[:m], tails[:m], heads[:m]
