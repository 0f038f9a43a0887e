"""What hidden leaks cost in a year, by the size of the district that watches them.

Bursts and background estimates (Lambert 1994; Lambert et al. 1999, J. Water SRT-Aqua 48, 227-237):
volume = flow x (awareness + location + repair). A larger district hides a leak longer, in the noise
of more homes' night use, and takes longer to walk:

    noise       sigma(n) = sqrt(meter^2 + n home^2 + (n common)^2)
    awareness   mean run length of a one-sided CUSUM for a shift of q / sigma deviations, by
                Siegmund's approximation (1985): (exp(-2 d b) + 2 d b - 1) / (2 d^2),
                d = q / sigma - k, b = h + 1.166                              [D, 4 % at most]
    location    waiting for a searcher, then L (1/2 + (1 - p) / p) / pace: half the way on average,
                all of it again for each time the leak is not heard
    unwatched   a survey every T years hears it with probability p: T (1/2 + (1 - p) / p); or the
                water surfaces. Independent ways of ending a leak: their rates add [U].

Leak sizes are exponential, met at `SIZES` quantiles of equal weight.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from models.water.network.network import Floats

SIZES = 16
"""Leak sizes the mean is taken over."""

_DAYS = 365.25
_HOURS = 24.0
_EXCESS = 1.166
"""Mean overshoot of a normal walk at both ends of a CUSUM: 2 x 0.583 (Siegmund 1985)."""
_LONGEST_DAYS = 1e9
_STILL = 1e-6
"""Below this drift the formula is 0 / 0; its limit is b^2."""


class Loss(Protocol):
    """What a year costs in a district of so many km and homes; any one unit.

    Both take and return arrays of one shape; neither may fall when a district grows.
    """

    def unwatched(self, km: Floats, homes: Floats) -> Floats:
        """Return the yearly cost without a meter."""
        ...

    def watched(self, km: Floats, homes: Floats) -> Floats:
        """Return the yearly cost when all that enters and leaves is metered."""
        ...


@dataclass(frozen=True)
class LeakFigures:
    """The figures of :class:`HiddenLeaks`.

    Attributes
    ----------
    per_km_year : float
        Leaks nobody reports, by km and year. 0.006: the allowance of UARL for mains [U].
    mean_m3h : float
        Their mean flow: 2.2 [V, Gironde guide].
    home_m3h : float
        Deviation of one home's night flow between nights: Poisson draws of 10 L for 1.26 L/h over
        two hours [D from U].
    common_m3h : float
        What all homes of a district do together (heat, guests): a tenth of 1.26 L/h [U].
    meter_m3h : float
        Deviation of the night flow from the meter's steps of 0.1 m3: 0.1 / sqrt(6) / 2 h [D].
    k, h : float
        Allowance and threshold of the CUSUM, in deviations.
    survey_years, hear_share : float
        Years between surveys of one network; probability that a leak walked past is heard [U].
    surfaces_days : float
        Mean days until hidden water shows by itself [U].
    wait_days, km_per_day, repair_days : float
        Until a searcher is free [U]; pipes he listens to in a day [U]; until the repair: 9 working
        days of notice [V, code de l'environnement R. 554-25].
    """

    per_km_year: float = 0.006
    mean_m3h: float = 2.2
    home_m3h: float = 0.0025
    common_m3h: float = 0.000126
    meter_m3h: float = 0.02
    k: float = 0.5
    h: float = 5.0
    survey_years: float = 6.0
    hear_share: float = 0.8
    surfaces_days: float = 730.0
    wait_days: float = 5.0
    km_per_day: float = 6.0
    repair_days: float = 13.0


def cusum_days(shift: ArrayLike, k: float, h: float) -> Floats:
    """Return the mean run length, in days, of a daily one-sided CUSUM after a shift in deviations.

    Siegmund's approximation; at most a thousand million days.
    """
    drift = np.asarray(shift, dtype=np.float64) - k
    bound = h + _EXCESS
    tame = np.where(np.abs(drift) < _STILL, 1.0, drift)
    power = np.minimum(-2.0 * tame * bound, 40.0)
    days = (np.exp(power) - power - 1.0) / (2.0 * tame * tame)
    days = np.where(np.abs(drift) < _STILL, bound * bound, days)
    return np.asarray(np.clip(days, 1.0, _LONGEST_DAYS), dtype=np.float64)


@dataclass(frozen=True)
class HiddenLeaks:
    """Yearly cost of leaks nobody reports: water lost, and kilometres walked in search of them.

    With the default prices the unit is the cubic metre.

    Parameters
    ----------
    figures
        What leaks and searchers do.
    eur_per_m3
        Price of a cubic metre lost.
    eur_per_searched_km
        Price of a kilometre listened to, after an alarm, true or false. Surveys cost the same with
        and without meters and are left out.
    """

    figures: LeakFigures = field(default_factory=LeakFigures)
    eur_per_m3: float = 1.0
    eur_per_searched_km: float = 0.0

    def noise_m3h(self, homes: ArrayLike) -> Floats:
        """Return the deviation of a night's flow from what was expected, m3/h."""
        f, n = self.figures, np.asarray(homes, dtype=np.float64)
        return np.sqrt(f.meter_m3h**2 + n * f.home_m3h**2 + (n * f.common_m3h) ** 2)

    def run_days(self, km: ArrayLike, homes: ArrayLike) -> Floats:
        """Return mean days from start to repair by leak size; shape (..., SIZES)."""
        f = self.figures
        length = np.asarray(km, dtype=np.float64)[..., None]
        noise = self.noise_m3h(homes)[..., None]
        aware = cusum_days(self._sizes_m3h() / noise, f.k, f.h)
        found = aware + f.wait_days + length * self._passes() / f.km_per_day
        return np.asarray(1.0 / (1.0 / found + 1.0 / self._unwatched_days()) + f.repair_days)

    def lost_m3(self, km: ArrayLike, homes: ArrayLike) -> Floats:
        """Return cubic metres lost in a year in a district whose every end is metered."""
        days = self.run_days(km, homes)
        starts = self.figures.per_km_year * np.asarray(km, dtype=np.float64)
        volume = (self._sizes_m3h() * days).mean(axis=-1) * _HOURS
        return np.asarray(starts * volume)

    def searched_km(self, km: ArrayLike, homes: ArrayLike) -> Floats:
        """Return kilometres walked in a year after alarms, true and false.

        Every hidden leak is charged a search, even those a survey meets first: otherwise a noisier
        district would look cheaper.
        """
        f = self.figures
        length = np.broadcast_to(np.asarray(km, dtype=np.float64), np.broadcast(km, homes).shape)
        alarms = f.per_km_year * length * self._passes() + _DAYS / float(cusum_days(0.0, f.k, f.h))
        return np.asarray(alarms * length)

    def watched(self, km: Floats, homes: Floats) -> Floats:
        """Return the yearly cost when all that enters and leaves is metered."""
        water = self.eur_per_m3 * self.lost_m3(km, homes)
        return water + self.eur_per_searched_km * self.searched_km(km, homes)

    def unwatched(self, km: Floats, homes: Floats) -> Floats:  # noqa: ARG002 - a district's two sizes
        """Return the yearly cost without a meter: leaks run until a survey or until they show."""
        f = self.figures
        volume = f.mean_m3h * _HOURS * (self._unwatched_days() + f.repair_days)
        return np.asarray(self.eur_per_m3 * f.per_km_year * np.asarray(km) * volume)

    def _passes(self) -> float:
        return 0.5 + (1.0 - self.figures.hear_share) / self.figures.hear_share

    def _unwatched_days(self) -> float:
        f = self.figures
        return 1.0 / (1.0 / (_DAYS * f.survey_years * self._passes()) + 1.0 / f.surfaces_days)

    def _sizes_m3h(self) -> Floats:
        middles = -np.log1p(-(np.arange(SIZES) + 0.5) / SIZES)
        return np.asarray(self.figures.mean_m3h * middles / middles.mean())
