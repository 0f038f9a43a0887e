"""A district as its water service knows it: which meters bound it, how much it should use at night.

Nothing here is hydraulics: a name, meters, kilometres, homes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.water.policies.refuse import refuse

BACKGROUND_MAINS_M3H_PER_KM = 0.020
"""Undetectable leakage of mains at 50 m, networks in good condition [V: UARL, 9.6 L/km/d/m]."""

BACKGROUND_CONNECTION_M3H = 0.00125
"""Undetectable leakage of a service connection at 50 m, mains to property line [V: UARL]."""

BACKGROUND_EXPONENT = 1.5
"""Of pressure, for background leakage [V: BABE]."""


@dataclass(frozen=True)
class District:
    """One district meter area.

    Attributes
    ----------
    id : str
    inflow, outflow : tuple of int
        Its meters, as indices into the fleet of district meters; a boundary meter may run
        backwards. No meter at all: only hand readings tell of it.
    homes, km : float
        Dwellings; kilometres of mains to search.
    legitimate_night_m3h : float
        What is used, not lost, in the night window, m3/h.
    background_m3h : float
        Leakage too small to be found; see :func:`expected_background_m3h`.
    """

    id: str
    inflow: tuple[int, ...]
    outflow: tuple[int, ...]
    homes: float
    km: float
    legitimate_night_m3h: float
    background_m3h: float = 0.0


def expected_background_m3h(
    km: float, connections: float, pressure_m: float, condition: float = 1.0
) -> float:
    """Return leakage that no search finds, m3/h.

    (0.020 km + 0.00125 connections) (pressure / 50)^1.5 times an infrastructure condition factor:
    the background part of unavoidable losses, Lambert et al. 1999 (doi
    10.1111/j.1365-2087.1999.tb00069.x); figures as tabled in Thornton, Sturm & Kunkel, Water Loss
    Control, table 7.2 [V]. Defaults of 0.040 a kilometre are in use too [V: McKenzie 1999].
    """
    at_50_m = BACKGROUND_MAINS_M3H_PER_KM * km + BACKGROUND_CONNECTION_M3H * connections
    return float(condition * at_50_m * (pressure_m / 50.0) ** BACKGROUND_EXPONENT)


def check_districts(districts: Sequence[District], meters: int) -> None:
    """Refuse districts that cannot be.

    Raises
    ------
    ValueError
        With every fault: a name twice, a meter that the fleet lacks or that stands twice in one
        district, kilometres that are not positive.
    """
    checks: list[tuple[str, object, bool, str]] = []
    names = [one.id for one in districts]
    for row, one in enumerate(districts):
        both = (*one.inflow, *one.outflow)
        apart = len(set(both)) == len(both) and all(0 <= meter < meters for meter in both)
        checks += [
            ("district.id", one.id, one.id not in names[:row], "names that all differ"),
            (f"{one.id}.km", one.km, one.km > 0.0, "a positive length, in km"),
            (f"{one.id} meters", both, apart, f"each once, from 0 to {meters - 1}"),
        ]
    refuse(checks)
