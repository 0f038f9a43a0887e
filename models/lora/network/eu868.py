"""EU868 as the network's tables: channels, sub-bands, airtimes, windows, the server's habits.

Everything comes from `models.lora.region`, `rx_windows`, `airtime` and `adr`; here it takes the
shape that the engines read. Bands are numbered 0 for 865-868 MHz (L), 1 for 868.0-868.6 MHz (M), 2
for 869.4-869.65 MHz (P, RX2).
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from models.lora.adr import INSTALLATION_MARGIN_DB
from models.lora.airtime import symbol_s, time_on_air_s
from models.lora.network.setup import Bands, Channels, Rules
from models.lora.region import (
    JOIN_RX1_DELAY_S,
    JOIN_RX2_DELAY_S,
    RX1_DELAY_S,
    RX2_DATA_RATE,
    RX2_DELAY_S,
    USUAL_CHANNELS,
    sub_band_of,
)
from models.lora.rx_windows import CLASS_C_RESPONSE_TIMEOUT_S

BAND_NAMES = ("L", "M", "P")
FACTORS = 12 - np.arange(6)
"""Spreading factor of data rates 0..5."""

JOIN_REQUEST_BYTES, JOIN_ACCEPT_BYTES = 23, 33
"""PHY bytes of a join-request and of a join-accept with its channel list [V]."""
EMPTY_FRAME_BYTES = 12
"""PHY bytes of a frame without port or payload: MHDR 1, FHDR 7, MIC 4 [V]."""
ADR_ORDER_BYTES = EMPTY_FRAME_BYTES + 5
"""A LinkADRReq in the frame options: 5 bytes [V]."""
COMMAND_OVERHEAD_BYTES = 13

MOST_CONFIRMED = 8
"""Transmissions of a confirmed uplink before it is given up [V, LoRaWAN 1.0.3]."""
MOST_COMMAND_TRIES = 3
"""Transmissions of a command before it is given up [U]."""


@lru_cache(maxsize=256)  # asked for by every message
def uplink_airtimes_s(phy_bytes: int) -> NDArray[np.float64]:
    """Return the airtime of an uplink of so many PHY bytes by data rate 0..5, shape (6,)."""
    return _read_only(time_on_air_s(phy_bytes, FACTORS))


@lru_cache(maxsize=256)
def downlink_airtimes_s(phy_bytes: int) -> NDArray[np.float64]:
    """Return the airtime of a downlink, which carries no payload CRC, by data rate 0..5."""
    return _read_only(time_on_air_s(phy_bytes, FACTORS, crc=False))


def _read_only(values: NDArray[np.float64]) -> NDArray[np.float64]:
    values.setflags(write=False)
    return values


def command_airtimes_s(application_bytes: int) -> NDArray[np.float64]:
    """Return the airtime of a command of so many application bytes, by data rate 0..5."""
    return downlink_airtimes_s(application_bytes + COMMAND_OVERHEAD_BYTES)


def bands() -> Bands:
    """Return the duty cycles of the sub-bands in use, for devices and for gateways alike."""
    duty = np.array([sub_band_of(hz).duty_cycle for hz in (867.1e6, 868.3e6, 869.525e6)])
    return Bands(duty, duty.copy())


def channels(count: int = 8) -> Channels:
    """Return the first `count` (1 to 8) usual channels, with nobody else on them."""
    frequency = np.array([each.frequency_hz for each in USUAL_CHANNELS[:count]], dtype=np.int64)
    band = np.array([BAND_NAMES.index(sub_band_of(hz).name) for hz in frequency], dtype=np.int64)
    nobody = np.zeros(len(frequency))
    return Channels(frequency, band, nobody, nobody.copy(), nobody.copy(), nobody.copy())


def rules(
    *,
    rx2_rate: int = RX2_DATA_RATE,
    adr_margin_db: float = INSTALLATION_MARGIN_DB,
    join_spread_s: float = 60.0,
    join_channels: int = 3,
) -> Rules:
    """Return LoRaWAN's timing in EU868 and ChirpStack's habits.

    `rx2_rate` 0 is the region's, 3 is what The Things Network uses; `join_spread_s` is over how
    long devices that get their power back spread their first join-request [U].
    """
    return Rules(
        rx1_delay_s=RX1_DELAY_S,
        rx2_delay_s=RX2_DELAY_S,
        join_rx1_delay_s=JOIN_RX1_DELAY_S,
        join_rx2_delay_s=JOIN_RX2_DELAY_S,
        rx1_offset=0,
        rx2_rate=rx2_rate,
        rx2_band=BAND_NAMES.index("P"),
        join_channels=join_channels,
        most_confirmed=MOST_CONFIRMED,
        most_command_tries=MOST_COMMAND_TRIES,
        response_timeout_s=CLASS_C_RESPONSE_TIMEOUT_S,
        adr_margin_db=adr_margin_db,
        max_rate=5,
        max_tx_index=7,
        join_spread_s=join_spread_s,
        symbol_s=np.asarray(symbol_s(FACTORS)),
        join_request_s=uplink_airtimes_s(JOIN_REQUEST_BYTES),
        join_accept_s=downlink_airtimes_s(JOIN_ACCEPT_BYTES),
        answer_s=uplink_airtimes_s(EMPTY_FRAME_BYTES),
        acknowledgement_s=downlink_airtimes_s(EMPTY_FRAME_BYTES),
        adr_order_s=downlink_airtimes_s(ADR_ORDER_BYTES),
    )
