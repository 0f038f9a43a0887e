"""The network an option would order today: the cheapest set of high points on what is known.

Meters are grouped into demands (cell of `solver.cell_m`, placement); a site serves a demand when at
least half of its meters are expected to clear the need by a *planning margin*. The margin is the
smallest at which the network solved for it is expected, shadowing included, to reach the target:
the planner's usual fade margin, computed instead of guessed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.lora.bill import gateway_investment_eur, gateway_tco
from models.lora.bound import attainable, gap_of
from models.lora.last_resort import filled
from models.lora.links import LinkTable
from models.lora.margin import checked_one_in, what_to_ask
from models.lora.meters import PLACEMENT_LABELS
from models.lora.nominal import nominal_margin_db
from models.lora.programme import Step, order_programme
from models.lora.reception import probability_heard
from models.lora.settings import Settings
from models.lora.stage import Stage
from twin.errors import UnreachableError
from twin.files import write_atomically
from twin.ports import Say
from twin.scenario import Option, Scenario
from twin.streams import Streams
from twin.workspace import Workspace
from twin.world import prior_named

if TYPE_CHECKING:
    from twin.decide.cover import CoverProblem, CoverSolution, Grouping

MOVES = 100_000
PROOF_NODES = 5
"""Search and proof of one plan at effort 1: 14 CPU s for 10,800 demands, gap near 8 %."""

SHARE_TOLERANCE = 0.0025
"""What the meters left out of the search may take from a target it found reached."""

SECOND_THOUGHTS = ((0.0, False), (0.5, False), (1.0, False), (0.0, True))
"""Margins above that of the draft (dB), and whether a draft will do, until the target is reached.

The full search finds leaner networks than the draft that set the margin: they may serve fewer.
"""


@dataclass(frozen=True)
class Plan:
    """The planned network of one option.

    `sites` indexes the stage's sites; `allowed` says which sites the option may use at all.
    `expected_share` is the share of meters expected to be heard by 1 and by k gateways;
    `reachable_share` what all allowed sites together would give. `cost_eur` is the 10-year cost
    at the assumptions' means, `bound_eur` the proven least for this planning margin.
    """

    sites: NDArray[np.int64]
    allowed: NDArray[np.bool_]
    margin_db: float
    expected_share: tuple[float, float]
    reachable_share: float
    reaches_target: bool
    cost_eur: float
    bound_eur: float
    gap: float
    proven: bool
    trace: tuple[tuple[str, float], ...]
    programme: tuple[Step, ...] = ()


def plan_file(workspace: Workspace, option_id: str) -> Path:
    """Return where an option's plan is kept."""
    return workspace.folder / f"plan-{option_id}.json"


def read_plan(file: Path) -> Plan:
    """Return a plan written by :func:`make_plan`."""
    kept = json.loads(file.read_text(encoding="utf-8"))
    kept["sites"] = np.array(kept["sites"], dtype=np.int64)
    kept["allowed"] = np.array(kept["allowed"], dtype=np.bool_)
    kept["expected_share"] = tuple(kept["expected_share"])
    kept["trace"] = tuple(tuple(step) for step in kept["trace"])
    kept["programme"] = tuple(Step(**step) for step in kept["programme"])
    return Plan(**kept)


def write_plan(plan: Plan, file: Path) -> None:
    """Keep a plan as JSON."""
    content = asdict(plan)
    content["sites"] = plan.sites.tolist()
    content["allowed"] = plan.allowed.tolist()
    with write_atomically(file, "w") as handle:
        json.dump(content, handle, indent=1)


def make_plan(
    scenario: Scenario,
    option: Option,
    settings: Settings,
    stage: Stage,
    file: Path,
    say: Say,
) -> None:
    """Solve the siting of one option and keep it."""
    name = option.name
    say(name, 0.0)
    siting = Siting.of(scenario, settings, stage)
    if settings.network == "operator":
        plan = siting.nothing_bought()
    else:
        try:
            plan = siting.solve(scenario.study.seed, say=lambda share: say(name, share))
        except UnreachableError as error:
            key, where = f"option[{option.id}].lora.target", str(scenario.path)
            faults = (replace(fault, key=key, file=where) for fault in error.faults)
            raise UnreachableError(*faults) from error
        plan = replace(plan, programme=siting.programme(plan, stage, investment_eur(scenario)))
    write_plan(plan, file)
    say(name, 1.0)


def investment_eur(scenario: Scenario) -> float:
    """Return what one gateway costs on the day it is fitted, at the assumptions' means."""
    return gateway_investment_eur(
        lambda name: prior_named(scenario.assumptions, name, scenario.path).mean()
    )


