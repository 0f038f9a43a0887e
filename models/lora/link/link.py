"""The LoRaWAN network as a link: windows on the clock, one engine, every rule of the air."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import simpy

from models.lora.airtime import MAC_OVERHEAD_BYTES
from models.lora.link.answers import Answers
from models.lora.link.build import Built, build_network
from models.lora.link.deliveries import Deliveries
from models.lora.link.engines import NetworkEngine, fates_of, make_engine
from models.lora.link.gateways import GatewaySites
from models.lora.link.level_model import LevelModel
from models.lora.link.multicast import (
    PING_SLOT_DATA_RATE,
    Group,
    Member,
    checked,
    groups_table,
)
from models.lora.link.network_settings import NetworkSettings
from models.lora.link.order_book import OrderBook
from models.lora.link.ping_slots import next_ping_slot_s
from models.lora.link.refusals import (
    refuse_late,
    refuse_long_payload,
    refuse_negative,
    refuse_of_surrogate,
    refuse_shared_names,
    refuse_unknown,
)
from models.lora.network.eu868 import command_airtimes_s, uplink_airtimes_s
from models.lora.network.setup import (
    ALARM_ORDER,
    CHANNEL_ORDER,
    COMMAND_ORDER,
    GATEWAY_ORDER,
    MULTICAST_ORDER,
    POWER_ORDER,
    Network,
)
from twin.clock import Clock
from twin.device_keys import word_of
from twin.errors import Faults, InputError
from twin.mailbox import Mailbox
from twin.signals import AssetId, Command, Fate, Fleet, Reading
from twin.streams import Streams

_NUMBER_BITS = np.uint64(11)
"""Bits of a name's hash left out of a message's number, which has 53."""


class LoraLink:
    """A LoRaWAN network that carries readings and commands; see :class:`twin.ports.Link`.

    It is its own uplink and downlink. Every `settings.window_s` its engine lives the window that
    ends, with what was asked meanwhile at its true times, and what was received in it is handed
    over. How time is cut changes who is told when, never what happens. Alarms are named by signal
    and time: one more throws no other's dice, but it does occupy its device and the air.

    Parameters
    ----------
    streams
        The dice of the replication.
    gateways
        Where the gateways stand.
    levels
        How loud each device is at each gateway.
    settings
        The network, and which engine plays it.
    """

    def __init__(
        self,
        streams: Streams,
        gateways: GatewaySites,
        levels: LevelModel,
        settings: NetworkSettings,
    ) -> None:
        self.inbox = Mailbox()
        self.uplink = self
        self.downlink = _Downlink(self)
        self.settings = settings
        self._streams = streams
        self._gateways = gateways
        self._levels = levels
        self._fleets: dict[str, Fleet] = {}
        self._groups: dict[str, Group] = {}
        self._named: Counter[tuple[int, int]] = Counter()
        self._orders = OrderBook()
        self._answers = Answers(settings.backhaul_s, settings.command_patience_s)
        self._clock: Clock | None = None
        self._built: Built | None = None
        self._engine: NetworkEngine | None = None
        self._deliveries: Deliveries | None = None
        self._lived_s = 0.0

    def register(self, fleet: Fleet) -> None:
        """Declare devices that will send periodically; before the link is started only.

        Raises
        ------
        InputError
            The link has been started; the fleet, an asset or a gateway has that name.
        """
        if self._clock is not None:
            refuse_late("fleet", fleet.name)
        refuse_shared_names(fleet.name, self._gateways.places.keys() & set(fleet.ids))
        self.inbox.register(fleet)
        self._fleets[fleet.name] = fleet

    def group(self, name: str, assets: Sequence[AssetId]) -> None:
        """Declare a multicast group of registered devices; before the link is started only.

        Raises
        ------
        InputError
            The link has been started, nobody registered an asset, or see `multicast.checked`.
        """
        if self._clock is not None:
            refuse_late("group", name)
        members = []
        for asset in assets:
            fleet, row = self.inbox.place(asset)
            members.append(Member(asset, fleet, row, self._fleets[fleet].device_class))
        self._groups[name] = checked(Group(name, tuple(members)), self._groups)

    def start(self, clock: Clock) -> None:
        """Build the network from the fleets registered so far and begin to carry, at time 0.

        Raises
        ------
        InputError
            With every fault of the fleets (see `build.build_network`), or the engine cannot be had.
        """
        if self._clock is not None or clock.now != 0.0:
            raise ValueError("a LoRaWAN link is started once, at the scenario's start")
        if self._fleets:
            fleets = list(self._fleets.values())
            built = build_network(
                self._streams, fleets, self._gateways, self._levels, self.settings
            )
            groups = groups_table(self._groups.values(), built.places)
            self._engine = make_engine(self.settings.engine, built.network, groups)
            self._deliveries = Deliveries(self.inbox, built.places, self.settings.backhaul_s)
            self._built = built
        self._clock = clock
        clock.process(self._wake(clock), "link", may_wait=True)

    def send(self, reading: Reading) -> None:
        """Send one event-driven reading now.

        Raises
        ------
        InputError
            Nobody registered the asset, or the payload is too long for its fleet's data rates.
        """
        fleet, device, now_s = self._device(reading.asset)
        if reading.sampled_s > now_s:
            raise ValueError(f"a reading of {reading.sampled_s} s sent at {now_s} s")
        refuse_long_payload(
            fleet, reading.signal.name, reading.payload_bytes, self._slowest_rate(fleet)
        )
        name = (reading.signal.name, float(reading.sampled_s))
        number = self._number(device, *name)
        if self._deliveries is not None:
            self._deliveries.expect(device, number, reading)
        airtime_s = uplink_airtimes_s(reading.payload_bytes + MAC_OVERHEAD_BYTES)
        self._orders.write(now_s, ALARM_ORDER, device, number, airtime_s=airtime_s)

    def command(self, command: Command) -> simpy.Event:
        """Send a command now; the event's value is an Ack or a Lost, told at the end of a window.

        A device of class A or B takes it with an answer to one of its uplinks, hence never if it
        is never heard: after `settings.command_patience_s` it is Lost, out of reach.

        Raises
        ------
        InputError
            Nobody registered the asset, the payload is too long for its data rates, or the engine
            is the surrogate.
        """
        refuse_of_surrogate(self.settings.engine, "command")
        fleet, device, now_s = self._device(command.asset)
        slowest = min(self._slowest_rate(fleet), self.settings.rx2_rate)
        refuse_long_payload(fleet, command.name, command.payload_bytes, slowest)
        event = self.clock.event()
        number = self._answers.of_command(command, now_s, event)
        airtime_s = command_airtimes_s(command.payload_bytes)
        self._orders.write(now_s, COMMAND_ORDER, device, number, airtime_s=airtime_s)
        return event

    def multicast(self, group: str, name: str, payload_bytes: int) -> simpy.Event:
        """Send one message to a group: class C now, class B at its next ping slot.

        The event's value is a `Multicast`, told at the end of the window its frame ends in.

        Raises
        ------
        InputError
            No such group, or the payload is too long for the data rate.
        """
        now_s = self.now_s
        refuse_of_surrogate(self.settings.engine, "multicast")
        refuse_unknown("group", group, self._groups)
        told = self._groups[group]
        of_class_b = told.device_class == "B"
        rate = PING_SLOT_DATA_RATE if of_class_b else self.settings.rx2_rate
        refuse_long_payload(group, name, payload_bytes, rate)
        at_s = now_s
        if of_class_b:
            key = self._streams.key64("link", "group", group)
            at_s = next_ping_slot_s(now_s, key, self.settings.ping_periodicity)
        event = self.clock.event()
        number = self._number(-1, group, name, now_s)
        while not self._answers.of_multicast(number, told, name, now_s, event):
            number += 1
        who = list(self._groups).index(group)
        airtime_s = command_airtimes_s(payload_bytes)
        self._orders.write(
            at_s, MULTICAST_ORDER, who, number, value=float(rate), airtime_s=airtime_s
        )
        return event

    def power(self, asset: AssetId, *, on: bool) -> None:
        """Cut or restore a device's power now; with it back the device joins anew.

        Raises
        ------
        InputError
            Nobody registered the asset.
        """
        refuse_of_surrogate(self.settings.engine, "power")
        _, device, now_s = self._device(asset)
        self._orders.write(now_s, POWER_ORDER, device, int(on))

    @property
    def gateways(self) -> tuple[AssetId, ...]:
        """Return the names of the gateways."""
        return self._gateways.ids

    def gateway(self, gateway: AssetId, *, up: bool) -> None:
        """Take a gateway down or up now.

        Raises
        ------
        InputError
            No gateway of that name.
        """
        now_s = self.now_s
        refuse_unknown("gateway", gateway, self._gateways.ids)
        self._orders.write(now_s, GATEWAY_ORDER, self._gateways.places[gateway], int(up))

    def cut(self, assets: Sequence[AssetId], *, on: bool = False) -> None:
        """Cut (or restore: `on`) devices and gateways together, now: one feeder, one outage.

        Raises
        ------
        InputError
            With every unknown name, or devices where the engine is the surrogate; nothing is cut
            then.
        """
        towers = self._gateways.places
        faults = Faults()
        for asset in assets:
            if asset not in towers:
                with faults.gathered():
                    self.inbox.place(asset)
        if faults.found:
            raise InputError(*faults.found)
        if not set(assets) <= towers.keys():
            refuse_of_surrogate(self.settings.engine, "power")
        for asset in assets:
            if asset in towers:
                self.gateway(asset, up=on)
            else:
                self.power(asset, on=on)

    def disturb(self, frequency_hz: int, outside_per_s: float) -> None:
        """Let somebody else's frames arrive at that rate on a channel, from now on.

        Raises
        ------
        InputError
            No channel on that frequency, or a negative rate.
        """
        now_s = self.now_s
        refuse_negative("outside_per_s", outside_per_s)
        if self._built is None:
            return
        frequencies = self._built.network.channels.frequency_hz.tolist()
        refuse_unknown("frequency_hz", str(frequency_hz), frequencies)
        channel = frequencies.index(frequency_hz)
        self._orders.write(now_s, CHANNEL_ORDER, channel, value=outside_per_s)

    def tally(self) -> Mapping[str, Mapping[Fate, int]]:
        """Return by fleet how many readings and alarms sent before now met each fate.

        A message is counted once, however many frames it took: lost by its last frame's fate.
        """
        now_s = self.now_s
        if self._engine is None or self._built is None or self._deliveries is None:
            return {}
        self._live(now_s)
        counts = self._engine.counts()
        late = self._deliveries.not_received(now_s)
        return {name: fates_of(counts, its, late[name]) for name, its in self._built.places.items()}

    @property
    def unheard(self) -> Mapping[str, int]:
        """By fleet, the devices no gateway hears even at their slowest data rate (see `Built`)."""
        return {} if self._built is None else dict(self._built.unheard)

    @property
    def network(self) -> Network:
        """What the engine plays: tables to be read, never written."""
        if self._built is None:
            raise ValueError("the link has not been started with a fleet")
        return self._built.network

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
        while True:
            turn += 1
            # Multiples, not sums: windows do not drift.
            yield clock.until(turn * self.settings.window_s)
            now_s = self.now_s
            self._live(now_s)
            if self._deliveries is not None:
                self._deliveries.hand_over(now_s)
            self._answers.tell(now_s)

    def _live(self, now_s: float) -> None:
        """Let the network live until now; what becomes known waits for the end of the window."""
        if self._engine is None or self._deliveries is None or now_s <= self._lived_s:
            return
        known = self._engine.run(now_s, self._orders.take(now_s))
        self._lived_s = now_s
        self._deliveries.file(known.frames)
        self._answers.file(known)

    def _device(self, asset: AssetId) -> tuple[str, int, float]:
        """Return the fleet of an asset, its index in the network, and the time."""
        name, row = self.inbox.place(asset)
        now_s = self.now_s
        assert self._built is not None  # noqa: S101 - started, and it has a fleet
        return name, self._built.places[name].start + row, now_s

    def _slowest_rate(self, fleet: str) -> int:
        network = self.network
        return int(network.fleets.lowest_rate[list(self._fleets).index(fleet)])

    def _number(self, device: int, *name: object) -> int:
        """Return the number of an event-driven message: a hash of what it is."""
        number = int(word_of(*name) >> _NUMBER_BITS)
        self._named[device, number] += 1
        again = self._named[device, number] - 1
        return number if not again else self._number(device, *name, again)


class _Downlink:
    """A link's downward half: both halves call their one verb `send`."""

    def __init__(self, link: LoraLink) -> None:
        self._link = link

    def send(self, command: Command) -> simpy.Event:
        """Send a command now; the event's value is an Ack or a Lost."""
        return self._link.command(command)
