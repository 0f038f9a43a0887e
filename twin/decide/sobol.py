"""How the spread of an outcome divides among the unknowns: Sobol's indices, with intervals.

The *first-order* index of a figure is the share of variance that would go if it alone were known;
its *total* index the share that would stay if all others were known, interactions included. The
design is Saltelli's (A, B and A with one column of B: n (d + 2) runs) on a scrambled Sobol sequence
(Saltelli et al. 2010, Comput. Phys. Commun. 181); the estimators are SciPy's.

A run is drawn by dice as well as by figures. Row j of A and of its mixtures throws the dice of
replication j, row j of B those of replication n + j: the dice are one more unknown that is never
exchanged, so indices stay unbiased and what they leave over is the dice's own share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.decide.intervals import Interval, Kind
from twin.streams import Streams

RESAMPLES = 1000
_SEED = 17


@dataclass(frozen=True)
class Design:
    """Shares in [0, 1] at which each figure is held: `a` and `b`, shape (n, d)."""

    names: tuple[str, ...]
    a: NDArray[np.float64]
    b: NDArray[np.float64]

    def mixed(self, column: int) -> NDArray[np.float64]:
        """Return `a` with one column of `b`, shape (n, d)."""
        rows = self.a.copy()
        rows[:, column] = self.b[:, column]
        return rows


@dataclass(frozen=True)
class Indices:
    """One figure's first-order and total indices, each with its bootstrap interval."""

    name: str
    first: Interval
    total: Interval


def sobol_design(names: Sequence[str], n: int, seed: int) -> Design:
    """Return a design of n (d + 2) runs; `n` is a power of two.

    Raises
    ------
    ValueError
        No name, or `n` not a power of two: the sequence is balanced at powers of two only.
    """
    if not names or n < 2 or n & (n - 1):  # noqa: PLR2004 - one row has no variance
        raise ValueError(f"{n} is not a power of two of at least 2, or nothing is unknown")
    from scipy.stats import qmc  # 2 s of import, on request only

    # The scrambler wants a seed of its own kind; this one is named as every stream is.
    key = int(Streams(seed, 0).key64("sobol", "design"))
    rows = qmc.Sobol(d=2 * len(names), scramble=True, rng=key).random(n)
    return Design(tuple(names), rows[:, : len(names)], rows[:, len(names) :])


def sobol(
    names: Sequence[str],
    at_a: ArrayLike,
    at_b: ArrayLike,
    at_mixed: ArrayLike,
    *,
    level: float = 0.95,
    resamples: int = RESAMPLES,
) -> tuple[Indices, ...]:
    """Return the indices of each figure, in the order of `names`.

    Parameters
    ----------
    at_a, at_b : array, shape (n,)
    at_mixed : array, shape (d, n)
        Row i: A with column i of B.

    Raises
    ------
    ValueError
        Shapes that do not fit, or a value that is not finite: one failed run ruins every index.
    """
    a, b = np.asarray(at_a, dtype=np.float64), np.asarray(at_b, dtype=np.float64)
    mixed = np.asarray(at_mixed, dtype=np.float64)
    if a.ndim != 1 or b.shape != a.shape or mixed.shape != (len(names), len(a)):
        raise ValueError(f"{a.shape}, {b.shape} and {mixed.shape} values do not make a design")
    if not (np.isfinite(a).all() and np.isfinite(b).all() and np.isfinite(mixed).all()):
        raise ValueError("a run of the design failed: every index would be wrong")
    points = _indices(a, b, mixed)
    dice = Streams(_SEED, 0).generator("sobol", "resamples")
    rows = dice.integers(0, len(a), size=(resamples, len(a)))
    redrawn = np.array([_indices(a[row], b[row], mixed[:, row]) for row in rows])
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(redrawn, [tail, 1.0 - tail], axis=0)

    def interval(which: int, column: int) -> Interval:
        point, below, above = (float(each[which, column]) for each in (points, low, high))
        return Interval(point, below, above, level, len(a), Kind.STATISTIC)

    return tuple(
        Indices(name, interval(0, column), interval(1, column)) for column, name in enumerate(names)
    )


def _indices(
    a: NDArray[np.float64], b: NDArray[np.float64], mixed: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return first and total indices, shape (2, d)."""
    from scipy.stats import sobol_indices

    told = {"f_A": a[None], "f_B": b[None], "f_AB": mixed[:, None]}
    found = sobol_indices(func=told, n=len(a))
    return np.stack([np.atleast_1d(found.first_order), np.atleast_1d(found.total_order)])
