"""Time on air of LoRa and FSK frames.

LoRa, SF7-12: Semtech SX1272/73 datasheet section 4.1.1.7 and AN1200.13 [V]; SF5-6: SX1261/2
datasheet section 6.1.4 [V]. Checked against the vectors of The Things Stack and ChirpStack, and
against a count made step by step. Everything broadcasts: a fleet's frames cost one call.
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

LARGEST_PHY_BYTES = 255
"""The length field of a frame is one byte [V]."""

FSK_BIT_RATE = 50_000.0
"""EU868 DR7, bit/s [V]."""

_LONGEST_PREAMBLE = 65_535
_LAST_SHORT_FACTOR = 6
"""SF5 and SF6 use the second frame format of SX126x and SX1302."""


def phy_payload_bytes(application_bytes: ArrayLike) -> NDArray[np.int64]:
    """Return the size of the PHY payload that carries an application payload, bytes."""
    return np.asarray(application_bytes, dtype=np.int64) + MAC_OVERHEAD_BYTES


def symbol_s(
    spreading_factor: ArrayLike, bandwidth_hz: ArrayLike = 125_000.0
) -> NDArray[np.float64]:
    """Return the duration of one symbol, 2^SF / BW, seconds."""
    chips = np.exp2(np.asarray(spreading_factor, dtype=np.float64))
    return np.asarray(chips / np.asarray(bandwidth_hz, dtype=np.float64), dtype=np.float64)


def low_data_rate_needed(
    spreading_factor: ArrayLike, bandwidth_hz: ArrayLike = 125_000.0
) -> NDArray[np.bool_]:
    """Return whether the low-data-rate optimisation is due: symbols longer than 16 ms [V]."""
    return np.asarray(symbol_s(spreading_factor, bandwidth_hz) > LOW_RATE_SYMBOL_S)


def frame_symbols(
    phy_payload_bytes: ArrayLike,
    spreading_factor: ArrayLike,
    bandwidth_hz: ArrayLike = 125_000.0,
    coding_rate: ArrayLike = 1,
    *,
    preamble_symbols: ArrayLike = 8,
    crc: ArrayLike = True,
    implicit_header: ArrayLike = False,
    low_data_rate: ArrayLike | None = None,
) -> NDArray[np.float64]:
    """Return the length of LoRa frames in symbols, preamble and sync word included.

    Arguments and errors are those of :func:`time_on_air_s`; a whole number of symbols and a
    quarter.
    """
    size = _whole("phy_payload_bytes", phy_payload_bytes, 0, LARGEST_PHY_BYTES)
    factor = _whole("spreading_factor", spreading_factor, 5, 12)
    rate = _whole("coding_rate", coding_rate, 1, 4)
    preamble = _whole("preamble_symbols", preamble_symbols, 0, _LONGEST_PREAMBLE)
    width_hz = _positive("bandwidth_hz", bandwidth_hz)
    has_crc = np.asarray(crc, dtype=np.bool_).astype(np.int64)
    no_header = np.asarray(implicit_header, dtype=np.bool_).astype(np.int64)
    if low_data_rate is None:
        slow = low_data_rate_needed(factor, width_hz)
    else:
        slow = np.asarray(low_data_rate, dtype=np.bool_)
    short = factor <= _LAST_SHORT_FACTOR
    # SF5-6: two more symbols before the header, 8 bits fewer after it, no optimisation.
    bits = 8 * size - 4 * factor + np.where(short, 20, 28) + 16 * has_crc - 20 * no_header
    per_block = 4 * (factor - 2 * (slow & ~short).astype(np.int64))
    # Integer ceiling: a float quotient can land a hair above a whole number of blocks.
    blocks = np.maximum(-(-bits // per_block), 0)
    head = preamble + np.where(short, 6.25, 4.25) + 8
    return np.asarray(head + blocks * (rate + 4), dtype=np.float64)


def time_on_air_s(
    phy_payload_bytes: ArrayLike,
    spreading_factor: ArrayLike,
    bandwidth_hz: ArrayLike = 125_000.0,
    coding_rate: ArrayLike = 1,
    *,
    preamble_symbols: ArrayLike = 8,
    crc: ArrayLike = True,
    implicit_header: ArrayLike = False,
    low_data_rate: ArrayLike | None = None,
) -> NDArray[np.float64]:
    """Return the time on air of LoRa frames, seconds, elementwise.

    Parameters
    ----------
    phy_payload_bytes
        0 to 255 bytes: application payload + 13 for a LoRaWAN frame with a port.
    spreading_factor, bandwidth_hz
        5 to 12 (LoRaWAN: 7 to 12); usually 125,000 Hz.
    coding_rate
        1 to 4 for 4/5 to 4/8. Not the denominator: passing 5 lengthens frames by half.
    preamble_symbols
        8 for EU868 frames, 10 for a class-B beacon; SX126x advises 12 or more at SF5 and SF6 [V].
    crc
        Payload CRC: on uplinks only.
    implicit_header
        No physical header (class-B beacons).
    low_data_rate
        Forces the low-data-rate optimisation on or off; None follows the 16 ms rule. SF5 and SF6
        have none, whatever is asked [V].

    Returns
    -------
    NDArray
        The broadcast shape. 20 B at SF7, 125 kHz, 4/5: 0.056576 s.

    Raises
    ------
    InputError
        Argument out of range or not a whole number.
    """
    symbols = frame_symbols(
        phy_payload_bytes,
        spreading_factor,
        bandwidth_hz,
        coding_rate,
        preamble_symbols=preamble_symbols,
        crc=crc,
        implicit_header=implicit_header,
        low_data_rate=low_data_rate,
    )
    return np.asarray(symbols * symbol_s(spreading_factor, bandwidth_hz), dtype=np.float64)


def lora_bit_rate(
    spreading_factor: ArrayLike,
    bandwidth_hz: ArrayLike = 125_000.0,
    coding_rate: ArrayLike = 1,
    *,
    low_data_rate: ArrayLike | None = None,
) -> NDArray[np.float64]:
    """Return the payload bits a second inside a frame, (SF - 2 DE) (BW / 2^SF) 4 / (4 + CR) [D].

    SF7 to SF12 at 125 kHz, 4/5: 5469 3125 1758 977 439 244, which RP002 rounds to 5470 ... 250.
    """
    factor = _whole("spreading_factor", spreading_factor, 5, 12)
    rate = _whole("coding_rate", coding_rate, 1, 4)
    width_hz = _positive("bandwidth_hz", bandwidth_hz)
    if low_data_rate is None:
        slow = low_data_rate_needed(factor, width_hz)
    else:
        slow = np.asarray(low_data_rate, dtype=np.bool_)
    bits = factor - 2 * (slow & (factor > _LAST_SHORT_FACTOR))
    return np.asarray(bits / symbol_s(factor, width_hz) * 4.0 / (4.0 + rate), dtype=np.float64)


def fsk_time_on_air_s(
    phy_payload_bytes: ArrayLike, bit_rate: ArrayLike = FSK_BIT_RATE
) -> NDArray[np.float64]:
    """Return the time on air of FSK frames (EU868 DR7), seconds.

    Preamble 5 + sync 3 + length 1 + payload + CRC 2 bytes at 50 kbit/s [D].
    """
    size = _whole("phy_payload_bytes", phy_payload_bytes, 0, LARGEST_PHY_BYTES)
    rate = _positive("bit_rate", bit_rate)
    return np.asarray(8.0 * (5 + 3 + 1 + size + 2) / rate, dtype=np.float64)


def frames_per_hour(time_on_air_s: ArrayLike, duty_cycle: float = 0.01) -> NDArray[np.float64]:
    """Return how many frames a device may send per hour under a duty cycle (a share of time)."""
    return np.asarray(3600.0 * duty_cycle / np.asarray(time_on_air_s), dtype=np.float64)


def _whole(key: str, values: ArrayLike, low: int, high: int) -> NDArray[np.int64]:
    """Return integers; raise an InputError where one is not whole or outside [low, high]."""
    given = np.asarray(values)
    bad = ~((given >= low) & (given <= high) & (given == np.floor(given)))
    if np.any(bad):
        raise _refused(key, given[bad].flat[0], same(f"{low} … {high}"))
    return given.astype(np.int64)


def _positive(key: str, values: ArrayLike) -> NDArray[np.float64]:
    """Return floats; raise an InputError where one is not a finite number above zero."""
    given = np.asarray(values, dtype=np.float64)
    bad = ~(np.isfinite(given) & (given > 0.0))
    if np.any(bad):
        raise _refused(
            key, given[bad].flat[0], Text("un nombre positif fini", "a finite positive number")
        )
    return given


def _refused(key: str, value: object, expected: Text) -> InputError:
    """Return the error that names one bad argument."""
    remedy = Text("corrigez cette valeur", "correct this value")
    return InputError(Fault(key=key, value=str(value), expected=expected, remedy=remedy))
