"""What goes into a batched solve and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.water.network.network import ControlKind, Floats, LinkKind, Network, NodeKind

DAY_S = 86_400


@dataclass(frozen=True, eq=False)
class State:
    """What may differ between lanes; each array (items, lanes), or (items,) shared by all.

    Attributes
    ----------
    demand_m3s : NDArray[np.float64]
        By node; entries of reservoirs and tanks are not read.
    fixed_head_m : NDArray[np.float64]
        Of the reservoirs and tanks, in node order.
    open : NDArray[np.bool_]
        By link; a lane that is not open holds the link closed.
    setting : NDArray[np.float64]
        By link: speed of a pump; pressure (m) of a PRV, PSV, PBV; flow (m3/s) of an FCV; loss
        coefficient of a TCV, percent of a PCV; NaN holds a valve open.
    half, three_halves : NDArray[np.float64] | None
        Leaks by node, m3/s at 1 m: q = half p^0.5 + three_halves p^1.5 above zero pressure.
    emitter : NDArray[np.float64] | None
        Emitters by node, beside the network's own: c of q = c p^n, m3/s at 1 m, n the network's
        emitter exponent; below zero pressure as the network's own.
    """

    demand_m3s: Floats
    fixed_head_m: Floats
    open: NDArray[np.bool_]
    setting: Floats
    half: Floats | None = None
    three_halves: Floats | None = None
    emitter: Floats | None = None


@dataclass(frozen=True, eq=False)
class Solution:
    """Hydraulics of each lane.

    Attributes
    ----------
    heads_m : NDArray[np.float64]
        Shape (nodes, lanes).
    flows_m3s : NDArray[np.float64]
        Shape (links, lanes); positive from start to end.
    leak_m3s : NDArray[np.float64]
        By leaks and emitters, shape (nodes, lanes).
    delivered_m3s : NDArray[np.float64]
        Demand met, shape (nodes, lanes) or as the demand was given where it does not depend on
        pressure.
    status : NDArray[np.int8]
        EPANET's code, shape (links, lanes): 0 a pump that cannot lift its head, 1 closed for the
        moment, 2 closed, 3 open, 4 active, 6 a flow valve that passes less than set; -1 for pipes
        without check valve.
    iterations : NDArray[np.int32]
        Linear systems solved, by lane.
    converged : NDArray[np.bool_]
        By lane.
    balance : NDArray[np.float64]
        What the laws still lack, sum of |residual flow| over sum of |flow|, by lane. Mass balances
        to rounding whatever it says.
    """

    heads_m: Floats
    flows_m3s: Floats
    leak_m3s: Floats
    delivered_m3s: Floats
    status: NDArray[np.int8]
    iterations: NDArray[np.int32]
    converged: NDArray[np.bool_]
    balance: Floats

    @property
    def lanes(self) -> int:
        """Return the number of lanes."""
        return int(self.heads_m.shape[1])

    def pressures_m(self, network: Network) -> Floats:
        """Return pressures, metres of water above the ground; shape (nodes, lanes)."""
        return self.heads_m - network.nodes.elevation_m[:, None]


def state_at(network: Network, time_s: int = 0) -> State:
    """Return what a network's file says at an instant, tanks at their initial level: one lane.

    Patterns give demands, heads of reservoirs and speeds of pumps; simple controls that hold at
    that time or those levels act on statuses and settings, as in EPANET. Pressure controls and
    rules are left out.
    """
    options = network.options
    period = (int(time_s) + options.pattern_start_s) // options.pattern_step_s

    def multiplier(pattern: int) -> float:
        if pattern < 0:
            return 1.0
        values = network.patterns[pattern].values
        return float(values[period % len(values)])

    demand = np.zeros(len(network.nodes))
    factor = np.array([multiplier(int(p)) for p in network.demands.pattern])
    np.add.at(demand, network.demands.node, network.demands.base_m3s * factor)
    demand *= options.demand_multiplier
    heads = network.nodes.elevation_m.copy()
    for node in np.flatnonzero(network.nodes.kind == NodeKind.RESERVOIR):
        heads[node] *= multiplier(int(network.nodes.head_pattern[node]))
    heads[network.tanks.node] += network.tanks.initial_m
    state = State(
        demand_m3s=demand,
        fixed_head_m=heads[network.nodes.kind != NodeKind.JUNCTION],
        open=network.links.open.copy(),
        setting=network.links.setting.copy(),
    )
    for pump, link in enumerate(network.pumps.link):
        if network.pumps.speed_pattern[pump] >= 0:
            state.setting[link] = multiplier(int(network.pumps.speed_pattern[pump]))
            state.open[link] = state.setting[link] > 0.0
    return _controlled(network, state, heads, int(time_s))


def _controlled(network: Network, state: State, heads: Floats, time_s: int) -> State:
    is_open, setting = state.open.copy(), state.setting.copy()
    for control in network.controls:
        if control.kind is ControlKind.TIME:
            holds = control.time_s == time_s
        elif control.kind is ControlKind.CLOCK_TIME:
            clock = (time_s + network.options.start_clock_s) % DAY_S
            holds = control.time_s == clock
        elif network.nodes.kind[control.node] == NodeKind.JUNCTION:
            continue
        else:
            level = heads[control.node] - network.nodes.elevation_m[control.node]
            low = control.kind is ControlKind.LEVEL_BELOW
            holds = level <= control.level_m if low else level >= control.level_m
        if not holds:
            continue
        link = control.link
        is_open[link] = control.opens
        if control.setting is not None:
            setting[link] = control.setting
        elif network.links.kind[link] == LinkKind.PUMP:
            setting[link] = 1.0 if control.opens else 0.0
        elif network.links.kind[link] != LinkKind.GPV:
            setting[link] = np.nan
    return replace(state, open=is_open, setting=setting)
