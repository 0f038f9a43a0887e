"""The network server at the end of a frame: fate, ADR, downlink. Rules 4 and 5, compiled."""

from __future__ import annotations

import numpy as np

from models.lora.adr import decide, follow_data_rate, forget, note_uplink
from models.lora.network.afterwards import count_windows, unanswered
from models.lora.network.air import close_receptions
from models.lora.network.commands import acknowledged, class_c_ends, command_to_send
from models.lora.network.compiled import compiled, hot
from models.lora.network.draws import ALARM, JOIN, PERIODIC
from models.lora.network.fates import DELIVERED, GATEWAY_DOWN, OUT_OF_REACH, CommandLog, FrameLog
from models.lora.network.frame_log import log_frame
from models.lora.network.messages import message_done
from models.lora.network.plan import AT_ONCE, IN_RX1, is_heard, plan_after_uplink, rank_by_level
from models.lora.network.setup import Network
from models.lora.network.state import NOBODY, Counters, State

ON_AIR, FREE_FRAME, FRAMES_FREE = Counters.ON_AIR, Counters.FREE_FRAME, Counters.FRAMES_FREE
DAY_S = 86400.0


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
        acknowledged(net, st, commands, frame.carried, now_s)
    new = (frame.rate, device.tx_index, device.nb_trans)
    ordered = False
    if net.fleets.adr[device.fleet]:
        new = adapt(net, st, f, decoded)
        ordered = new[0] != frame.rate or new[1] != device.tx_index or new[2] != device.nb_trans
    command = command_to_send(net, st, commands, d, now_s)
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
        class_c_ends(net, st, log, p, heard, now_s)
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
