"""Laws of least-cost multi-cover, on random instances small enough to be solved to the end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.decide.cover import CoverProblem, CoverSolution, Effort, Requirement, solve_cover

THOROUGH = Effort(moves=200, nodes=10_000)
LAW = settings(max_examples=25, deadline=None)


def solve(problem: CoverProblem) -> CoverSolution:
    """Solve to proven optimality."""
    found = solve_cover(problem, np.random.default_rng(0), effort=THOROUGH)
    assert found.proven_optimal
    return found


@st.composite
def problems(draw: st.DrawFn, requirement: Requirement = Requirement.SHARE) -> CoverProblem:
    """Draw a problem of 4-12 sites and 5-25 demands whose share is within reach."""
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    n_sites, n_demands = draw(st.integers(4, 12)), draw(st.integers(5, 25))
    covers = rng.random((n_demands, n_sites)) < draw(st.floats(0.3, 0.7))
    redundancy = draw(st.integers(1, 2))
    weight = rng.integers(1, 9, n_demands).astype(float)
    reachable = weight[covers.sum(axis=1) > redundancy].sum() / weight.sum()
    full = requirement is Requirement.FULL
    share = 1.0 if full else max(0.01, draw(st.floats(0.2, 0.95)) * reachable)
    return CoverProblem.from_dense(
        covers,
        cost_eur=rng.integers(1, 9, n_sites) * 100.0,
        weight=weight,
        redundancy=redundancy,
        requirement=requirement if full or reachable > 0.0 else Requirement.FULL,
        share=share if reachable > 0.0 else 1.0,
    )


def with_site(problem: CoverProblem, rng: np.random.Generator) -> CoverProblem:
    """Return the problem with one more candidate site."""
    covers = dense(problem)
    more = np.hstack([covers, rng.random((problem.n_demands, 1)) < 0.5])
    return CoverProblem.from_dense(
        more,
        cost_eur=[*problem.cost_eur, 300.0],
        weight=problem.weight,
        redundancy=problem.redundancy,
        requirement=problem.requirement,
        share=problem.share,
    )


def dense(problem: CoverProblem) -> np.ndarray:
    """Return the cover matrix, demands by sites."""
    covers = np.zeros((problem.n_demands, problem.n_sites), dtype=bool)
    rows = np.repeat(np.arange(problem.n_demands), np.diff(problem.indptr))
    covers[rows, problem.indices] = True
    return covers


@LAW
@given(problem=problems(), seed=st.integers(0, 1000))
def test_a_further_candidate_never_raises_the_cost(problem: CoverProblem, seed: int) -> None:
    """A choice open before is still open with one more candidate, for a share of the weight."""
    if problem.requirement is Requirement.FULL:
        return  # more reach raises what FULL asks: min(k, reach)
    more = with_site(problem, np.random.default_rng(seed))
    assert solve(more).cost_eur <= solve(problem).cost_eur + 1e-6


@LAW
@given(problem=problems(), fraction=st.floats(0.1, 1.0))
def test_a_lower_share_never_costs_more(problem: CoverProblem, fraction: float) -> None:
    """What covers 95 % covers 90 %."""
    lower = replace(problem, share=problem.share * fraction)
    assert solve(lower).cost_eur <= solve(problem).cost_eur + 1e-6


@LAW
@given(problem=problems())
def test_less_redundancy_never_costs_more(problem: CoverProblem) -> None:
    """What two sites reach, one does."""
    once = replace(problem, redundancy=np.ones_like(problem.redundancy))
    assert solve(once).cost_eur <= solve(problem).cost_eur + 1e-6


@LAW
@given(problem=problems(), share=st.floats(0.0, 1.0))
def test_more_money_never_covers_less(problem: CoverProblem, share: float) -> None:
    """The covered weight grows with the budget, and the cheapest way to a share is within it."""
    total = float(problem.cost_eur.sum())
    weights = [
        solve(
            replace(problem, requirement=Requirement.BUDGET, share=1.0, budget_eur=total * part)
        ).covered_weight
        for part in (0.5 * share, share)
    ]
    assert weights[0] <= weights[1] + 1e-9


@LAW
@given(problem=problems())
def test_budget_and_share_are_two_sides_of_one_question(problem: CoverProblem) -> None:
    """The budget found for a share covers at least that share."""
    cheapest = solve(problem)
    if problem.requirement is Requirement.FULL:
        return
    bought = solve(
        replace(problem, requirement=Requirement.BUDGET, share=1.0, budget_eur=cheapest.cost_eur)
    )
    assert bought.covered_weight >= problem.share * problem.weight.sum() - 1e-9


@LAW
@given(problem=problems(), full=problems(Requirement.FULL), copies=st.integers(2, 4))
def test_merging_demands_changes_nothing(
    problem: CoverProblem, full: CoverProblem, copies: int
) -> None:
    """One demand of weight 3w and three demands of weight w have the same optimum."""
    for one in (problem, full):
        many = CoverProblem.from_dense(
            np.repeat(dense(one), copies, axis=0),
            cost_eur=one.cost_eur,
            weight=np.repeat(one.weight / copies, copies),
            redundancy=np.repeat(one.redundancy, copies),
            requirement=one.requirement,
            share=one.share * (1.0 - 1e-12),
        )
        assert solve(many).cost_eur == solve(one).cost_eur


@LAW
@given(problem=problems(Requirement.FULL), moves=st.integers(1, 50), nodes=st.integers(0, 3))
def test_the_proven_gap_is_true(problem: CoverProblem, moves: int, nodes: int) -> None:
    """Whatever the effort, the optimum lies between the bound and the cost."""
    optimum = solve(problem).cost_eur
    rough = solve_cover(problem, np.random.default_rng(1), effort=Effort(moves, nodes))
    assert rough.bound <= optimum + 1e-6
    assert optimum <= rough.cost_eur + 1e-6
    assert rough.gap == pytest.approx((rough.cost_eur - rough.bound) / max(rough.cost_eur, 1e-300))


@LAW
@given(problem=problems(), seed=st.integers(0, 2**32 - 1))
def test_the_same_seed_gives_the_same_sites(problem: CoverProblem, seed: int) -> None:
    """Same problem, same seed: same bits, finished or not."""
    runs = [
        solve_cover(problem, np.random.default_rng(seed), effort=Effort(30, 1)) for _ in range(2)
    ]
    assert runs[0].sites.tobytes() == runs[1].sites.tobytes()
    assert runs[0].bound == runs[1].bound
