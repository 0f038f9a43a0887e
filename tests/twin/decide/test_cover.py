"""Least-cost multi-cover against enumeration and published optima."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from cover_oracle import best_value, is_allowed, random_problem, value_of

from twin.decide.cover import (
    CoverProblem,
    CoverSolution,
    Effort,
    Grouping,
    Requirement,
    Stop,
    solve_cover,
)
from twin.errors import InputError, UnreachableError
from twin.lang import Lang

THOROUGH = Effort(moves=300, nodes=10_000)


def solve(problem: CoverProblem, seed: int = 1, effort: Effort = THOROUGH) -> CoverSolution:
    """Solve with a seeded generator."""
    return solve_cover(problem, np.random.default_rng(seed), effort=effort)


def affine_lines(dimension: int) -> np.ndarray:
    """Return the lines of the affine space AG(dimension, 3) as a lines x points matrix."""
    points = list(itertools.product(range(3), repeat=dimension))
    number = {point: i for i, point in enumerate(points)}
    lines = set()
    for a, b in itertools.combinations(points, 2):
        c = tuple((-x - y) % 3 for x, y in zip(a, b, strict=True))
        lines.add(frozenset((number[a], number[b], number[c])))
    covers = np.zeros((len(lines), len(points)), dtype=bool)
    for row, line in enumerate(sorted(sorted(line) for line in lines)):
        covers[row, line] = True
    return covers


@pytest.mark.parametrize(("dimension", "n_lines", "optimum"), [(2, 12, 5), (3, 117, 18)])
def test_steiner_triple_systems_have_their_published_optimum(
    dimension: int, n_lines: int, optimum: int
) -> None:
    """The set covers of Steiner triple systems A9 and A27 need 5 and 18 points, with proof.

    Fulkerson, Nemhauser & Trotter, Math. Programming Study 2 (1974) 72-81; equivalently 3^n minus
    the largest cap set, 4 and 9 points (Bose, Sankhya 8 (1947) 107-166).
    """
    covers = affine_lines(dimension)
    assert covers.shape[0] == n_lines
    found = solve(CoverProblem.from_dense(covers, cost_eur=np.full(3**dimension, 100.0)))
    assert found.cost_eur == 100.0 * optimum
    assert found.proven_optimal


def test_local_search_finds_the_published_optimum_of_a81() -> None:
    """The search alone covers A81 by 61 points: 81 minus the 20-point cap of Pellegrino."""
    covers = affine_lines(4)
    assert covers.shape[0] == 1080
    problem = CoverProblem.from_dense(covers, cost_eur=np.ones(81))
    found = solve(problem, effort=Effort(moves=20_000, nodes=0))
    assert found.cost_eur == 61.0
    assert found.bound <= 61.0


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("requirement", list(Requirement))
@pytest.mark.parametrize("seed", range(24))
def test_the_optimum_is_that_of_enumeration(
    seed: int, requirement: Requirement, whole: bool
) -> None:
    """Every variant reaches the optimum of trying all subsets, and proves it."""
    problem = random_problem(seed, requirement, whole=whole)
    expected = best_value(problem)
    if expected is None:
        with pytest.raises(UnreachableError):
            solve(problem)
        return
    found = solve(problem)
    assert is_allowed(problem, found.sites)
    assert value_of(problem, found.sites) == pytest.approx(expected, rel=1e-9)
    assert found.objective == pytest.approx(expected, rel=1e-9)
    assert found.stop is Stop.OPTIMAL
    assert found.gap == 0.0


@pytest.mark.parametrize("requirement", list(Requirement))
@pytest.mark.parametrize("seed", range(12))
def test_an_unfinished_run_brackets_the_optimum(seed: int, requirement: Requirement) -> None:
    """With no node and hardly a move, bound and objective still enclose the true optimum."""
    problem = random_problem(seed, requirement)
    expected = best_value(problem)
    if expected is None or (requirement is Requirement.BUDGET and problem.groupings):
        pytest.skip("no optimum to bracket, or minima that need the branch and bound")
    found = solve(problem, effort=Effort(moves=1, nodes=0))
    assert is_allowed(problem, found.sites)
    low, high = sorted((found.bound, found.objective))
    assert low - 1e-9 <= expected <= high + 1e-9
    assert found.gap == pytest.approx(
        abs(found.objective - found.bound) / max(abs(found.objective), 1e-300)
    )


def test_the_figures_of_a_hand_made_answer() -> None:
    """Three villages, two masts: figures of the answer are those counted by hand."""
    covers = np.array([[True, False], [True, True], [False, True]])
    problem = CoverProblem.from_dense(
        covers,
        cost_eur=[100.0, 250.0],
        weight=[10.0, 20.0, 30.0],
        redundancy=[1, 2, 1],
        groupings=(Grouping("side", np.array([0, 0, 1], dtype=np.int32), np.array([0.5, 1.0])),),
        requirement=Requirement.SHARE,
        share=0.9,
    )
    found = solve(problem)
    assert found.sites.tolist() == [0, 1]
    assert found.cost_eur == 350.0
    assert found.covered_share == 1.0
    assert found.weight_at_least.tolist() == [60.0, 60.0, 20.0]
    assert found.group_shares[0].tolist() == [1.0, 1.0]


def test_independent_parts_add_up() -> None:
    """Two copies of one problem, side by side, cost twice as much and keep their proof."""
    covers = affine_lines(2)
    empty = np.zeros_like(covers)
    twice = np.block([[covers, empty], [empty, covers]])
    found = solve(CoverProblem.from_dense(twice, cost_eur=np.full(18, 3.0)))
    assert found.cost_eur == 30.0  # 2 x 5 points x 3
    assert found.proven_optimal


def test_a_free_existing_site_is_used_and_a_useless_one_is_not() -> None:
    """A site that costs nothing serves where it reaches; one that reaches nothing stays out."""
    covers = np.array([[True, True, False], [False, True, False]])
    found = solve(CoverProblem.from_dense(covers, cost_eur=[0.0, 5.0, 0.0]))
    assert found.cost_eur == 5.0
    assert 2 not in found.sites


def test_the_time_limit_is_obeyed_and_confessed() -> None:
    """A run cut by CPU time says that it may not repeat, and still brackets the optimum."""
    problem = CoverProblem.from_dense(affine_lines(4), cost_eur=np.ones(81))
    found = solve_cover(
        problem,
        np.random.default_rng(1),
        time_limit_s=0.3,
        effort=Effort(moves=2_000, nodes=10_000_000),
    )
    assert found.stop is Stop.TIME
    assert not found.is_repeatable
    assert found.bound <= 61.0 <= found.cost_eur


def test_the_gap_asked_is_enough() -> None:
    """A run may stop at the gap it was given; the gap printed is within it."""
    problem = CoverProblem.from_dense(affine_lines(4), cost_eur=np.ones(81))
    found = solve_cover(problem, np.random.default_rng(1), gap=0.6, effort=Effort(2_000, 100))
    assert found.stop is Stop.GAP
    assert found.gap <= 0.6


@pytest.mark.parametrize("requirement", list(Requirement))
def test_the_same_seed_gives_the_same_bits(requirement: Requirement) -> None:
    """Two runs by effort are equal in every figure but the clock's."""
    problem = random_problem(7, requirement, whole=False)
    first, second = solve(problem, seed=3), solve(problem, seed=3)
    assert first.sites.tobytes() == second.sites.tobytes()
    assert (first.bound, first.objective) == (second.bound, second.objective)
    assert [(s.method, s.objective, s.bound) for s in first.trace[1:]] == [
        (s.method, s.objective, s.bound) for s in second.trace[1:]
    ]


