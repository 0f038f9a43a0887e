"""Load curves: energy closes, losses are where they should, tariffs and powers subscribed."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.lighting.demand.curves import Load, Losses, load_curves_w, yearly_kwh
from models.lighting.demand.tariff import Tariff, energy_bill, off_peak_slots, subscribed_kva
from models.lighting.schedules.local_clock import local_clock
from models.lighting.schedules.nights import nights_profile
from models.lighting.schedules.presets import all_night, dimmed, part_night
from models.lighting.sun.passages import crossings

FIRST = 20_089
PLACES = 5
COMMUNE = np.array([0, 3, 3, 1, 4, 2, 0], dtype=np.int32)


def loads(dice: np.random.Generator) -> list[Load]:
    """Return a part-night load and a dimmed one over some cabinets."""
    lat, lon = np.linspace(46.4, 47.2, PLACES), np.linspace(0.9, 2.2, PLACES)
    found = crossings(lat, lon, np.full(PLACES, 100.0), FIRST - 3, 371, -0.8333)
    cabinets = len(COMMUNE)
    return [
        Load(
            nights_profile(schedule, found, 2025),
            dice.uniform(0.0, 3_000.0, cabinets),
            dice.uniform(0.0, 3_000.0, cabinets),
            dice.uniform(0.0, 40.0, cabinets),
        )
        for schedule in (part_night("23:00", "05:00"), dimmed("22:30", "05:15", 0.3))
    ]


@settings(deadline=None, max_examples=10)  # the first call compiles
@given(seed=st.integers(0, 10_000), share=st.floats(0.0, 0.2), clock_w=st.floats(0.0, 20.0))
def test_energy_closes(seed: int, share: float, clock_w: float) -> None:
    """Half-hours summed give the energy of uncut hours, to 1e-6, cabinet by cabinet."""
    some, losses = loads(np.random.default_rng(seed)), Losses(share, clock_w)
    curves = load_curves_w(COMMUNE, some, losses)
    summed = 0.5e-3 * curves.sum(axis=1, dtype=np.float64)
    assert curves.shape == (len(COMMUNE), 17_520)
    assert np.abs(summed / yearly_kwh(COMMUNE, some, losses) - 1.0).max() < 1e-6


def test_nothing_but_the_clock_by_day() -> None:
    """At noon a cabinet draws its clock alone, whatever it feeds."""
    curves = load_curves_w(COMMUNE, loads(np.random.default_rng(1)), Losses(0.03, 2.0))
    assert (curves[:, 24::48] == 2.0).all()
    assert (curves >= 2.0).all()


def test_off_peak_hours_follow_the_local_clock() -> None:
    """From 22:00 to 06:00 local there are 16 half-hours a night, 14 when the clock jumps."""
    clock = local_clock(date(2025, 1, 1), date(2025, 12, 31))
    begin_s = FIRST * 86_400.0 - 3_600.0
    cheap = off_peak_slots(17_520, begin_s, clock, (22.0, 6.0))
    assert cheap.sum() == 365 * 16 - 2 + 2
    march = round((20_176 * 86_400.0 + 11 * 3_600.0 - begin_s) / 1_800.0)  # noon of 29 March
    assert cheap[march : march + 46].sum() == 14


def test_off_peak_price() -> None:
    """With one price day and night the bill is energy times it; a lower one off peak takes off."""
    some = loads(np.random.default_rng(2))
    curves = load_curves_w(COMMUNE, some)
    clock, kva = local_clock(date(2025, 1, 1), date(2025, 12, 31)), np.full(len(COMMUNE), 6.0)
    begin_s = some[0].profile.begin_s
    flat = energy_bill(curves, begin_s, clock, kva, Tariff(0.2, 50.0, 10.0))
    assert np.allclose(flat.energy_eur, 0.2 * flat.kwh)
    assert np.allclose(flat.fixed_eur, 310.0)
    same = energy_bill(curves, begin_s, clock, kva, Tariff(0.2, 50.0, 10.0, 0.2))
    assert np.allclose(same.energy_eur, flat.energy_eur)
    less = energy_bill(curves, begin_s, clock, kva, Tariff(0.2, 50.0, 10.0, 0.1))
    assert (less.energy_eur < flat.energy_eur).all()
    assert (less.energy_eur > 0.5 * flat.energy_eur).all()


@pytest.mark.parametrize(
    ("watts", "kva"), [(80.0, 0.1), (900.0, 1.0), (901.0, 1.5), (40_000.0, 44.4)]
)
def test_subscribed_power(watts: float, kva: float) -> None:
    """The least step that holds the watts at cos phi 0.9; beyond the largest, what is needed."""
    assert float(subscribed_kva(np.array([watts]))[0]) == pytest.approx(kva, abs=0.05)


def test_all_night_is_the_most() -> None:
    """No schedule draws more than all night, at any half-hour."""
    found = crossings([46.8], [1.7], [100.0], FIRST - 3, 371, -0.8333)
    whole = nights_profile(all_night(), found, 2025)
    less = nights_profile(part_night("23:00", "05:00"), found, 2025)
    assert (less.on_share <= whole.on_share + 1e-6).all()
