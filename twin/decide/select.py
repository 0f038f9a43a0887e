"""Which is best, with a stated probability: Kim and Nelson's procedure.

Options are played one replication further at a time and dropped as soon as the differences met say
that they cannot be the best. With probability at least 1 - alpha the option left is the best, or
within `delta` of it: the indifference zone, the smallest difference worth deciding for. Common
random numbers are allowed: the procedure looks at variances of differences (Kim and Nelson 2001, *A
fully sequential procedure for indifference-zone selection in simulation*, ACM TOMACS 11(3)).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.recorder import Direction

_FEWEST_FIRST = 2


@dataclass(frozen=True)
class Selection:
    """Where the procedure stands after the replications it was shown.

    Attributes
    ----------
    survivors : tuple of str
        Options not dropped, in the order given; one alone is the choice.
    dropped_at : mapping option -> int
        Replications it had when it was dropped.
    replications : int
        The last replication that was looked at.
    runs : int
        Runs it took, over all options.
    """

    survivors: tuple[str, ...]
    dropped_at: Mapping[str, int]
    replications: int
    runs: int

    @property
    def is_decided(self) -> bool:
        """Tell whether one option is left."""
        return len(self.survivors) == 1


def kn_constants(options: int, first: int, alpha: float) -> tuple[float, float]:
    """Return (eta, h^2) for `options` systems and `first` replications of the first stage.

    eta = [(2 alpha/(k-1))^(-2/(n0-1)) - 1]/2 and h^2 = 2 eta (n0 - 1) (Kim and Nelson 2001, c = 1).

    >>> "{:.6f} {:.6f}".format(*kn_constants(5, 10, 0.05))
    '0.634967 11.429411'
    """
    eta = 0.5 * ((2.0 * alpha / (options - 1)) ** (-2.0 / (first - 1)) - 1.0)
    return eta, 2.0 * eta * (first - 1)


def kim_nelson(
    series: Mapping[str, ArrayLike],
    *,
    delta: float,
    alpha: float = 0.05,
    first: int = 10,
    direction: Direction = Direction.MIN,
) -> Selection:
    """Return where the procedure stands on the values known, the same however they came in.

    Parameters
    ----------
    series : mapping option -> array, shape (n,)
        One value a replication; column r of every option met the same dice, or independent ones.
        An option already dropped may stop early.
    delta : float
        The indifference zone, in the KPI's unit.
    first : int
        Replications of the first stage, which gauge the spread of the differences.

    Raises
    ------
    ValueError
        Fewer than two options, a series shorter than the first stage, a value that is not finite,
        a parameter out of range, or a survivor that lacks replications others have.
    """
    names = list(series)
    values = [np.asarray(series[name], dtype=np.float64) for name in names]
    _check(names, values, delta, alpha, first)
    sign = 1.0 if direction is Direction.MAX else -1.0
    _, h2 = kn_constants(len(names), first, alpha)
    longest = max(map(len, values))
    table = np.full((len(names), longest), np.nan)
    for row, told in enumerate(values):
        table[row, : len(told)] = sign * told
    spread = _variances(table[:, :first])
    sums = np.cumsum(table, axis=1)
    alive = np.ones(len(names), dtype=bool)
    dropped: dict[str, int] = {}
    looked = first
    for r in range(first, longest + 1):
        looked = r
        losing = _losing(sums[:, r - 1], alive, h2 * spread, delta, r)
        for row in np.flatnonzero(losing).tolist():
            dropped[names[row]] = r
        alive &= ~losing
        if alive.sum() == 1:
            break
        if r < longest and any(len(values[row]) <= r for row in np.flatnonzero(alive)):
            short = [names[row] for row in np.flatnonzero(alive) if len(values[row]) <= r]
            raise ValueError(f"{', '.join(short)}: no value at replication {r}, others have one")
    survivors = tuple(name for name in names if name not in dropped)
    return Selection(survivors, dropped, looked, sum(dropped.get(name, looked) for name in names))


def _losing(
    sums: NDArray[np.float64],
    alive: NDArray[np.bool_],
    reach: NDArray[np.float64],
    delta: float,
    r: int,
) -> NDArray[np.bool_]:
    """Return which options another survivor beats by more than W_il(r), in sums over r runs."""
    # r W_il(r) = max(0, (h^2 S^2/delta - delta r)/2): both sides are multiplied by r.
    margin = np.maximum(0.0, (reach / delta - delta * r) / 2.0)
    behind = sums[:, None] - sums[None, :] < -margin
    return np.asarray(alive & (behind & alive[None, :]).any(axis=1))


def _variances(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the variance of each pair's differences, shape (k, k)."""
    covariance = np.cov(table, ddof=1)
    own = np.diag(covariance)
    return np.asarray(np.maximum(own[:, None] + own[None, :] - 2.0 * covariance, 0.0))


def _check(
    names: Sequence[str],
    values: Sequence[NDArray[np.float64]],
    delta: float,
    alpha: float,
    first: int,
) -> None:
    if len(names) < 2:  # noqa: PLR2004 - a choice needs two
        raise ValueError("a choice needs at least two options")
    if not delta > 0.0 or not 0.0 < alpha < 0.5:  # noqa: PLR2004 - 1 - alpha above one half
        raise ValueError(f"delta {delta} must be positive and alpha {alpha} within (0, 0.5)")
    if first < _FEWEST_FIRST:
        raise ValueError(f"first stage of {first}: a spread needs two replications")
    for name, told in zip(names, values, strict=True):
        if len(told) < first:
            raise ValueError(f"{name}: {len(told)} replications, the first stage takes {first}")
        if not np.isfinite(told).all():
            raise ValueError(f"{name}: a value is missing or infinite")
