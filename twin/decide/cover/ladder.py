"""Destructive improvement: raise the lower bound by refuting one cutoff after another.

Klein & Scholl, *Computing lower bounds by destructive improvement*, EJOR 112 (1999) 322-346,
10.1016/S0377-2217(97)00442-6. Refuting "there is a choice at or below T" for a T close to the
known bound fixes most columns by reduced cost, so the first rungs cost seconds where one run up to
the best choice known costs minutes. Each rung ends in a refutation (the bound passes T), a better
choice, or the exhaustion of the effort, whose dual bound still counts.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.decide.cover.core import Core
from twin.decide.cover.effort import Meter
from twin.decide.cover.milp import relaxation_bound, run_below
from twin.decide.cover.model import Program, is_feasible, objective_of

_FRACTION = 1.0 / 3.0
_LAST = 2e-3  # relative gap below which a rung aims at the best choice itself
_NOISE = 1e-9
_SAME = 1e-7  # relative; two objectives this close are one where no step is known
_HALF = 0.5  # rounds a binary


@dataclass(eq=False)
class Ladder:
    """The state between rungs: the best choice, its objective and the proven bound."""

    core: Core
    program: Program
    chosen: NDArray[np.bool_] | None
    objective: float
    bound: float

    @property
    def closed(self) -> bool:
        """Whether nothing better can exist (by more than 2e-7 where no step is known)."""
        return self.bound > self.objective - (_HALF * self._step or 2.0 * self._same)

    def is_within(self, gap: float, offset: float = 0.0) -> bool:
        """Return whether the proven gap is at most `gap`, `offset` being paid on both sides."""
        if self.closed:
            return True
        if not math.isfinite(self.objective):
            return False
        return self.objective - self.bound <= gap * abs(self.objective + offset)

    @property
    def _same(self) -> float:
        return _SAME * max(abs(self.objective), _SAME)

    @property
    def _step(self) -> float:
        return self.program.step

    def _round_up(self, bound: float) -> float:
        if self._step <= 0.0 or not math.isfinite(bound):
            return bound
        return math.ceil(bound / self._step - 1e-5) * self._step

    def next_cutoff(self) -> float:
        """Return the cutoff of the next rung: near the bound first, the best choice in the end."""
        if not math.isfinite(self.objective):
            return self.objective
        last = self.objective - (self._step or self._same)
        room = self.objective - self.bound
        if room <= _LAST * abs(self.objective) and self._step == 0.0:
            return last
        cutoff = self.bound + _FRACTION * room
        if self._step > 0.0:
            cutoff = math.floor(cutoff / self._step + 1e-5) * self._step
        return min(max(cutoff, self.bound), last)

    def relax(self) -> None:
        """Start from the linear relaxation."""
        self.bound = max(self.bound, self._round_up(relaxation_bound(self.program)))

    def climb(self, meter: Meter) -> None:
        """Run one rung and account for what it proved or found."""
        cutoff = self.next_cutoff()
        run = run_below(self.program, cutoff, meter.nodes_left, meter.seconds_left)
        meter.count(run.nodes, run.timed_out)
        if run.values is not None:
            self._adopt(run.values)
        if run.complete and run.values is None:
            passed = cutoff + self._step if self._step > 0.0 else cutoff
            self.bound = max(self.bound, passed)
        elif run.complete:
            self.bound = max(self.bound, self._round_up(run.bound - _NOISE * abs(run.bound)))
        else:
            self.bound = max(self.bound, min(self._round_up(run.bound), cutoff))
            meter.exhaust()
        self.bound = min(self.bound, self.objective)

    def _adopt(self, values: NDArray[np.float64]) -> None:
        chosen = values[: self.program.n_cols] > _HALF
        if not is_feasible(self.core, chosen):
            return
        objective = objective_of(self.core, chosen)
        if objective < self.objective:
            self.chosen, self.objective = chosen, objective
