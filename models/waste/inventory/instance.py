"""The inventory routing problem of Archetti's set: one supplier, customers, a few vehicles.

Archetti, Bertazzi, Laporte & Speranza, Transportation Science 41 (2007) 382-391,
10.1287/trsc.1060.0188 [V]; several vehicles as in the DIMACS files. The conventions are those
under which the published figures come out [D]:

* within a period: the supplier ships what it held when the period began, then makes its
  production; a customer receives, then consumes;
* a customer's stock and what it receives never exceed its room; its stock after consumption never
  falls below its minimum (0 in the set);
* one visit at most per customer and period; any quantity may be brought (policy ML);
* holding is charged on stock at the end of periods 1 to H, the supplier's included; the initial
  stock is not charged;
* distances are Euclidean, rounded to the nearest integer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Instance:
    """One instance; quantities in any one unit. Arrays of customers have shape (customers,).

    Attributes
    ----------
    distance : NDArray[np.float64]
        Shape (customers + 1, customers + 1); row 0 is the supplier. Also the cost of routing.
    periods, vehicles : int
        Length of the horizon; vehicles alike, one round each per period.
    vehicle_capacity : float
        Most that one vehicle carries.
    supplier_stock, production, supplier_holding : float
        Initial stock, production a period, cost of a unit held at the end of a period.
    stock, room, least : NDArray[np.float64]
        Initial stock, most and least stock of each customer.
    demand, holding : NDArray[np.float64]
        Consumption a period; cost of a unit held at the end of a period.
    """

    distance: NDArray[np.float64]
    periods: int
    vehicles: int
    vehicle_capacity: float
    supplier_stock: float
    production: float
    supplier_holding: float
    stock: NDArray[np.float64]
    room: NDArray[np.float64]
    least: NDArray[np.float64]
    demand: NDArray[np.float64]
    holding: NDArray[np.float64]

    def __len__(self) -> int:
        """Return the number of customers."""
        return len(self.stock)


@dataclass(frozen=True)
class Cost:
    """What a plan costs: its routing, and the holding at the ends of the periods."""

    routing: float
    holding: float

    @property
    def total(self) -> float:
        """Return routing + holding."""
        return self.routing + self.holding


@dataclass(frozen=True, eq=False)
class IrpPlan:
    """Deliveries and the rounds that carry them.

    Attributes
    ----------
    delivery : NDArray[np.float64]
        Shape (periods, customers).
    rounds : tuple of tuple of tuple of int
        Per period, per vehicle used: rows of the distances (1 to customers) in order.
    """

    delivery: NDArray[np.float64]
    rounds: tuple[tuple[tuple[int, ...], ...], ...]


def rounded_euclid(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return distances between points, shape (points, points), rounded to nearest, halves up."""
    return np.asarray(np.floor(np.hypot(x[:, None] - x, y[:, None] - y) + 0.5))


def initial_holding(instance: Instance) -> float:
    """Return what charging the initial stock would add to any plan; the published figures do not.

    A programme that reports 2265.21 for S_abs1n5_2_H3 (1396.33 for _L3) charges it [D].
    """
    own = instance.supplier_holding * instance.supplier_stock
    return float(own + instance.holding @ instance.stock)
