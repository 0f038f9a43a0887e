"""Time on air of LoRa and FSK frames.

LoRa: Semtech SX1272/73 datasheet section 4.1.1.7 and AN1200.13 [V]; checked against the vectors of
The Things Stack and ChirpStack. Everything broadcasts, so a fleet's frames cost one call.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Fault, InputError
from twin.lang import Text, same

MAC_OVERHEAD_BYTES = 13
"""MHDR 1 + FHDR 7 + FPort 1 + MIC 4: LoRaWAN's bytes around an application payload [V]."""

LOW_RATE_SYMBOL_S = 0.016
"""Symbols longer than this need the low-data-rate optimisation (SF11-12 at 125 kHz) [V]."""

_LARGEST_PHY_BYTES = 255


def phy_payload_bytes(application_bytes: ArrayLike) -> NDArray[np.int64]:
    """Return the size of the PHY payload that carries an application payload, bytes."""
    return np.asarray(application_bytes, dtype=np.int64) + MAC_OVERHEAD_BYTES


def symbol_s(
    spreading_factor: ArrayLike, bandwidth_hz: ArrayLike = 125_000.0
) -> NDArray[np.float64]:
    """Return the duration of one symbol, 2^SF / BW, seconds."""
    chips = np.exp2(np.asarray(spreading_factor, dtype=np.float64))
    return np.asarray(chips / np.asarray(bandwidth_hz, dtype=np.float64), dtype=np.float64)


def time_on_air_s(
    phy_payload_bytes: ArrayLike,
    spreading_factor: ArrayLike,
    bandwidth_hz: ArrayLike = 125_000.0,
    coding_rate: ArrayLike = 1,
    *,
    preamble_symbols: ArrayLike = 8,
    crc: bool = True,
    implicit_header: bool = False,
    low_data_rate: bool | None = None,
) -> NDArray[np.float64]:
    """Return the time on air of LoRa frames, seconds, elementwise.

    Parameters
    ----------
    phy_payload_bytes
        0 to 255 bytes: application payload + 13 for a LoRaWAN frame with a port.
    spreading_factor, bandwidth_hz
        7 to 12; usually 125,000 Hz.
    coding_rate
        1 to 4 for 4/5 to 4/8. Not the denominator: passing 5 lengthens frames by half.
    preamble_symbols
        8 for EU868 frames, 10 for a class-B beacon.
    crc
        Payload CRC: on uplinks only.
    implicit_header
        No physical header (class-B beacons).
    low_data_rate
        Forces the low-data-rate optimisation on or off; None follows the 16 ms rule.

    Returns
    -------
    NDArray
        The broadcast shape. 20 B at SF7, 125 kHz, 4/5: 0.056576 s.

    Raises
    ------
    InputError
        Argument out of range.
    """
    size = np.asarray(phy_payload_bytes, dtype=np.int64)
    factor = np.asarray(spreading_factor, dtype=np.int64)
    rate = np.asarray(coding_rate, dtype=np.int64)
    _check("phy_payload_bytes", size, 0, _LARGEST_PHY_BYTES)
    _check("spreading_factor", factor, 7, 12)
    _check("coding_rate", rate, 1, 4)
    one_symbol_s = symbol_s(factor, bandwidth_hz)
    slow = one_symbol_s > LOW_RATE_SYMBOL_S if low_data_rate is None else np.asarray(low_data_rate)
    bits = 8 * size - 4 * factor + 28 + 16 * int(crc) - 20 * int(implicit_header)
    per_block = 4 * (factor - 2 * slow.astype(np.int64))
    # Integer ceiling: a float quotient can land a hair above a whole number of blocks.
    blocks = np.maximum(-(-bits // per_block), 0)
    symbols = np.asarray(preamble_symbols, dtype=np.float64) + 4.25 + 8 + blocks * (rate + 4)
    return np.asarray(symbols * one_symbol_s, dtype=np.float64)


def fsk_time_on_air_s(
    phy_payload_bytes: ArrayLike, bit_rate: float = 50_000.0
) -> NDArray[np.float64]:
    """Return the time on air of FSK frames (EU868 DR7), seconds.

    Preamble 5 + sync 3 + length 1 + payload + CRC 2 bytes at 50 kbit/s [D].
    """
    size = np.asarray(phy_payload_bytes, dtype=np.int64)
    _check("phy_payload_bytes", size, 0, _LARGEST_PHY_BYTES)
    return np.asarray(8.0 * (5 + 3 + 1 + size + 2) / bit_rate, dtype=np.float64)


def frames_per_hour(time_on_air_s: ArrayLike, duty_cycle: float = 0.01) -> NDArray[np.float64]:
    """Return how many frames a device may send per hour under a duty cycle (a share of time)."""
    return np.asarray(3600.0 * duty_cycle / np.asarray(time_on_air_s), dtype=np.float64)


def _check(key: str, values: NDArray[np.int64], low: int, high: int) -> None:
    """Raise an InputError where a value is outside [low, high]."""
    bad = (values < low) | (values > high)
    if np.any(bad):
        raise InputError(
            Fault(
                key=key,
                value=str(values[bad].flat[0]),
                expected=same(f"{low} … {high}"),
                remedy=Text("corrigez cette valeur", "correct this value"),
            )
        )
