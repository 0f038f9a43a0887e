"""Koenig and Law's (s, S) inventory: played with named dice, and its exact cost by Markov chain.

Demand Poisson(25) a month, 30 months from a stock of S. Each month: order up to S when the stock
is under s (32 and 3 a unit, delivered at once), demand, then 1 a unit held or 5 a unit owed. The
outcome is the average cost of a month (reference problem of Kim and Nelson's procedure).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.streams import Streams

POLICIES = ((20, 40), (20, 80), (40, 60), (40, 100), (60, 100))
NAMES = tuple(f"{s},{top}" for s, top in POLICIES)
MONTHS, DEMAND = 30, 25.0
SETUP, UNIT, HOLDING, BACKLOG = 32.0, 3.0, 1.0, 5.0


def demands(macro: int, replications: int, stream: str = "demand") -> NDArray[np.int64]:
    """Return demands, shape (replications, months), of one macro-replication."""
    return Streams(macro, 0).generator("inventory", stream).poisson(DEMAND, (replications, MONTHS))


def average_cost(policy: tuple[int, int], demand: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the average monthly cost of each row of demands."""
    order_under, top = policy
    stock = np.full(len(demand), top)
    cost = np.zeros(len(demand))
    for month in demand.T:
        ordering = stock < order_under
        cost += np.where(ordering, SETUP + UNIT * (top - stock), 0.0)
        stock = np.where(ordering, top, stock) - month
        cost += np.where(stock > 0, HOLDING * stock, -BACKLOG * stock)
    return cost / demand.shape[1]


def exact_cost(policy: tuple[int, int]) -> float:
    """Return the expected average monthly cost, from the law of the stock month after month."""
    order_under, top = policy
    demand = np.arange(151)
    steps = np.concatenate([[0.0], np.cumsum(np.log(demand[1:]))])
    law = np.exp(-DEMAND + demand * np.log(DEMAND) - steps)  # P(D > 150) is under 1e-60
    lowest = order_under - len(demand)
    level = np.arange(lowest, top + 1)
    chance = np.where(level == top, 1.0, 0.0)
    total = 0.0
    for _ in range(MONTHS):
        ordering = level < order_under
        total += float(chance @ np.where(ordering, SETUP + UNIT * (top - level), 0.0))
        after = np.where(ordering, 0.0, chance)
        after[-1] += float(chance[ordering].sum())
        spread = np.convolve(after, law[::-1])  # index 0 stands for lowest - 150
        chance = spread[len(demand) - 1 :]
        assert spread[: len(demand) - 1].sum() < 1e-12
        total += float(chance @ np.where(level > 0, HOLDING * level, -BACKLOG * level))
    return total / MONTHS
