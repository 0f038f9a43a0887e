"""The search over a whole cycle: take some points out, give them other days, keep what is cheaper.

Ruin and recreate with annealing. Half of the steps take strings of visits out of one day and put
them back on that day, which mends rounds; the others take whole points out of every day and give
each the cheapest pattern it may have, priced by what its visits add to the rounds of those days.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from models.waste.calendar.ground import Choice, Ground
from models.waste.calendar.rounds import Rounds, copy_changed, price, put, take
from models.waste.calendar.ruin import chance, pick_strings
from twin.decide.cover.dice import roll

MEAN_TAKEN_DAY = 10.0
MEAN_TAKEN_POINTS = 6.0
MOST_TAKEN = 200
ONE_DAY_SHARE = 0.5
STEP_WEIGHS = 400
"""Positions that could be weighed in the time a step takes beside its weighing [D]."""
RANDOM, HEAVY, ORDERS = 4, 8, 11
"""Orders of return: random 4, heavy first 4, far first 2, near first 1 of 11 [V, as the paper]."""


@njit(cache=True, nogil=True)
def search(  # noqa: C901, PLR0912 - the loop of the method, told in one place
    ground: Ground,
    choice: Choice,
    best: Rounds,
    now: Rounds,
    trial: Rounds,
    absent_cost: float,
    hot: float,
    cold: float,
    budget: int,
    dice: np.ndarray,
) -> int:
    """Improve `best` in place until `budget` positions have been weighed; return the steps made.

    The three rounds are equal on entry. `absent_cost` is that of a point without any pattern,
    already in their value; temperatures fall from `hot` to `cold`, in units of cost.
    """
    points, days = trial.slot.shape
    loads = ground.kind.size
    taken = np.empty(MOST_TAKEN + points, dtype=np.int64)
    keys = np.empty(taken.size)
    rows, changed = np.zeros(days * loads, dtype=np.bool_), np.zeros(points, dtype=np.bool_)
    rows_best, changed_best = rows.copy(), changed.copy()
    marked, ruined = changed.copy(), rows.copy()
    cost, where = np.empty((days, loads)), np.empty((days, loads), dtype=np.int64)
    weighed, steps = 0, 0
    while weighed < budget:
        steps += 1
        weighed += STEP_WEIGHS
        one_day = chance(dice) < ONE_DAY_SHARE
        mean = MEAN_TAKEN_DAY if one_day else MEAN_TAKEN_POINTS
        count, day = pick_strings(
            ground, choice, trial, one_day, mean, taken[:MOST_TAKEN], marked, ruined, dice
        )
        if not one_day:
            for p in range(points):
                if trial.chosen[p] < 0:
                    taken[count] = p
                    count += 1
        if count == 0:
            continue
        for j in range(count):
            changed[taken[j]] = True
            _withdraw(ground, choice, trial, taken[j], day if one_day else -1, rows, absent_cost)
        _arrange(ground, taken, keys, count, dice)
        whole = True
        for j in range(count):
            if one_day:
                p = taken[j]
                weighed += price(ground, trial, p, day, day + 1, cost, where, dice)
                amount = trial.amount[p, day]
                if not _return_visit(ground, trial, p, day, amount, cost, where, rows):
                    whole = False
            else:
                weighed += return_point(
                    ground, choice, trial, taken[j], cost, where, rows, absent_cost, dice
                )
        share = min(1.0, weighed / budget)
        limit = now.value[0] - hot * (cold / hot) ** share * np.log(1e-9 + chance(dice))
        if whole and trial.value[0] < limit:
            copy_changed(trial, now, rows, changed)
            rows_best |= rows
            changed_best |= changed
            if now.value[0] < best.value[0] - 1e-9:
                copy_changed(now, best, rows_best, changed_best)
                rows_best[:] = False
                changed_best[:] = False
        else:
            copy_changed(now, trial, rows, changed)
        rows[:] = False
        changed[:] = False
    return steps


@njit(cache=True, nogil=True)
def return_point(
    ground: Ground,
    choice: Choice,
    rounds: Rounds,
    p: int,
    cost: np.ndarray,
    where: np.ndarray,
    rows: np.ndarray,
    absent_cost: float,
    dice: np.ndarray,
) -> int:
    """Give `p` the pattern that costs least, or none where no room is left; return the weighing."""
    days, loads = cost.shape
    weighed = price(ground, rounds, p, 0, days, cost, where, dice)
    weight, capacity, kind = rounds.load, ground.capacity, ground.kind
    begin, day, gap_days = choice.begin, choice.day, choice.gap_days
    demand = ground.demand[p]
    least, found = np.inf, -1
    for a in range(choice.first[p], choice.first[p + 1]):
        total = choice.extra[a]
        pattern = choice.pattern[a]
        for v in range(begin[pattern], begin[pattern + 1]):
            w, amount, one = day[v], demand * gap_days[v], np.inf
            for s in range(loads):
                if cost[w, s] < one and weight[w * loads + s] + amount <= capacity[kind[s]]:
                    one = cost[w, s]
            total += one
            weighed += 1
            if total >= least:
                break
        if total < least:
            least, found = total, a
    rounds.chosen[p] = found
    if found < 0:
        rounds.value[0] += absent_cost
        return weighed
    pattern = choice.pattern[found]
    for v in range(choice.begin[pattern], choice.begin[pattern + 1]):
        w = choice.day[v]
        amount = ground.demand[p] * choice.gap_days[v]
        _return_visit(ground, rounds, p, w, amount, cost, where, rows)
    rounds.value[0] += choice.extra[found]
    return weighed


@njit(cache=True, nogil=True)
def _return_visit(
    ground: Ground,
    rounds: Rounds,
    p: int,
    w: int,
    amount: float,
    cost: np.ndarray,
    where: np.ndarray,
    rows: np.ndarray,
) -> bool:
    """Visit `p` on day `w` in the cheapest load with room, as priced; return whether one has."""
    loads = ground.kind.size
    least, found = np.inf, -1
    for s in range(loads):
        room = ground.capacity[ground.kind[s]] - rounds.load[w * loads + s]
        if cost[w, s] < least and amount <= room:
            least, found = cost[w, s], s
    if found < 0:
        return False
    put(ground, rounds, p, w, found, where[w, found], amount)
    rows[w * loads + found] = True
    return True


@njit(cache=True, nogil=True)
def _withdraw(
    ground: Ground,
    choice: Choice,
    rounds: Rounds,
    p: int,
    day: int,
    rows: np.ndarray,
    absent_cost: float,
) -> None:
    """Take `p` out of `day`, or out of every day (-1)."""
    if day >= 0:
        rows[take(ground, rounds, p, day)] = True
        return
    if rounds.chosen[p] < 0:
        rounds.value[0] -= absent_cost
        return
    rounds.value[0] -= choice.extra[rounds.chosen[p]]
    pattern = choice.pattern[rounds.chosen[p]]
    for v in range(choice.begin[pattern], choice.begin[pattern + 1]):
        rows[take(ground, rounds, p, choice.day[v])] = True
    rounds.chosen[p] = -1


@njit(cache=True, nogil=True)
def _arrange(
    ground: Ground, taken: np.ndarray, keys: np.ndarray, count: int, dice: np.ndarray
) -> None:
    """Put the points in the order they return in."""
    order = roll(dice, ORDERS)
    for j in range(count):
        p = taken[j]
        if order < RANDOM:
            keys[j] = chance(dice)
        elif order < HEAVY:
            keys[j] = -ground.demand[p]
        else:
            keys[j] = ground.far[p] if order == ORDERS - 1 else -ground.far[p]
    for j in range(1, count):
        p, key = taken[j], keys[j]
        k = j
        while k > 0 and keys[k - 1] > key:
            taken[k], keys[k] = taken[k - 1], keys[k - 1]
            k -= 1
        taken[k], keys[k] = p, key
