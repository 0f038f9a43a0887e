"""What all devices share: time, air, server, logs, and the rules as plain numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.lora.network.fates import DELIVERED, OUT_OF_REACH
from models.lora.network.reference.commands import Commands
from models.lora.network.reference.ether import Ether
from models.lora.network.reference.gateway import Gateway
from models.lora.network.reference.logs import Logs
from models.lora.network.reference.server import Server
from models.lora.network.reference.timeline import Moment, Timeline
from models.lora.network.reference.tower import Tower
from models.lora.network.reference.transmitter import ChannelPlan

if TYPE_CHECKING:
    from models.lora.network.reference.frame import Frame
    from models.lora.network.setup import Network

EMPTY_WINDOW_SYMBOLS = 8.0
"""Symbols a device listens in a window where nothing comes (6)."""


class World:
    """One network, running."""

    def __init__(self, network: Network) -> None:
        rules = network.rules
        devices = len(network.devices.key)
        self.network = network
        self.gateways = [Gateway(network, g) for g in range(len(network.gateways.key))]
        self.timeline = Timeline(devices, len(self.gateways))
        self.logs = Logs()
        self.ether = Ether(network, self.gateways)
        self.tower = Tower(self.timeline, self.ether, self.gateways)
        self.commands = Commands(rules, devices, self.tower, self.logs)
        self.server = Server(network, self.tower, self.commands)
        self.all_channels = ChannelPlan(network, len(network.channels.band))
        self.join_channels = ChannelPlan(network, int(rules.join_channels))
        self.rx2_delay_s = float(rules.rx2_delay_s)
        self.join_rx2_delay_s = float(rules.join_rx2_delay_s)
        self.join_spread_s = float(rules.join_spread_s)
        self.rx1_offset = int(rules.rx1_offset)
        self.most_confirmed = int(rules.most_confirmed)
        self.join_request_s = [float(x) for x in rules.join_request_s]
        self.answer_s = [float(x) for x in rules.answer_s]
        self.empty_window_s = [EMPTY_WINDOW_SYMBOLS * float(x) for x in rules.symbol_s]
        self.empty_rx2_s = self.empty_window_s[int(rules.rx2_rate)]

    def send(self, frame: Frame) -> None:
        """Put a frame on the air; `frame.over` happens when it ends."""
        rank = self.timeline.frame_end_rank + frame.device.index
        frame.over = self.timeline.at(frame.end_s, rank, self._frame_ends, frame)
        self.ether.begin(frame)

    def _frame_ends(self, moment: Moment) -> None:
        """Decide the fate of a frame and let the server have it (4, 5)."""
        frame: Frame = moment.about
        frame.device.sending = None
        decoded = self.ether.end(frame)
        if decoded:
            message = frame.message
            self.logs.frame(frame, DELIVERED, decoded, first=not message.delivered)
            message.delivered = True
            self.server.receive(frame, decoded)
        else:
            states = [reception.state for reception in frame.receptions]
            self.logs.frame(frame, max(states, default=OUT_OF_REACH), decoded, first=False)
