"""Deployment programmes: order, years, money and zones."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from twin.decide.cover import CoverProblem
from twin.decide.programme import plan_programme
from twin.errors import InputError, UnreachableError

SITES = np.arange(4, dtype=np.int32)


@pytest.fixture
def villages() -> CoverProblem:
    """Return four villages, each with its own mast: 1, 4, 2 and 3 objects a euro."""
    return CoverProblem.from_dense(
        np.eye(4, dtype=bool), cost_eur=np.full(4, 100.0), weight=[100.0, 400.0, 200.0, 300.0]
    )


def test_the_best_sites_per_euro_come_first(villages: CoverProblem) -> None:
    """With one mast a year, villages come by objects per euro and the totals run up."""
    plan = plan_programme(villages, SITES, 100.0)
    assert plan.order.tolist() == [1, 3, 2, 0]
    assert plan.site_year.tolist() == [1, 2, 3, 4]
    assert [step.covered_weight for step in plan.years] == [400.0, 700.0, 900.0, 1000.0]
    assert [step.total_cost_eur for step in plan.years] == [100.0, 200.0, 300.0, 400.0]
    assert plan.years[-1].covered_share == 1.0
    assert plan.service == 3000.0  # 400 + 700 + 900 + 1000 objects x years


def test_a_budget_of_two_masts_builds_two_a_year(villages: CoverProblem) -> None:
    """Twice the money halves the programme."""
    plan = plan_programme(villages, SITES, 250.0, carries_over=False)
    assert plan.site_year.tolist() == [1, 1, 2, 2]


def test_money_left_is_carried_over(villages: CoverProblem) -> None:
    """150 a year pays 1, 2, 1 masts when what is left moves on: 150, 50 + 150, 150."""
    plan = plan_programme(villages, SITES, 150.0)
    assert plan.site_year.tolist() == [1, 2, 2, 3]


def test_redundancy_counts_only_when_complete() -> None:
    """A village that needs two masts is reached when the second one stands."""
    problem = CoverProblem.from_dense(
        np.array([[True, True]]), cost_eur=[100.0, 100.0], weight=[7.0], redundancy=2
    )
    plan = plan_programme(problem, SITES[:2], 100.0)
    assert [step.covered_weight for step in plan.years] == [0.0, 7.0]
    assert plan.gained_weight.tolist() == [0.0, 7.0]


def test_existing_sites_serve_from_the_start() -> None:
    """A mast already standing halves the need, costs nothing and is not built again."""
    problem = CoverProblem.from_dense(
        np.array([[True, True]]), cost_eur=[100.0, 100.0], weight=[7.0], redundancy=2
    )
    plan = plan_programme(problem, SITES[:2], 100.0, existing=SITES[:1])
    assert plan.order.tolist() == [1]
    assert plan.years[0].covered_weight == 7.0


def test_zones_are_finished_one_after_the_other(villages: CoverProblem) -> None:
    """Zone by zone, the zone with more objects per euro comes first and stays together."""
    zone = np.array([0, 0, 1, 1], dtype=np.int32)
    plan = plan_programme(villages, SITES, 100.0, zone=zone, zone_by_zone=True)
    assert plan.order.tolist() in ([1, 0, 3, 2], [3, 2, 1, 0])
    assert plan.service == 2700.0  # 400 + 500 + 800 + 1000, or 300 + 500 + 900 + 1000
    assert {z.zone: z.weight_per_eur for z in plan.zones} == {0: 2.5, 1: 2.5}


@pytest.mark.parametrize("seed", range(8))
def test_the_order_is_the_best_of_all_orders_or_close(seed: int) -> None:
    """On six sites the local search stays within 3 % of the best of 720 orders."""
    rng = np.random.default_rng(seed)
    problem = CoverProblem.from_dense(
        rng.random((40, 6)) < 0.4,
        cost_eur=rng.integers(1, 4, 6) * 50.0,
        weight=rng.integers(1, 20, 40),
        redundancy=2,
    )
    sites = np.arange(6, dtype=np.int32)
    plan = plan_programme(problem, sites, 120.0)
    last = max(plan_years(problem, order, 120.0)[-1] for order in itertools.permutations(range(6)))
    best = max(service(problem, o, 120.0, last) for o in itertools.permutations(range(6)))
    assert service(problem, tuple(plan.order.tolist()), 120.0, last) >= 0.97 * best


def plan_years(problem: CoverProblem, order: tuple[int, ...], budget: float) -> list[int]:
    """Return the year (from 1) of each site of an order, money carried over."""
    year, money, years = 1, budget, []
    for site in order:
        while problem.cost_eur[site] > money:
            year, money = year + 1, money + budget
        money -= problem.cost_eur[site]
        years.append(year)
    return years


def service(problem: CoverProblem, order: tuple[int, ...], budget: float, last: int) -> float:
    """Return covered weight x years of an order, counted the long way."""
    from twin.decide.cover import multiplicity

    years = np.array(plan_years(problem, order, budget))
    total = 0.0
    for year in range(1, last + 1):
        standing = np.array(order, dtype=np.int32)[years <= year]
        hits = multiplicity(problem, standing)
        total += problem.weight[hits >= np.minimum(problem.redundancy, reach(problem))].sum() - (
            problem.weight[reach(problem) == 0].sum()
        )
    return total


def reach(problem: CoverProblem) -> np.ndarray:
    """Return the number of sites in reach of each demand."""
    return np.diff(problem.indptr)


@pytest.mark.parametrize("budget", [0.0, -5.0, float("nan"), []])
def test_a_senseless_budget_is_refused(villages: CoverProblem, budget: object) -> None:
    """Zero, negative, missing and absent budgets are input faults."""
    with pytest.raises(InputError, match="yearly_budget_eur"):
        plan_programme(villages, SITES, budget)  # type: ignore[arg-type]


def test_too_little_money_is_refused(villages: CoverProblem) -> None:
    """A programme that the years given cannot pay for says what it costs."""
    with pytest.raises(UnreachableError, match=r"400\.00 €"):
        plan_programme(villages, SITES, [100.0, 200.0])


def test_years_that_waste_money_are_refused(villages: CoverProblem) -> None:
    """Without carry-over, 150 + 150 + 150 pays for three masts and not for the fourth."""
    with pytest.raises(UnreachableError):
        plan_programme(villages, SITES, [150.0, 150.0, 150.0], carries_over=False)


def test_a_site_dearer_than_any_year_needs_carry_over(villages: CoverProblem) -> None:
    """A mast of 100 euros cannot be paid from 60 a year unless money is carried over."""
    with pytest.raises(UnreachableError):
        plan_programme(villages, SITES, 60.0, carries_over=False)
    assert plan_programme(villages, SITES, 60.0).site_year.tolist() == [2, 4, 5, 7]


def test_zones_of_the_wrong_length_are_refused(villages: CoverProblem) -> None:
    """There is one zone per candidate site."""
    with pytest.raises(InputError, match="zone"):
        plan_programme(villages, SITES, 100.0, zone=np.zeros(2, dtype=np.int32))
