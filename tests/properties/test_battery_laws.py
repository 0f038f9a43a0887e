"""Laws of charge, batteries and replacements."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.lora.energy.battery import (
    BATTERIES,
    YEAR_H,
    Battery,
    cost_of_cold,
    decay_per_year,
    left_mah,
    life_years,
)
from models.lora.energy.lifetimes import CapacitySpread, capacity_factors
from models.lora.energy.renewals import replacement_wave
from twin.streams import Streams

currents_ua = st.floats(0.1, 5000.0)
temperatures_c = st.floats(-20.0, 50.0)
named = st.sampled_from(sorted(BATTERIES))


@given(named, currents_ua, st.floats(0.0, 500.0), temperatures_c)
def test_more_charge_never_lengthens_life(
    name: str, current_ua: float, more_ua: float, temperature_c: float
) -> None:
    """More frames, hence more current, never lengthen a life."""
    lives = life_years([current_ua, current_ua + more_ua], BATTERIES[name], temperature_c)
    assert lives[1] <= lives[0] * (1.0 + 1e-12)


@given(named, currents_ua, st.floats(1.0, 5.0), temperatures_c)
def test_larger_battery_never_shortens_life(
    name: str, current_ua: float, factor: float, temperature_c: float
) -> None:
    """A larger battery lasts at least as long, and at most in proportion."""
    small, large = life_years(current_ua, BATTERIES[name], temperature_c, [1.0, factor])
    assert small <= large * (1.0 + 1e-12)
    assert large <= small * factor * (1.0 + 1e-9)


@given(currents_ua, st.floats(25.0, 45.0), st.floats(0.0, 15.0))
def test_heat_shortens_life(current_ua: float, temperature_c: float, more_c: float) -> None:
    """Above the reference temperature a hotter battery never lasts longer."""
    cell = BATTERIES["d-lisocl2"]
    cool = life_years(current_ua, cell, temperature_c)
    hot = life_years(current_ua, cell, temperature_c + more_c)
    assert hot <= cool * (1.0 + 1e-12)


@given(currents_ua, st.floats(0.0, 0.2), st.floats(-20.0, 40.0))
def test_bounds(current_ua: float, loss: float, temperature_c: float) -> None:
    """A life lies between capacity over all losses when new, and capacity over the drain."""
    battery = Battery("test", 2400.0, self_discharge_per_year=loss)
    drain = current_ua * YEAR_H / 1000.0 * cost_of_cold(battery, temperature_c)
    decay = decay_per_year(battery, temperature_c)
    life = float(life_years(current_ua, battery, temperature_c))
    assert 2400.0 / (drain + decay * 2400.0) <= life * (1.0 + 1e-9)
    assert life <= 2400.0 / drain * (1.0 + 1e-9)


@given(st.floats(5.0, 500.0), st.floats(0.001, 0.2), st.floats(0.05, 0.95))
def test_charge_is_conserved(current_ua: float, loss: float, share: float) -> None:
    """What is left, drawn and self-discharged add up to the new battery, at any moment of it."""
    battery = Battery("test", 2400.0, self_discharge_per_year=loss)
    span = share * float(life_years(current_ua, battery))
    decay = decay_per_year(battery, 20.0)
    times = np.linspace(0.0, span, 2001)
    left = left_mah(times, current_ua, battery)
    own = decay * float(np.trapezoid(left, times))
    drawn = current_ua * YEAR_H / 1000.0 * span
    assert abs(left[-1] + drawn + own - 2400.0) < 1e-3


@given(st.floats(5.0, 500.0), temperatures_c)
def test_empty_at_the_end_of_life(current_ua: float, temperature_c: float) -> None:
    """The closed-form life is when the closed-form charge reaches zero."""
    battery = Battery("test", 2400.0, self_discharge_per_year=0.02)
    life = float(life_years(current_ua, battery, temperature_c))
    assert float(left_mah(life, current_ua, battery, temperature_c)) < 1e-6
    assert float(left_mah(0.99 * life, current_ua, battery, temperature_c)) > 0.0


lives_and_zones = st.lists(
    st.tuples(st.floats(0.1, 40.0), st.integers(0, 3)), min_size=1, max_size=30
)


@given(lives_and_zones, st.integers(1, 20))
def test_ledger_of_replacements(pairs: list[tuple[float, int]], horizon: int) -> None:
    """Every battery fitted is dead or in service: one in each device, the dead all replaced."""
    lives = np.array([life for life, _ in pairs])
    zones = np.array([zone for _, zone in pairs])
    wave = replacement_wave(lives, zones, horizon, zone_count=4)
    dead = 0
    for life in lives:
        end = life
        while end < horizon:
            dead += 1
            end += life
    assert wave.replaced.sum() == dead
    assert wave.fitted == dead + lives.size
    assert wave.devices.sum() == lives.size


@given(lives_and_zones, st.integers(1, 20))
def test_first_deaths_are_in_the_wave(pairs: list[tuple[float, int]], horizon: int) -> None:
    """First batteries dead before a year are all among the replacements up to it."""
    lives = np.array([life for life, _ in pairs])
    wave = replacement_wave(lives, np.zeros(lives.size, dtype=np.int64), horizon)
    gone = np.round((1.0 - wave.first_alive_share[1:]) * lives.size)
    strictly = np.array([(lives < year).sum() for year in range(1, horizon + 1)])
    assert (strictly <= np.cumsum(wave.per_year)).all()
    assert (gone >= strictly).all()
    assert (np.diff(wave.first_alive_share) <= 0.0).all()


@given(
    st.lists(st.integers(0, 2**64 - 1), min_size=2, max_size=20, unique=True),
    st.sampled_from(["normal", "weibull"]),
    st.integers(1, 4),
)
def test_adding_a_device_moves_no_other_draw(keys: list[int], law: str, batteries: int) -> None:
    """A battery's factor depends on its device's key and its turn alone."""
    streams = Streams(5, 0)
    spread = CapacitySpread(law, 0.1)  # type: ignore[arg-type]
    every = np.array(keys, dtype=np.uint64)
    whole = capacity_factors(streams, every, spread, batteries + 1)
    some = capacity_factors(streams, every[1:], spread, batteries)
    assert np.array_equal(whole[1:, :batteries], some)
