"""Building entry loss: Rec. ITU-R P.2109-2 [V]."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Fault, InputError
from twin.lang import Text

LOWEST_MHZ, HIGHEST_MHZ = 80.0, 100_000.0
LOSS_PER_DEGREE_DB = 0.212


class BuildingType(StrEnum):
    """Its two classes: ordinary, and with metallised glass or foil-backed insulation."""

    TRADITIONAL = "traditional"
    THERMALLY_EFFICIENT = "thermally-efficient"


class _Coefficients(NamedTuple):
    """Table 1 of the recommendation, under its own letters."""

    r: float
    s: float
    t: float
    u: float
    v: float
    w: float
    x: float
    y: float
    z: float


_TABLE = {
    BuildingType.TRADITIONAL: _Coefficients(12.64, 3.72, 0.96, 9.6, 2.0, 9.1, -3.0, 4.5, -2.0),
    BuildingType.THERMALLY_EFFICIENT: _Coefficients(
        28.19, -3.0, 8.48, 13.5, 3.8, 27.8, -2.9, 9.4, -2.1
    ),
}


def building_entry_loss_db(
    frequency_mhz: float,
    probability: ArrayLike,
    building_type: BuildingType | str,
    elevation_deg: ArrayLike = 0.0,
) -> NDArray[np.float64]:
    """Return the entry loss not exceeded with `probability`, dB.

    Parameters
    ----------
    frequency_mhz
        80 to 100,000 MHz.
    probability
        Share of places and buildings with no more than this loss, strictly between 0 and 1.
    building_type
        `traditional` or `thermally-efficient`.
    elevation_deg
        Elevation of the path at the facade; broadcast with `probability`.

    Returns
    -------
    NDArray
        10 lg(10^(A/10) + 10^(B/10) + 10^(C/10)), the broadcast shape. At 868 MHz, elevation 0 and
        probability 0.5: 14.219 dB (traditional), 31.210 dB (thermally efficient) [V].

    Raises
    ------
    InputError
        Frequency or probability outside the recommendation, unknown building type.
    """
    from scipy.special import ndtri

    share = np.asarray(probability, dtype=np.float64)
    _check(frequency_mhz, share, str(building_type))
    c = _TABLE[BuildingType(building_type)]
    lg_f = float(np.log10(frequency_mhz / 1000.0))
    normal = ndtri(share)
    tilt_db = LOSS_PER_DEGREE_DB * np.abs(np.asarray(elevation_deg, dtype=np.float64))
    a = normal * (c.u + c.v * lg_f) + c.r + c.s * lg_f + c.t * lg_f**2 + tilt_db
    b = normal * (c.y + c.z * lg_f) + c.w + c.x * lg_f
    powers = 10.0 ** (0.1 * a) + 10.0 ** (0.1 * b) + 10.0**-0.3
    return np.asarray(10.0 * np.log10(powers), dtype=np.float64)


def _check(frequency_mhz: float, share: NDArray[np.float64], building_type: str) -> None:
    """Raise one InputError with every argument outside the recommendation."""
    faults = []
    if not LOWEST_MHZ <= frequency_mhz <= HIGHEST_MHZ:
        faults.append(
            Fault(
                key="frequency_mhz",
                value=f"{frequency_mhz:g}",
                expected=Text("de 80 à 100 000 MHz", "80 to 100,000 MHz"),
                remedy=Text("donnez la fréquence en MHz", "give the frequency in MHz"),
            )
        )
    outside = ~((share > 0.0) & (share < 1.0))
    if np.any(outside):
        faults.append(
            Fault(
                key="probability",
                value=f"{share[outside].flat[0]:g}",
                expected=Text("entre 0 et 1, bornes exclues", "between 0 and 1, both excluded"),
                remedy=Text("donnez un quantile, 0,5 = médiane", "give a quantile, 0.5 = median"),
            )
        )
    if building_type not in set(BuildingType):
        faults.append(
            Fault(
                key="building_type",
                value=building_type,
                expected=Text(" ou ".join(BuildingType), " or ".join(BuildingType)),
                remedy=Text("choisissez l'un des deux", "choose one of the two"),
            )
        )
    if faults:
        raise InputError(*faults)
