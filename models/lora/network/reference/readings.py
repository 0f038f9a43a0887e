"""When the readings of a device are due (1)."""

from __future__ import annotations

import math
from collections.abc import Iterator

from models.lora.network.draws import ARRIVAL, PERIODIC
from models.lora.network.reference.dice import exponential, message_key, unit
from models.lora.network.setup import POISSON_ARRIVAL, Network


def due_readings(network: Network, index: int) -> Iterator[float]:
    """Yield the times at which readings 0, 1, ... of a device are due, seconds, without end.

    A device of infinite period makes no reading: its first is due at infinity.
    """
    devices, fleets = network.devices, network.fleets
    fleet = int(devices.fleet[index])
    key = int(devices.key[index])
    phase_s, period_s = float(devices.phase_s[index]), float(devices.period_s[index])
    jitter_s = float(fleets.jitter_s[fleet])
    number, due_s = 0, phase_s
    while period_s == math.inf:
        yield math.inf
    if int(fleets.arrival[fleet]) == POISSON_ARRIVAL:
        while True:
            due_s += period_s * exponential(message_key(key, PERIODIC, number, 0), ARRIVAL, 0)
            yield due_s
            number += 1
    while True:
        due_s = phase_s + number * period_s
        if jitter_s != 0.0:
            due_s += jitter_s * unit(message_key(key, PERIODIC, number, 0), ARRIVAL, 0)
        yield due_s
        number += 1
