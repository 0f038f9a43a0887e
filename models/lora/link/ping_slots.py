"""When a multicast group of class B listens: ping slots between two beacons.

A beacon is sent every 128 s. Of that period 2.120 s are reserved for it, then come 4,096 slots of
30 ms, then a guard of 3 s. A group of periodicity p listens in 2^(7 - p) of the slots, 2^(5 + p)
apart, the first of them `offset` slots after the reserved time [V, LoRaWAN class B].

LoRaWAN draws the offset of each beacon period with AES from the beacon's time and the group's
address. Here it is a keyed hash of the beacon's number and the group's key: as even, as different
from period to period and from group to group, but not the same figures [D]. Beacons are counted
from the scenario's start, not from the GPS epoch.
"""

from __future__ import annotations

import math

import numpy as np

from models.lora.rx_windows import (
    BEACON_PERIOD_S,
    BEACON_RESERVED_S,
    PING_PERIODICITY,
    PING_SLOT_S,
    PING_SLOTS,
    ping_slot_period_s,
)
from twin.device_keys import mix


def ping_offset(key: np.uint64, beacon: int, periodicity: int = PING_PERIODICITY) -> int:
    """Return how many slots after the reserved time a group first listens, after that beacon.

    Raises
    ------
    InputError
        Periodicity outside 0 to 7.
    """
    apart = round(ping_slot_period_s(periodicity) / PING_SLOT_S)
    return int(mix(key ^ mix(beacon)[0])[0] % np.uint64(apart))


def next_ping_slot_s(after_s: float, key: np.uint64, periodicity: int = PING_PERIODICITY) -> float:
    """Return the beginning of the group's first ping slot at or after `after_s` (>= 0), seconds.

    Raises
    ------
    InputError
        Periodicity outside 0 to 7.
    """
    apart_s = ping_slot_period_s(periodicity)
    slots = round(PING_SLOTS * PING_SLOT_S / apart_s)
    beacon = math.floor(after_s / BEACON_PERIOD_S)
    while True:
        opens_s = beacon * BEACON_PERIOD_S + BEACON_RESERVED_S
        first_s = opens_s + ping_offset(key, beacon, periodicity) * PING_SLOT_S
        for slot in range(slots):
            at_s = first_s + slot * apart_s
            if at_s >= after_s:
                return at_s
        beacon += 1
