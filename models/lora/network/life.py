"""The life of a device: readings, messages, attempts, sessions. Rules 1, 2, 6 and 8, compiled."""

from __future__ import annotations

import numpy as np

from models.lora.adr import node_back_off, wants_answer
from models.lora.duty import free_at_s
from models.lora.network.air import open_receptions
from models.lora.network.compiled import compiled, hot
from models.lora.network.draws import (
    ALARM,
    ANSWER,
    ARRIVAL,
    BACK_OFF,
    CHANNEL,
    JOIN,
    PERIODIC,
    exponential,
    message_key,
    unit,
)
from models.lora.network.fates import DELIVERED, NOT_SENT, OUT_OF_REACH, FrameLog
from models.lora.network.heap import push
from models.lora.network.plan import FRAME_ENDS, PLACES
from models.lora.network.setup import CLASS_C, PERIODIC_ARRIVAL, Network
from models.lora.network.state import NOBODY, Counters, State

DEVICE_HEAP, AIR_HEAP = Counters.DEVICE_HEAP, Counters.AIR_HEAP
FREE_FRAME, FRAMES_FREE = Counters.FREE_FRAME, Counters.FRAMES_FREE
LOG, ON_AIR, HEARD = Counters.LOG, Counters.ON_AIR, Counters.HEARD
READING_DUE, ATTEMPT, COMMAND_TRY = 0, 1, 2
DEVICE_EVENTS = 4
"""Codes on the device heap: device times DEVICE_EVENTS, plus what is due."""

EMPTY_WINDOW_SYMBOLS = 8.0
"""How long a device listens for a preamble in a window where nobody speaks, symbols [D]."""

JOIN_DUTIES = ((3600.0, 0.01), (39600.0, 0.001), (np.inf, 0.0001))
"""Until when after its beginning a join may use which share of time [V]."""


@hot
def wake(st: State, d: int, at_s: float, what: int) -> None:
    """Put something due for device `d` on the heap."""
    st.counters[DEVICE_HEAP] = push(
        st.heap_s, st.heap_code, st.counters[DEVICE_HEAP], at_s, d * DEVICE_EVENTS + what
    )


@hot
def schedule_reading(net: Network, st: State, d: int) -> None:
    """Put the device's next reading on the heap."""
    device = st.device[d]
    device.due_s = next_due_s(net, st, d)
    if device.due_s < np.inf:
        wake(st, d, device.due_s, READING_DUE)


@hot
def next_due_s(net: Network, st: State, d: int) -> float:
    """Return when the device's reading number `reading` is due; infinity: never."""
    device = st.device[d]
    if device.period_s == np.inf:
        return np.inf
    key = message_key(device.key, PERIODIC, device.reading, 0)
    if net.fleets.arrival[device.fleet] == PERIODIC_ARRIVAL:
        due_s = device.phase_s + device.reading * device.period_s
        jitter_s = net.fleets.jitter_s[device.fleet]
        if jitter_s > 0.0:
            due_s += jitter_s * unit(key, ARRIVAL, 0)
        return float(due_s)
    before_s = device.phase_s if device.reading == 0 else device.due_s
    return float(before_s + device.period_s * exponential(key, ARRIVAL, 0))


@hot
def reading_due(net: Network, st: State, log: FrameLog, d: int, now_s: float) -> None:
    """Take a due reading in hand, or let it wait; then schedule the next."""
    device = st.device[d]
    number, due_s = device.reading, device.due_s
    device.reading += 1
    schedule_reading(net, st, d)
    if not device.powered:
        return
    st.tally[d].messages += 1
    if device.engaged:
        if device.waiting != NOBODY:
            log_unsent(st, log, d, PERIODIC, device.waiting, device.waiting_due_s, now_s)
        device.waiting = number
        device.waiting_due_s = due_s
        return
    in_hand(st, d, PERIODIC, number, due_s)
    first_attempt(st, d, now_s)


@compiled
def alarm_ordered(st: State, log: FrameLog, d: int, row: int, now_s: float) -> None:
    """Take an alarm (or an answer) in hand, or queue it."""
    device, alarm = st.device[d], st.alarm[row]
    if alarm.kind == ALARM:
        st.tally[d].messages += 1
    if not device.powered:
        log_unsent(st, log, d, alarm.kind, alarm.number, alarm.due_s, now_s)
        return
    if device.alarm_head == NOBODY:
        device.alarm_head = row
    else:
        st.alarm[device.alarm_tail].next = row
    device.alarm_tail = row
    alarm.next = NOBODY
    if not device.engaged and _next_in_hand(st, d):
        first_attempt(st, d, now_s)


