"""Duty cycle in any sliding hour: a device's rule and a gateway's.

**Device**, one pair of numbers (end and airtime of the last frame) per device and sub-band. With
H = 3600 s, d the duty cycle and W = d H the hour's airtime, a frame of airtime T asks for silence
on both its sides of at least ::

    off(T) = T ((H - T) / (W - T) - 1) = H (1 - d) g(T),   g(T) = T / (W - T)

so a next frame of airtime T2 starts no earlier than end + max(off(T), off(T2)) [D].

*Equal frames*: the period (H - T) / (W/T - 1) puts n = W/T frames in T + (n - 1) periods = H.

*Any frames*: suppose that an hour touches frames of airtimes T_0 ... T_m, whole or cut, and holds
more than W of them. Let s be the least, T_j = s. Each of the m gaps lies wholly in that hour; give
those before frame j to the frame on their left and the others to the frame on their right: all
frames but j get one. Their silence is at least H (1 - d) sum_{i != j} g(T_i), and as T_i >= s, ::

    sum g(T_i) >= sum T_i / (W - s) > (W - s) / (W - s) = 1

so the hour would hold more than H (1 - d) of silence and W of airtime: more than an hour. One frame
alone (m = 0) holds at most T < W. The rule is strict, partial frames counted by their part [D].
It spends a share (1 - T/W) / (1 - T/H) of what is legal: 92.3 % with 2.8 s frames at 1 %, 99.9 %
with 30 ms frames.

LoRaWAN's T/d - T has no frame too many on average, but puts in some hours up to one frame more than
W whenever W/T is not whole.

**Gateway**, exact integers: airtime in nanoseconds by ten-second slot of the frame's **end**, in a
ring. A frame that ends at e may be sent if the airtime noted from slot(e) - 360 on, plus its own,
fits in d H. An hour that ends with a frame, (e - H, e], touches only frames that end in those
slots, and they are counted whole; an hour that ends elsewhere holds no more than the one that ends
with the frame then on the air, or the last before [D]. The window in force is 3600 to 3610 s long:
at least 99.7 % of the legal rate, less one frame an hour.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

HOUR_S = 3600.0
"""The observation time of a duty cycle, EN 300 220-1 [V]."""

SLOT_S = 10.0
WINDOW_SLOTS = 361
"""Slots an hour may touch: 360 whole ones and the one its end lies in."""
RING_SLOTS = WINDOW_SLOTS + 1
"""One more, so that a frame noted up to ten seconds late still finds its whole hour."""

NEVER = np.iinfo(np.int64).min
"""Slot number of a ring entry never used."""

_NS_PER_S = 1.0e9
_ROUNDING_NS = 1.0e-3


@njit(cache=True)
def off_s(airtime_s: float, duty: float) -> float:
    """Return the silence a frame asks for on both its sides, seconds.

    Parameters
    ----------
    airtime_s
        Time on air, seconds; 0 asks for nothing.
    duty
        Duty cycle of the sub-band, a share of time: 0.01.

    Returns
    -------
    float
        Infinity where the frame alone fills the hour's airtime (T >= d H). See the module [D].
    """
    left_s = duty * HOUR_S - airtime_s
    if left_s <= 0.0:
        return np.inf
    return airtime_s * (HOUR_S * (1.0 - duty)) / left_s


@njit(cache=True)
def free_at_s(
    last_end_s: float, last_airtime_s: float, next_airtime_s: float, duty: float
) -> float:
    """Return the earliest instant a device may start its next frame in a sub-band, seconds.

    Parameters
    ----------
    last_end_s, last_airtime_s
        End and airtime of its last frame there; minus infinity and 0 before the first one.
    next_airtime_s
        Airtime of the frame waiting, seconds.
    duty
        Duty cycle of the sub-band, a share of time.

    Returns
    -------
    float
        Minus infinity: at once. Infinity: never, the frame is too long for the sub-band.
    """
    silence_s = max(off_s(last_airtime_s, duty), off_s(next_airtime_s, duty))
    if silence_s == np.inf:
        return np.inf
    return last_end_s + silence_s


def hour_budget_ns(duty: float) -> int:
    """Return the airtime of an hour, whole nanoseconds: 36,000,000,000 at 1 %."""
    return round(duty * HOUR_S * _NS_PER_S)


def gateway_ledger(*shape: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return empty books, `slots_ns` and `slot_of`, of shape (*shape, RING_SLOTS).

    One row per gateway and sub-band: `slots_ns[g, b]` and `slot_of[g, b]` go to the two functions
    below.
    """
    size = (*shape, RING_SLOTS)
    return np.zeros(size, dtype=np.int64), np.full(size, NEVER, dtype=np.int64)


@njit(cache=True)
def _nanoseconds(airtime_s: float) -> int:
    """Return whole nanoseconds, rounded up but for the dust of a float product."""
    return math.ceil(airtime_s * _NS_PER_S - _ROUNDING_NS)


@njit(cache=True)
def gateway_may_send(
    slots_ns: NDArray[np.int64],
    slot_of: NDArray[np.int64],
    end_s: float,
    airtime_s: float,
    budget_ns: int,
) -> bool:
    """Return whether a gateway may send a frame without exceeding its budget in any hour.

    Frames already noted that end later count too, so decisions may come out of order: by up to
    10 s between the ends of any two frames. Each allowed frame is noted before the next question.

    Parameters
    ----------
    slots_ns, slot_of : shape (RING_SLOTS,)
        Airtime noted per slot, and the slot number each entry belongs to.
    end_s, airtime_s
        End and airtime of the frame, seconds.
    budget_ns
        Airtime of an hour (:func:`hour_budget_ns`).
    """
    oldest = math.floor(end_s / SLOT_S) - (WINDOW_SLOTS - 1)
    used_ns = _nanoseconds(airtime_s)
    for i in range(slots_ns.shape[0]):
        if slot_of[i] >= oldest:
            used_ns += slots_ns[i]
    return used_ns <= budget_ns


@njit(cache=True)
def gateway_note_sent(
    slots_ns: NDArray[np.int64], slot_of: NDArray[np.int64], end_s: float, airtime_s: float
) -> None:
    """Write a frame in the slot of its end; what that entry held an hour ago is forgotten.

    A frame so late that its slot has been given away (over an hour) is not written.
    """
    slot = math.floor(end_s / SLOT_S)
    i = slot % slots_ns.shape[0]
    if slot_of[i] > slot:
        return
    if slot_of[i] < slot:
        slot_of[i] = slot
        slots_ns[i] = 0
    slots_ns[i] += _nanoseconds(airtime_s)
