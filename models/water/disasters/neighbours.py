"""Zones that help one another: who goes short when a borehole or a treatment plant is lost.

A linear program over one moment (a mean day): produce within what is left, send through
interconnections within their capacity. Fair first: the largest share anybody goes short is made
least; then the total. Pressures are not solved: a capacity is what the pipe can really carry.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.water.network.network import Floats, Ints
from twin.errors import Fault, InputError, RunError
from twin.lang import Text

_SLACK = 1e-9


@dataclass(frozen=True, eq=False)
class Relief:
    """Who gets what.

    `short_m3h` and `produced_m3h` by zone; `sent_m3h` by interconnection, from its first zone to
    its second.
    """

    short_m3h: Floats
    produced_m3h: Floats
    sent_m3h: Floats

    def short_share(self, demand_m3h: ArrayLike) -> Floats:
        """Return the share of its demand that each zone goes without; shape (zones,)."""
        demand = np.asarray(demand_m3h, dtype=np.float64)
        share = np.divide(self.short_m3h, demand, out=np.zeros_like(demand), where=demand > 0.0)
        return np.asarray(share)


def relieve(
    demand_m3h: ArrayLike,
    production_m3h: ArrayLike,
    first: ArrayLike,
    second: ArrayLike,
    capacity_m3h: ArrayLike,
) -> Relief:
    """Return how zones share what is left.

    Parameters
    ----------
    demand_m3h, production_m3h
        Demand with leaks, and the most that can be produced (0 where the borehole is lost); shape
        (zones,).
    first, second, capacity_m3h
        Interconnections, either way: the zones they join and what they carry; shape (links,).

    Raises
    ------
    InputError
        Wrong shapes, values below zero, a zone that does not exist.
    RunError
        HiGHS failed.
    """
    demand, production, capacity = (
        _checked(key, values)
        for key, values in (
            ("demand_m3h", demand_m3h),
            ("production_m3h", production_m3h),
            ("capacity_m3h", capacity_m3h),
        )
    )
    one, other = np.asarray(first, dtype=np.int32), np.asarray(second, dtype=np.int32)
    _check_shapes(demand, production, capacity, one, other)
    zones, joins = demand.size, capacity.size
    # Columns: produced, short, sent, worst share. Rows: what enters a zone is what it demands.
    balance = np.zeros((zones, 2 * zones + joins + 1))
    balance[:, :zones] = np.eye(zones)
    balance[:, zones : 2 * zones] = np.eye(zones)
    balance[one, 2 * zones + np.arange(joins)] -= 1.0
    balance[other, 2 * zones + np.arange(joins)] += 1.0
    fair = np.zeros((zones, balance.shape[1]))
    fair[:, zones : 2 * zones] = np.eye(zones)
    fair[:, -1] = -demand
    bounds = [
        *[(0.0, float(p)) for p in production],
        *[(0.0, float(d)) for d in demand],
        *[(-float(c), float(c)) for c in capacity],
    ]
    worst = np.zeros(balance.shape[1])
    worst[-1] = 1.0
    least = _solved(worst, fair, balance, demand, [*bounds, (0.0, 1.0)])[-1]
    total = np.zeros(balance.shape[1])
    total[zones : 2 * zones] = 1.0
    found = _solved(total, fair, balance, demand, [*bounds, (0.0, min(1.0, least + _SLACK))])
    return Relief(found[zones : 2 * zones], found[:zones], found[2 * zones : -1])


def _solved(
    price: Floats,
    fair: Floats,
    balance: Floats,
    demand: Floats,
    bounds: list[tuple[float, float]],
) -> Floats:
    from scipy import optimize, sparse

    run = optimize.linprog(
        price,
        A_ub=sparse.csr_array(fair),
        b_ub=np.zeros(demand.size),
        A_eq=sparse.csr_array(balance),
        b_eq=demand,
        bounds=bounds,
        method="highs",
    )
    if run.status != 0:
        raise RunError(f"HiGHS ended the sharing of water with: {run.message}")
    return np.asarray(run.x, dtype=np.float64)


def _checked(key: str, values: ArrayLike) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not bool((np.isfinite(array) & (array >= 0.0)).all()):
        raise InputError(
            Fault(
                Text("une liste de nombres positifs ou nuls", "a list of numbers of zero or more"),
                Text(f"corriger {key}", f"correct {key}"),
                key=key,
                value=str(array.min(initial=0.0)) if array.ndim == 1 else str(array.shape),
            )
        )
    return array


def _check_shapes(
    demand: Floats, production: Floats, capacity: Floats, one: Ints, other: Ints
) -> None:
    faults = []
    if demand.shape != production.shape:
        text = Text("une production par zone", "a production for each zone")
        remedy = Text("compléter la liste", "complete the list")
        faults.append(Fault(text, remedy, key="production_m3h", value=str(production.size)))
    if not one.shape == other.shape == capacity.shape:
        text = Text("deux zones et une capacité par liaison", "two zones and a capacity for each")
        remedy = Text("compléter la liste", "complete the list")
        faults.append(Fault(text, remedy, key="first, second", value=f"{one.size}, {other.size}"))
    for key, ends in (("first", one), ("second", other)):
        outside = ends[(ends < 0) | (ends >= demand.size)]
        if outside.size:
            text = Text(f"une zone entre 0 et {demand.size - 1}", f"a zone to {demand.size - 1}")
            remedy = Text("retirer cette liaison", "remove this interconnection")
            faults.append(Fault(text, remedy, key=key, value=str(outside[0])))
    if faults:
        raise InputError(*faults)
