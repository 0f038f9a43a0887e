"""Energy performance indicators of EN 13201-5: D_P (PDI) and D_E (AECI).

    D_P = P / sum_i(E_i A_i)            W/(lx m2), as mW/(lx m2) in tenders
    D_E = sum_j(P_j t_j) / A            Wh/(m2 year)
    P_j = p_j P_full + (1 - p_j) P_reduced     presence raises it a share p_j of the time

P is the power of luminaires with their gear and their share of the cabinet, E_i the maintained mean
horizontal illuminance of a part of the area A_i. D_P ignores time: a street that is lit for nobody
all night has the same D_P; D_E ignores light. Both are published, with a figure of service.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """A part of what is lit: maintained mean illuminance and area."""

    lx: float
    area_m2: float


@dataclass(frozen=True)
class Period:
    """Hours a year at one level.

    `power_w` without presence, `detected_w` with it, `detected_share` of the time.
    """

    hours: float
    power_w: float
    detected_w: float = 0.0
    detected_share: float = 0.0

    @property
    def mean_w(self) -> float:
        """Return the power on average."""
        return self.detected_share * self.detected_w + (1.0 - self.detected_share) * self.power_w


def power_density(power_w: float, parts: Sequence[Part]) -> float:
    """Return D_P, W/(lx m2)."""
    return power_w / sum(part.lx * part.area_m2 for part in parts)


def yearly_wh(periods: Sequence[Period]) -> float:
    """Return the energy of a year, Wh."""
    return sum(period.hours * period.mean_w for period in periods)


def energy_density(periods: Sequence[Period], parts: Sequence[Part]) -> float:
    """Return D_E, Wh/(m2 year)."""
    return yearly_wh(periods) / sum(part.area_m2 for part in parts)
