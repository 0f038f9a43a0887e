"""The messages of a device: what is due, what is in hand, what waits. Rule 1, compiled."""

from __future__ import annotations

import numpy as np

from models.lora.network.compiled import compiled, hot
from models.lora.network.draws import ALARM, ARRIVAL, PERIODIC, exponential, message_key, unit
from models.lora.network.fates import OUT_OF_REACH, FrameLog
from models.lora.network.frame_log import log_unsent
from models.lora.network.setup import PERIODIC_ARRIVAL, Network
from models.lora.network.state import NOBODY, State
from models.lora.network.wake import ATTEMPT, READING_DUE, wake


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
    if not device.engaged and next_in_hand(st, d):
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
def next_in_hand(st: State, d: int) -> bool:
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
    if next_in_hand(st, d):
        device.cycle_at_s = max(now_s, busy_until_s)
        wake(st, d, device.cycle_at_s, ATTEMPT)
