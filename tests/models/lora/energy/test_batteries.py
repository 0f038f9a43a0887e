"""Batteries and the temperatures they live at."""

from __future__ import annotations

import numpy as np
import pytest

from models.lora.energy.battery import Battery, battery_of, decay_per_year, life_years
from models.lora.energy.temperature import INDRE_AIR_C, ground_c
from twin.errors import InputError


def test_unknown_battery_lists_the_known() -> None:
    """An unknown battery is refused with the list of the known ones."""
    with pytest.raises(InputError, match="d-lisocl2, a-lisocl2"):
        battery_of("lead-acid")


def test_no_load_lasts_as_long_as_any_battery() -> None:
    """A battery that nothing drains is credited with its longest life, an empty one with none."""
    assert float(life_years(0.0, battery_of("d-lisocl2"))) == 20.0
    assert life_years(0.0, battery_of("ideal-2400"), 20.0, [1.0, 0.0]).tolist() == [np.inf, 0.0]


def test_self_discharge_doubles_every_ten_degrees() -> None:
    """2.3 % a year at 25 °C is half as much at 15 °C, and 0.8 to 1 % over the Indre's year."""
    cell = battery_of("d-lisocl2")
    assert decay_per_year(cell, 15.0) == pytest.approx(decay_per_year(cell, 25.0) / 2.0)
    assert 0.008 < decay_per_year(cell, INDRE_AIR_C) < 0.011


def test_cold_year_shortens_an_alkaline_life() -> None:
    """Two alkaline cells outdoors in the Indre last less than in a house, at the same current."""
    pair = battery_of("2xaa-alkaline")
    assert life_years(40.0, pair, INDRE_AIR_C) < 0.95 * life_years(40.0, pair, 20.0)


def test_constant_profile_is_a_constant() -> None:
    """Twelve equal months are one constant temperature."""
    cell = battery_of("a-lisocl2")
    assert life_years(30.0, cell, np.full(12, 5.0)) == pytest.approx(
        float(life_years(30.0, cell, 5))
    )


def test_indre_year() -> None:
    """The months of Châteauroux-Déols average to the normal of the year, 11.8 °C, within 0.1."""
    assert np.mean(INDRE_AIR_C) == pytest.approx(11.8, abs=0.1)


def test_pit_damps_and_delays() -> None:
    """The ground keeps the year's mean, swings less with depth, and warms later."""
    surface, pit, deep = (ground_c(depth_m=depth) for depth in (0.0, 0.5, 5.0))
    assert surface == pytest.approx(INDRE_AIR_C)
    assert pit.mean() == pytest.approx(np.mean(INDRE_AIR_C))
    assert np.ptp(deep) < np.ptp(pit) < np.ptp(surface)
    assert np.argmin(deep) > np.argmin(surface)


def test_single_wave_in_the_ground() -> None:
    """One wave a year at one damping depth is 1/e as high and late by a radian."""
    angle = 2 * np.pi * np.arange(360) / 360
    diffusivity = 6e-7
    depth = np.sqrt(diffusivity * 365.25 * 86400 / np.pi)
    wave = ground_c(np.cos(angle), depth_m=float(depth), diffusivity_m2_s=diffusivity)
    assert wave == pytest.approx(np.exp(-1) * np.cos(angle - 1.0), abs=1e-12)


@pytest.mark.parametrize(
    "wrong",
    [
        {"capacity_mah": 0.0},
        {"usable_share": 1.2},
        {"self_discharge_per_year": 1.0},
        {"cold_c": (0.0, 0.0), "cold_share": (1.0, 1.0)},
        {"cold_c": (0.0,), "cold_share": (0.5, 1.0)},
    ],
)
def test_impossible_batteries_are_refused(wrong: dict[str, float]) -> None:
    """A battery without capacity, with shares above 1 or a crooked curve is refused."""
    with pytest.raises(InputError):
        Battery(**{"name": "x", "capacity_mah": 1000.0, **wrong})  # type: ignore[arg-type]


def test_bad_questions_are_refused() -> None:
    """Negative or missing currents, and temperatures no meter meets, are refused."""
    with pytest.raises(InputError, match="mean_current_ua"):
        life_years([1.0, np.nan], battery_of())
    with pytest.raises(InputError, match="temperature_c"):
        life_years(1.0, battery_of(), 300.0)
