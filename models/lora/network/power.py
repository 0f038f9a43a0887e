"""A device loses its power, or gets it back and joins. Rule 8, compiled."""

from __future__ import annotations

import numpy as np

from models.lora.network.compiled import compiled
from models.lora.network.draws import ARRIVAL, JOIN, message_key, unit
from models.lora.network.fates import FrameLog
from models.lora.network.frame_log import log_unsent
from models.lora.network.messages import in_hand, next_in_hand, settle
from models.lora.network.state import NOBODY, State
from models.lora.network.wake import ATTEMPT, wake


@compiled
def power_off(st: State, log: FrameLog, d: int, now_s: float) -> None:
    """Cut the power of a device: its session and everything it had in mind are lost."""
    device = st.device[d]
    if not device.powered:
        return
    if device.engaged and device.kind != JOIN:
        if device.cycle_at_s < np.inf:
            _unsent_in_hand(st, log, d, now_s)
        elif device.air_until_s <= now_s:
            settle(st, d)
    while next_in_hand(st, d):
        _unsent_in_hand(st, log, d, now_s)
    device.powered = False
    device.joined = False
    device.engaged = False
    device.cycle_at_s = np.inf
    device.session += 1
    device.to_acknowledge = NOBODY
    device.carrying = False


@compiled
def _unsent_in_hand(st: State, log: FrameLog, d: int, now_s: float) -> None:
    """Log the message in hand as not sent, unless an earlier attempt of it was."""
    device = st.device[d]
    if device.attempt == 0:
        log_unsent(st, log, d, device.kind, device.number, device.message_due_s, now_s)
    else:
        settle(st, d)


@compiled
def power_on(st: State, d: int, now_s: float, spread_s: float) -> None:
    """Give a device its power back: it starts to join."""
    device = st.device[d]
    if device.powered:
        return
    device.powered = True
    key = message_key(device.key, JOIN, device.nonce, 0)
    start_join(st, d, max(now_s + spread_s * unit(key, ARRIVAL, 0), device.air_until_s))


@compiled
def start_join(st: State, d: int, first_s: float) -> None:
    """Engage a device in joining: its first request at `first_s`."""
    device = st.device[d]
    in_hand(st, d, JOIN, device.nonce, first_s)
    device.join_start_s = first_s
    device.cycle_at_s = first_s
    wake(st, d, first_s, ATTEMPT)
