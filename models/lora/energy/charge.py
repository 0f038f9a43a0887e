"""Charge of one LoRaWAN class A exchange, µAh.

An uplink costs ::

    q = (ToA I_tx + t_rx1 I_rx + t_rx2 I_rx + waits I_wait) / 3.6 + fixed stretches      [mA, s]

A window in which nothing comes stays open 8 symbols of its spreading factor [D]: the length of the
preamble it looks for. A window that receives stays open for the downlink's airtime, and where RX1
received RX2 is not opened. With I_wait = 0 and no stretches this is the reference's closed form.

Sleep is charged all the time, awake or not: an excess below 0.3 % of any published exchange.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.lora.airtime import symbol_s, time_on_air_s
from models.lora.energy.currents import UAH_PER_MA_S, CurrentProfile, tx_current_ma
from models.lora.energy.ranges import require
from models.lora.region import (
    ERP_LIMIT_DBM,
    JOIN_RX1_DELAY_S,
    JOIN_RX2_DELAY_S,
    RX1_DELAY_S,
    RX2_DATA_RATE,
    RX2_DELAY_S,
    TX_POWER_INDICES,
    TX_POWER_STEP_DB,
)
from twin.errors import Fault, InputError
from twin.lang import Text, same

Windows = Literal["symbols", "measured"]
"""Length of empty windows: 8 symbols, or what the profile's source measured."""

EMPTY_WINDOW_SYMBOLS = 8.0
JOIN_REQUEST_BYTES = 23
JOIN_ACCEPT_BYTES = 33
"""PHY payloads; the accept carries a CFList [V]."""

CONDUCTED_DBM = ERP_LIMIT_DBM - TX_POWER_STEP_DB * np.arange(len(TX_POWER_INDICES))
"""Conducted power of TXPower 0 to 7, dBm: 14, 12, ..., 0.

TXPower 0 is 14 dBm ERP (16.15 dBm EIRP). The amplifier is assumed to give the ERP figure, that is
to drive an antenna as good as a dipole [U]; a poorer antenna radiates less at the same charge.
"""


class Exchange(NamedTuple):
    """Parts of an empty exchange, µAh; each has the broadcast shape of the data rates."""

    rx1_uah: NDArray[np.float64]
    rx2_uah: NDArray[np.float64]
    rx2_wait_uah: NDArray[np.float64]


def empty_window_s(spreading_factor: ArrayLike) -> NDArray[np.float64]:
    """Return how long a window stays open when nothing comes, seconds: 8 symbols [D]."""
    return EMPTY_WINDOW_SYMBOLS * symbol_s(spreading_factor)


def frame_charge_uah(
    profile: CurrentProfile,
    airtime_s: ArrayLike,
    tx_dbm: ArrayLike,
    rx1_open_s: ArrayLike,
    rx2_open_s: ArrayLike,
    *,
    rx1_delay_s: float = RX1_DELAY_S,
    rx2_delay_s: float = RX2_DELAY_S,
) -> NDArray[np.float64]:
    """Return the charge of a frame and its windows, µAh, elementwise.

    Parameters
    ----------
    profile
        Currents of the device.
    airtime_s, tx_dbm
        Time on air of the uplink and conducted power.
    rx1_open_s, rx2_open_s
        How long each window listens: `empty_window_s` where nothing comes, the downlink's airtime
        where it does, 0 for an RX2 that is not opened.
    rx1_delay_s, rx2_delay_s
        From the end of the uplink; 5 and 6 s for a join.

    Raises
    ------
    InputError
        Negative duration, or a power the device cannot send.
    """
    opened = np.asarray(rx2_open_s, dtype=np.float64)
    for key, value in (
        ("airtime_s", airtime_s),
        ("rx1_open_s", rx1_open_s),
        ("rx2_open_s", opened),
    ):
        require(key, value, 0.0)
    listening = received_charge_uah(profile, np.asarray(rx1_open_s) + opened)
    between = _wait_uah(profile, rx2_delay_s - rx1_delay_s - np.asarray(rx1_open_s))
    return np.asarray(
        sending_charge_uah(profile, airtime_s, tx_dbm, rx1_delay_s=rx1_delay_s)
        + listening
        + np.where(opened > 0.0, between, 0.0),
        dtype=np.float64,
    )


