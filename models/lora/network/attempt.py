"""One attempt of the message in hand: rate, channel, duty cycle, counters. Rule 2, compiled."""

from __future__ import annotations

import numpy as np

from models.lora.adr import node_back_off, wants_answer
from models.lora.duty import free_at_s
from models.lora.network.air import open_receptions
from models.lora.network.compiled import hot
from models.lora.network.draws import ALARM, ANSWER, CHANNEL, JOIN, PERIODIC, message_key, unit
from models.lora.network.fates import FrameLog
from models.lora.network.frame_log import log_unsent
from models.lora.network.heap import push
from models.lora.network.messages import next_message
from models.lora.network.plan import FRAME_ENDS, PLACES
from models.lora.network.setup import Network
from models.lora.network.state import NOBODY, Counters, State
from models.lora.network.wake import ATTEMPT, wake

AIR_HEAP, ON_AIR = Counters.AIR_HEAP, Counters.ON_AIR
FREE_FRAME, FRAMES_FREE = Counters.FREE_FRAME, Counters.FRAMES_FREE


@hot
def attempt(net: Network, st: State, log: FrameLog, d: int, now_s: float) -> None:
    """Make one attempt of the message in hand at `now_s`: rule 2."""
    device = st.device[d]
    rules = net.rules
    device.cycle_at_s = np.inf
    joining = device.kind == JOIN
    if device.attempt == 0:
        device.message_rate = net.devices.data_rate[d] if joining else device.rate
        device.message_tx = 0 if joining else device.tx_index
        device.message_trans = device.nb_trans
    rate = attempt_rate(net, st, d)
    airtime_s = airtime_of_attempt_s(net, st, d, rate)
    key = message_key(device.key, device.kind, device.number, 0 if joining else device.attempt)
    channels = rules.join_channels if joining else len(net.channels.band)
    channel, again_s = choose_channel(net, st, d, key, channels, airtime_s, now_s)
    if channel == NOBODY:
        if device.kind == PERIODIC and device.attempt == 0:
            log_unsent(st, log, d, PERIODIC, device.number, device.message_due_s, now_s)
            next_message(st, d, device.busy_until_s, now_s)
        else:
            device.cycle_at_s = again_s
            wake(st, d, again_s, ATTEMPT)
        return
    if joining:
        device.nonce += 1
    elif device.attempt == 0:
        count_uplink(net, st, d)
    _send(net, st, d, key, rate, channel, airtime_s, now_s)


