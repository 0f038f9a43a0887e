"""The network server at the end of a frame: acknowledgements, ADR, and the downlink (5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from models.lora.adr import HISTORY, decide, follow_data_rate, forget, note_uplink
from models.lora.network.draws import JOIN
from models.lora.network.reference.downlink import Downlink, Order, Reply

if TYPE_CHECKING:
    from models.lora.network.reference.commands import Commands
    from models.lora.network.reference.device import Device
    from models.lora.network.reference.frame import Frame, Reception
    from models.lora.network.reference.tower import Tower
    from models.lora.network.setup import Network


class Server:
    """What the operator runs: it sees what gateways decode and sends through them."""

    def __init__(self, network: Network, tower: Tower, commands: Commands) -> None:
        rules = network.rules
        devices = len(network.devices.key)
        self._tower = tower
        self._commands = commands
        self._bands = [int(x) for x in network.channels.band]
        self._rx_delays_s = (float(rules.rx1_delay_s), float(rules.rx2_delay_s))
        self._join_rx_delays_s = (float(rules.join_rx1_delay_s), float(rules.join_rx2_delay_s))
        self._rx1_offset = int(rules.rx1_offset)
        self._rx2_rate = int(rules.rx2_rate)
        self._rx2_band = int(rules.rx2_band)
        self._margin_db = float(rules.adr_margin_db)
        self._max_rate = int(rules.max_rate)
        self._max_tx_index = int(rules.max_tx_index)
        self._join_accept_s = [float(x) for x in rules.join_accept_s]
        self._adr_order_s = [float(x) for x in rules.adr_order_s]
        self._acknowledgement_s = [float(x) for x in rules.acknowledgement_s]
        self._f_cnts = np.zeros((devices, HISTORY), dtype=np.int64)
        self._snrs_db = np.zeros((devices, HISTORY), dtype=np.float64)
        self._tx_indices = np.zeros((devices, HISTORY), dtype=np.int8)
        self._counts = np.zeros(devices, dtype=np.int64)

    def receive(self, frame: Frame, decoded: list[Reception]) -> None:
        """File a decoded frame, and plan the downlink it needs as `frame.reply`."""
        device, message = frame.device, frame.message
        device.best = decoded[0].gateway
        if frame.ack is not None:
            self._commands.acknowledge(frame.ack)
        if message.kind == JOIN:
            frame.reply = self._plan(frame, decoded, self._join_accept_s, None)
            return
        order = self._adapt(frame, decoded) if device.adr else None
        command = self._commands.head(device)
        if command is not None:
            airtimes_s = command.airtimes_s
        elif order is not None:
            airtimes_s = self._adr_order_s
        elif message.confirmed or message.asks_answer:
            airtimes_s = self._acknowledgement_s
        else:
            return
        frame.reply = self._plan(frame, decoded, airtimes_s, order)
        if frame.reply is not None:
            frame.reply.command = command

    def forget(self, device: Device) -> None:
        """Empty a device's history: it has a new session, or has obeyed an order."""
        device.known_rate = device.rate
        forget(device.index, self._counts)

    def _adapt(self, frame: Frame, decoded: list[Reception]) -> Order | None:
        """Note an uplink and return what ADR would change, if anything."""
        device = frame.device
        index, believed = device.index, (frame.rate, device.tx_index, device.nb_trans)
        snr_db = max(reception.level_dbm - reception.gateway.noise_dbm for reception in decoded)
        f_cnts, snrs_db, tx_indices, counts = (
            self._f_cnts,
            self._snrs_db,
            self._tx_indices,
            self._counts,
        )
        f_cnt, tx_index = frame.message.f_cnt, device.tx_index
        follow_data_rate(index, frame.rate, device.known_rate, tx_index, counts)
        device.known_rate = frame.rate
        note_uplink(index, f_cnt, snr_db, tx_index, f_cnts, snrs_db, tx_indices, counts)
        limits = self._max_rate, self._max_tx_index, self._margin_db
        wanted = decide(index, *believed, *limits, f_cnts, snrs_db, tx_indices, counts)
        return None if wanted == believed else Order(*wanted)

    def _plan(
        self,
        frame: Frame,
        decoded: list[Reception],
        airtimes_s: list[float],
        order: Order | None,
    ) -> Reply | None:
        """Plan a downlink in RX1, else in RX2, from the first gateway that can; else none."""
        join = frame.message.kind == JOIN
        rx1_delay_s, rx2_delay_s = self._join_rx_delays_s if join else self._rx_delays_s
        rx1_rate = max(0, frame.rate - self._rx1_offset)
        windows = (
            (frame.end_s + rx1_delay_s, rx1_rate, self._bands[frame.channel], False),
            (frame.end_s + rx2_delay_s, self._rx2_rate, self._rx2_band, True),
        )
        for start_s, rate, band, second in windows:
            airtime_s = airtimes_s[rate]
            end_s = start_s + airtime_s
            for reception in decoded:
                gateway = reception.gateway
                if (
                    gateway.up
                    and gateway.is_free(start_s, end_s)
                    and gateway.has_budget(end_s, airtime_s, band)
                ):
                    downlink = Downlink(gateway, start_s, airtime_s, rate, band, second=second)
                    reply = Reply(downlink, frame.device, frame.session, frame.key, order=order)
                    self._tower.plan(reply)
                    return reply
        return None
