"""What light falls on a street, and how long it is what the street asks for."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.lighting.catalogue import read_catalogue
from models.lighting.class_hours import InClass, LevelHours, in_class, level_hours, quiet_hours
from models.lighting.hours import Places, hours_table
from models.lighting.lamp_types import LampType
from models.lighting.photometry import UTILISATION, asked_lx, kept_flux
from models.lighting.schedules.presets import all_night, detection, dimmed, part_night
from models.lighting.schedules.schedule import Schedule

CHATEAUROUX = Places(np.array([46.81]), np.array([1.69]), np.array([155.0]))
QUIET = (23.0, 5.0)
QUIET_H = 6.0 * 365.0


def kind(name: str) -> LampType:
    """Return a lantern of the catalogue."""
    return next(each for each in read_catalogue() if each.id == name)


@pytest.mark.parametrize(
    ("name", "lumens"), [("hps-100", 9.0 * 180 + 5.0 * 90), ("led-36", 7.6 * 180 + 5.1 * 90)]
)
def test_the_worked_example_gets_its_light(name: str, lumens: float) -> None:
    """Catalogue flux, utilisation and mid-life give the lumens on road and footways of sheet A5."""
    lamp = kind(name)
    on_street = lamp.flux_lm * UTILISATION[lamp.technology] * float(kept_flux(lamp, 10.0))
    assert on_street == pytest.approx(lumens, rel=0.02)


def test_light_fades_with_age_and_never_below_half() -> None:
    """An LED lantern loses light year by year; a discharge lamp is replaced before it shows."""
    led, sodium = kind("led-36"), kind("hps-100")
    ages = np.array([0.0, 5.0, 10.0, 100.0])
    left = kept_flux(led, ages)
    assert left[0] == pytest.approx(0.88)
    assert (np.diff(left) < 0.0).all()
    assert left[-1] == pytest.approx(0.44)
    assert kept_flux(sodium, 3.0) == kept_flux(sodium, 30.0)


def test_classes_ask_less_in_the_quiet_hours() -> None:
    """Two classes lower, P3 asks what P5 asks; the lowest class stays."""
    np.testing.assert_allclose(asked_lx(("P3", "P6", "C4")), [7.5, 2.0, 10.0])
    np.testing.assert_allclose(asked_lx(("P3", "P6", "C4"), 2), [3.0, 2.0, 7.5])


@lru_cache(maxsize=8)
def year(schedule: Schedule) -> LevelHours:
    """Return a schedule's year at Châteauroux."""
    return level_hours(hours_table(schedule, CHATEAUROUX, 2025), schedule, QUIET)


def one(schedule: Schedule, lx: float, busy: float, quiet: float, *, dims: bool = True) -> InClass:
    """Return what one lamp's year is."""
    return in_class(
        [year(schedule)], np.zeros(1, np.int64), np.zeros(1, np.int64), np.array([lx]),
        (np.array([busy]), np.array([quiet])), np.array([dims]),
    )  # fmt: skip


def test_hours_off_are_outside_the_class() -> None:
    """Off from 23 to 5 a lamp that is bright enough is outside for 2,190 hours, beyond for none."""
    told = one(part_night("23:00", "05:00"), lx=5.0, busy=5.0, quiet=2.0)
    assert told.outside_h[0] == pytest.approx(QUIET_H, abs=0.01)
    assert told.beyond_level_h[0] == pytest.approx(0.0)


def test_a_bright_lamp_is_beyond_all_night() -> None:
    """At twice what is asked half the light is beyond; in quiet hours that ask a fifth, 4/5."""
    told = one(all_night(), lx=10.0, busy=5.0, quiet=2.0)
    night = float(year(all_night()).burning[0].hours.sum())
    assert told.outside_h[0] == 0.0
    assert told.beyond_level_h[0] == pytest.approx(
        0.5 * (night - QUIET_H) + 0.8 * QUIET_H, rel=1e-6
    )


def test_a_weak_lamp_is_outside_all_night() -> None:
    """Short of both classes a lamp is outside from dusk to dawn, whatever the schedule."""
    for schedule in (all_night(), part_night("23:00", "05:00"), dimmed("23:00", "05:00", 0.3)):
        told = one(schedule, lx=1.0, busy=5.0, quiet=2.0)
        table = hours_table(schedule, CHATEAUROUX, 2025)
        assert told.outside_h[0] == pytest.approx(0.5 * table.night_share.sum(), rel=1e-5)


def test_dimming_meets_the_lower_class() -> None:
    """Dimmed to what the lower class asks a lamp is never outside; one that does not dim wastes."""
    night = dimmed("23:00", "05:00", 0.4)
    follows = one(night, lx=5.0, busy=5.0, quiet=2.0)
    assert follows.outside_h[0] == pytest.approx(0.0, abs=1.0)
    stays = one(night, lx=5.0, busy=5.0, quiet=2.0, dims=False)
    assert stays.outside_h[0] == 0.0
    assert stays.beyond_level_h[0] == pytest.approx(0.6 * QUIET_H, rel=1e-3)


def test_nobody_asks_light_where_nobody_is() -> None:
    """Low light between presences is neither outside nor beyond; full light in presence is."""
    told = one(detection("23:00", "05:00", 0.1, 0.2), lx=4.0, busy=4.0, quiet=2.0)
    assert told.outside_h[0] == pytest.approx(0.0, abs=1.0)
    assert told.beyond_level_h[0] == pytest.approx(0.2 * 0.5 * QUIET_H, rel=1e-3)


@settings(deadline=None, max_examples=40)
@given(lx=st.floats(0.1, 40.0), more=st.floats(1.0, 4.0), busy=st.floats(2.0, 20.0))
def test_more_light_is_never_outside_longer(lx: float, more: float, busy: float) -> None:
    """More light on a street is outside no longer and beyond no less."""
    night = dimmed("23:00", "05:00", 0.3)
    less, bright = one(night, lx, busy, busy / 2.0), one(night, lx * more, busy, busy / 2.0)
    assert bright.outside_h[0] <= less.outside_h[0]
    assert bright.beyond_level_h[0] >= less.beyond_level_h[0]


def test_quiet_hours_may_lie_after_midnight() -> None:
    """From 23 to 5 holds midnight; from 1 to 4 does not."""
    hour = np.array([0.0, 1.0, 3.5, 4.0, 12.0, 23.0])
    assert quiet_hours(hour, (23.0, 5.0)).tolist() == [True, True, True, True, False, True]
    assert quiet_hours(hour, (1.0, 4.0)).tolist() == [False, True, True, False, False, False]


def test_years_have_their_hours() -> None:
    """Hours burning and off are those from dusk to dawn, summer time's changes included."""
    told = year(part_night("23:00", "05:00"))
    table = hours_table(part_night("23:00", "05:00"), CHATEAUROUX, 2025)
    burning = sum(float(each.hours.sum()) for each in told.burning)
    assert burning + told.off_h.sum() == pytest.approx(0.5 * table.night_share.sum(), rel=1e-6)
    assert told.off_h[1].sum() == pytest.approx(QUIET_H, abs=0.01)