@hot
def attempt_rate(net: Network, st: State, d: int) -> int:
    """Return the data rate of the current attempt of the message in hand."""
    device = st.device[d]
    if device.kind == JOIN:
        return int(max(0, device.message_rate - device.attempt // 2))
    if is_confirmed(net, st, d):
        lowest = net.fleets.lowest_rate[device.fleet]
        return int(max(lowest, device.message_rate - device.attempt // 2))
    return int(device.message_rate)


@hot
def is_confirmed(net: Network, st: State, d: int) -> bool:
    """Return whether the message in hand wants an acknowledgement."""
    device = st.device[d]
    return bool(net.fleets.confirmed[device.fleet]) and (
        device.kind == PERIODIC or device.kind == ALARM  # noqa: PLR1714 - compiled, a tuple is slower
    )


@hot
def airtime_of_attempt_s(net: Network, st: State, d: int, rate: int) -> float:
    """Return the airtime of the message in hand at a data rate."""
    device = st.device[d]
    if device.kind == PERIODIC:
        return float(net.fleets.airtime_s[device.fleet, rate])
    if device.kind == ALARM:
        return float(st.alarm[device.alarm].airtime_s[rate])
    if device.kind == ANSWER:
        return float(net.rules.answer_s[rate])
    return float(net.rules.join_request_s[rate])


@hot
def choose_channel(
    net: Network, st: State, d: int, key: int, channels: int, airtime_s: float, now_s: float
) -> tuple[int, float]:
    """Return a free channel, or NOBODY and when the first band will be free."""
    again_s = np.inf
    count = 0
    free = 0  # one bit a band
    asked = 0
    for c in range(channels):
        band = net.channels.band[c]
        if not (asked >> band) & 1:
            asked |= 1 << band
            at_s = _band_free_s(net, st, d, band, airtime_s)
            again_s = min(again_s, at_s)
            if now_s >= at_s:
                free |= 1 << band
        count += (free >> band) & 1
    if count == 0:
        return NOBODY, again_s
    pick = int(unit(key, CHANNEL, 0) * count)
    c = 0
    while True:
        if (free >> net.channels.band[c]) & 1:
            if pick == 0:
                return c, now_s
            pick -= 1
        c += 1


@hot
def _band_free_s(net: Network, st: State, d: int, band: int, airtime_s: float) -> float:
    return float(
        free_at_s(
            st.last_end_s[d, band],
            st.last_airtime_s[d, band],
            airtime_s,
            net.bands.device_duty[band],
        )
    )


@hot
def count_uplink(net: Network, st: State, d: int) -> None:
    """Advance the counters of a new data frame; step back where no downlink has come for long."""
    device = st.device[d]
    device.f_cnt += 1
    if not net.fleets.adr[device.fleet]:
        return
    device.uplinks_since += 1
    lowest = net.fleets.lowest_rate[device.fleet]
    at_bottom = device.rate <= lowest and device.tx_index == 0 and device.nb_trans == 1
    device.asks = wants_answer(device.uplinks_since) and not at_bottom
    device.rate, device.tx_index, device.nb_trans = node_back_off(
        device.uplinks_since, device.rate, device.tx_index, device.nb_trans, lowest
    )


@hot
def _send(
    net: Network,
    st: State,
    d: int,
    key: int,
    rate: int,
    channel: int,
    airtime_s: float,
    now_s: float,
) -> None:
    counters = st.counters
    f = counters[FREE_FRAME]
    counters[FREE_FRAME] = st.frame[f].next_free
    counters[FRAMES_FREE] -= 1
    fill_frame(net, st, d, f, key, rate, channel, airtime_s, now_s)
    counters[ON_AIR] += 1
    open_receptions(net, st, f, st.best_sensitivity_dbm[5 - rate])
    counters[AIR_HEAP] = push(
        st.air_s, st.air_code, counters[AIR_HEAP], now_s + airtime_s, FRAME_ENDS * PLACES + f
    )


@hot
def fill_frame(
    net: Network,
    st: State,
    d: int,
    f: int,
    key: int,
    rate: int,
    channel: int,
    airtime_s: float,
    now_s: float,
) -> None:
    """Write the attempt that starts now into frame row `f`, the device's books and its tally."""
    device = st.device[d]
    end_s = now_s + airtime_s
    band = net.channels.band[channel]
    st.last_end_s[d, band] = end_s
    st.last_airtime_s[d, band] = airtime_s
    device.air_until_s = end_s
    frame = st.frame[f]
    frame.device = d
    frame.kind = device.kind
    frame.number = device.number
    frame.attempt = device.attempt
    frame.key = key
    frame.due_s = device.message_due_s
    frame.start_s = now_s
    frame.airtime_s = airtime_s
    frame.rate = rate
    frame.tx_index = device.message_tx
    frame.channel = channel
    frame.session = device.session
    frame.carried = NOBODY if device.kind == JOIN else device.to_acknowledge
    device.carrying = device.carrying or frame.carried != NOBODY
    frame.f_cnt = device.f_cnt
    frame.asks = device.asks
    frame.delivered_before = device.delivered
    frame.confirmed = is_confirmed(net, st, d)
    tally = st.tally[d]
    tally.tx_s[device.message_tx] += airtime_s
    tally.factors[5 - rate] += 1
