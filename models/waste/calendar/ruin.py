"""What the search takes apart: strings of neighbouring visits, of one day or of whole points.

Adjacent string removal of Christiaens & Vanden Berghe (2020, 10.1287/trsc.2019.0914), carried to a
cycle of days: a neighbour's load is sought on the day of the seed, or on any of its own days.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from models.waste.calendar.ground import Choice, Ground
from models.waste.calendar.rounds import Rounds
from twin.decide.cover.dice import roll

LONGEST_STRING = 10
"""Most stops taken from one load [V, as the paper]."""
UNIT = 1 << 20
SPLIT = 0.5
"""Chance that a string with a spared middle spares one more [V, as the paper]."""


@njit(cache=True, nogil=True)
def chance(dice: np.ndarray) -> float:
    """Return a number in [0, 1)."""
    return roll(dice, UNIT) / UNIT


@njit(cache=True, nogil=True)
def pick_strings(  # noqa: C901 - one loop over neighbours
    ground: Ground,
    choice: Choice,
    rounds: Rounds,
    one_day: bool,
    mean_taken: float,
    taken: np.ndarray,
    marked: np.ndarray,
    ruined: np.ndarray,
    dice: np.ndarray,
) -> tuple[int, int]:
    """List in `taken` the points of strings near a random seed; return how many, and the day.

    With `one_day` only visits of that day are meant; else the strings may come from several days
    and whole points are meant. `marked` (points) and `ruined` (loads) are scratch, false on entry
    and on return.
    """
    points, loads = rounds.chosen.size, ground.kind.size
    seed = roll(dice, points)
    if rounds.chosen[seed] < 0:
        return 0, -1
    day = _some_day(choice, rounds, seed, dice)
    mean_size, filled = 0.0, 0
    for s in range(loads):
        if rounds.size[day * loads + s] > 0:
            mean_size += rounds.size[day * loads + s]
            filled += 1
    longest = min(float(LONGEST_STRING), mean_size / filled)
    strings = int(1.0 + chance(dice) * (4.0 * mean_taken / (1.0 + longest) - 1.0))
    same_day = one_day or roll(dice, 2) == 0
    count, done = 0, 0
    for j in range(-1, ground.near.shape[1]):
        q = seed if j < 0 else ground.near[seed, j]
        if done >= max(strings, 1) or count + LONGEST_STRING > taken.size:
            break
        if marked[q] or rounds.chosen[q] < 0:
            continue
        w = day
        if rounds.slot[q, day] < 0:
            if same_day:
                continue
            w = _some_day(choice, rounds, q, dice)
        elif not same_day and j >= 0:
            w = _some_day(choice, rounds, q, dice)
        r = w * loads + rounds.slot[q, w]
        if ruined[r]:
            continue
        ruined[r] = True
        count = _take_string(rounds, r, q, longest, taken, count, marked, dice)
        done += 1
    ruined[:] = False
    for j in range(count):
        marked[taken[j]] = False
    return count, day


@njit(cache=True, nogil=True)
def _some_day(choice: Choice, rounds: Rounds, p: int, dice: np.ndarray) -> int:
    pattern = choice.pattern[rounds.chosen[p]]
    start = choice.begin[pattern]
    return int(choice.day[start + roll(dice, choice.begin[pattern + 1] - start)])


@njit(cache=True, nogil=True)
def _take_string(
    rounds: Rounds,
    r: int,
    q: int,
    longest: float,
    taken: np.ndarray,
    count: int,
    marked: np.ndarray,
    dice: np.ndarray,
) -> int:
    """List a string of load `r` around point `q`, sometimes with a part spared in its middle."""
    m = rounds.size[r]
    length = int(1.0 + chance(dice) * min(float(m), longest))
    length = min(length, m)
    spared = 0
    if length > 1 and roll(dice, 2) == 0:
        while length + spared < m and chance(dice) < SPLIT:
            spared += 1
    k = 0
    while rounds.stop[r, k] != q:
        k += 1
    whole = length + spared
    low, high = max(0, k - whole + 1), min(k, m - whole)
    start = low + roll(dice, high - low + 1)
    skip = start + (1 + roll(dice, length - 1) if spared > 0 else length)
    for j in range(start, start + whole):
        if skip <= j < skip + spared:
            continue
        p = rounds.stop[r, j]
        if not marked[p]:
            marked[p] = True
            taken[count] = p
            count += 1
    return count
