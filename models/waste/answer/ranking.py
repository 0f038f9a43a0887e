"""Which points deserve a sensor first: the order in which the study's sensors are placed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.waste.figures import WorldDice
from models.waste.fitting import fitted_count, fitted_points, fitting_order
from models.waste.settings import Settings
from models.waste.stage import USUAL_FILL, StreamStage, WasteStage

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

    All streams stand in one order: see :mod:`models.waste.fitting`.

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
    stream, point = fitting_order(stage.streams, settings, dice)
    own = fitted_points(stage.streams, taken, dice)
    tiers = [(share, fitted_count(share, len(point))) for share in shares]
    met = [0] * len(stage.streams)
    found = []
    for rank, (which, row) in enumerate(zip(stream, point, strict=True), start=1):
        part = stage.streams[which]
        met[which] += 1
        first = next((share for share, count in tiers if rank <= count), None)
        fits = bool(np.isin(row, own[part.name]))
        found.append(_place(part, int(row), rank, met[which], first, fitted=fits))
    return tuple(found)


def _place(
    part: StreamStage,
    row: int,
    rank: int,
    stream_rank: int,
    first_share: float | None,
    *,
    fitted: bool,
) -> Place:
    points = part.points
    visits = float(DAYS_A_YEAR * points.rate_l[row] / (USUAL_FILL * points.capacity_l[row]))
    return Place(
        id=points.ids[row],
        stream=part.name,
        commune=int(points.commune[row]),
        x_m=float(points.x_m[row]),
        y_m=float(points.y_m[row]),
        containers=int(points.containers[row]),
        capacity_l=float(points.capacity_l[row]),
        rate_l_day=float(points.rate_l[row]),
        visits=visits,
        yearly_eur=visits * float(part.visit_eur[row]),
        rank=rank,
        stream_rank=stream_rank,
        first_share=first_share,
        fitted=fitted,
    )