@dataclass(frozen=True)
class Siting:
    """One option's siting problem at any planning margin.

    `demand` is the demand of each meter, `pair` the (demand, site) of each link, `margin_db` its
    nominal margin.
    """

    settings: Settings
    links: LinkTable
    margin_db: NDArray[np.float64]
    sigma_db: float
    demand: NDArray[np.int64]
    weight: NDArray[np.float64]
    placement: NDArray[np.int32]
    epci: NDArray[np.int32]
    epci_names: tuple[str, ...]
    cost_eur: NDArray[np.float64]
    allowed: NDArray[np.bool_]
    mandatory: NDArray[np.int64]
    quick: bool

    @classmethod
    def of(cls, scenario: Scenario, settings: Settings, stage: Stage) -> Siting:
        """Return the siting problem of one option."""
        meters, sites = stage.meters, stage.sites
        cell = settings.solver.cell_m
        east = np.floor(meters.x_m / cell).astype(np.int64)
        north = np.floor(meters.y_m / cell).astype(np.int64)
        placement = meters.placement(settings.meters).astype(np.int64)
        key = np.column_stack([north, east, placement])
        _, first, demand = np.unique(key, axis=0, return_index=True, return_inverse=True)
        demand = demand.reshape(-1)
        names = tuple(sorted({commune.epci_name for commune in stage.communes}))
        home = np.array([names.index(commune.epci_name) for commune in stage.communes])

        def mean(name: str) -> float:
            return prior_named(scenario.assumptions, name, scenario.path).mean()

        money = scenario.money
        public = gateway_tco(mean, money, private=False).total.ht_eur
        private = gateway_tco(mean, money, private=True).total.ht_eur
        where = scenario.path
        chosen = settings.sites
        allowed = sites.is_kind(*chosen.kinds)
        allowed[sites.index_of(chosen.forbidden, "lora.sites.forbidden", where)] = False
        return cls(
            settings=settings,
            links=stage.links,
            margin_db=nominal_margin_db(scenario, settings, stage),
            sigma_db=mean("shadowing_sigma_db"),
            demand=demand,
            weight=np.bincount(demand).astype(np.float64),
            placement=placement[first].astype(np.int32),
            epci=home[meters.commune[first]].astype(np.int32),
            epci_names=names,
            cost_eur=np.where(sites.is_kind("mast"), private, public),
            allowed=allowed,
            mandatory=sites.index_of(chosen.mandatory, "lora.sites.mandatory", where),
            quick=scenario.quick,
        )

    def nothing_bought(self) -> Plan:
        """Return the plan of an option that buys no gateway."""
        return Plan(
            sites=np.zeros(0, dtype=np.int64),
            allowed=np.zeros_like(self.allowed),
            margin_db=0.0,
            expected_share=(0.0, 0.0),
            reachable_share=0.0,
            reaches_target=False,
            cost_eur=0.0,
            bound_eur=0.0,
            gap=0.0,
            proven=True,
            trace=(),
        )

    def solve(self, seed: int, say: Callable[[float], None]) -> Plan:
        """Return the least-cost plan at the smallest planning margin that reaches the target.

        Raises
        ------
        UnreachableError
            No planning margin leaves any network that serves what is asked of each EPCI.
        """
        target = self.settings.target
        margin, asked = what_to_ask(self, seed, say)
        for raised_db, draft in SECOND_THOUGHTS:
            solution = self.attempt(margin + raised_db, asked, seed, draft=draft)
            expected = self.expected(solution.sites)
            reaches = bool(expected[1] >= target.share - SHARE_TOLERANCE)
            if reaches or asked > target.share:
                break
        # Every meter counts in what is told of a target missed; else one in four is enough.
        reachable = self.expected(
            np.flatnonzero(self.allowed), one_in=checked_one_in(self) if reaches else 1
        )[1]
        bound = attainable(float(solution.bound), self.cost_eur[self.allowed])
        plan = Plan(
            sites=np.sort(solution.sites).astype(np.int64),
            allowed=self.allowed,
            margin_db=margin + raised_db,
            expected_share=expected,
            reachable_share=max(reachable, expected[1]),
            reaches_target=reaches,
            cost_eur=float(solution.cost_eur),
            bound_eur=bound,
            gap=gap_of(float(solution.cost_eur), bound),
            proven=bool(solution.proven_optimal) or bound >= solution.cost_eur * (1.0 - 1e-9),
            trace=tuple(
                (step.method, step.objective)
                for step in solution.trace
                if math.isfinite(step.objective)
            ),
        )
        if reaches or reachable < target.share:
            return plan
        return self._filled(plan)

    def _filled(self, plan: Plan) -> Plan:
        """Return a plan that reaches the target by adding sites; nothing is proven of its cost."""
        sites = filled(self, plan.sites, self.settings.target.share)
        return replace(
            plan,
            sites=sites,
            expected_share=self.expected(sites),
            reaches_target=True,
            cost_eur=float(self.cost_eur[sites].sum()),
            bound_eur=0.0,
            gap=1.0,
            proven=False,
        )

    def attempt(self, margin_db: float, share: float, seed: int, *, draft: bool) -> CoverSolution:
        """Return the least-cost network at one planning margin; a draft skips the proof.

        Where the margin leaves the share out of reach, nearly everything within reach is asked.
        """
        from twin.decide.cover import QUICK, Effort, solve_cover

        problem = self.problem(margin_db, share)
        rng = Streams(seed, 0).generator("lora", "siting")
        solver = self.settings.solver
        nodes = 2 if self.quick else round(PROOF_NODES * solver.effort)
        effort = QUICK if draft else Effort(int(MOVES * solver.effort), nodes)
        return solve_cover(problem, rng, gap=solver.gap, effort=effort)

    def problem(
        self, margin_db: float, share: float, budget_eur: float | None = None
    ) -> CoverProblem:
        """Return the cover problem at one planning margin: least cost, or most under a budget."""
        from twin.decide.cover import CoverProblem, Requirement

        target = self.settings.target
        indptr, indices = self.cover(margin_db)
        reached = np.diff(indptr) >= target.redundancy
        within = float(self.weight[reached].sum() / self.weight.sum())
        # With nothing within reach the share stays, for the solver to say so.
        asked = min(share, 0.995 * within) if within > 0.0 else share
        return CoverProblem.from_csr(
            indptr,
            indices,
            cost_eur=self.cost_eur,
            weight=self.weight,
            redundancy=target.redundancy,
            requirement=Requirement.SHARE if budget_eur is None else Requirement.BUDGET,
            share=asked if budget_eur is None else 1.0,
            groupings=self.groupings(),
            mandatory=self.mandatory,
            forbidden=np.flatnonzero(~self.allowed),
            budget_eur=budget_eur,
        )

    def groupings(self) -> tuple[Grouping, ...]:
        """Return the least shares asked per EPCI and per placement."""
        from twin.decide.cover import Grouping

        target = self.settings.target
        asked = []
        if target.epci_share > 0.0:
            shares = np.full(len(self.epci_names), target.epci_share)
            asked.append(Grouping("EPCI", self.epci, shares, self.epci_names))
        if target.placement_share > 0.0:
            names = tuple(PLACEMENT_LABELS[place].fr for place in sorted(PLACEMENT_LABELS))
            shares = np.full(len(names), target.placement_share)
            asked.append(Grouping("placement", self.placement, shares, names))
        return tuple(asked)

    def within_budget(self, margin_db: float, budget_eur: float, seed: int) -> CoverSolution:
        """Return the network that serves the most meters for at most `budget_eur` over 10 years."""
        from twin.decide.cover import QUICK, solve_cover

        rng = Streams(seed, 0).generator("lora", "siting")
        problem = self.problem(margin_db, 1.0, budget_eur)
        return solve_cover(problem, rng, gap=self.settings.solver.gap, effort=QUICK)

    def programme(self, plan: Plan, stage: Stage, investment_eur: float) -> tuple[Step, ...]:
        """Return the order in which the planned gateways are bought."""
        indptr, indices = self.cover(plan.margin_db)
        home = np.array(
            [self.epci_names.index(commune.epci_name) for commune in stage.communes], dtype=np.int32
        )
        return order_programme(
            indptr,
            indices,
            self.weight,
            self.settings.target.redundancy,
            plan.sites,
            home[stage.sites.commune],
            investment_eur,
            self.settings.programme.yearly_budget_eur,
        )

    def cover(self, margin_db: float) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return, in CSR form, the sites that serve each demand at one planning margin."""
        clear = np.flatnonzero((self.margin_db >= margin_db) & self.allowed[self.links.site])
        sites = len(self.cost_eur)
        pair = self.demand[self.links.rows()[clear]] * sites + self.links.site[clear]
        code, count = np.unique(pair, return_counts=True)
        half = count >= 0.5 * self.weight[code // sites]
        code = code[half]
        counts = np.bincount(code // sites, minlength=len(self.weight))
        indptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        return indptr, (code % sites).astype(np.int32)

    def expected(self, sites: NDArray[np.integer[Any]], one_in: int = 1) -> tuple[float, float]:
        """Return the share of meters expected to be heard by 1 and by k of `sites`."""
        k = self.settings.target.redundancy
        probability = self.probability(sites, k, one_in)
        mean = probability.mean(axis=0)
        return float(mean[0]), float(mean[k - 1])

    def probability(
        self, sites: NDArray[np.integer[Any]], k: int, one_in: int = 1
    ) -> NDArray[np.float64]:
        """Return P(heard by at least 1..k of `sites`) for one meter in `one_in`."""
        chosen = np.zeros(len(self.cost_eur), dtype=np.bool_)
        chosen[sites] = True
        keep = chosen[self.links.site]
        rows = self.links.rows()
        keep &= rows % one_in == 0
        meters = len(self.demand)
        counts = np.bincount(rows[keep] // one_in, minlength=-(-meters // one_in))
        indptr = np.concatenate([[0], np.cumsum(counts)])
        return probability_heard(
            indptr,
            self.margin_db[keep],
            self.sigma_db,
            self.settings.radio.shadowing_correlation,
            k,
        )
