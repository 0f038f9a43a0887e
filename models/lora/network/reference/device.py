"""One device: who it is, its state, and what happens to it from outside (1, 7, 8)."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from simpy.events import Event

from models.lora.network.draws import ALARM, ANSWER, ARRIVAL, JOIN, PERIODIC
from models.lora.network.reference.dice import message_key, unit
from models.lora.network.reference.frame import Frame, Message
from models.lora.network.reference.life import POWER_OFF, WOKEN, Life
from models.lora.network.reference.readings import due_readings
from models.lora.network.reference.transmitter import Transmitter

if TYPE_CHECKING:
    from models.lora.network.reference.commands import Command
    from models.lora.network.reference.gateway import Gateway
    from models.lora.network.reference.world import World


class Device:
    """A device; `life` says what its process does.

    `hand` is the message it is engaged in, `waiting` the reading in the slot, `queue` its alarms
    and answers; `sending` its frame on the air; `ack` the command it acknowledges until `carrier`,
    the message that first carried the acknowledgement, is done. `session` counts sessions begun
    and ended, `nonce` join-requests made, `frames` frames sent. `tx_s` is airtime by power index,
    `rx_s` reception time, seconds.
    """

    def __init__(self, world: World, index: int) -> None:
        network = world.network
        devices, fleets, links = network.devices, network.fleets, network.links
        fleet = int(devices.fleet[index])
        self._world = world
        self._timeline = world.timeline
        self.rank = world.timeline.device_rank + index
        self.index = index
        self.key = int(devices.key[index])
        self.device_class = int(fleets.device_class[fleet])
        self.adr = bool(fleets.adr[fleet])
        self._confirmed = bool(fleets.confirmed[fleet])
        self.lowest_rate = int(fleets.lowest_rate[fleet])
        self._airtimes_s = [float(x) for x in fleets.airtime_s[fleet]]
        self.initial_rate = int(devices.data_rate[index])
        row = range(int(links.indptr[index]), int(links.indptr[index + 1]))
        self.links = [
            (world.gateways[int(links.gateway[i])], float(links.level_dbm[i])) for i in row
        ]
        self.rate = self.known_rate = self.initial_rate
        self.tx_index = int(devices.tx_index[index])
        self.nb_trans = int(devices.nb_trans[index])
        self.joined = bool(devices.joined[index])
        self.session = 0
        self.powered = True
        self.best: Gateway | None = None
        self.hand: Message | None = None
        self.waiting: Message | None = None
        self.queue: deque[Message] = deque()
        # A device without session is engaged in joining, or waits to begin.
        self.engaged = not self.joined
        self.sending: Frame | None = None
        self.busy_until_s = 0.0
        self.ack: Command | None = None
        self.carrier: Message | None = None
        self.tx_s = [0.0] * 8
        self.rx_s = 0.0
        self.frames = 0
        self.transmitter = Transmitter(len(network.bands.device_duty))
        self.f_cnt = self.uplinks_since = self.nonce = self._answers = 0
        self._dues = due_readings(network, index)
        self._readings = 0
        self._await_reading()
        self.power_back = world.timeline.event()
        life = Life(world, self).live(float(devices.phase_s[index]))
        self._process = world.timeline.process(life)

    def static_dbm(self, gateway: Gateway) -> float | None:
        """Return the static level of the link with a gateway, or None."""
        return next((level for other, level in self.links if other is gateway), None)

    def alarm(self, number: int, airtimes_s: list[float]) -> None:
        """Take an alarm ordered for now (1)."""
        now_s = self._timeline.now
        self._accept(Message(ALARM, number, now_s, airtimes_s, confirmed=self._confirmed))

    def hear_command(self, command: Command, now_s: float) -> None:
        """Note a class C command for acknowledgement and answer it (7)."""
        self.uplinks_since = 0
        self.ack, self.carrier = command, None
        self._accept(Message(ANSWER, self._answers, now_s, self._world.answer_s, confirmed=False))
        self._answers += 1

    def switch_off(self) -> None:
        """Lose power: the session, and the messages not yet sent (8)."""
        if not self.powered:
            return
        self.powered = self.joined = False
        self.session += 1
        in_hand = self.hand
        if in_hand is not None and in_hand.kind != JOIN and in_hand.attempt == 0:
            self._not_sent(in_hand)
        for message in self.queue:
            self._not_sent(message)
        if self.waiting is not None:
            self._not_sent(self.waiting)
        self.hand = self.waiting = self.ack = self.carrier = None
        self.queue.clear()
        self.engaged = True
        self.power_back = self._timeline.event()
        self._process.interrupt(POWER_OFF)

    def switch_on(self) -> None:
        """Get power back: a join begins within `join_spread_s`, after any old frame (8)."""
        if self.powered:
            return
        self.powered = True
        u = unit(message_key(self.key, JOIN, self.nonce, 0), ARRIVAL, 0)
        begin_s = self._timeline.now + self._world.join_spread_s * u
        if self.sending is not None:
            begin_s = max(begin_s, self.sending.end_s)
        self.power_back.succeed(begin_s)

    def _await_reading(self) -> None:
        self._due_s = next(self._dues)
        self.next_reading = self._timeline.at(self._due_s, self.rank, self._reading_due)

    def _reading_due(self, _: Event) -> None:
        """Take the reading in hand, or let it wait in the slot and drop the one there (1)."""
        reading = Message(
            PERIODIC, self._readings, self._due_s, self._airtimes_s, confirmed=self._confirmed
        )
        self._readings += 1
        self._await_reading()
        if not self.powered:
            return
        if not self.engaged:
            # The process stands at this very event and goes on after this call.
            self.engaged, self.hand = True, reading
            return
        if self.waiting is not None:
            self._not_sent(self.waiting)
        self.waiting = reading

    def _accept(self, message: Message) -> None:
        """Take an alarm or an answer in hand, or queue it (1)."""
        if not self.powered:
            self._not_sent(message)
        elif self.engaged:
            self.queue.append(message)
        else:
            self.engaged, self.hand = True, message
            self._process.interrupt(WOKEN)

    def _not_sent(self, message: Message) -> None:
        self._world.logs.not_sent(self, message, self._timeline.now)
