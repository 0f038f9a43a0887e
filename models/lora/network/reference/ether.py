"""What gateways and devices hear: levels, interference and the fate of a frame (3, 4)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from models.lora.network.draws import OUTSIDE, OUTSIDE_LEVEL
from models.lora.network.fates import (
    COLLISION,
    DELIVERED,
    GATEWAY_DEAF,
    GATEWAY_DOWN,
    NO_DEMODULATOR,
    OUT_OF_REACH,
    RECEIVING,
)
from models.lora.network.received import TX_STEP_DB
from models.lora.network.reference.dice import (
    fading_db,
    milliwatt,
    normal,
    slow_db,
    slow_place,
    slow_term,
    unit,
)
from models.lora.network.reference.frame import Reception

if TYPE_CHECKING:
    from models.lora.network.reference.device import Device
    from models.lora.network.reference.downlink import Downlink
    from models.lora.network.reference.frame import Frame
    from models.lora.network.reference.gateway import Gateway
    from models.lora.network.setup import Network

FACTORS = 6


class Ether:
    """The air between devices and gateways; `outside_per_s` is by channel and may change."""

    def __init__(self, network: Network, gateways: list[Gateway]) -> None:
        radio, channels = network.radio, network.channels
        self.outside_per_s = [float(x) for x in channels.outside_per_s]
        self._outside_airtime_s = [float(x) for x in channels.outside_airtime_s]
        self._outside_level_dbm = [float(x) for x in channels.outside_level_dbm]
        self._outside_sigma_db = [float(x) for x in channels.outside_sigma_db]
        self._sir = [[float(x) for x in row] for row in radio.sir]
        self._energy = bool(radio.energy)
        self._grace_s = [
            float(radio.grace_symbols) * float(network.rules.symbol_s[5 - s])
            for s in range(FACTORS)
        ]
        self._unseen_dbm = [
            min((g.sensitivity_dbm[s] for g in gateways), default=math.inf)
            - float(radio.cut_db)
            - float(radio.reach_db)
            for s in range(FACTORS)
        ]
        self._fading_sigma_db = float(radio.fading_sigma_db)
        self._rayleigh = bool(radio.rayleigh)
        self._fades = self._rayleigh or self._fading_sigma_db != 0.0
        self._slow_sigma_db = float(radio.slow_sigma_db)
        self._slow_rho = float(radio.slow_rho)
        self._slow_tau_s = float(radio.slow_tau_s)
        self._device_sensitivity_dbm = [float(x) for x in radio.device_sensitivity_dbm]

    def begin(self, frame: Frame) -> None:
        """Let a frame arrive at the gateways (3)."""
        device, factor = frame.device, frame.factor
        frame.safe_s = frame.start_s + self._grace_s[factor]
        weaker_db = TX_STEP_DB * frame.tx_index
        unseen_dbm = self._unseen_dbm[factor]
        drifts = self._slow_sigma_db != 0.0
        place = common = 0.0
        if drifts:
            place, common = self._common(device.key, frame.start_s)
        for gateway, static_dbm in device.links:
            level_dbm = static_dbm - weaker_db
            if level_dbm < unseen_dbm:
                break
            if drifts:
                level_dbm += self._slow_db(device.key, gateway.key, place, common)
            if self._fades:
                level_dbm += self._fading_db(frame.key, gateway.key, down=False)
            if level_dbm < gateway.cut_dbm[factor]:
                continue
            self._arrive(Reception(frame, gateway, level_dbm, milliwatt(level_dbm)))

    def end(self, frame: Frame) -> list[Reception]:
        """Decide every reception of a frame that ends (4); return those decoded, best first."""
        channel = frame.channel
        decoded = []
        for reception in frame.receptions:
            gateway = reception.gateway
            gateway.on_air[channel].remove(reception)
            if reception.demodulator:
                gateway.give_back(reception.demodulator)
            if reception.state == RECEIVING:
                if self._survives(reception):
                    reception.state = DELIVERED
                    decoded.append(reception)
                else:
                    reception.state = COLLISION
        if len(decoded) > 1:
            # A stable sort: equal levels stay in the order of the links.
            decoded.sort(key=lambda reception: -reception.level_dbm)
        return decoded

    def hears(self, device: Device, downlink: Downlink, key: int) -> bool:
        """Return whether a downlink that was sent is strong enough at a device (5)."""
        gateway = downlink.gateway
        static_dbm = device.static_dbm(gateway)
        if static_dbm is None:
            return False
        level_dbm = static_dbm + (gateway.rx2_gain_db if downlink.second else gateway.rx1_gain_db)
        if self._slow_sigma_db != 0.0:
            place, common = self._common(device.key, downlink.start_s)
            level_dbm += self._slow_db(device.key, gateway.key, place, common)
        if self._fades:
            level_dbm += self._fading_db(key, gateway.key, down=True)
        return level_dbm >= self._device_sensitivity_dbm[5 - downlink.rate]

    def _arrive(self, new: Reception) -> None:
        """Let one gateway receive a frame: interference, somebody else's frame, state (3)."""
        frame, gateway = new.frame, new.gateway
        frame.receptions.append(new)
        on_air = gateway.on_air[frame.channel]
        start_s, end_s, safe_s = frame.start_s, frame.end_s, frame.safe_s
        for old in on_air:
            other = old.frame
            both_until_s = min(end_s, other.end_s)
            self._disturb(new, old, both_until_s - safe_s)
            self._disturb(old, new, both_until_s - max(start_s, other.safe_s))
        on_air.append(new)
        new.need_mw = self._need_mw(frame, gateway)
        if new.level_dbm < gateway.sensitivity_dbm[frame.factor]:
            new.state = OUT_OF_REACH
        elif not gateway.up:
            new.state = GATEWAY_DOWN
        elif gateway.sending:
            new.state = GATEWAY_DEAF
        else:
            new.demodulator = gateway.take_demodulator(frame.factor)
            new.state = RECEIVING if new.demodulator else NO_DEMODULATOR

    def _disturb(self, wanted: Reception, other: Reception, overlap_s: float) -> None:
        """Add to a reception what another does to it during an overlap."""
        if overlap_s <= 0.0:
            return
        against = wanted.against
        if against is None:
            against = wanted.against = [0.0] * FACTORS
        factor = other.frame.factor
        if self._energy:
            against[factor] += other.power_mw * overlap_s
        else:
            against[factor] = max(against[factor], other.power_mw)

    def _need_mw(self, frame: Frame, gateway: Gateway) -> float:
        """Return the power a reception needs, raised where somebody else's frame hits it (3.2)."""
        channel, least_mw = frame.channel, gateway.sensitivity_mw[frame.factor]
        per_s = self.outside_per_s[channel]
        if per_s <= 0.0:
            return least_mw
        airtime_s, outside_s = frame.airtime_s, self._outside_airtime_s[channel]
        hit = 1.0 - math.exp(-per_s * (airtime_s + outside_s))
        if unit(frame.key, OUTSIDE, gateway.key) >= hit:
            return least_mw
        level_dbm = self._outside_level_dbm[channel] + self._outside_sigma_db[channel] * normal(
            frame.key, OUTSIDE_LEVEL, gateway.key
        )
        rise = min(1.0, outside_s / airtime_s) * milliwatt(level_dbm - gateway.noise_dbm)
        return least_mw * (1.0 + rise)

    def _survives(self, reception: Reception) -> bool:
        """Return whether a reception is strong enough, for the noise and for each factor (4)."""
        power_mw = reception.power_mw
        if power_mw < reception.need_mw:
            return False
        if reception.against is None:
            return True
        frame = reception.frame
        signal = power_mw * frame.airtime_s if self._energy else power_mw
        sir = self._sir[frame.factor]
        return all(
            signal >= sir[factor] * other
            for factor, other in enumerate(reception.against)
            if other > 0.0
        )

    def _common(self, device_key: int, t_s: float) -> tuple[float, float]:
        """Return a device's place on its lattice of slow nodes and the term of all its links."""
        place = slow_place(device_key, t_s, self._slow_tau_s)
        return place, slow_term(device_key, 0, place)

    def _slow_db(self, device_key: int, gateway_key: int, place: float, common: float) -> float:
        """Return the slow term of a link, dB."""
        return slow_db(device_key, gateway_key, place, common, self._slow_sigma_db, self._slow_rho)

    def _fading_db(self, key: int, gateway_key: int, *, down: bool) -> float:
        """Return the fading of one frame at one gateway, or from it, dB."""
        return fading_db(key, gateway_key, self._fading_sigma_db, self._rayleigh, down)
