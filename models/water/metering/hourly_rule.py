"""The continuous-flow rule: an hour without use must come in one day, two or three; else a leak.

Practice is a non-zero minimum over 24 to 72 h, "2 to 3 days" [V]. The desk rebuilds the hours from
the frames that came: each carries the last `carried_hours` hourly indices, so that several frames
may tell of one hour. A gap breaks the run: what is not known is no proof of flow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.water.metering.delivery import received_or_never
from twin.errors import Fault, InputError
from twin.lang import Text


@dataclass(frozen=True)
class HourlyRule:
    """Alert when `hours` hours in a row each registered at least `least_l`.

    `carried_hours` is how far back one frame tells.

    Raises
    ------
    InputError
        A run or a memory shorter than one hour, or no least volume.
    """

    hours: int = 48
    carried_hours: int = 24
    least_l: float = 1.0

    def __post_init__(self) -> None:
        if self.hours < 1 or self.carried_hours < 1 or not self.least_l > 0.0:
            raise InputError(
                Fault(
                    key="hourly_rule",
                    value=f"{self.hours} h, {self.carried_hours} h, {self.least_l:g} L",
                    expected=Text("au moins 1 h, 1 h et un volume positif",
                                  "at least 1 h, 1 h and a positive volume"),
                    remedy=Text("48 h, 24 h et 1 L sont d'usage", "48 h, 24 h and 1 L are usual"),
                )
            )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Alerts:
    """What a rule said of each meter; arrays of shape (meters,).

    `first_s` is the reception at which the rule first held, NaN for none; `count` how many runs
    crossed the threshold: on a meter without leak, its false alerts.
    """

    first_s: NDArray[np.float64]
    count: NDArray[np.int64]


def hourly_alerts(
    registered_l: NDArray[np.float64],
    frame_hour: NDArray[np.int64],
    delivered: NDArray[np.bool_],
    received_s: NDArray[np.float64],
    rule: HourlyRule,
    after_s: NDArray[np.float64] | None = None,
) -> Alerts:
    """Return the alerts of the continuous-flow rule.

    Parameters
    ----------
    registered_l
        Volume of each hour as the index counts it, L; shape (meters, hours). See
        :func:`pulsed_l`.
    frame_hour
        How many hours had ended when each frame was made, rising along a meter's frames.
    delivered, received_s
        Fates and reception times. All of shape (meters, frames).
    after_s
        First alerts received before this do not count as first, shape (meters,): a leak's start,
        so that an earlier false alert does not hide it. None: all count.

    Raises
    ------
    DataError
        See :func:`models.water.metering.delivery.received_or_never`.
    """
    heard = received_or_never(delivered, received_s)
    first_s = np.full(len(registered_l), np.nan)
    count = np.zeros(len(registered_l), dtype=np.int64)
    since_s = np.full(len(heard), -np.inf) if after_s is None else after_s
    _run(
        first_s, count, registered_l, frame_hour.astype(np.int64), heard,
        rule.hours, rule.carried_hours, rule.least_l, since_s,
    )  # fmt: skip
    return Alerts(first_s, count)


def pulsed_l(
    registered_l: NDArray[np.float64], pulse_l: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return hourly differences of an index counted in whole pulses, L; shape kept."""
    pulse = pulse_l[:, np.newaxis]
    index = np.floor(np.cumsum(registered_l, axis=1) / pulse + 1e-9) * pulse
    return np.diff(index, axis=1, prepend=0.0)


@njit(cache=True)
def _run(
    first_s: NDArray[np.float64],
    count: NDArray[np.int64],
    hourly_l: NDArray[np.float64],
    frame_hour: NDArray[np.int64],
    heard_s: NDArray[np.float64],
    hours: int,
    carried: int,
    least_l: float,
    since_s: NDArray[np.float64],
) -> None:
    meters, frames = heard_s.shape
    for meter in range(meters):
        known = 0
        run = 0
        for frame in range(frames):
            if not np.isfinite(heard_s[meter, frame]):
                continue
            end = min(frame_hour[meter, frame], hourly_l.shape[1])
            begin = max(known, end - carried)
            if begin > known:
                run = 0
            for hour in range(begin, end):
                run = run + 1 if hourly_l[meter, hour] >= least_l else 0
                count[meter] += run == hours
                timely = run >= hours and heard_s[meter, frame] >= since_s[meter]
                if timely and np.isnan(first_s[meter]):
                    first_s[meter] = heard_s[meter, frame]
            known = max(known, end)
