"""The sweep's vector formulas and searches against the scalar reference and plain loops."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.lora.diffraction import bullington_db as reference_bullington_db
from models.lora.diffraction import bullington_from_nu_db
from models.lora.spherical_earth import EFFECTIVE_EARTH_RADIUS_M, spherical_earth_db
from models.lora.sweep_hull import grow, highest_vertex, tangent_slope
from models.lora.sweep_loss import (
    OWN_SAMPLES,
    bullington_db,
    first_terms_db,
    smooth_nus,
    spherical_shares,
)
from models.lora.sweep_math import exp2, log2
from models.lora.sweep_radial import least_clearance

HEIGHTS = st.lists(st.floats(0.0, 300.0), min_size=1, max_size=80)


@settings(deadline=None)  # the first call may compile
@given(HEIGHTS, st.floats(-50.0, 400.0), st.floats(-0.5, 0.5), st.integers(0, 80))
def test_hull_answers_equal_a_loop_over_all_points(
    heights: list[float], receiver_m: float, slope: float, near: int
) -> None:
    """The tangent and the highest point over a line, from the hull, are those of all points."""
    ground = np.array([0.0, *heights])
    x = np.arange(ground.size) * 50.0
    hull = np.empty((3, ground.size))
    size = grow(hull[0], hull[1], hull[2], 0, 1, ground.size - 1, 50.0, ground)
    d = x[-1] + 30.0
    steepest = ((ground[1:] - receiver_m) / (d - x[1:])).max()
    found = tangent_slope(hull[0], hull[1], hull[2], size, d, receiver_m)
    assert found == pytest.approx(steepest, rel=1e-12, abs=1e-12)
    top = highest_vertex(hull[2], size, slope, near)
    highest = (ground[1:] - slope * x[1:]).max()
    assert hull[1, top] - slope * hull[0, top] == pytest.approx(highest, rel=1e-12, abs=1e-9)


@settings(deadline=None)  # the first call may compile
@given(HEIGHTS, st.floats(1e-4, 0.2), st.floats(1e-9, 1e-2))
def test_least_clearance_equals_a_loop_over_all_samples(
    heights: list[float], above: float, limit: float
) -> None:
    """The least scaled clearance found among the seen samples is that of all samples."""
    x = (np.arange(len(heights)) + 1) * 50.0
    slope = np.array(heights) / x
    ray, d = slope.max() + above, x[-1] + 20.0
    squared = ((ray - slope) ** 2 * x / (d - x)).min()
    seen = slope > np.concatenate([[-np.inf], np.maximum.accumulate(slope)[:-1]])
    found = least_clearance(int(seen.sum()), d, ray, x[seen], slope[seen], limit)
    assert found == pytest.approx(min(squared, limit), rel=1e-12)


@settings(deadline=None)  # the first call may compile
@given(st.floats(1e-200, 1e200))
def test_log2_is_the_logarithm(value: float) -> None:
    """The vector logarithm is within 1e-9 of the C library's."""
    assert log2(value) == pytest.approx(math.log2(value), abs=1e-9)


@settings(deadline=None)  # the first call may compile
@given(st.floats(-500.0, 500.0))
def test_exp2_is_the_power(value: float) -> None:
    """The vector power of two is within 1e-8 (relative) of the C library's."""
    assert exp2(value) == pytest.approx(2.0**value, rel=1e-8)


@settings(deadline=None)  # the first call may compile
@given(st.floats(-5.0, 500.0), st.floats(0.0, 200.0))
def test_bullington_equals_the_reference(nu: float, distance_km: float) -> None:
    """Bullington's loss from nu equals the scalar reference to 1e-6 dB."""
    assert bullington_db(nu, distance_km) == pytest.approx(
        bullington_from_nu_db(nu, distance_km), abs=1e-6
    )


@settings(max_examples=300, deadline=None)
@given(
    st.floats(1.5, 5.3),
    st.floats(-0.5, 3.0),
    st.floats(-0.5, 3.0),
    st.sampled_from([169.0, 433.0, 868.0, 2_400.0]),
    st.booleans(),
)
def test_spherical_earth_equals_the_reference(
    log_d: float, log_tx: float, log_rx: float, frequency_mhz: float, vertical: bool
) -> None:
    """The vector spherical-earth loss equals the scalar reference to 1e-3 dB at any geometry."""
    d, tx, rx = (np.array([10.0**v]) for v in (log_d, log_tx, log_rx))
    share, radius, first = np.empty(1), np.empty(1), np.empty(1)
    wavelength = 3.0e8 / (frequency_mhz * 1.0e6)
    spherical_shares(1, d, tx, rx, wavelength, EFFECTIVE_EARTH_RADIUS_M, share, radius)
    first_terms_db(1, d, tx, rx, radius, frequency_mhz, vertical, first)
    expected = spherical_earth_db(
        d[0], tx[0], rx[0], frequency_mhz, vertical, EFFECTIVE_EARTH_RADIUS_M
    )
    assert share[0] * first[0] == pytest.approx(expected, abs=1e-3)


@settings(max_examples=300, deadline=None)
@given(st.floats(60.0, 60_000.0), st.floats(-0.5, 2.7), st.floats(-0.5, 2.7))
def test_smooth_path_equals_the_loop_over_its_samples(
    distance_m: float, log_tx: float, log_rx: float
) -> None:
    """Bullington on the smooth path, from a few samples, equals the loop over all to 1e-6 dB."""
    step_m = 50.0
    segments = math.ceil(distance_m / step_m - 1e-9)
    along = np.arange(max(segments - OWN_SAMPLES, 1)) * step_m
    left = np.arange(min(OWN_SAMPLES, segments - 1), -1, -1) * (distance_m / segments)
    distances = np.concatenate([along, distance_m - left])
    tx, rx = 10.0**log_tx, 10.0**log_rx
    nu = np.empty(1)
    smooth_nus(
        1,
        np.array([distance_m]),
        np.array([tx]),
        np.array([rx]),
        np.array([segments]),
        step_m,
        3.0e8 / 868.0e6,
        EFFECTIVE_EARTH_RADIUS_M,
        nu,
    )
    expected = reference_bullington_db(
        distances,
        np.zeros(distances.size),
        tx,
        rx,
        868.0,
        EFFECTIVE_EARTH_RADIUS_M,
        True,  # noqa: FBT003 - numba calls are positional
    )
    assert bullington_db(nu[0], 0.001 * distance_m) == pytest.approx(expected, abs=1e-6)
