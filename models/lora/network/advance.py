"""The clock of the compiled engine: what happens next, until a given time.

Three queues: orders from outside, sorted; the air heap (ends of frames, starts and ends of
downlinks); the device heap (readings due, attempts, commands to try again). Before each event the
pools are looked at: where one could run out, the engine returns with everything consistent and the
caller enlarges it.
"""

from __future__ import annotations

import numpy as np

from models.lora.network.air import stop_listening
from models.lora.network.attempt import attempt
from models.lora.network.commands import command_ordered, try_command
from models.lora.network.compiled import compiled, hot
from models.lora.network.draws import COMMAND, message_key
from models.lora.network.fates import (
    GATEWAY_DEAF,
    GATEWAY_DOWN,
    CommandLog,
    FrameLog,
    HearingLog,
)
from models.lora.network.heap import drop_first, push
from models.lora.network.messages import alarm_ordered, reading_due, schedule_reading
from models.lora.network.plan import (
    AT_ONCE,
    DOWNLINK_ENDS,
    DOWNLINK_STARTS,
    FRAME_ENDS,
    PLACES,
    TO_MANY,
    free_downlink,
    gateway_is_free,
    level_down_dbm,
    new_downlink,
    reserve,
)
from models.lora.network.power import power_off, power_on, start_join
from models.lora.network.server import downlink_ends, frame_ends
from models.lora.network.setup import (
    ALARM_ORDER,
    CHANNEL_ORDER,
    COMMAND_ORDER,
    GATEWAY_ORDER,
    MULTICAST_ORDER,
    POWER_ORDER,
    Groups,
    Network,
    Orders,
)
from models.lora.network.state import NOBODY, Counters, State
from models.lora.network.wake import ATTEMPT, DEVICE_EVENTS, READING_DUE

DONE, FULL_LOG, FULL_POOL = 0, 1, 2
LOG_MARGIN = 256
"""Rows kept free in the frame log: one event logs a frame, or all a device had queued."""

DEVICE_HEAP, AIR_HEAP, ORDER = Counters.DEVICE_HEAP, Counters.AIR_HEAP, Counters.ORDER
FRAMES_FREE, RX_FREE, DOWN_FREE = Counters.FRAMES_FREE, Counters.RX_FREE, Counters.DOWN_FREE
LOG, COMMAND_LOG, HEARING_LOG = Counters.LOG, Counters.COMMAND_LOG, Counters.HEARING_LOG
ALARMS, EVENTS, HEARD = Counters.ALARMS, Counters.EVENTS, Counters.HEARD


@compiled
def begin(net: Network, st: State) -> None:
    """Put every device's first reading, or first join-request, on the heap."""
    for d in range(len(st.device)):
        schedule_reading(net, st, d)
        if not st.device[d].joined:
            start_join(st, d, st.device[d].phase_s)


@compiled
def advance(
    net: Network,
    st: State,
    orders: Orders,
    groups: Groups,
    until_s: float,
    log: FrameLog,
    commands: CommandLog,
    hearings: HearingLog,
) -> int:
    """Live until `until_s` (not included); return DONE, or what must be made larger first."""
    counters = st.counters
    widest = len(st.rank_gateway)
    while True:
        if len(log.device) and counters[LOG] + LOG_MARGIN > len(log.device):
            return FULL_LOG
        if len(st.heard_level) and counters[HEARD] + widest > len(st.heard_level):
            return FULL_LOG
        if (
            counters[FRAMES_FREE] < 2  # noqa: PLR2004 - one frame at most starts in an event
            or counters[RX_FREE] <= widest
            or counters[DOWN_FREE] <= len(st.gateway) + 2
            or counters[AIR_HEAP] + 2 * len(st.gateway) + 4 > len(st.air_s)
            or counters[DEVICE_HEAP] + 4 > len(st.heap_s)
            or counters[ALARMS] + 2 > len(st.alarm)
            or counters[COMMAND_LOG] + LOG_MARGIN > len(commands.number)
        ):
            return FULL_POOL
        order_s = orders.at_s[counters[ORDER]] if counters[ORDER] < len(orders.at_s) else np.inf
        air_s = st.air_s[0] if counters[AIR_HEAP] > 0 else np.inf
        device_s = st.heap_s[0] if counters[DEVICE_HEAP] > 0 else np.inf
        now_s = min(order_s, air_s, device_s)
        if now_s >= until_s:
            return DONE
        counters[EVENTS] += 1
        if order_s == now_s:
            _obey(net, st, orders, counters[ORDER], log, commands)
            counters[ORDER] += 1
        elif air_s == now_s:
            code = st.air_code[0]
            counters[AIR_HEAP] = drop_first(st.air_s, st.air_code, counters[AIR_HEAP])
            _air_event(net, st, groups, log, commands, hearings, code, now_s)
        else:
            code = st.heap_code[0]
            counters[DEVICE_HEAP] = drop_first(st.heap_s, st.heap_code, counters[DEVICE_HEAP])
            _device_event(net, st, log, commands, code, now_s)


