"""A water service's year in volumes, as French rules name them, checked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Fault, InputError
from twin.lang import Text

Floats = NDArray[np.float64]

DAYS = 365.0
"""Divisor of the yearly indices; of a leap year too, as SISPEA's formulas read [U]."""

_VOLUMES = (
    "produced_m3", "imported_m3", "exported_m3", "metered_m3", "unmetered_m3", "service_m3",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Volumes:
    """Years of services; every field broadcasts to one shape, and so does every indicator.

    Attributes
    ----------
    produced_m3, imported_m3, exported_m3 : NDArray[np.float64]
        V1 produced, V2 bought from other services, V3 sold to them.
    metered_m3, unmetered_m3, service_m3 : NDArray[np.float64]
        Consumption read on meters; consumption without a meter, estimated; water the service
        itself needs (flushing, cleaning of tanks).
    mains_km : NDArray[np.float64]
        Length of mains, without service pipes.
    days : float
        What the volumes were counted over: 365 for a year, whatever its length.

    Raises
    ------
    InputError
        With every fault: a volume negative or not finite, no length, nothing put into supply.
    """

    produced_m3: Floats
    imported_m3: Floats
    exported_m3: Floats
    metered_m3: Floats
    unmetered_m3: Floats
    service_m3: Floats
    mains_km: Floats
    days: float = DAYS

    def __post_init__(self) -> None:
        faults = _faults(self)
        if faults:
            raise InputError(*faults)

    @property
    def supplied_m3(self) -> Floats:
        """V_mis: produced + bought - sold, what is put into supply."""
        return np.asarray(np.add(self.produced_m3, self.imported_m3) - self.exported_m3)

    @property
    def authorised_m3(self) -> Floats:
        """V_cons_aut: metered + unmetered + service."""
        return np.asarray(np.add(self.metered_m3, self.unmetered_m3) + self.service_m3)

    @property
    def losses_m3(self) -> Floats:
        """Supplied minus authorised: leaks and what meters miss. Negative where figures clash."""
        return self.supplied_m3 - self.authorised_m3


def volumes_of(
    *,
    produced_m3: ArrayLike,
    metered_m3: ArrayLike,
    mains_km: ArrayLike,
    imported_m3: ArrayLike = 0.0,
    exported_m3: ArrayLike = 0.0,
    unmetered_m3: ArrayLike = 0.0,
    service_m3: ArrayLike = 0.0,
    days: float = DAYS,
) -> Volumes:
    """Return :class:`Volumes` of plain numbers or arrays; what is not given is zero."""
    return Volumes(
        produced_m3=np.asarray(produced_m3, dtype=np.float64),
        imported_m3=np.asarray(imported_m3, dtype=np.float64),
        exported_m3=np.asarray(exported_m3, dtype=np.float64),
        metered_m3=np.asarray(metered_m3, dtype=np.float64),
        unmetered_m3=np.asarray(unmetered_m3, dtype=np.float64),
        service_m3=np.asarray(service_m3, dtype=np.float64),
        mains_km=np.asarray(mains_km, dtype=np.float64),
        days=days,
    )


def _faults(volumes: Volumes) -> list[Fault]:
    """Return a fault for each value that cannot be."""
    volume = Text("un volume en m³, zéro ou plus", "a volume in m³, zero or more")
    length = Text("une longueur de réseau de plus de 0 km", "a length of mains above 0 km")
    mend = Text("corrigez la valeur", "mend the value")
    faults: list[Fault] = []
    for name in _VOLUMES:
        values = getattr(volumes, name)
        fit = (values >= 0.0) & np.isfinite(values)
        faults += _each(name, values, fit, volume, mend)
    km = volumes.mains_km
    faults += _each("mains_km", km, (km > 0.0) & np.isfinite(km), length, mend)
    if not faults:
        faults += _each(
            "produced_m3 + imported_m3 - exported_m3",
            volumes.supplied_m3,
            volumes.supplied_m3 > 0.0,
            Text("un volume mis en distribution positif", "a positive volume put into supply"),
            Text("vérifiez ces trois volumes", "check these three volumes"),
        )
    if not volumes.days > 0.0:
        more = Text("plus de 0", "more than 0")
        faults.append(Fault(more, mend, key="days", value=f"{volumes.days:g}"))
    return faults


def _each(
    name: str, values: Floats, fit: NDArray[np.bool_], expected: Text, remedy: Text
) -> list[Fault]:
    """Return one fault for each value that is not fit, by its number where there are several."""
    numbered = np.ndim(values) > 0
    flat = np.ravel(values)
    return [
        Fault(
            key=f"{name}, n. {row + 1}" if numbered else name,
            value=f"{flat[row]:g}",
            expected=expected,
            remedy=remedy,
        )
        for row in np.flatnonzero(~np.ravel(fit)).tolist()
    ]
