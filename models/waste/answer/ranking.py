"""Which points deserve a sensor first: the order in which the study's sensors are placed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.waste.figures import WorldDice
from models.waste.settings import Settings
from models.waste.stage import USUAL_FILL, StreamStage, WasteStage
from models.waste.year import fitted_points

DAYS_A_YEAR = 365.0


@dataclass(frozen=True)
class Place:
    """One point of one stream.

    Attributes
    ----------
    commune : int
        Its index among the communes, -1 outside.
    visits : float
        Emptyings a year if it is always emptied at 80 % [U].
    yearly_eur : float
        Those times what a visit usually costs: what the point weighs in the rounds.
    rank : int
        From 1, the first of all streams to get a sensor.
    stream_rank : int
        From 1, within its stream: the order in which the options fit points.
    first_share : float or None
        The smallest share tried in the study that fits it; None where none does.
    fitted : bool
        Whether the option to take fits it.
    """

    id: str
    stream: str
    commune: int
    x_m: float
    y_m: float
    containers: int
    capacity_l: float
    rate_l_day: float
    visits: float
    yearly_eur: float
    rank: int
    stream_rank: int
    first_share: float | None
    fitted: bool


def rank_places(
    stage: WasteStage,
    settings: Settings,
    taken: Settings,
    shares: Sequence[float],
    dice: WorldDice,
) -> tuple[Place, ...]:
    """Return every point, the first to equip first.

    Points rank by their yearly cost of emptying, or as the option's `choice` places sensors within
    their stream; streams are merged by share of the stream, then by yearly cost.

    Parameters
    ----------
    settings
        Of the option whose way of placing sensors is told.
    taken
        Of the option to take: `fitted` tells its points.
    shares
        The shares tried, ascending.
    dice
        Of the most expected world: decides where `choice` is "random".
    """
    found = [
        each
        for part in stage.streams
        for each in _stream_places(part, settings, taken, shares, dice)
    ]
    found.sort(key=lambda row: (row[0], -row[1].yearly_eur, row[1].id))
    return tuple(
        Place(**{**vars(place), "rank": rank}) for rank, (_, place) in enumerate(found, start=1)
    )


def _stream_places(
    part: StreamStage,
    settings: Settings,
    taken: Settings,
    shares: Sequence[float],
    dice: WorldDice,
) -> list[tuple[float, Place]]:
    points = part.points
    visits = DAYS_A_YEAR * points.rate_l / (USUAL_FILL * points.capacity_l)
    yearly_eur = visits * part.visit_eur
    order = _order(part, settings, dice)
    position = np.empty(len(points), dtype=np.int64)
    position[order] = np.arange(1, len(points) + 1)
    first = np.full(len(points), np.inf)
    for share in reversed(shares):
        first[_fitted(part, settings, share, dice)] = share
    own = set(fitted_points(part, taken, dice).tolist() if taken.sensors.share > 0.0 else [])
    by_cost = settings.sensors.choice == "value"
    return [
        (
            # By value the yearly cost compares streams too; else each stream gives its share in turn.
            0.0 if by_cost else position[row] / len(points),
            Place(
                points.ids[row],
                part.name,
                int(points.commune[row]),
                float(points.x_m[row]),
                float(points.y_m[row]),
                int(points.containers[row]),
                float(points.capacity_l[row]),
                float(points.rate_l[row]),
                float(visits[row]),
                float(yearly_eur[row]),
                0,
                int(position[row]),
                float(first[row]) if np.isfinite(first[row]) else None,
                row in own,
            ),
        )
        for row in range(len(points))
    ]


def _order(part: StreamStage, settings: Settings, dice: WorldDice) -> list[int]:
    """Return the rows of a stream in the order in which a growing share fits them."""
    count = len(part.points)
    seen: dict[int, None] = {}
    for number in range(1, count + 1):
        for row in _fitted(part, settings, number / count, dice):
            seen.setdefault(int(row), None)
    return [*seen, *(row for row in range(count) if row not in seen)]


def _fitted(part: StreamStage, settings: Settings, share: float, dice: WorldDice) -> list[int]:
    sensors = settings.sensors.model_copy(update={"share": share})
    fitted = fitted_points(part, settings.model_copy(update={"sensors": sensors}), dice)
    return [int(row) for row in fitted]
