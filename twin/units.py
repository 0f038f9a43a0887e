"""Unit suffixes and the conversions made at the borders; everything inside is SI.

Names end in their unit: `_s` seconds, `_m` metres, `_m2`, `_m3h` cubic metres per hour, `_dbm`,
`_db`, `_hz`, `_kwh`, `_eur` (euros excluding VAT unless the name says `_ttc`), `_share` in [0, 1].
"""

from __future__ import annotations

HOUR_S = 3_600.0
DAY_S = 86_400.0
YEAR_S = 365.25 * DAY_S
KM2_M2 = 1_000_000.0

SUFFIXES: dict[str, str] = {
    "_s": "s",
    "_h": "h",
    "_days": "d",
    "_years": "y",
    "_m": "m",
    "_km": "km",
    "_km2": "km²",
    "_m3h": "m³/h",
    "_db": "dB",
    "_dbm": "dBm",
    "_dbi": "dBi",
    "_mhz": "MHz",
    "_hz": "Hz",
    "_kwh": "kWh",
    "_eur": "€",
    "_share": "1",
    "_deg": "°",
}


def unit_of(name: str) -> str | None:
    """Return the unit a name's suffix declares, or None where it declares none.

    >>> unit_of("antenna_height_m")
    'm'
    """
    matches = [suffix for suffix in SUFFIXES if name.endswith(suffix)]
    return SUFFIXES[max(matches, key=len)] if matches else None
