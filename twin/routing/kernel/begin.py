"""The first rounds: given ones, or those of the savings method."""

from __future__ import annotations

import numpy as np
from numba import njit

from twin.routing.kernel.anneal import begin, count_up
from twin.routing.kernel.compiled import compiled
from twin.routing.kernel.layout import BIG, COUNT, WORK, Data, State
from twin.routing.kernel.legs import price, rewrite
from twin.routing.kernel.rows import keep_best, open_round
from twin.routing.kernel.savings import savings


@compiled
def open_given(
    data: Data, state: State, kinds: np.ndarray, bounds: np.ndarray, visits: np.ndarray
) -> None:
    """Open given rounds and count what they cost; every other stop is left out.

    Parameters
    ----------
    kinds, bounds, visits
        int64: kind of vehicle of each round, where its stops begin in `visits` (one more entry
        than rounds), stops. A round its vehicle cannot make loses stops from its end.
    """
    begin(state)
    for i in range(len(kinds)):
        kind, first, m = kinds[i], bounds[i], bounds[i + 1] - bounds[i]
        if state.used[kind] >= data.fleet[kind, COUNT]:
            continue
        for j in range(m):
            state.scratch[0, j] = visits[first + j]
        while m > 0:
            cost, took = price(data, state, m, kind)
            if cost < BIG and took <= data.fleet[kind, WORK]:
                r = open_round(data, state, kind)
                rewrite(data, state, r, m, kind, cost, took)
                break
            m -= 1
    count_up(data, state)
    keep_best(state)


@njit(cache=True, nogil=True)
def rounds_by_savings(data: Data) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the rounds of the savings method as `open_given` takes them, largest load first.

    For one kind of vehicle; there may be more rounds than vehicles.
    """
    n = len(data.stops)
    after, first = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32)
    rounds = savings(data, after, first)
    bounds = np.zeros(rounds + 1, dtype=np.int64)
    visits = np.empty(n, dtype=np.int64)
    m = 0
    for r in range(rounds):
        x = np.int64(first[r])
        while x >= 0:
            visits[m] = x
            m += 1
            x = np.int64(after[x])
        bounds[r + 1] = m
    return np.zeros(rounds, dtype=np.int64), bounds, visits
