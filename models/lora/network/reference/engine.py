"""The reference engine: the rules as SimPy processes, run span by span."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.lora.network.fates import CommandLog, FrameLog, HearingLog
from models.lora.network.reference.device import Device
from models.lora.network.reference.timeline import Moment
from models.lora.network.reference.world import World
from models.lora.network.setup import (
    ALARM_ORDER,
    CHANNEL_ORDER,
    COMMAND_ORDER,
    GATEWAY_ORDER,
    MULTICAST_ORDER,
    POWER_ORDER,
    Groups,
    Network,
    Orders,
    no_groups,
)


class ReferenceEngine:
    """A network that lives; one SimPy process a device.

    Parameters
    ----------
    network
        What stands in the field.
    groups
        Multicast groups, for multicast orders.
    """

    def __init__(self, network: Network, groups: Groups | None = None) -> None:
        self._world = World(network)
        self._devices = [Device(self._world, index) for index in range(len(network.devices.key))]
        indptr, members = groups or no_groups()
        self._groups = [
            [self._devices[int(i)] for i in members[begin:end]] for begin, end in pairwise(indptr)
        ]

    def run(
        self, until_s: float, orders: Orders | None = None
    ) -> tuple[FrameLog, CommandLog, HearingLog]:
        """Let everything before `until_s` happen and return what became known since the last call.

        Parameters
        ----------
        until_s
            End of the span, excluded; frames on the air then are logged by the run they end in.
        orders
            What happens from outside, within the span. Cutting a span in two, each with its own
            orders, changes nothing.
        """
        if orders is not None:
            timeline = self._world.timeline
            for row, at_s in enumerate(orders.at_s):
                timeline.at(float(at_s), timeline.order_rank, self._obey, (orders, row))
        self._world.timeline.advance(until_s)
        return self._world.logs.take()

    @property
    def devices(self) -> Sequence[Device]:
        """The devices, in the order of their table: what each has in hand, in wait, on the air."""
        return tuple(self._devices)

    @property
    def tx_s(self) -> NDArray[np.float64]:
        """Airtime of each device by power index, seconds, shape (devices, 8)."""
        return np.array([device.tx_s for device in self._devices]).reshape(-1, 8)

    @property
    def rx_s(self) -> NDArray[np.float64]:
        """Reception time of each device, seconds, shape (devices,)."""
        return np.array([device.rx_s for device in self._devices])

    @property
    def frames_sent(self) -> NDArray[np.int64]:
        """Frames each device has sent, shape (devices,)."""
        return np.array([device.frames for device in self._devices], dtype=np.int64)

    @property
    def gateway_airtime_s(self) -> NDArray[np.float64]:
        """Airtime sent by each gateway in each sub-band, seconds, shape (gateways, bands)."""
        return np.array([gateway.airtime_s for gateway in self._world.gateways])

    @property
    def joined(self) -> NDArray[np.bool_]:
        """Which devices have a session, shape (devices,)."""
        return np.array([device.joined for device in self._devices], dtype=np.bool_)

    @property
    def data_rate(self) -> NDArray[np.int64]:
        """Data rate of each device, shape (devices,)."""
        return np.array([device.rate for device in self._devices], dtype=np.int64)

    @property
    def tx_index(self) -> NDArray[np.int64]:
        """Power index of each device, shape (devices,)."""
        return np.array([device.tx_index for device in self._devices], dtype=np.int64)

    @property
    def nb_trans(self) -> NDArray[np.int64]:
        """Transmissions a frame of each device, shape (devices,)."""
        return np.array([device.nb_trans for device in self._devices], dtype=np.int64)

    def _obey(self, moment: Moment) -> None:
        """Let an order happen."""
        orders, row = moment.about
        kind, who, number = int(orders.kind[row]), int(orders.who[row]), int(orders.number[row])
        if kind == ALARM_ORDER:
            self._devices[who].alarm(number, _airtimes_s(orders, row))
        elif kind == COMMAND_ORDER:
            self._world.commands.submit(number, self._devices[who], _airtimes_s(orders, row))
        elif kind == GATEWAY_ORDER:
            self._world.gateways[who].switch(up=number != 0)
        elif kind == POWER_ORDER and number:
            self._devices[who].switch_on()
        elif kind == POWER_ORDER:
            self._devices[who].switch_off()
        elif kind == CHANNEL_ORDER:
            self._world.ether.outside_per_s[who] = float(orders.value[row])
        elif kind == MULTICAST_ORDER:
            rate, airtimes_s = int(orders.value[row]), _airtimes_s(orders, row)
            self._world.commands.multicast(number, self._groups[who], rate, airtimes_s[rate])


def _airtimes_s(orders: Orders, row: int) -> list[float]:
    return [float(x) for x in orders.airtime_s[row]]
