"""How long a device that joins waits between two requests (6)."""

from __future__ import annotations

_FIRST_HOUR_S = 3600.0
_TEN_MORE_HOURS_S = 39600.0


def join_wait_s(airtime_s: float, joining_for_s: float, u: float) -> float:
    """Return the wait from the end of a join-request on, seconds.

    Duty cycle 1 % in the first hour since the join began, 0.1 % in the next ten, 0.01 % after
    [D, from LoRaWAN 1.0.3 chapter 7 [V]]; `u` in (0, 1) spreads the requests of many devices.
    """
    if joining_for_s < _FIRST_HOUR_S:
        duty = 0.01
    elif joining_for_s < _TEN_MORE_HOURS_S:
        duty = 0.001
    else:
        duty = 0.0001
    return airtime_s / duty * (1.25 + u)
