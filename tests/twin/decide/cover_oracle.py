"""Truth by enumeration: every subset of sites is tried, so instances must stay tiny."""

from __future__ import annotations

import itertools

import numpy as np

from twin.decide.cover.problem import CoverProblem, Grouping, Requirement
from twin.decide.cover.reach import multiplicity, needs, targets

_NOISE = 1e-9


def is_allowed(problem: CoverProblem, sites: np.ndarray) -> bool:
    """Return whether a choice meets the problem's requirement, straight from the definitions."""
    if not np.isin(problem.mandatory, sites).all() or np.isin(problem.forbidden, sites).any():
        return False
    done = multiplicity(problem, sites) >= needs(problem)
    if problem.requirement is Requirement.FULL:
        return bool(done.all())
    spent = problem.cost_eur[sites].sum()
    if problem.budget_eur is not None and spent > problem.budget_eur + _NOISE:
        return False
    for target in targets(problem):
        if problem.weight[done & target.members].sum() < target.required - _NOISE:
            return False
    return True


def value_of(problem: CoverProblem, sites: np.ndarray) -> float:
    """Return a choice's objective: its cost, or the covered weight under a budget."""
    if problem.requirement is Requirement.BUDGET:
        done = multiplicity(problem, sites) >= needs(problem)
        return float(problem.weight[done].sum())
    return float(problem.cost_eur[sites].sum())


def best_value(problem: CoverProblem) -> float | None:
    """Return the optimum over every subset of sites, or None where no subset is allowed."""
    sign = -1.0 if problem.requirement is Requirement.BUDGET else 1.0
    best = None
    for flags in itertools.product((False, True), repeat=problem.n_sites):
        sites = np.flatnonzero(flags).astype(np.int32)
        if is_allowed(problem, sites):
            value = sign * value_of(problem, sites)
            best = value if best is None else min(best, value)
    return None if best is None else sign * best


def random_problem(seed: int, requirement: Requirement, *, whole: bool = True) -> CoverProblem:
    """Return a small random problem: 5-9 sites, 6-14 demands, mixed needs, groups and locks."""
    rng = np.random.default_rng(seed)
    n_sites, n_demands = int(rng.integers(5, 10)), int(rng.integers(6, 15))
    covers = rng.random((n_demands, n_sites)) < rng.uniform(0.25, 0.6)
    cost = rng.integers(1, 9, n_sites) * 1000.0
    weight = rng.integers(0, 6, n_demands).astype(float)
    weight[0] = 1.0
    if not whole:
        cost = cost * rng.uniform(0.9, 1.1, n_sites) + 1e-3 * np.pi
        weight = weight * rng.uniform(0.5, 1.5, n_demands)
    groupings: tuple[Grouping, ...] = ()
    if requirement is not Requirement.FULL and seed % 3 == 0:
        group = rng.integers(-1, 2, n_demands).astype(np.int32)
        groupings = (Grouping("zone", group, np.array([0.4, 0.3]), ("north", "south")),)
    locks = rng.permutation(n_sites)
    return CoverProblem.from_dense(
        covers,
        cost_eur=cost,
        weight=weight,
        redundancy=rng.integers(1, 3, n_demands) if seed % 2 else int(rng.integers(1, 4)),
        requirement=requirement,
        share=float(rng.uniform(0.3, 0.9)) if requirement is Requirement.SHARE else 1.0,
        groupings=groupings,
        mandatory=locks[:1] if seed % 5 == 0 else (),
        forbidden=locks[1:2] if seed % 4 == 0 else (),
        budget_eur=float(cost.sum() * rng.uniform(0.3, 0.7))
        if requirement is Requirement.BUDGET
        else None,
    )
