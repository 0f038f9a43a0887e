"""The memory of a solve: eight lanes of everything, taken once for a solver."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.water.batched import fields as f
from models.water.batched.lanes import aligned

HALF, THREE_HALVES, EMITTER, BY_PRESSURE = 0, 1, 2, 3
"""Kinds of outflow that depend on pressure; the last is a demand."""


def work_of(unknowns: int, fixed: int, links: int, machines: int, entries: int,
            emitters: int) -> dict[int, NDArray[Any]]:  # fmt: skip
    """Return memory for one block of lanes, by field.

    By row: head, excess (diagonal less its row's entries), right-hand side, demand that does not
    depend on pressure. By entry: the matrix below the diagonal, positive. By link: flow, slope (P,
    inverse of the gradient of head loss), shift (Y, head loss over its gradient; not of quick
    pipes), status (EPANET's code, HELD where the state closes). By machine: setting. By outflow
    that depends on pressure: its row, kind, head of no pressure, scale, and flow = base + slope
    (head - zero); its state is the flow its law is taken at. By lane: hold (done), ask (statuses to
    be looked at), change (a status has changed).
    `quick` lists plain pipes open in all lanes, `slow` the other pipes.
    """
    rows = unknowns + fixed
    outflows = 4 * unknowns + emitters
    lanes = {
        f.HEAD: rows, f.EXCESS: rows, f.RIGHT: rows, f.DEMAND: rows, f.PIVOT: unknowns,
        f.ENTRY: entries, f.FLOW: links, f.SLOPE: links, f.SHIFT: links, f.STATUS: links,
        f.SETTING: machines, f.OUT_SCALE: outflows, f.OUT_FLOW: outflows, f.OUT_BASE: outflows,
        f.OUT_SLOPE: outflows, f.OUT_STATE: outflows, f.HOLD: 1, f.ASK: 1, f.CHANGE: 1,
        f.SCRATCH: 2,
    }  # fmt: skip
    found: dict[int, NDArray[Any]] = {field: aligned(count) for field, count in lanes.items()}
    found |= {
        field: np.zeros(count, dtype=np.int32)
        for field, count in ((f.OUT_ROW, outflows), (f.OUT_KIND, outflows),
                             (f.QUICK, links), (f.SLOW, links))
    }  # fmt: skip
    found[f.OUT_ZERO] = np.zeros(outflows)
    return found
