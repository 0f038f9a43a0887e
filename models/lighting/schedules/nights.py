"""Schedules on the sun and the clock: what is lit in every half-hour of a year, place by place.

A night runs from noon to noon of the local clock; its steps are cut to what lies between dusk and
dawn. Half-hours are counted from local midnight of 1 January by elapsed time, 17,520 of them in 365
days: the two changes of the clock shift what the wall shows in between, not the count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.lighting.schedules.clock_times import NOON_S, of_night_s
from models.lighting.schedules.local_clock import PARIS, LocalClock, local_clock, noons_s
from models.lighting.schedules.schedule import Edge, Schedule, Season
from models.lighting.sun.crossings import Crossings

Floats = NDArray[np.float64]

HOUR_S = 3_600.0
SLOT_S = 1_800.0
SLOTS_A_DAY = 48


@dataclass(frozen=True, eq=False)
class Profile:
    """What a schedule does in a year at some places.

    Attributes
    ----------
    begin_s : float
        Unix time of slot 0: local midnight of 1 January.
    on_share : float32, shape (places, slots)
        Share of each half-hour with light, whatever its level.
    mean_level : float32, shape (places, slots)
        Level of light, averaged over the half-hour; presence included.
    night_share : float32, shape (places, slots)
        Share of each half-hour from dusk to dawn.
    on_h, level_h, night_h : float64, shape (places,)
        Hours with light, hours of full light, hours from dusk to dawn, in the year, unrounded.
    """

    begin_s: float
    on_share: NDArray[np.float32]
    mean_level: NDArray[np.float32]
    night_share: NDArray[np.float32]
    on_h: Floats
    level_h: Floats
    night_h: Floats

    @property
    def off_h(self) -> Floats:
        """Return the hours of night without light."""
        return self.night_h - self.on_h


def nights_profile(
    schedule: Schedule,
    found: Crossings,
    year: int,
    zone: str = PARIS,
    clock_error_s: Floats | None = None,
) -> Profile:
    """Return what a schedule does in a calendar year.

    Parameters
    ----------
    schedule
        Its threshold must be that of `found`.
    found
        Dawns and dusks from two days before the year to two days after it, at least.
    year, zone
    clock_error_s : float64, shape (places,), optional
        How much the clock of each place is fast: it then switches so much too early, at dusk and
        dawn too, since it reckons them from its own time.

    Raises
    ------
    ValueError
        The crossings are of another threshold, or do not hold the year.
    """
    if found.threshold_deg != schedule.threshold_deg:
        raise ValueError(
            f"{schedule.id}: threshold {schedule.threshold_deg}, not {found.threshold_deg}"
        )
    place = ZoneInfo(zone)
    first, last = date(year, 1, 1), date(year, 12, 31)
    begin_s, end_s = (datetime(at, 1, 1, tzinfo=place).timestamp() for at in (year, year + 1))
    clock = local_clock(first - timedelta(days=2), last + timedelta(days=2), zone)
    nights = (last - first).days + 2  # from that which 31 December began
    row = (first - timedelta(days=1) - date(1970, 1, 1)).days - found.first_day
    if row < 1 or row + nights + 1 > found.dusk_s.shape[1]:
        raise ValueError(f"{year}: crossings of days {row} to {row + nights} are needed")
    steps = night_steps(schedule, first - timedelta(days=1), nights, clock)
    slots = round((end_s - begin_s) / SLOT_S)
    places = len(found.dusk_s)
    on, level, night = np.zeros((3, places, slots), dtype=np.float32)
    hours = np.zeros((3, places))
    error = np.zeros(places) if clock_error_s is None else np.asarray(clock_error_s, np.float64)
    _light(
        found.dusk_s, found.dawn_s, row, steps.first, steps.begin_s, steps.end_s, steps.level,
        error, begin_s, end_s, on, level, night, hours,
    )  # fmt: skip
    return Profile(begin_s, on, level, night, hours[0], hours[1], hours[2])


@dataclass(frozen=True, eq=False)
class NightSteps:
    """Steps night after night: those of night n are rows `first[n]` to `first[n + 1]`.

    `begin_s`, `end_s` are Unix times, minus and plus infinity at dusk and dawn; `level` is the mean
    level, presence included.
    """

    first: NDArray[np.int64]
    begin_s: Floats
    end_s: Floats
    level: Floats


def night_steps(schedule: Schedule, first: date, nights: int, clock: LocalClock) -> NightSteps:
    """Return the steps of nights, the first of which begins in the evening of `first`.

    Raises
    ------
    ValueError
        No season holds a night.
    """
    noons = noons_s(first, nights)
    starts, begin, end, level = [0], [], [], []
    for number in range(nights):
        evening = first + timedelta(days=number)
        season = season_of(schedule, evening)
        for step in season.steps:
            begin.append(_wall_s(step.begin, float(noons[number])))
            end.append(_wall_s(step.end, float(noons[number])))
            level.append(step.mean_level)
        starts.append(len(level))
    return NightSteps(np.array(starts), _unix(clock, begin), _unix(clock, end), np.array(level))


def season_of(schedule: Schedule, evening: date) -> Season:
    """Return the season that holds the night which begins that evening.

    Raises
    ------
    ValueError
        None does.
    """
    for season in schedule.seasons:
        if evening.weekday() in season.weekdays and _holds(season, (evening.month, evening.day)):
            return season
    raise ValueError(f"{schedule.id}: no season holds the night of {evening.isoformat()}")


def _holds(season: Season, day: tuple[int, int]) -> bool:
    if season.first <= season.last:
        return season.first <= day <= season.last
    return day >= season.first or day <= season.last


def _wall_s(edge: Edge, noon_s: float) -> float:
    if edge == "dusk":
        return -np.inf
    if edge == "dawn":
        return np.inf
    return noon_s + of_night_s(float(edge))


def _unix(clock: LocalClock, wall: list[float]) -> Floats:
    """Return Unix times; infinities stay."""
    walls = np.array(wall)
    finite = np.isfinite(walls)
    return np.where(finite, clock.unix_s(np.where(finite, walls, NOON_S)), walls)


@njit(cache=True, error_model="numpy")
def _spread(row: Any, begin_s: float, end_s: float, amount: float) -> None:
    """Add a stretch of time to the half-hours it touches, as shares of them."""
    first = int(begin_s / SLOT_S)
    last = min(int(end_s / SLOT_S), len(row) - 1)
    for s in range(first, last + 1):
        share = min(end_s / SLOT_S, s + 1.0) - max(begin_s / SLOT_S, s)
        if share > 0.0:
            row[s] += amount * share


@njit(cache=True, error_model="numpy")
def _light(  # noqa: PLR0917 - the tables and results of one call
    dusk_s: Any, dawn_s: Any, row: int, first: Any, step_begin: Any, step_end: Any, step_level: Any,
    error_s: Any, begin_s: float, end_s: float, on: Any, level: Any, night_share: Any, hours: Any,
) -> None:  # fmt: skip
    """Add every lit stretch of every night to the half-hours it touches."""
    for p in range(on.shape[0]):
        for night in range(len(first) - 1):
            dusk, dawn = dusk_s[p, row + night], dawn_s[p, row + night + 1]
            dusk, dawn = dusk - error_s[p], dawn - error_s[p]
            if not dusk < dawn:  # the sun does not set, or not rise
                continue
            begin, end = max(dusk, begin_s), min(dawn, end_s)
            if begin < end:
                hours[2, p] += (end - begin) / HOUR_S
                _spread(night_share[p], begin - begin_s, end - begin_s, 1.0)
            for step in range(first[night], first[night + 1]):
                if step_level[step] <= 0.0:
                    continue
                begin = max(dusk, step_begin[step] - error_s[p], begin_s)
                end = min(dawn, step_end[step] - error_s[p], end_s)
                if begin >= end:
                    continue
                hours[0, p] += (end - begin) / HOUR_S
                hours[1, p] += step_level[step] * (end - begin) / HOUR_S
                _spread(on[p], begin - begin_s, end - begin_s, 1.0)
                _spread(level[p], begin - begin_s, end - begin_s, step_level[step])
