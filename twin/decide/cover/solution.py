"""The answer to a cover problem: the sites, what they cost and cover, and how good that is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Stop(StrEnum):
    """What ended the search."""

    OPTIMAL = "optimal"
    GAP = "gap"
    EFFORT = "effort"
    TIME = "time"


@dataclass(frozen=True)
class TraceStep:
    """One step on the way: `objective` and `bound` after `method`, `cpu_s` since the start."""

    method: str
    objective: float
    bound: float
    cpu_s: float


@dataclass(frozen=True, eq=False)
class CoverSolution:
    """A choice of sites with its proof.

    Parameters
    ----------
    sites
        Chosen sites, ascending.
    cost_eur
        Their cost.
    covered_weight
        Weight of the demands covered as often as required.
    covered_share
        The same, as a share of the total weight.
    weight_at_least
        Weight reached by at least m sites, for m = 0 to the largest redundancy asked.
    group_shares
        Covered share per group, one array per grouping; NaN for a group without weight.
    objective
        What was optimised: `cost_eur`, or `covered_weight` under a budget.
    bound
        No choice costs less than this (EUR), or covers more than this under a budget.
    gap
        |objective - bound| / |objective|: the proven relative distance to the optimum.
    stop
        What ended the search; only TIME depends on the machine.
    trace
        The steps, in order.
    """

    sites: NDArray[np.int32]
    cost_eur: float
    covered_weight: float
    covered_share: float
    weight_at_least: NDArray[np.float64]
    group_shares: tuple[NDArray[np.float64], ...]
    objective: float
    bound: float
    gap: float
    stop: Stop
    trace: tuple[TraceStep, ...]

    @property
    def proven_optimal(self) -> bool:
        """Whether no better choice exists."""
        return self.stop is Stop.OPTIMAL

    @property
    def is_repeatable(self) -> bool:
        """Whether the same seed gives the same answer on any machine."""
        return self.stop is not Stop.TIME
