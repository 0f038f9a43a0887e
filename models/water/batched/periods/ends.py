"""Links at tanks: what flows into a tank, and what a full or an empty one closes for the moment."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.water.batched.constants import NO_FLOW_M3S
from models.water.batched.periods.tanks import SAME_M, Stock, Tanks
from models.water.batched.status import ACTIVE, CLOSED, OPEN, TEMPORARY
from models.water.network.network import Floats, Ints, Network, PumpLaw

Flags = NDArray[np.bool_]


class Ends(NamedTuple):
    """Links that touch a tank: the tank at their start and at their end (-1: none).

    `constant_power` marks pumps of that law: once closed they open only to a flow.
    """

    link: Ints
    start: Ints
    end: Ints
    constant_power: Flags


def ends_of(network: Network) -> Ends:
    """Return the links of a network that touch a tank."""
    tank = np.full(len(network.nodes), -1, dtype=np.int32)
    tank[network.tanks.node] = np.arange(len(network.tanks.node))
    start, end = tank[network.links.start], tank[network.links.end]
    link = np.flatnonzero((start >= 0) | (end >= 0))
    by_power = network.pumps.link[network.pumps.law == PumpLaw.CONSTANT_POWER]
    return Ends(link.astype(np.int32), start[link], end[link], np.isin(link, by_power))


@njit(cache=True, error_model="numpy")
def refusals(tanks: Tanks, stock: Stock, refusal: NDArray[np.int8]) -> None:
    """Write 1 for a tank that takes no more, -1 for one that gives no more, 0; (tanks, lanes)."""
    for tank in range(len(tanks.fixed)):
        full, empty = tanks.highest_m[tank] - SAME_M, tanks.lowest_m[tank] + SAME_M
        for lane in range(refusal.shape[1]):
            level = stock.level_m[tank, lane]
            if level >= full and not tanks.overflows[tank]:
                refusal[tank, lane] = 1
            else:
                refusal[tank, lane] = -1 if level <= empty else 0


@njit(cache=True, error_model="numpy")
def close_ends(
    ends: Ends,
    refusal: NDArray[np.int8],
    flow: Floats,
    status: NDArray[np.int8],
    allowed: Flags,
    shut: Flags,
    changed: Flags,
) -> None:
    """Close links into full tanks and out of empty ones, open those no longer so.

    Shapes: `flow`, `status`, `allowed` (open but for this) (links, lanes); `shut` (ends, lanes) and
    `changed` (lanes,) are written. The little that passes a closed link tells which way it would
    flow.
    """
    changed[:] = False
    for at in range(len(ends.link)):
        link, start, end = ends.link[at], ends.start[at], ends.end[at]
        for lane in range(len(changed)):
            was = shut[at, lane]
            if not allowed[link, lane]:
                shut[at, lane] = False
                continue
            if not was and 0 <= status[link, lane] <= CLOSED:
                continue  # closed by a rule of its own
            q = flow[link, lane]
            now = (start >= 0 and refusal[start, lane] * q < 0.0) or (
                end >= 0 and refusal[end, lane] * q > 0.0
            )
            if was and ends.constant_power[at] and q < NO_FLOW_M3S:
                now = True
            if now != was:
                shut[at, lane] = now
                changed[lane] = True


def codes(
    status: NDArray[np.int8],
    allowed: Flags,
    setting: Floats,
    throttles: Ints,
    ends: Ends,
    shut: Flags,
) -> NDArray[np.int8]:
    """Return EPANET's status of every link, (links, lanes).

    `throttles` are valves of a kind that no rule switches: active where they have a setting.
    """
    code = np.where(allowed, np.where(status < 0, np.int8(OPEN), status), np.int8(CLOSED))
    if len(throttles):
        active = (code[throttles] == OPEN) & ~np.isnan(setting[throttles])
        code[throttles] = np.where(active, np.int8(ACTIVE), code[throttles])
    if shut.any():
        code[ends.link] = np.where(shut, np.int8(TEMPORARY), code[ends.link])
    return code


@njit(cache=True, error_model="numpy")
def inflows(ends: Ends, flow: Floats, code: NDArray[np.int8], inflow: Floats) -> None:
    """Write what flows into each tank through links that are open; `inflow` (tanks, lanes)."""
    inflow[:] = 0.0
    for at in range(len(ends.link)):
        link = ends.link[at]
        for lane in range(inflow.shape[1]):
            if code[link, lane] <= CLOSED:
                continue
            if ends.start[at] >= 0:
                inflow[ends.start[at], lane] -= flow[link, lane]
            if ends.end[at] >= 0:
                inflow[ends.end[at], lane] += flow[link, lane]
