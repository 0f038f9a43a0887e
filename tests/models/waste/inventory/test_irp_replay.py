"""A plan replayed: each rule of the problem, broken once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.waste.inventory.instance import Instance, IrpPlan
from models.waste.inventory.replay import replay
from twin.errors import InputError

INSTANCE = Instance(
    distance=np.array([[0.0, 1.0, 2.0], [1.0, 0.0, 4.0], [2.0, 4.0, 0.0]]),
    periods=2,
    vehicles=1,
    vehicle_capacity=5.0,
    supplier_stock=6.0,
    production=1.0,
    supplier_holding=0.5,
    stock=np.array([2.0, 3.0]),
    room=np.array([4.0, 6.0]),
    least=np.zeros(2),
    demand=np.array([2.0, 2.0]),
    holding=np.array([1.0, 2.0]),
)
PLAN = IrpPlan(np.array([[2.0, 3.0], [0.0, 0.0]]), (((1, 2),), ()))


def test_costs_add_up_by_hand() -> None:
    """One round of 1 + 4 + 2; stocks 2, 2, 4 then 3, 0, 2 are held at 0.5, 1 and 2."""
    cost = replay(INSTANCE, PLAN)
    assert cost.routing == 7.0
    assert cost.holding == pytest.approx((1.0 + 2.0 + 8.0) + (1.5 + 0.0 + 4.0))
    assert cost.total == cost.routing + cost.holding


@pytest.mark.parametrize(
    ("delivery", "rounds", "change", "told"),
    [
        ([[2, 3], [0, 0]], (((1, 2),), ()), {"supplier_stock": 4.0}, "held at its start"),
        ([[3, 0], [0, 2]], (((1,),), ((2,),)), {}, "room"),
        ([[0, 0], [0, 0]], ((), ()), {}, "least stock"),
        ([[2, 3], [0, 0]], (((1,), (2,)), ()), {}, "one round a vehicle"),
        ([[2, 3], [0, 0]], (((1, 2, 1),), ()), {}, "one visit a customer"),
        ([[2, 3], [0, 0]], (((2,),), ()), {}, "visit whoever"),
        ([[2, 3], [0, 0]], (((1, 2),), ()), {"vehicle_capacity": 4.0}, "fit in the vehicle"),
        ([[-1, 0], [0, 0]], (((1,),), ()), {}, "non-negative"),
    ],
)
def test_a_broken_rule_is_refused(
    delivery: list[list[float]],
    rounds: tuple[tuple[tuple[int, ...], ...], ...],
    change: dict[str, float],
    told: str,
) -> None:
    """Each rule broken is named with its period."""
    plan = IrpPlan(np.array(delivery, dtype=float), rounds)
    with pytest.raises(InputError, match="period") as refusal:
        replay(replace(INSTANCE, **change), plan)  # type: ignore[arg-type]
    assert told in str(refusal.value)