COVERS = np.array([[True, True, False], [False, True, True], [False, False, True]])
COST = [10.0, 20.0, 30.0]


def test_an_unreachable_share_says_what_is_reachable_and_why() -> None:
    """The refusal gives the highest share, the demands out of reach and the group concerned."""
    problem = CoverProblem.from_dense(
        COVERS,
        cost_eur=COST,
        weight=[1.0, 1.0, 2.0],
        redundancy=2,
        requirement=Requirement.SHARE,
        share=0.95,
        groupings=(
            Grouping(
                "EPCI",
                np.array([0, 0, 1], dtype=np.int32),
                np.array([0.9, 0.5]),
                ("Brenne", "Boischaut"),
            ),
        ),
    )
    with pytest.raises(UnreachableError) as caught:
        solve(problem)
    message = caught.value.say(Lang.EN)
    assert "at most 50.00 % (whole): 1 demands of 3 have fewer than 2 candidate sites" in message
    assert "EPCI Boischaut" in message
    assert "Brenne" not in message
    assert "au plus" in caught.value.say(Lang.FR)


def test_a_budget_below_the_mandatory_sites_is_refused() -> None:
    """Mandatory sites that cost more than the budget are named with their cost."""
    problem = CoverProblem.from_dense(
        COVERS,
        cost_eur=COST,
        mandatory=[1, 2],
        requirement=Requirement.BUDGET,
        budget_eur=40.0,
    )
    with pytest.raises(UnreachableError, match=r"50\.00 €"):
        solve(problem)


