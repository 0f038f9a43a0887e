"""How points fill, all in one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from models.waste.filling.factors import Factors
from models.waste.filling.neighbours import Neighbours
from models.waste.filling.places import Places
from twin.errors import Fault, InputError
from twin.lang import Text

GAMMA_CV = 0.65
"""Coefficient of variation of a daily total [U]."""

WEIBULL_K = 2.05
"""Shape of collected over expected between weighings 5.5 to 8.5 days apart, Amsterdam [D]."""

WEIBULL_CV = 0.51124
"""Coefficient of variation of a Weibull law of shape 2.05 [D]. For days it is an assumption [U]:
if days were independent, the weekly 0.56 seen in Amsterdam would ask for 1.5 a day."""

LARGEST_CV = 3.0
LARGEST_L_DAY = 1e6


class Kind(StrEnum):
    """What is drawn."""

    DEPOSITS = "deposits"
    GAMMA = "gamma"
    WEIBULL = "weibull"


@dataclass(frozen=True)
class Volume:
    """The litres of one deposit: triangular between `low_l` and `high_l`, mode `mode_l`.

    10, 30, 60 L in Groningen [V], where a pilot of 473 emptyings found 33.4 L a deposit.
    """

    low_l: float = 10.0
    mode_l: float = 30.0
    high_l: float = 60.0

    @property
    def mean_l(self) -> float:
        """The mean, litres."""
        return (self.low_l + self.mode_l + self.high_l) / 3.0

    @property
    def variance_l2(self) -> float:
        """The variance, litres squared."""
        a, m, b = self.low_l, self.mode_l, self.high_l
        return (a * a + m * m + b * b - a * m - a * b - m * b) / 18.0


@dataclass(frozen=True, eq=False)
class Law:
    """How every point fills, before saturation.

    Parameters
    ----------
    mean_l_day
        What people bring to each point on a day whose factors are 1, litres, shape (points,).
        It is the mean of the year where holidays, markets and events have no effect.
    kind
        `deposits`: a Poisson number of deposits, each with its volume and its hour. `gamma`,
        `weibull`: a day's total, spread over the hours by the profile.
    stream
        The waste stream (packaging, glass, ...); it names the dice.
    cv
        Coefficient of variation of a day's total given its mean; None takes 0.65 (gamma) or 0.51
        (Weibull). A common factor adds to it: (1 + cv²)(1 + cv of the factor²) - 1. Not used by
        `deposits`, whose cv² is E[V²] / (E[V] litres of the day).
    volume
        What one deposit holds.
    factors, neighbours
        What multiplies the mean; None: points know nothing of each other.

    Raises
    ------
    InputError
        With every fault: negative or unreadable fill, cv out of 0 to 3, volumes out of order.
    """

    mean_l_day: NDArray[np.float64]
    kind: Kind = Kind.DEPOSITS
    stream: str = ""
    cv: float | None = None
    volume: Volume = Volume()
    factors: Factors = field(default_factory=Factors)
    neighbours: Neighbours | None = None

    def __post_init__(self) -> None:
        means = np.asarray(self.mean_l_day, dtype=np.float64)
        object.__setattr__(self, "mean_l_day", means)
        object.__setattr__(self, "kind", Kind(self.kind))
        with np.errstate(invalid="ignore"):
            wrong = np.flatnonzero(~((means >= 0.0) & (means <= LARGEST_L_DAY)))
        faults = [
            Fault(
                key=f"mean_l_day, n. {row + 1}",
                value=f"{means[row]:g}",
                expected=Text("des litres par jour, zéro ou plus", "litres a day, zero or more"),
                remedy=Text(
                    "corrigez ce point ; zéro si l'on n'y apporte rien",
                    "mend this point; zero where nothing is brought",
                ),
            )
            for row in wrong
        ]
        if self.cv is not None and not 0.0 <= self.cv <= LARGEST_CV:
            faults.append(
                Fault(
                    key="cv",
                    value=f"{self.cv:g}",
                    expected=Text("de 0 à 3", "0 to 3"),
                    remedy=Text("0,65 est l'usage", "0.65 is usual"),
                )
            )
        v = self.volume
        if not 0.0 <= v.low_l <= v.mode_l <= v.high_l < np.inf or v.high_l == 0.0:
            faults.append(
                Fault(
                    key="volume",
                    value=f"{v.low_l:g}, {v.mode_l:g}, {v.high_l:g}",
                    expected=Text("0 ≤ bas ≤ mode ≤ haut, litres", "0 ≤ low ≤ mode ≤ high, litres"),
                    remedy=Text("10, 30, 60 est l'usage", "10, 30, 60 is usual"),
                )
            )
        if faults:
            raise InputError(*faults)

    @property
    def daily_cv(self) -> float:
        """The coefficient of variation of a day's total, for `gamma` and `weibull`."""
        if self.cv is not None:
            return self.cv
        return WEIBULL_CV if self.kind is Kind.WEIBULL else GAMMA_CV

    def check(self, places: Places) -> None:
        """Raise an InputError where the law and the points have not the same number of rows."""
        if self.mean_l_day.shape != (len(places),):
            raise InputError(
                Fault(
                    key="mean_l_day",
                    value=str(self.mean_l_day.shape),
                    expected=Text(f"une moyenne par point, {len(places)}",
                                  f"one mean a point, {len(places)}"),
                    remedy=Text("donnez autant de moyennes que de points",
                                "give as many means as points"),
                )
            )  # fmt: skip
