"""The server's commands to devices: queues, class C, acknowledgements. Rules 5 and 7, compiled."""

from __future__ import annotations

import numpy as np

from models.lora.network.compiled import compiled
from models.lora.network.draws import ANSWER, COMMAND, message_key
from models.lora.network.fates import DELIVERED, GATEWAY_DOWN, OUT_OF_REACH, CommandLog, FrameLog
from models.lora.network.messages import alarm_ordered
from models.lora.network.plan import AT_ONCE, forget_past, last_planned_end_s, reserve, within_duty
from models.lora.network.setup import CLASS_C, Network
from models.lora.network.state import MOST_PLANNED, NOBODY, Counters, State
from models.lora.network.wake import COMMAND_TRY, wake

COMMAND_LOG, ALARMS = Counters.COMMAND_LOG, Counters.ALARMS
DUTY_PAUSE_S = 10.0
"""How long a class C command waits when its gateway has used up its duty cycle: one slot."""

LOST, DONE = 0, 1


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
def class_c_ends(net: Network, st: State, log: FrameLog, p: int, heard: bool, now_s: float) -> None:
    """Let a class C device answer what it heard at once; the server waits for the answer."""
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
def command_to_send(net: Network, st: State, log: CommandLog, d: int, now_s: float) -> int:
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
def acknowledged(net: Network, st: State, log: CommandLog, row: int, now_s: float) -> None:
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
