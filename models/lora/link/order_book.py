"""What was asked of the network and not yet played, in order of time."""

from __future__ import annotations

from bisect import insort
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.lora.network.setup import Orders, no_orders

_NO_AIRTIME = np.zeros(6)


class _Order(NamedTuple):
    """One order; `turn` keeps orders of one instant in the order they were given."""

    at_s: float
    turn: int
    kind: int
    who: int
    number: int
    value: float
    airtime_s: NDArray[np.float64]


def _place(order: _Order) -> tuple[float, int]:
    return order.at_s, order.turn


class OrderBook:
    """Orders to come, for an engine that is asked to live span by span."""

    def __init__(self) -> None:
        self._waiting: list[_Order] = []
        self._turn = 0

    def write(
        self,
        at_s: float,
        kind: int,
        who: int,
        number: int = 0,
        *,
        value: float = 0.0,
        airtime_s: NDArray[np.float64] = _NO_AIRTIME,
    ) -> None:
        """Add an order for an instant not yet lived; see `models.lora.network.setup.Orders`."""
        self._turn += 1
        order = _Order(at_s, self._turn, kind, who, number, value, airtime_s)
        insort(self._waiting, order, key=_place)

    def take(self, before_s: float) -> Orders:
        """Return and forget the orders for before `before_s`."""
        rows = 0
        while rows < len(self._waiting) and self._waiting[rows].at_s < before_s:
            rows += 1
        if not rows:
            return no_orders()
        taken, self._waiting = self._waiting[:rows], self._waiting[rows:]
        return Orders(
            at_s=np.array([order.at_s for order in taken], dtype=np.float64),
            kind=np.array([order.kind for order in taken], dtype=np.int64),
            who=np.array([order.who for order in taken], dtype=np.int64),
            number=np.array([order.number for order in taken], dtype=np.int64),
            value=np.array([order.value for order in taken], dtype=np.float64),
            airtime_s=np.stack([order.airtime_s for order in taken]),
        )
