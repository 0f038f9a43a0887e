"""Known truths: what a formula must give, on whose word, and what the code gives.

A utility lists its own in `models/<name>/oracles.py`, as `oracles() -> Iterable[Oracle]`; the
kernel's are in :mod:`twin.oracles`. Tests prove far more than these: an oracle is what a reader
who does not program can check against its source.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from twin.lang import Text


@dataclass(frozen=True)
class Oracle:
    """One value that is known without this code.

    Attributes
    ----------
    id : str
        Dotted and unique: `lora.airtime.sf7`.
    what : Text
        What is computed, for which input, as a reader would look it up.
    source : str
        Where the expected value stands (document, section, table), or the closed form it follows.
    expected : float
        In `unit` (`1` where there is none).
    tolerance : float
        Largest deviation allowed, in `unit`: half the last digit published, or the standard error
        of what is played times the multiple that `what` names. Never chosen to fit.
    compute : callable
        Returns what the code gives: through the very functions a study calls, deterministic.
    """

    id: str
    what: Text
    source: str
    unit: str
    expected: float
    tolerance: float
    compute: Callable[[], float]


@dataclass(frozen=True)
class Verdict:
    """An oracle beside what was computed."""

    oracle: Oracle
    computed: float

    @property
    def deviation(self) -> float:
        """Return computed less expected, in the oracle's unit."""
        return self.computed - self.oracle.expected

    @property
    def holds(self) -> bool:
        """Tell whether the deviation is within the tolerance; NaN never is."""
        return math.isfinite(self.computed) and abs(self.deviation) <= self.oracle.tolerance


def judge(oracles: Iterable[Oracle]) -> tuple[Verdict, ...]:
    """Return the verdict on each oracle, in the order given."""
    return tuple(Verdict(oracle, float(oracle.compute())) for oracle in oracles)
