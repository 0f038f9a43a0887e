"""What clocks that nothing corrects do to a night: dark too early, bright too long."""

from __future__ import annotations

import math

from models.lighting.figures import Figures

MONTH_DAYS = 30.4375
SUMMER_SHARE = 216.0 / 365.0
"""Days of summer time over those of a year: last Sunday of March to last Sunday of October [V]."""


def mean_error_h(figures: Figures, visit_days: float) -> float:
    """Return the mean absolute error of a clock that is set every so many days, h.

    A clock's rate is normal with standard deviation s a month and constant between visits: the
    error grows in proportion to the time since the last one, |error| has mean s sqrt(2/pi) times
    half the months between visits [D]. Clocks that keep winter time are an hour off in summer.
    """
    months = visit_days / MONTH_DAYS
    drift_h = figures.drift_min_month / 60.0 * math.sqrt(2.0 / math.pi) * months / 2.0
    return drift_h + figures.dst_share * SUMMER_SHARE
