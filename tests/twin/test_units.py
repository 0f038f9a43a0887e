"""Units are read off the end of a name."""

from __future__ import annotations

import pytest

from twin.units import DAY_S, HOUR_S, SUFFIXES, YEAR_S, unit_of


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("antenna_height_m", "m"),
        ("rssi_dbm", "dBm"),
        ("area_km2", "km²"),
        ("flow_m3h", "m³/h"),
        ("pit_share", "1"),
        ("cost_eur", "€"),
        ("frequency_mhz", "MHz"),
        ("name", None),
        ("m", None),
    ],
)
def test_unit_of(name: str, unit: str | None) -> None:
    """The longest suffix decides; a name without one has no unit."""
    assert unit_of(name) == unit


def test_every_suffix_is_found() -> None:
    """No suffix hides behind a shorter one."""
    assert {suffix: unit_of(f"x{suffix}") for suffix in SUFFIXES} == SUFFIXES


def test_spans_of_time() -> None:
    """A day is 24 hours and a year 365.25 days, in seconds."""
    assert (DAY_S, YEAR_S) == (24 * HOUR_S, 31_557_600.0)
