"""What the dial shows: registered volume, cumulated, in whole pulses."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.water.metering.meters import L_PER_M3, Meters
from models.water.metering.registration import flow_error

_EPSILON = 1e-9
"""Rounding of a sum must not take a whole pulse away."""


def registered_m3(
    meters: Meters, use_m3: NDArray[np.float64], first_day: float = 0.0, step_days: float = 1.0
) -> NDArray[np.float64]:
    """Return what meters register of their ordinary use, m3; shape (meters, steps).

    A meter that has stopped registers nothing, and its last step in proportion.
    """
    begin = first_day + step_days * np.arange(use_m3.shape[1])
    turning = np.clip((meters.stops_day[:, np.newaxis] - begin) / step_days, 0.0, 1.0)
    return np.asarray(use_m3 * (1.0 + meters.error[:, np.newaxis]) * turning)


def registered_leak_l_h(meters: Meters, flow_l_h: ArrayLike) -> NDArray[np.float64]:
    """Return what a steady leak behind each meter adds to its index, L/h; shape (meters,).

    Nothing below the meter's starting flow: such a leak is invisible to every rule.
    """
    flow = np.asarray(flow_l_h, dtype=np.float64)
    return np.asarray(flow * (1.0 + flow_error(meters.kind, meters.age_years, flow)))


def index_m3(
    start_m3: NDArray[np.float64], registered: NDArray[np.float64], pulse_l: ArrayLike
) -> NDArray[np.float64]:
    """Return the index at the end of each step, floored to whole pulses, m3.

    `start_m3` has shape (meters,), `registered` (meters, steps) in m3, `pulse_l` (meters,) or one.
    The index never decreases.
    """
    pulse_m3 = np.broadcast_to(np.asarray(pulse_l, dtype=np.float64), start_m3.shape) / L_PER_M3
    total = start_m3[:, np.newaxis] + np.cumsum(registered, axis=1)
    return np.asarray(
        np.floor(total / pulse_m3[:, np.newaxis] + _EPSILON) * pulse_m3[:, np.newaxis]
    )
