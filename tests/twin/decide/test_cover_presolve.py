"""Presolve, searches and their parts: nothing they do changes the optimum."""

from __future__ import annotations

import numpy as np
import pytest
from cover_oracle import best_value, is_allowed, random_problem

from twin.decide.cover import CoverProblem, Requirement
from twin.decide.cover.components import split
from twin.decide.cover.greedy import greedy
from twin.decide.cover.local_search import improve_cover
from twin.decide.cover.milp import relaxation_bound, run_below
from twin.decide.cover.model import full_program, is_feasible, objective_of, share_program
from twin.decide.cover.presolve import presolve
from twin.decide.cover.prune import prune
from twin.decide.cover.reach import multiplicity, needs
from twin.decide.cover.scale import common_unit_eur
from twin.decide.cover.share_search import improve_share


def dense(rows: list[str]) -> np.ndarray:
    """Return a matrix drawn with `1` and `.`, a row per demand."""
    return np.array([[c == "1" for c in row] for row in rows])


def test_identical_demands_merge_and_their_weights_add_up() -> None:
    """Three demands seen by the same sites become one row of their total weight."""
    problem = CoverProblem.from_dense(
        dense(["11.", "11.", "11.", ".11"]),
        cost_eur=[3.0, 5.0, 3.0],
        weight=[1.0, 2.0, 4.0, 8.0],
        requirement=Requirement.SHARE,
        share=0.5,
    )
    core = presolve(problem).core
    assert sorted(core.weight.tolist()) == [7.0, 8.0]


def test_identical_demands_of_two_groups_do_not_merge() -> None:
    """Demands asked for by different targets stay apart, or a group's share would be lost."""
    from twin.decide.cover import Grouping

    problem = CoverProblem.from_dense(
        dense(["11.", "11.", ".11"]),
        cost_eur=[3.0, 5.0, 3.0],
        requirement=Requirement.SHARE,
        share=0.5,
        groupings=(Grouping("g", np.array([0, 1, 1], dtype=np.int32), np.array([0.5, 0.5])),),
    )
    assert presolve(problem).core.n_rows == 3


def test_an_implied_demand_leaves() -> None:
    """Whoever covers the demand with fewer candidates covers the one with more."""
    problem = CoverProblem.from_dense(dense(["11..", "1111", "..11"]), cost_eur=[1.0, 2, 2, 1])
    assert presolve(problem).core.n_rows == 0  # then sites 0 and 3 dominate, and are forced


def test_a_demand_asking_for_two_implies_one_asking_for_one_elsewhere() -> None:
    """Two of {a, b, c} leave at least one in {a, b}: the second demand is implied."""
    covers = dense(["111..", "11...", "...11", "1...1"])
    problem = CoverProblem.from_dense(covers, cost_eur=np.full(5, 1.0), redundancy=[2, 1, 1, 1])
    reduction = presolve(problem)
    assert reduction.core.n_rows <= 3


def test_a_dominated_site_stays_while_the_redundancy_needs_it() -> None:
    """With k = 2, a site dominated by only one other is still needed as the second."""
    covers = dense(["11", "1."])
    problem = CoverProblem.from_dense(covers, cost_eur=[1.0, 9.0], redundancy=2)
    assert presolve(problem).taken.tolist() == [0, 1]


def test_a_site_without_alternative_is_taken() -> None:
    """The only site of a demand belongs to every cover."""
    problem = CoverProblem.from_dense(dense(["1..", "111", ".11"]), cost_eur=[9.0, 1.0, 2.0])
    assert presolve(problem).taken.tolist() == [0, 1]


@pytest.mark.parametrize("seed", range(40))
def test_the_relaxation_never_exceeds_the_optimum(seed: int) -> None:
    """The linear relaxation of the core, with the sites taken, is a lower bound."""
    requirement = list(Requirement)[seed % 2]
    problem = random_problem(seed, requirement)
    expected = best_value(problem)
    reduction = presolve(problem)
    if expected is None or reduction.core.n_rows == 0:
        return
    core = reduction.core
    program = full_program(core) if requirement is Requirement.FULL else share_program(core)
    taken = problem.cost_eur[reduction.taken].sum()
    assert taken + relaxation_bound(program) * core.unit_eur <= expected + 1e-6


