"""New hours sent by radio to every device: who acknowledges, after how many tries."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import simpy
from numpy.typing import NDArray

from twin.clock import Clock
from twin.ports import Link
from twin.signals import Ack, Command, Fleet

SPACING_S = 5.0
"""Between two devices' first commands: gateways may send a share of the time only [U]."""
PAYLOAD_BYTES = 20


@dataclass(frozen=True, eq=False)
class Campaign:
    """What came of a campaign.

    `acknowledged` bool and `tries` int64, shape (devices,); what had no answer by the end counts as
    not acknowledged.
    """

    acknowledged: NDArray[np.bool_]
    tries: NDArray[np.int64]


def change_hours(
    clock: Clock, link: Link, fleet: Fleet, tries: int, from_s: float, until_s: float
) -> Campaign:
    """Send a command to each device of a fleet from a moment on, again where it is lost.

    `clock` and `link` are fresh.
    """
    acknowledged = np.zeros(fleet.size, dtype=np.bool_)
    tried = np.zeros(fleet.size, dtype=np.int64)
    link.uplink.register(fleet)
    link.start(clock)

    def one(device: int) -> Generator[simpy.Event, object, None]:
        yield clock.until(from_s + SPACING_S * device)
        for _ in range(tries):
            tried[device] += 1
            command = Command(fleet.ids[device], "hours", PAYLOAD_BYTES, clock.now)
            answer = yield link.downlink.send(command)
            if isinstance(answer, Ack):
                acknowledged[device] = True
                return

    for device in range(fleet.size):
        clock.process(one(device), "new hours", may_wait=True)
    clock.run(until_s)
    return Campaign(acknowledged, tried)
