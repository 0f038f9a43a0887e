"""Solve a cover problem: presolve, greedy, local search, then a ladder of refutations.

Two ways to end. By *effort* (the default): counts of moves and nodes, so the same seed gives the
same bits on any machine: what studies use. By *time*: `time_limit_s` CPU seconds of the process on
top of the counts; the answer is just as valid, but how far it went depends on the machine, and
`CoverSolution.is_repeatable` says so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.decide.cover.components import split
from twin.decide.cover.core import Core
from twin.decide.cover.effort import STUDY, Effort, Meter
from twin.decide.cover.ladder import Ladder
from twin.decide.cover.model import full_program, is_feasible, objective_of, share_program
from twin.decide.cover.presolve import Reduction, presolve
from twin.decide.cover.problem import CoverProblem, Requirement
from twin.decide.cover.reach import ensure_reachable, multiplicity, needs
from twin.decide.cover.solution import CoverSolution, Stop, TraceStep
from twin.decide.cover.start import greedy_start, improve
from twin.errors import Fault, RunError, UnreachableError
from twin.lang import Text


def solve_cover(
    problem: CoverProblem,
    rng: np.random.Generator,
    *,
    time_limit_s: float | None = None,
    gap: float = 0.0,
    effort: Effort = STUDY,
    warm_start: NDArray[np.int32] | None = None,
) -> CoverSolution:
    """Return the best choice of sites found, with its proven gap.

    Parameters
    ----------
    problem
        What to solve.
    rng
        Dice of the local search.
    time_limit_s
        CPU seconds of the process; None (the default) for a repeatable answer.
    gap
        Stop as soon as the proven relative gap is at most this.
    effort
        Limits in counts of work.
    warm_start
        Sites of a known good choice; used where it is feasible.

    Raises
    ------
    UnreachableError
        If no choice meets the targets (within the budget): what is reachable, and why.
    RunError
        If HiGHS fails, or no choice was found within the effort (BUDGET with group minima only).
    """
    ensure_reachable(problem)
    meter = Meter(effort.nodes, time_limit_s)
    run = _Run(problem, presolve(problem), meter, effort, gap)
    run.log("presolve", math.nan, -math.inf)
    return run.solve(rng, warm_start)


@dataclass(eq=False)
class _Part:
    """One independent part on its ladder; `columns` places it in the whole core."""

    ladder: Ladder
    columns: NDArray[np.intp]


class _Run:
    """One solve in progress."""

    def __init__(
        self, problem: CoverProblem, reduction: Reduction, meter: Meter, effort: Effort, gap: float
    ) -> None:
        self.problem, self.reduction, self.meter = problem, reduction, meter
        self.effort, self.gap = effort, gap
        self.trace: list[TraceStep] = []
        taken = reduction.taken
        self.is_budget = problem.requirement is Requirement.BUDGET
        if self.is_budget:
            done = multiplicity(problem, taken) >= needs(problem)
            self.fixed = -float(problem.weight[done].sum())
            self.unit = 1.0
        else:
            self.unit = reduction.core.unit_eur
            self.fixed = float(problem.cost_eur[taken].sum()) / self.unit

    def log(self, method: str, objective: float, bound: float) -> None:
        self.trace.append(
            TraceStep(method, self.outside(objective), self.outside(bound), self.meter.elapsed_s)
        )

    def outside(self, inside: float) -> float:
        """Return an inner objective in the reader's terms: euros, or covered weight."""
        return (inside + self.fixed) * (-1.0 if self.is_budget else self.unit)

    def solve(self, rng: np.random.Generator, warm: NDArray[np.int32] | None) -> CoverSolution:
        core = self.reduction.core
        chosen = np.zeros(core.n_cols, dtype=np.bool_)
        closed, within = True, True
        bound, objective = 0.0, 0.0
        if core.n_rows > 0:
            parts = self._parts(core, rng, warm)
            self._climb(parts)
            for part in parts:
                best = part.ladder.chosen
                if best is None:
                    raise RunError("no choice of sites was found within the effort")
                chosen[part.columns[best]] = True
            bound = sum(part.ladder.bound for part in parts)
            objective = sum(part.ladder.objective for part in parts)
            closed = all(part.ladder.closed for part in parts)
            within = all(self._done(part) for part in parts)
        stop = Stop.TIME if self.meter.timed_out else Stop.EFFORT
        stop = Stop.OPTIMAL if closed else Stop.GAP if within else stop
        if closed:
            bound = objective
        sites = self.reduction.restore(chosen)
        return _describe(self.problem, sites, self.outside(bound), stop, tuple(self.trace))

    def _parts(
        self, core: Core, rng: np.random.Generator, warm: NDArray[np.int32] | None
    ) -> list[_Part]:
        kind = self.problem.requirement
        full = kind is Requirement.FULL
        pieces = split(core) if full else [(core, np.arange(core.n_cols))]
        known = np.zeros(core.n_cols, dtype=np.bool_)
        if warm is not None:
            known = np.isin(self.reduction.columns, warm)
        parts, greedy_sum = [], 0.0
        for piece, columns in pieces:
            chosen = greedy_start(piece, kind, rng, self.effort.moves)
            greedy_sum += objective_of(piece, chosen)
            other = known[columns]
            if is_feasible(piece, other) and objective_of(piece, other) < objective_of(
                piece, chosen
            ):
                chosen = other
            chosen = improve(piece, kind, chosen, rng, self.effort.moves)
            feasible = is_feasible(piece, chosen)
            ladder = Ladder(
                piece,
                full_program(piece) if full else share_program(piece),
                chosen if feasible else None,
                objective_of(piece, chosen) if feasible else math.inf,
                -math.inf,
            )
            parts.append(_Part(ladder, columns))
        self.log("greedy", greedy_sum, -math.inf)
        self.log("local search", sum(p.ladder.objective for p in parts), -math.inf)
        return parts

    def _climb(self, parts: list[_Part]) -> None:
        for part in parts:
            part.ladder.relax()
            self._refuse_infeasible(part)
        self._log_bound("linear relaxation", parts)
        for part in parts:
            while not self._done(part) and not self.meter.spent:
                part.ladder.climb(self.meter)
                self._refuse_infeasible(part)
                self._log_bound("branch and bound", parts)

    def _done(self, part: _Part) -> bool:
        return part.ladder.is_within(self.gap, self.fixed)

    def _log_bound(self, method: str, parts: list[_Part]) -> None:
        objective = sum(part.ladder.objective for part in parts)
        self.log(method, objective, sum(part.ladder.bound for part in parts))

    def _refuse_infeasible(self, part: _Part) -> None:
        if part.ladder.chosen is None and part.ladder.bound == math.inf:
            raise UnreachableError(
                Fault(
                    Text(
                        "un budget qui permette les parts minimales des groupes",
                        "a budget that allows the groups' minimum shares",
                    ),
                    Text(
                        "relever le budget ou abaisser les parts minimales",
                        "raise the budget or lower the minimum shares",
                    ),
                    key="budget_eur",
                    value=str(self.problem.budget_eur),
                )
            )


