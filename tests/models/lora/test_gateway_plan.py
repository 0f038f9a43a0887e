"""The planned network: what it serves, what it may use, what it costs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_territory import SmallTerritory

from models.lora.links import LinkTable
from models.lora.margin import LEAST_MARGIN_DB
from models.lora.model import recommend
from models.lora.plan import Plan, Siting, make_plan, plan_file, read_plan, write_plan
from models.lora.settings import Settings, SitesSection, TargetSection
from models.lora.stage import Stage, load_stage
from twin.errors import UnreachableError
from twin.scenario import Scenario, load_scenario
from twin.workspace import Workspace

KINDS = (*["mast"] * 6, *["municipal"] * 9)
COST_EUR = np.where([kind == "mast" for kind in KINDS], 24_000.0, 7_000.0)


def mute(_what: object, _share: float = 0.0) -> None:
    """Follow nothing."""


def plane(
    seed: int = 0,
    *,
    redundancy: int = 2,
    share: float = 0.9,
    epci_share: float = 0.0,
    reach_db: float = 25.0,
    mandatory: tuple[int, ...] = (),
    forbidden: tuple[int, ...] = (),
) -> Siting:
    """Return a siting problem on a plane of 12 km: margins fall with distance and some luck."""
    dice = np.random.default_rng(seed)
    meters, sites = 400, len(KINDS)
    meter_km, site_km = dice.uniform(0, 12, (meters, 2)), dice.uniform(0, 12, (sites, 2))
    distance_km = np.hypot(*np.moveaxis(meter_km[:, None] - site_km, 2, 0))
    margin = reach_db - 38.0 * np.log10(distance_km + 0.5) + dice.normal(0, 3, (meters, sites))
    near = margin > -40.0
    meter, site = np.nonzero(near)
    links = LinkTable(
        indptr=np.concatenate([[0], np.cumsum(np.bincount(meter, minlength=meters))]),
        site=site.astype(np.int32),
        loss_db=np.zeros(len(site), dtype=np.float32),
        height_effect_db=np.zeros((sites, 2)),
    )
    cell = (meter_km // 2.0).astype(np.int64)
    _, demand = np.unique(6 * cell[:, 0] + cell[:, 1], return_inverse=True)
    demand = demand.reshape(-1)
    first = np.array([np.flatnonzero(demand == each)[0] for each in range(demand.max() + 1)])
    allowed = np.ones(sites, dtype=np.bool_)
    allowed[list(forbidden)] = False
    return Siting(
        settings=Settings(
            sites=SitesSection(kinds=("mast",), masts=Path(__file__)),
            target=TargetSection(redundancy=redundancy, share=share, epci_share=epci_share),
        ),
        links=links,
        margin_db=margin[near],
        sigma_db=7.0,
        demand=demand,
        placement=np.zeros(demand.max() + 1, dtype=np.int64),
        quick=False,
        weight=np.bincount(demand).astype(np.float64),
        epci=(meter_km[first, 0] > 6.0).astype(np.int32),
        epci_names=("west", "east"),
        cost_eur=COST_EUR,
        allowed=allowed,
        mandatory=np.array(mandatory, dtype=np.int64),
    )


def served(siting: Siting, plan: Plan) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return which demands the plan covers at its planning margin, counted anew."""
    indptr, indices = siting.cover(plan.margin_db)
    chosen = np.isin(indices, plan.sites)
    rows = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    counts = np.bincount(rows[chosen], minlength=len(indptr) - 1)
    mask: np.ndarray[Any, np.dtype[np.bool_]] = counts >= siting.settings.target.redundancy
    return mask


@settings(deadline=None, max_examples=10)
@given(
    st.integers(0, 1000),
    st.integers(1, 3),
    st.sampled_from([0.7, 0.9, 0.97]),
    st.sampled_from([12.0, 20.0, 28.0]),
)
def test_a_plan_is_lawful(seed: int, redundancy: int, share: float, reach_db: float) -> None:
    """A plan serves its share at its margin, respects the sites, costs at least its bound."""
    siting = plane(
        seed,
        redundancy=redundancy,
        share=share,
        reach_db=reach_db,
        mandatory=(14,),
        forbidden=(0, 7),
    )
    try:
        plan = siting.solve(seed, mute)
    except UnreachableError as error:
        assert "0.00 %" in str(error)  # noqa: PT017 - only where nothing at all is within reach
        return
    everything = siting.expected(np.flatnonzero(siting.allowed))[1]
    indptr, _ = siting.cover(plan.margin_db)
    within = siting.weight[np.diff(indptr) >= redundancy].sum()
    asked = min(share * siting.weight.sum(), 0.995 * within)
    assert siting.weight[served(siting, plan)].sum() >= asked - 1e-6
    assert set(plan.sites) >= {14}
    assert not set(plan.sites) & {0, 7}
    assert np.all(np.diff(plan.sites) > 0)
    assert plan.cost_eur == pytest.approx(COST_EUR[plan.sites].sum())
    assert plan.bound_eur <= plan.cost_eur * (1 + 1e-9)
    assert plan.gap == pytest.approx(1.0 - plan.bound_eur / plan.cost_eur, abs=0.02)
    assert plan.expected_share == siting.expected(plan.sites)
    assert plan.expected_share[1] <= plan.expected_share[0] + 1e-12
    assert plan.expected_share[1] <= plan.reachable_share + 1e-12
    assert plan.reaches_target == (plan.expected_share[1] >= share - 0.0025)
    # The target is only given up where hardly any network reaches it.
    assert plan.reaches_target or everything < share + 0.05
    assert plan.margin_db >= LEAST_MARGIN_DB


