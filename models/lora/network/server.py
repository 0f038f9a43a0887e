"""The network server at the end of a frame: fate, ADR, commands, downlink. Rules 4, 5 and 7."""

from __future__ import annotations

import numpy as np

from models.lora.adr import decide, follow_data_rate, forget, note_uplink
from models.lora.network.air import close_receptions
from models.lora.network.compiled import compiled, hot
from models.lora.network.draws import ALARM, ANSWER, COMMAND, JOIN, PERIODIC, message_key
from models.lora.network.fates import (
    DELIVERED,
    GATEWAY_DOWN,
    OUT_OF_REACH,
    CommandLog,
    FrameLog,
)
from models.lora.network.life import (
    COMMAND_TRY,
    alarm_ordered,
    count_windows,
    log_frame,
    message_done,
    unanswered,
    wake,
)
from models.lora.network.plan import (
    AT_ONCE,
    IN_RX1,
    forget_past,
    is_heard,
    last_planned_end_s,
    plan_after_uplink,
    rank_by_level,
    reserve,
    within_duty,
)
from models.lora.network.setup import CLASS_C, Network
from models.lora.network.state import MOST_PLANNED, NOBODY, Counters, State

ON_AIR, FREE_FRAME, FRAMES_FREE = Counters.ON_AIR, Counters.FREE_FRAME, Counters.FRAMES_FREE
COMMAND_LOG, ALARMS = Counters.COMMAND_LOG, Counters.ALARMS
DUTY_PAUSE_S = 10.0
"""How long a class C command waits when its gateway has used up its duty cycle: one slot."""

DAY_S = 86400.0
LOST, DONE = 0, 1


@hot
def frame_ends(
    net: Network, st: State, log: FrameLog, commands: CommandLog, f: int, now_s: float
) -> None:
    """Settle the fate of frame `f` and what follows from it, at its end."""
    frame = st.frame[f]
    d = frame.device
    device = st.device[d]
    fate, decoded = close_receptions(net, st, f)
    rank_by_level(st, decoded)
    st.counters[ON_AIR] -= 1
    same_session = device.session == frame.session
    before = device.delivered if same_session else frame.delivered_before
    first = fate == DELIVERED and not before
    count_frame(st, f, fate, decoded, first, now_s)
    watched = net.fleets.watched[device.fleet]
    if watched:
        log_frame(st, log, f, fate, decoded, first)
    if same_session:
        device.last_fate = fate
        device.delivered = before or first
    elif not first and not before and (frame.kind == PERIODIC or frame.kind == ALARM):  # noqa: PLR1714 - compiled, a tuple is slower
        st.tally[d].lost[fate] += 1
    p = NOBODY
    if decoded > 0:
        p = _answer(net, st, commands, f, decoded, now_s)
    if same_session:
        _after_frame(net, st, f, p, now_s)
    frame.next_free = st.counters[FREE_FRAME]
    st.counters[FREE_FRAME] = f
    st.counters[FRAMES_FREE] += 1


@hot
def count_frame(st: State, f: int, fate: int, decoded: int, first: bool, now_s: float) -> None:
    """Count a frame whose fate is known, and the message it delivered."""
    frame = st.frame[f]
    tally = st.tally[frame.device]
    tally.frames[fate] += 1
    tally.gateways += decoded
    tally.gateways_squared += decoded * decoded
    if first and (frame.kind == PERIODIC or frame.kind == ALARM):  # noqa: PLR1714 - compiled, a tuple is slower
        tally.delivered += 1
        delay_s = now_s - frame.due_s
        tally.delay_s += delay_s
        tally.longest_delay_s = max(tally.longest_delay_s, delay_s)
        day = int(frame.due_s / DAY_S)
        if day > tally.day:
            tally.day = day
            tally.days += 1


@hot
def _after_frame(net: Network, st: State, f: int, p: int, now_s: float) -> None:
    """Let the device go on: at once without a downlink, else at the end of the downlink."""
    frame = st.frame[f]
    d = frame.device
    if p == NOBODY:
        count_windows(net, st, d, frame.rate, 0, 0.0)
        unanswered(net, st, d, frame.key, frame.airtime_s, now_s, now_s)
        return
    plan = st.downlink[p]
    plan.device = d
    plan.session = frame.session
    plan.key = frame.key
    plan.uplink_end_s = now_s
    plan.uplink_airtime_s = frame.airtime_s
    plan.uplink_rate = frame.rate


