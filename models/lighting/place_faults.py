"""What can be wrong with a place and a year given on a command line."""

from __future__ import annotations

from twin.errors import Fault
from twin.lang import Text, same

FIRST_YEAR, LAST_YEAR = 1901, 2099
MOST_LAT_DEG, MOST_LON_DEG = 90.0, 180.0


def place_faults(lat_deg: float, lon_deg: float, year: int) -> list[Fault]:
    """Return the faults of --lat, --lon and --year."""
    checks = (
        ("--lat", lat_deg, abs(lat_deg) < MOST_LAT_DEG, same("-90 < … < 90")),
        ("--lon", lon_deg, abs(lon_deg) <= MOST_LON_DEG, same("-180 … 180")),
        ("--year", year, FIRST_YEAR <= year <= LAST_YEAR, same(f"{FIRST_YEAR} … {LAST_YEAR}")),
    )
    return [wrong(key, str(value), expected) for key, value, right, expected in checks if not right]


def wrong(key: str, value: str, expected: Text) -> Fault:
    """Return the fault of one option of a command."""
    remedy = Text("corriger la commande", "mend the command")
    return Fault(key=key, value=value, expected=expected, remedy=remedy)
