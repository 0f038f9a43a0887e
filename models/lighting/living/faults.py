"""What fails besides lamps: cabinets, cables, nodes, clocks, each at a rate of its own."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.lighting import dice
from models.lighting.figures import Figures
from models.lighting.inventory.inventory import FED_BY_CABINET, Inventory
from models.lighting.settings import Control
from twin.device_keys import U8
from twin.units import DAY_S, YEAR_S

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Fault(IntEnum):
    """What failed; the asset is a cabinet or, for cables and nodes, a lamp."""

    CABINET_DARK = 0
    CABINET_STUCK = 1
    CABLE = 2
    NODE = 3
    CLOCK = 4


class Faults(NamedTuple):
    """Faults by time: what, which cabinet or lamp, when; equal lengths."""

    what: NDArray[np.int8]
    asset: Ints
    begin_s: Floats


def draw_faults(
    lamp_keys: U8, cabinet_keys: U8, figures: Figures, control: Control, days: int
) -> Faults:
    """Return the faults of a horizon, in order of time.

    Every asset has Poisson draws of its own: another control adds kinds and moves none.
    """
    found = [_cabinets(cabinet_keys, figures, days)]
    cables = arrivals(lamp_keys, "cable", figures.cable_faults_year / 1e3, days)
    found.append(_all(Fault.CABLE, *cables))
    if control == "node":
        nodes = arrivals(lamp_keys, "node", figures.node_failures_year, days)
        found.append(_all(Fault.NODE, *nodes))
    if control == "remote-clock":
        clocks = arrivals(cabinet_keys, "clock", figures.clock_failures_year, days)
        found.append(_all(Fault.CLOCK, *clocks))
    begin_s = np.concatenate([each.begin_s for each in found])
    order = np.argsort(begin_s, kind="stable")
    return Faults(
        np.concatenate([each.what for each in found])[order],
        np.concatenate([each.asset for each in found])[order],
        begin_s[order],
    )


def arrivals(keys: U8, purpose: str, per_year: float, days: int) -> tuple[Ints, Floats]:
    """Return which assets and when, of Poisson arrivals at a rate each over a horizon."""
    horizon_s = days * DAY_S
    assets, times = [np.empty(0, dtype=np.int64)], [np.empty(0)]
    going, now_s = np.arange(len(keys)), np.zeros(len(keys))
    number = 0
    while len(going) and per_year > 0.0:
        now_s = now_s + dice.exponentials(keys[going], purpose, number) * YEAR_S / per_year
        inside = now_s < horizon_s
        going, now_s = going[inside], now_s[inside]
        assets.append(going)
        times.append(now_s)
        number += 1
    return np.concatenate(assets), np.concatenate(times)


def downstream(inventory: Inventory) -> tuple[Ints, NDArray[np.float64]]:
    """Return how many lamps a cut before each lamp darkens, itself included, and their power, W."""
    lamps = inventory.lamps
    count = np.ones(len(lamps), dtype=np.int64)
    watts = inventory.system_w.copy()
    # A lamp comes after the one that feeds it: from the last to the first, sums are complete.
    for lamp in range(len(lamps) - 1, -1, -1):
        before = lamps.fed_by[lamp]
        if before != FED_BY_CABINET:
            count[before] += count[lamp]
            watts[before] += watts[lamp]
    return count, watts


def _cabinets(keys: U8, figures: Figures, days: int) -> Faults:
    asset, begin_s = arrivals(keys, "cabinet", figures.cabinet_faults_year, days)
    order = np.lexsort((begin_s, asset))
    asset, begin_s = asset[order], begin_s[order]
    first = np.concatenate([[0], np.flatnonzero(np.diff(asset)) + 1])
    counted = np.arange(len(asset)) - np.repeat(first, np.diff(np.append(first, len(asset))))
    stuck = dice.units(keys[asset], "stuck", counted) < figures.stuck_share
    what = np.where(stuck, Fault.CABINET_STUCK, Fault.CABINET_DARK).astype(np.int8)
    return Faults(what, asset, begin_s)


def _all(what: Fault, asset: Ints, begin_s: Floats) -> Faults:
    return Faults(np.full(len(asset), what, dtype=np.int8), asset, begin_s)
