"""EN 13201-5: the worked example of a street with footways, all its digits."""

from __future__ import annotations

import pytest

from models.lighting.en13201.indicators import (
    Part,
    Period,
    energy_density,
    power_density,
    yearly_wh,
)

HOURS, QUIET_H = 4_292.81, 2_190.0
SODIUM = (Part(9.0, 180.0), Part(5.0, 90.0))
LED = (Part(7.6, 180.0), Part(5.1, 90.0))
"""Span 30 m; road 6 m, footways 2 x 1.5 m; area 270 m2 [D: sheet A5]."""


def test_power_densities() -> None:
    """D_P of sodium is 55.556 mW/(lx m2), of the LED lantern 19.704."""
    assert f"{1e3 * power_density(115.0, SODIUM):.3f}" == "55.556"
    assert f"{1e3 * power_density(36.0, LED):.3f}" == "19.704"


def test_sodium_all_night() -> None:
    """Sodium all night: 1.8284 kWh/m2 a year, 493.7 kWh a point."""
    periods = [Period(HOURS, 115.0)]
    assert f"{energy_density(periods, SODIUM) / 1e3:.4f}" == "1.8284"
    assert f"{yearly_wh(periods) / 1e3:.1f}" == "493.7"


@pytest.mark.parametrize(
    ("quiet", "told"),
    [
        (Period(QUIET_H, 36.0), "0.5724"),
        (Period(QUIET_H, 18.5), "0.4304"),
        (Period(QUIET_H, 0.4), "0.2836"),
    ],
)
def test_led_by_its_quiet_hours(quiet: Period, told: str) -> None:
    """The LED lantern in full, at 18.5 W from 23 to 5, or off with 0.4 W of standby."""
    periods = [Period(HOURS - QUIET_H, 36.0), quiet]
    assert f"{energy_density(periods, LED) / 1e3:.4f}" == told


def test_led_with_detection() -> None:
    """Presence a fifth of all hours, 20 % of the power otherwise: 0.2061 kWh/m2 a year."""
    periods = [Period(HOURS, 0.2 * 36.0, 36.0, 0.2)]
    assert f"{energy_density(periods, LED) / 1e3:.4f}" == "0.2061"