def test_a_larger_margin_serves_more() -> None:
    """The network solved for 6 dB more is expected to serve more, until all is within reach."""
    siting = plane(3)
    shares = [
        siting.expected(siting.attempt(margin, 0.9, 1, draft=True).sites)[1]
        for margin in (-6.0, 0.0, 6.0)
    ]
    assert shares[0] < shares[1] < shares[2]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_one_gateway_needs_no_more_than_two(seed: int) -> None:
    """At one margin, serving by one gateway costs no more than by two, nor needs more sites."""
    costs, numbers = [], []
    for redundancy in (1, 2, 3):
        solution = plane(seed, redundancy=redundancy).attempt(0.0, 0.9, 1, draft=False)
        costs.append(solution.cost_eur)
        numbers.append(len(solution.sites))
    assert costs == sorted(costs)
    assert numbers == sorted(numbers)


def test_more_is_expected_of_more_sites() -> None:
    """A site more never lowers what is expected; no site gives nothing."""
    siting = plane(5)
    sites = np.random.default_rng(0).permutation(len(KINDS))
    shares = [siting.expected(sites[:number]) for number in range(len(sites) + 1)]
    assert shares[0] == (0.0, 0.0)
    for fewer, more in pairwise(shares):
        assert more[0] >= fewer[0] - 1e-12
        assert more[1] >= fewer[1] - 1e-12


def test_each_epci_has_its_share() -> None:
    """A least share per EPCI holds in each of them at the planning margin."""
    siting = plane(4, share=0.8, epci_share=0.88)
    plan = siting.solve(1, mute)
    covered = served(siting, plan)
    for epci in (0, 1):
        home = siting.epci == epci
        assert siting.weight[covered & home].sum() >= 0.88 * siting.weight[home].sum() - 1e-6


def test_a_margin_that_puts_an_epci_out_of_reach_is_not_the_end() -> None:
    """Where an EPCI's share is feasible at small margins only, a plan is found there."""
    siting = plane(2, share=0.6, epci_share=0.8, reach_db=17.0)
    with pytest.raises(UnreachableError):
        siting.attempt(6.0, 0.6, 1, draft=True)
    plan = siting.solve(1, mute)
    assert plan.margin_db < 6.0
    assert len(plan.sites) > 0


def test_an_impossible_epci_share_says_what_is_reachable() -> None:
    """Nobody can serve all of an EPCI from afar: the refusal names it and what is reachable."""
    with pytest.raises(UnreachableError) as caught:
        plane(2, epci_share=1.0, reach_db=8.0).solve(1, mute)
    assert "EPCI" in str(caught.value)
    assert "at most" in str(caught.value)


def test_an_unreachable_target_gives_the_best_there_is() -> None:
    """A target above what all sites give is told as missed; the plan comes close to them all."""
    siting = plane(6, share=0.99, reach_db=16.0)
    everything = siting.expected(np.flatnonzero(siting.allowed))[1]
    assert everything < 0.98
    plan = siting.solve(1, mute)
    assert not plan.reaches_target
    assert plan.reachable_share == pytest.approx(everything)
    assert plan.expected_share[1] > everything - 0.08


@pytest.mark.parametrize("seed", [3, 6, 9])
def test_a_target_just_within_reach_is_reached(seed: int) -> None:
    """Where all sites together reach the target, a plan that reaches it is found."""
    everyone = plane(seed, reach_db=16.0)
    most = everyone.expected(np.flatnonzero(everyone.allowed))[1]
    plan = plane(seed, share=most - 0.002, reach_db=16.0).solve(1, mute)
    assert plan.reaches_target
    assert plan.expected_share[1] >= most - 0.002 - 0.0025


