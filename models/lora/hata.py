"""Okumura-Hata median loss: M. Hata, IEEE Trans. Veh. Technol. VT-29 (1980) 317-325 [V].

Fitted on 150-1500 MHz, base antennas 30-200 m, mobiles 1-10 m, 1-20 km. Outside that domain the
formula is extrapolated, never clipped: `in_domain` says where it may be trusted.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Environment(StrEnum):
    """Hata's three environments."""

    URBAN = "urban"
    SUBURBAN = "suburban"
    OPEN = "open"


def okumura_hata_db(
    distance_m: ArrayLike,
    base_height_m: ArrayLike,
    mobile_height_m: ArrayLike,
    frequency_mhz: float,
    environment: Environment | str = Environment.OPEN,
) -> NDArray[np.float64]:
    """Return the median loss, dB, of a small or medium city, a suburb or an open area.

    Parameters
    ----------
    distance_m, base_height_m, mobile_height_m
        Broadcast together: horizontal distance > 0, antenna heights above ground > 0.
    frequency_mhz
        Carrier frequency.
    environment
        `urban` (small or medium city), `suburban` or `open`.

    Notes
    -----
    U = 69.55 + 26.16 lg f - 13.82 lg hb - a(hm) + (44.9 - 6.55 lg hb) lg d_km,
    a(hm) = (1.1 lg f - 0.7) hm - (1.56 lg f - 0.8); suburban U - 2 lg^2(f/28) - 5.4;
    open U - 4.78 lg^2 f + 18.33 lg f - 40.94.
    """
    lg_f = float(np.log10(frequency_mhz))
    lg_d = np.log10(np.asarray(distance_m, dtype=np.float64) / 1000.0)
    lg_base = np.log10(np.asarray(base_height_m, dtype=np.float64))
    mobile = np.asarray(mobile_height_m, dtype=np.float64)
    correction = (1.1 * lg_f - 0.7) * mobile - (1.56 * lg_f - 0.8)
    urban = 69.55 + 26.16 * lg_f - 13.82 * lg_base - correction + (44.9 - 6.55 * lg_base) * lg_d
    relief = {
        Environment.URBAN: 0.0,
        Environment.SUBURBAN: 2.0 * (lg_f - float(np.log10(28.0))) ** 2 + 5.4,
        Environment.OPEN: 4.78 * lg_f**2 - 18.33 * lg_f + 40.94,
    }[Environment(environment)]
    return np.asarray(urban - relief, dtype=np.float64)


def in_domain(
    distance_m: ArrayLike,
    base_height_m: ArrayLike,
    mobile_height_m: ArrayLike,
    frequency_mhz: float,
) -> NDArray[np.bool_]:
    """Return where Hata's published domain of validity holds, elementwise."""
    distance = np.asarray(distance_m, dtype=np.float64)
    base = np.asarray(base_height_m, dtype=np.float64)
    mobile = np.asarray(mobile_height_m, dtype=np.float64)
    fits = (distance >= 1_000.0) & (distance <= 20_000.0) & (base >= 30.0) & (base <= 200.0)  # noqa: PLR2004 - published limits
    fits &= (mobile >= 1.0) & (mobile <= 10.0)  # noqa: PLR2004 - published limits
    return np.asarray(fits & (150.0 <= frequency_mhz <= 1500.0), dtype=np.bool_)  # noqa: PLR2004 - published limits
