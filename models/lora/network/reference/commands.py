"""Commands: those that wait for an uplink (5), those of class C and multicasts (7)."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from models.lora.network.draws import COMMAND
from models.lora.network.fates import DELIVERED, GATEWAY_DOWN, OUT_OF_REACH
from models.lora.network.reference.dice import message_key
from models.lora.network.reference.downlink import NO_SESSION, Downlink, Reply
from models.lora.network.setup import CLASS_C

if TYPE_CHECKING:
    from models.lora.network.reference.device import Device
    from models.lora.network.reference.gateway import Gateway
    from models.lora.network.reference.logs import Logs
    from models.lora.network.reference.timeline import Moment
    from models.lora.network.reference.tower import Tower
    from models.lora.network.setup import Rules

_MULTICASTS = 1 << 32
"""Multicasts are numbered from here, beyond any device's own commands."""

_DUTY_WAIT_S = 10.0
"""Pause of a class C command that the duty cycle holds back."""


class Command:
    """A command to one device; `counter` is its place among the device's, `tries` those counted."""

    __slots__ = ("airtimes_s", "cause", "closed", "counter", "device", "number", "tries")

    def __init__(self, number: int, device: Device, airtimes_s: list[float], counter: int) -> None:
        self.number = number
        self.device = device
        self.airtimes_s = airtimes_s
        self.counter = counter
        self.tries = 0
        self.cause = OUT_OF_REACH
        self.closed = False


class Commands:
    """The server's queues of commands, one a device."""

    def __init__(self, rules: Rules, devices: int, tower: Tower, logs: Logs) -> None:
        self._rx2_rate = int(rules.rx2_rate)
        self._rx2_band = int(rules.rx2_band)
        self._most_tries = int(rules.most_command_tries)
        self._timeout_s = float(rules.response_timeout_s)
        self._tower = tower
        self._timeline = tower.timeline
        self._logs = logs
        self._queues: list[deque[Command]] = [deque() for _ in range(devices)]
        self._counters = [0] * devices

    def submit(self, number: int, device: Device, airtimes_s: list[float]) -> None:
        """Take a command: class C at once, one at a time; the others with an uplink."""
        counter = self._counters[device.index]
        self._counters[device.index] = counter + 1
        queue = self._queues[device.index]
        queue.append(Command(number, device, airtimes_s, counter))
        if device.device_class == CLASS_C and len(queue) == 1:
            self._try_at(self._timeline.now, queue[0])

    def head(self, device: Device) -> Command | None:
        """Return the command that goes with a downlink to a device; those tried out are lost."""
        if device.device_class == CLASS_C:
            return None
        queue = self._queues[device.index]
        while queue:
            if queue[0].tries < self._most_tries:
                return queue[0]
            self._close(queue[0], queue[0].cause)
        return None

    def acknowledge(self, command: Command) -> None:
        """Close a command whose acknowledgement arrived."""
        if not command.closed:
            self._close(command, DELIVERED)

    def multicast(self, number: int, members: list[Device], rate: int, airtime_s: float) -> None:
        """Send to a group, now, from every gateway that can (7)."""
        now_s = self._timeline.now
        turn = self._timeline.downlink_start_rank
        self._timeline.at(now_s, turn, self._cast, (number, members, rate, airtime_s))

    def _close(self, command: Command, cause: int) -> None:
        """Write a command's end; the next one of a class C device is tried at once."""
        command.closed = True
        self._logs.command(command, self._timeline.now, cause)
        queue = self._queues[command.device.index]
        queue.remove(command)
        if command.device.device_class == CLASS_C and queue:
            self._try_at(self._timeline.now, queue[0])

    def _try_at(self, t_s: float, command: Command) -> None:
        self._timeline.at(t_s, command.device.rank, self._try, command)

    def _try(self, moment: Moment) -> None:
        """Try a class C command, try it again, or give it up."""
        command: Command = moment.about
        now_s = self._timeline.now
        if command.closed:
            return
        if command.tries >= self._most_tries:
            self._close(command, command.cause)
            return
        device, gateway = command.device, command.device.best
        if gateway is None or not gateway.up:
            command.tries += 1
            command.cause = OUT_OF_REACH if gateway is None else GATEWAY_DOWN
            self._try_at(now_s + self._timeout_s, command)
            return
        downlink = self._downlink(gateway, now_s, command.airtimes_s[self._rx2_rate])
        if not gateway.is_free(now_s, downlink.end_s):
            self._try_at(max(other.end_s for other in gateway.planned), command)
        elif not gateway.has_budget(downlink.end_s, downlink.airtime_s, self._rx2_band):
            self._try_at(now_s + _DUTY_WAIT_S, command)
        else:
            key = message_key(device.key, COMMAND, command.counter, command.tries)
            session = device.session if device.joined else NO_SESSION
            reply = Reply(downlink, device, session, key, command=command)
            self._tower.send_now(reply, self._sent)

    def _sent(self, moment: Moment) -> None:
        """Reach the end of a class C downlink: the device answers, or the server waits in vain."""
        reply: Reply = moment.about
        command = reply.command
        if command is None:
            return
        if reply.heard:
            command.device.hear_command(command, reply.downlink.end_s)
        if not command.closed:
            self._try_at(reply.downlink.end_s + self._timeout_s, command)

    def _downlink(self, gateway: Gateway, now_s: float, airtime_s: float) -> Downlink:
        return Downlink(gateway, now_s, airtime_s, self._rx2_rate, self._rx2_band, second=True)

    def _cast(self, moment: Moment) -> None:
        """Send a multicast from every gateway that is up, free and within its duty cycle."""
        number, members, rate, airtime_s = moment.about
        now_s = self._timeline.now
        sent = []
        for gateway in self._tower.gateways:
            downlink = Downlink(gateway, now_s, airtime_s, rate, self._rx2_band, second=True)
            if (
                gateway.up
                and gateway.is_free(now_s, downlink.end_s)
                and gateway.has_budget(downlink.end_s, airtime_s, self._rx2_band)
            ):
                gateway.plan(downlink)
                gateway.start(downlink)
                sent.append(downlink)
        self._timeline.at(
            now_s + airtime_s,
            self._timeline.downlink_end_rank,
            self._cast_ends,
            (number, members, sent),
        )

    def _cast_ends(self, moment: Moment) -> None:
        """Write which members heard one of the gateways."""
        number, members, sent = moment.about
        for downlink in sent:
            downlink.gateway.finish(downlink)
        for device in members:
            key = message_key(device.key, COMMAND, _MULTICASTS + number, 0)
            heard = device.joined and any(
                self._tower.is_heard(Reply(downlink, device, device.session, key))
                for downlink in sent
            )
            self._logs.hearing(number, device, self._timeline.now, heard=heard)
