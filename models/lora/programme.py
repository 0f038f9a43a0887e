"""Which zones first under a yearly budget: the order in which a planned network is bought.

Whole zones (EPCI) come one after the other, because a service opens zone by zone; the order is that
of `twin.decide.programme`, which makes the most of meters x years.
"""

from __future__ import annotations

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
        Price of one gateway fitted, and what may be spent each year; what is left goes to the next.

    Raises
    ------
    InputError
        The budget is not a positive amount.
    """
    if not len(sites):
        return ()
    from twin.decide.cover import CoverProblem, Requirement
    from twin.decide.programme import plan_programme

    problem = CoverProblem.from_csr(
        indptr,
        indices,
        cost_eur=np.full(len(zone), investment_eur),
        weight=weight,
        redundancy=redundancy,
        requirement=Requirement.SHARE,
    )
    programme = plan_programme(
        problem, sites.astype(np.int32), yearly_budget_eur, zone=zone, zone_by_zone=True
    )
    reached = np.cumsum(programme.gained_weight)
    return tuple(
        Step(int(site), int(zone[site]), int(year) - 1, float(total))
        for site, year, total in zip(programme.order, programme.site_year, reached, strict=True)
    )