@hot
def _device_event(
    net: Network, st: State, log: FrameLog, commands: CommandLog, code: int, now_s: float
) -> None:
    d, what = code // DEVICE_EVENTS, code % DEVICE_EVENTS
    device = st.device[d]
    if what == READING_DUE:
        reading_due(net, st, log, d, now_s)
    elif what == ATTEMPT:
        if device.cycle_at_s == now_s:  # otherwise overtaken by a cut
            attempt(net, st, log, d, now_s)
    elif device.command_at_s == now_s:
        try_command(net, st, commands, d, now_s)


@hot
def _air_event(
    net: Network,
    st: State,
    groups: Groups,
    log: FrameLog,
    commands: CommandLog,
    hearings: HearingLog,
    code: int,
    now_s: float,
) -> None:
    what, row = code // PLACES, code % PLACES
    if what == FRAME_ENDS:
        frame_ends(net, st, log, commands, row, now_s)
        return
    plan = st.downlink[row]
    g = plan.gateway
    if what == DOWNLINK_STARTS:
        if st.gateway[g].up:
            plan.sent = True
            st.gateway[g].sending = True
            st.gateway_airtime_s[g, plan.band] += plan.airtime_s
            stop_listening(st, g, GATEWAY_DEAF)
            if plan.window < AT_ONCE and plan.command != NOBODY:
                st.command[plan.command].tries += 1
        return
    if plan.sent:
        st.gateway[g].sending = False
    if plan.window == TO_MANY:
        if plan.multicast != NOBODY:
            _multicast_ends(net, st, groups, hearings, row, now_s)
            _free_multicast(st, row)
        return
    downlink_ends(net, st, log, row, now_s)
    free_downlink(st, row)


@compiled
def _obey(
    net: Network,
    st: State,
    orders: Orders,
    i: int,
    log: FrameLog,
    commands: CommandLog,
) -> None:
    now_s, kind, who, row = orders.at_s[i], orders.kind[i], orders.who[i], orders.number[i]
    if kind == ALARM_ORDER:
        alarm_ordered(st, log, who, row, now_s)
    elif kind == COMMAND_ORDER:
        command_ordered(net, st, commands, who, row, now_s)
    elif kind == GATEWAY_ORDER:
        st.gateway[who].up = row == 1
        if row == 0:
            stop_listening(st, who, GATEWAY_DOWN)
    elif kind == POWER_ORDER:
        if row == 1:
            power_on(st, who, now_s, net.rules.join_spread_s)
        else:
            power_off(st, log, who, now_s)
    elif kind == CHANNEL_ORDER:
        st.outside_per_s[who] = orders.value[i]
    elif kind == MULTICAST_ORDER:
        _multicast_starts(net, st, orders, i, now_s)


@compiled
def _multicast_starts(net: Network, st: State, orders: Orders, i: int, now_s: float) -> None:
    """Let every gateway that can send a multicast now; the first row taken carries the group."""
    rate = int(orders.value[i])
    airtime_s = orders.airtime_s[i, rate]
    band = net.rules.rx2_band
    first = NOBODY
    for g in range(len(st.gateway)):
        if gateway_is_free(net, st, g, band, now_s, airtime_s, now_s):
            p = reserve(st, g, band, now_s, airtime_s, TO_MANY, rate)
            st.downlink[p].command = first  # a chain, last gateway first
            first = p
    if first == NOBODY:  # nobody can send: nobody will hear, which is logged all the same
        first = new_downlink(st)
        plan = st.downlink[first]
        plan.window = TO_MANY
        plan.rate = rate
        st.counters[AIR_HEAP] = push(
            st.air_s,
            st.air_code,
            st.counters[AIR_HEAP],
            now_s + airtime_s,
            DOWNLINK_ENDS * PLACES + first,
        )
    st.downlink[first].multicast = orders.number[i]
    st.downlink[first].new_rate = orders.who[i]


@compiled
def _multicast_ends(
    net: Network, st: State, groups: Groups, hearings: HearingLog, first: int, now_s: float
) -> None:
    """Log which members of the group heard any of the gateways."""
    plan = st.downlink[first]
    group, rate = plan.new_rate, plan.rate
    for i in range(groups.indptr[group], groups.indptr[group + 1]):
        d = groups.device[i]
        device = st.device[d]
        heard = False
        if device.powered and device.joined and device.air_until_s <= now_s:
            key = message_key(device.key, COMMAND, (1 << 32) + plan.multicast, 0)
            p = first
            while p != NOBODY and not heard:
                one = st.downlink[p]
                if one.sent and st.gateway[one.gateway].up:
                    level_dbm = level_down_dbm(net, st, d, one.gateway, key, one.start_s, TO_MANY)
                    heard = level_dbm >= net.radio.device_sensitivity_dbm[5 - rate]
                p = one.command
        place = st.counters[HEARING_LOG]
        st.counters[HEARING_LOG] += 1
        hearings.number[place] = plan.multicast
        hearings.device[place] = d
        hearings.at_s[place] = now_s
        hearings.heard[place] = heard


@compiled
def _free_multicast(st: State, first: int) -> None:
    p = first
    while p != NOBODY:
        following = st.downlink[p].command
        free_downlink(st, p)
        p = following
