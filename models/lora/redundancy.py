"""Who is heard by how many gateways in one world, and which gateways would complete the network."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

_ROUNDING = 1e-9
"""Keeps a product such as 0.07 x 100 = 7.000000000000001 from asking for one meter more."""


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
def _gains(
    start: NDArray[np.int64],
    meters: NDArray[np.int32],
    counts: NDArray[np.int32],
    redundancy: int,
) -> NDArray[np.int64]:
    """Return how many meters still short of `redundancy` each site hears, shape (sites,)."""
    gain = np.zeros(len(start) - 1, dtype=np.int64)
    for index in range(len(gain)):
        for at in range(start[index], start[index + 1]):
            if counts[meters[at]] < redundancy:
                gain[index] += 1
    return gain


@njit(cache=True)
def _best(
    gain: NDArray[np.int64],
    cost: NDArray[np.float64],
    free: NDArray[np.bool_],
    least_gain: float,
) -> int:
    """Return the free site of most meters per euro (the first of equals), -1 where none helps."""
    best, best_rate = -1, 0.0
    for index in range(len(gain)):
        if free[index] and gain[index] >= least_gain:
            rate = gain[index] / cost[index]
            if rate > best_rate:
                best, best_rate = index, rate
    return best


@njit(cache=True)
def _complete(
    indptr: NDArray[np.int64],
    site: NDArray[np.int32],
    heard: NDArray[np.bool_],
    counts: NDArray[np.int32],
    free: NDArray[np.bool_],
    cost: NDArray[np.float64],
    redundancy: int,
    wanted: int,
    least_gain: float,
) -> NDArray[np.int32]:
    """Return the sites added, in order; `counts` and `free` are updated in place."""
    start, meters = _by_site(indptr, site, heard, len(cost))
    gain = _gains(start, meters, counts, redundancy)
    added = np.empty(len(cost), dtype=np.int32)
    number, served = 0, (counts >= redundancy).sum()
    while served < wanted:
        best = _best(gain, cost, free, least_gain)
        if best < 0:
            break
        free[best] = False
        added[number] = best
        number += 1
        for at in range(start[best], start[best + 1]):
            meter = meters[at]
            counts[meter] += 1
            if counts[meter] == redundancy:
                # Each meter is served once: all gains together cost one pass over the links.
                served += 1
                for link in range(indptr[meter], indptr[meter + 1]):
                    if heard[link]:
                        gain[site[link]] -= 1
    return added[:number]


@dataclass(frozen=True)
class Completion:
    """The gateways a planner would add in this world, in order, and whom the whole then reaches.

    `added` are site indices, shape (added,); `counts` the gateways that hear each meter in the end,
    shape (meters,).
    """

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

    Parameters
    ----------
    indptr, site, heard
        The links, rows by meter as in LinkTable, and whether each works, shape (links,).
    installed, available, cost_eur
        Shape (sites,). A site installed already is never added again; costs are positive.
    redundancy, share, least_gain
        Gateways wanted per meter, share of the meters in [0, 1], meters.

    Notes
    -----
    Greedy, as a planner completes a network site by site. Where all meters are asked for and can
    be served, its cost is at most H(m) times the least possible, H the harmonic number and m the
    meters (Dobson 1982; Rajagopalan and Vazirani 1998). It is not monotone: one more available
    site may lead it to a dearer network.
    """
    counts = count_heard(indptr, site, heard, installed)
    wanted = math.ceil(share * (len(indptr) - 1) - _ROUNDING)
    added = _complete(
        indptr,
        site,
        heard,
        counts,
        available & ~installed,
        cost_eur,
        redundancy,
        wanted,
        least_gain,
    )
    return Completion(added=added, counts=counts)
