"""What travels: a message of a device, its frames, and how each gateway receives one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.lora.network.fates import OUT_OF_REACH

if TYPE_CHECKING:
    from simpy.events import Event

    from models.lora.network.reference.commands import Command
    from models.lora.network.reference.device import Device
    from models.lora.network.reference.downlink import Reply
    from models.lora.network.reference.gateway import Gateway


class Message:
    """One message of a device until it is done (1): `attempt` counts the frames it has sent.

    `airtimes_s` is by data rate. `rate`, `tx_index` and `nb_trans` are taken from the device at
    the first attempt, `asks_answer` and `f_cnt` belong to all its copies.
    """

    __slots__ = (
        "airtimes_s",
        "asks_answer",
        "attempt",
        "confirmed",
        "delivered",
        "due_s",
        "f_cnt",
        "kind",
        "nb_trans",
        "number",
        "rate",
        "tx_index",
    )

    def __init__(
        self, kind: int, number: int, due_s: float, airtimes_s: list[float], *, confirmed: bool
    ) -> None:
        self.kind = kind
        self.number = number
        self.due_s = due_s
        self.airtimes_s = airtimes_s
        self.confirmed = confirmed
        self.attempt = 0
        self.rate = 0
        self.tx_index = 0
        self.nb_trans = 1
        self.f_cnt = 0
        self.asks_answer = False
        self.delivered = False


class Frame:
    """One attempt on the air (2), from `start_s` to `end_s`.

    `factor` 0..5 is SF7..SF12; an interferer that ends by `safe_s` does it no harm; `session` is
    the device's when it was sent. `over` happens at its end, when `reply` is known.
    """

    __slots__ = (
        "ack",
        "airtime_s",
        "attempt",
        "channel",
        "device",
        "end_s",
        "factor",
        "key",
        "message",
        "number",
        "over",
        "rate",
        "receptions",
        "reply",
        "safe_s",
        "session",
        "start_s",
        "tx_index",
    )

    over: Event

    def __init__(
        self,
        device: Device,
        message: Message,
        number: int,
        key: int,
        start_s: float,
        airtime_s: float,
        rate: int,
        channel: int,
    ) -> None:
        self.device = device
        self.message = message
        self.number = number
        self.attempt = message.attempt
        self.key = key
        self.start_s = start_s
        self.airtime_s = airtime_s
        self.end_s = start_s + airtime_s
        self.safe_s = start_s
        self.rate = rate
        self.factor = 5 - rate
        self.tx_index = message.tx_index
        self.channel = channel
        self.session = device.session
        self.ack: Command | None = None
        self.receptions: list[Reception] = []
        self.reply: Reply | None = None


class Reception:
    """A frame at one gateway (3): its level, what disturbs it, and its state (`fates`).

    `against` holds, by the disturber's factor, energies (mW s) or strongest powers (mW); None
    while nothing disturbs. `demodulator` is the kind it holds, 0 for none.
    """

    __slots__ = (
        "against",
        "demodulator",
        "frame",
        "gateway",
        "level_dbm",
        "need_mw",
        "power_mw",
        "state",
    )

    def __init__(self, frame: Frame, gateway: Gateway, level_dbm: float, power_mw: float) -> None:
        self.frame = frame
        self.gateway = gateway
        self.level_dbm = level_dbm
        self.power_mw = power_mw
        self.need_mw = 0.0
        self.against: list[float] | None = None
        self.state = OUT_OF_REACH
        self.demodulator = 0
