"""Take strings of stops out of neighbouring rounds.

Adjacent string removal of Christiaens & Vanden Berghe, *Slack induction by string removals for
vehicle routing problems*, Transportation Science 54 (2020), 10.1287/trsc.2019.0914.
"""

from __future__ import annotations

import numpy as np

from twin.routing.kernel.compiled import compiled, inlined
from twin.routing.kernel.dice import below, unit
from twin.routing.kernel.layout import (
    ABSENT,
    AT,
    IN_HAND,
    N_HAND,
    N_MISSING,
    N_OPEN,
    N_ROUTED,
    PRIZE,
    REQUIRED,
    ROUND,
    SIZE,
    STAMP,
    Data,
    State,
)
from twin.routing.kernel.rows import close_round, cut, touch

LONGEST_STRING = 10.0
SPLIT_SHARE = 0.5
LONGER_SHARE = 0.01
MOST_MISSING = 30
"""Required stops that no round holds, tried again in one move."""


@inlined
def ruin(data: Data, state: State, removals: float, dice: np.ndarray) -> None:
    """Put stops around a random one in the hand, and those the rounds miss there."""
    near, place, sums = data.near, state.place, state.sums
    n = len(data.stops)
    longest, strings = 1.0, 1
    if sums[N_OPEN] > 0:
        longest = min(LONGEST_STRING, sums[N_ROUTED] / sums[N_OPEN])
        longest = max(longest, 1.0)
        strings = int(1.0 + unit(dice) * (4.0 * removals / (1.0 + longest) - 1.0))
    seed = below(dice, n)
    for j in range(near.shape[1]):
        x = np.int64(near[seed, j])
        r = place[x, ROUND]
        if r == ABSENT:
            _take_up(state, x)
        elif r >= 0 and state.stamp[r] != sums[STAMP]:
            _take_string(data, state, x, longest, dice)
            strings -= 1
            if strings <= 0:
                break
    if sums[N_MISSING] > 0:
        _take_missing(data, state, below(dice, n))


@inlined
def _take_up(state: State, x: int) -> None:
    """Take a stop left out in hand: it may find a place."""
    state.place[x, ROUND] = IN_HAND
    state.hand[state.sums[N_HAND]] = x
    state.sums[N_HAND] += 1


@inlined
def _take_missing(data: Data, state: State, first: int) -> None:
    """Take required stops without a round in hand, from stop `first` on."""
    n, found = len(data.stops), 0
    for i in range(n):
        x = (first + i) % n
        if state.place[x, ROUND] == ABSENT and data.stops[x, PRIZE] >= REQUIRED:
            _take_up(state, x)
            found += 1
            if found == MOST_MISSING:
                return


@inlined
def _take_string(data: Data, state: State, x: int, longest: float, dice: np.ndarray) -> None:
    """Cut a string around stop `x`, whole or with a piece of it spared."""
    r, at = state.place[x, ROUND], state.place[x, AT]
    touch(state, r)
    size = state.tour[r, SIZE]
    most = min(float(size), longest)
    length = int(1.0 + unit(dice) * most)
    spared = 0
    if 1 < length < size and unit(dice) < SPLIT_SHARE:
        spared = 1
        while length + spared < size and unit(dice) < LONGER_SHARE:
            spared += 1
    span = length + spared
    lowest = max(1, at - span + 1)
    highest = min(at, size - span + 1)
    low = lowest + below(dice, highest - lowest + 1)
    keep = low
    if spared > 0:
        keep = low + 1 + below(dice, length - 1)
    cut(data, state, r, low, low + span, keep, keep + spared)
    if state.tour[r, SIZE] == 0:
        close_round(state, r)


@compiled
def take_left_out(data: Data, state: State) -> None:
    """Take every stop left out in hand."""
    for x in range(len(data.stops)):
        if state.place[x, ROUND] == ABSENT:
            _take_up(state, x)
