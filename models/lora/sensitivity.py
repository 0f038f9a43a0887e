"""Sensitivities of LoRa receivers by spreading factor, 125 kHz unless said otherwise, dBm.

========  ===================================================================  ======
chip      source                                                               status
========  ===================================================================  ======
SX1272    datasheet, PER 1 %, 10 B, 4/6 (same as SX1273; used by ns-3, FLoRa)  [V]
SX1273    as SX1272                                                            [V]
SX1301    as coded in ns-3 lorawan; headline -142, reference design -139.5     [V]
SX1302    LoRaWAN-SIM, PER 10 %, 12 B; the SF7 value deserves a check [U]      [V]
SX1303    as SX1302                                                            [V]
========  ===================================================================  ======

Field figures are worse by the noise rise of the place, a separate line of the link budget.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Fault, InputError
from twin.lang import Text, same

LOWEST_FACTOR, HIGHEST_FACTOR = 7, 12
NOISE_DENSITY_DBM_HZ = -174.0

_SX1272 = (-124.0, -127.0, -130.0, -133.0, -135.0, -137.0)
_SX1301 = (-130.0, -132.5, -135.0, -137.5, -140.0, -142.5)
_SX1302 = (-127.0, -129.0, -132.5, -135.5, -138.0, -141.0)

SENSITIVITY_DBM: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        "SX1272": _SX1272,
        "SX1273": _SX1272,
        "SX1301": _SX1301,
        "SX1302": _SX1302,
        "SX1303": _SX1302,
    }
)
"""Chip -> sensitivities for SF7..SF12 at 125 kHz, dBm."""

SX1272_WIDE_DBM: Mapping[int, tuple[float, ...]] = MappingProxyType(
    {
        250_000: (-122.0, -125.0, -128.0, -130.0, -132.0, -135.0),
        500_000: (-116.0, -119.0, -122.0, -125.0, -128.0, -129.0),
    }
)
"""SX1272 at 250 and 500 kHz, SF7..SF12, dBm [V]."""

SNR_FLOOR_DB = (-7.5, -10.0, -12.5, -15.0, -17.5, -20.0)
"""Least signal-to-noise ratio for SF7..SF12, dB [V]."""


def sensitivity_dbm(chip: str, spreading_factor: ArrayLike) -> NDArray[np.float64]:
    """Return the sensitivity of a chip at 125 kHz for each spreading factor (7..12), dBm.

    Raises
    ------
    InputError
        Unknown chip, spreading factor outside 7..12.
    """
    if chip not in SENSITIVITY_DBM:
        known = ", ".join(SENSITIVITY_DBM)
        raise InputError(
            Fault(
                key="chip",
                value=chip,
                expected=Text(f"un de : {known}", f"one of: {known}"),
                remedy=Text("choisissez une de ces puces", "choose one of these chips"),
            )
        )
    return _pick(SENSITIVITY_DBM[chip], spreading_factor)


def snr_floor_db(spreading_factor: ArrayLike) -> NDArray[np.float64]:
    """Return the least signal-to-noise ratio for each spreading factor (7..12), dB."""
    return _pick(SNR_FLOOR_DB, spreading_factor)


def noise_floor_dbm(bandwidth_hz: float = 125_000.0, noise_figure_db: float = 6.0) -> float:
    """Return -174 + 10 lg BW + NF, dBm; -117.03 dBm at 125 kHz and 6 dB [V]."""
    return NOISE_DENSITY_DBM_HZ + 10.0 * float(np.log10(bandwidth_hz)) + noise_figure_db


def _pick(table: tuple[float, ...], spreading_factor: ArrayLike) -> NDArray[np.float64]:
    """Return the table's entry for each spreading factor."""
    factor = np.asarray(spreading_factor, dtype=np.int64)
    bad = (factor < LOWEST_FACTOR) | (factor > HIGHEST_FACTOR)
    if np.any(bad):
        raise InputError(
            Fault(
                key="spreading_factor",
                value=str(factor[bad].flat[0]),
                expected=same(f"{LOWEST_FACTOR} … {HIGHEST_FACTOR}"),
                remedy=Text("choisissez de SF7 à SF12", "choose SF7 to SF12"),
            )
        )
    return np.asarray(table, dtype=np.float64)[factor - LOWEST_FACTOR]
