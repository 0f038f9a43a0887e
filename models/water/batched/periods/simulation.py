"""Rounds: every lane not finished is solved at its own time, then goes on as far as it may."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.water.batched.periods.clock import Times, next_steps
from models.water.batched.periods.controls import apply_controls, controls_of, woken_by
from models.water.batched.periods.cut_off import cut_off_lanes
from models.water.batched.periods.demands import Timetable
from models.water.batched.periods.ends import close_ends, codes, ends_of, inflows, refusals
from models.water.batched.periods.events import Active, LaneEvents, check_events
from models.water.batched.periods.parts import part_of, solve_again
from models.water.batched.periods.refusal import check_periods
from models.water.batched.periods.tanks import Stock, fill, tanks_of, volume_m3
from models.water.batched.solver import BatchedSolver
from models.water.batched.state import Solution, State
from models.water.batched.status import CLOSED
from models.water.network.network import Floats, LinkKind, Network

EVENTS_PER_HOUR = 60
"""Steps cut within an hour beyond which controls are taken to toggle without end."""

_CLOSINGS = 40
"""Solutions sought with other links of tanks closed: a few are needed, more go round in circles."""

_HOUR_S = 3600
_THROTTLES = (LinkKind.PBV, LinkKind.TCV, LinkKind.PCV)


class Why(IntEnum):
    """Why a lane stops."""

    GOES_ON = 0
    NO_SOLUTION = 1
    CUT_OFF = 2
    TOGGLES = 3


@dataclass(frozen=True, eq=False)
class Round:
    """What one round found; its arrays are written over by the next.

    Attributes
    ----------
    lane : NDArray[np.int64]
        Which lanes these are.
    time_s : NDArray[np.int64]
        Of the solution.
    state, solution
        Of these lanes.
    code : NDArray[np.int8]
        EPANET's status of every link, (links, lanes).
    why : NDArray[np.int8]
        :class:`Why` a lane goes no further, by lane; its solution is not to be used.
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
    code: NDArray[np.int8]
    why: NDArray[np.int8]
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

    Attributes
    ----------
    stock : Stock
        Of the lanes that go on, now.

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
        self._network = network
        self._solver = solver or BatchedSolver(network)
        self._tanks, self._ends = tanks_of(network), ends_of(network)
        self._controls = controls_of(network)
        self._by_power = woken_by(network, self._controls)
        options, links, count = network.options, network.links, len(lanes)
        self._throttles = np.flatnonzero(np.isin(links.kind, _THROTTLES)).astype(np.int32)
        self._times = Times(
            step_s, options.pattern_step_s, options.pattern_start_s, options.start_clock_s
        )
        self._timetable = Timetable(network, lanes)
        self._active = Active(network, lanes, step_s)
        self._lane = np.arange(count)
        self._time_s = np.zeros(count, dtype=np.int64)
        self._end_s = duration_s // step_s * step_s
        self._cuts = np.zeros(count, dtype=np.int64)
        initial = network.tanks.initial_m
        full = [volume_m3(self._tanks, at, level) for at, level in enumerate(initial.tolist())]
        self.stock = Stock(
            level_m=_columns(initial, count),
            volume_m3=_columns(np.array(full, dtype=np.float64), count),
            inflow_m3s=np.zeros((len(initial), count)),
        )
        self._open, self._setting = _columns(links.open, count), _columns(links.setting, count)
        self._shut = np.zeros((len(self._ends.link), count), dtype=np.bool_)
        self._fixed = _columns(network.nodes.elevation_m[self._solver.fixed], count)
        self._last: Solution | None = None
        self._spare: Solution | None = None

    def rounds(self) -> Iterator[Round]:
        """Solve and step until every lane is at its end."""
        while len(self._lane):
            lane, time_s = self._lane, self._time_s
            self._active.meet(lane, time_s)
            self._timetable.speeds(time_s, self._open, self._setting)
            self._timetable.reservoirs(time_s, self._fixed)
            self._control()
            self._fixed[self._tanks.fixed] = self._tanks.bottom_m[:, None] + self.stock.level_m
            allowed = self._active.allowed(self._open)
            state, solution = self._solve(allowed)
            code = codes(solution.status, allowed, self._setting, self._throttles, self._ends,
                         self._shut)  # fmt: skip
            why = self._why(state, solution, code)
            inflows(self._ends, solution.flows_m3s, code, self.stock.inflow_m3s)
            steps = np.zeros(len(lane), dtype=np.int64)
            end_s = np.where(why == Why.GOES_ON, self._end_s, time_s)
            next_steps(self._times, self._controls, self._tanks, self.stock, time_s, end_s, code,
                       self._setting, steps)  # fmt: skip
            before = self.stock.volume_m3.copy()
            fill(self._tanks, steps, self.stock)
            yield Round(
                lane, time_s, state, solution, code, why, self.stock.inflow_m3s, steps, before,
                self.stock.volume_m3,
            )  # fmt: skip
            self._time_s = time_s + steps
            self._last = solution
            self._keep(steps > 0)

    def _control(self) -> None:
        """Apply controls; a constant-power pump opened again starts afresh, as EPANET has it."""
        fires = np.zeros((len(self._controls.link), len(self._lane)), dtype=np.bool_)
        apply_controls(
            self._controls, self._tanks, self.stock, self._time_s, self._times.start_clock,
            self._open, self._setting, fires,
        )  # fmt: skip
        if self._last is None:
            return
        for link, rows in self._by_power.items():
            woken = self._open[link] & (self._last.status[link] <= CLOSED)
            if len(rows):
                woken &= fires[rows].any(axis=0)
            self._last.flows_m3s[link, woken] = 0.0

    def _solve(self, allowed: NDArray[np.bool_]) -> tuple[State, Solution]:
        """Solve every lane, with links of full and empty tanks closed as the flows ask for."""
        solver, ends = self._solver, self._ends
        state = State(
            demand_m3s=self._timetable.demand_m3s(self._time_s, self._lane),
            fixed_head_m=self._fixed,
            open=_closed(allowed, ends.link, self._shut),
            setting=self._setting,
            emitter=self._active.emitter,
        )
        spare, self._spare = self._spare, self._last
        solution = solver.solve(state, self._last, allow_unconverged=True, into=spare)
        if self._last is not None:
            lost = np.flatnonzero(~solution.converged)
            solve_again(solver, state, solution, lost, warm=False)
        changed = np.zeros(len(self._lane), dtype=np.bool_)
        refusal = np.zeros((len(self._tanks.fixed), len(self._lane)), dtype=np.int8)
        refusals(self._tanks, self.stock, refusal)
        for _ in range(_CLOSINGS):
            close_ends(ends, refusal, solution.flows_m3s, solution.status, allowed, self._shut,
                       changed)  # fmt: skip
            which = np.flatnonzero(changed & solution.converged)
            if not len(which):
                return state, solution
            state = replace(state, open=_closed(allowed, ends.link, self._shut))
            solve_again(solver, state, solution, which, warm=True)
        solution.converged[which] = False
        return state, solution

    def _why(self, state: State, solution: Solution, code: NDArray[np.int8]) -> NDArray[np.int8]:
        """Return which lanes have to stop here, and why."""
        why = np.where(solution.converged, Why.GOES_ON, Why.NO_SOLUTION).astype(np.int8)
        if not self._network.options.pressure_dependent:
            cut = cut_off_lanes(self._network, solution.heads_m, state.demand_m3s, code)
            why[cut] = Why.CUT_OFF
        fresh = self._time_s % self._times.step == 0
        self._cuts = np.where(fresh, 0, self._cuts + 1)
        most = EVENTS_PER_HOUR * (1 + self._times.step // _HOUR_S)
        why[(why == Why.GOES_ON) & (self._cuts > most)] = Why.TOGGLES
        return why

    def _keep(self, goes_on: NDArray[np.bool_]) -> None:
        """Leave lanes at their end out of the next round."""
        if goes_on.all():
            return
        which = np.flatnonzero(goes_on)
        self._lane, self._time_s = self._lane[which], self._time_s[which]
        self._cuts = self._cuts[which]
        self.stock = Stock(*(np.ascontiguousarray(part[:, which]) for part in self.stock))
        self._active.keep(which)
        self._open, self._setting, self._shut, self._fixed = (
            np.ascontiguousarray(part[:, which])
            for part in (self._open, self._setting, self._shut, self._fixed)
        )
        if self._last is not None:
            self._last = part_of(self._last, which)
        self._spare = None


def _columns(values: NDArray[Any], count: int) -> NDArray[Any]:
    return np.repeat(values[:, None], count, axis=1)


def _closed(
    allowed: NDArray[np.bool_], link: NDArray[np.int32], shut: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return which links are open once tanks have closed theirs."""
    if not shut.any():
        return allowed
    is_open = allowed.copy()
    is_open[link] &= ~shut
    return is_open
