"""Hours outside the class a street asks for, and light beyond it, lamp by lamp.

In the quiet hours a street asks for a lower class. A lamp that is off, or whose light falls short,
is outside; what it gives beyond is burnt for nothing. Where detection leaves a lamp low because
nobody is there, nothing is asked: neither outside nor beyond [U: convention].
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.lighting.hours import HALF_HOUR, HoursTable
from models.lighting.schedules.schedule import Schedule

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FINE = 100
"""Levels are told apart to a hundredth."""
BUSY, QUIET = 0, 1


class Burning(NamedTuple):
    """Hours of a year at one level: `hours` of shape (2, communes), busy and quiet."""

    level: float
    hours: Floats


@dataclass(frozen=True, eq=False)
class LevelHours:
    """A year's night by level and commune.

    Attributes
    ----------
    burning : tuple of Burning
        What somebody asks light of, level by level; low light where nobody is there is not in it.
    off_h : float64, shape (2, communes)
        Hours of night without light, busy and quiet.
    """

    burning: tuple[Burning, ...]
    off_h: Floats


class InClass(NamedTuple):
    """By lamp: hours outside its class, and hours of full light beyond what is asked.

    `beyond_on_h` weighs what is drawn at any level, `beyond_level_h` what follows the level.
    """

    outside_h: Floats
    beyond_on_h: Floats
    beyond_level_h: Floats


def quiet_hours(hour: Floats, quiet: tuple[float, float]) -> NDArray[np.bool_]:
    """Return which half-hours lie in the quiet hours, local clock."""
    late, early = quiet
    if late >= early:
        return np.asarray((hour >= late) | (hour < early))
    return np.asarray((hour >= late) & (hour < early))


def level_hours(table: HoursTable, schedule: Schedule, quiet: tuple[float, float]) -> LevelHours:
    """Return the hours of a schedule by level, at the middle threshold of its table."""
    is_quiet = quiet_hours(table.hour, quiet)
    by_level = np.stack([_by_level(table, ~is_quiet), _by_level(table, is_quiet)])
    night = np.stack(
        [table.night_share[:, some].sum(axis=1, dtype=np.float64) for some in (~is_quiet, is_quiet)]
    )
    found = []
    for number in np.flatnonzero(by_level.any(axis=(0, 1))).tolist():
        hours = by_level[:, :, number]
        found += [Burning(part, share * hours) for part, share in _parts(schedule, number / FINE)]
    return LevelHours(tuple(found), HALF_HOUR * night - by_level.sum(axis=2))


def _by_level(table: HoursTable, some: NDArray[np.bool_]) -> Floats:
    """Return hours with light by commune and level, hundredths, of some half-hours."""
    on = table.on_share[:, some]
    with np.errstate(invalid="ignore", divide="ignore"):
        level = np.where(on > 0.0, FINE * table.level[:, some] / on, 0.0)
    communes = len(on)
    place = np.rint(level).astype(np.int64) + (FINE + 1) * np.arange(communes)[:, None]
    hours = np.bincount(place.ravel(), on.ravel(), communes * (FINE + 1))
    return np.asarray(HALF_HOUR * hours.reshape(communes, FINE + 1), dtype=np.float64)


def _parts(schedule: Schedule, mean_level: float) -> list[tuple[float, float]]:
    """Return the levels behind a mean one that somebody sees, with their shares of the time."""
    for season in schedule.seasons:
        for step in season.steps:
            if step.detected_share > 0.0 and abs(step.mean_level - mean_level) < 0.5 / FINE:
                return [(step.detected_level, step.detected_share)]
    return [(mean_level, 1.0)]


def off_h(each: Sequence[LevelHours], chosen: Ints) -> Floats:
    """Return the hours of night without light, shape (communes,)."""
    stacked = np.stack([told.off_h.sum(axis=0) for told in each])
    return np.asarray(stacked[chosen, np.arange(len(chosen))])


def in_class(
    each: Sequence[LevelHours],
    chosen: Ints,
    commune: Ints,
    lx: Floats,
    asked: tuple[Floats, Floats],
    dims: NDArray[np.bool_],
) -> InClass:
    """Return hours outside and beyond, by lamp.

    Parameters
    ----------
    each
        The schedules in force.
    chosen : int64, shape (communes,)
        Which of them each commune keeps.
    commune : int64, shape (lamps,)
    lx : float64, shape (lamps,)
        Light at full level.
    asked : two float64, shape (lamps,)
        What is asked in busy and in quiet hours, lx.
    dims : bool, shape (lamps,)
        Whether a lamp follows levels; others are full at any level above 0.
    """
    outside, on, level = np.zeros((3, len(lx)))
    for number, told in enumerate(each):
        rows = np.flatnonzero((chosen == number)[commune])
        if not len(rows):
            continue
        place = commune[rows]
        for period in (BUSY, QUIET):
            need = asked[period][rows] / np.maximum(lx[rows], 1e-9)
            outside[rows] += told.off_h[period, place]
            for burning in told.burning:
                hours = burning.hours[period, place]
                at = np.where(dims[rows], burning.level, 1.0)
                outside[rows] += np.where(at < need, hours, 0.0)
                beyond = np.maximum(at - need, 0.0) * hours
                level[rows] += beyond
                on[rows] += beyond / at
    return InClass(outside, on, level)
