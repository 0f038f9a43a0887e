"""Which zones first under a yearly budget: the order in which a planned network is bought.

Whole zones (EPCI) come one after the other, because a service opens zone by zone: the next zone is
the one whose gateways bring the most meters per euro, given the zones already fitted; inside a
zone, the next gateway is the one that brings the most. A meter half served (one gateway of two)
counts for half, or no first gateway would ever be worth anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Step:
    """One gateway of the programme: its site, zone and budget year (0 = first).

    `reached` is the number of meters served by enough gateways once it is in service.
    """

    site: int
    zone: int
    year: int
    reached: float


def order_programme(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    weight: NDArray[np.float64],
    redundancy: int,
    sites: NDArray[np.int64],
    zone: NDArray[np.int32],
    investment_eur: float,
    yearly_budget_eur: float,
) -> tuple[Step, ...]:
    """Return the programme of the planned `sites`.

    Parameters
    ----------
    indptr, indices
        Which sites serve each demand (CSR, demands by sites).
    weight
        Meters per demand, shape (demands,).
    redundancy
        Gateways that must serve a demand.
    sites, zone
        The planned sites, and the zone of every candidate site, shape (all sites,).
    investment_eur, yearly_budget_eur
        Price of one gateway fitted, and what may be spent each year; a year fits at least one.
    """
    serves = _demands_of(indptr, indices, sites)
    counts = np.zeros(len(weight), dtype=np.int64)
    per_year = max(1, int(yearly_budget_eur / investment_eur))
    waiting: dict[int, list[int]] = {}
    for site in sites.tolist():
        waiting.setdefault(int(zone[site]), []).append(site)
    steps: list[Step] = []
    while waiting:
        best = max(
            sorted(waiting),
            key=lambda each: (
                _gain_of(waiting[each], serves, counts, weight, redundancy) / len(waiting[each])
            ),
        )
        members = waiting.pop(best)
        while members:
            site = max(
                sorted(members),
                key=lambda each: _gain_of([each], serves, counts, weight, redundancy),
            )
            members.remove(site)
            counts[serves[site]] += 1
            reached = float(weight[counts >= redundancy].sum())
            steps.append(Step(site, best, len(steps) // per_year, reached))
    return tuple(steps)


def _demands_of(
    indptr: NDArray[np.int32], indices: NDArray[np.int32], sites: NDArray[np.int64]
) -> dict[int, NDArray[np.int64]]:
    """Return, per planned site, the demands it serves."""
    demand = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    order = np.argsort(indices, kind="stable")
    start = np.searchsorted(indices[order], sites, side="left")
    end = np.searchsorted(indices[order], sites, side="right")
    return {
        int(site): demand[order[first:last]]
        for site, first, last in zip(sites, start, end, strict=True)
    }


def _gain_of(
    group: Sequence[int],
    serves: dict[int, NDArray[np.int64]],
    counts: NDArray[np.int64],
    weight: NDArray[np.float64],
    redundancy: int,
) -> float:
    """Return the meters a group of gateways would add, half-served meters counted in part."""
    added = np.zeros_like(counts)
    for site in group:
        added[serves[site]] += 1
    before = np.minimum(counts, redundancy)
    after = np.minimum(counts + added, redundancy)
    return float(((after - before) * weight).sum()) / redundancy