@hot
def first_attempt(st: State, d: int, now_s: float) -> None:
    """Put the first attempt of the message in hand on the heap: now, or once it has listened."""
    device = st.device[d]
    device.cycle_at_s = max(now_s, device.busy_until_s)
    wake(st, d, device.cycle_at_s, ATTEMPT)


@hot
def in_hand(st: State, d: int, kind: int, number: int, due_s: float) -> None:
    """Take a message in hand; nothing of it has been sent."""
    device = st.device[d]
    device.engaged = True
    device.kind = kind
    device.number = number
    device.message_due_s = due_s
    device.attempt = 0
    device.delivered = False
    device.last_fate = OUT_OF_REACH
    device.carrying = False
    device.asks = False


@hot
def _next_in_hand(st: State, d: int) -> bool:
    """Take the next message waiting in hand; return whether there was one."""
    device = st.device[d]
    row = device.alarm_head
    if row != NOBODY:
        alarm = st.alarm[row]
        device.alarm_head = alarm.next
        in_hand(st, d, alarm.kind, alarm.number, alarm.due_s)
        device.alarm = row
        return True
    if device.waiting != NOBODY:
        in_hand(st, d, PERIODIC, device.waiting, device.waiting_due_s)
        device.waiting = NOBODY
        return True
    return False


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


@hot
def message_done(st: State, d: int, busy_until_s: float, now_s: float) -> None:
    """Count what became of the message in hand and take the next one, if any waits."""
    settle(st, d)
    next_message(st, d, busy_until_s, now_s)


@hot
def settle(st: State, d: int) -> None:
    """Count the message in hand as lost, by its last frame's fate, unless it was delivered."""
    device = st.device[d]
    if not device.delivered and (device.kind == PERIODIC or device.kind == ALARM):  # noqa: PLR1714 - compiled, a tuple is slower
        st.tally[d].lost[device.last_fate] += 1


@hot
def next_message(st: State, d: int, busy_until_s: float, now_s: float) -> None:
    """Let go of the message in hand and take the next one, if any waits."""
    device = st.device[d]
    device.busy_until_s = busy_until_s
    device.engaged = False
    if device.carrying:
        device.to_acknowledge = NOBODY
        device.carrying = False
    if _next_in_hand(st, d):
        device.cycle_at_s = max(now_s, busy_until_s)
        wake(st, d, device.cycle_at_s, ATTEMPT)


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
    while _next_in_hand(st, d):
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


@compiled
def log_unsent(
    st: State, log: FrameLog, d: int, kind: int, number: int, due_s: float, now_s: float
) -> None:
    """Log a message that was never sent."""
    st.tally[d].frames[NOT_SENT] += 1
    if kind == PERIODIC or kind == ALARM:  # noqa: PLR1714, SIM109 - compiled, a tuple is slower
        st.tally[d].lost[NOT_SENT] += 1
    if len(log.device) == 0:
        return
    row = st.counters[LOG]
    st.counters[LOG] += 1
    log.device[row] = d
    log.kind[row] = kind
    log.number[row] = number
    log.attempt[row] = 0
    log.due_s[row] = due_s
    log.start_s[row] = now_s
    log.airtime_s[row] = 0.0
    log.data_rate[row] = st.device[d].rate
    log.tx_index[row] = st.device[d].tx_index
    log.channel[row] = -1
    log.fate[row] = NOT_SENT
    log.gateways[row] = 0
    log.best_gateway[row] = NOBODY
    log.level_dbm[row] = np.nan
    log.first[row] = False


@hot
def log_frame(st: State, log: FrameLog, f: int, fate: int, decoded: int, first: bool) -> None:
    """Log a frame whose fate is known; the ranked gateways are those that decoded it."""
    if len(log.device) == 0:
        return
    frame = st.frame[f]
    row = st.counters[LOG]
    st.counters[LOG] += 1
    log.device[row] = frame.device
    log.kind[row] = frame.kind
    log.number[row] = frame.number
    log.attempt[row] = min(frame.attempt, 127)
    log.due_s[row] = frame.due_s
    log.start_s[row] = frame.start_s
    log.airtime_s[row] = frame.airtime_s
    log.data_rate[row] = frame.rate
    log.tx_index[row] = frame.tx_index
    log.channel[row] = frame.channel
    log.fate[row] = fate
    log.gateways[row] = decoded
    log.best_gateway[row] = st.rank_gateway[0] if fate == DELIVERED else NOBODY
    log.level_dbm[row] = st.rank_level[0] if fate == DELIVERED else np.nan
    log.first[row] = first
    if len(st.heard_gateway) > 0:
        for i in range(decoded):
            place = st.counters[HEARD]
            st.counters[HEARD] += 1
            st.heard_gateway[place] = st.rank_gateway[i]
            st.heard_level[place] = st.rank_level[i]
