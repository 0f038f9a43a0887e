"""Who is heard by how many gateways in one world, and which gateways would complete the network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray


@njit(cache=True)
def count_heard(
    indptr: NDArray[np.int64],
    site: NDArray[np.int32],
    heard: NDArray[np.bool_],
    installed: NDArray[np.bool_],
) -> NDArray[np.int32]:
    """Return how many installed gateways hear each meter, shape (meters,).

    `heard` says per link whether it works in this world; rows are `indptr` as in LinkTable.
    """
    counts = np.zeros(len(indptr) - 1, dtype=np.int32)
    for meter in range(len(indptr) - 1):
        for link in range(indptr[meter], indptr[meter + 1]):
            if heard[link] and installed[site[link]]:
                counts[meter] += 1
    return counts


@njit(cache=True)
def _by_site(
    indptr: NDArray[np.int64],
    site: NDArray[np.int32],
    heard: NDArray[np.bool_],
    sites: int,
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the working links turned round: for each site, the meters it hears."""
    start = np.zeros(sites + 1, dtype=np.int64)
    for link in range(len(site)):
        if heard[link]:
            start[site[link] + 1] += 1
    for index in range(sites):
        start[index + 1] += start[index]
    fill = start[:-1].copy()
    meters = np.empty(start[-1], dtype=np.int32)
    for meter in range(len(indptr) - 1):
        for link in range(indptr[meter], indptr[meter + 1]):
            if heard[link]:
                meters[fill[site[link]]] = meter
                fill[site[link]] += 1
    return start, meters


@njit(cache=True)
def _complete(
    start: NDArray[np.int64],
    meters: NDArray[np.int32],
    counts: NDArray[np.int32],
    available: NDArray[np.bool_],
    cost: NDArray[np.float64],
    redundancy: int,
    wanted: float,
    least_gain: float,
) -> NDArray[np.int32]:
    sites = len(start) - 1
    gain = np.zeros(sites, dtype=np.int64)
    served = 0
    for meter in range(len(counts)):
        if counts[meter] >= redundancy:
            served += 1
    for index in range(sites):
        for at in range(start[index], start[index + 1]):
            if counts[meters[at]] < redundancy:
                gain[index] += 1
    free = available.copy()
    added = np.empty(sites, dtype=np.int32)
    number = 0
    while served < wanted:
        best, best_rate = -1, 0.0
        for index in range(sites):
            if free[index] and gain[index] >= least_gain:
                rate = gain[index] / cost[index]
                if rate > best_rate:
                    best, best_rate = index, rate
        if best < 0:
            break
        free[best] = False
        added[number] = best
        number += 1
        for at in range(start[best], start[best + 1]):
            counts[meters[at]] += 1
            if counts[meters[at]] == redundancy:
                served += 1
        # Gains fall only where a meter has just become served; a full recount is as fast as
        # tracking them, for the few dozen gateways a completion adds.
        for index in range(sites):
            if free[index]:
                gain[index] = 0
                for at in range(start[index], start[index + 1]):
                    if counts[meters[at]] < redundancy:
                        gain[index] += 1
    return added[:number]


@dataclass(frozen=True)
class Completion:
    """The gateways a planner would add in this world, in order, and whom the whole then reaches."""

    added: NDArray[np.int32]
    counts: NDArray[np.int32]


def complete(
    indptr: NDArray[np.int64],
    site: NDArray[np.int32],
    heard: NDArray[np.bool_],
    installed: NDArray[np.bool_],
    available: NDArray[np.bool_],
    cost_eur: NDArray[np.float64],
    redundancy: int,
    share: float,
    least_gain: float,
) -> Completion:
    """Add the most meters per euro until `share` of them are heard by `redundancy` gateways.

    Stops early where no available site would help at least `least_gain` meters still lacking a
    gateway: nobody buys a gateway for fewer.
    """
    counts = count_heard(indptr, site, heard, installed)
    start, meters = _by_site(indptr, site, heard, len(cost_eur))
    wanted = share * (len(indptr) - 1)
    added = _complete(
        start, meters, counts, available & ~installed, cost_eur, redundancy, wanted, least_gain
    )
    return Completion(added=added, counts=counts)