def test_a_plan_is_kept_whole(tmp_path: Path) -> None:
    """What is written is read back equal, and is JSON."""
    plan = plane(1).solve(1, mute)
    write_plan(plan, tmp_path / "plan.json")
    kept = read_plan(tmp_path / "plan.json")
    assert np.array_equal(kept.sites, plan.sites)
    assert np.array_equal(kept.allowed, plan.allowed)
    for name in ("margin_db", "expected_share", "cost_eur", "bound_eur", "programme"):
        assert getattr(kept, name) == getattr(plan, name)
    assert json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))["sites"]


@pytest.fixture
def planned(small_territory: SmallTerritory, tmp_path: Path) -> Callable[..., dict[str, Plan]]:
    """Return what plans every option of the small territory after swaps in its base file."""

    def plans(**changes: str) -> dict[str, Plan]:
        for old, new in changes.items():
            small_territory.replace("gateways.toml", f'id = "{old.replace("_", "-")}"', new)
        scenario, workspace, stages = prepare(small_territory, tmp_path)
        for option in scenario.options:
            section = option.settings["lora"]
            assert isinstance(section, Settings)
            file = plan_file(workspace, option.id)
            make_plan(scenario, option, section, stages, file, mute)
        return {o.id: read_plan(plan_file(workspace, o.id)) for o in scenario.options}

    return plans


def prepare(territory: SmallTerritory, folder: Path) -> tuple[Scenario, Workspace, Stage]:
    """Return the scenario, its workspace and its stage."""
    scenario = load_scenario(territory.scenario, quick=False)
    workspace = Workspace(folder / "prepared", folder / "cache")
    section = scenario.options[0].settings["lora"]
    assert isinstance(section, Settings)
    return scenario, workspace, load_stage(scenario, section, workspace, mute)


def test_options_use_the_sites_they_may(planned: Callable[..., dict[str, Plan]]) -> None:
    """Kinds, mandatory and forbidden sites hold; each planned site is in the programme once."""
    swap = 'id = "two-gateways"\nlora.sites.mandatory = ["M002"]\nlora.sites.forbidden = ["C36901"]'
    plans = planned(two_gateways=swap)
    own, masts = plans["two-gateways"], plans["masts-only"]
    assert 1 in own.sites  # M002
    assert 3 not in own.sites  # C36901
    assert not own.allowed[3]
    assert set(masts.sites) <= {0, 1, 2}
    assert masts.allowed.tolist() == [True] * 3 + [False] * 4
    for plan in plans.values():
        assert sorted(step.site for step in plan.programme) == plan.sites.tolist()
    assert masts.cost_eur / len(masts.sites) > own.cost_eur / len(own.sites)


def test_an_operator_buys_nothing(planned: Callable[..., dict[str, Plan]]) -> None:
    """Scenario 0 plans no gateway, costs no gateway and reaches nothing by itself."""
    plan = planned(two_gateways='id = "two-gateways"\nlora.network = "operator"')["two-gateways"]
    assert (len(plan.sites), plan.cost_eur, plan.programme) == (0, 0.0, ())
    assert not plan.reaches_target


def test_an_option_without_enough_sites_is_named(planned: Callable[..., dict[str, Plan]]) -> None:
    """Four gateways from three masts: the refusal names the option and says what is reachable."""
    swap = 'id = "masts-only"\nlora.target.redundancy = 4'
    with pytest.raises(UnreachableError) as caught:
        planned(masts_only=swap)
    assert "option[masts-only].lora.target" in str(caught.value)
    assert "at most 0.00 %" in str(caught.value)


def test_the_recommended_option_reaches_the_target(
    small_territory: SmallTerritory, tmp_path: Path
) -> None:
    """The cheapest that reaches is recommended; where none does, the one that serves most."""
    scenario, workspace, _ = prepare(small_territory, tmp_path)
    blank = plane(1).nothing_bought()

    def judged(first: Plan, second: Plan) -> str:
        write_plan(first, plan_file(workspace, "two-gateways"))
        write_plan(second, plan_file(workspace, "masts-only"))
        return recommend(scenario, workspace)

    dear = replace(blank, reaches_target=True, cost_eur=9.0, expected_share=(1.0, 0.96))
    cheap = replace(dear, cost_eur=5.0)
    poor = replace(dear, reaches_target=False, cost_eur=1.0, expected_share=(0.9, 0.5))
    assert judged(dear, cheap) == "masts-only"
    assert judged(dear, poor) == "two-gateways"
    assert judged(replace(poor, expected_share=(0.9, 0.6), cost_eur=2.0), poor) == "two-gateways"
