"""What cannot be bettered on one side without losing on the other: the front, and how sure it is.

An option is dominated where another is at least as good on every outcome and better on one. Means
carry errors, so the front is drawn again on worlds resampled with replacement, all options and
outcomes of a world together: the share of draws in which an option stands on the front is how sure
its place is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.decide.intervals import Interval, Kind
from twin.recorder import Direction
from twin.streams import Streams

RESAMPLES = 2000
_SEED = 13
_PLANE = 2


@dataclass(frozen=True)
class OnFront:
    """One option: where it stands on average, and in what share of resamples on the front."""

    option: str
    means: tuple[float, ...]
    is_on_front: bool
    share: float


@dataclass(frozen=True)
class Front:
    """The options in the order given, and the area they dominate (two outcomes only)."""

    options: tuple[OnFront, ...]
    hypervolume: Interval | None
    worlds: int


def dominated(points: ArrayLike, directions: Sequence[Direction]) -> NDArray[np.bool_]:
    """Return which points another dominates, shape (k,); equal points do not dominate each other.

    Parameters
    ----------
    points : array, shape (..., k, outcomes)
    """
    least = _least(np.asarray(points, dtype=np.float64), directions)
    a, b = least[..., :, None, :], least[..., None, :, :]
    beaten = (b <= a).all(axis=-1) & (b < a).any(axis=-1)
    return np.asarray(beaten.any(axis=-1))


def hypervolume(points: ArrayLike, reference: ArrayLike, directions: Sequence[Direction]) -> float:
    """Return the area that a set of points dominates within `reference`, two outcomes.

    Points beyond the reference count for nothing (Zitzler and Thiele 1998).
    """
    least = _least(np.asarray(points, dtype=np.float64), directions)
    corner = _least(np.asarray(reference, dtype=np.float64), directions)
    if least.shape[-1] != _PLANE:
        raise ValueError("the area is of two outcomes")
    inside = least[(least < corner).all(axis=1)]
    area, floor = 0.0, float(corner[1])
    for x, y in inside[np.lexsort((inside[:, 1], inside[:, 0]))]:
        if y < floor:
            area += (float(corner[0]) - float(x)) * (floor - float(y))
            floor = float(y)
    return area


def front(
    outcomes: Mapping[str, ArrayLike],
    directions: Sequence[Direction],
    *,
    resamples: int = RESAMPLES,
    level: float = 0.95,
) -> Front:
    """Return the Pareto front of the options' means and how sure each place on it is.

    Parameters
    ----------
    outcomes : mapping option -> array, shape (outcomes, n)
        One column a world, the same worlds for every option.

    Raises
    ------
    ValueError
        Shapes differ, no world, a value that is not finite, or an outcome without direction.
    """
    table = np.stack([np.asarray(each, dtype=np.float64) for each in outcomes.values()])
    if table.ndim != 3 or table.shape[1] != len(directions) or table.shape[2] == 0:  # noqa: PLR2004 - options, outcomes, worlds
        raise ValueError("each option needs one row an outcome and one column a world")
    if not np.isfinite(table).all():
        raise ValueError("a value is missing or infinite: a world left out would bias the front")
    worlds = table.shape[2]
    means = table.mean(axis=2)
    dice = Streams(_SEED, 0).generator("front", "worlds")
    weight = dice.multinomial(worlds, np.full(worlds, 1.0 / worlds), size=resamples) / worlds
    redrawn = np.einsum("kow,rw->rko", table, weight)
    share = 1.0 - dominated(redrawn, directions).mean(axis=0)
    beaten = dominated(means, directions)
    return Front(
        tuple(
            OnFront(name, tuple(map(float, mean)), not lost, float(sure))
            for name, mean, lost, sure in zip(outcomes, means, beaten, share, strict=True)
        ),
        _area(means, redrawn, directions, level, worlds),
        worlds,
    )


def _area(
    means: NDArray[np.float64],
    redrawn: NDArray[np.float64],
    directions: Sequence[Direction],
    level: float,
    worlds: int,
) -> Interval | None:
    """Return the area dominated up to the worst mean met on each outcome, two outcomes only."""
    if len(directions) != _PLANE:
        return None
    worst = [
        means[:, column].min() if way is Direction.MAX else means[:, column].max()
        for column, way in enumerate(directions)
    ]
    areas = [hypervolume(points, worst, directions) for points in redrawn]
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(areas, [tail, 1.0 - tail])
    point = hypervolume(means, worst, directions)
    return Interval(point, float(low), float(high), level, worlds, Kind.STATISTIC)


def _least(points: NDArray[np.float64], directions: Sequence[Direction]) -> NDArray[np.float64]:
    """Return the points with every outcome turned so that less is better."""
    if Direction.NONE in directions:
        raise ValueError("an outcome without a direction has no front")
    turned = np.array([-1.0 if each is Direction.MAX else 1.0 for each in directions])
    return np.asarray(points * turned)
