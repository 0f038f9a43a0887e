"""The least a network can lose, and how far it is from it: UARL and ILI.

UARL = (18 Lm + 0.8 Nc + 25 Lp) P litres a day (Lambert, Brown, Takizawa & Weimer, AQUA 48(6), 1999;
coefficients also in Thornton, Sturm & Kunkel, *Water Loss Control*, table 7.2 [V]): Lm km of mains,
Nc connections, Lp km of private pipe between property line and meter, P metres of mean pressure.
Meant for more than 3,000 connections [V, same book], 20 a km or more and 25 m or more [U].
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.water.indicators.volumes import Floats

MAINS_L_KM_DAY_M = 18.0
CONNECTION_L_DAY_M = 0.8
PRIVATE_L_KM_DAY_M = 25.0

LEAST_CONNECTIONS = 3000.0
LEAST_PER_KM = 20.0
LEAST_PRESSURE_M = 25.0

_L_PER_M3 = 1000.0


def uarl_m3_day(
    mains_km: ArrayLike,
    connections: ArrayLike,
    pressure_m: ArrayLike,
    private_pipe_km: ArrayLike = 0.0,
) -> Floats:
    """Return the unavoidable annual real losses, m3 a day."""
    litres = (
        MAINS_L_KM_DAY_M * np.asarray(mains_km, dtype=np.float64)
        + CONNECTION_L_DAY_M * np.asarray(connections, dtype=np.float64)
        + PRIVATE_L_KM_DAY_M * np.asarray(private_pipe_km, dtype=np.float64)
    )
    return litres * np.asarray(pressure_m, dtype=np.float64) / _L_PER_M3


def ili(losses_m3_day: ArrayLike, unavoidable_m3_day: ArrayLike) -> Floats:
    """Return the infrastructure leakage index, CARL / UARL."""
    least = np.asarray(unavoidable_m3_day, dtype=np.float64)
    return np.asarray(np.asarray(losses_m3_day, dtype=np.float64) / least)


def within_range(
    mains_km: ArrayLike, connections: ArrayLike, pressure_m: ArrayLike
) -> NDArray[np.bool_]:
    """Return whether a network is of the size, density and pressure the formula was made for."""
    served = np.asarray(connections, dtype=np.float64)
    return np.asarray(
        (served >= LEAST_CONNECTIONS)
        & (served >= LEAST_PER_KM * np.asarray(mains_km, dtype=np.float64))
        & (np.asarray(pressure_m) >= LEAST_PRESSURE_M)
    )
