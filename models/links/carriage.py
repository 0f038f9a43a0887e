"""How a control link treats a message: the dice decide whether, a constant says when."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.links.calendar import Due
from models.links.dice import LOSS, PERIODIC, message_keys, units
from twin.device_keys import U8
from twin.signals import Fate


class Carriage(NamedTuple):
    """Each message is lost with probability `loss_share`, for `cause`, or takes `delay_s`."""

    loss_share: float
    delay_s: float
    cause: Fate

    @property
    def certain(self) -> bool | None:
        """Whether every message passes, or none does; None where dice decide."""
        # Draws lie strictly within (0, 1).
        if self.loss_share <= 0.0:
            return True
        return False if self.loss_share >= 1.0 else None

    def passes(self, keys: U8) -> NDArray[np.bool_]:
        """Return which of the messages with these keys pass; a larger loss only removes some."""
        return np.asarray(units(keys, LOSS) >= self.loss_share)

    def passing(self, due: Due, keys: U8) -> NDArray[np.bool_]:
        """Return which readings pass, `keys` being those of all devices of the fleet."""
        if self.certain is not None:
            return np.full(len(due.devices), self.certain)
        return self.passes(message_keys(keys[due.devices], PERIODIC, due.numbers))
