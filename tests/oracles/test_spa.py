"""The sun against what has been published: NREL's test case, ephemerides at Châteauroux, pvlib."""

from __future__ import annotations

import importlib.util
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import numpy as np
import pytest

from models.lighting.sun.burn import burn_hours
from models.lighting.sun.delta_t import delta_t_s
from models.lighting.sun.ephemeris import equation_of_time_min, geocentric
from models.lighting.sun.grid import altitudes_deg
from models.lighting.sun.passages import crossings
from models.lighting.sun.position import sun_position
from models.lighting.sun.spa_day import spa_day

DENVER = (39.742476, -105.1786, 1830.14)
CHATEAUROUX = (46.81, 1.69, 155.0)
DAY_S = 86_400.0

EPHEMERIS = {
    (-0.8333, "2025-03-20"): ("05:56:02.16", "18:06:00.96"),
    (-0.8333, "2025-06-21"): ("03:58:59.68", "19:51:11.25"),
    (-6.0, "2025-03-20"): ("05:25:48.67", "18:36:19.35"),
    (-6.0, "2025-06-21"): ("03:19:20.48", "20:30:50.27"),
}
"""DE421, topocentric, geometric altitude of the centre, UTC [D]."""


def pvlib_spa() -> Any:
    """Return pvlib's SPA alone: the package imports much that is not needed for it."""
    package = importlib.util.find_spec("pvlib")
    if package is None or package.submodule_search_locations is None:
        pytest.skip("pvlib is not installed")
    file = f"{package.submodule_search_locations[0]}/spa.py"
    spec = importlib.util.spec_from_file_location("pvlib_spa", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def unix_s(day: str, clock: str = "00:00:00") -> float:
    """Return Unix time of a UTC date and time, fractions included."""
    hours, minutes, seconds = clock.split(":")
    at = datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()
    return at + 3600.0 * int(hours) + 60.0 * int(minutes) + float(seconds)


def test_nrel_position() -> None:
    """NREL's worked case gives its published digits: zenith, azimuth, equation of time."""
    when = datetime(2003, 10, 17, 12, 30, 30, tzinfo=timezone(timedelta(hours=-7))).timestamp()
    seen = sun_position(when, *DENVER, pressure_hpa=820.0, temperature_c=11.0, delta_s=67.0)
    assert f"{90.0 - float(seen.altitude_deg):.6f}" == "50.127954"
    assert f"{float(seen.zenith_deg):.6f}" == "50.111622"
    assert f"{float(seen.azimuth_deg):.6f}" == "194.340241"
    sun = geocentric(when, 67.0)
    assert f"{float(equation_of_time_min(sun)):.6f}" == "14.641511"
    assert f"{float(sun.right_ascension_deg):.5f}" == "202.22741"
    assert f"{float(sun.declination_deg):.5f}" == "-9.31434"


def test_nrel_events() -> None:
    """NREL's worked case gives its published sunrise, transit and sunset, to the hundredth."""
    told = spa_day(unix_s("2003-10-17"), *DENVER[:2], delta_s=67.0)
    hour = 3600.0
    local = [(each - 7.0 * hour) % DAY_S for each in told]
    expected = [
        6 * hour + 12 * 60.0 + 43.46, 11 * hour + 46 * 60.0 + 4.96, 17 * hour + 20 * 60.0 + 19.18,
    ]  # fmt: skip
    assert np.abs(np.array(local) - expected).max() < 0.01


@pytest.mark.parametrize(("threshold_deg", "day"), EPHEMERIS)
def test_chateauroux_events(threshold_deg: float, day: str) -> None:
    """Dawn and dusk at Châteauroux are within 0.1 s of the published ephemeris (bar: 0.2 s)."""
    number = int(unix_s(day) // DAY_S)
    found = crossings(*CHATEAUROUX, number, 1, threshold_deg)
    dawn, dusk = EPHEMERIS[threshold_deg, day]
    assert abs(float(found.dawn_s[0, 0]) - unix_s(day, dawn)) < 0.1
    assert abs(float(found.dusk_s[0, 0]) - unix_s(day, dusk)) < 0.1


@pytest.mark.parametrize(("threshold_deg", "hours"), [(-0.8333, 4292.8), (-6.0, 3883.8)])
def test_chateauroux_burn_hours(threshold_deg: float, hours: float) -> None:
    """The nights of 2025 at Châteauroux last what the reference computed, to 0.02 h."""
    first = int(unix_s("2025-01-01") // DAY_S)
    found = crossings(*CHATEAUROUX, first - 2, 369, threshold_deg)
    told = burn_hours(found, first * DAY_S, (first + 365) * DAY_S)
    assert abs(float(told[0]) - hours) < 0.02


def test_minutes_against_pvlib() -> None:
    """Altitudes every minute are within 1e-5 degree of pvlib's SPA, from pole to pole."""
    spa = pvlib_spa()
    begin = unix_s("2025-01-01")
    some = np.arange(0, 525_600, 97)
    when = begin + 60.0 * some
    for lat, lon, height in (CHATEAUROUX, DENVER, (-77.85, 166.67, 10.0), (0.0, -0.5, 0.0)):
        told = altitudes_deg([lat], [lon], [height], begin, 525_600)[0]
        other = spa.solar_position_numpy(
            when, lat, lon, height, 1013.25, 12.0, delta_t_s(1970.0 + when / (365.25 * DAY_S)),
            0.5667, 1,
        )[3]  # fmt: skip
        assert np.abs(told[some] - other).max() < 1e-5
