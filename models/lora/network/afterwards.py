"""What a device does when its frame is over and nothing was heard. Rule 6, compiled."""

from __future__ import annotations

import numpy as np

from models.lora.network.attempt import is_confirmed
from models.lora.network.compiled import hot
from models.lora.network.draws import BACK_OFF, JOIN, unit
from models.lora.network.messages import message_done
from models.lora.network.setup import CLASS_C, Network
from models.lora.network.state import State
from models.lora.network.wake import ATTEMPT, wake

EMPTY_WINDOW_SYMBOLS = 8.0
"""How long a device listens for a preamble in a window where nobody speaks, symbols [D]."""

JOIN_DUTIES = ((3600.0, 0.01), (39600.0, 0.001), (np.inf, 0.0001))
"""Until when after its beginning a join may use which share of time [V]."""


@hot
def unanswered(
    net: Network,
    st: State,
    d: int,
    key: int,
    airtime_s: float,
    uplink_end_s: float,
    now_s: float,
) -> None:
    """Go on after a frame without a downlink heard: another attempt, or the message is done.

    `now_s` is the end of the frame, or of the downlink that was not heard.
    """
    device, rules = st.device[d], net.rules
    device.attempt += 1
    u = unit(key, BACK_OFF, 0)
    if device.kind == JOIN:
        device.number = device.nonce
        gap_s = airtime_s / _join_duty(uplink_end_s - device.join_start_s) * (1.25 + u)
        again_s = uplink_end_s + max(rules.join_rx2_delay_s + 1.0, gap_s)
    else:
        attempts = rules.most_confirmed if is_confirmed(net, st, d) else device.message_trans
        if device.attempt >= attempts:
            listening_s = EMPTY_WINDOW_SYMBOLS * rules.symbol_s[rules.rx2_rate]
            done_s = uplink_end_s + rules.rx2_delay_s + listening_s
            message_done(st, d, max(done_s, now_s), now_s)
            return
        again_s = uplink_end_s + rules.rx2_delay_s + 1.0 + 2.0 * u
    device.cycle_at_s = max(again_s, now_s)
    wake(st, d, device.cycle_at_s, ATTEMPT)


@hot
def _join_duty(since_s: float) -> float:
    for until_s, duty in JOIN_DUTIES:
        if since_s < until_s:
            return duty
    return JOIN_DUTIES[-1][1]


@hot
def count_windows(
    net: Network, st: State, d: int, rate: int, heard_in: int, airtime_s: float
) -> None:
    """Count the time a device spent listening after a frame; `heard_in` 0: nothing heard."""
    device, rules = st.device[d], net.rules
    if net.fleets.device_class[device.fleet] == CLASS_C:
        return
    first_s = EMPTY_WINDOW_SYMBOLS * rules.symbol_s[max(0, rate - rules.rx1_offset)]
    second_s = EMPTY_WINDOW_SYMBOLS * rules.symbol_s[rules.rx2_rate]
    if heard_in == 1:
        first_s, second_s = airtime_s, 0.0
    elif heard_in == 2:  # noqa: PLR2004 - the second window
        second_s = airtime_s
    st.tally[d].rx_s += first_s + second_s
