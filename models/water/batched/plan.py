"""What a compiled sweep needs of a network: flat arrays in the order it walks them."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.water.batched import fields as f
from models.water.batched.constants import (
    CFS,
    CONSTANT_POWER_R,
    DISCHARGE,
    FT,
    GRAVITY_FT,
    GRAVITY_M,
    HAZEN_WILLIAMS_R,
    HEADLOSSES,
    MINOR_R,
    START_M_PER_S,
    VISCOSITY_FT2_S,
    W_PER_HP,
)
from models.water.batched.power import HAZEN_WILLIAMS
from models.water.batched.symbolic import Elimination, eliminate
from models.water.network.network import Floats, Ints, LinkKind, Network, NodeKind, PumpLaw

POWER_PUMP, WATT_PUMP, CURVE_PUMP, FREE_PUMP = 20, 21, 22, 23
"""Kinds of machines beside the :class:`LinkKind` of valves: pumps by their law."""

_LEAST_RANGE_M = 1e-9
_MACHINE = 2


class Sizes(NamedTuple):
    """Numbers that hold for a whole solve."""

    unknowns: int
    fixed: int
    links: int
    plain: int  # links before this one are plain pipes
    pipes: int  # links before this one are pipes
    headloss: int  # into HEADLOSSES
    emitters: int
    stateful: bool  # some status may change in a solve
    emitter_exponent: float
    backflow: bool
    dependent: bool  # demands on pressure
    minimum_m: float
    range_m: float
    pressure_exponent: float
    trials: int


class Plan(NamedTuple):
    """A network as the sweep walks it: numbers, and arrays by field.

    Rows are unknown heads in the order of elimination, then fixed heads. Links: plain pipes (both
    ends unknown, no minor loss, no check valve, alone on their entry) by entry, then other pipes,
    then machines (pumps and valves).

    Fields by node: ROW, OWN_HALF and OWN_THREE_HALVES (FAVAD of the network's pipes). By row: NODE,
    ELEVATION, BESIDE (first of its links in BESIDE_LINK). By link here: LINK (the network's), FIRST
    and LAST (rows of its ends), ENTRY_OF (-1 where an end is fixed), CONDUCTANCE (P |q|^(n - 1) of
    a pipe), MINOR (m / (m3/s)^2), ROUGHNESS (over diameter), VISCOUS (viscosity times diameter,
    ft3/s), CHECK (valve), START_FLOW. By machine: KIND, POWER (n of a pump), SHUTOFF (h0, or a
    curve's greatest head), RESISTANCE (r of a pump, loss of a valve fully open), METRES_PER_K,
    CURVE_START and CURVE_END in CURVE_X and CURVE_Y. COLUMN, BELOW, PAIR and TARGET are the
    elimination. EMITTER_ROW and EMITTER_C.
    """

    sizes: Sizes
    arrays: dict[int, NDArray[Any]]


def plan_of(network: Network) -> Plan:
    """Return the plan of a network that `check_batched` has passed."""
    nodes, links, options = network.nodes, network.links, network.options
    junction = nodes.kind == NodeKind.JUNCTION
    free, held = np.flatnonzero(junction), np.flatnonzero(~junction)
    rank = np.full(len(nodes), -1, dtype=np.int64)
    rank[free] = np.arange(len(free))
    ends = np.stack([rank[links.start], rank[links.end]], axis=1)
    order = eliminate(len(free), ends[(ends >= 0).all(axis=1)])
    row = np.empty(len(nodes), dtype=np.int32)
    row[free] = order.row
    row[held] = len(free) + np.arange(len(held))
    entry = _entries(order, ends)
    group = _groups(network, entry)
    link = np.lexsort((np.arange(len(links)), entry, group)).astype(np.int32)
    pipes = int((group < _MACHINE).sum())
    first, last = row[links.start[link]], row[links.end[link]]
    beside, beside_link = _beside(len(nodes), first, last)
    with_emitter = np.flatnonzero((nodes.emitter > 0.0) & junction)
    elevation = np.empty(len(nodes))
    elevation[row] = nodes.elevation_m
    half, three_halves = _own_leaks(network, junction)
    sizes = Sizes(
        unknowns=len(free),
        fixed=len(held),
        links=len(links),
        plain=int((group == 0).sum()),
        pipes=pipes,
        headloss=HEADLOSSES.index(options.headloss),
        emitters=len(with_emitter),
        stateful=pipes < len(links) or bool((links.kind == LinkKind.CHECK_VALVE_PIPE).any()),
        emitter_exponent=options.emitter_exponent,
        backflow=options.emitter_backflow,
        dependent=options.pressure_dependent,
        minimum_m=options.minimum_m,
        range_m=max(options.required_m - options.minimum_m, _LEAST_RANGE_M),
        pressure_exponent=options.pressure_exponent,
        trials=options.trials,
    )
    whole: dict[int, NDArray[Any]] = {
        f.ROW: row,
        f.NODE: np.argsort(row),
        f.LINK: link,
        f.FIRST: first,
        f.LAST: last,
        f.ENTRY_OF: entry[link],
        f.COLUMN: order.start,
        f.BELOW: order.below,
        f.PAIR: order.pair_start,
        f.TARGET: order.target,
        f.BESIDE: beside,
        f.BESIDE_LINK: beside_link,
        f.EMITTER_ROW: row[with_emitter],
    }
    arrays: dict[int, NDArray[Any]] = {
        field: np.ascontiguousarray(values, dtype=np.int32) for field, values in whole.items()
    }
    arrays |= {
        f.CONDUCTANCE: conductances(network)[link],
        f.MINOR: minors(network)[link],
        f.ROUGHNESS: _ratio(links.roughness, links.diameter_m)[link],
        f.VISCOUS: (VISCOSITY_FT2_S * options.viscosity * links.diameter_m / FT)[link],
        f.CHECK: (links.kind[link] == LinkKind.CHECK_VALVE_PIPE).astype(np.int8),
        f.START_FLOW: _start_flows(network)[link],
        f.ELEVATION: elevation,
        f.EMITTER_C: nodes.emitter[with_emitter],
        f.OWN_HALF: half,
        f.OWN_THREE_HALVES: three_halves,
    }
    return Plan(sizes, arrays | _machines(network, link[pipes:]))


def _ratio(a: Floats, b: Floats) -> Floats:
    return np.divide(a, b, out=np.zeros(len(a)), where=b > 0.0)


def _entries(order: Elimination, ends: NDArray[np.int64]) -> NDArray[np.int64]:
    found = np.full(len(ends), -1, dtype=np.int64)
    for k, (a, b) in enumerate(ends.tolist()):
        if a >= 0 and b >= 0 and a != b:
            found[k] = order.entry(a, b)
    return found


def _groups(network: Network, entry: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return 0 for plain pipes, 1 for other pipes, 2 for machines."""
    links = network.links
    alone = np.zeros(len(links), dtype=np.bool_)
    plain = (links.kind == LinkKind.PIPE) & (links.minor == 0.0) & (entry >= 0)
    if network.options.headloss == "D-W":
        plain[:] = False
    which = np.flatnonzero(plain)
    _, first = np.unique(entry[which], return_index=True)
    alone[which[first]] = True
    return np.where(alone, 0, np.where(network.pipes, 1, _MACHINE)).astype(np.int64)


def conductances(network: Network) -> Floats:
    """Return P |q|^(n - 1) of pipes: 1 / (n R); 1 / R without friction for Darcy-Weisbach."""
    links, pipe = network.links, network.pipes
    length, diameter = links.length_m[pipe] / FT, links.diameter_m[pipe] / FT
    rough = links.roughness[pipe]
    found = np.zeros(len(links))
    if network.options.headloss == "H-W":
        n = HAZEN_WILLIAMS
        r = HAZEN_WILLIAMS_R * length / rough**n / diameter**4.871
    elif network.options.headloss == "C-M":
        n = 2.0
        area = (4.0 * rough / (1.49 * math.pi * diameter**2)) ** 2
        r = area * (diameter / 4.0) ** -1.333 * length
    else:
        r = length / 2.0 / GRAVITY_FT / diameter / (math.pi * diameter**2 / 4.0) ** 2
        found[pipe] = 1.0 / (r * FT / CFS**2)
        return found
    found[pipe] = 1.0 / (n * r * FT / CFS**n)
    return found


def minors(network: Network) -> Floats:
    """Return each link's minor loss as metres of head by the square of its flow."""
    links = network.links
    return _metres_per_k(links.diameter_m) * links.minor


def _metres_per_k(diameter_m: Floats) -> Floats:
    per = _ratio(np.ones(len(diameter_m)), (diameter_m / FT) ** 4)
    return MINOR_R * per * FT / CFS**2


def _start_flows(network: Network) -> Floats:
    """Return the flow a cold solve starts from: 1 ft/s in pipes, the design flow of pumps."""
    links, pumps = network.links, network.pumps
    flow = START_M_PER_S * math.pi * links.diameter_m**2 / 4.0
    for k, link in enumerate(pumps.link):
        law = PumpLaw(pumps.law[k])
        if law is PumpLaw.POWER_FUNCTION:
            # the middle point of the curve, where a quarter of the shutoff head is lost
            flow[link] = (pumps.h0_m[k] / 4.0 / pumps.r[k]) ** (1.0 / pumps.n[k])
        elif law is PumpLaw.CUSTOM_CURVE:
            x = network.curves[pumps.curve[k]].x
            flow[link] = (x[0] + x[-1]) / 2.0
        else:
            flow[link] = CFS
    return flow


def _beside(rows: int, first: Ints, last: Ints) -> tuple[Ints, Ints]:
    at = np.concatenate([first, last])
    which = np.tile(np.arange(len(first)), 2)
    order = np.argsort(at, kind="stable")
    start = np.zeros(rows + 1, dtype=np.int32)
    np.cumsum(np.bincount(at, minlength=rows), out=start[1:])
    return start, which[order].astype(np.int32)


def _own_leaks(network: Network, junction: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return half and three-halves coefficients of the pipes' leaks, half a pipe to each end.

    Both halves to the junction where the other end is a reservoir or a tank, as EPANET has it.
    """
    links = network.links
    flow = DISCHARGE * math.sqrt(2.0 * GRAVITY_M)
    found = []
    for per_metre in (links.leak_area_m2_per_m, links.leak_expansion_m2_per_m2):
        share = flow * per_metre * links.length_m * network.pipes / 2.0
        total = np.zeros(len(network.nodes))
        for here, there in ((links.start, links.end), (links.end, links.start)):
            np.add.at(total, here, share * np.where(junction[there], 1.0, 2.0))
        found.append(np.where(junction, total, 0.0))
    return found[0], found[1]


_PUMPS = {
    PumpLaw.POWER_FUNCTION: POWER_PUMP,
    PumpLaw.CONSTANT_POWER: WATT_PUMP,
    PumpLaw.CUSTOM_CURVE: CURVE_PUMP,
    PumpLaw.NO_CURVE: FREE_PUMP,
}


def _machines(network: Network, which: Ints) -> dict[int, NDArray[Any]]:
    links, pumps = network.links, network.pumps
    count = len(which)
    kind = links.kind[which].astype(np.int8)
    power, shutoff = np.ones(count), np.zeros(count)
    resistance = minors(network)[which]
    start, end = np.zeros(count, dtype=np.int32), np.zeros(count, dtype=np.int32)
    curves = [np.array([curve.x, curve.y]) for curve in network.curves]
    offset = np.cumsum([0] + [len(curve[0]) for curve in curves])
    place = {int(link): k for k, link in enumerate(pumps.link)}
    for at, link in enumerate(which.tolist()):
        curve = int(links.curve[link])
        if link in place:
            pump = place[link]
            law = PumpLaw(pumps.law[pump])
            kind[at] = _PUMPS[law]
            curve = int(pumps.curve[pump]) if law is PumpLaw.CUSTOM_CURVE else -1
            if law is PumpLaw.POWER_FUNCTION:
                power[at], shutoff[at], resistance[at] = (
                    pumps.n[pump], pumps.h0_m[pump], pumps.r[pump],
                )  # fmt: skip
            elif law is PumpLaw.CONSTANT_POWER:
                power[at] = -1.0
                resistance[at] = CONSTANT_POWER_R * pumps.power_w[pump] / W_PER_HP * FT * CFS
            elif law is PumpLaw.CUSTOM_CURVE:
                shutoff[at] = curves[curve][1][0]
        if curve >= 0:
            start[at], end[at] = offset[curve], offset[curve + 1]
    both = np.concatenate([*curves, np.empty((2, 0))], axis=1)
    return {
        f.KIND: kind,
        f.POWER: power,
        f.SHUTOFF: shutoff,
        f.RESISTANCE: resistance,
        f.METRES_PER_K: _metres_per_k(links.diameter_m)[which],
        f.CURVE_START: start,
        f.CURVE_END: end,
        f.CURVE_X: both[0].copy(),
        f.CURVE_Y: both[1].copy(),
    }
