"""One gateway: its demodulators (3.3), its power (3.4), and the downlinks it has planned (5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.lora.duty import gateway_ledger, gateway_may_send, gateway_note_sent, hour_budget_ns
from models.lora.network.fates import GATEWAY_DEAF, GATEWAY_DOWN, RECEIVING
from models.lora.network.reference.dice import milliwatt

if TYPE_CHECKING:
    from models.lora.network.reference.downlink import Downlink
    from models.lora.network.reference.frame import Reception
    from models.lora.network.setup import Network

MOST_PLANNED = 32
"""Downlinks a gateway may have planned and not ended."""

ANY_FACTOR, FAST_FACTOR = 1, 2
"""Kinds of demodulators: any spreading factor, or SF7..SF10 only. 0 is none."""

_SLOWEST_FAST = 3
"""Factor index of SF10."""


class Gateway:
    """A gateway: what it is, and what it is doing."""

    def __init__(self, network: Network, index: int) -> None:
        gateways, radio = network.gateways, network.radio
        self.index = index
        self.key = int(gateways.key[index])
        self.sensitivity_dbm = [float(x) for x in gateways.sensitivity_dbm[index]]
        self.cut_dbm = [x - float(radio.cut_db) for x in self.sensitivity_dbm]
        self.sensitivity_mw = [milliwatt(x) for x in self.sensitivity_dbm]
        self.noise_dbm = float(gateways.noise_dbm[index])
        self.rx1_gain_db = float(gateways.rx1_gain_db[index])
        self.rx2_gain_db = float(gateways.rx2_gain_db[index])
        self.up = True
        self.sending = False
        self.on_air: list[list[Reception]] = [[] for _ in network.channels.band]
        self.planned: list[Downlink] = []
        self.airtime_s = [0.0 for _ in network.bands.gateway_duty]
        self._free = [0, *(int(x) for x in gateways.demodulators[index])]
        self._budgets_ns = [hour_budget_ns(float(x)) for x in network.bands.gateway_duty]
        self._slots_ns, self._slot_of = gateway_ledger(len(self._budgets_ns))

    def take_demodulator(self, factor: int) -> int:
        """Return the kind of demodulator taken for a factor, 0 when none is free."""
        free = self._free
        if factor <= _SLOWEST_FAST and free[FAST_FACTOR]:
            free[FAST_FACTOR] -= 1
            return FAST_FACTOR
        if free[ANY_FACTOR]:
            free[ANY_FACTOR] -= 1
            return ANY_FACTOR
        return 0

    def give_back(self, demodulator: int) -> None:
        """Free a demodulator of a kind at the end of its frame."""
        self._free[demodulator] += 1

    def switch(self, *, up: bool) -> None:
        """Gain or lose power or backhaul; what was being received is lost with it."""
        self.up = up
        if not up:
            self._lose_receptions(GATEWAY_DOWN)

    def is_free(self, start_s: float, end_s: float) -> bool:
        """Return whether no planned downlink overlaps a span and one more may be planned."""
        return len(self.planned) < MOST_PLANNED and not any(
            other.start_s < end_s and start_s < other.end_s for other in self.planned
        )

    def has_budget(self, end_s: float, airtime_s: float, band: int) -> bool:
        """Return whether the duty cycle allows a downlink that ends at `end_s`."""
        return bool(
            gateway_may_send(
                self._slots_ns[band],
                self._slot_of[band],
                end_s,
                airtime_s,
                self._budgets_ns[band],
            )
        )

    def plan(self, downlink: Downlink) -> None:
        """Reserve the time and the airtime of a downlink."""
        self.planned.append(downlink)
        band = downlink.band
        gateway_note_sent(
            self._slots_ns[band], self._slot_of[band], downlink.end_s, downlink.airtime_s
        )

    def start(self, downlink: Downlink) -> None:
        """Start to send, deaf until the end; a gateway that is down does not."""
        if self.up:
            downlink.sent = True
            self.sending = True
            self.airtime_s[downlink.band] += downlink.airtime_s
            self._lose_receptions(GATEWAY_DEAF)

    def finish(self, downlink: Downlink) -> None:
        """Reach the end of a planned downlink, sent or not."""
        self.planned.remove(downlink)
        if downlink.sent:
            self.sending = False

    def _lose_receptions(self, state: int) -> None:
        for receptions in self.on_air:
            for reception in receptions:
                if reception.state == RECEIVING:
                    reception.state = state
