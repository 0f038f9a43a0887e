"""Which is better, on the same dice: paired comparison of options.

Both options of a pair met the same random numbers, so what is left in the difference is the choice
itself. Pairs are matched by replication; a pair with one side missing is refused, never dropped.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.decide.intervals import Interval, mean_interval, standard_error
from twin.recorder import Direction

_FEWEST_PAIRS = 2


@dataclass(frozen=True)
class Comparison:
    """Option `a` against option `b` on one KPI.

    Attributes
    ----------
    difference : Interval
        Mean of a - b and its Student interval.
    p_value : float
        Two-sided, of "no difference in the mean".
    p_holm : float
        The same, corrected for the number of pairs compared together (Holm 1979).
    share_a_better : float
        Share of dice on which `a` is strictly better, a tie counting one half: the chance that `a`
        turns out better in the one world that will be played. NaN when no direction is better.
    """

    a: str
    b: str
    difference: Interval
    p_value: float
    p_holm: float
    share_a_better: float

    def is_settled(self) -> bool:
        """Whether the corrected test tells the means apart at the interval's level."""
        return self.p_holm <= 1.0 - self.difference.level


def compare_paired(
    a: ArrayLike,
    b: ArrayLike,
    direction: Direction = Direction.MIN,
    *,
    level: float = 0.95,
    names: tuple[str, str] = ("a", "b"),
) -> Comparison:
    """Compare two options met by the same dice; `a[i]` and `b[i]` share replication i.

    Parameters
    ----------
    a, b : array of float, shape (n,), n >= 2

    Raises
    ------
    ValueError
        Unequal lengths, fewer than two pairs, or a value that is not finite.
    """
    left, right = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if left.shape != right.shape or left.ndim != 1 or len(left) < _FEWEST_PAIRS:
        raise ValueError(f"{names}: {left.shape} against {right.shape} values do not pair up")
    gap = left - right
    p_value = _student_p(gap)
    return Comparison(
        a=names[0],
        b=names[1],
        difference=mean_interval(gap, level),
        p_value=p_value,
        p_holm=p_value,
        share_a_better=_share_better(gap, direction),
    )


def compare_all(
    series: Mapping[str, Mapping[int, float]],
    direction: Direction = Direction.MIN,
    *,
    level: float = 0.95,
    against: str | None = None,
) -> tuple[Comparison, ...]:
    """Compare options two by two, with Holm's correction over the pairs.

    Parameters
    ----------
    series : mapping option -> (replication -> value)
        As `twin.study.outcomes.series` returns it for each option.
    against : str, optional
        Compare every option with this one only (scenario 0), which costs less correction.

    Raises
    ------
    ValueError
        Two options were not met by the same replications.
    """
    pairs = (
        list(combinations(series, 2))
        if against is None
        else [(name, against) for name in series if name != against]
    )
    raw = [
        compare_paired(*_matched(series, a, b), direction, level=level, names=(a, b))
        for a, b in pairs
    ]
    corrected = holm([each.p_value for each in raw])
    return tuple(
        Comparison(c.a, c.b, c.difference, c.p_value, p, c.share_a_better)
        for c, p in zip(raw, corrected, strict=True)
    )


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return Holm's step-down adjusted p-values, in the order given (Holm 1979).

    >>> holm([0.01, 0.04, 0.03])
    (0.03, 0.06, 0.06)
    """
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, index in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = highest
    return tuple(adjusted)


def _matched(
    series: Mapping[str, Mapping[int, float]], a: str, b: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    left, right = series[a], series[b]
    odd = sorted(set(left) ^ set(right))
    if odd:
        raise ValueError(f"{a} and {b}: replications {odd} were played by one of them only")
    replications = sorted(left)
    return (
        np.array([left[r] for r in replications]),
        np.array([right[r] for r in replications]),
    )


def _student_p(gap: NDArray[np.float64]) -> float:
    error = standard_error(gap)
    mean = math.fsum(gap.tolist()) / len(gap)
    if error == 0.0:
        return 1.0 if mean == 0.0 else 0.0
    from scipy.special import stdtr  # heavy import, only when compared

    return float(2.0 * stdtr(len(gap) - 1, -abs(mean) / error))


def _share_better(gap: NDArray[np.float64], direction: Direction) -> float:
    if direction is Direction.NONE:
        return math.nan
    better = gap < 0.0 if direction is Direction.MIN else gap > 0.0
    return float(np.mean(better) + 0.5 * np.mean(gap == 0.0))
