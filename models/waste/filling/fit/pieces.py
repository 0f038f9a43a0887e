"""What came in between two moments: exactly, at least, or at most."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.waste.filling.hours import HOUR_SHARES

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EXACT, AT_LEAST, AT_MOST = 0, 1, 2
"""What a piece says of what came in: the amount; the amount or more (the container was full); the
amount or less (below what noise or a scale lets see)."""


@dataclass(frozen=True, eq=False)
class Pieces:
    """Pieces of one waste stream; arrays of shape (pieces,), sorted by point, then by time.

    `point` indexes `ids`; `start` and `end` are days since 1970-01-01 counted in deposits (see
    :func:`deposit_days`); `amount` is in `unit` and `known` one of EXACT, AT_LEAST, AT_MOST.
    `counts` says what was met and what was left out, by name.
    """

    ids: tuple[str, ...]
    point: Ints
    start: Floats
    end: Floats
    amount: Floats
    known: Ints
    unit: str
    counts: dict[str, int]

    @property
    def days(self) -> Floats:
        """The length of each piece, days."""
        return self.end - self.start

    def __len__(self) -> int:
        return len(self.point)

    def only(self, keep: NDArray[np.bool_]) -> Pieces:
        """Return some of the pieces; points keep their numbers."""
        return Pieces(
            self.ids, self.point[keep], self.start[keep], self.end[keep], self.amount[keep],
            self.known[keep], self.unit, self.counts,
        )  # fmt: skip


def deposit_days(at_day: Floats) -> Floats:
    """Return moments counted in days' worth of deposits: whole days, then the share of the day.

    Two readings at 22:00 and 06:00 are nearly the same moment, since nobody comes at night: the
    hours count by the default profile [U].
    """
    whole = np.floor(at_day)
    below = np.concatenate([[0.0], np.cumsum(HOUR_SHARES)])
    return np.asarray(whole + np.interp((at_day - whole) * 24.0, np.arange(25.0), below))
