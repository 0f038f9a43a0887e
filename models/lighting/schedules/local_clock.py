"""A zone's clock over some years: its offsets from universal time, and where they change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from models.lighting.schedules.clock_times import DAY_S, NOON_S

Floats = NDArray[np.float64]

PARIS = "Europe/Paris"


class LocalClock(NamedTuple):
    """Offsets of a zone: `offset_s[i]` (local less universal) holds from `from_s[i]` (Unix) on."""

    from_s: Floats
    offset_s: Floats

    def local_s(self, unix_s: Floats) -> Floats:
        """Return what the clock on the wall shows, as seconds since 1970-01-01 00:00 of it."""
        row = np.searchsorted(self.from_s, unix_s, side="right") - 1
        return np.asarray(unix_s + self.offset_s[np.maximum(row, 0)])

    def unix_s(self, wall_s: Floats) -> Floats:
        """Return the universal time at which the clock on the wall shows a time.

        Of a time shown twice (October) the first; a time that is skipped (March) is taken with
        the offset before the jump, hence shows an hour later.
        """
        wall = np.asarray(wall_s, dtype=np.float64)
        found = wall - self.offset_s[0]
        for row in range(1, len(self.from_s)):
            # With the former offset until the moment of change has passed.
            changed = wall - self.offset_s[row - 1] >= self.from_s[row]
            again = wall - self.offset_s[row]
            found = np.where(changed & (again >= self.from_s[row]), again, found)
        return np.asarray(found)


def local_clock(first: date, last: date, zone: str = PARIS) -> LocalClock:
    """Return a zone's clock from the noon before a date to the noon after another."""
    place = ZoneInfo(zone)
    now = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=2)
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=3)
    from_s, offsets = [now.timestamp()], [_offset_s(now, place)]
    while now < end:
        later = now + timedelta(days=1)
        if _offset_s(later, place) != offsets[-1]:
            when = _change(now, later, place)
            from_s.append(when.timestamp())
            offsets.append(_offset_s(when, place))
        now = later
    return LocalClock(np.array(from_s), np.array(offsets))


def noons_s(first: date, nights: int) -> Floats:
    """Return the noon that opens each night, on the wall, seconds since 1970-01-01 00:00 of it."""
    number = (first - date(1970, 1, 1)).days
    return np.asarray((number + np.arange(nights)) * DAY_S + NOON_S)


def _offset_s(moment: datetime, zone: ZoneInfo) -> float:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None  # noqa: S101 - the zone was given
    return offset.total_seconds()


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Return the second at which the offset changes between two moments."""
    old = _offset_s(before, zone)
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if _offset_s(datetime.fromtimestamp(middle, UTC), zone) == old:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


def hours_of_clock(
    begin_s: float, slots: int, clock: LocalClock, slot_s: float = 1_800.0
) -> Floats:
    """Return the hour of the local clock at the beginning of each slot, in [0, 24)."""
    starts = begin_s + slot_s * np.arange(slots, dtype=np.float64)
    return np.asarray(np.mod(clock.local_s(starts) / 3_600.0, 24.0))
