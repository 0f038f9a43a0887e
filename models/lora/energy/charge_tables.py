"""Tables of charges a compiled engine adds up, frame by frame."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.lora.airtime import time_on_air_s
from models.lora.energy.charge import (
    CONDUCTED_DBM,
    JOIN_REQUEST_BYTES,
    Windows,
    empty_exchange,
    received_charge_uah,
    sending_charge_uah,
)
from models.lora.energy.currents import CurrentProfile
from models.lora.energy.ranges import require
from models.lora.region import JOIN_RX1_DELAY_S, RX2_DATA_RATE

_RATES = np.arange(6)


class ChargeTables(NamedTuple):
    """Charges in µAh, float64, to be indexed and added.

    A device's bill is its sleep and ::

        uplink, nothing comes      tx[fleet, dr, power] + rx1_empty[dr] + rx2_empty[dr]
        downlink heard in RX1      tx[fleet, dr, power] + seconds rx_per_s
        downlink heard in RX2      tx[...] + rx1_empty[dr] + rx2_wait[dr] + seconds rx_per_s
        join attempt               as an uplink, with join_request[dr] for tx

    Attributes
    ----------
    tx_uah : shape (fleets, 6, 8)
        From waking up to the opening of RX1, by fleet, data rate 0..5 of the uplink and TXPower.
    rx1_empty_uah, rx2_empty_uah : shape (6,)
        An empty window, by data rate of the *uplink*; RX2's includes the wait before it.
    rx2_wait_uah : shape (6,)
        That wait alone; 0 for a device that sleeps between its windows.
    rx_uah_per_s : float
        Reception of a downlink; also class C's listening.
    sleep_uah_per_s : float
        Every second of a device's life: sleep and the meter's electronics.
    join_request_uah : shape (6,)
        A join-request at full power, to the opening of its RX1.
    """

    tx_uah: NDArray[np.float64]
    rx1_empty_uah: NDArray[np.float64]
    rx2_empty_uah: NDArray[np.float64]
    rx2_wait_uah: NDArray[np.float64]
    rx_uah_per_s: float
    sleep_uah_per_s: float
    join_request_uah: NDArray[np.float64]


def charge_tables(
    profile: CurrentProfile,
    phy_bytes: NDArray[np.int64],
    *,
    rx1_offset: int = 0,
    rx2_data_rate: int = RX2_DATA_RATE,
    windows: Windows = "symbols",
) -> ChargeTables:
    """Return the tables of a device profile.

    Parameters
    ----------
    profile
        Currents of the device.
    phy_bytes : shape (fleets,)
        PHY payload of each fleet's uplink (application + 13). A row is computed even where the
        payload is too long for the data rate: whether a frame is legal is the engine's business.
    rx1_offset
        RX1 listens at max(0, DR - offset); 0 to 5.
    rx2_data_rate
        0 by default (SF12); The Things Network uses 3.
    windows
        Empty windows of 8 symbols, or as measured by the profile's source.

    Raises
    ------
    InputError
        Out of range, or measured windows asked of a profile that has none.
    """
    require("rx1_offset", rx1_offset, 0, 5)
    sizes = np.atleast_1d(np.asarray(phy_bytes, dtype=np.int64))
    factors = 12 - _RATES
    airtime_s = time_on_air_s(sizes[:, None], factors)
    empty = empty_exchange(profile, np.maximum(0, _RATES - rx1_offset), rx2_data_rate, windows)
    return ChargeTables(
        tx_uah=sending_charge_uah(profile, airtime_s[:, :, None], CONDUCTED_DBM),
        rx1_empty_uah=empty.rx1_uah,
        rx2_empty_uah=empty.rx2_wait_uah + empty.rx2_uah,
        rx2_wait_uah=empty.rx2_wait_uah,
        rx_uah_per_s=float(received_charge_uah(profile, 1.0)),
        sleep_uah_per_s=profile.asleep_ua / 3600.0,
        join_request_uah=sending_charge_uah(
            profile,
            time_on_air_s(JOIN_REQUEST_BYTES, factors),
            float(CONDUCTED_DBM[0]),
            rx1_delay_s=JOIN_RX1_DELAY_S,
        ),
    )
