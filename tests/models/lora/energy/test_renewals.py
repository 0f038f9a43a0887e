"""Distribution of lives and the wave of replacements."""

from __future__ import annotations

import numpy as np
import pytest

from models.lora.energy.battery import battery_of
from models.lora.energy.lifetimes import (
    CapacitySpread,
    capacity_factors,
    life_from_charge,
    weibull_shape,
)
from models.lora.energy.renewals import replacement_wave
from twin.errors import InputError
from twin.streams import Streams

KEYS = np.arange(100_000, dtype=np.uint64)


@pytest.mark.parametrize("law", ["normal", "weibull"])
def test_factors_have_the_mean_and_spread_asked(law: str) -> None:
    """Capacity factors average 1 and scatter by the variation asked, under both laws."""
    spread = CapacitySpread(law, 0.08)  # type: ignore[arg-type]
    factors = capacity_factors(Streams(1, 0), KEYS, spread, 2)
    assert factors.shape == (100_000, 2)
    assert factors.mean() == pytest.approx(1.0, abs=0.001)
    assert factors.std() == pytest.approx(0.08, rel=0.01)
    assert abs(np.corrcoef(factors.T)[0, 1]) < 0.015


def test_weibull_shape_of_the_exponential() -> None:
    """A variation of 1 is the exponential law, shape 1."""
    assert weibull_shape(1.0) == pytest.approx(1.0)


def test_no_spread_is_one() -> None:
    """Without spread every battery has its rated capacity."""
    assert (capacity_factors(Streams(1, 0), KEYS[:5], CapacitySpread("normal", 0.0)) == 1.0).all()


def test_replications_throw_other_dice() -> None:
    """Another replication gives other batteries, the same one the same."""
    spread = CapacitySpread()
    first = capacity_factors(Streams(1, 0), KEYS[:100], spread)
    assert np.array_equal(first, capacity_factors(Streams(1, 0), KEYS[:100], spread))
    assert not np.array_equal(first, capacity_factors(Streams(1, 1), KEYS[:100], spread))


def test_life_of_successive_batteries() -> None:
    """Factors of successive batteries give a life each, in proportion without ageing."""
    life = life_from_charge(
        np.array([1000.0, 500.0]),
        86400.0,
        0.0,
        battery_of("ideal-2400"),
        capacity_factor=np.array([[1.0, 0.5], [1.0, 2.0]]),
    )
    assert life.shape == (2, 2)
    assert life[:, 1] / life[:, 0] == pytest.approx([0.5, 2.0])
    assert life[1, 0] == pytest.approx(2 * life[0, 0])


def test_wave_by_hand() -> None:
    """Lives of 3 and 7.5 years over ten: years 3, 6, 9 in one zone, year 7 in the other."""
    wave = replacement_wave(np.array([3.0, 7.5]), np.array([0, 1]), 10)
    assert np.flatnonzero(wave.replaced[:, 0]).tolist() == [3, 6, 9]
    assert np.flatnonzero(wave.replaced[:, 1]).tolist() == [7]
    assert wave.first_alive_share.tolist() == [1, 1, 1, *[0.5] * 5, 0, 0, 0]
    assert wave.fitted == 6


def test_each_battery_has_its_own_life() -> None:
    """A second battery of half the life is replaced sooner; the last column repeats."""
    wave = replacement_wave(np.array([[6.0, 2.0]]), np.array([0]), 12)
    assert np.flatnonzero(wave.per_year).tolist() == [6, 8, 10]


def test_later_installation_delays_the_wave() -> None:
    """A device installed in year 4 has its replacements four years later."""
    wave = replacement_wave(np.array([3.0]), np.array([0]), 10, installed_years=4.0)
    assert np.flatnonzero(wave.per_year).tolist() == [7]


def test_eternal_batteries_are_never_replaced() -> None:
    """An infinite life makes no wave."""
    wave = replacement_wave(np.array([np.inf, np.inf]), np.array([0, 2]), 20)
    assert wave.replaced.shape == (20, 3)
    assert wave.replaced.sum() == 0
    assert (wave.first_alive_share == 1.0).all()


def test_no_devices() -> None:
    """An empty fleet has an empty wave."""
    wave = replacement_wave(np.empty(0), np.empty(0, dtype=np.int64), 5, zone_count=2)
    assert wave.replaced.sum() == 0


def test_bad_waves_are_refused() -> None:
    """Lives of no time, zones out of range or missing are refused."""
    with pytest.raises(InputError, match="life_years"):
        replacement_wave(np.array([0.0]), np.array([0]), 10)
    with pytest.raises(InputError, match="zones"):
        replacement_wave(np.array([1.0]), np.array([3]), 10, zone_count=2)
    with pytest.raises(InputError, match="zones"):
        replacement_wave(np.array([1.0, 2.0]), np.array([0]), 10)
