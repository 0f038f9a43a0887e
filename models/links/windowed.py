"""What the control links share: fleets in arrays, windows on the clock, alarms at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import simpy

from models.links.carriage import Carriage
from models.links.dice import COMMAND, message_keys
from models.links.lane import Arrivals, Lane
from twin.clock import Clock
from twin.device_keys import U8, device_keys, word_of
from twin.mailbox import Mailbox
from twin.signals import Ack, AssetId, Command, Delivered, Fate, Fleet, Lost, Reading
from twin.streams import Streams

WINDOW_S = 900.0
"""A policy reacts at most this long after a reception (design: 15 min)."""


class WindowedLink:
    """A link that loses each message independently and delays every other by the same time.

    It is its own uplink and downlink. Every `window_s` it resolves the readings of the window that
    ends and hands over what was received in it, with the true reception times: a policy reacts no
    earlier than the reception and no later than one window after it. Whoever wakes at the end of a
    window sees receptions before that instant, not those at it.

    A command meets the loss once for the way there and back; its fate is known after two delays.

    Parameters
    ----------
    streams
        The dice of the replication.
    loss_share
        Probability that a message is lost, in [0, 1]. Dice are named per message, hence a larger
        share loses the same messages and more.
    delay_s
        From sampling to reception, seconds.
    cause
        The fate of what is lost.
    window_s
        Seconds between two wakings.
    """

    def __init__(
        self,
        streams: Streams,
        *,
        loss_share: float,
        delay_s: float = 0.0,
        cause: Fate = Fate.UNEXPLAINED,
        window_s: float = WINDOW_S,
    ) -> None:
        self.inbox = Mailbox()
        self.uplink = self
        self.downlink = _Downlink(self)
        self.window_s = window_s
        self._streams = streams
        self._carriage = Carriage(loss_share, delay_s, cause)
        self._lanes: dict[str, Lane] = {}
        self._keys: dict[str, U8] = {}
        self._clock: Clock | None = None

    def register(self, fleet: Fleet) -> None:
        """Declare devices that will send periodically, from now on."""
        self.inbox.register(fleet)
        keys = device_keys(self._streams, fleet)
        from_s = 0.0 if self._clock is None else float(self._clock.now)
        self._keys[fleet.name] = keys
        self._lanes[fleet.name] = Lane(fleet, keys, self._carriage, from_s)

    def send(self, reading: Reading) -> None:
        """Send one event-driven reading now."""
        name, device = self.inbox.place(reading.asset)
        now_s = self.now_s
        if reading.sampled_s > now_s:
            raise ValueError(f"a reading of {reading.sampled_s} s sent at {now_s} s")
        self._lanes[name].alarm(reading, device, now_s)

    def start(self, clock: Clock) -> None:
        """Begin to carry on `clock`."""
        if self._clock is not None:
            raise ValueError("a link is started once")
        self._clock = clock
        if self._carriage.loss_share < 1.0:
            clock.process(self._wake(clock), "link", may_wait=True)

    def power(self, asset: AssetId, *, on: bool) -> None:
        """Cut or restore a device's power now."""
        name, device = self.inbox.place(asset)
        self._lanes[name].power(device, on=on, now_s=self.now_s)

    @property
    def gateways(self) -> tuple[AssetId, ...]:
        """Return none: a link without physics has no gateways."""
        return ()

    def gateway(self, gateway: AssetId, *, up: bool) -> None:
        """Do nothing: a link without physics has no gateways."""

    def tally(self) -> Mapping[str, Mapping[Fate, int]]:
        """Return by fleet how many frames sent before now met each fate."""
        return {name: lane.tally(self.now_s) for name, lane in self._lanes.items()}

    def command(self, command: Command) -> simpy.Event:
        """Send a command now; the event's value is an Ack or a Lost, two delays later."""
        name, device = self.inbox.place(command.asset)
        known_s = self.now_s + 2.0 * self._carriage.delay_s
        passes = self._carriage.certain
        if passes is None:
            word = word_of(command.name, float(command.sent_s))
            key = message_keys(self._keys[name][[device]] ^ word, COMMAND, 0)
            passes = bool(self._carriage.passes(key)[0])
        fate = Ack(command, known_s) if passes else Lost(command, known_s, self._carriage.cause)
        return self.clock.timeout(known_s - self.now_s, fate)

    @property
    def clock(self) -> Clock:
        """The clock the link was started on."""
        if self._clock is None:
            raise ValueError("the link has not been started")
        return self._clock

    @property
    def now_s(self) -> float:
        """Seconds since the scenario's start."""
        return float(self.clock.now)

    def _wake(self, clock: Clock) -> simpy.events.ProcessGenerator:
        turn = 0
        begin_s = self.now_s
        while True:
            turn += 1
            # Multiples, not sums: windows do not drift.
            yield clock.until(begin_s + turn * self.window_s)
            now_s = self.now_s
            for lane in tuple(self._lanes.values()):
                lane.resolve(now_s)
                for arrived in lane.take(now_s):
                    self._hand_over(lane.fleet.name, arrived)

    def _hand_over(self, fleet: str, arrived: Arrivals | Delivered) -> None:
        if isinstance(arrived, Delivered):
            self.inbox.deliver_reading(arrived)
        else:
            heard = np.ones(len(arrived.devices), dtype=np.int16)
            self.inbox.arrive(fleet, arrived.devices, arrived.sampled_s, arrived.received_s, heard)


class _Downlink:
    """A link's downward half: both halves call their one verb `send`."""

    def __init__(self, link: WindowedLink) -> None:
        self._link = link

    def send(self, command: Command) -> simpy.Event:
        """Send a command now; the event's value is an Ack or a Lost."""
        return self._link.command(command)