def _describe(
    problem: CoverProblem,
    sites: NDArray[np.int32],
    bound: float,
    stop: Stop,
    trace: tuple[TraceStep, ...],
) -> CoverSolution:
    counts = multiplicity(problem, sites)
    weight = problem.weight
    done = counts >= needs(problem)
    if problem.requirement is Requirement.FULL:
        done &= counts >= problem.redundancy
    covered = float(weight[done].sum())
    cost = float(problem.cost_eur[sites].sum())
    objective = covered if problem.requirement is Requirement.BUDGET else cost
    total = float(weight.sum())
    return CoverSolution(
        sites=sites,
        cost_eur=cost,
        covered_weight=covered,
        covered_share=covered / total if total > 0.0 else math.nan,
        weight_at_least=np.array(
            [weight[counts >= m].sum() for m in range(int(problem.redundancy.max()) + 1)]
        ),
        group_shares=tuple(_shares(g.group, g.share.size, weight, done) for g in problem.groupings),
        objective=objective,
        bound=objective if stop is Stop.OPTIMAL else bound,
        gap=0.0 if stop is Stop.OPTIMAL else abs(objective - bound) / max(abs(objective), 1e-300),
        stop=stop,
        trace=trace,
    )


def _shares(
    group: NDArray[np.int32], count: int, weight: NDArray[np.float64], done: NDArray[np.bool_]
) -> NDArray[np.float64]:
    inside = group >= 0
    total = np.bincount(group[inside], weights=weight[inside], minlength=count)
    good = np.bincount(group[inside], weights=(weight * done)[inside], minlength=count)
    shares: NDArray[np.float64] = np.divide(
        good, total, out=np.full(count, np.nan), where=total > 0.0
    )
    return shares
