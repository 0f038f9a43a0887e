"""One device at a time: the surrogate's kernel, where the others are a law and not a crowd.

The device, its dice, levels, ADR, back-off, duty cycle and energy are those of the window engine,
draw for draw. What differs: whether an audible frame survives the other frames, and whether a
downlink can be planned, are drawn from `laws` measured on the window engine; downlinks deafen
nobody beyond those laws; no table but the device's own is touched, so that a year of a device runs
in the processor's nearest memory.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from models.lora.adr import forget
from models.lora.network.air import needed_mw
from models.lora.network.compiled import compiled, hot
from models.lora.network.draws import (
    ALARM,
    ANSWERED,
    BACK_OFF,
    PERIODIC,
    SURVIVAL,
    message_key,
    unit,
)
from models.lora.network.fates import (
    COLLISION,
    DELIVERED,
    GATEWAY_DEAF,
    GATEWAY_DOWN,
    NO_DEMODULATOR,
    OUT_OF_REACH,
    FrameLog,
)
from models.lora.network.laws import Laws
from models.lora.network.life import (
    EMPTY_WINDOW_SYMBOLS,
    airtime_of_attempt_s,
    attempt_rate,
    choose_channel,
    count_uplink,
    count_windows,
    in_hand,
    log_frame,
    log_unsent,
    next_due_s,
    settle,
)
from models.lora.network.plan import IN_RX1, level_down_dbm, rank_by_level
from models.lora.network.received import TX_STEP_DB, fading_db, milliwatt, slow_node, slow_place
from models.lora.network.server import adapt, count_frame
from models.lora.network.setup import Network
from models.lora.network.state import MARGIN_BINS, NOBODY, Counters, State

LOG = Counters.LOG


@compiled
def live_alone(
    net: Network,
    st: State,
    laws: Laws,
    first: int,
    last: int,
    until_s: float,
    alarms_of: NDArray[np.int64],
    alarm_rows: NDArray[np.int64],
    changes_of: NDArray[np.int64],
    change_s: NDArray[np.float64],
    change_up: NDArray[np.bool_],
    nodes: NDArray[np.float64],
    log: FrameLog,
    rows_left: int,
) -> int:
    """Let devices `first` to `last` live until `until_s`; return the first that has not yet.

    Parameters
    ----------
    alarms_of, alarm_rows
        Alarms of each device in compressed rows, ordered by time.
    changes_of, change_s, change_up
        When each gateway goes down or comes back within the span, in compressed rows.
    nodes : shape (3, links of a device at most)
        Room for the slow terms' node values.
    rows_left
        Stop before a device when the log has fewer rows than this left.
    """
    for d in range(first, last):
        device = st.device[d]
        alarm = alarms_of[d]
        if device.due_s >= until_s and alarm == alarms_of[d + 1]:
            continue
        if len(log.device) and st.counters[LOG] + rows_left > len(log.device):
            return d
        nodes[2, 0] = -np.inf
        while True:
            alarm_s = st.alarm[alarm_rows[alarm]].due_s if alarm < alarms_of[d + 1] else np.inf
            if alarm_s < device.due_s and alarm_s < until_s:
                row = alarm_rows[alarm]
                alarm += 1
                st.tally[d].messages += 1
                in_hand(st, d, ALARM, st.alarm[row].number, alarm_s)
                device.alarm = row
                start_s = alarm_s
            elif device.due_s < until_s:
                number, start_s = device.reading, device.due_s
                device.reading += 1
                device.due_s = next_due_s(net, st, d)
                st.tally[d].messages += 1
                in_hand(st, d, PERIODIC, number, start_s)
                # Of the readings that came due while the device was busy only the last is sent.
                if device.due_s <= device.busy_until_s and device.due_s < until_s:
                    log_unsent(st, log, d, PERIODIC, number, start_s, device.due_s)
                    continue
            else:
                break
            _message(
                net,
                st,
                laws,
                d,
                max(start_s, device.busy_until_s),
                changes_of,
                change_s,
                change_up,
                nodes,
                log,
            )
        device.engaged = False
    return last


@hot
def _message(
    net: Network,
    st: State,
    laws: Laws,
    d: int,
    now_s: float,
    changes_of: NDArray[np.int64],
    change_s: NDArray[np.float64],
    change_up: NDArray[np.bool_],
    nodes: NDArray[np.float64],
    log: FrameLog,
) -> None:
    """Carry one message of a device to its end."""
    device, rules = st.device[d], net.rules
    channels = len(net.channels.band)
    while True:
        if device.attempt == 0:
            device.message_rate = device.rate
            device.message_tx = device.tx_index
            device.message_trans = device.nb_trans
        rate = attempt_rate(net, st, d)
        airtime_s = airtime_of_attempt_s(net, st, d, rate)
        key = message_key(device.key, device.kind, device.number, device.attempt)
        channel, again_s = choose_channel(net, st, d, key, channels, airtime_s, now_s)
        if channel == NOBODY:
            if device.kind == PERIODIC and device.attempt == 0:
                log_unsent(st, log, d, PERIODIC, device.number, device.message_due_s, now_s)
                return
            if again_s == np.inf:
                settle(st, d)
                return
            now_s = again_s
            continue
        if device.attempt == 0:
            count_uplink(net, st, d)
        end_s = now_s + airtime_s
        _note_sent(net, st, d, key, rate, channel, airtime_s, now_s)
        fate, decoded = _receive(net, st, laws, d, changes_of, change_s, change_up, nodes)
        first = fate == DELIVERED and not device.delivered
        count_frame(st, 0, fate, decoded, first, end_s)
        if net.fleets.watched[device.fleet]:
            log_frame(st, log, 0, fate, decoded, first)
        device.last_fate = fate
        device.delivered = device.delivered or first
        heard_s = 0.0
        if decoded > 0:
            device.best = st.rank_gateway[0]
            heard_s = _answer(net, st, laws, d, decoded, rate, key, end_s)
        if heard_s > 0.0:
            settle(st, d)
            device.busy_until_s = heard_s
            return
        if heard_s == 0.0:
            count_windows(net, st, d, rate, 0, 0.0)
        unheard_s = max(end_s, -heard_s)
        device.attempt += 1
        attempts = rules.most_confirmed if st.frame[0].confirmed else device.message_trans
        if device.attempt >= attempts:
            settle(st, d)
            listening_s = EMPTY_WINDOW_SYMBOLS * rules.symbol_s[rules.rx2_rate]
            device.busy_until_s = max(end_s + rules.rx2_delay_s + listening_s, unheard_s)
            return
        again_s = end_s + rules.rx2_delay_s + 1.0 + 2.0 * unit(key, BACK_OFF, 0)
        now_s = max(again_s, unheard_s)


@hot
def _note_sent(
    net: Network,
    st: State,
    d: int,
    key: int,
    rate: int,
    channel: int,
    airtime_s: float,
    now_s: float,
) -> None:
    device = st.device[d]
    band = net.channels.band[channel]
    st.last_end_s[d, band] = now_s + airtime_s
    st.last_airtime_s[d, band] = airtime_s
    frame = st.frame[0]
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
    frame.f_cnt = device.f_cnt
    frame.asks = device.asks
    frame.confirmed = net.fleets.confirmed[device.fleet]
    st.tally[d].tx_s[device.message_tx] += airtime_s
    st.tally[d].factors[5 - rate] += 1


@hot
def _receive(
    net: Network,
    st: State,
    laws: Laws,
    d: int,
    changes_of: NDArray[np.int64],
    change_s: NDArray[np.float64],
    change_up: NDArray[np.bool_],
    nodes: NDArray[np.float64],
) -> tuple[int, int]:
    """Return the fate of the frame in hand and how many gateways decoded it, ranked."""
    radio, device, frame = net.radio, st.device[d], st.frame[0]
    factor = 5 - frame.rate
    step_db = TX_STEP_DB * frame.tx_index
    least_dbm = st.best_sensitivity_dbm[factor] - radio.cut_db - radio.reach_db
    fate, decoded = OUT_OF_REACH, 0
    slow = radio.slow_sigma_db > 0.0
    before = after = shared = scale = 0.0
    node = 0
    fresh = False
    if slow:
        place = slow_place(device.key, frame.start_s, radio.slow_tau_s)
        node = math.floor(place)
        after = place - node
        before = 1.0 - after
        scale = radio.slow_sigma_db / math.sqrt(before * before + after * after)
        # Node values are kept from frame to frame while the slow terms stay between two nodes.
        fresh = nodes[2, 0] != node
        if fresh:
            nodes[0, 0] = slow_node(device.key, 0, node)
            nodes[1, 0] = slow_node(device.key, 0, node + 1)
            nodes[2, 0] = node
            nodes[2, 1] = 0.0
        shared = math.sqrt(radio.slow_rho) * (before * nodes[0, 0] + after * nodes[1, 0])
    own = math.sqrt(1.0 - radio.slow_rho)
    for link in range(device.first_link, device.last_link):
        level_dbm = net.links.level_dbm[link] - step_db
        if level_dbm < least_dbm:
            break
        g = net.links.gateway[link]
        gateway_key = net.gateways.key[g]
        if slow:
            i = link - device.first_link + 1
            if own > 0.0 and i > nodes[2, 1]:
                nodes[0, i] = slow_node(device.key, gateway_key, node)
                nodes[1, i] = slow_node(device.key, gateway_key, node + 1)
                nodes[2, 1] = i
            level_dbm += scale * (shared + own * (before * nodes[0, i] + after * nodes[1, i]))
        if radio.fading_sigma_db > 0.0 or radio.rayleigh:
            level_dbm += fading_db(
                frame.key, gateway_key, radio.fading_sigma_db, radio.rayleigh, False  # noqa: FBT003 - compiled
            )
        sensitivity_dbm = net.gateways.sensitivity_dbm[g, factor]
        over_db = level_dbm - sensitivity_dbm
        if over_db < 0.0:
            continue
        state = _fate_at(
            net, st, laws, g, factor, over_db, level_dbm, changes_of, change_s, change_up
        )
        if state == DELIVERED:
            st.rank_gateway[decoded] = g
            st.rank_level[decoded] = level_dbm
            decoded += 1
        fate = max(fate, state)
    rank_by_level(st, decoded)
    return fate, decoded


@hot
def _fate_at(
    net: Network,
    st: State,
    laws: Laws,
    g: int,
    factor: int,
    over_db: float,
    level_dbm: float,
    changes_of: NDArray[np.int64],
    change_s: NDArray[np.float64],
    change_up: NDArray[np.bool_],
) -> int:
    """Return what becomes of an audible frame at one gateway."""
    frame = st.frame[0]
    up = st.gateway[g].up
    for i in range(changes_of[g], changes_of[g + 1]):
        if change_s[i] <= frame.start_s:
            up = change_up[i]
        elif change_s[i] < frame.start_s + frame.airtime_s and not change_up[i]:
            return GATEWAY_DOWN
    if not up:
        return GATEWAY_DOWN
    if st.outside_per_s[frame.channel] > 0.0:
        need_mw = needed_mw(net, st, 0, g, net.gateways.sensitivity_dbm[g, factor])
        if milliwatt(level_dbm) < need_mw:
            return COLLISION
    u = unit(frame.key, SURVIVAL, net.gateways.key[g])
    over = min(int(over_db), MARGIN_BINS - 1)
    if u < laws.survives[g, factor, over]:
        return DELIVERED
    if u < laws.collides[g, factor, over]:
        return COLLISION
    return NO_DEMODULATOR if u < laws.crowded[g, factor, over] else GATEWAY_DEAF


@hot
def _answer(
    net: Network,
    st: State,
    laws: Laws,
    d: int,
    decoded: int,
    rate: int,
    key: int,
    end_s: float,
) -> float:
    """Return the end of the downlink heard; minus the end of one not heard; 0 for none."""
    device, rules, frame = st.device[d], net.rules, st.frame[0]
    new = (frame.rate, device.tx_index, device.nb_trans)
    ordered = False
    if net.fleets.adr[device.fleet]:
        new = adapt(net, st, 0, decoded)
        ordered = new[0] != frame.rate or new[1] != device.tx_index or new[2] != device.nb_trans
    if not (frame.confirmed or frame.asks or ordered):
        return 0.0
    if unit(key, ANSWERED, 0) >= laws.answered:
        return 0.0
    down_rate = max(0, rate - rules.rx1_offset)
    airtimes_s = rules.adr_order_s if ordered else rules.acknowledgement_s
    g = st.rank_gateway[0]
    start_s = end_s + rules.rx1_delay_s
    airtime_s = airtimes_s[down_rate]
    st.gateway_airtime_s[g, net.channels.band[frame.channel]] += airtime_s
    level_dbm = level_down_dbm(net, st, d, g, key, start_s, IN_RX1)
    if level_dbm < net.radio.device_sensitivity_dbm[5 - down_rate]:
        count_windows(net, st, d, rate, 0, 0.0)
        return -(start_s + airtime_s)
    count_windows(net, st, d, rate, 1, airtime_s)
    device.uplinks_since = 0
    if ordered:
        device.rate, device.tx_index, device.nb_trans = new
        device.known_rate = device.rate
        forget(d, st.history_count)
    return start_s + airtime_s
