"""What a bin will hold and overflow between two emptyings: known, or expected.

A bin emptied wholly starts again from nothing, so what it holds at its next visit depends on the
two days alone, and a bin's plan is a path from emptying to emptying. Tables are indexed
[bin, start, end]: start 0 is "as it stands now", start t + 1 "emptied on the morning of day t"; end
t is "the morning of day t", end `days` the end of the horizon. Ends before their start are 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincc

from models.waste.inventory.collection import Collection


@dataclass(frozen=True, eq=False)
class Outlook:
    """Litres held at `end`, overflowed since `start`: shape (bins, days + 1, days + 1)."""

    held_l: NDArray[np.float64]
    over_l: NDArray[np.float64]

    @property
    def days(self) -> int:
        """Return the length of the horizon."""
        return int(self.held_l.shape[1]) - 1


def known(
    collection: Collection, level_l: NDArray[np.float64], fill_l: NDArray[np.float64]
) -> Outlook:
    """Return the outlook when the fills, shape (days, bins), are known."""
    days, bins = fill_l.shape
    total = np.vstack([np.zeros(bins), np.cumsum(fill_l, axis=0)])
    come = np.zeros((bins, days + 1, days + 1))
    for start, end in _spans(days):
        come[:, start, end] = total[end] - total[max(start - 1, 0)]
        if start == 0:
            come[:, start, end] += level_l
    # Nothing leaves between two visits, so the day-by-day overflow adds up to the excess.
    room = collection.capacity_l[:, None, None]
    return Outlook(np.minimum(come, room), np.maximum(come - room, 0.0))


def expected(collection: Collection, level_l: NDArray[np.float64], days: int) -> Outlook:
    """Return the expected outlook when only rates are known: fills gamma, days independent."""
    bins = len(collection)
    held = np.zeros((bins, days + 1, days + 1))
    over = np.zeros_like(held)
    for start, end in _spans(days):
        begin = level_l if start == 0 else np.zeros(bins)
        span = end - max(start - 1, 0)
        over[:, start, end] = excess_l(collection, span, collection.capacity_l - begin)
        held[:, start, end] = begin + collection.rate_l * span - over[:, start, end]
    return Outlook(held, over)


def excess_l(
    collection: Collection, span_days: int, room_l: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the expected excess of `span_days` of fill over a room, litres.

    `room_l` has shape (..., bins); below zero it counts as lacking already. With G the fill, gamma
    of shape span / variation^2, and c the room: E max(G - c, 0) = E[G] P(G' > c) - c P(G > c),
    where G' has a shape greater by 1 [D].
    """
    if span_days == 0:
        return np.maximum(-room_l, 0.0)
    shape = span_days / collection.variation**2
    scale = collection.rate_l * collection.variation**2
    mean = collection.rate_l * span_days
    room = np.maximum(room_l, 0.0) / scale
    over = mean * gammaincc(shape + 1.0, room) - room * scale * gammaincc(shape, room)
    return np.asarray(over + np.maximum(-room_l, 0.0), dtype=np.float64)


def buffered(
    collection: Collection, level_l: NDArray[np.float64], days: int, safety: float
) -> Outlook:
    """Return the outlook of expected fills and a buffer kept free in each bin.

    The buffer is `safety` standard deviations of the fill since the start of the span: it brings
    the day of overflow forward, and is not counted as waste aboard the truck.
    """
    plain = known(collection, level_l, np.tile(collection.rate_l, (days, 1)))
    over = np.zeros_like(plain.over_l)
    for start, end in _spans(days):
        begin = level_l if start == 0 else np.zeros(len(collection))
        span = end - max(start - 1, 0)
        mean = collection.rate_l * span
        buffer = safety * collection.variation * collection.rate_l * np.sqrt(span)
        over[:, start, end] = np.maximum(begin + mean + buffer - collection.capacity_l, 0.0)
    return Outlook(plain.held_l, over)


def _spans(days: int) -> list[tuple[int, int]]:
    """Return every (start, end) whose end does not come before its start."""
    return [(start, end) for start in range(days + 1) for end in range(start, days + 1)]
