"""Rounds: every lane not finished is solved at its own time, then goes on as far as it may."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.water.batched.periods.clock import Times, next_steps
from models.water.batched.periods.controls import apply_controls, controls_of
from models.water.batched.periods.demands import Timetable
from models.water.batched.periods.ends import close_ends, ends_of, inflows
from models.water.batched.periods.events import LaneEvents, check_events
from models.water.batched.periods.refusal import check_periods
from models.water.batched.periods.tanks import fill, tanks_of, volume_m3
from models.water.batched.status import CLOSED
from models.water.batched.solver import BatchedSolver
from models.water.batched.state import Solution, State
from models.water.network.network import Floats, Ints, Network, NodeKind, PumpLaw

_CLOSINGS = 40
"""Times a solution is sought with other links of tanks closed; a few are needed, more is a cycle."""

_BLOCK = 8


@dataclass(frozen=True, eq=False)
class Round:
    """What one round found; arrays are written over by the next.

    Attributes
    ----------
    lane : NDArray[np.int64]
        Which lanes these are.
    time_s : NDArray[np.int64]
        Of the solution.
    solution, state
        Of these lanes.
    solved : NDArray[np.bool_]
        False for a lane that has no solution; it goes no further.
    shut : NDArray[np.bool_]
        Links of tanks closed for the moment, (ends, lanes).
    inflow_m3s : NDArray[np.float64]
        Into tanks, (tanks, lanes).
    steps_s : NDArray[np.int64]
        How far each lane goes from here; 0 at its end.
    before_m3, after_m3 : NDArray[np.float64]
        In tanks at both ends of the step, (tanks, lanes).
    """

    lane: NDArray[np.int64]
    time_s: NDArray[np.int64]
    state: State
    solution: Solution
    solved: NDArray[np.bool_]
    shut: NDArray[np.bool_]
    inflow_m3s: Floats
    steps_s: NDArray[np.int64]
    before_m3: Floats
    after_m3: Floats


class Simulation:
    """Lanes of one network over a period.

    Parameters
    ----------
    network : Network
    lanes : sequence of LaneEvents
    step_s : int
        Every lane is solved at each multiple of it: when events count, and when results are due.
    duration_s : int
    solver : BatchedSolver, optional
        One made before for this network.

    Raises
    ------
    NotBatched
        See :func:`models.water.batched.periods.refusal.check_periods`.
    InputError
        A lane is at fault.
    """

    def __init__(
        self,
        network: Network,
        lanes: Sequence[LaneEvents],
        step_s: int,
        duration_s: int,
        solver: BatchedSolver | None = None,
    ) -> None:
        check_periods(network)
        check_events(network, lanes)
        self.network, self.events = network, lanes
        self.solver = solver or BatchedSolver(network)
        self.tanks, self.ends = tanks_of(network), ends_of(network)
        self._controls = controls_of(network)
        options, count = network.options, len(lanes)
        self._times = Times(
            step_s, options.pattern_step_s, options.pattern_start_s, options.start_clock_s
        )
        self._timetable = Timetable(network, lanes)
        self._by_power = _woken_by(network, self._controls.link)
        self._row = np.full(len(network.links), -1, dtype=np.int32)
        self._row[self.ends.link] = np.arange(len(self.ends.link))
        self._changes = [lane.changes_s(step_s) for lane in lanes]
        self.lane = np.arange(count)
        self.time_s = np.zeros(count, dtype=np.int64)
        self._end_s = np.full(count, duration_s // step_s * step_s, dtype=np.int64)
        self._due_s = np.zeros(count, dtype=np.int64)
        level = np.repeat(network.tanks.initial_m[:, None], count, axis=1).astype(np.float64)
        self.level_m = level
        held = [
            volume_m3(self.tanks, at, start) for at, start in enumerate(network.tanks.initial_m)
        ]
        self.volume_m3 = np.repeat(np.array(held)[:, None], count, axis=1)
        self.inflow_m3s = np.zeros_like(level)
        links = network.links
        self._open = np.repeat(links.open[:, None], count, axis=1)
        self._setting = np.repeat(links.setting[:, None], count, axis=1)
        self._held_links = np.array(
            sorted({closed.link for lane in lanes for closed in lane.closed}), dtype=np.int64
        )
        self._held = np.zeros((len(self._held_links), count), dtype=np.bool_)
        self._shut = np.zeros((len(self.ends.link), count), dtype=np.bool_)
        given = any(lane.leaks for lane in lanes)
        self._emitter = np.zeros((len(network.nodes), count)) if given else None
        self.leaking = given or _leaks_itself(network)
        heads = network.nodes.elevation_m[self.solver.fixed]
        self._fixed = np.repeat(heads[:, None], count, axis=1)
        self._last: Solution | None = None
        self._spare: Solution | None = None

    def rounds(self) -> Iterator[Round]:
        """Solve and step until every lane is at its end."""
        while len(self.lane):
            self._meet_events()
            self._timetable.speeds(self.time_s, self._open, self._setting)
            self._timetable.reservoirs(self.time_s, self._fixed)
            self._control()
            self._fixed[self.tanks.fixed] = self.tanks.bottom_m[:, None] + self.level_m
            allowed = self._allowed()
            state, solution = self._solve(allowed)
            solved = solution.converged.copy()
            inflows(self.ends, solution.flows_m3s, solution.status, allowed, self._shut,
                    self.inflow_m3s)  # fmt: skip
            steps = np.zeros(len(self.lane), dtype=np.int64)
            next_steps(
                self._times, self._controls, self.tanks, self.time_s,
                np.where(solved, self._end_s[self.lane], self.time_s), self.inflow_m3s,
                self.volume_m3, self.level_m, solution.status, allowed, self._setting, self._shut,
                self._row, steps,
            )  # fmt: skip
            before = self.volume_m3.copy()
            fill(self.tanks, steps, self.inflow_m3s, self.volume_m3, self.level_m)
            yield Round(
                self.lane, self.time_s, state, solution, solved, self._shut, self.inflow_m3s,
                steps, before, self.volume_m3,
            )  # fmt: skip
            self.time_s = self.time_s + steps
            self._last = solution
            self._drop(steps > 0)

    def _meet_events(self) -> None:
        """Start and end leaks and closures of the lanes whose time has come."""
        for at in np.flatnonzero(self._due_s[self.lane] <= self.time_s).tolist():
            lane, now = int(self.lane[at]), int(self.time_s[at])
            events = self.events[lane]
            later = [time for time in self._changes[lane] if time > now]
            self._due_s[lane] = later[0] if later else np.iinfo(np.int64).max
            if self._emitter is not None and events.leaks:
                self._emitter[[leak.node for leak in events.leaks], at] = 0.0
                for leak in events.leaks:
                    if leak.during(now):
                        self._emitter[leak.node, at] += leak.coefficient
            if events.closed:
                self._held[:, at] = False
                for closed in events.closed:
                    if closed.during(now):
                        self._held[np.searchsorted(self._held_links, closed.link), at] = True

    def _control(self) -> None:
        """Apply controls; a constant-power pump that one opens again starts afresh, as in EPANET."""
        fires = np.zeros((len(self._controls.link), len(self.lane)), dtype=np.bool_)
        apply_controls(
            self._controls, self.tanks, self.time_s, self._times.start_clock, self.inflow_m3s,
            self.level_m, self._open, self._setting, fires,
        )  # fmt: skip
        if self._last is None:
            return
        for link, rows in self._by_power.items():
            woken = self._open[link] & (self._last.status[link] <= CLOSED)
            if len(rows):
                woken &= fires[rows].any(axis=0)
            self._last.flows_m3s[link, woken] = 0.0

    def _allowed(self) -> NDArray[np.bool_]:
        """Return which links nothing but a tank closes, (links, lanes)."""
        if not len(self._held_links):
            return self._open
        allowed = self._open.copy()
        allowed[self._held_links] &= ~self._held
        return allowed

    def _solve(self, allowed: NDArray[np.bool_]) -> tuple[State, Solution]:
        """Solve every lane, with links of full and empty tanks closed as the flows ask for."""
        state = State(
            demand_m3s=self._timetable.demand_m3s(self.time_s, self.lane),
            fixed_head_m=self._fixed,
            open=self._with_tanks(allowed, self._shut),
            setting=self._setting,
            half=self._emitter,
        )
        spare, self._spare = self._spare, self._last
        solution = self.solver.solve(state, self._last, allow_unconverged=True, into=spare)
        self._again_cold(state, solution)
        changed = np.zeros(len(self.lane), dtype=np.bool_)
        for _ in range(_CLOSINGS):
            count = close_ends(
                self.tanks, self.ends, self.level_m, solution.flows_m3s, solution.status, allowed,
                self._shut, changed,
            )  # fmt: skip
            if not count:
                return state, solution
            state = replace(state, open=self._with_tanks(allowed, self._shut))
            which = np.flatnonzero(changed & solution.converged)
            _resolve(self.solver, state, solution, which, warm=True)
            if not (changed & solution.converged).any():
                return state, solution
        solution.converged[changed] = False
        return state, solution

    def _again_cold(self, state: State, solution: Solution) -> None:
        """Solve again, from nothing, what did not converge from the solution before."""
        if self._last is not None and not solution.converged.all():
            _resolve(self.solver, state, solution, np.flatnonzero(~solution.converged), warm=False)

    def _with_tanks(self, allowed: NDArray[np.bool_], shut: NDArray[np.bool_]) -> NDArray[np.bool_]:
        if not shut.any():
            return allowed
        is_open = allowed.copy()
        is_open[self.ends.link] &= ~shut
        return is_open

    def _drop(self, goes_on: NDArray[np.bool_]) -> None:
        """Leave lanes at their end out of the next round, all of them or a whole block at least."""
        if goes_on.all():
            return
        keep = np.flatnonzero(goes_on)
        self.lane, self.time_s = self.lane[keep], self.time_s[keep]
        for name in ("level_m", "volume_m3", "inflow_m3s", "_open", "_setting", "_held", "_shut",
                     "_fixed"):  # fmt: skip
            setattr(self, name, np.ascontiguousarray(getattr(self, name)[:, keep]))
        if self._emitter is not None:
            self._emitter = np.ascontiguousarray(self._emitter[:, keep])
        if self._last is not None:
            self._last = _columns(self._last, keep)
        self._spare = None


def _woken_by(network: Network, controlled: Ints) -> dict[int, NDArray[np.intp]]:
    """Return constant-power pumps that something opens, and by which controls: none, by a pattern."""
    pumps, found = network.pumps, {}
    for pump in np.flatnonzero(pumps.law == PumpLaw.CONSTANT_POWER):
        link = int(pumps.link[pump])
        rows = np.flatnonzero(controlled == link)
        if pumps.speed_pattern[pump] >= 0:
            found[link] = rows[:0]
        elif len(rows):
            found[link] = rows
    return found


def _leaks_itself(network: Network) -> bool:
    links = network.links
    return bool(
        (network.nodes.emitter > 0.0).any()
        or (links.leak_area_m2_per_m > 0.0).any()
        or (links.leak_expansion_m2_per_m2 > 0.0).any()
    )


def _columns(solution: Solution, keep: NDArray[np.intp]) -> Solution:
    delivered = solution.delivered_m3s
    wide = delivered.ndim > 1 and delivered.shape[1] == solution.lanes
    return Solution(
        heads_m=np.ascontiguousarray(solution.heads_m[:, keep]),
        flows_m3s=np.ascontiguousarray(solution.flows_m3s[:, keep]),
        leak_m3s=np.ascontiguousarray(solution.leak_m3s[:, keep]),
        delivered_m3s=np.ascontiguousarray(delivered[:, keep]) if wide else delivered,
        status=np.ascontiguousarray(solution.status[:, keep]),
        iterations=solution.iterations[keep],
        converged=solution.converged[keep],
        balance=solution.balance[keep],
    )


def _resolve(
    solver: BatchedSolver,
    state: State,
    solution: Solution,
    which: NDArray[np.intp],
    *,
    warm: bool,
) -> None:
    """Solve some lanes of a state again and write them into a solution."""
    if not len(which):
        return

    def cut(array: NDArray[np.float64] | None) -> NDArray[np.float64] | None:
        if array is None or array.ndim == 1 or array.shape[1] == 1:
            return array
        return np.ascontiguousarray(array[:, which])

    part = State(
        demand_m3s=cut(state.demand_m3s), fixed_head_m=cut(state.fixed_head_m),
        open=cut(state.open), setting=cut(state.setting), half=cut(state.half),
    )  # fmt: skip
    start = _columns(solution, which) if warm else None
    found = solver.solve(part, start, allow_unconverged=True)
    dependent = solver.network.options.pressure_dependent
    for name in ("heads_m", "flows_m3s", "leak_m3s", "status"):
        getattr(solution, name)[:, which] = getattr(found, name)
    if dependent:
        solution.delivered_m3s[:, which] = found.delivered_m3s
    for name in ("iterations", "converged", "balance"):
        getattr(solution, name)[which] = getattr(found, name)
