"""Dawn and dusk anywhere, any day, any threshold."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.lighting.sun.grid import altitudes_deg
from models.lighting.sun.passages import crossings
from models.lighting.sun.position import sun_position
from models.lighting.sun.spa_day import spa_day

DAY_S = 86_400.0
FIRST_2025 = 20_089


@settings(deadline=None)  # the first call compiles
@given(
    lat=st.floats(-89.0, 89.0),
    lon=st.floats(-180.0, 180.0),
    day=st.integers(-20_000, 40_000),
    threshold=st.floats(-18.0, 5.0),
)
def test_altitude_at_a_passage_is_the_threshold(
    lat: float, lon: float, day: int, threshold: float
) -> None:
    """At dawn and at dusk the full algorithm, summed anew, finds the sun at the threshold."""
    found = crossings([lat], [lon], [100.0], day, 1, threshold)
    for when in (found.dawn_s[0, 0], found.dusk_s[0, 0]):
        if np.isfinite(when):
            seen = sun_position(when, lat, lon, 100.0)
            assert abs(float(seen.altitude_deg) - threshold) < 1e-4


@settings(deadline=None)  # the first call compiles
@given(lat=st.floats(-60.0, 60.0), lon=st.floats(-180.0, 180.0), day=st.integers(-20_000, 40_000))
def test_every_day_has_its_dawn_and_dusk(lat: float, lon: float, day: int) -> None:
    """Between the polar circles each day has one dawn, then one dusk, around noon."""
    found = crossings([lat], [lon], [0.0], day, 2, -0.8333)
    assert np.isfinite(found.dawn_s).all()
    assert np.isfinite(found.dusk_s).all()
    times = [found.dawn_s[0, 0], found.dusk_s[0, 0], found.dawn_s[0, 1], found.dusk_s[0, 1]]
    assert (np.diff(times) > 0.0).all()
    noon = (day + 0.5 - lon / 360.0) * DAY_S
    assert abs(0.5 * (times[0] + times[1]) - noon) < 1_500.0


def test_passages_where_the_minutes_say() -> None:
    """The altitude every minute changes sign where the passages are, in Lapland as in the Indre."""
    lat, lon, height = [46.81, 69.0], [1.69, 22.0], [155.0, 0.0]
    minutes = altitudes_deg(lat, lon, height, FIRST_2025 * DAY_S, 365 * 1_440)
    found = crossings(lat, lon, height, FIRST_2025 - 1, 367, -3.0)
    for place in range(2):
        above = minutes[place] > -3.0
        changes = FIRST_2025 * DAY_S + 60.0 * (np.flatnonzero(np.diff(above)) + 1.0)
        told = np.concatenate([found.dawn_s[place], found.dusk_s[place]])
        told = np.sort(told[np.isfinite(told)])
        inside = told[(told > changes[0] - 90.0) & (told < changes[-1] + 90.0)]
        assert len(inside) == len(changes)
        assert (changes - inside >= -0.5).all()
        assert (changes - inside <= 60.5).all()


def test_two_ways_to_sunrise_agree() -> None:
    """NREL's interpolation over three days is within 1.3 s of the passages, all year."""
    lat, lon = 46.81, 1.69
    found = crossings([lat], [lon], [0.0], FIRST_2025, 365, -0.8333)
    gaps = []
    for number in range(365):
        midnight = (FIRST_2025 + number) * DAY_S
        told = spa_day(midnight, lat, lon)
        gaps += [
            told.sunrise_s + midnight - found.dawn_s[0, number],
            told.sunset_s + midnight - found.dusk_s[0, number],
        ]
    assert np.abs(gaps).max() < 1.3
    assert 0.5 < np.abs(gaps).mean() < 1.2


def test_no_sunrise_in_the_polar_night() -> None:
    """Where the sun stays below all day both passages are missing, and NREL's way refuses."""
    found = crossings([75.0], [20.0], [0.0], FIRST_2025, 10, -0.8333)
    assert np.isnan(found.dawn_s).all()
    assert np.isnan(found.dusk_s).all()
