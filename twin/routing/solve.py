"""Plan a day: savings, then ruin and recreate (see `kernel`).

Two ways to end. By *iterations*: the same seed gives the same bits on any machine and under any
load. By *seconds* of CPU of the calling thread: as valid, but how far it went depends on the
machine; the annealing follows the share of the time spent.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from twin.device_keys import mix
from twin.errors import Fault, InputError
from twin.lang import Text
from twin.routing.check_problem import check_problem
from twin.routing.kernel import layout
from twin.routing.kernel.anneal import anneal
from twin.routing.kernel.begin import open_given, rounds_by_savings
from twin.routing.kernel.layout import State
from twin.routing.prepare import Prepared, new_state, prepare
from twin.routing.problem import Plan, Problem
from twin.routing.read_back import empty_plan, plan_of
from twin.routing.warm_start import given_rounds

USUAL_ITERATIONS = 10_000

HOT, COLD = 0.3, 0.005
"""First and last temperature, in mean travel cost per stop of the first rounds [D]: tuned on
X-n101-k25, X-n200-k36 and days of 100 stops by road."""

LONG_ROUND = 10.0
"""Stops a round above which the first temperature falls in proportion: long rounds leave less
packing to undo [D]."""

CYCLES, LEAST_CYCLE = 4, 2_000
"""Coolings of a run, and the fewest moves of one. On X-n101-k25, 800,000 moves in one cooling left
four seeds of twelve 0.2 % or more too high, in four coolings two of twelve [D]."""

WARM_HOT = 0.05
"""First temperature when a plan is given: what it holds is worth keeping [D]."""

REMOVALS = 8.0
"""Mean stops taken out by a move [D]; 10 in Christiaens & Vanden Berghe 2020 [V]."""

FILL, MOVES = True, False
"""What :func:`anneal` is asked for."""

CHUNK = 1 << 14
"""Iterations between two looks of the interpreter (Ctrl-C); part of what a seed means."""

FIRST_CHUNK = 64
LOOKS = 40
"""Looks at the clock in a run by seconds, about."""


@dataclass(frozen=True)
class _Anneal:
    """Temperatures of a cooling, in quanta of cost."""

    hot: float
    cold: float

    def at(self, share: float) -> float:
        """Return the temperature when `share` of the cooling is done."""
        return float(self.hot * (self.cold / self.hot) ** min(share, 1.0))

    def between(self, done: float, more: float) -> tuple[float, float]:
        """Return first and last temperature of the next `more` of a run of several coolings."""
        cycle = min(int(done * CYCLES), CYCLES - 1)
        share = done * CYCLES - cycle
        return self.at(share), self.at(share + more * CYCLES)


def solve(
    problem: Problem,
    *,
    seed: int,
    iterations: int | None = None,
    seconds: float | None = None,
    start: Plan | None = None,
    checked: bool = True,
) -> Plan:
    """Return the cheapest plan found.

    Parameters
    ----------
    problem
        The day.
    seed
        Of the search; any whole number.
    iterations
        Moves to play; 10,000 where neither this nor `seconds` is given. 0 is the start alone.
    seconds
        CPU seconds of this thread instead, preparation included. The search looks at the clock
        every fortieth of them or so, and overshoots by no more than one look.
    start
        A plan to begin from, such as yesterday's, its visits numbered as stops of this problem
        (:func:`twin.routing.warm_start.renumbered`). Visits unknown here are dropped, stops it
        does not hold are inserted, rounds that no longer fit are cut short. Where the savings
        method gives a cheaper start, that one is taken.
    checked
        Whether to look for faults in the problem first; 0.2 ms for 600 locations [D].

    Raises
    ------
    InputError
        The problem is malformed (see :func:`twin.routing.check_problem.check_problem`), or both
        `iterations` and `seconds` are given, or one is negative.
    """
    began_s = time.thread_time()
    _check_effort(iterations, seconds)
    if checked:
        check_problem(problem)
    if len(problem.stops) == 0 or sum(kind.count for kind in problem.vehicles) == 0:
        return empty_plan(problem)
    prepared = prepare(problem)
    dice = np.array([_first_die(seed)], dtype=np.uint64)
    state, hot = _begin(problem, prepared, start, dice)
    heat = _temperatures(prepared, state, hot)
    if seconds is None:
        played = USUAL_ITERATIONS if iterations is None else iterations
        _play(prepared, state, dice, heat, played)
    else:
        played = _play_until(prepared, state, dice, heat, began_s, seconds)
    return plan_of(problem, prepared, state, played, time.thread_time() - began_s)


def _begin(
    problem: Problem, prepared: Prepared, start: Plan | None, dice: np.ndarray
) -> tuple[State, float]:
    """Return the first rounds and the first temperature.

    The cheapest of what is to be had: savings (one kind of vehicle), the given plan, or, for
    mixed fleets and dumps, one greedy insertion after another.
    """
    laid = []
    if len(problem.vehicles) == 1:
        rounds = rounds_by_savings(prepared.data)
        laid.append((_lay(prepared, rounds, dice), HOT))
    if start is not None or len(problem.vehicles) > 1 or problem.vehicles[0].dumps:
        rounds = given_rounds(problem, start)
        laid.append((_lay(prepared, rounds, dice), HOT if start is None else WARM_HOT))
    return min(laid, key=lambda one: int(one[0].sums[layout.TOTAL]))


def _lay(
    prepared: Prepared, rounds: tuple[np.ndarray, np.ndarray, np.ndarray], dice: np.ndarray
) -> State:
    """Return a search that holds given rounds, every other stop inserted greedily."""
    state = new_state(prepared.data)
    open_given(prepared.data, state, *rounds)
    if state.sums[layout.N_ROUTED] < prepared.n_stops:
        anneal(prepared.data, state, dice, 1, 1.0, 1.0, REMOVALS, FILL)
    return state


def _temperatures(prepared: Prepared, state: State, hot: float) -> _Anneal:
    """Return the temperatures for the rounds as they are."""
    sums, tour = state.sums, state.tour[state.order[: state.sums[layout.N_OPEN]]]
    fixed = prepared.data.fleet[tour[:, layout.KIND], layout.FIXED]
    travel = float((tour[:, layout.COST] - fixed).sum())
    routed = max(int(sums[layout.N_ROUTED]), 1)
    per_stop = max(travel / routed, 1.0)
    hot *= min(1.0, LONG_ROUND * len(tour) / routed)
    return _Anneal(max(hot, 2.0 * COLD) * per_stop, COLD * per_stop)


def _play(
    prepared: Prepared, state: State, dice: np.ndarray, heat: _Anneal, iterations: int
) -> None:
    """Play a number of moves."""
    cycles = max(1, min(CYCLES, iterations // LEAST_CYCLE))
    for cycle in range(cycles):
        moves = iterations * (cycle + 1) // cycles - iterations * cycle // cycles
        for done in range(0, moves, CHUNK):
            more = min(CHUNK, moves - done)
            hot, cold = heat.at(done / moves), heat.at((done + more) / moves)
            anneal(prepared.data, state, dice, more, hot, cold, REMOVALS, MOVES)


def _play_until(
    prepared: Prepared,
    state: State,
    dice: np.ndarray,
    heat: _Anneal,
    began_s: float,
    seconds: float,
) -> int:
    """Play moves until `seconds` of CPU are spent since `began_s`; return how many."""
    spent_s = time.thread_time() - began_s
    played, chunk = 0, FIRST_CHUNK
    while spent_s < seconds:
        before_s = spent_s
        look_s = min(seconds / LOOKS, seconds - spent_s)
        hot, cold = heat.between(spent_s / seconds, look_s / seconds)
        anneal(prepared.data, state, dice, chunk, hot, cold, REMOVALS, MOVES)
        played += chunk
        spent_s = time.thread_time() - began_s
        pace_s = max(spent_s - before_s, 1e-7) / chunk
        next_s = min(seconds / LOOKS, seconds - spent_s)
        chunk = max(FIRST_CHUNK // 4, min(int(next_s / pace_s), 4 * chunk))
    return played


def _first_die(seed: int) -> int:
    """Return 64 bits, not all zero, from a seed."""
    spread = (seed * 0x9E3779B97F4A7C15 + 0x337DD079524870EE) & (2**64 - 1)
    return int(mix(np.uint64(spread))[0]) or 1


def _check_effort(iterations: int | None, seconds: float | None) -> None:
    """Refuse an effort that is negative, endless or given twice."""
    remedy = Text("corrigez l'effort demandé", "correct the effort asked for")
    if iterations is not None and seconds is not None:
        expected = Text("iterations ou seconds, pas les deux", "iterations or seconds, not both")
        value = f"{iterations}, {seconds:g}"
        raise InputError(Fault(expected, remedy, key="iterations, seconds", value=value))
    if iterations is not None and iterations < 0:
        expected = Text("zéro ou davantage", "zero or more")
        raise InputError(Fault(expected, remedy, key="iterations", value=str(iterations)))
    if seconds is not None and not 0.0 < seconds < np.inf:
        expected = Text("un nombre positif fini", "a finite positive number")
        raise InputError(Fault(expected, remedy, key="seconds", value=f"{seconds:g}"))
