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

from models.lora.adr import forget
from models.lora.network.afterwards import EMPTY_WINDOW_SYMBOLS, count_windows
from models.lora.network.air import needed_mw
from models.lora.network.attempt import (
    airtime_of_attempt_s,
    attempt_rate,
    choose_channel,
    count_uplink,
    fill_frame,
)
from models.lora.network.compiled import compiled, hot
from models.lora.network.draws import (
    ALARM,
    ANSWERED,
    BACK_OFF,
    PERIODIC,
    drawn,
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
from models.lora.network.frame_log import log_frame, log_unsent
from models.lora.network.laws import Laws
from models.lora.network.messages import in_hand, next_due_s, settle
from models.lora.network.plan import IN_RX1, IN_RX2, level_down_dbm, rank_by_level
from models.lora.network.quick_draws import normal_of
from models.lora.network.received import TX_STEP_DB, milliwatt, slow_place
from models.lora.network.server import adapt, count_frame
from models.lora.network.setup import Network
from models.lora.network.state import MARGIN_BINS, NOBODY, Counters, State
from models.lora.network.surroundings import PHASE, Surroundings, common_term_db, own_term

LOG = Counters.LOG
CLOSELY = 1.5
"""Readings closer than so many slow nodes share their links' own slow terms; beyond, correlation is
0.03 and less, and the terms are drawn anew with the fading."""
FARTHEST = 2.5
"""Links this many deviations short of the sensitivity are not looked at (0.6 % are heard)..."""
ALWAYS = 2
"""...but the strongest two always are."""


@compiled
def first_readings(net: Network, st: State) -> None:
    """Note when each device's first reading is due."""
    for d in range(len(st.device)):
        st.device[d].due_s = next_due_s(net, st, d)


@compiled
def live_alone(
    net: Network,
    st: State,
    laws: Laws,
    first: int,
    last: int,
    until_s: float,
    life: Surroundings,
    log: FrameLog,
    rows_left: int,
) -> int:
    """Let devices `first` to `last` live until `until_s`; return the first that has not yet.

    Parameters
    ----------
    life
        Alarms and outages of the span, and room to work in.
    rows_left
        Stop before a device when the log has fewer rows than this left.
    """
    for d in range(first, last):
        device = st.device[d]
        alarm = life.alarms_of[d]
        if device.due_s >= until_s and alarm == life.alarms_of[d + 1]:
            continue
        if len(log.device) and st.counters[LOG] + rows_left > len(log.device):
            return d
        life.nodes[2, 0] = -np.inf
        life.nodes[2, PHASE] = slow_place(device.key, 0.0, net.radio.slow_tau_s)
        while True:
            alarm_s = (
                st.alarm[life.alarm_rows[alarm]].due_s if alarm < life.alarms_of[d + 1] else np.inf
            )
            if alarm_s < device.due_s and alarm_s < until_s:
                row = life.alarm_rows[alarm]
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
                # Of the readings that came due while the device was busy only the last is sent,
                # even one due after this span: where time is cut must not matter.
                if device.due_s <= device.busy_until_s:
                    log_unsent(st, log, d, PERIODIC, number, start_s, device.due_s)
                    continue
            else:
                break
            _message(net, st, laws, d, max(start_s, device.busy_until_s), life, log)
        device.engaged = False
    return last


@hot
def _message(  # noqa: C901 - one attempt after the other, as rule 2 to 6 tell it
    net: Network,
    st: State,
    laws: Laws,
    d: int,
    now_s: float,
    life: Surroundings,
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
        fill_frame(net, st, d, 0, key, rate, channel, airtime_s, now_s)
        fate, decoded = _receive(net, st, laws, d, life)
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
def _receive(
    net: Network,
    st: State,
    laws: Laws,
    d: int,
    life: Surroundings,
) -> tuple[int, int]:
    """Return the fate of the frame in hand and how many gateways decoded it, ranked."""
    radio, device, frame = net.radio, st.device[d], st.frame[0]
    factor = 5 - frame.rate
    step_db = TX_STEP_DB * frame.tx_index
    fate, decoded = OUT_OF_REACH, 0
    closely = radio.slow_sigma_db > 0.0 and device.period_s < CLOSELY * radio.slow_tau_s
    shared_db = common_term_db(net, st, d, life)
    own_db = radio.slow_sigma_db * math.sqrt(1.0 - radio.slow_rho)
    spread_db = math.sqrt(radio.fading_sigma_db**2 + own_db**2)
    sigma_db = radio.fading_sigma_db if closely else spread_db
    least_dbm = st.best_sensitivity_dbm[factor] - FARTHEST * spread_db - shared_db
    for link in range(device.first_link, device.last_link):
        static_dbm = net.links.level_dbm[link] - step_db
        if static_dbm < least_dbm and link >= device.first_link + ALWAYS:
            break
        g = net.links.gateway[link]
        over_db = static_dbm + shared_db - net.gateways.sensitivity_dbm[g, factor]
        if closely:
            over_db += own_db * own_term(st, d, net.gateways.key[g], link, life)
        if sigma_db > 0.0:
            over_db += sigma_db * normal_of(drawn(frame.key, life.fading_of[g]), life.table)
        if over_db < 0.0:
            continue
        level_dbm = over_db + net.gateways.sensitivity_dbm[g, factor]
        state = _fate_at(net, st, laws, g, factor, over_db, level_dbm, life)
        if state == DELIVERED:
            # Only the best must stand in its place, unless all are told.
            at = decoded
            if decoded > 0 and level_dbm > st.rank_level[0]:
                st.rank_gateway[decoded] = st.rank_gateway[0]
                st.rank_level[decoded] = st.rank_level[0]
                at = 0
            st.rank_gateway[at] = g
            st.rank_level[at] = level_dbm
            decoded += 1
        fate = max(fate, state)
    if net.fleets.watched[device.fleet]:
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
    life: Surroundings,
) -> int:
    """Return what becomes of an audible frame at one gateway."""
    frame = st.frame[0]
    up = st.gateway[g].up
    for i in range(life.changes_of[g], life.changes_of[g + 1]):
        if life.change_s[i] <= frame.start_s:
            up = life.change_up[i]
        elif life.change_s[i] < frame.start_s + frame.airtime_s and not life.change_up[i]:
            return GATEWAY_DOWN
    if not up:
        return GATEWAY_DOWN
    if st.outside_per_s[frame.channel] > 0.0:
        need_mw = needed_mw(net, st, 0, g, net.gateways.sensitivity_dbm[g, factor])
        if milliwatt(level_dbm) < need_mw:
            return COLLISION
    u = drawn(frame.key, life.survival_of[g])
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
    u = unit(key, ANSWERED, 0)
    if u >= laws.answered:
        return 0.0
    window, down_rate = IN_RX1, max(0, rate - rules.rx1_offset)
    start_s, band = end_s + rules.rx1_delay_s, net.channels.band[frame.channel]
    if u < laws.answered * laws.in_rx2:
        window, down_rate = IN_RX2, rules.rx2_rate
        start_s, band = end_s + rules.rx2_delay_s, rules.rx2_band
    airtimes_s = rules.adr_order_s if ordered else rules.acknowledgement_s
    g = st.rank_gateway[0]
    airtime_s = airtimes_s[down_rate]
    st.gateway_airtime_s[g, band] += airtime_s
    level_dbm = level_down_dbm(net, st, d, g, key, start_s, window)
    if level_dbm < net.radio.device_sensitivity_dbm[5 - down_rate]:
        count_windows(net, st, d, rate, 0, 0.0)
        return float(-(start_s + airtime_s))
    count_windows(net, st, d, rate, 1 if window == IN_RX1 else 2, airtime_s)
    device.uplinks_since = 0
    if ordered:
        device.rate, device.tx_index, device.nb_trans = new
        device.known_rate = device.rate
        forget(d, st.history_count)
    return float(start_s + airtime_s)
