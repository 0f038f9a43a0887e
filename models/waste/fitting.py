"""Which points get a sensor first: one order of all points, whatever their stream."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.waste.dice import units
from models.waste.figures import WorldDice
from models.waste.settings import Settings
from models.waste.stage import StreamStage

Ints = NDArray[np.int64]


def fitting_order(
    streams: Sequence[StreamStage], settings: Settings, dice: WorldDice
) -> tuple[Ints, Ints]:
    """Return the stream (index) and the point of every point, the first to be fitted first.

    By `choice`: "value" (what emptying it costs in a year), "busy" (how often it fills), "costly"
    (what one visit costs), or "random" (named dice). A larger share adds points and drops none.
    """
    worth = np.concatenate([_worth(each, settings, dice) for each in streams])
    stream = np.repeat(np.arange(len(streams)), [len(each.points) for each in streams])
    point = np.concatenate([np.arange(len(each.points)) for each in streams])
    order = np.argsort(-worth, kind="stable")
    return stream[order], point[order]


def fitted_points(
    streams: Sequence[StreamStage], settings: Settings, dice: WorldDice
) -> dict[str, Ints]:
    """Return the points of each stream that the option fits, ascending."""
    stream, point = fitting_order(streams, settings, dice)
    count = fitted_count(settings.sensors.share, len(point))
    return {
        each.name: np.sort(point[:count][stream[:count] == index])
        for index, each in enumerate(streams)
    }


def fitted_count(share: float, points: int) -> int:
    """Return how many of so many points a share fits."""
    return round(share * points)


def _worth(each: StreamStage, settings: Settings, dice: WorldDice) -> NDArray[np.float64]:
    choice = settings.sensors.choice
    if choice == "random":
        return units(dice.streams, "who is fitted", each.points.words)
    turns = each.points.rate_l / each.points.capacity_l
    return np.asarray(
        {"busy": turns, "costly": each.visit_eur, "value": turns * each.visit_eur}[choice]
    )
