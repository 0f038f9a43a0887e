"""A deployment programme: which of the chosen sites are built in which year, under a yearly budget.

The order maximises *service*: the covered weight at the end of each year, summed over the years of
the programme (objects x years). Greedy by objects reached per euro, then insertions and exchanges
to a local optimum. Dates are those of the budget; delays are simulated elsewhere.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.decide.cover.core import transpose
from twin.decide.cover.problem import CoverProblem
from twin.decide.cover.reach import multiplicity, needs
from twin.decide.cover.sequence import fund, gains, greedy_order, service_years
from twin.errors import Fault, InputError, UnreachableError
from twin.lang import Text

_STEP_WORTH = 0.25
_PASSES = 20
_CENT = 0.005
_NOISE = 1e-12


@dataclass(frozen=True)
class YearStep:
    """One year of the programme; `year` counts from 1, the totals run from the start."""

    year: int
    sites: tuple[int, ...]
    cost_eur: float
    total_cost_eur: float
    covered_weight: float
    covered_share: float


@dataclass(frozen=True)
class ZoneYield:
    """What one zone's sites cost and reached when built, and when the zone starts and ends.

    `gained_weight` counts the demands completed by a site of the zone, wherever they lie.
    """

    zone: int
    sites: int
    cost_eur: float
    gained_weight: float
    weight_per_eur: float
    first_year: int
    last_year: int


@dataclass(frozen=True, eq=False)
class Programme:
    """Sites in building order with their year (from 1), the yearly steps and the zones in order.

    `gained_weight` is the weight each site completes when built, `service` the objective: covered
    weight x years.
    """

    order: NDArray[np.int32]
    site_year: NDArray[np.int32]
    gained_weight: NDArray[np.float64]
    years: tuple[YearStep, ...]
    zones: tuple[ZoneYield, ...]
    service: float


def plan_programme(
    problem: CoverProblem,
    sites: NDArray[np.int32],
    yearly_budget_eur: float | Sequence[float],
    *,
    zone: NDArray[np.int32] | None = None,
    zone_by_zone: bool = False,
    carries_over: bool = True,
    existing: NDArray[np.int32] | None = None,
) -> Programme:
    """Return the building programme of `sites`.

    Parameters
    ----------
    problem
        Cover, weights, costs and redundancy.
    sites
        Sites to build, as `CoverSolution.sites` gives them.
    yearly_budget_eur
        Money per year: one amount for as many years as it takes, or one amount per year.
    zone
        Zone per site of the problem, shape (n_sites,); one zone for all by default.
    zone_by_zone
        Finish a zone before starting the next.
    carries_over
        Whether money left in a year can be spent in the next.
    existing
        Sites already in service at the start, built and paid.

    Raises
    ------
    InputError
        If a budget is not a finite, positive amount, or the zones do not match the sites.
    UnreachableError
        If the money given does not pay for every site: how much is missing, or which site no year
        can pay for.
    """
    zones = np.zeros(problem.n_sites, dtype=np.int32) if zone is None else zone
    standing = np.zeros(0, dtype=np.int32) if existing is None else existing
    to_build = np.setdiff1d(sites, standing).astype(np.int64)
    cost = problem.cost_eur[to_build]
    _check(problem, zones, yearly_budget_eur)
    budget = _spread(yearly_budget_eur, cost)
    _ensure_funded(budget, cost, to_build, carries_over=carries_over)
    planner = _Planner(problem, zones, standing, budget, carries_over=carries_over)
    order = planner.improve(planner.start(to_build, zone_by_zone), zone_by_zone)
    if planner.service(order) < 0.0:
        # Only without carry-over: what each year leaves unspent adds up to more than the margin.
        raise UnreachableError(_missing(float(cost.sum()), float(budget.sum()), to_build.size))
    return planner.report(order)


class _Planner:
    """The data every order is judged on."""

    def __init__(
        self,
        problem: CoverProblem,
        zones: NDArray[np.int32],
        standing: NDArray[np.int32],
        budget: NDArray[np.float64],
        *,
        carries_over: bool,
    ) -> None:
        self.problem, self.zones, self.budget = problem, zones, budget
        self.carries_over = carries_over
        self.col_indptr, self.col_indices = transpose(
            problem.indptr, problem.indices, problem.n_sites
        )
        asked = np.maximum(needs(problem), 1)
        self.need = (asked - multiplicity(problem, standing)).astype(np.int32)
        self.served = float(problem.weight[self.need <= 0].sum())

    def start(self, sites: NDArray[np.int64], zone_by_zone: bool) -> NDArray[np.int64]:
        """Return the greedy order: sites by objects per euro, or zones and sites within them."""
        need = self.need.copy()
        if not zone_by_zone:
            return self._greedy(sites, need)
        left = [sites[self.zones[sites] == z] for z in np.unique(self.zones[sites])]
        order: list[NDArray[np.int64]] = []
        while left:
            trials = [need.copy() for _ in left]
            inner = [self._greedy(block, trial) for block, trial in zip(left, trials, strict=True)]
            rates = [self._rate(block, need) for block in inner]
            best = int(np.argmax(rates))
            order.append(inner[best])
            need = trials[best]
            del left[best]
        return np.concatenate([np.zeros(0, dtype=np.int64), *order])

    def _greedy(self, sites: NDArray[np.int64], need: NDArray[np.int32]) -> NDArray[np.int64]:
        order: NDArray[np.int64] = greedy_order(
            sites,
            self.problem.cost_eur,
            self.col_indptr,
            self.col_indices,
            need,
            self.problem.weight,
            _STEP_WORTH,
        )
        return order

    def _rate(self, block: NDArray[np.int64], need: NDArray[np.int32]) -> float:
        cost = float(self.problem.cost_eur[block].sum())
        gained = self._gains(block, need.copy())
        return float(gained.sum()) / max(cost, _CENT)

    def _gains(self, order: NDArray[np.int64], need: NDArray[np.int32]) -> NDArray[np.float64]:
        gained: NDArray[np.float64] = gains(
            order, self.col_indptr, self.col_indices, need, self.problem.weight
        )
        return gained

    def _years(self, order: NDArray[np.int64]) -> NDArray[np.int64]:
        years: NDArray[np.int64] = fund(
            order, self.problem.cost_eur, self.budget, self.carries_over
        )
        return years

    def service(self, order: NDArray[np.int64]) -> float:
        """Return the service of an order, existing sites apart; -1 when it cannot be paid."""
        gained = self._gains(order, self.need.copy())
        return float(service_years(gained, self._years(order), self.budget.size))

    def improve(self, order: NDArray[np.int64], zone_by_zone: bool) -> NDArray[np.int64]:
        """Return an order that no insertion or exchange improves (of zones and within them)."""
        best, value = order, self.service(order)
        for _ in range(_PASSES):
            before = value
            edges = self._zone_edges(best) if zone_by_zone else [0, best.size]
            if zone_by_zone:
                best, value = self._shuffle(best, edges, value)
                edges = self._zone_edges(best)
            for first, last in itertools.pairwise(edges):
                best, value = self._shuffle(best, list(range(first, last + 1)), value)
            if value <= before:
                break
        return best

    def _zone_edges(self, order: NDArray[np.int64]) -> list[int]:
        cuts = np.flatnonzero(np.diff(self.zones[order])) + 1
        return [0, *(int(cut) for cut in cuts), order.size]

    def _shuffle(
        self, order: NDArray[np.int64], edges: list[int], value: float
    ) -> tuple[NDArray[np.int64], float]:
        """Insert and exchange the blocks between `edges`; the rest of the order stays."""
        blocks = [order[a:b] for a, b in itertools.pairwise(edges)]
        head, tail = order[: edges[0]], order[edges[-1] :]
        best = order
        for source, target in itertools.permutations(range(len(blocks)), 2):
            inserted = blocks.copy()
            inserted.insert(target, inserted.pop(source))
            trials = [inserted]
            if source < target - 1:
                exchanged = blocks.copy()
                exchanged[source], exchanged[target] = exchanged[target], exchanged[source]
                trials.append(exchanged)
            for trial in trials:
                found = np.concatenate([head, *trial, tail])
                worth = self.service(found)
                if worth > value + _NOISE * abs(value):
                    blocks, best, value = trial, found, worth
        return best, value

    def report(self, order: NDArray[np.int64]) -> Programme:
        """Return the programme of an order."""
        gained = self._gains(order, self.need.copy())
        years = self._years(order)
        last = int(years.max(initial=-1)) + 1
        steps, spent, covered = [], 0.0, self.served
        total = float(self.problem.weight.sum())
        for year in range(last):
            built = years == year
            cost = float(self.problem.cost_eur[order[built]].sum())
            spent += cost
            covered += float(gained[built].sum())
            names = tuple(int(site) for site in order[built])
            share = covered / total if total > 0.0 else math.nan
            steps.append(YearStep(year + 1, names, cost, spent, covered, share))
        return Programme(
            order=order.astype(np.int32),
            site_year=(years + 1).astype(np.int32),
            gained_weight=gained,
            years=tuple(steps),
            zones=self._zone_yields(order, gained, years),
            service=sum(step.covered_weight for step in steps),
        )

    def _zone_yields(
        self, order: NDArray[np.int64], gained: NDArray[np.float64], years: NDArray[np.int64]
    ) -> tuple[ZoneYield, ...]:
        found = []
        for zone in np.unique(self.zones[order]):
            inside = self.zones[order] == zone
            cost = float(self.problem.cost_eur[order[inside]].sum())
            weight = float(gained[inside].sum())
            found.append(
                ZoneYield(
                    zone=int(zone),
                    sites=int(inside.sum()),
                    cost_eur=cost,
                    gained_weight=weight,
                    weight_per_eur=weight / cost if cost > 0.0 else math.inf,
                    first_year=int(years[inside].min()) + 1,
                    last_year=int(years[inside].max()) + 1,
                )
            )
        return tuple(sorted(found, key=lambda z: (z.first_year, -z.weight_per_eur, z.zone)))


def _check(
    problem: CoverProblem, zones: NDArray[np.int32], budget: float | Sequence[float]
) -> None:
    faults = []
    amounts = np.atleast_1d(np.asarray(budget, dtype=np.float64))
    scalar = np.ndim(budget) == 0
    bad = ~np.isfinite(amounts) | (amounts < 0.0) | (scalar & (amounts == 0.0))
    if amounts.size == 0 or bool(bad.any()):
        faults.append(
            Fault(
                Text("des montants finis et positifs", "finite, positive amounts"),
                Text("donner le budget annuel en euros", "give the yearly budget in euros"),
                key="yearly_budget_eur",
                value=str(budget),
            )
        )
    if zones.shape != (problem.n_sites,):
        faults.append(
            Fault(
                Text(f"{problem.n_sites} zones", f"{problem.n_sites} zones"),
                Text("donner une zone à chaque site candidat", "give each candidate site a zone"),
                key="zone",
                value=str(zones.shape),
            )
        )
    if faults:
        raise InputError(*faults)


def _spread(budget: float | Sequence[float], cost: NDArray[np.float64]) -> NDArray[np.float64]:
    amounts = np.atleast_1d(np.asarray(budget, dtype=np.float64))
    if np.ndim(budget) > 0:
        return amounts
    # Without carry-over a year pays for one site at least; with it, the total bounds the years.
    years = math.ceil(float(cost.sum()) / float(amounts[0])) + cost.size + 1
    return np.full(years, amounts[0])


def _ensure_funded(
    budget: NDArray[np.float64],
    cost: NDArray[np.float64],
    sites: NDArray[np.int64],
    *,
    carries_over: bool,
) -> None:
    total, money = float(cost.sum()), float(budget.sum())
    dear = sites[cost > budget.max() + _CENT]
    if not carries_over and dear.size:
        raise UnreachableError(
            Fault(
                Text(
                    f"au plus {budget.max():.2f} € par site, le plus gros budget d'une année",
                    f"at most {budget.max():.2f} € a site, the largest budget of a year",
                ),
                Text("reporter les crédits ou relever le budget", "carry over or raise the budget"),
                key="yearly_budget_eur",
                value=", ".join(str(site) for site in dear),
            )
        )
    if total > money + _CENT:
        raise UnreachableError(_missing(total, money, sites.size))


def _missing(total: float, money: float, sites: int) -> Fault:
    return Fault(
        Text(
            f"{total:.2f} € pour {sites} sites, payables dans les années données",
            f"{total:.2f} € for {sites} sites, payable within the years given",
        ),
        Text("ajouter des années ou du budget", "add years or money"),
        key="yearly_budget_eur",
        value=f"{money:.2f} €",
    )
