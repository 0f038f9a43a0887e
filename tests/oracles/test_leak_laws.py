"""Leak laws against closed forms and published values."""

from __future__ import annotations

import math

import numpy as np
import pytest

from models.water.leaks.laws import (
    babe_volume_m3,
    emitter_m3s,
    favad_coefficients,
    favad_exponent,
    favad_m3s,
    favad_split,
    night_day_factor_h,
    orifice_m3s,
    pressure_factor,
)
from models.water.leaks.published import CONNECTION, MAINS_KM, PRIVATE_PIPE, Component
from twin.errors import InputError


def test_favad_of_a_kilometre() -> None:
    """A0 = 1 cm2 and m = 5 mm2 per metre lose 6.5774 L/s under 50 m, with Cd 0.6."""
    half, three_halves = favad_coefficients(1e-4, 5e-6)
    assert float(favad_m3s(half, three_halves, 50.0)) * 1000 == pytest.approx(6.5774, abs=5e-5)


def test_favad_exponent_of_the_same_leak() -> None:
    """Its N1 is (0.5 x 1 + 1.5 x 2.5) / 3.5 = 1.2143, expansion being 2.5 times the fixed area."""
    assert float(favad_exponent(*favad_coefficients(1e-4, 5e-6), 50.0)) == pytest.approx(4.25 / 3.5)


def test_orifice_by_hand() -> None:
    """A hole of 1 cm2 under 50 m: 0.6 x 1e-4 x sqrt(981) = 1.8793 L/s, an emitter of N1 0.5."""
    flow = float(orifice_m3s(1e-4, 50.0))
    assert flow * 1000 == pytest.approx(0.06 * math.sqrt(981.0))
    assert float(emitter_m3s(flow / math.sqrt(50.0), 50.0)) == pytest.approx(flow)


def test_hidden_leak_of_the_gironde_guide() -> None:
    """A leak of 2.2 m3/h found after a year has lost 19,272 m3."""
    assert float(babe_volume_m3(2.2, 365 * 24.0, 0.0, 0.0)) == pytest.approx(19_272.0)


def test_burst_of_the_uarl_paper() -> None:
    """A burst of 12 m3/h that runs 1 + 1 + 1 days loses 864 m3."""
    assert float(babe_volume_m3(12.0, 24.0, 24.0, 24.0)) == pytest.approx(864.0)


def test_night_day_factor() -> None:
    """Constant pressure gives 24 h; a night at 60 m and a day at 40 m, N1 1, give 2 + 22 x 2/3."""
    assert float(night_day_factor_h(np.full(24, 37.0), 1.3)) == pytest.approx(24.0)
    pressure = np.full(24, 40.0)
    pressure[[2, 3]] = 60.0
    assert float(night_day_factor_h(pressure)) == pytest.approx(2.0 + 22.0 * 2.0 / 3.0)


def test_halved_pressure() -> None:
    """Halving pressure leaves 71 % of a fixed hole's flow, 50 % at N1 1 and 35 % at N1 1.5."""
    shares = pressure_factor(25.0, 50.0, [0.5, 1.0, 1.5])
    assert np.round(shares, 3).tolist() == [0.707, 0.5, 0.354]


@pytest.mark.parametrize(
    ("part", "units", "published"),
    [
        (MAINS_KM, 1.0, (9.6, 5.8, 2.6)),
        (CONNECTION, 1.0, (0.60, 0.04, 0.16)),
        # A kilometre of private pipe serves 1000 / 15 connections.
        (PRIVATE_PIPE, 1000.0 / 15.0, (16.0, 1.9, 7.1)),
    ],
)
def test_components_of_unavoidable_losses(
    part: Component, units: float, published: tuple[float, float, float]
) -> None:
    """Frequencies, flows and run times give the published table: totals within 2 %, parts 10 %."""
    litres = np.array(part.litres_per_day()) * units / 50.0
    assert litres.sum() == pytest.approx(sum(published), rel=0.02)
    assert litres == pytest.approx(np.array(published), rel=0.10)


def test_bad_arguments_are_named() -> None:
    """An exponent of 2, a pressure of 0 m and a day of 23 hours are refused, by name."""
    with pytest.raises(InputError) as caught:
        favad_split(1.0, 2.0, 0.0)
    assert [fault.key for fault in caught.value.faults] == ["n1", "pressure_m"]
    with pytest.raises(InputError):
        night_day_factor_h(np.ones(23))
