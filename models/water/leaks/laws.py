"""How a leak's flow follows pressure, and what that makes of nights, days and lives of leaks.

Orifice: Q = Cd A sqrt(2 g h). FAVAD (fixed and variable area discharges, May 1994; van Zyl &
Malde 2017): the area is A0 + m h, so Q = Cd sqrt(2 g) (A0 h^0.5 + m h^1.5) [V]. A leak is kept
here as the two coefficients of h^0.5 and h^1.5, which add up over leaks at one node. Where the
pressure is negative nothing leaks, in or out. Everything broadcasts.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Fault, InputError
from twin.lang import Text

Floats = NDArray[np.float64]

GRAVITY_M_S2 = 9.81
DISCHARGE = 0.6
"""Discharge coefficient of a sharp-edged orifice [V]."""

STANDARD_PRESSURE_M = 50.0
"""Pressure at which burst flows are published (Lambert 1994 and after) [V]."""

FIXED_N1 = 0.5
EXPANDING_N1 = 1.5
"""Exponents of an area that pressure leaves alone, and of one that is all expansion."""

NIGHT_HOURS = (2, 3)
"""Hours of the minimum night flow, 02:00 to 04:00 [V]."""

_DAY_HOURS = 24


def emitter_m3s(coefficient: ArrayLike, pressure_m: ArrayLike, exponent: float = 0.5) -> Floats:
    """Return the flow of an emitter, C p^n, m3/s; C in m3/s at 1 m of pressure."""
    head = np.maximum(np.asarray(pressure_m, dtype=np.float64), 0.0)
    return np.asarray(coefficient, dtype=np.float64) * head**exponent


def orifice_m3s(area_m2: ArrayLike, pressure_m: ArrayLike, discharge: float = DISCHARGE) -> Floats:
    """Return the flow through a hole of fixed area, m3/s."""
    return emitter_m3s(
        discharge * math.sqrt(2.0 * GRAVITY_M_S2) * np.asarray(area_m2, dtype=np.float64),
        pressure_m,
    )


def favad_coefficients(
    fixed_area_m2: ArrayLike, expansion_m2_per_m: ArrayLike, discharge: float = DISCHARGE
) -> tuple[Floats, Floats]:
    """Return the coefficients of h^0.5 (m3/s per m^0.5) and of h^1.5 (m3/s per m^1.5).

    `fixed_area_m2` is the area without pressure, `expansion_m2_per_m` its growth with each metre.
    """
    factor = discharge * math.sqrt(2.0 * GRAVITY_M_S2)
    return (
        factor * np.asarray(fixed_area_m2, dtype=np.float64),
        factor * np.asarray(expansion_m2_per_m, dtype=np.float64),
    )


def favad_m3s(half: ArrayLike, three_halves: ArrayLike, pressure_m: ArrayLike) -> Floats:
    """Return the flow of a leak of these two coefficients, m3/s."""
    head = np.maximum(np.asarray(pressure_m, dtype=np.float64), 0.0)
    linear = np.asarray(half, dtype=np.float64) + np.asarray(three_halves) * head
    return np.asarray(linear * np.sqrt(head))


def favad_exponent(half: ArrayLike, three_halves: ArrayLike, pressure_m: ArrayLike) -> Floats:
    """Return N1, the local exponent d ln Q / d ln h: (0.5 A0 + 1.5 m h) / (A0 + m h) [V].

    NaN where there is no leak at all.
    """
    fixed = np.asarray(half, dtype=np.float64)
    grown = np.asarray(three_halves, dtype=np.float64) * np.asarray(pressure_m, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        return np.asarray((FIXED_N1 * fixed + EXPANDING_N1 * grown) / (fixed + grown))


def favad_split(
    flow_m3s: ArrayLike, n1: ArrayLike, pressure_m: float = STANDARD_PRESSURE_M
) -> tuple[Floats, Floats]:
    """Return the two coefficients of a leak of known flow and exponent at one pressure.

    The share of the fixed area in the flow is 1.5 - N1, that of expansion N1 - 0.5 [D].

    Raises
    ------
    InputError
        If an exponent is outside 0.5 to 1.5 or the pressure is not positive.
    """
    flow = np.asarray(flow_m3s, dtype=np.float64)
    exponent = np.asarray(n1, dtype=np.float64)
    faults = []
    if not np.all((exponent >= FIXED_N1) & (exponent <= EXPANDING_N1)):
        faults.append(_fault("n1", f"{exponent}", "0.5 à 1.5", "0.5 to 1.5"))
    if not pressure_m > 0.0:
        faults.append(_fault("pressure_m", f"{pressure_m:g}", "plus de 0 m", "more than 0 m"))
    if faults:
        raise InputError(*faults)
    root = math.sqrt(pressure_m)
    return (
        flow * (EXPANDING_N1 - exponent) / root,
        flow * (exponent - FIXED_N1) / (root * pressure_m),
    )


def pressure_factor(pressure_m: ArrayLike, reference_m: ArrayLike, n1: ArrayLike) -> Floats:
    """Return L1/L0 = (P1/P0)^N1, what a change of pressure makes of leakage [V Lambert].

    Thornton & Lambert, IWA Leakage 2005.
    """
    ratio = np.asarray(pressure_m, dtype=np.float64) / np.asarray(reference_m, dtype=np.float64)
    return np.asarray(np.maximum(ratio, 0.0) ** np.asarray(n1, dtype=np.float64))


def night_day_factor_h(
    pressure_m: ArrayLike, n1: ArrayLike = 1.0, night_hours: tuple[int, ...] = NIGHT_HOURS
) -> Floats:
    """Return NDF, the hours by which night leakage is multiplied to give the day's.

    NDF = sum over 24 h of (P_h / P_night)^N1 [V leakssuite]: 24 h where pressure never changes.

    Parameters
    ----------
    pressure_m
        Mean pressure of each hour of a day, shape (..., 24).
    n1
        Exponent of the zone's leakage as a whole, shape (...).
    night_hours
        Hours over which P_night is averaged.
    """
    pressures = np.asarray(pressure_m, dtype=np.float64)
    if pressures.ndim == 0 or pressures.shape[-1] != _DAY_HOURS:
        shape = str(pressures.shape)
        raise InputError(_fault("pressure_m", shape, "24 heures", "24 hours"))
    night = pressures[..., list(night_hours)].mean(axis=-1, keepdims=True)
    exponent = np.asarray(n1, dtype=np.float64)[..., np.newaxis]
    return np.asarray(pressure_factor(pressures, night, exponent).sum(axis=-1))


def babe_volume_m3(
    flow_m3h: ArrayLike, awareness_h: ArrayLike, location_h: ArrayLike, repair_h: ArrayLike
) -> Floats:
    """Return the water a leak loses over its life: flow times (awareness + location + repair) [V].

    BABE, bursts and background estimates (Lambert 1994).
    """
    life_h = np.asarray(awareness_h, dtype=np.float64) + np.asarray(location_h, dtype=np.float64)
    life_h = life_h + np.asarray(repair_h, dtype=np.float64)
    return np.asarray(flow_m3h, dtype=np.float64) * life_h


def _fault(key: str, value: str, expected_fr: str, expected_en: str) -> Fault:
    return Fault(
        key=key,
        value=value,
        expected=Text(expected_fr, expected_en),
        remedy=Text("corrigez la valeur", "mend the value"),
    )
