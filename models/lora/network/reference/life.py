"""The process of one device: join, send messages, listen, and again after a power cut (1, 6, 8)."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from simpy.events import Event
from simpy.exceptions import Interrupt

from models.lora.network.draws import BACK_OFF, JOIN
from models.lora.network.reference.attempt import attempt
from models.lora.network.reference.dice import unit
from models.lora.network.reference.frame import Frame, Message
from models.lora.network.reference.join import join_wait_s
from models.lora.network.setup import CLASS_C

if TYPE_CHECKING:
    from models.lora.network.reference.device import Device
    from models.lora.network.reference.downlink import Reply
    from models.lora.network.reference.world import World

WOKEN = "woken"
"""Interrupts an idle device: it has an alarm or an answer in hand."""

POWER_OFF = "power off"
"""Interrupts a device whatever it does."""

Steps = Generator[Event, object, None]


class Life:
    """What the process of a device does; :meth:`live` is the process."""

    def __init__(self, world: World, device: Device) -> None:
        self._world = world
        self._device = device
        self._timeline = world.timeline

    def live(self, begin_s: float) -> Steps:
        """Join where it must, then send messages; after a power cut, again."""
        device = self._device
        while True:
            try:
                if not device.joined:
                    yield from self._join(begin_s)
                while True:
                    yield from self._send_next()
            except Interrupt:
                begin_s = yield device.power_back  # type: ignore[assignment]

    def _join(self, begin_s: float) -> Steps:
        device = self._device
        join = Message(JOIN, 0, begin_s, self._world.join_request_s, confirmed=False)
        join.rate = device.initial_rate
        device.hand = join
        yield self._timeline.at(begin_s, device.rank)
        yield from self._carry(join, begin_s)

    def _send_next(self) -> Steps:
        """Send the next message: alarms and answers, then the waiting reading, then what comes."""
        device = self._device
        now_is_mine = False
        if device.queue:
            device.hand = device.queue.popleft()
        elif device.waiting is not None:
            device.hand, device.waiting = device.waiting, None
        else:
            device.engaged = False
            try:
                yield device.next_reading
                now_is_mine = True
            except Interrupt as interrupt:
                if interrupt.cause != WOKEN:
                    raise
        message, t_s = device.hand, self._timeline.now
        if message is None:
            return
        if device.busy_until_s > t_s:
            t_s, now_is_mine = device.busy_until_s, False
        if not now_is_mine:
            yield self._timeline.at(t_s, device.rank)
        yield from self._carry(message, t_s)

    def _carry(self, message: Message, t_s: float) -> Steps:
        """Make the attempts of a message, the first one now, until it is done (2, 6)."""
        world, device = self._world, self._device
        while True:
            frame, again_s = attempt(world, device, message, t_s)
            if frame is not None:
                yield frame.over
                reply = frame.reply
                if reply is not None:
                    yield reply.over
                    if reply.heard:
                        self._heard(frame, reply)
                        return
                again_s = self._unheard(frame, reply)
            elif again_s is None:
                world.logs.not_sent(device, message, t_s)
                self._done(message)
            if again_s is None:
                return
            t_s = again_s
            yield self._timeline.at(t_s, device.rank)

    def _heard(self, frame: Frame, reply: Reply) -> None:
        """Obey a downlink that was heard; the message is done (6)."""
        device = self._device
        downlink = reply.downlink
        if downlink.second and device.device_class != CLASS_C:
            device.rx_s += self._empty_rx1_s(frame)
        device.rx_s += downlink.airtime_s
        device.uplinks_since = 0
        if reply.order is not None:
            device.rate, device.tx_index, device.nb_trans = reply.order
            self._world.server.forget(device)
        self._done(frame.message)
        if reply.command is not None:
            device.ack, device.carrier = reply.command, None
        device.busy_until_s = downlink.end_s
        if frame.message.kind == JOIN:
            device.joined = True
            device.session += 1
            device.rate = max(frame.rate, device.lowest_rate)
            device.tx_index, device.nb_trans = 0, 1
            self._world.server.forget(device)

    def _unheard(self, frame: Frame, reply: Reply | None) -> float | None:
        """Return when to try again after two empty windows; None: the message is done (6)."""
        device = self._device
        message, world, end_s = frame.message, self._world, frame.end_s
        if device.device_class != CLASS_C:
            device.rx_s += self._empty_rx1_s(frame)
            device.rx_s += world.empty_rx2_s
        not_before_s = end_s if reply is None else reply.downlink.end_s
        u = unit(frame.key, BACK_OFF, 0)
        if message.kind == JOIN:
            wait_s = join_wait_s(frame.airtime_s, end_s - message.due_s, u)
            return max(end_s + max(world.join_rx2_delay_s + 1.0, wait_s), not_before_s)
        most = world.most_confirmed if message.confirmed else message.nb_trans
        if message.attempt < most:
            return max(end_s + world.rx2_delay_s + 1.0 + 2.0 * u, not_before_s)
        self._done(message)
        device.busy_until_s = max(end_s + world.rx2_delay_s + world.empty_rx2_s, not_before_s)
        return None

    def _done(self, message: Message) -> None:
        device = self._device
        device.hand = None
        if device.carrier is message:
            device.ack = device.carrier = None

    def _empty_rx1_s(self, frame: Frame) -> float:
        return self._world.empty_window_s[max(0, frame.rate - self._world.rx1_offset)]
