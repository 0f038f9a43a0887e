"""What patterns give at each lane's time: demand, heads of reservoirs, speeds of pumps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.water.batched.periods.events import LaneEvents
from models.water.network.network import Floats, Ints, Network, NodeKind


@njit(cache=True, error_model="numpy")
def _add(node: Ints, pattern: Ints, base: Floats, factors: Floats, demand: Floats) -> None:
    for at in range(len(node)):
        for lane in range(demand.shape[1]):
            demand[node[at], lane] += base[at] * factors[pattern[at], lane]


class Timetable:
    """Patterns of a network at any time; lanes may multiply demand, or bring their own."""

    def __init__(self, network: Network, lanes: Sequence[LaneEvents]) -> None:
        options = network.options
        self._step_s, self._start_s = options.pattern_step_s, options.pattern_start_s
        patterns = [pattern.values for pattern in network.patterns]
        self._lengths = np.array([1, *(len(values) for values in patterns)])
        self._offsets = np.concatenate(([0], np.cumsum(self._lengths)[:-1]))
        self._values = np.concatenate((np.ones(1), *patterns))
        demands = network.demands
        self._node = demands.node
        self._pattern = (demands.pattern + 1).astype(np.int32)
        self._base = demands.base_m3s * options.demand_multiplier
        self._nodes = len(network.nodes)
        held = network.nodes.kind != NodeKind.JUNCTION
        self._level = np.where(
            network.nodes.kind == NodeKind.RESERVOIR, network.nodes.elevation_m, np.nan
        )[held]
        self._level_pattern = network.nodes.head_pattern[held]
        self._moving = np.flatnonzero(~np.isnan(self._level) & (self._level_pattern >= 0))
        self._pumps = np.flatnonzero(network.pumps.speed_pattern >= 0)
        self._speed_link = network.pumps.link[self._pumps]
        self._speed_pattern = network.pumps.speed_pattern[self._pumps]
        self._factor = np.array([lane.demand_factor for lane in lanes])
        self._own = {
            at: lane.demand_m3s for at, lane in enumerate(lanes) if lane.demand_m3s is not None
        }
        self._shared = not self._own and bool((self._factor == 1.0).all())
        self._last: tuple[NDArray[np.int64], NDArray[np.int64], Floats] | None = None

    def demand_m3s(self, time_s: NDArray[np.int64], lanes: NDArray[np.int64]) -> Floats:
        """Return demand at each lane's time, (nodes, lanes); (nodes, 1) where all share it."""
        period = (time_s + self._start_s) // self._step_s
        last = self._last
        if last is not None and np.array_equal(last[0], period) and np.array_equal(last[1], lanes):
            return last[2]
        if self._shared and (period == period[0]).all():
            demand = np.zeros((self._nodes, 1))
            _add(self._node, self._pattern, self._base, self._at(period[:1]), demand)
        else:
            demand = np.zeros((self._nodes, len(lanes)))
            _add(self._node, self._pattern, self._base, self._at(period), demand)
            for at, lane in enumerate(lanes.tolist()):
                own = self._own.get(lane)
                if own is not None:
                    demand[:, at] = own[min(int(time_s[at]) // self._step_s, len(own) - 1)]
            if not self._shared:
                demand *= self._factor[lanes]
        self._last = (period, lanes.copy(), demand)
        return demand

    def reservoirs(self, time_s: NDArray[np.int64], head_m: Floats) -> None:
        """Write heads that follow patterns into `head_m` (reservoirs and tanks, lanes)."""
        if len(self._moving):
            factors = self._at((time_s + self._start_s) // self._step_s)
            rows = self._moving
            head_m[rows] = self._level[rows, None] * factors[self._level_pattern[rows] + 1]

    def speeds(
        self, time_s: NDArray[np.int64], is_open: NDArray[np.bool_], setting: Floats
    ) -> None:
        """Write speeds that follow patterns, and statuses with them; (links, lanes)."""
        if len(self._pumps):
            factors = self._at((time_s + self._start_s) // self._step_s)
            speed = factors[self._speed_pattern + 1]
            setting[self._speed_link] = speed
            is_open[self._speed_link] = speed > 0.0

    def _at(self, period: NDArray[np.int64]) -> Floats:
        """Return the value of each pattern; row 0 is 1. Shape (patterns + 1, lanes)."""
        where = self._offsets[:, None] + period[None, :] % self._lengths[:, None]
        values: Floats = self._values[where]
        return values
