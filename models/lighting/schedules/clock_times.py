"""Times of the local clock as schedules write them, and those that do not exist every day."""

from __future__ import annotations

import re

HOUR_S, MINUTE_S = 3_600.0, 60.0
NOON_S = 43_200.0
DAY_S = 86_400.0
SKIPPED_FROM_S, SKIPPED_TO_S = 2.0 * HOUR_S, 3.0 * HOUR_S
"""On the last Sunday of March the clock jumps from 02:00 to 03:00 [V: directive 2000/84/EC]."""

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")


def clock_s(text: str) -> float:
    """Return the seconds after midnight of HH:MM or HH:MM:SS.

    Raises
    ------
    ValueError
        The text is no such time.
    """
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r}: a time such as 23:00")
    hours, minutes, seconds = (int(each or 0) for each in match.groups())
    return hours * HOUR_S + minutes * MINUTE_S + seconds


def clock_text(seconds: float) -> str:
    """Return HH:MM, with seconds where there are any."""
    whole = round(seconds)
    text = f"{whole // 3600:02d}:{whole // 60 % 60:02d}"
    return text if whole % 60 == 0 else f"{text}:{whole % 60:02d}"


def is_skipped(seconds: float) -> bool:
    """Whether a time does not exist on the day the clock jumps forward."""
    return SKIPPED_FROM_S <= seconds < SKIPPED_TO_S


def of_night_s(seconds: float) -> float:
    """Return a time of day counted from the noon before: 23:00 is 11 h, 05:00 is 17 h."""
    return (seconds - NOON_S) % DAY_S
