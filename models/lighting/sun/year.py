"""A calendar year of one place: every dawn and dusk, in universal and local time."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from models.lighting.sun.burn import burn_hours
from models.lighting.sun.passages import crossings


@dataclass(frozen=True)
class Day:
    """One day of true solar time; None where the sun does not pass the threshold."""

    date: date
    dawn_utc: datetime | None
    dusk_utc: datetime | None
    dawn_local: datetime | None
    dusk_local: datetime | None


@dataclass(frozen=True)
class SunYear:
    """The dawns and dusks of a year; `burn_hours` between dusk and dawn within it."""

    lat_deg: float
    lon_deg: float
    height_m: float
    year: int
    threshold_deg: float
    burn_hours: float
    days: tuple[Day, ...]


def sun_year(
    lat_deg: float, lon_deg: float, height_m: float, year: int, threshold_deg: float, zone: str
) -> SunYear:
    """Return a year of one place; `zone` is an IANA name."""
    place = ZoneInfo(zone)
    first = date(year, 1, 1)
    days = (date(year + 1, 1, 1) - first).days
    first_day = (first - date(1970, 1, 1)).days
    found = crossings(lat_deg, lon_deg, height_m, first_day - 2, days + 4, threshold_deg)
    from_s, to_s = (datetime(at, 1, 1, tzinfo=place).timestamp() for at in (year, year + 1))
    told = []
    for number in range(days):
        dawn, dusk = (
            _moment(float(table[0, number + 2])) for table in (found.dawn_s, found.dusk_s)
        )
        told.append(
            Day(
                first + timedelta(days=number), dawn, dusk, _local(dawn, place), _local(dusk, place)
            )
        )
    hours = float(burn_hours(found, from_s, to_s)[0])
    return SunYear(lat_deg, lon_deg, height_m, year, threshold_deg, hours, tuple(told))


def _moment(unix_s: float) -> datetime | None:
    return None if math.isnan(unix_s) else datetime.fromtimestamp(unix_s, UTC)


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if moment is None else moment.astimezone(zone)
