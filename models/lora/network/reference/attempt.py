"""One attempt of a message: rate, airtime, channel under the duty cycle, counters (2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.lora.adr import node_back_off, wants_answer
from models.lora.network.draws import JOIN, PERIODIC
from models.lora.network.reference.dice import message_key
from models.lora.network.reference.frame import Frame, Message

if TYPE_CHECKING:
    from models.lora.network.reference.device import Device
    from models.lora.network.reference.world import World

_BACK_OFF_LIMIT = 96
_BACK_OFF_STEP = 32
"""Uplinks without a downlink before a device first steps back, and between steps."""


def attempt(
    world: World, device: Device, message: Message, t_s: float
) -> tuple[Frame | None, float | None]:
    """Make one attempt: return the frame, or when to try again, or neither: it is not sent."""
    tried = message.attempt
    if message.kind == JOIN:
        rate = max(0, message.rate - tried // 2)
        number, plan = device.nonce, world.join_channels
        key = message_key(device.key, JOIN, number, 0)
    else:
        if tried == 0:
            message.rate, message.tx_index = device.rate, device.tx_index
        rate = message.rate
        if message.confirmed:
            rate = max(device.lowest_rate, rate - tried // 2)
        number, plan = message.number, world.all_channels
        key = message_key(device.key, message.kind, number, tried)
    airtime_s = message.airtimes_s[rate]
    channel, free_s = device.transmitter.choose(plan, t_s, airtime_s, key)
    if channel < 0:
        if message.kind == PERIODIC and tried == 0:
            return None, None
        return None, free_s
    frame = Frame(device, message, number, key, t_s, airtime_s, rate, channel)
    device.transmitter.note(plan.bands[channel], frame.end_s, airtime_s)
    if message.kind == JOIN:
        device.nonce += 1
    else:
        if tried == 0:
            _count(device, message)
        frame.ack = device.ack
        if device.ack is not None and device.carrier is None:
            device.carrier = message
    message.attempt = tried + 1
    device.sending = frame
    device.tx_s[message.tx_index] += airtime_s
    device.frames += 1
    world.send(frame)
    return frame, None


def _count(device: Device, message: Message) -> None:
    """Count a new data frame, and step back where nobody has answered for long (2.4)."""
    device.f_cnt += 1
    message.f_cnt = device.f_cnt
    message.nb_trans = device.nb_trans
    if not device.adr:
        return
    device.uplinks_since = since = device.uplinks_since + 1
    at_bottom = device.rate <= device.lowest_rate and (device.tx_index, device.nb_trans) == (0, 1)
    message.asks_answer = bool(wants_answer(since)) and not at_bottom
    if since >= _BACK_OFF_LIMIT and (since - _BACK_OFF_LIMIT) % _BACK_OFF_STEP == 0:
        device.rate, device.tx_index, device.nb_trans = node_back_off(
            since, device.rate, device.tx_index, device.nb_trans, device.lowest_rate
        )