@hot
def _answer(  # noqa: C901 - the server's reasons to answer, one after the other
    net: Network, st: State, commands: CommandLog, f: int, decoded: int, now_s: float
) -> int:
    """Do what the server does with a decoded frame; return the downlink planned or NOBODY."""
    frame = st.frame[f]
    d = frame.device
    device = st.device[d]
    device.best = st.rank_gateway[0]
    band = net.channels.band[frame.channel]
    rules = net.rules
    rx1_rate = max(0, frame.rate - rules.rx1_offset)
    if frame.kind == JOIN:
        p = plan_after_uplink(
            net,
            st,
            decoded,
            now_s,
            band,
            frame.rate,
            rules.join_accept_s[rx1_rate],
            rules.join_accept_s[rules.rx2_rate],
            rules.join_rx1_delay_s,
            rules.join_rx2_delay_s,
        )
        if p != NOBODY:
            _address(st, p, f)
        return p
    if frame.carried != NOBODY:
        _acknowledged(net, st, commands, frame.carried, now_s)
    new = (frame.rate, device.tx_index, device.nb_trans)
    ordered = False
    if net.fleets.adr[device.fleet]:
        new = adapt(net, st, f, decoded)
        ordered = new[0] != frame.rate or new[1] != device.tx_index or new[2] != device.nb_trans
    command = _command_to_send(net, st, commands, d, now_s)
    if not (frame.confirmed or frame.asks or ordered or command != NOBODY):
        return NOBODY
    rx1_airtime_s = rules.acknowledgement_s[rx1_rate]
    rx2_airtime_s = rules.acknowledgement_s[rules.rx2_rate]
    if command != NOBODY:
        rx1_airtime_s = st.command[command].airtime_s[rx1_rate]
        rx2_airtime_s = st.command[command].airtime_s[rules.rx2_rate]
    elif ordered:
        rx1_airtime_s = rules.adr_order_s[rx1_rate]
        rx2_airtime_s = rules.adr_order_s[rules.rx2_rate]
    p = plan_after_uplink(
        net,
        st,
        decoded,
        now_s,
        band,
        frame.rate,
        rx1_airtime_s,
        rx2_airtime_s,
        rules.rx1_delay_s,
        rules.rx2_delay_s,
    )
    if p == NOBODY:
        return p
    _address(st, p, f)
    plan = st.downlink[p]
    if ordered:
        plan.new_rate, plan.new_tx_index, plan.new_nb_trans = new
    if command != NOBODY:
        plan.command = command
    return p


@hot
def _address(st: State, p: int, f: int) -> None:
    """Address planned downlink `p` to the sender of frame `f`."""
    plan, frame = st.downlink[p], st.frame[f]
    plan.device = frame.device
    plan.session = frame.session
    plan.key = frame.key


@hot
def adapt(net: Network, st: State, f: int, decoded: int) -> tuple[int, int, int]:
    """Return the rate, power index and NbTrans that the server wants of the device."""
    frame = st.frame[f]
    d = frame.device
    device, rules = st.device[d], net.rules
    snr_db = -np.inf
    for i in range(decoded):
        snr_db = max(snr_db, st.rank_level[i] - net.gateways.noise_dbm[st.rank_gateway[i]])
    follow_data_rate(d, frame.rate, device.known_rate, device.tx_index, st.history_count)
    device.known_rate = frame.rate
    note_uplink(
        d,
        frame.f_cnt,
        snr_db,
        device.tx_index,
        st.history_f_cnt,
        st.history_snr_db,
        st.history_tx,
        st.history_count,
    )
    new: tuple[int, int, int] = decide(
        d,
        frame.rate,
        device.tx_index,
        device.nb_trans,
        rules.max_rate,
        rules.max_tx_index,
        rules.adr_margin_db,
        st.history_f_cnt,
        st.history_snr_db,
        st.history_tx,
        st.history_count,
    )
    return new


@compiled
def downlink_ends(net: Network, st: State, log: FrameLog, p: int, now_s: float) -> None:
    """Let the device hear, or not, a downlink addressed to it; then it goes on."""
    plan = st.downlink[p]
    d = plan.device
    device = st.device[d]
    heard = is_heard(net, st, p)
    if plan.sent and plan.command != NOBODY:
        up = st.gateway[plan.gateway].up
        st.command[plan.command].cause = OUT_OF_REACH if up else GATEWAY_DOWN
    if plan.window == AT_ONCE:
        _class_c_ends(net, st, log, p, heard, now_s)
        return
    if device.session != plan.session:
        return
    window = 1 if plan.window == IN_RX1 else 2
    count_windows(net, st, d, plan.uplink_rate, window if heard else 0, plan.airtime_s)
    if not heard:
        unanswered(
            net,
            st,
            d,
            plan.key,
            plan.uplink_airtime_s,
            plan.uplink_end_s,
            now_s,
        )
        return
    device.uplinks_since = 0
    if device.kind == JOIN:
        device.joined = True
        device.rate = max(plan.uplink_rate, net.fleets.lowest_rate[device.fleet])
        device.known_rate = device.rate
        device.tx_index = 0
        device.nb_trans = 1
        forget(d, st.history_count)
    elif plan.new_rate != NOBODY:
        device.rate, device.tx_index, device.nb_trans = (
            plan.new_rate,
            plan.new_tx_index,
            plan.new_nb_trans,
        )
        device.known_rate = device.rate
        forget(d, st.history_count)
    if plan.command != NOBODY:
        device.to_acknowledge = plan.command
        device.carrying = False
    message_done(st, d, now_s, now_s)


