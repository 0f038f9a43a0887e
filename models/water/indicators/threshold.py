"""The yield a service must reach, and the grades given to yields and losses.

Decree 2012-97 of 27 January 2012 (code de l'environnement, D. 213-48-14-1 [U]): the surcharge of
the abstraction fee threatens a service without plan of action whose yield of the year before (or
the last three, where sales vary much) is below 85 % and below 65 + ILC / 5; 70 + ILC / 5 where more
than 2 million m3 a year are taken from resources under rules of sharing (ZRE). 85 and "a fixed term
of 65 plus a fifth" of the index: text quoted by services.eaufrance.fr [V]; 70 and 2 Mm3 [V ENGEES].
"""

from __future__ import annotations

from enum import Enum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.water.indicators.volumes import Floats
from twin.lang import Text

SUFFICIENT_SHARE = 0.85
FIXED_SHARE = 0.65
FIXED_ZRE_SHARE = 0.70
PER_ILC = 0.002
"""A fifth of a point of yield for each m3 a km and day."""

ZRE_M3 = 2e6
"""Yearly volume taken in a ZRE above which the fixed term is 70."""

SPARSE_PER_KM, DENSE_PER_KM = 25.0, 50.0
CEILINGS = (2.5, 5.0, 10.0)
"""Largest ILP of a satisfying network by density, m3 a km and day [V Seine-et-Marne]."""


class Grade(Enum):
    """Grade of a yield: above 80, 70 to 80, 60 to 70, under 60 % [V Seine-et-Marne]."""

    GOOD = Text("bon", "good")
    FAIR = Text("moyen", "fair")
    POOR = Text("mauvais", "poor")
    VERY_POOR = Text("très mauvais", "very poor")


_GRADES = ((0.80, Grade.GOOD), (0.70, Grade.FAIR), (0.60, Grade.POOR))
_GOOD_SHARE = 0.80


def required_share(ilc: ArrayLike, zre_withdrawn_m3: ArrayLike = 0.0) -> Floats:
    """Return the yield that depends on the service, a share: 0.65 or 0.70 + 0.002 ILC.

    It may pass 0.85, or 1, on a dense network; 0.85 suffices then: see :func:`threshold_share`.
    """
    fixed = np.where(np.asarray(zre_withdrawn_m3) > ZRE_M3, FIXED_ZRE_SHARE, FIXED_SHARE)
    return np.asarray(fixed + PER_ILC * np.asarray(ilc, dtype=np.float64))


def threshold_share(ilc: ArrayLike, zre_withdrawn_m3: ArrayLike = 0.0) -> Floats:
    """Return the least yield that passes: the lower of 0.85 and the service's own."""
    return np.asarray(np.minimum(SUFFICIENT_SHARE, required_share(ilc, zre_withdrawn_m3)))


def passes(
    yield_share: ArrayLike, ilc: ArrayLike, zre_withdrawn_m3: ArrayLike = 0.0
) -> NDArray[np.bool_]:
    """Return whether a yield reaches the decree's threshold."""
    return np.asarray(np.asarray(yield_share) >= threshold_share(ilc, zre_withdrawn_m3))


def ilp_ceiling(subscribers_per_km: ArrayLike) -> Floats:
    """Return the largest satisfying ILP, m3 a km and day: 2.5 under 25 subscribers a km, 5, 10.

    25 and 50 themselves belong to the middle class. NaN where the density is not known (NaN).
    """
    density = np.asarray(subscribers_per_km, dtype=np.float64)
    with np.errstate(invalid="ignore"):
        ceiling = np.where(density < SPARSE_PER_KM, CEILINGS[0], CEILINGS[1])
        ceiling = np.where(density > DENSE_PER_KM, CEILINGS[2], ceiling)
    return np.asarray(np.where(np.isnan(density), np.nan, ceiling))


def grade(yield_share: float) -> Grade:
    """Return the grade of a yield."""
    if yield_share > _GOOD_SHARE:
        return Grade.GOOD
    return next((name for least, name in _GRADES[1:] if yield_share >= least), Grade.VERY_POOR)