def test_group_minima_beyond_the_budget_are_refused() -> None:
    """A budget that cannot pay for a group's minimum is unreachable, not a crash."""
    problem = CoverProblem.from_dense(
        COVERS,
        cost_eur=COST,
        requirement=Requirement.BUDGET,
        budget_eur=25.0,
        groupings=(Grouping("g", np.array([-1, -1, 0], dtype=np.int32), np.array([1.0])),),
    )
    with pytest.raises(UnreachableError, match="budget"):
        solve(problem)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"cost_eur": [10.0, -1.0, 5.0]}, "cost_eur"),
        ({"cost_eur": [10.0, np.nan, 5.0]}, "cost_eur"),
        ({"weight": [1.0, np.nan, 1.0]}, "weight"),
        ({"weight": [1.0, 1.0]}, "weight"),
        ({"redundancy": 0}, "redundancy"),
        ({"redundancy": 1.5}, "redundancy"),
        ({"mandatory": [1], "forbidden": [1, 2]}, "mandatory, forbidden"),
        ({"mandatory": [3]}, "mandatory"),
        ({"share": 1.2}, "share"),
        ({"share": np.nan}, "share"),
        ({"budget_eur": 5.0}, "budget_eur"),
        ({"requirement": Requirement.BUDGET}, "budget_eur"),
        ({"requirement": Requirement.BUDGET, "budget_eur": np.nan}, "budget_eur"),
        ({"requirement": Requirement.SHARE, "weight": 0.0}, "weight"),
        (
            {
                "requirement": Requirement.SHARE,
                "groupings": (Grouping("g", np.zeros(3, dtype=np.int32), np.array([1.5])),),
            },
            "groupings.g.share",
        ),
        (
            {
                "requirement": Requirement.SHARE,
                "groupings": (Grouping("g", np.full(3, 4, dtype=np.int32), np.array([0.5])),),
            },
            "groupings.g.group",
        ),
        ({"groupings": (Grouping("g", np.zeros(3, np.int32), np.array([0.5])),)}, "groupings"),
    ],
)
def test_a_malformed_problem_names_the_fault(change: dict[str, object], word: str) -> None:
    """Each malformed input is refused on construction, naming the key at fault."""
    with pytest.raises(InputError) as caught:
        CoverProblem.from_dense(COVERS, **{"cost_eur": COST, **change})  # type: ignore[arg-type]
    assert any(fault.key.startswith(word) for fault in caught.value.faults)


def test_all_faults_come_at_once() -> None:
    """Three faults in one problem are reported in one go."""
    with pytest.raises(InputError) as caught:
        CoverProblem.from_dense(COVERS, cost_eur=[-1.0, 2.0, 3.0], redundancy=0, share=0.0)
    assert len(caught.value.faults) == 3


@pytest.mark.parametrize(
    ("indptr", "indices"),
    [([0, 2], [1, 0]), ([0, 2], [0, 0]), ([0, 1], [7]), ([0, 3], [0, 1]), ([0], [])],
)
def test_a_broken_matrix_is_refused(indptr: list[int], indices: list[int]) -> None:
    """Unsorted, repeated or unknown sites, and pointers that do not fit, are refused."""
    with pytest.raises(InputError):
        CoverProblem.from_csr(indptr, indices, cost_eur=[1.0, 1.0])
