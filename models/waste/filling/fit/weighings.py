"""From weighings to pieces: what was collected came in since the collection before.

A weighing of nothing says "at most", since an empty container and a missed record look the same; a
weighing of a full container says "at least". The first weighing of a point only starts its clock.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from models.waste.filling.fit.pieces import AT_LEAST, AT_MOST, EXACT, Pieces, deposit_days
from models.waste.filling.fit.readings import Readings

LONGEST = 4.0
"""Intervals longer than this many times the point's median are left out: a record is missing, and
no straight line is drawn through such a gap [U]."""

_FEWEST_FOR_MEDIAN = 3


def pieces_of_weighings(readings: Readings, density_kg_m3: float | None) -> Pieces:
    """Return the pieces between successive weighings of each point, in kg.

    Full is the capacity times `density_kg_m3`; unknown where either is.
    """
    ids = tuple(dict.fromkeys(readings.point))
    number = {name: row for row, name in enumerate(ids)}
    point = np.array([number[name] for name in readings.point], dtype=np.int64)
    order = np.lexsort((readings.at_day, point))
    point, at_day = point[order], readings.at_day[order]
    kg, capacity_l = readings.value[order], readings.capacity_l[order]

    # Several containers weighed at one moment are one collection of the point.
    first = np.ones(len(point), dtype=np.bool_)
    first[1:] = (np.diff(point) != 0) | (np.diff(at_day) > 0.0)
    starts = np.flatnonzero(first)
    kg = np.add.reduceat(kg, starts)
    full_kg = np.add.reduceat(capacity_l, starts) / 1000.0 * (density_kg_m3 or np.nan)
    point, at = point[starts], deposit_days(at_day[starts])

    follows = np.flatnonzero(np.diff(point) == 0) + 1
    positive = kg[kg > 0.0]
    least_kg = float(positive.min()) if len(positive) else 1.0
    amount = np.where(kg > 0.0, kg, least_kg)[follows]
    with np.errstate(invalid="ignore"):
        full = kg[follows] >= full_kg[follows]
    known = np.where(full, AT_LEAST, np.where(kg[follows] > 0.0, EXACT, AT_MOST)).astype(np.int64)
    amount = np.where(full, full_kg[follows], amount)
    days = at[follows] - at[follows - 1]
    keep = days > 0.0
    too_long = np.zeros(len(days), dtype=np.bool_)
    owner = point[follows]
    edges = np.searchsorted(owner, np.arange(len(ids) + 1))
    for low, high in pairwise(edges):
        if high - low >= _FEWEST_FOR_MEDIAN:
            too_long[low:high] = days[low:high] > LONGEST * np.median(days[low:high])
    keep &= ~too_long
    counts = {
        "rows": len(readings),
        "same_moment": len(readings) - len(starts),
        "long_intervals_left_out": int(too_long.sum()),
        "outliers_left_out": 0,
        "emptyings": len(starts),
    }
    return Pieces(
        ids, owner, at[follows - 1], at[follows], amount, known, "kg", counts
    ).only(keep)  # fmt: skip