@compiled
def command_ordered(
    net: Network, st: State, log: CommandLog, d: int, row: int, now_s: float
) -> None:
    """Queue a command; class C is tried at once unless another command is under way."""
    device, command = st.device[d], st.command[row]
    command.serial = device.commands
    device.commands += 1
    command.next = NOBODY
    idle = device.command_head == NOBODY
    if idle:
        device.command_head = row
    else:
        st.command[device.command_tail].next = row
    device.command_tail = row
    if idle and net.fleets.device_class[device.fleet] == CLASS_C:
        try_command(net, st, log, d, now_s)


@compiled
def try_command(net: Network, st: State, log: CommandLog, d: int, now_s: float) -> None:
    """Send the head of a class C device's queue, if its gateway can: rule 7."""
    device, rules = st.device[d], net.rules
    device.command_at_s = np.inf
    while device.command_head != NOBODY:
        row = device.command_head
        command = st.command[row]
        if command.tries < rules.most_command_tries:
            _send_at_once(net, st, d, row, now_s)
            return
        _close_command(st, log, d, LOST, now_s)


@compiled
def _send_at_once(net: Network, st: State, d: int, row: int, now_s: float) -> None:
    device, command, rules = st.device[d], st.command[row], net.rules
    g = device.best
    airtime_s = command.airtime_s[rules.rx2_rate]
    if g == NOBODY or not st.gateway[g].up:
        command.tries += 1
        command.cause = OUT_OF_REACH if g == NOBODY else GATEWAY_DOWN
        _again(st, d, now_s + rules.response_timeout_s)
        return
    gateway = st.gateway[g]
    forget_past(st, g, now_s)
    last_s = last_planned_end_s(st, g, now_s)
    crowded = gateway.planned >= MOST_PLANNED
    for i in range(gateway.planned):
        crowded = crowded or (
            gateway.plan_start_s[i] < now_s + airtime_s and gateway.plan_end_s[i] > now_s
        )
    if crowded:
        _again(st, d, last_s)
        return
    if not within_duty(net, st, g, rules.rx2_band, now_s + airtime_s, airtime_s):
        _again(st, d, now_s + DUTY_PAUSE_S)
        return
    p = reserve(st, g, rules.rx2_band, now_s, airtime_s, AT_ONCE, rules.rx2_rate)
    plan = st.downlink[p]
    plan.device = d
    plan.session = device.session
    plan.key = message_key(device.key, COMMAND, command.serial, command.tries)
    plan.command = row
    command.tries += 1


@compiled
def _again(st: State, d: int, at_s: float) -> None:
    st.device[d].command_at_s = at_s
    wake(st, d, at_s, COMMAND_TRY)


@compiled
def _class_c_ends(
    net: Network, st: State, log: FrameLog, p: int, heard: bool, now_s: float
) -> None:
    plan = st.downlink[p]
    d = plan.device
    device = st.device[d]
    if heard and device.joined:
        device.uplinks_since = 0
        device.to_acknowledge = plan.command
        device.carrying = False
        row = st.counters[ALARMS]
        st.counters[ALARMS] += 1
        answer = st.alarm[row]
        answer.kind = ANSWER
        answer.number = device.answers
        answer.due_s = now_s
        device.answers += 1
        alarm_ordered(st, log, d, row, now_s)
    if st.command[plan.command].open and device.command_head == plan.command:
        _again(st, d, now_s + net.rules.response_timeout_s)


@compiled
def _command_to_send(net: Network, st: State, log: CommandLog, d: int, now_s: float) -> int:
    """Return the head of a device's queue, giving up those sent too often; class C: nothing."""
    device = st.device[d]
    if net.fleets.device_class[device.fleet] == CLASS_C:
        return NOBODY
    while device.command_head != NOBODY:
        row = device.command_head
        if st.command[row].tries < net.rules.most_command_tries:
            return int(row)
        _close_command(st, log, d, LOST, now_s)
    return NOBODY


@compiled
def _acknowledged(net: Network, st: State, log: CommandLog, row: int, now_s: float) -> None:
    """Close the command an uplink acknowledges, if it is still the head of its device's queue."""
    d = st.command[row].device
    if st.command[row].open and st.device[d].command_head == row:
        _close_command(st, log, d, DONE, now_s)
        device = st.device[d]
        device.command_at_s = np.inf
        if device.command_head != NOBODY and net.fleets.device_class[device.fleet] == CLASS_C:
            _again(st, d, now_s)


@compiled
def _close_command(st: State, log: CommandLog, d: int, outcome: int, now_s: float) -> None:
    device = st.device[d]
    row = device.command_head
    command = st.command[row]
    command.open = False
    device.command_head = command.next
    place = st.counters[COMMAND_LOG]
    st.counters[COMMAND_LOG] += 1
    log.number[place] = command.number
    log.device[place] = d
    log.at_s[place] = now_s
    log.acknowledged[place] = outcome == DONE
    log.cause[place] = DELIVERED if outcome == DONE else command.cause
