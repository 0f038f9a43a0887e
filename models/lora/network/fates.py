"""What became of a frame, as numbers that compiled code keeps; the order ranks a frame's causes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.signals import Fate

OUT_OF_REACH, GATEWAY_DOWN, GATEWAY_DEAF, NO_DEMODULATOR, COLLISION, DELIVERED = range(6)
NOT_SENT = 6
IN_FLIGHT = 7
RECEIVING = 8
"""State of a reception, never a fate."""

FATES = (
    Fate.OUT_OF_REACH,
    Fate.GATEWAY_DOWN,
    Fate.GATEWAY_DEAF,
    Fate.NO_DEMODULATOR,
    Fate.COLLISION,
    Fate.DELIVERED,
    Fate.DUTY_CYCLE,
    Fate.IN_FLIGHT,
)
"""The public name of each number. A frame that was not sent counts under the duty cycle, which
is why nearly all of them were not: the rest found the device busy, joining or without power."""


class FrameLog(NamedTuple):
    """Frames in the order their fate became known; arrays of equal length, one row a frame.

    `kind` and `number` name the message (`draws`), `attempt` its copy; a frame that was not sent
    has `airtime_s` 0 and `channel` -1. `gateways` decoded it, `best_gateway` (-1: none) received it
    best, at `level_dbm`. `first` marks the frame that delivered its message.
    """

    device: NDArray[np.int32]
    kind: NDArray[np.int8]
    number: NDArray[np.int64]
    attempt: NDArray[np.int8]
    due_s: NDArray[np.float64]
    start_s: NDArray[np.float64]
    airtime_s: NDArray[np.float64]
    data_rate: NDArray[np.int8]
    tx_index: NDArray[np.int8]
    channel: NDArray[np.int8]
    fate: NDArray[np.int8]
    gateways: NDArray[np.int16]
    best_gateway: NDArray[np.int16]
    level_dbm: NDArray[np.float64]
    first: NDArray[np.bool_]


class HeardLog(NamedTuple):
    """Who decoded the frames of a frame log: its `gateways` first rows are the first frame's."""

    gateway: NDArray[np.int32]
    level_dbm: NDArray[np.float64]


class CommandLog(NamedTuple):
    """Commands whose fate became known: `acknowledged` or lost for `cause`, at `at_s`."""

    number: NDArray[np.int64]
    device: NDArray[np.int32]
    at_s: NDArray[np.float64]
    acknowledged: NDArray[np.bool_]
    cause: NDArray[np.int8]


class HearingLog(NamedTuple):
    """Who heard which multicast."""

    number: NDArray[np.int64]
    device: NDArray[np.int32]
    at_s: NDArray[np.float64]
    heard: NDArray[np.bool_]
