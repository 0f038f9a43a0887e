"""What electricity costs: a fixed part by power subscribed, and energy by the hour it is used."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lighting.schedules.clock_times import HOUR_S
from models.lighting.schedules.local_clock import LocalClock
from models.lighting.schedules.nights import SLOT_S

Floats = NDArray[np.float64]

STEPS_KVA = (
    0.1, 0.2, 0.3, 0.5, 0.7, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 12.0,
    15.0, 18.0, 24.0, 30.0, 36.0,
)  # fmt: skip
"""Powers that may be subscribed, as the study takes them: fine steps below 3 kVA, as contracts for
street lighting have, then those of small supplies to 36 kVA [U]."""

COS_PHI = 0.9
"""Of lanterns with compensated gear [U]."""


@dataclass(frozen=True)
class Tariff:
    """Prices without VAT.

    Attributes
    ----------
    eur_kwh : float
        Energy; 0.13 in Douai in 2017 [V], 0.06 to 0.11 in Corsica from 2016 to 2022 [V].
    eur_kva_year : float
        Fixed part by kVA subscribed; 80 to 120 in Corsica [V].
    eur_contract_year : float
        Fixed part by cabinet [U].
    off_peak_eur_kwh : float, optional
        Energy in the hours off peak; the same all day where it is None.
    off_peak : tuple of (float, float)
        Those hours, on the local clock: 22:00 to 06:00 [U].
    """

    eur_kwh: float = 0.18
    eur_kva_year: float = 60.0
    eur_contract_year: float = 0.0
    off_peak_eur_kwh: float | None = None
    off_peak: tuple[float, float] = (22.0, 6.0)


@dataclass(frozen=True, eq=False)
class EnergyBill:
    """A year's bill of every cabinet, EUR without VAT; arrays of shape (cabinets,)."""

    kwh: Floats
    energy_eur: Floats
    fixed_eur: Floats

    @property
    def total_eur(self) -> Floats:
        """Return energy and fixed part."""
        return self.energy_eur + self.fixed_eur


def energy_bill(
    curves_w: NDArray[np.float32], begin_s: float, clock: LocalClock, kva: Floats, tariff: Tariff
) -> EnergyBill:
    """Return the bill of load curves; `begin_s` is the Unix time of their first half-hour."""
    wh = curves_w.sum(axis=1, dtype=np.float64) * SLOT_S / HOUR_S
    energy_eur = wh / 1e3 * tariff.eur_kwh
    if tariff.off_peak_eur_kwh is not None:
        cheap = off_peak_slots(curves_w.shape[1], begin_s, clock, tariff.off_peak)
        # A row at a time: a mask over all of them would be a second copy of the curves.
        off_wh = np.array([row[cheap].sum(dtype=np.float64) for row in curves_w]) * SLOT_S / HOUR_S
        energy_eur -= off_wh / 1e3 * (tariff.eur_kwh - tariff.off_peak_eur_kwh)
    fixed_eur = kva * tariff.eur_kva_year + tariff.eur_contract_year
    return EnergyBill(wh / 1e3, energy_eur, np.asarray(fixed_eur, dtype=np.float64))


def off_peak_slots(
    slots: int, begin_s: float, clock: LocalClock, hours: tuple[float, float]
) -> NDArray[np.bool_]:
    """Return which half-hours begin off peak, by the local clock."""
    wall = clock.local_s(begin_s + SLOT_S * np.arange(slots, dtype=np.float64))
    hour = np.mod(wall / HOUR_S, 24.0)
    first, last = hours
    if first <= last:
        return np.asarray((hour >= first) & (hour < last))
    return np.asarray((hour >= first) | (hour < last))


def subscribed_kva(watts: Floats, cos_phi: float = COS_PHI) -> Floats:
    """Return the least power that may be subscribed for connected watts, kVA.

    Beyond the largest step, as much as is needed.
    """
    needed = np.asarray(watts, dtype=np.float64) / 1e3 / cos_phi
    steps = np.array(STEPS_KVA)
    row = np.minimum(np.searchsorted(steps, needed - 1e-9), len(steps) - 1)
    return np.asarray(np.maximum(steps[row], needed))
