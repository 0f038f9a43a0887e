"""A plan played period by period, rule by rule: what it costs, or which rule it breaks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.waste.inventory.instance import Cost, Instance, IrpPlan
from twin.errors import Fault, InputError
from twin.lang import Text

_TOLERANCE = 1e-6
"""HiGHS meets a row within 1e-7 of the unit of quantity."""


def replay(instance: Instance, plan: IrpPlan) -> Cost:
    """Return the cost of a plan.

    Raises
    ------
    InputError
        A rule of :mod:`models.waste.inventory.instance` is broken; names the period and the rule.
    """
    own, stock = instance.supplier_stock, instance.stock.copy()
    routing = holding = 0.0
    for period in range(instance.periods):
        brought = plan.delivery[period]
        _check_rounds(instance, period, brought, plan.rounds[period])
        for order in plan.rounds[period]:
            path = (0, *order, 0)
            routing += sum(float(instance.distance[a, b]) for a, b in pairwise(path))
        _ask(
            brought.sum() <= own + _TOLERANCE,
            period,
            Text("livrer le stock du début de période", "ship only what was held at its start"),
        )
        _ask(
            bool(np.all(stock + brought <= instance.room + _TOLERANCE)),
            period,
            Text("tenir dans la place du client", "fit in the customer's room"),
        )
        own += instance.production - float(brought.sum())
        stock = stock + brought - instance.demand
        _ask(
            bool(np.all(stock >= instance.least - _TOLERANCE)),
            period,
            Text("garder le stock minimal", "keep the least stock"),
        )
        holding += instance.supplier_holding * own + float(instance.holding @ stock)
    return Cost(routing, holding)


def _check_rounds(
    instance: Instance,
    period: int,
    brought: NDArray[np.float64],
    rounds: Sequence[Sequence[int]],
) -> None:
    """Refuse too many rounds, a customer visited twice or served unvisited, an overloaded one."""
    seen = [row for order in rounds for row in order]
    served = set((np.flatnonzero(brought > _TOLERANCE) + 1).tolist())
    rules = (
        (
            bool(np.all(brought >= -_TOLERANCE)),
            Text("des quantités non négatives", "non-negative quantities"),
        ),
        (
            len(rounds) <= instance.vehicles,
            Text("au plus une tournée par véhicule", "one round a vehicle at most"),
        ),
        (
            len(seen) == len(set(seen)),
            Text("au plus une visite par client", "one visit a customer at most"),
        ),
        (served <= set(seen), Text("visiter qui est livré", "visit whoever is delivered")),
        (
            all(
                sum(float(brought[row - 1]) for row in order)
                <= instance.vehicle_capacity + _TOLERANCE
                for order in rounds
            ),
            Text("tenir dans le véhicule", "fit in the vehicle"),
        ),
    )
    for kept, rule in rules:
        _ask(kept, period, rule)


def _ask(kept: bool, period: int, rule: Text) -> None:
    if not kept:
        raise InputError(
            Fault(
                key=f"period {period + 1}",
                expected=rule,
                remedy=Text("corrigez le plan", "correct the plan"),
            )
        )