def sending_charge_uah(
    profile: CurrentProfile,
    airtime_s: ArrayLike,
    tx_dbm: ArrayLike,
    *,
    rx1_delay_s: float = RX1_DELAY_S,
) -> NDArray[np.float64]:
    """Return the charge from waking up to the opening of RX1, µAh."""
    sending = UAH_PER_MA_S * np.asarray(airtime_s) * tx_current_ma(profile, tx_dbm)
    return np.asarray(
        sending + profile.phases_uah + _wait_uah(profile, rx1_delay_s), dtype=np.float64
    )


def received_charge_uah(
    profile: CurrentProfile, received_window_s: ArrayLike
) -> NDArray[np.float64]:
    """Return the charge of listening for so many seconds, µAh."""
    return np.asarray(
        UAH_PER_MA_S * (profile.rx_ma + profile.mcu_ma) * np.asarray(received_window_s),
        dtype=np.float64,
    )


def empty_exchange(
    profile: CurrentProfile,
    rx1_data_rate: ArrayLike,
    rx2_data_rate: int = RX2_DATA_RATE,
    windows: Windows = "symbols",
) -> Exchange:
    """Return the charge of the two windows when nothing comes, by data rate 0 to 5 of RX1.

    The wait from RX1 to RX2 is told apart; it is 0 for a device that sleeps meanwhile. A measured
    RX2 is at the data rate it was measured at, whatever `rx2_data_rate`.

    Raises
    ------
    InputError
        Data rate outside 0 to 5, or "measured" with a profile that has no measured windows.
    """
    require("rx1_data_rate", rx1_data_rate, 0, 5)
    require("rx2_data_rate", rx2_data_rate, 0, 5)
    rate = np.asarray(rx1_data_rate, dtype=np.int64)
    spacing_s = RX2_DELAY_S - RX1_DELAY_S
    if windows == "measured":
        if profile.empty_windows is None:
            raise _no_measured_windows(profile)
        measured = profile.empty_windows
        rx1 = np.asarray(measured.rx1_uah)[rate]
        wait = _wait_uah(profile, spacing_s - np.asarray(measured.rx1_s)[rate])
        return Exchange(rx1, np.full(rate.shape, measured.rx2_uah), wait)
    rx1_s = empty_window_s(12 - rate)
    rx2 = received_charge_uah(profile, empty_window_s(12 - rx2_data_rate))
    return Exchange(
        received_charge_uah(profile, rx1_s),
        np.full(rate.shape, float(rx2)),
        _wait_uah(profile, spacing_s - rx1_s),
    )


def join_charge_uah(
    profile: CurrentProfile,
    data_rate: ArrayLike,
    accepted_in: Literal["rx1", "rx2", "nothing"],
    tx_dbm: float = ERP_LIMIT_DBM,
    rx2_data_rate: int = RX2_DATA_RATE,
) -> NDArray[np.float64]:
    """Return the charge of one join attempt, µAh: request, and the accept or two empty windows."""
    require("data_rate", data_rate, 0, 5)
    factor = 12 - np.asarray(data_rate, dtype=np.int64)
    factor2 = 12 - rx2_data_rate
    rx1_s, rx2_s = empty_window_s(factor), empty_window_s(factor2)
    if accepted_in == "rx1":
        rx1_s, rx2_s = time_on_air_s(JOIN_ACCEPT_BYTES, factor, crc=False), np.zeros(())
    elif accepted_in == "rx2":
        rx2_s = time_on_air_s(JOIN_ACCEPT_BYTES, factor2, crc=False)
    return frame_charge_uah(
        profile,
        time_on_air_s(JOIN_REQUEST_BYTES, factor),
        tx_dbm,
        rx1_s,
        rx2_s,
        rx1_delay_s=JOIN_RX1_DELAY_S,
        rx2_delay_s=JOIN_RX2_DELAY_S,
    )


def _wait_uah(profile: CurrentProfile, seconds: ArrayLike) -> NDArray[np.float64]:
    waited = np.maximum(np.asarray(seconds, dtype=np.float64), 0.0)
    return np.asarray(UAH_PER_MA_S * profile.wait_ma * waited, dtype=np.float64)


def _no_measured_windows(profile: CurrentProfile) -> InputError:
    return InputError(
        Fault(
            key="windows",
            value=f"measured ({profile.name})",
            expected=Text(
                "un profil dont les fenêtres vides ont été mesurées",
                "a profile whose empty windows were measured",
            ),
            remedy=same('windows = "symbols"'),
        )
    )