@pytest.mark.parametrize("seed", range(40))
def test_a_cutoff_below_the_optimum_is_refuted_and_at_the_optimum_met(seed: int) -> None:
    """HiGHS below a cutoff finds a choice exactly when enumeration says there is one."""
    problem = random_problem(seed, Requirement.FULL)
    reduction = presolve(problem)
    expected = best_value(problem)
    if expected is None or reduction.core.n_rows == 0:
        return
    core = reduction.core
    program = full_program(core)
    optimum = round((expected - problem.cost_eur[reduction.taken].sum()) / core.unit_eur)
    below = run_below(program, optimum - 1.0, nodes=10_000)
    assert below.values is None
    assert below.complete
    at = run_below(program, float(optimum), nodes=10_000)
    assert at.values is not None
    assert core.cost @ (at.values[: core.n_cols] > 0.5) == optimum


@pytest.mark.parametrize("seed", range(60))
def test_greedy_and_searches_give_allowed_choices(seed: int) -> None:
    """Greedy, pruning and both searches end on choices that meet the requirement."""
    requirement = list(Requirement)[seed % 2]
    problem = random_problem(seed, requirement, whole=seed % 4 < 2)
    if best_value(problem) is None:
        return
    reduction = presolve(problem)
    core = reduction.core
    if core.n_rows == 0:
        return
    first = greedy(core)
    assert is_feasible(core, first)
    pruned = prune(core, first)
    search = improve_cover if requirement is Requirement.FULL else improve_share
    best = search(core, pruned, np.random.default_rng(seed), 200)
    assert is_feasible(core, best)
    assert is_allowed(problem, reduction.restore(best))
    assert objective_of(core, best) <= objective_of(core, pruned) <= objective_of(core, first)


def test_greedy_can_be_far_from_the_optimum_and_the_search_repairs_it() -> None:
    """On the textbook trap, greedy buys the two tempting sites more than needed."""
    covers = np.zeros((14, 5), dtype=bool)
    covers[:7, 0] = covers[7:, 1] = True
    covers[[0, 1, 2, 3, 7, 8, 9, 10], 2] = True  # 8 rows: greedy's first choice
    covers[[4, 5, 11, 12], 3] = covers[[6, 13], 4] = True
    problem = CoverProblem.from_dense(covers, cost_eur=np.ones(5))
    core = presolve(problem).core
    assert presolve(problem).taken.size + core.n_cols <= 5
    from twin.decide.cover import solve_cover

    assert solve_cover(problem, np.random.default_rng(0)).sites.tolist() == [0, 1]


def test_parts_split_rows_and_columns_without_loss() -> None:
    """The parts of a block matrix hold each row and column once."""
    block = dense(["110", "011", "101"])
    empty = np.zeros_like(block)
    covers = np.block([[block, empty], [empty, block]])
    core = presolve(CoverProblem.from_dense(covers, cost_eur=np.ones(6))).core
    parts = split(core)
    assert [columns.tolist() for _, columns in parts] == [[0, 1, 2], [3, 4, 5]]
    assert sum(part.indices.size for part, _ in parts) == core.indices.size


def test_multiplicity_counts_the_chosen_sites_in_reach() -> None:
    """A demand's multiplicity is the number of chosen sites of its row, rows may be empty."""
    problem = CoverProblem.from_dense(dense(["11.", "...", ".11"]), cost_eur=np.ones(3))
    assert multiplicity(problem, np.array([1, 2], dtype=np.int32)).tolist() == [1, 0, 2]


def test_full_cover_asks_no_more_than_the_reach_allows() -> None:
    """FULL lowers the redundancy to min(k, sites in reach), forbidden ones apart."""
    problem = CoverProblem.from_dense(
        dense(["111", "1..", "..1"]), cost_eur=np.ones(3), redundancy=2, forbidden=[2]
    )
    assert needs(problem).tolist() == [2, 1, 0]


@pytest.mark.parametrize(
    ("costs", "unit"),
    [
        ([100.0, 250.0], 50.0),
        ([0.1, 0.25], 0.05),
        ([0.0, 7.0], 7.0),
        ([np.pi], None),
        ([0.0], None),
    ],
)
def test_the_common_unit_divides_every_cost(costs: list[float], unit: float | None) -> None:
    """Whole cents have a greatest common divisor; other amounts have none."""
    found = common_unit_eur(np.array(costs))
    assert found == (pytest.approx(unit) if unit else None)
