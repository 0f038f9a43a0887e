"""The exact optimum of a small inventory routing instance.

Every subset of customers is a round of known length (:mod:`models.waste.inventory.tours`), so the
programme chooses, per period and vehicle, one subset and the quantities it carries. Only the
visits need be whole: visits that are whole leave one subset able to carry them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.waste.inventory.instance import Cost, Instance, IrpPlan
from models.waste.inventory.program import Program
from models.waste.inventory.replay import replay
from models.waste.inventory.tours import Tours, optimal_tours
from twin.errors import Fault, RunError, UnreachableError
from twin.lang import Text

_AGREE = 1e-6


@dataclass(frozen=True, eq=False)
class Solution:
    """A proven optimum: its plan, and the plan's cost as replayed."""

    plan: IrpPlan
    cost: Cost


@dataclass(frozen=True, eq=False)
class _Columns:
    """Column numbers: rounds (periods, vehicles, 2^n), the others (periods, vehicles, n)."""

    round: NDArray[np.int64]
    visit: NDArray[np.int64]
    delivery: NDArray[np.int64]


def solve_exact(instance: Instance) -> Solution:
    """Return a plan of least cost, replayed rule by rule.

    Raises
    ------
    UnreachableError
        No plan keeps every customer in stock.
    InputError
        More customers than subsets can be listed for.
    RunError
        HiGHS failed, or its objective is not the cost of its plan.
    """
    tours = optimal_tours(instance.distance)
    program = Program()
    columns = _columns(program, instance, tours)
    _rounds(program, instance, columns)
    _stocks(program, instance, columns)
    best = program.minimise()
    if best is None:
        raise UnreachableError(
            Fault(
                key="vehicles, capacity, stock",
                expected=Text(
                    "un plan sans rupture chez les clients", "a plan without stock-out at customers"
                ),
                remedy=Text(
                    "ajoutez un véhicule, de la capacité ou du stock au fournisseur",
                    "add a vehicle, capacity or stock at the supplier",
                ),
            )
        )
    plan = _plan(instance, tours, columns, best.values)
    cost = replay(instance, plan)
    expected = best.objective + _constant_holding(instance)
    if abs(cost.total - expected) > _AGREE * max(1.0, abs(expected)):
        raise RunError(f"the plan replays at {cost.total}, the programme says {expected}")
    return Solution(plan, cost)


def _columns(program: Program, instance: Instance, tours: Tours) -> _Columns:
    periods, vehicles, customers = instance.periods, instance.vehicles, len(instance)
    # A unit brought in period t is held by the customer instead of the supplier, t to the end.
    left = np.arange(periods, 0, -1)[:, None, None]
    moved = left * (instance.holding - instance.supplier_holding)
    return _Columns(
        program.columns(np.tile(tours.length, (periods, vehicles, 1)), 1.0),
        program.columns(np.zeros((periods, vehicles, customers)), 1.0, integer=True),
        program.columns(np.broadcast_to(moved, (periods, vehicles, customers))),
    )


def _rounds(program: Program, instance: Instance, columns: _Columns) -> None:
    """One subset per vehicle; what it visits; what it carries; vehicles told apart by order."""
    subsets = np.arange(columns.round.shape[2])
    for period in range(instance.periods):
        for vehicle in range(instance.vehicles):
            rounds, visit = columns.round[period, vehicle], columns.visit[period, vehicle]
            delivery = columns.delivery[period, vehicle]
            program.row(1.0, 1.0, (rounds, 1.0))
            for customer in range(len(instance)):
                holds = rounds[(subsets >> customer & 1) == 1]
                program.row(0.0, 0.0, (holds, 1.0), (visit[customer], -1.0))
                most = min(float(instance.room[customer]), instance.vehicle_capacity)
                program.row(-np.inf, 0.0, (delivery[customer], 1.0), (visit[customer], -most))
            program.row(-np.inf, instance.vehicle_capacity, (delivery, 1.0))
            if vehicle:
                before = columns.round[period, vehicle - 1]
                program.row(0.0, np.inf, (before, subsets), (rounds, -subsets))
        for customer in range(len(instance)):
            program.row(-np.inf, 1.0, (columns.visit[period, :, customer], 1.0))


def _stocks(program: Program, instance: Instance, columns: _Columns) -> None:
    """Keep every stock between its bounds by what was brought so far."""
    for period in range(instance.periods):
        so_far = columns.delivery[: period + 1]
        made = instance.supplier_stock + period * instance.production
        program.row(-np.inf, made, (so_far, 1.0))
        for customer in range(len(instance)):
            used = period * instance.demand[customer] - instance.stock[customer]
            low = used + instance.demand[customer] + instance.least[customer]
            program.row(
                float(low), float(used + instance.room[customer]), (so_far[:, :, customer], 1.0)
            )


def _constant_holding(instance: Instance) -> float:
    """Return the holding of a plan that brings nothing: the objective counts what moves."""
    ends = np.arange(1, instance.periods + 1)
    own = instance.supplier_stock + ends * instance.production
    theirs = instance.stock[:, None] - instance.demand[:, None] * ends
    return float(instance.supplier_holding * own.sum() + instance.holding @ theirs.sum(axis=1))


def _plan(
    instance: Instance, tours: Tours, columns: _Columns, values: NDArray[np.float64]
) -> IrpPlan:
    bits = 1 << np.arange(len(instance))
    visits = values[columns.visit] > 0.5  # noqa: PLR2004 - a whole number, within tolerance
    rounds = tuple(
        tuple(tours.order(int(bits[visit].sum())) for visit in visits[period] if visit.any())
        for period in range(instance.periods)
    )
    carried = np.where(visits, values[columns.delivery], 0.0)
    return IrpPlan(np.maximum(carried, 0.0).sum(axis=1), rounds)
