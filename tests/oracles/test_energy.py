"""Charge and battery life against the closed form, published measurements and published lives."""

from __future__ import annotations

import numpy as np
import pytest

from models.lora.airtime import time_on_air_s
from models.lora.energy.battery import YEAR_H, battery_of, life_years
from models.lora.energy.charge import (
    CONDUCTED_DBM,
    empty_exchange,
    empty_window_s,
    frame_charge_uah,
    join_charge_uah,
    sending_charge_uah,
)
from models.lora.energy.currents import tx_current_ma
from models.lora.energy.lifetimes import life_from_charge
from models.lora.energy.published_currents import CASALS, LORAENERGYSIM, NS3, SX1272

FACTORS = np.arange(7, 13)


def test_closed_form_of_the_reference() -> None:
    """33 B at 44 and 11.5 mA with an SF12 RX2 costs 1.74 ... 23.80 µAh from SF7 to SF12."""
    charge = frame_charge_uah(
        SX1272, time_on_air_s(33, FACTORS), 14.0, empty_window_s(FACTORS), empty_window_s(12)
    )
    assert np.round(charge, 2).tolist() == [1.74, 2.52, 3.96, 6.58, 13.32, 23.80]


def test_empty_windows_last_eight_symbols() -> None:
    """An empty window at SF7 is open 8.192 ms, at SF12 262.144 ms."""
    assert empty_window_s([7, 12]) == pytest.approx([0.008192, 0.262144])


def test_powers_fall_by_two_from_fourteen() -> None:
    """TXPower 0 to 7 is 14 to 0 dBm conducted, and costs 44 to 22 mA on the SX1272."""
    assert CONDUCTED_DBM.tolist() == [14, 12, 10, 8, 6, 4, 2, 0]
    assert tx_current_ma(SX1272, CONDUCTED_DBM).tolist() == [44, 34, 31, 25, 25, 24, 24, 22]


def casals_current_ua(factor: int, period_s: float, windows: str = "measured") -> float:
    """Return the mean current of the Casals device: unacknowledged, 20 B application, 14 dBm."""
    exchange = empty_exchange(CASALS, 12 - factor, 0, windows)  # type: ignore[arg-type]
    frame = sending_charge_uah(CASALS, time_on_air_s(33, factor), 14.0) + sum(exchange)
    return float(frame) * 3600.0 / period_s + CASALS.asleep_ua


def test_casals_one_year() -> None:
    """2400 mAh lasts one year at one message per 5 minutes, within 15 %: SF7, unacknowledged.

    Casals et al. 2017, MultiConnect mDot: 83 mA sending, 38.1 and 35.0 mA in windows of 12.3 and
    33 ms, 27 mA between, 45 µA asleep; 33 B PHY, no ageing. The spreading factor of the sentence
    is deduced: SF7 and SF8 are the only ones within the tolerance.
    """
    lives = [
        float(life_years(casals_current_ua(factor, 300.0), battery_of("ideal-2400")))
        for factor in range(7, 13)
    ]
    assert lives[0] == pytest.approx(1.0, rel=0.15)
    assert [abs(life - 1.0) < 0.15 for life in lives] == [True, True, False, False, False, False]


def test_casals_six_years() -> None:
    """Rare messages bring the same battery to six years within 15 %: its sleep alone decides."""
    life = life_years(casals_current_ua(7, 7 * 86400.0), battery_of("ideal-2400"))
    assert float(life) == pytest.approx(6.0, rel=0.15)


def test_casals_mean_current() -> None:
    """One year on 2400 mAh is 274 µA on average; the model gives 292, within 10 %."""
    assert casals_current_ua(7, 300.0) == pytest.approx(274.0, rel=0.10)


def test_measured_join_request() -> None:
    """LoRaEnergySim measured 9 mJ for a join-request; 61.7 ms at its 146.5 mW is 9.04 mJ."""
    energy_mj = float(time_on_air_s(23, 7)) * 146.5
    assert energy_mj == pytest.approx(9.0, rel=0.01)
    sent = float(sending_charge_uah(LORAENERGYSIM, time_on_air_s(23, 7), 14.0))
    assert (sent - LORAENERGYSIM.phases_uah) * 3.6 * 3.3 == pytest.approx(energy_mj)


def test_eight_symbols_against_measured_windows() -> None:
    """Measured empty RX1s cost 0.63 (SF12) to 1.57 (SF7) times 8 symbols at 39 mW."""
    rates = np.arange(6)
    measured = empty_exchange(LORAENERGYSIM, rates, windows="measured").rx1_uah
    symbols = empty_exchange(LORAENERGYSIM, rates).rx1_uah
    ratio = measured / symbols
    assert ratio[0] == pytest.approx(0.63, abs=0.01)
    assert ratio[5] == pytest.approx(1.57, abs=0.01)


def test_linden_d_cell() -> None:
    """A Li-SOCl2 D cell at 25 °C delivers 18.8, 18.4 and 17 Ah at 2, 1 and 0.2 mA within 1.5 %.

    Linden's Handbook of Batteries, fig. 14.17; the rated 19.0 Ah is taken whole.
    """
    cell = battery_of("d-lisocl2")
    current_ua = np.array([2000.0, 1000.0, 200.0])
    whole = 1.0 / (cell.usable_share * cell.pulse_share)
    hours = life_years(current_ua, cell, 25.0, whole) * YEAR_H
    assert hours * current_ua / 1e6 == pytest.approx([18.8, 18.4, 17.0], rel=0.015)


def test_no_ageing_is_capacity_over_current() -> None:
    """Without self-discharge a life is capacity over current: 2400 mAh at 274 µA, one year."""
    life = life_years(2400.0 / YEAR_H * 1000.0, battery_of("ideal-2400"))
    assert float(life) == pytest.approx(1.0)


def test_life_from_the_charge_of_a_week() -> None:
    """168 µAh in a week and 9 µA of electronics are 10 µA: an ideal 2400 mAh lasts 27.4 years."""
    life = life_from_charge(np.array([168.0]), 7 * 86400.0, 9.0, battery_of("ideal-2400"))
    assert life == pytest.approx([240_000.0 / YEAR_H])


def test_join_of_the_default_device() -> None:
    """A join attempt left unanswered at SF12 is 1.483 s at 44 mA and two windows at 11.5 mA."""
    charge = float(join_charge_uah(SX1272, 0, "nothing"))
    assert charge == pytest.approx((1.482752 * 44.0 + 2 * 0.262144 * 11.5) / 3.6)


def test_accepted_in_rx1_costs_the_accept() -> None:
    """A join accepted in RX1 pays the accept's airtime and no RX2."""
    charge = float(join_charge_uah(NS3, 5, "rx1"))
    accept_s = float(time_on_air_s(33, 7, crc=False))
    assert charge == pytest.approx((float(time_on_air_s(23, 7)) * 28.0 + accept_s * 11.2) / 3.6)
