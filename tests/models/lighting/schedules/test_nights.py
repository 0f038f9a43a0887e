"""Nights on the sun and the clock: hours of a year, nights of the two changes, energy of slots."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.lighting.schedules.local_clock import local_clock
from models.lighting.schedules.nights import Profile, nights_profile
from models.lighting.schedules.presets import all_night, detection, dimmed, part_night
from models.lighting.schedules.schedule import Schedule
from models.lighting.sun.crossings import Crossings
from models.lighting.sun.passages import crossings

PARIS = ZoneInfo("Europe/Paris")
FIRST = {2024: 19_723, 2025: 20_089}
CHATEAUROUX = (46.81, 1.69, 155.0)


def sun_of(year: int, threshold_deg: float = -0.8333) -> Crossings:
    """Return the dusks and dawns of Châteauroux around a year."""
    return crossings(*CHATEAUROUX, FIRST[year] - 3, 372, threshold_deg)


def played(schedule: Schedule, year: int = 2025) -> Profile:
    """Return what a schedule does at Châteauroux in a year."""
    return nights_profile(schedule, sun_of(year, schedule.threshold_deg), year)


@pytest.mark.parametrize(
    ("hours", "off_h", "on_h"),
    [(("23:00", "05:00"), 2_190.0, 2_102.80), (("00:00", "06:00"), 2_189.69, 2_103.12)],
)
def test_part_night_of_2025(hours: tuple[str, str], off_h: float, on_h: float) -> None:
    """Off from 23 to 5 local time over 2025 is 2,190.00 h, always night; from 0 to 6, 2,189.69."""
    told = played(part_night(*hours))
    assert round(float(told.off_h[0]), 2) == off_h
    assert round(float(told.on_h[0]), 2) == on_h
    assert round(float(told.night_h[0]), 2) == 4_292.80


def test_part_night_is_exact() -> None:
    """The 2,190 hours are exact to a millisecond: 365 nights of six hours, changes included."""
    assert abs(float(played(part_night("23:00", "05:00")).off_h[0]) - 2_190.0) < 1e-6


def night_hours(evening: date, off_from: str, off_to: str) -> float:
    """Return the hours off, by elapsed time, of the night that begins in an evening."""
    off = part_night(off_from, off_to)
    dark, lit = played(off), played(all_night())
    begin = datetime(evening.year, evening.month, evening.day, 12, tzinfo=PARIS)
    end = datetime(evening.year, evening.month, evening.day + 1, 12, tzinfo=PARIS)
    first, last = (round((each.timestamp() - lit.begin_s) / 1800.0) for each in (begin, end))
    return float(0.5 * (lit.on_share - dark.on_share)[0, first:last].sum())


@pytest.mark.parametrize(
    ("evening", "hours"), [((2025, 3, 29), 5.0), ((2025, 10, 25), 7.0), ((2025, 6, 10), 6.0)]
)
def test_nights_of_the_two_changes(evening: tuple[int, int, int], hours: float) -> None:
    """Off from 23 to 5 lasts 5 h the night the clock jumps, 7 h the night it falls back."""
    assert abs(night_hours(date(*evening), "23:00", "05:00") - hours) < 1e-5


def test_half_hours_of_a_change() -> None:
    """In the October night light returns 14 half-hours after 23:00, at 5 o'clock."""
    told = played(part_night("23:00", "05:00"))
    at = datetime(2025, 10, 25, 23, tzinfo=PARIS).timestamp()
    first = round((at - told.begin_s) / 1800.0)
    assert (told.on_share[0, first : first + 14] == 0.0).all()
    assert told.on_share[0, first + 14] == 1.0
    assert told.on_share[0, first - 1] == 1.0


def test_leap_year_has_its_slots() -> None:
    """2024 has 17,568 half-hours, 2025 has 17,520."""
    assert played(all_night(), 2024).on_share.shape == (1, 17_568)
    assert played(all_night(), 2025).on_share.shape == (1, 17_520)


