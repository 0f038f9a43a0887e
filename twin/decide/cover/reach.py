"""What a choice of sites covers, what all sites could, and the refusal when that falls short."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.decide.cover.problem import CoverProblem, Grouping, Requirement
from twin.errors import Fault, UnreachableError
from twin.lang import Text

_TOLERANCE = 1e-9
_SHOWN = 10


@dataclass(frozen=True, eq=False)
class Target:
    """Covered weight asked of one set of demands: the whole, or one group of one grouping.

    `members` is a boolean mask over demands, `total` and `required` are weights.
    """

    name: Text
    members: NDArray[np.bool_]
    total: float
    required: float

    def is_met(self, covered_weight: float) -> bool:
        """Return whether `covered_weight` is enough, but for rounding noise."""
        return covered_weight >= self.required - _TOLERANCE * max(1.0, self.total)


def multiplicity(problem: CoverProblem, sites: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return how many of `sites` reach each demand, shape (n_demands,)."""
    chosen = np.zeros(problem.n_sites, dtype=np.int64)
    chosen[sites] = 1
    running = np.zeros(problem.indices.size + 1, dtype=np.int64)
    np.cumsum(chosen[problem.indices], out=running[1:])
    counts: NDArray[np.int32] = np.diff(running[problem.indptr]).astype(np.int32)
    return counts


def usable_sites(problem: CoverProblem) -> NDArray[np.int32]:
    """Return the sites that are not forbidden, ascending."""
    everything = np.arange(problem.n_sites, dtype=np.int32)
    return np.setdiff1d(everything, problem.forbidden).astype(np.int32)


def needs(problem: CoverProblem) -> NDArray[np.int32]:
    """Return the sites each demand needs to count as covered, shape (n_demands,).

    FULL lowers the redundancy to what the demand's usable sites allow; SHARE and BUDGET keep it.
    """
    if problem.requirement is not Requirement.FULL:
        return problem.redundancy
    within = multiplicity(problem, usable_sites(problem))
    lowered: NDArray[np.int32] = np.minimum(problem.redundancy, within)
    return lowered


def targets(problem: CoverProblem) -> list[Target]:
    """Return the weights asked of the whole and of each group, the whole first.

    FULL asks for none (each demand stands alone); BUDGET asks nothing of the whole.
    """
    if problem.requirement is Requirement.FULL:
        return []
    everything = np.ones(problem.n_demands, dtype=np.bool_)
    total = float(problem.weight.sum())
    share = problem.share if problem.requirement is Requirement.SHARE else 0.0
    found = [Target(Text("ensemble", "whole"), everything, total, share * total)]
    for grouping in problem.groupings:
        found += [_group_target(problem, grouping, g) for g in range(grouping.share.size)]
    return found


def _group_target(problem: CoverProblem, grouping: Grouping, index: int) -> Target:
    members = grouping.group == index
    total = float(problem.weight[members].sum())
    label = f"{grouping.name} {grouping.label(index)}"
    return Target(Text(label, label), members, total, float(grouping.share[index]) * total)


def ensure_reachable(problem: CoverProblem) -> None:
    """Return when all usable sites together meet every target within the mandatory cost.

    Raises
    ------
    UnreachableError
        Naming, for each target missed, the share that is reachable and how many demands have fewer
        candidate sites in reach than they need; or the mandatory sites that exceed the budget.
    """
    faults = _budget_faults(problem)
    within = multiplicity(problem, usable_sites(problem))
    short = within < needs(problem)
    for target in targets(problem):
        reachable = float(problem.weight[target.members & ~short].sum())
        if not target.is_met(reachable):
            faults.append(_target_fault(problem, target, reachable, short))
    if faults:
        raise UnreachableError(*faults)


def _budget_faults(problem: CoverProblem) -> list[Fault]:
    if problem.budget_eur is None:
        return []
    cost = float(problem.cost_eur[problem.mandatory].sum())
    if cost <= problem.budget_eur * (1.0 + _TOLERANCE):
        return []
    return [
        Fault(
            Text(
                f"au moins {cost:.2f} €, le coût des {problem.mandatory.size} sites obligatoires",
                f"at least {cost:.2f} €, the cost of the {problem.mandatory.size} mandatory sites",
            ),
            Text("relever le budget ou libérer des sites", "raise the budget or free some sites"),
            key="budget_eur",
            value=f"{problem.budget_eur:.2f}",
        )
    ]


def _target_fault(
    problem: CoverProblem, target: Target, reachable: float, short: NDArray[np.bool_]
) -> Fault:
    lost = target.members & short
    needed = int(problem.redundancy[lost].max())
    asked = 100.0 * target.required / target.total
    most = np.floor(10_000.0 * reachable / target.total) / 100.0
    first = ", ".join(str(i) for i in np.flatnonzero(lost)[:_SHOWN])
    count, size = int(lost.sum()), int(target.members.sum())
    return Fault(
        Text(
            f"au plus {most:.2f} % ({target.name.fr}) : {count} demandes sur {size} ont moins de "
            f"{needed} sites candidats à portée (n° {first}…)",
            f"at most {most:.2f} % ({target.name.en}): {count} demands of {size} have fewer than "
            f"{needed} candidate sites in reach (no. {first}…)",
        ),
        Text(
            "abaisser la part ou la redondance, ajouter des sites candidats, lever des interdits",
            "lower the share or the redundancy, add candidate sites, lift prohibitions",
        ),
        key="share",
        value=f"{asked:.2f} %",
    )
