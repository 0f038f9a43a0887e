"""The worth of building sites in a given order under yearly budgets, compiled."""

from __future__ import annotations

import numpy as np
from numba import njit

_CENT = 0.005


@njit(cache=True, nogil=True)
def fund(
    order: np.ndarray, cost_eur: np.ndarray, budget_eur: np.ndarray, carries_over: bool
) -> np.ndarray:
    """Return the year index in which each site of `order` is paid for, or n_years when none can.

    Sites are paid strictly in order; money left at the end of a year moves to the next one where
    `carries_over`.
    """
    years = np.full(order.size, budget_eur.size, dtype=np.int64)
    year, money = 0, budget_eur[0]
    for position in range(order.size):
        price = cost_eur[order[position]]
        while price > money + _CENT:
            year += 1
            if year == budget_eur.size:
                return years
            money = budget_eur[year] + (money if carries_over else 0.0)
        money -= price
        years[position] = year
    return years


@njit(cache=True, nogil=True)
def gains(
    order: np.ndarray,
    col_indptr: np.ndarray,
    col_indices: np.ndarray,
    need: np.ndarray,
    weight: np.ndarray,
) -> np.ndarray:
    """Return the weight that each site of `order` completes when it is built; `need` is spent."""
    gained = np.zeros(order.size)
    for position in range(order.size):
        for p in range(col_indptr[order[position]], col_indptr[order[position] + 1]):
            row = col_indices[p]
            need[row] -= 1
            if need[row] == 0:
                gained[position] += weight[row]
    return gained


@njit(cache=True, nogil=True)
def service_years(gained: np.ndarray, years: np.ndarray, n_years: int) -> float:
    """Return the covered weight at the end of each year, summed over the years; -1 if unfunded."""
    total = 0.0
    for position in range(gained.size):
        if years[position] >= n_years:
            return -1.0
        total += gained[position] * (n_years - years[position])
    return total


@njit(cache=True, nogil=True)
def greedy_order(
    sites: np.ndarray,
    cost_eur: np.ndarray,
    col_indptr: np.ndarray,
    col_indices: np.ndarray,
    need: np.ndarray,
    weight: np.ndarray,
    step_worth: float,
) -> np.ndarray:
    """Return `sites` by covered weight per euro, the best next one first; `need` is spent.

    A row short of several sites credits each step towards its cover with `step_worth` to the power
    of the steps that remain after it.
    """
    left = sites.copy()
    order = np.empty(sites.size, dtype=np.int64)
    cheap = 1e-6 * max(cost_eur.max(), 1e-300)
    for position in range(sites.size):
        best, most = -1, -1.0
        for k in range(sites.size - position):
            total = 0.0
            for p in range(col_indptr[left[k]], col_indptr[left[k] + 1]):
                row = col_indices[p]
                if need[row] > 0:
                    total += weight[row] * step_worth ** (need[row] - 1)
            value = total / max(cost_eur[left[k]], cheap)
            if value > most:
                best, most = k, value
        site = left[best]
        order[position] = site
        left[best : sites.size - position - 1] = left[best + 1 : sites.size - position].copy()
        for p in range(col_indptr[site], col_indptr[site + 1]):
            need[col_indices[p]] -= 1
    return order
