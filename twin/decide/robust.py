"""Choosing when nobody knows which world will come: regret and satisficing.

A replication is a world: its own prices, its own demand, its own storms. The *regret* of an option
in a world is what is lost by not having chosen the option best there (Savage 1951). An option
*satisfices* in a world where it meets every requirement (Simon 1956); its domain is the share of
worlds in which it does (Starr 1963).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.decide.intervals import Interval, bootstrap_quantile, mean_interval, wilson_interval
from twin.recorder import Direction
from twin.streams import Streams

LEVEL = 0.95
BAD_WORLD = 0.90
"""The regret exceeded in one world in ten."""

_SEED = 11


@dataclass(frozen=True)
class Requirement:
    """What an option must reach in a world to be acceptable there: a KPI of at least `least`."""

    kpi: str
    least: float


@dataclass(frozen=True)
class Regret:
    """What an option loses by not being the best of each world, in the KPI's unit.

    Attributes
    ----------
    worst : float
        In the worst world played (minimax regret compares these); it grows with n, so it has no
        interval: `mean.n` worlds were played.
    bad : Interval
        Exceeded in one world in ten, with its bootstrap interval.
    mean : Interval
        On average, with Student's interval.
    best : Interval
        Share of worlds in which it is the one to choose (ties count for all), with Wilson's.
    """

    option: str
    worst: float
    bad: Interval
    mean: Interval
    best: Interval


def regrets(
    series: Mapping[str, ArrayLike],
    direction: Direction = Direction.MIN,
    level: float = LEVEL,
    meets: Mapping[str, ArrayLike] | None = None,
) -> tuple[Regret, ...]:
    """Return the regret of each option, in the order given.

    The option one should have chosen in a world is the best of those that meet their requirements
    there, or of all where none does. One that is better but fails them has no regret, and no glory.

    Parameters
    ----------
    series : mapping option -> array, shape (n,)
        One value a world, the same worlds in the same order for every option.
    meets : mapping option -> array of bool, shape (n,), optional
        Whether each meets its requirements; without a word it does.

    Raises
    ------
    ValueError
        Lengths differ, no world, a value that is not finite, or no direction.
    """
    table = _worlds(series)
    if direction is Direction.NONE:
        raise ValueError("regret needs a direction that is better")
    sign = 1.0 if direction is Direction.MIN else -1.0
    able = _able(tuple(series), meets or {}, table.shape[1])
    best = np.where(able, sign * table, np.inf).min(axis=0)
    lost = np.maximum(0.0, sign * table - best)
    chosen = able & (sign * table == best)
    found = []
    for name, row, won in zip(series, lost, chosen, strict=True):
        dice = Streams(_SEED, 0).generator("regret", name)
        found.append(
            Regret(
                name,
                float(row.max()),
                bootstrap_quantile(row, BAD_WORLD, dice, level=level),
                mean_interval(row, level),
                wilson_interval(int(won.sum()), len(row), level),
            )
        )
    return tuple(found)


def minimax(found: tuple[Regret, ...]) -> Regret:
    """Return the option whose worst regret is least, the first of equals."""
    return min(found, key=lambda each: each.worst)


def domain(meets: ArrayLike, level: float = LEVEL) -> Interval:
    """Return the share of worlds in which every requirement is met, with Wilson's interval.

    Parameters
    ----------
    meets : array of bool, shape (n,) or (requirements, n)
    """
    told = np.atleast_2d(np.asarray(meets, dtype=bool))
    every = np.asarray(told.all(axis=0))
    return wilson_interval(int(every.sum()), len(every), level)


def _able(names: tuple[str, ...], meets: Mapping[str, ArrayLike], worlds: int) -> NDArray[np.bool_]:
    """Return which options may be chosen in which world, shape (options, worlds)."""
    able = np.stack([np.asarray(meets.get(name, np.ones(worlds)), dtype=bool) for name in names])
    return np.asarray(able | ~able.any(axis=0))


def _worlds(series: Mapping[str, ArrayLike]) -> NDArray[np.float64]:
    rows = [np.asarray(each, dtype=np.float64) for each in series.values()]
    if not rows or any(row.shape != rows[0].shape or row.ndim != 1 for row in rows):
        raise ValueError("every option needs one value for each of the same worlds")
    table = np.stack(rows)
    if table.shape[1] == 0 or not np.isfinite(table).all():
        raise ValueError("a value is missing or infinite: a world left out would bias the regret")
    return table
