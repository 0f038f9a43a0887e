"""Pumps and valves of a network, in the order they must be swept."""

from __future__ import annotations

from numba import njit

from models.water.batched import fields as f
from models.water.batched.fields import bytes_
from models.water.batched.lanes import Lanes, splat
from models.water.batched.pipes import check_valve
from models.water.batched.plan import POWER_PUMP, Sizes
from models.water.batched.pumps import pump_status, sweep_pump
from models.water.batched.valve_status import flow_valve_status
from models.water.batched.valves import FCV, sweep_valve


@njit(error_model="numpy")
def machines(sizes: Sizes, table: int, outflow_count: int, begins: bool) -> tuple[Lanes, Lanes]:
    """Sweep pumps, then valves, which look at the flows of all others; return the two sums."""
    kinds = bytes_(table, f.KIND)
    lack = splat(0.0)
    total = splat(0.0)
    for m in range(sizes.links - sizes.pipes):
        if kinds[m] >= POWER_PUMP:
            short, size = sweep_pump(table, m, sizes.pipes + m)
            lack = lack + short
            total = total + size
    for m in range(sizes.links - sizes.pipes):
        if kinds[m] < POWER_PUMP:
            short, size = sweep_valve(table, m, sizes.pipes + m, outflow_count, begins)
            lack = lack + short
            total = total + size
    return lack, total


@njit(error_model="numpy")
def check_statuses(sizes: Sizes, table: int) -> None:
    """Apply the rules of check valves, pumps and flow control valves to the lanes asked."""
    check, kinds = bytes_(table, f.CHECK), bytes_(table, f.KIND)
    for k in range(sizes.plain, sizes.pipes):
        if check[k]:
            check_valve(table, k)
    for m in range(sizes.links - sizes.pipes):
        if kinds[m] >= POWER_PUMP:
            pump_status(table, m, sizes.pipes + m)
        elif kinds[m] == FCV:
            flow_valve_status(table, m, sizes.pipes + m)
