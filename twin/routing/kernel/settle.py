"""After a round has changed: the best unloadings for its order, the best vehicle for it."""

from __future__ import annotations

import numpy as np

from twin.routing.kernel.compiled import compiled
from twin.routing.kernel.dice import below
from twin.routing.kernel.layout import (
    BIG,
    COST,
    COUNT,
    KIND,
    LOADS,
    MODE,
    N_OPEN,
    N_TOUCHED,
    SIZE,
    SPARE,
    WORK,
    Data,
    State,
)
from twin.routing.kernel.legs import price, rewrite, stops_of, weigh
from twin.routing.kernel.rows import close_round, touch


@compiled
def mend_loads(data: Data, state: State) -> None:
    """Lay the unloadings of the rounds just cut afresh; close those without a stop left."""
    for i in range(state.sums[N_TOUCHED]):
        r = np.int64(state.touched[i])
        if state.tour[r, SIZE] == 0 or state.tour[r, MODE] != LOADS:
            continue
        m = stops_of(data, state, r)
        if m == 0:
            close_round(state, r)
            continue
        cost, took = price(data, state, m, state.tour[r, KIND])
        rewrite(data, state, r, m, state.tour[r, KIND], cost, took)


@compiled
def weigh_again(data: Data, state: State) -> None:
    """Recount the loads of the rounds taken back."""
    for i in range(state.sums[N_TOUCHED]):
        r = np.int64(state.touched[i])
        if state.tour[r, SIZE] > 0 and state.tour[r, MODE] == LOADS:
            weigh(data, state, r)


@compiled
def settle(data: Data, state: State, several_kinds: bool, dice: np.ndarray) -> None:
    """Give each round touched its best unloadings, and a cheaper vehicle where one will do."""
    for i in range(state.sums[N_TOUCHED]):
        r = np.int64(state.touched[i])
        if state.tour[r, SIZE] == 0:
            continue
        if state.tour[r, MODE] == LOADS:
            _try_kind(data, state, r, state.tour[r, KIND])
        if several_kinds:
            for kind in range(len(data.fleet)):
                if kind != state.tour[r, KIND] and state.used[kind] < data.fleet[kind, COUNT]:
                    _try_kind(data, state, r, kind)
            _try_exchange(data, state, r, np.int64(state.order[below(dice, state.sums[N_OPEN])]))


@compiled
def _try_kind(data: Data, state: State, r: int, kind: int) -> None:
    """Serve a round with a kind of vehicle if that costs less, or if only so it is in time."""
    m = stops_of(data, state, r)
    cost, took = price(data, state, m, kind)
    if cost == BIG or took > data.fleet[kind, WORK]:
        return
    if cost < state.tour[r, COST] or state.tour[r, SPARE] < 0:
        rewrite(data, state, r, m, kind, cost, took)


@compiled
def _try_exchange(data: Data, state: State, r: int, s: int) -> None:
    """Let two rounds swap vehicles if that costs less."""
    one, other = state.tour[r, KIND], state.tour[s, KIND]
    if one == other:
        return
    m = stops_of(data, state, s)
    cost_s, took_s = price(data, state, m, one)
    if cost_s == BIG or took_s > data.fleet[one, WORK]:
        return
    m = stops_of(data, state, r)
    cost_r, took_r = price(data, state, m, other)
    if cost_r == BIG or took_r > data.fleet[other, WORK]:
        return
    if cost_r + cost_s >= state.tour[r, COST] + state.tour[s, COST]:
        return
    touch(state, s)
    rewrite(data, state, r, m, other, cost_r, took_r)
    m = stops_of(data, state, s)
    cost_s, took_s = price(data, state, m, one)
    rewrite(data, state, s, m, one, cost_s, took_s)
