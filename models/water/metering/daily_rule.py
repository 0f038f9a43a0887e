"""The daily-index rule: use over some days against the meter's own weeks before.

Indices need not come every day: the difference of two that arrived is the true volume between them.
At each index that arrives, use over at least `k` days is compared with use over at least
`reference_days` before; the alert needs

    recent > usual (1 + z cv sqrt(1/k + 1/R)) + floor

where cv is that of the meter's own days [D]. :func:`detectable_share` turns it round.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from models.water.metering.delivery import received_or_never
from models.water.metering.hourly_rule import Alerts
from twin.errors import Fault, InputError
from twin.lang import Text
from twin.units import DAY_S


@dataclass(frozen=True)
class DailyRule:
    """Compare `recent_days` with the `reference_days` before them.

    Parameters
    ----------
    recent_days
        Spans tried in turn: short ones for large leaks, long ones for small.
    reference_days
        The meter's own past.
    z
        Standard deviations; 5 leaves about one false alert in ten homes a year, 4 one in three
        or four [D, on synthetic homes]. Second homes, which wake up, trip it several times a
        year: it is not for them.
    day_cv
        Coefficient of variation of one home's days [U].
    floor_m3_day
        A rise smaller than this is no alert, whatever its share [U].

    Raises
    ------
    InputError
        No span, or a figure that is not positive.
    """

    recent_days: tuple[int, ...] = (3, 7, 28)
    reference_days: int = 56
    z: float = 5.0
    day_cv: float = 0.45
    floor_m3_day: float = 0.1

    def __post_init__(self) -> None:
        figures = (*self.recent_days, self.reference_days, self.z, self.day_cv)
        if not self.recent_days or min(figures) <= 0.0 or self.floor_m3_day < 0.0:
            raise InputError(
                Fault(
                    key="daily_rule",
                    value=str(self),
                    expected=Text(
                        "des durées et des seuils positifs", "positive spans and thresholds"
                    ),
                    remedy=Text("reprenez les valeurs par défaut", "go back to the defaults"),
                )
            )


def detectable_share(days: ArrayLike, rule: DailyRule, power_z: float = 0.0) -> NDArray[np.float64]:
    """Return the rise, as a share of usual use, that `days` days of it make an alert of.

    `power_z` 0 is one chance in two, 1.28 nine in ten. The floor comes on top [D].
    """
    span = np.asarray(days, dtype=np.float64)
    spread = rule.day_cv * np.sqrt(1.0 / span + 1.0 / rule.reference_days)
    return np.asarray((rule.z + power_z) * spread)


def daily_alerts(
    index_m3: NDArray[np.float64],
    sampled_s: NDArray[np.float64],
    delivered: NDArray[np.bool_],
    received_s: NDArray[np.float64],
    rule: DailyRule,
    after_s: NDArray[np.float64] | None = None,
) -> Alerts:
    """Return the alerts of the daily-index rule.

    Parameters
    ----------
    index_m3, sampled_s
        Indices and when they were read off, rising along a meter's frames.
    delivered, received_s
        Fates and reception times. All of shape (meters, frames).
    after_s
        As in :func:`models.water.metering.hourly_rule.hourly_alerts`.

    Raises
    ------
    DataError
        See :func:`models.water.metering.delivery.received_or_never`.
    """
    heard = received_or_never(delivered, received_s)
    first_s = np.full(len(heard), np.nan)
    count = np.zeros(len(heard), dtype=np.int64)
    since_s = np.full(len(heard), -np.inf) if after_s is None else after_s
    _compare(
        first_s, count, index_m3, sampled_s / DAY_S, heard, np.array(rule.recent_days, np.float64),
        float(rule.reference_days), rule.z * rule.day_cv, rule.floor_m3_day, since_s,
    )  # fmt: skip
    return Alerts(first_s, count)


@njit(cache=True)
def _compare(  # noqa: C901 - three pointers that walk together
    first_s: NDArray[np.float64],
    count: NDArray[np.int64],
    index_m3: NDArray[np.float64],
    sampled_day: NDArray[np.float64],
    heard_s: NDArray[np.float64],
    spans: NDArray[np.float64],
    reference: float,
    z_cv: float,
    floor_m3: float,
    since_s: NDArray[np.float64],
) -> None:
    tolerance = 1e-6
    meters, frames = heard_s.shape
    came = np.empty(frames, dtype=np.int64)
    for meter in range(meters):
        n = 0
        ringing = False
        recent = np.zeros(len(spans), dtype=np.int64)
        before = np.zeros(len(spans), dtype=np.int64)
        for frame in range(frames):
            if not np.isfinite(heard_s[meter, frame]):
                continue
            came[n] = frame
            n += 1
            now = sampled_day[meter, frame]
            rose = False
            for i in range(len(spans)):
                while (
                    recent[i] + 1 < n
                    and sampled_day[meter, came[recent[i] + 1]] <= now - spans[i] + tolerance
                ):
                    recent[i] += 1
                middle = came[recent[i]]
                span = now - sampled_day[meter, middle]
                if span < spans[i] - tolerance:
                    continue
                limit = sampled_day[meter, middle] - reference + tolerance
                while (
                    before[i] + 1 < recent[i] and sampled_day[meter, came[before[i] + 1]] <= limit
                ):
                    before[i] += 1
                old = came[before[i]]
                past = sampled_day[meter, middle] - sampled_day[meter, old]
                if past < reference - tolerance:
                    continue
                usual = (index_m3[meter, middle] - index_m3[meter, old]) / past
                use = (index_m3[meter, frame] - index_m3[meter, middle]) / span
                if use > usual * (1.0 + z_cv * np.sqrt(1.0 / span + 1.0 / past)) + floor_m3:
                    rose = True
            count[meter] += rose and not ringing
            if rose and np.isnan(first_s[meter]) and heard_s[meter, frame] >= since_s[meter]:
                first_s[meter] = heard_s[meter, frame]
            ringing = rose
