"""Every figure of meters and of leaks behind them, with its status."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from twin.errors import Fault, InputError
from twin.lang import Text


@dataclass(frozen=True)
class MeterFigures:
    """Figures of the meters in service, all [U] unless said otherwise.

    Parameters
    ----------
    jet_share, static_share
        Share of single-jet and of ultrasonic meters; the rest are volumetric.
    pulse_l
        What the radio module counts in: 1 L on recent meters, 10 or 100 L on older ones [V].
    oldest_years
        Ages are spread evenly from 0 to this: 15 years, after which a meter is checked or replaced
        (order of 6 March 2007) [V for the rule].
    stopped_per_year
        Meters that stop turning, a year.
    pit_share, indoor_share
        Where the meter is: a pit outdoors, indoors; the rest in a wall box.
    module_years, module_shape
        Weibull scale and shape of a radio module's life; makers say about 15 years (CILE) [V].
    module_failures_per_year
        Modules that fail early, a year.
    """

    jet_share: float = 0.25
    static_share: float = 0.15
    pulse_l: float = 1.0
    oldest_years: float = 15.0
    stopped_per_year: float = 0.01
    pit_share: float = 0.6
    indoor_share: float = 0.25
    module_years: float = 16.0
    module_shape: float = 6.0
    module_failures_per_year: float = 0.01

    def __post_init__(self) -> None:
        check(self, "metering")
        if self.jet_share + self.static_share > 1.0 or self.pit_share + self.indoor_share > 1.0:
            raise InputError(refused("metering.shares", 2.0, share=True))


@dataclass(frozen=True)
class LeakFigures:
    """Figures of leaks behind the meter, all [U] unless said otherwise.

    Parameters
    ----------
    per_home_year
        Leaks that start in a home, a year. With the times below 8 % of homes leak at any moment
        without alerts [D]; 21 of 158 meters did in an Australian trial (Randall & Koech,
        Water e-Journal 4(1), 2019) [V].
    pipe_share
        Of which on a buried or hidden pipe, the only ones the Warsmann law covers; the others are
        cisterns, taps, safety valves.
    fitting_l_h, pipe_l_h, sigma
        Median flows and their log-deviation. A dripping tap 3.4, a boiler's safety valve 14, a
        cistern 20 L/h and more (ista) [V].
    self_notice_days, notice_exponent
        Mean time before the occupant notices by himself a leak of 20 L/h; it goes as the flow to
        the power -exponent.
    repair_days
        Mean time from knowing to the leak's end, exponential.
    """

    per_home_year: float = 0.12
    pipe_share: float = 0.25
    fitting_l_h: float = 15.0
    pipe_l_h: float = 50.0
    sigma: float = 1.1
    self_notice_days: float = 180.0
    notice_exponent: float = 0.5
    repair_days: float = 10.0

    def __post_init__(self) -> None:
        check(self, "consumer_leaks")


def check(figures: MeterFigures | LeakFigures, section: str) -> None:
    """Raise an InputError that names every figure out of its range."""
    faults = []
    for field in fields(figures):
        value = getattr(figures, field.name)
        share = field.name.endswith("_share")
        positive = field.name.endswith(("_l", "_l_h", "_years", "_shape", "_days"))
        sound = math.isfinite(value) and value >= 0.0 and (value > 0.0 or not positive)
        if not sound or (share and value > 1.0):
            faults.append(refused(f"{section}.{field.name}", value, share=share))
    if faults:
        raise InputError(*faults)


def refused(key: str, value: float, *, share: bool) -> Fault:
    """Return the fault of one figure."""
    return Fault(
        key=key,
        value=f"{value:g}",
        expected=Text("des parts de 0 à 1, de somme 1 au plus",
                      "shares of 0 to 1 that sum to 1 at most")
        if share
        else Text("un nombre fini et positif", "a finite positive number"),
        remedy=Text("reprenez la valeur par défaut", "go back to the default value"),
    )  # fmt: skip
