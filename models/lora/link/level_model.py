"""What a link asks of whoever knows the ground: how loud is each device at each gateway."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.lora.link.gateways import GatewaySites
from twin.signals import Fleet

PairLevels = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
"""Device (index into the fleet), gateway (index), level in dBm: arrays of equal length."""


class LevelModel(Protocol):
    """Static levels of uplinks."""

    def links(self, fleet: Fleet, gateways: GatewaySites) -> PairLevels:
        """Return the levels of the pairs that could ever matter, in any order, each at most once.

        The level stands at the gateway's receiver, of an uplink sent at TXPower 0, shadowing
        included; a pair left out is never heard.
        """
        ...
