"""Rounds: when each meter's index is read for its bill, and whom a high one tells of a leak.

Rounds pass whoever watches: a fresh index by radio stands for a reading, and somebody walks to the
meters that sent none. So with a dead link the readings are those of a service without radio.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.water.customers.airing import Heard
from models.water.customers.played import Floats, Played, Rows
from models.water.customers.practice import Days, Practice
from models.water.metering.dice import units
from models.water.metering.meters import DAYS_A_YEAR
from models.water.metering.warsmann import is_abnormal
from models.water.settings import Reading
from twin.units import DAY_S


@dataclass(frozen=True, eq=False)
class Rounds:
    """Readings of the played meters of a zone; arrays of shape (meters, rounds).

    Attributes
    ----------
    day : NDArray[np.int64]
        Midnight whose index is read, days from the start of the run.
    made : NDArray[np.bool_]
        Whether there is an index.
    visited : NDArray[np.bool_]
        Whether somebody came, on foot or by car, to find one or not.
    told_days : NDArray[np.float64]
        From the index to telling.
    """

    day: Rows
    made: NDArray[np.bool_]
    visited: NDArray[np.bool_]
    told_days: Floats

    def of(self, meters: NDArray[np.bool_]) -> Rounds:
        """Return those of some meters."""
        return Rounds(
            self.day[meters], self.made[meters], self.visited[meters], self.told_days[meters]
        )


def rounds_of(
    played: Played,
    reading: Reading,
    per_year: int,
    practice: Practice,
    days: Days,
    heard: Heard | None,
) -> Rounds:
    """Return the rounds of a zone: each `per_year` a year, from a day of the zone's own."""
    key = played.meters.key
    every = DAYS_A_YEAR / per_year
    first = played.round_share * every
    number = np.arange(-int(days.beyond / every), int((days.end + days.beyond) / every) + 1)
    within = practice.round_days * units(key, "round")
    day = np.floor(first + number * every + within[:, np.newaxis]).astype(np.int64)
    inside = (day >= -days.beyond) & (day < days.end + days.beyond)
    die = np.stack([units(key, "missed", int(each)) for each in number], axis=1)
    if reading == "drive-by":
        fails = played.meters.module_fails_day[:, np.newaxis]
        dead = (fails < day) & (fails >= day - every)  # the round that finds it dead mends it
        made = inside & (die >= practice.missed_by_car) & ~dead
        told = np.full(day.shape, practice.told_days_by_radio)
        return Rounds(day, made, inside, told)
    made = inside & (die >= practice.missed_on_foot)
    told = np.full(day.shape, practice.told_days_on_foot)
    if heard is None:
        return Rounds(day, made, inside, told)
    fresh = _fresh(heard.midnight_s, day, practice.recent_days)
    by_radio = inside & (fresh >= 0)
    return Rounds(
        day=np.where(by_radio, fresh, day),
        made=made | by_radio,
        visited=inside & ~by_radio,
        told_days=np.where(by_radio, practice.told_days_by_radio, told),
    )


def _fresh(midnight_s: Floats, day: Rows, recent: int) -> Rows:
    """Return the last midnight known by the end of each day, if it is recent; else -1."""
    found = np.full(day.shape, -1, dtype=np.int64)
    meter = np.arange(len(day))[:, np.newaxis]
    last = midnight_s.shape[1] - 1
    for back in range(recent, -1, -1):
        then = day - back
        ours = (then >= 0) & (day <= last)
        known_s = midnight_s[meter, np.clip(then, 0, last)]
        found = np.where(ours & (known_s < (day + 1) * DAY_S), then, found)
    return found


@dataclass(frozen=True, eq=False)
class Periods:
    """What each reading bills: the time since the last one; arrays of shape (meters, rounds).

    Attributes
    ----------
    begin, end : NDArray[np.int64]
        Days of the two indices; meaningless where there is no period.
    volume_m3, usual_m3 : NDArray[np.float64]
        What the dial moved by; what it usually does at that season.
    abnormal : NDArray[np.bool_]
        A home's volume above twice the usual; False where there is no period.
    told_s : NDArray[np.float64]
        When the customer gets to know of the volume; NaN where there is no period.
    """

    begin: Rows
    end: Rows
    volume_m3: Floats
    usual_m3: Floats
    abnormal: NDArray[np.bool_]
    told_s: Floats


def periods_of(
    rounds: Rounds,
    rows: NDArray[np.int64],
    registered_m3: Floats,
    usual_m3: Floats,
    housing: NDArray[np.bool_],
    days: Days,
) -> Periods:
    """Return the periods of some meters between one index and the next that there is.

    The law compares with the same period of three years before [V]; here with what is expected of
    it, which the mean of three years comes to [D].

    Parameters
    ----------
    rows
        The meters, rows of `rounds`.
    registered_m3, usual_m3
        By day from `beyond` days before the start, shape (rows, all days).
    housing
        Which of them are homes; shape (rows,).
    """
    day, made = rounds.day[rows], rounds.made[rows]
    column = np.where(made, np.arange(day.shape[1]), -1)
    before = np.maximum.accumulate(column, axis=1)
    before = np.concatenate([np.full((len(rows), 1), -1), before[:, :-1]], axis=1)
    begin = np.take_along_axis(day, np.maximum(before, 0), axis=1)
    exists = made & (before >= 0) & (begin < day)
    volume = _between(registered_m3, begin, day, days.beyond)
    usual = _between(usual_m3, begin, day, days.beyond)
    told_s = day * DAY_S + rounds.told_days[rows] * DAY_S
    return Periods(
        begin=begin,
        end=day,
        volume_m3=np.where(exists, volume, 0.0),
        usual_m3=np.where(exists, usual, 0.0),
        abnormal=exists & is_abnormal(volume, usual) & housing[:, np.newaxis],
        told_s=np.where(exists, told_s, np.nan),
    )


def between_m3(periods: Periods, by_day_m3: Floats, days: Days) -> Floats:
    """Return the part of some series, (meters, all days), that falls in each period."""
    part = _between(by_day_m3, periods.begin, periods.end, days.beyond)
    return np.where(np.isnan(periods.told_s), 0.0, part)


def _between(by_day: Floats, begin: Rows, end: Rows, beyond: int) -> Floats:
    none = np.zeros((len(by_day), 1))
    total = np.concatenate([none, np.cumsum(by_day, axis=1)], axis=1)
    last = total.shape[1] - 1
    first = np.take_along_axis(total, np.clip(begin + beyond, 0, last), axis=1)
    return np.asarray(np.take_along_axis(total, np.clip(end + beyond, 0, last), axis=1) - first)
