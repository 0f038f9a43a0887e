"""From fill levels to pieces: rises of the level between readings, emptyings told apart.

1. A reading far from both its neighbours, which agree with each other, is mis-ranging: left out.
2. A level cannot fall without an emptying, so small falls are noise: their median gives its size.
3. A fall of more than 15 points, or six times the noise, is an emptying, unless the file says so.
4. Within what lies between two emptyings, pieces are cut by the clock, never by the level: a piece
   that ended when the container got full would always seem fast. A piece lasts a day, or as long as
   the point's usual rise needs to be five times its noise.
5. Full is 100 % less three times the noise, so that a full container read a little low is not
   taken for one that stopped filling. A piece that ends full says "at least what was left to fill";
   nothing is learnt from then on until the next emptying.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.waste.filling.fit.pieces import AT_LEAST, AT_MOST, EXACT, Pieces, deposit_days
from models.waste.filling.fit.readings import FULL_PERCENT, Readings

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

SPIKE = 25.0
"""Points of fill that a mis-ranging reading stands off its neighbours [U]."""

FALL = 15.0
"""Least fall taken for an emptying, points of fill [U]."""

NOISES_A_FALL = 6.0
NOISES_A_RISE = 5.0
NOISES_TO_FULL = 3.0
RESOLUTION = 0.5
"""A rise below this is not told from none, points of fill: sensors round to one point."""

_AGREEMENT = 5.0
"""Readings this near agree, points of fill."""

_SQRT_2 = math.sqrt(2.0)
_NORMAL_QUARTILE = 0.6745
_LONGEST_DAYS = 60.0
_FEWEST_FOR_NOISE = 8


def pieces_of_levels(readings: Readings) -> Pieces:
    """Return the pieces between readings; in litres where every capacity is known, else in %."""
    ids = tuple(dict.fromkeys(readings.point))
    number = {name: row for row, name in enumerate(ids)}
    point = np.array([number[name] for name in readings.point], dtype=np.int64)
    order = np.lexsort((readings.at_day, point))
    order = order[_first_of_moment(point[order], readings.at_day[order])]
    same_moment = len(readings) - len(order)
    spikes = mis_ranging(point[order], readings.value[order], readings.emptied[order])
    order = order[~spikes]
    point, level = point[order], np.minimum(readings.value[order], 100.0)
    emptied, at = readings.emptied[order], deposit_days(readings.at_day[order])

    sigma = noise(point, level, emptied)
    fall = max(FALL, NOISES_A_FALL * sigma)
    shortest = _shortest_days(point, at, level, emptied, fall, sigma)
    least = max(RESOLUTION, 2.0 * sigma)
    full = min(FULL_PERCENT, 100.0 - NOISES_TO_FULL * sigma)
    rows, start, end, amount, known, emptyings = cut(
        point, at, level, emptied, fall, shortest, least, full
    )
    capacity_l = readings.capacity_l[order]
    unit = "%"
    if np.isfinite(capacity_l).all():
        amount, unit = amount * capacity_l[rows] / 100.0, "l"
    counts = {
        "rows": len(readings),
        "same_moment": same_moment,
        "long_intervals_left_out": 0,
        "outliers_left_out": int(spikes.sum()),
        "emptyings": int(emptyings),
    }
    return Pieces(ids, point[rows], start, end, amount, known, unit, counts)


def mis_ranging(point: Ints, level: Floats, emptied: Flags) -> Flags:
    """Return which readings, sorted by point and time, stand off both neighbours.

    The neighbours must agree with each other within two usual rises (90th percentiles), and the
    reading lie more than 25 points below both, or above both by that and by two usual rises. An
    emptying told by the file is none.
    """
    found = np.zeros(len(level), dtype=np.bool_)
    if len(level) < 3:  # noqa: PLR2004 - a reading and two neighbours
        return found
    rise = np.diff(level)
    usual = _usual_rise(rise[(np.diff(point) == 0) & ~emptied[:-1]])
    before, here, after = level[:-2], level[1:-1], level[2:]
    agree = (after - before > -_AGREEMENT) & (after - before <= max(2.0 * usual, _AGREEMENT))
    off = max(SPIKE, 2.0 * usual)
    above = here - np.maximum(before, after) > off
    below = np.minimum(before, after) - here > SPIKE
    inside = (point[:-2] == point[2:]) & ~emptied[:-2] & ~emptied[1:-1]
    found[1:-1] = inside & agree & (above | below)
    return found


def noise(point: Ints, level: Floats, emptied: Flags) -> float:
    """Return the standard deviation of a reading's error, points of fill; 0 where none shows.

    Falls of less than 15 points without an emptying are differences of two errors: their median
    size is 0.6745 sqrt(2) sigma where nothing came in, a little less where something did.
    """
    fall = -np.diff(level)
    small = (np.diff(point) == 0) & ~emptied[:-1] & (fall > 0.0) & (fall < FALL)
    if small.sum() < _FEWEST_FOR_NOISE:
        return 0.0
    return float(np.median(fall[small])) / (_NORMAL_QUARTILE * _SQRT_2)


def _first_of_moment(point: Ints, at_day: Floats) -> Flags:
    first = np.ones(len(point), dtype=np.bool_)
    first[1:] = (np.diff(point) != 0) | (np.diff(at_day) > 0.0)
    return first


def _usual_rise(rise: Floats) -> float:
    """Return the 90th percentile of moves that are no emptying nor a spike."""
    fair = np.abs(rise[np.abs(rise) < SPIKE])
    return float(np.quantile(fair, 0.9)) if len(fair) else _AGREEMENT


def _shortest_days(
    point: Ints, at: Floats, level: Floats, emptied: Flags, fall: float, sigma: float
) -> Floats:
    """Return how long a piece of each point lasts, shape (points,), at most 60 days.

    A day, or until the usual rise stands out of the noise.
    """
    rise, days = np.diff(level), np.diff(at)
    fair = (np.diff(point) == 0) & ~emptied[:-1] & (rise > -fall) & (level[:-1] < FULL_PERCENT)
    points = int(point.max()) + 1
    risen = np.bincount(point[1:][fair], rise[fair], minlength=points)
    spent = np.bincount(point[1:][fair], days[fair], minlength=points)
    rate = np.maximum(risen, 0.0) / np.maximum(spent, 1.0)
    wanted = NOISES_A_RISE * _SQRT_2 * sigma / np.maximum(rate, 1e-9)
    return np.asarray(np.clip(wanted, 1.0, _LONGEST_DAYS))


@njit(cache=True)
def cut(
    point: Ints,
    at: Floats,
    level: Floats,
    emptied: Flags,
    fall: float,
    shortest: Floats,
    least: float,
    full: float,
) -> tuple[Ints, Floats, Floats, Floats, Ints, int]:
    """Return the pieces of sorted readings: last row, start, end, amount in %, what is known.

    The last value is the number of emptyings, told or seen. Pieces last `shortest` days, one value
    a point; one cut short by an emptying or by the end of the readings is kept where it lasted half
    of that.
    """
    n = point.size
    rows = np.empty(n, dtype=np.int64)
    start = np.empty(n)
    end = np.empty(n)
    amount = np.empty(n)
    known = np.empty(n, dtype=np.int64)
    pieces = 0
    emptyings = 0
    anchored = False
    since = 0.0
    base = 0.0
    for row in range(n):
        fresh = row == 0 or point[row] != point[row - 1]
        fell = not fresh and not emptied[row - 1] and level[row] < level[row - 1] - fall
        if fell:
            emptyings += 1
        if fresh or fell:
            anchored = level[row] < full
            since = at[row]
            base = level[row]
        if emptied[row]:
            emptyings += 1
        # The reading is the last one before something ends: the point, or what it holds.
        last = (
            row == n - 1
            or point[row + 1] != point[row]
            or emptied[row]
            or level[row + 1] < level[row] - fall
        )
        days = at[row] - since
        wanted = shortest[point[row]]
        ripe = days >= wanted - 1e-9 or (last and days >= 0.5 * wanted)
        if anchored and ripe and days > 0.0:
            rows[pieces] = row
            start[pieces] = since
            end[pieces] = at[row]
            if level[row] >= full:
                known[pieces] = AT_LEAST
                amount[pieces] = full - base
                anchored = False
            elif level[row] - base <= least:
                known[pieces] = AT_MOST
                amount[pieces] = least
            else:
                known[pieces] = EXACT
                amount[pieces] = level[row] - base
            pieces += 1
            since = at[row]
            base = level[row]
        if emptied[row]:
            anchored = True
            since = at[row]
            base = 0.0
    return (
        rows[:pieces], start[:pieces], end[:pieces], amount[:pieces], known[:pieces], emptyings,
    )  # fmt: skip
