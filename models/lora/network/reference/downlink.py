"""What a gateway sends: when, how fast, in which sub-band, and what a device finds in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from simpy.events import Event

    from models.lora.network.reference.commands import Command
    from models.lora.network.reference.device import Device
    from models.lora.network.reference.gateway import Gateway


NO_SESSION = -1
"""What a device without session has: nothing that a command can be read with."""


class Order(NamedTuple):
    """What the server's ADR wants of a device."""

    rate: int
    tx_index: int
    nb_trans: int


class Downlink:
    """A planned transmission of one gateway (5); `second` tells RX2's frequency and power."""

    __slots__ = ("airtime_s", "band", "end_s", "gateway", "rate", "second", "sent", "start_s")

    def __init__(
        self,
        gateway: Gateway,
        start_s: float,
        airtime_s: float,
        rate: int,
        band: int,
        *,
        second: bool,
    ) -> None:
        self.gateway = gateway
        self.start_s = start_s
        self.airtime_s = airtime_s
        self.end_s = start_s + airtime_s
        self.rate = rate
        self.band = band
        self.second = second
        self.sent = False


class Reply:
    """A downlink to one device: `session` is the one it must still have, `key` names the dice.

    `over` happens at the downlink's end, when `heard` is known.
    """

    __slots__ = ("command", "device", "downlink", "heard", "key", "order", "over", "session")

    over: Event

    def __init__(
        self,
        downlink: Downlink,
        device: Device,
        session: int,
        key: int,
        *,
        order: Order | None = None,
        command: Command | None = None,
    ) -> None:
        self.downlink = downlink
        self.device = device
        self.session = session
        self.key = key
        self.order = order
        self.command = command
        self.heard = False
