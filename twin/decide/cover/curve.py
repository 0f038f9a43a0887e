"""What each further percent costs: the least cost as a function of the share covered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from twin.decide.cover.effort import STUDY, Effort
from twin.decide.cover.problem import CoverProblem, Requirement
from twin.decide.cover.solution import CoverSolution
from twin.decide.cover.solve import solve_cover


@dataclass(frozen=True, eq=False)
class CurvePoint:
    """The answer for one target share."""

    share: float
    solution: CoverSolution


@dataclass(frozen=True, eq=False)
class CostCurve:
    """Least cost against target share, ascending."""

    points: tuple[CurvePoint, ...]

    @property
    def share(self) -> NDArray[np.float64]:
        """Target shares."""
        return np.array([point.share for point in self.points])

    @property
    def cost_eur(self) -> NDArray[np.float64]:
        """Cost found for each target; never decreasing."""
        return np.array([point.solution.cost_eur for point in self.points])

    @property
    def bound_eur(self) -> NDArray[np.float64]:
        """Proven lower bound of each cost; never decreasing."""
        bounds = np.array([point.solution.bound for point in self.points])
        highest: NDArray[np.float64] = np.maximum.accumulate(bounds)
        return highest

    @property
    def marginal_eur_per_percent(self) -> NDArray[np.float64]:
        """Extra cost per extra percent between a target and the next, one value fewer."""
        steps: NDArray[np.float64] = np.diff(self.cost_eur) / (100.0 * np.diff(self.share))
        return steps


def cost_curve(
    problem: CoverProblem,
    shares: Sequence[float],
    rng: np.random.Generator,
    *,
    time_limit_s: float | None = None,
    gap: float = 0.0,
    effort: Effort = STUDY,
) -> CostCurve:
    """Return the cost curve of `problem` over the target shares.

    Targets are solved from the highest down: what covers 95 % also covers 90 %, so each answer
    warms the next and no cost can exceed that of a higher target.

    Parameters
    ----------
    problem
        Its requirement is read as SHARE and its share replaced; group minima stay.
    shares
        Target shares in (0, 1]; sorted and made unique here.
    rng, time_limit_s, gap, effort
        As for `solve_cover`; limits apply to each target.

    Raises
    ------
    UnreachableError
        If the highest target cannot be reached.
    """
    points: list[CurvePoint] = []
    warm = None
    for share in sorted(set(shares), reverse=True):
        asked = replace(problem, requirement=Requirement.SHARE, share=float(share), budget_eur=None)
        solution = solve_cover(
            asked, rng, time_limit_s=time_limit_s, gap=gap, effort=effort, warm_start=warm
        )
        points.append(CurvePoint(float(share), solution))
        warm = solution.sites
    return CostCurve(tuple(reversed(points)))