@settings(deadline=None)  # the first call compiles
@given(level=st.floats(0.01, 1.0), share=st.floats(0.0, 1.0))
def test_levels_add_up(level: float, share: float) -> None:
    """Hours of full light are night hours less what dimming takes off six hours a night."""
    told = played(detection("23:00", "05:00", level, share))
    mean = level + share * (1.0 - level)
    assert abs(float(told.level_h[0]) - (4_292.800_2 - 2_190.0 * (1.0 - mean))) < 1e-3
    assert abs(float(told.on_h[0]) - 4_292.800_2) < 1e-3


def test_slots_hold_the_hours() -> None:
    """Half-hours summed give the hours of the year, and none is more than full."""
    for schedule in (all_night(), part_night("22:17", "05:41"), dimmed("23:00", "05:00", 0.3)):
        told = played(schedule)
        assert abs(0.5 * told.on_share.sum(dtype=np.float64) - told.on_h[0]) < 1e-3
        assert abs(0.5 * told.mean_level.sum(dtype=np.float64) - told.level_h[0]) < 1e-3
        assert told.on_share.max() <= 1.0 + 1e-6
        assert (told.mean_level <= told.on_share + 1e-6).all()


def test_seasons_take_turns() -> None:
    """A season that holds the turn of the year rules winter nights, the next one the others."""
    winter, summer = all_night().seasons[0], part_night("23:00", "05:00").seasons[0]
    both = Schedule("two", -0.8333, (replace(winter, first=(11, 1), last=(2, 28)), summer))
    told = played(both)
    evenings = 365 - (30 + 31 + 31 + 28)  # November to February burn all night
    assert abs(float(told.off_h[0]) - 6.0 * evenings) < 1e-6


def test_weekdays_are_those_of_the_evening() -> None:
    """Saturday's nights alone lit throughout: 52 nights of six hours are not off in 2025."""
    week = part_night("23:00", "05:00").seasons[0]
    saturday = replace(all_night().seasons[0], weekdays=(5,))
    told = played(Schedule("saturday", -0.8333, (saturday, week)))
    assert abs(float(told.off_h[0]) - (2_190.0 - 52 * 6.0)) < 1e-6


def test_a_clock_that_is_fast_shifts_the_night() -> None:
    """A clock ten minutes fast lights ten minutes too early everywhere and as long in all."""
    found = sun_of(2025)
    right = nights_profile(part_night("23:00", "05:00"), found, 2025)
    fast = nights_profile(
        part_night("23:00", "05:00"), found, 2025, clock_error_s=np.array([1_800.0])
    )
    assert abs(float(fast.on_h[0] - right.on_h[0])) < 0.01
    assert (fast.on_share[0, :-1] == right.on_share[0, 1:]).mean() > 0.999


def test_threshold_must_match() -> None:
    """Crossings of another altitude are refused, and so are those that do not hold the year."""
    with pytest.raises(ValueError, match="threshold"):
        nights_profile(all_night(-6.0), sun_of(2025), 2025)
    with pytest.raises(ValueError, match="crossings"):
        nights_profile(all_night(), sun_of(2024), 2025)


def test_local_clock_goes_and_comes_back() -> None:
    """Wall to universal and back is the identity, but in the hour that March skips."""
    clock = local_clock(date(2025, 1, 1), date(2025, 12, 31))
    assert len(clock.from_s) == 3
    wall = (20_089 * 86_400.0) + np.arange(0.0, 364 * 86_400.0, 977.0)
    back = clock.local_s(clock.unix_s(wall))
    skipped = np.flatnonzero(back != wall)
    assert (back[skipped] - wall[skipped] == 3_600.0).all()
    assert 2 <= len(skipped) <= 5
    for moment in ("2025-03-30 01:59", "2025-03-30 03:00", "2025-10-26 03:00", "2025-07-01 12:00"):
        when = datetime.fromisoformat(moment)
        walls = (when - datetime(1970, 1, 1)).total_seconds()  # noqa: DTZ001 - the wall has no zone
        assert float(clock.unix_s(np.array([walls]))[0]) == when.replace(tzinfo=PARIS).timestamp()
