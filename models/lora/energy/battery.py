"""Life of a battery under a mean current, in closed form.

What is left, C(t), is drawn by the device and by the battery's own chemistry ::

    dC/dt = -D - k C,  C(0) = C0      D = I mean(1 / share(T)),  k = mean k(T)
    life  = ln(1 + k C0 / D) / k      and C0 / (D + k C0) <= life <= C0 / D

Cold makes each µAh cost 1 / share(T) of the rated capacity; heat speeds self-discharge, which
doubles every `doubling_c` degrees (10, the chemist's rule [U]). C0 is the rated capacity times the
share usable above the cut-off voltage and the share pulses leave reachable.

D cell: Linden's Handbook of Batteries, fig. 14.17 (bobbin Li-SOCl2 at 25 °C), delivers 19.0, 18.8,
18.4 and 17 Ah at 4, 2, 1 and 0.2 mA [V]. A self-discharge of 2.3 % a year on 19 Ah gives 18.8, 18.5
and 16.9 Ah at the last three [D]; shelf figures of makers, below 1 % a year at room temperature
(Varta [V]), are too kind to a cell in use. Over the Indre's year it comes to 1.0 % [D].
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.lora.energy.ranges import require
from twin.errors import Fault, InputError
from twin.lang import Text, same

YEAR_H = 8766.0
_UA_TO_MAH_PER_YEAR = YEAR_H / 1000.0
NO_DECAY = 1e-18
"""Self-discharge, 1/year, taken as none."""


@dataclass(frozen=True)
class Battery:
    """A primary battery.

    Attributes
    ----------
    capacity_mah
        Rated, new, at `reference_c`.
    usable_share
        Share delivered before the device's cut-off voltage.
    pulse_share
        Share that remains reachable when frames draw tens of mA: near 1 behind a capacitor.
    self_discharge_per_year
        Share of what is left that is lost in a year at `reference_c`.
    doubling_c
        Degrees that double the self-discharge.
    cold_c, cold_share
        Capacity delivered against temperature, relative to `reference_c`; held beyond the ends.
    longest_years
        No battery is credited with more (seals, electrolyte, passivation).
    source
        With the status of its figures.
    """

    name: str
    capacity_mah: float
    usable_share: float = 1.0
    pulse_share: float = 1.0
    self_discharge_per_year: float = 0.0
    reference_c: float = 25.0
    doubling_c: float = 10.0
    cold_c: tuple[float, ...] = (25.0,)
    cold_share: tuple[float, ...] = (1.0,)
    longest_years: float = np.inf
    source: str = ""

    def __post_init__(self) -> None:
        require("capacity_mah", self.capacity_mah, 1e-9)
        require("usable_share", self.usable_share, 1e-9, 1.0)
        require("pulse_share", self.pulse_share, 1e-9, 1.0)
        require("self_discharge_per_year", self.self_discharge_per_year, 0.0, 0.999)
        require("doubling_c", self.doubling_c, 1e-9)
        require("longest_years", self.longest_years, 1e-9)
        require("cold_share", self.cold_share, 1e-9, 1.0)
        rising = np.all(np.diff(self.cold_c) > 0.0)
        if not self.cold_c or len(self.cold_c) != len(self.cold_share) or not rising:
            raise InputError(
                Fault(
                    key=f"{self.name}.cold_c",
                    value=str(self.cold_c),
                    expected=Text(
                        "des températures croissantes, une par part de capacité",
                        "ascending temperatures, one for each share of capacity",
                    ),
                    remedy=Text("corrigez la courbe", "correct the curve"),
                )
            )

    @property
    def usable_mah(self) -> float:
        """Capacity the device can draw from a new battery at the reference temperature, mAh."""
        return self.capacity_mah * self.usable_share * self.pulse_share


_LITHIUM_C = (-40.0, -20.0, 0.0, 20.0, 25.0, 45.0, 60.0)
_LITHIUM_SHARE = (0.50, 0.75, 0.92, 1.0, 1.0, 0.97, 0.92)
_ALKALINE_C = (-20.0, -10.0, 0.0, 10.0, 20.0)
_ALKALINE_SHARE = (0.35, 0.55, 0.75, 0.90, 1.0)


def _lithium(name: str, capacity_mah: float, pulse_share: float, source: str) -> Battery:
    return Battery(
        name=name,
        capacity_mah=capacity_mah,
        usable_share=0.95,
        pulse_share=pulse_share,
        self_discharge_per_year=0.023,
        cold_c=_LITHIUM_C,
        cold_share=_LITHIUM_SHARE,
        longest_years=20.0,
        source=source,
    )


BATTERIES = {
    battery.name: battery
    for battery in (
        _lithium(
            "d-lisocl2",
            19_000.0,
            0.95,
            "Li-SOCl2 D bobbin cell: capacity Linden fig. 14.17 [V], self-discharge from it [D], "
            "behind a capacitor; cold curve, shares, 20 years [U]",
        ),
        _lithium(
            "a-lisocl2",
            3_600.0,
            0.90,
            "Li-SOCl2 A cell of 3.6 Ah [U]; ageing as the D cell's; cold curve, shares [U]",
        ),
        _lithium(
            "aa-lisocl2",
            2_400.0,
            0.85,
            "Li-SOCl2 AA cell: rated 2.4 Ah (Linden) [V]; ageing as the D cell's; shares [U]",
        ),
        Battery(
            name="2xaa-alkaline",
            capacity_mah=2_400.0,
            usable_share=0.85,
            self_discharge_per_year=0.03,
            reference_c=20.0,
            cold_c=_ALKALINE_C,
            cold_share=_ALKALINE_SHARE,
            longest_years=10.0,
            source="two alkaline AA in series; every figure but the rating [U]",
        ),
        Battery(
            name="ideal-2400",
            capacity_mah=2_400.0,
            source="the 2400 mAh of Casals et al. 2017, without ageing, for comparison [V]",
        ),
    )
}


def battery_of(name: str = "d-lisocl2") -> Battery:
    """Return a named battery.

    Raises
    ------
    InputError
        Unknown name; the known ones are told.
    """
    if name not in BATTERIES:
        raise InputError(
            Fault(
                key="battery",
                value=name,
                expected=same(", ".join(BATTERIES)),
                remedy=Text("choisissez une pile connue", "choose a known battery"),
            )
        )
    return BATTERIES[name]


def decay_per_year(battery: Battery, temperature_c: ArrayLike) -> float:
    """Return k, the mean self-discharge rate over a temperature profile, 1/year (0 if tiny)."""
    rate = -np.log1p(-battery.self_discharge_per_year)
    warmth = (
        np.asarray(temperature_c, dtype=np.float64) - battery.reference_c
    ) / battery.doubling_c
    decay = float(np.mean(rate * np.exp2(warmth)))
    # Below this ln(1 + k x) / k is x to the last digit, and a denormal k would lose the digits.
    return decay if decay > NO_DECAY else 0.0


def cost_of_cold(battery: Battery, temperature_c: ArrayLike) -> float:
    """Return mean(1 / share(T)) over a temperature profile: rated µAh spent per µAh drawn."""
    share = np.interp(np.asarray(temperature_c), battery.cold_c, battery.cold_share)
    return float(np.mean(1.0 / share))


def life_years(
    mean_current_ua: ArrayLike,
    battery: Battery,
    temperature_c: ArrayLike = 20.0,
    capacity_factor: ArrayLike = 1.0,
) -> NDArray[np.float64]:
    """Return the life of batteries, years, elementwise.

    Parameters
    ----------
    mean_current_ua
        Everything the device draws, averaged over the year; 0 lasts `longest_years`.
    battery
        The same for all; what differs from one to the next is `capacity_factor`.
    temperature_c : scalar or shape (periods,)
        A constant, or a yearly profile in periods of equal length (12 months). The current is
        taken to be the same in every period.
    capacity_factor
        Multiplies the capacity of each battery (lot-to-lot spread).

    Raises
    ------
    InputError
        Negative current, capacity factor below zero or temperature outside -60 ... 90 °C.
    """
    require("mean_current_ua", mean_current_ua, 0.0)
    require("capacity_factor", capacity_factor, 0.0)
    require("temperature_c", temperature_c, -60.0, 90.0)
    drain = np.asarray(mean_current_ua, dtype=np.float64) * _UA_TO_MAH_PER_YEAR
    drain, full = np.broadcast_arrays(
        drain * cost_of_cold(battery, temperature_c),
        battery.usable_mah * np.asarray(capacity_factor, dtype=np.float64),
    )
    decay = decay_per_year(battery, temperature_c)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        simple = full / drain
        # A dead battery on no load is still dead: 0 / 0 is no life.
        simple = np.where(full > 0.0, simple, 0.0)
        life = np.log1p(decay * simple) / decay if decay > 0.0 else simple
    return np.asarray(np.minimum(life, battery.longest_years), dtype=np.float64)


def left_mah(
    years: ArrayLike, mean_current_ua: float, battery: Battery, temperature_c: ArrayLike = 20.0
) -> NDArray[np.float64]:
    """Return the usable capacity left after so many years, mAh; 0 once it is dead."""
    require("mean_current_ua", mean_current_ua, 0.0)
    span = np.asarray(years, dtype=np.float64)
    drain = mean_current_ua * _UA_TO_MAH_PER_YEAR * cost_of_cold(battery, temperature_c)
    decay = decay_per_year(battery, temperature_c)
    drawn = -np.expm1(-decay * span) / decay if decay > 0.0 else span
    left = battery.usable_mah * np.exp(-decay * span) - drain * drawn
    return np.asarray(np.maximum(left, 0.0), dtype=np.float64)
