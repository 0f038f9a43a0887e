"""The order book: what waits in each commune, and how soon it is due."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Order(NamedTuple):
    """One piece of work; `site_s` is how long it takes there."""

    number: int
    kind: int
    asset: int
    commune: int
    created_s: float
    due_s: float
    site_s: float


class OrderBook:
    """Orders by commune.

    Attributes
    ----------
    waiting_s : float64, shape (communes,)
        Work that waits in each commune.
    due_s : float64, shape (communes,)
        The earliest moment by which some of it is due; infinite where nothing waits.
    created, withdrawn, taken : int
        Orders so far; those that wait are what is left.
    """

    def __init__(self, communes: int) -> None:
        self.waiting_s: Floats = np.zeros(communes)
        self.due_s: Floats = np.full(communes, np.inf)
        self._orders: list[dict[int, Order]] = [{} for _ in range(communes)]
        self._commune_of: dict[int, int] = {}
        self.created = self.withdrawn = self.taken = 0

    @property
    def waiting(self) -> int:
        """Return how many orders wait."""
        return len(self._commune_of)

    def add(
        self, *, kind: int, asset: int, commune: int, created_s: float, due_s: float, site_s: float
    ) -> int:
        """Note an order and return its number."""
        number = self.created
        self.created += 1
        self._orders[commune][number] = Order(
            number, kind, asset, commune, created_s, due_s, site_s
        )
        self._commune_of[number] = commune
        self.waiting_s[commune] += site_s
        self.due_s[commune] = min(self.due_s[commune], due_s)
        return number

    def withdraw(self, number: int) -> bool:
        """Take back an order that still waits; tell whether it did."""
        commune = self._commune_of.pop(number, None)
        if commune is None:
            return False
        del self._orders[commune][number]
        self.withdrawn += 1
        self._recount(commune)
        return True

    def take(self, commune: int, within_s: float) -> list[Order]:
        """Take the orders of a commune that fit in some time, the first due first."""
        ranked = sorted(
            self._orders[commune].values(), key=lambda order: (order.due_s, order.number)
        )
        taken, left_s = [], within_s
        for order in ranked:
            if order.site_s <= left_s:
                left_s -= order.site_s
                taken.append(order)
        for order in taken:
            del self._orders[commune][order.number]
            del self._commune_of[order.number]
        self.taken += len(taken)
        self._recount(commune)
        return taken

    def _recount(self, commune: int) -> None:
        left = self._orders[commune].values()
        self.waiting_s[commune] = sum(order.site_s for order in left)
        self.due_s[commune] = min((order.due_s for order in left), default=np.inf)
