"""Which unknown matters: tornado from pinned runs, variance shares from the sampled runs.

The tornado answers "what if this figure sat at its low or high end"; the variance share answers
"how much of the spread would go if this figure were known", hence *which quote to ask for first*.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.decide.intervals import Interval, mean_interval
from twin.errors import RunError
from twin.recorder import WHOLE_TERRITORY
from twin.study.duck import Table
from twin.study.outcomes import series

_FEWEST_RUNS = 3


@dataclass(frozen=True)
class TornadoRow:
    """What one figure does to the outcome, end to end, on the same dice.

    Attributes
    ----------
    low_quantile, high_quantile : float
        Where the figure was held.
    low, high : Interval
        Outcome at each end, mean over the replications and its Student interval.
    swing : Interval
        High end less low end, paired by replication: signed, its sign tells the direction.
    base : Interval
        Outcome of the ordinary runs on the same replications.
    """

    name: str
    low_quantile: float
    high_quantile: float
    low: Interval
    high: Interval
    swing: Interval
    base: Interval


@dataclass(frozen=True)
class RankShare:
    """How much of an outcome's spread one figure carries.

    Attributes
    ----------
    correlation : float
        Spearman's rank correlation, in [-1, 1].
    share : float
        Its square: the share of the variance of ranks, in [0, 1]. With independent figures the
        shares add up to at most one; what is missing is interaction, non-monotony and dice.
    noise : float
        The share that a figure without any effect shows on average, 1/(n - 1).
    """

    name: str
    correlation: float
    share: float
    noise: float


def tornado(
    table: Table,
    option: str,
    kpi: str,
    *,
    zone: str = WHOLE_TERRITORY,
    level: float = 0.90,
) -> tuple[TornadoRow, ...]:
    """Return a row for each figure pinned alone at two ends, the widest swing first.

    Parameters
    ----------
    table : Table
        The study's rows; pinned runs of more than one figure are left to others.

    Raises
    ------
    RunError
        A figure was pinned at one end only, or an end misses replications of the other.
    """
    ends = _pinned_ends(table, option)
    base = series(table, option, kpi, zone)
    rows = [
        _row(table, option, kpi, zone, level, name, quantiles, base)
        for name, quantiles in ends.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-abs(row.swing.mean), row.name)))


def rank_shares(inputs: Mapping[str, ArrayLike], output: ArrayLike) -> tuple[RankShare, ...]:
    """Return each figure's share of the outcome's spread, the largest first.

    Parameters
    ----------
    inputs : mapping name -> array, shape (n,)
        The value each figure took in each replication (or the draw behind it: ranks are all that
        counts).
    output : array, shape (n,), n >= 3

    Raises
    ------
    ValueError
        Lengths differ, too few runs, or a value that is not finite: a run left out would bias
        every share.
    """
    target = np.asarray(output, dtype=np.float64)
    if target.ndim != 1 or len(target) < _FEWEST_RUNS or not np.isfinite(target).all():
        raise ValueError(f"the output needs at least {_FEWEST_RUNS} finite values")
    noise = 1.0 / (len(target) - 1)
    rows = []
    for name, values in inputs.items():
        column = np.asarray(values, dtype=np.float64)
        if column.shape != target.shape or not np.isfinite(column).all():
            raise ValueError(f"{name}: needs {len(target)} finite values, one per replication")
        rho = spearman(column, target)
        rows.append(RankShare(name, rho, rho * rho, noise))
    return tuple(sorted(rows, key=lambda row: (-row.share, row.name)))


def spearman(x: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    """Return Spearman's rank correlation, ties at their mean rank; 0 when one side is constant."""
    a, b = ranks(x), ranks(y)
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / scale if scale > 0.0 else 0.0


def ranks(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ranks from 1, equal values sharing their mean rank."""
    _, inverse, counts = np.unique(x, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2.0)[inverse], dtype=np.float64)


def _pinned_ends(table: Table, option: str) -> dict[str, tuple[float, float]]:
    held: dict[str, set[float]] = {}
    for text in sorted(set(table["pins"][table["option"] == option].tolist())):
        pins = json.loads(text)
        if len(pins) == 1:
            ((name, quantile),) = pins
            held.setdefault(name, set()).add(float(quantile))
    for name, quantiles in held.items():
        if len(quantiles) < 2:  # noqa: PLR2004 - two ends make a bar
            raise RunError(f"{option}: {name} was pinned at {sorted(quantiles)} only, not two ends")
    return {name: (min(quantiles), max(quantiles)) for name, quantiles in held.items()}


def _row(
    table: Table,
    option: str,
    kpi: str,
    zone: str,
    level: float,
    name: str,
    quantiles: tuple[float, float],
    base: Mapping[int, float],
) -> TornadoRow:
    low, high = (series(table, option, kpi, zone, ((name, q),)) for q in quantiles)
    if low.keys() != high.keys() or not low.keys() <= base.keys():
        odd = sorted(low.keys() ^ high.keys() | low.keys() - base.keys())
        raise RunError(f"{option}, {name}: replications {odd} miss one end of the tornado")
    at_low, at_high = _column(low, low), _column(high, low)
    return TornadoRow(
        name=name,
        low_quantile=quantiles[0],
        high_quantile=quantiles[1],
        low=mean_interval(at_low, level),
        high=mean_interval(at_high, level),
        swing=mean_interval(at_high - at_low, level),
        base=mean_interval(_column(base, low), level),
    )


def _column(values: Mapping[int, float], replications: Mapping[int, float]) -> NDArray[np.float64]:
    return np.array([values[replication] for replication in replications])
