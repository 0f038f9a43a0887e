"""Nodes without power by day join again at dusk: how long gateways need to accept them all.

A gateway may send 1 % of the time in the window that follows a request (RX1, on the uplink's
channel) and 10 % on 869.525 MHz (RX2) [V, ETSI EN 300 220 sub-bands]. An accept is a frame of 33
bytes without CRC; requests that collide, or that no accept answers in time, are sent again: the
hours returned are the least.
"""

from __future__ import annotations

from dataclasses import dataclass

from models.lora.airtime import time_on_air_s
from models.lora.energy.charge import JOIN_ACCEPT_BYTES, JOIN_REQUEST_BYTES
from twin.units import HOUR_S

RX1_DUTY, RX2_DUTY = 0.01, 0.10


@dataclass(frozen=True)
class JoinStorm:
    """Joining at one spreading factor.

    Attributes
    ----------
    spreading_factor : int
    request_s, accept_s : float
        On air.
    rx1_accepts_h, rx2_accepts_h : float
        Accepts a gateway may send in an hour, in either window.
    hours : float
        Until every node has its accept, the gateways sharing them evenly and using both windows.
    """

    spreading_factor: int
    request_s: float
    accept_s: float
    rx1_accepts_h: float
    rx2_accepts_h: float
    hours: float


def join_storm(
    nodes: int, spreading_factor: int, gateways: int = 1, *, rx1: bool = True
) -> JoinStorm:
    """Return what a dusk costs; without `rx1` accepts go out in RX2 alone.

    RX2 is taken at the same spreading factor.
    """
    request_s = float(time_on_air_s(JOIN_REQUEST_BYTES, spreading_factor))
    accept_s = float(time_on_air_s(JOIN_ACCEPT_BYTES, spreading_factor, crc=False))
    first, second = (HOUR_S * duty / accept_s for duty in (RX1_DUTY, RX2_DUTY))
    each = second + (first if rx1 else 0.0)
    return JoinStorm(
        spreading_factor, request_s, accept_s, first, second, nodes / (each * gateways)
    )  # fmt: skip
