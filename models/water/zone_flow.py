"""The hydraulics of one zone, a day at a time: 24 hours as lanes of one solve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.water.batched.solver import BatchedSolver
from models.water.batched.state import Solution, State
from models.water.demand.model import DemandModel
from models.water.gravity import Gravity
from models.water.leak_lanes import HOUR_S, Leaks, fill_lanes, volumes_m3
from models.water.network.network import Floats
from models.water.tower import tower_day

HOURS = 24
LEVEL_M = 0.02
"""Levels this close to those the heads were solved for need no second solve: 0.03 % of a leak."""
MOST_SOLVES = 4


@dataclass(eq=False)
class DayFlow:
    """One day; arrays by hour, volumes in m3.

    Attributes
    ----------
    heads_m, demand_m3 : Floats
        Shape (nodes, 24).
    meters_m3 : Floats
        Through each metered link, positive from its start; shape (meters, 24).
    leaks_m3 : Floats
        By leak of `rows`; shape (rows, 24).
    rows : NDArray[np.int64]
    lost_m3, drawn_m3, filled_m3, short_m3 : Floats
        All leakage, what left the tower, what entered it, what was asked for and not there;
        shape (24,).
    levels_m : Floats
        Shape (25,).
    filling : bool
        Whether the tower is being filled at the end.
    """

    heads_m: Floats
    demand_m3: Floats
    meters_m3: Floats
    leaks_m3: Floats
    rows: NDArray[np.int64]
    lost_m3: Floats
    drawn_m3: Floats
    filled_m3: Floats
    short_m3: Floats
    levels_m: Floats
    filling: bool


class ZoneFlow:
    """A zone in time.

    Parameters
    ----------
    gravity
        The zone under its tower.
    solver
        Of `gravity.zone.network`.
    pressure_m
        Usual pressure in the zone.
    demand
        What its nodes draw.
    background
        Coefficient of p^1.5 by node, shape (nodes,).
    leaks
        Columns of all leaks of the world; this zone's are `rows`, in order of start.
    meters
        Metered links.
    """

    def __init__(
        self,
        gravity: Gravity,
        solver: BatchedSolver,
        pressure_m: float,
        demand: DemandModel,
        background: Floats,
        leaks: Leaks,
        rows: NDArray[np.int64],
        meters: NDArray[np.int64],
    ) -> None:
        self.gravity, self.pressure_m = gravity, pressure_m
        self._solver, self._demand, self._background = solver, demand, background
        self._leaks, self._rows, self._meters = leaks, rows, meters
        nodes = gravity.zone.network.nodes
        self._elevation_m = nodes.elevation_m
        self._fixed_m = np.repeat(nodes.elevation_m[solver.fixed][:, None], HOURS, axis=1)
        self._tank_row = int(np.flatnonzero(np.asarray(solver.fixed) == gravity.tank)[0])
        shape = (len(nodes), HOURS)
        self._half, self._three_halves = np.empty(shape), np.empty(shape)
        self._warm: Solution | None = None
        self._lost_m3 = np.zeros(HOURS)
        self.level_m, self.filling = gravity.first_level_m, True

    def day(self, day: int, power: NDArray[np.bool_] | None = None) -> DayFlow:
        """Solve a day from the level the last one ended with; `power` False: nothing fills."""
        on = np.ones(HOURS, dtype=np.bool_) if power is None else power
        demand = self._demand.hours(HOURS * day, HOURS)
        rows = self._running(day)
        first_s = day * HOURS * HOUR_S
        fill_lanes(self._half, self._three_halves, self._background, first_s, rows, self._leaks)
        links = self.gravity.zone.network.links
        state = State(
            demand_m3s=demand,
            fixed_head_m=self._fixed_m,
            open=links.open,
            setting=links.setting,
            half=self._half,
            three_halves=self._three_halves,
        )
        # What taps draw is known before the solve; leaks are nearly what they were yesterday.
        drawn = demand.sum(axis=0) * HOUR_S + self._lost_m3
        for _ in range(MOST_SOLVES):
            levels = self._tower(drawn, on)[0]
            self._fixed_m[self._tank_row] = self._elevation_m[self.gravity.tank] + levels[:HOURS]
            solution = self._solver.solve(state, start=self._warm)
            self._warm = solution
            lost = solution.leak_m3s.sum(axis=0) * HOUR_S
            drawn = solution.delivered_m3s.sum(axis=0) * HOUR_S + lost
            tower = self._tower(drawn, on)
            if np.abs(tower[0] - levels).max() <= LEVEL_M:
                break
        self._lost_m3 = lost
        own = np.empty((len(rows), HOURS))
        volumes_m3(own, solution.heads_m, self._elevation_m, first_s, rows, self._leaks)
        levels, filled, short, filling = tower
        # A dry tower serves taps and leaks alike, each in proportion to what it would draw.
        served = HOUR_S if not short.any() else HOUR_S * (1.0 - short / drawn)
        share = served / HOUR_S
        return DayFlow(
            heads_m=solution.heads_m,
            demand_m3=solution.delivered_m3s * served,
            meters_m3=solution.flows_m3s[self._meters] * served,
            leaks_m3=own * share,
            rows=rows,
            lost_m3=lost * share,
            drawn_m3=drawn * share,
            filled_m3=filled,
            short_m3=short,
            levels_m=levels,
            filling=filling,
        )

    def close(self, flow: DayFlow) -> None:
        """Take the end of a day as the start of the next."""
        self.level_m, self.filling = float(flow.levels_m[-1]), flow.filling

    def _tower(
        self, drawn_m3: Floats, power: NDArray[np.bool_]
    ) -> tuple[Floats, Floats, Floats, bool]:
        g = self.gravity
        found: tuple[Floats, Floats, Floats, bool] = tower_day(
            self.level_m, self.filling, drawn_m3, power, g.area_m2, g.depth_m, g.starts_m,
            g.stops_m, g.filling_m3s,
        )  # fmt: skip
        return found

    def _running(self, day: int) -> NDArray[np.int64]:
        """Return the zone's leaks that run at some hour of a day."""
        first_s = day * HOURS * HOUR_S
        starts = self._leaks.start_s[self._rows]
        begun = int(np.searchsorted(starts, first_s + HOURS * HOUR_S))
        rows = self._rows[:begun]
        return rows[self._leaks.end_s[rows] > first_s]
