"""Ruin, recreate, keep or take back: simulated annealing over rounds."""

from __future__ import annotations

import numpy as np

from twin.routing.kernel.compiled import compiled, inlined
from twin.routing.kernel.dice import exponential
from twin.routing.kernel.layout import (
    ABSENT,
    AT,
    BEST,
    BIG,
    COST,
    MODE,
    N_HAND,
    N_MISSING,
    N_OPEN,
    N_ROUTED,
    N_TOUCHED,
    OLD_MISSING,
    OLD_OPEN,
    OLD_ROUTED,
    PLAIN,
    PRIZE,
    REQUIRED,
    ROUND,
    SIZE,
    SPARE,
    STAMP,
    TOTAL,
    Data,
    State,
)
from twin.routing.kernel.recreate import recreate
from twin.routing.kernel.rows import keep_best, take_back
from twin.routing.kernel.ruin import ruin, take_left_out
from twin.routing.kernel.settle import mend_loads, settle, weigh_again


@compiled
def anneal(
    data: Data,
    state: State,
    dice: np.ndarray,
    iterations: int,
    hot: float,
    cold: float,
    removals: float,
    fill: bool,
) -> None:
    """Play `iterations` moves while the temperature falls from `hot` to `cold`, geometrically.

    Parameters
    ----------
    hot, cold
        In quanta of cost; above zero.
    removals
        Mean number of stops a move takes out.
    fill
        Instead of a move, insert every stop left out, and keep the outcome.
    """
    sums = state.sums
    several = len(data.fleet) > 1
    with_loads = state.holds.shape[1] > 1
    simple = not (several or with_loads)
    ratio = (cold / hot) ** (1.0 / max(iterations, 1))
    heat = hot
    for _ in range(iterations):
        begin(state)
        if fill:
            take_left_out(data, state)
        else:
            ruin(data, state, removals, dice)
        if with_loads:
            mend_loads(data, state)
        before = _left_out(data, state, -1)
        recreate(data, state, dice)
        if not simple:
            settle(data, state, several, dice)
        change = _left_out(data, state, 1) + before + _rounds_change(state)
        if change <= 0 or fill or (change < BIG // 2 and change < heat * exponential(dice)):
            sums[TOTAL] += change
            if sums[TOTAL] < sums[BEST]:
                keep_best(state)
        else:
            take_back(state)
            if with_loads:
                weigh_again(data, state)
        heat *= ratio


@inlined
def begin(state: State) -> None:
    """Open a move: nothing touched, nothing in hand."""
    sums = state.sums
    sums[STAMP] += 1
    sums[N_TOUCHED] = 0
    sums[N_HAND] = 0
    sums[OLD_OPEN] = sums[N_OPEN]
    sums[OLD_ROUTED] = sums[N_ROUTED]
    sums[OLD_MISSING] = sums[N_MISSING]
    for i in range(len(state.order)):
        state.old_order[i] = state.order[i]
    for kind in range(len(state.used)):
        state.old_used[kind] = state.used[kind]


@inlined
def _left_out(data: Data, state: State, sign: int) -> int:
    """Return `sign` times the prizes of the stops in hand that no round held, and count them."""
    prizes = np.int64(0)
    for i in range(state.sums[N_HAND]):
        x = state.hand[i]
        if (state.place[x, AT] < 0) if sign < 0 else (state.place[x, ROUND] == ABSENT):
            state.place[x, AT] = -1
            prizes += sign * data.stops[x, PRIZE]
            state.sums[N_ROUTED] -= sign
            if data.stops[x, PRIZE] >= REQUIRED:
                state.sums[N_MISSING] += sign
    return int(prizes)


@inlined
def _rounds_change(state: State) -> int:
    """Return by how much the touched rounds cost more, BIG where one lasts too long."""
    change = np.int64(0)
    for i in range(state.sums[N_TOUCHED]):
        r = state.touched[i]
        if state.tour[r, SIZE] > 0:
            if state.tour[r, MODE] != PLAIN and state.tour[r, SPARE] < 0:
                return BIG
            change += state.tour[r, COST]
        if state.old_tour[r, SIZE] > 0:
            change -= state.old_tour[r, COST]
    return int(change)


@compiled
def count_up(data: Data, state: State) -> None:
    """Count cost, stops in rounds and required stops in none from nothing."""
    sums = state.sums
    sums[TOTAL], sums[N_ROUTED], sums[N_MISSING] = 0, 0, 0
    for i in range(sums[N_OPEN]):
        sums[TOTAL] += state.tour[state.order[i], COST]
    for x in range(len(data.stops)):
        if state.place[x, ROUND] >= 0:
            sums[N_ROUTED] += 1
            continue
        state.place[x, AT] = -1
        sums[TOTAL] += data.stops[x, PRIZE]
        if data.stops[x, PRIZE] >= REQUIRED:
            sums[N_MISSING] += 1
