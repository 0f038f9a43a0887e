"""Known truths of devices: what the server's ADR orders, what they draw, how long they last."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from twin.lang import Text
from twin.oracle import Oracle

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

_CHIRPSTACK = "ChirpStack, chirpstack/src/adr/default.rs, module test"


def oracles() -> tuple[Oracle, ...]:
    """Return the oracles of adaptive data rate, charge and battery life.

    Returns
    -------
    tuple of Oracle
        Vectors of the server whose algorithm is copied, measurements of papers, closed forms.
    """
    return (*_adaptive(), *_energy())


def _adaptive() -> tuple[Oracle, ...]:
    return (
        Oracle(
            "lora.adr.data_rate",
            Text("débit ordonné à un objet en DR0 reçu à -15 dB, sans marge",
                 "data rate ordered of a DR0 device heard at -15 dB, no margin"),
            _CHIRPSTACK, "1", 1.0, 0.0, _ordered_rate,
        ),
        Oracle(
            "lora.adr.loss",
            Text("perte lue dans les compteurs 0-4, 6-10 et 12-21",
                 "loss read from counters 0-4, 6-10 and 12-21"),
            _CHIRPSTACK, "%", 10.0, 0.05, _loss_percent,
        ),
        Oracle(
            "lora.adr.repeats",
            Text("émissions par trame à 4,99 % de perte, au lieu de 3",
                 "transmissions a frame at 4.99 % of loss, instead of 3"),
            _CHIRPSTACK, "1", 2.0, 0.0, partial(_repeats, 4.99, 3),
        ),
        Oracle(
            "lora.adr.back_off",
            Text("trames sans réponse avant qu'un objet en DR1, à puissance réduite, passe en DR0",
                 "frames without an answer until a DR1 device at reduced power turns to DR0"),
            "LoRaWAN TS001-1.0.4, table 9: 64 + 32, then 32", "1", 128.0, 0.0, _back_off,
        ),
    )  # fmt: skip


def _energy() -> tuple[Oracle, ...]:
    return (
        Oracle(
            "lora.energy.frame",
            Text("charge d'une trame sans réponse, SF12, 33 octets, 44 et 11,5 mA",
                 "charge of a frame without an answer, SF12, 33 bytes, 44 and 11.5 mA"),
            "closed form: (ToA I_tx + 8 (Ts + Ts_RX2) I_rx)/3.6", "µAh", 23.80, 0.005, _frame_uah,
        ),
        Oracle(
            "lora.energy.join",
            Text("énergie d'émission d'une demande de connexion, SF7",
                 "energy to send a join-request, SF7"),
            "Callebaut et al. 2019 (LoRaEnergySim), measured: 9 mJ", "mJ", 9.0, 0.5, _join_mj,
        ),
        Oracle(
            "lora.energy.life",
            Text("durée de vie sur 2 400 mAh, un message toutes les 5 minutes, SF7",
                 "life on 2400 mAh, one message per 5 minutes, SF7"),
            "Casals et al. 2017, Sensors 17(10) 2364: one year", "y", 1.0, 0.5, _casals_years,
        ),
        Oracle(
            "lora.energy.ageing",
            Text("durée de vie, 1 000 mAh perdant 10 % par an, sous 100 µA",
                 "life, 1000 mAh losing 10 % a year, at 100 µA"),
            "closed form: ln(1 + k C/D)/k, k = -ln 0.9", "y", 1.07726, 5e-6, _ageing_years,
        ),
    )  # fmt: skip


def _history(
    entries: Iterable[tuple[int, float]],
) -> tuple[NDArray[np.int64], NDArray[np.float32], NDArray[np.int8], NDArray[np.int64]]:
    """Return a server's memory of one device: frame counters and SNRs, at full power."""
    import numpy as np

    from models.lora import adr

    memory = (
        np.zeros((1, adr.HISTORY), dtype=np.int64),
        np.zeros((1, adr.HISTORY), dtype=np.float32),
        np.zeros((1, adr.HISTORY), dtype=np.int8),
        np.zeros(1, dtype=np.int64),
    )
    for f_cnt, snr_db in entries:
        adr.note_uplink(0, f_cnt, snr_db, 0, *memory)
    return memory


def _ordered_rate() -> float:
    from models.lora.adr import decide

    return float(decide(0, 0, 0, 1, 5, 5, 0.0, *_history([(0, -15.0)]))[0])


def _loss_percent() -> float:
    from models.lora.adr import loss_percent

    counters = (*range(5), *range(6, 11), *range(12, 22))
    f_cnts, _, _, counts = _history((f_cnt, 0.0) for f_cnt in counters)
    return float(loss_percent(0, f_cnts, counts))


def _repeats(percent: float, current: int) -> float:
    from models.lora.adr import nb_trans_for

    return float(nb_trans_for(percent, current))


def _back_off() -> float:
    from models.lora.adr import node_back_off

    rate, power, repeats, uplinks = 1, 4, 3, 0
    while rate > 0:
        uplinks += 1
        rate, power, repeats = node_back_off(uplinks, rate, power, repeats, 0)
    return float(uplinks)


def _frame_uah() -> float:
    from models.lora.airtime import time_on_air_s
    from models.lora.energy.charge import empty_window_s, frame_charge_uah
    from models.lora.energy.published_currents import SX1272

    window_s = empty_window_s(12)
    return float(frame_charge_uah(SX1272, time_on_air_s(33, 12), 14.0, window_s, window_s))


def _join_mj() -> float:
    from models.lora.airtime import time_on_air_s
    from models.lora.energy.charge import JOIN_REQUEST_BYTES, sending_charge_uah
    from models.lora.energy.published_currents import LORAENERGYSIM

    airtime_s = time_on_air_s(JOIN_REQUEST_BYTES, 7)
    sent_uah = float(sending_charge_uah(LORAENERGYSIM, airtime_s, 14.0)) - LORAENERGYSIM.phases_uah
    return sent_uah * 3.6 * LORAENERGYSIM.supply_v


def _casals_years() -> float:
    from models.lora.airtime import phy_payload_bytes, time_on_air_s
    from models.lora.energy.battery import battery_of, life_years
    from models.lora.energy.charge import empty_exchange, sending_charge_uah
    from models.lora.energy.published_currents import CASALS

    airtime_s = time_on_air_s(phy_payload_bytes(20), 7)
    windows = empty_exchange(CASALS, 5, 0, "measured")
    frame_uah = sending_charge_uah(CASALS, airtime_s, 14.0) + sum(windows)
    current_ua = frame_uah * (3_600.0 / 300.0) + CASALS.asleep_ua
    return float(life_years(current_ua, battery_of("ideal-2400")))


def _ageing_years() -> float:
    from models.lora.energy.battery import Battery, life_years

    cell = Battery("oracle", 1_000.0, self_discharge_per_year=0.10, reference_c=20.0)
    return float(life_years(100.0, cell, 20.0))
