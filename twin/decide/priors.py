"""What is believed of an uncertain figure before it is measured, and on whose word.

Every figure carries a status: sourced, derived or unverified. A price nobody has published is a
range with a tag, never a fact.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import Fault, ScenarioError
from twin.lang import Text

PERT_LAMBDA = 4.0
"""Weight of the mode in a PERT distribution: mean = (low + 4 mode + high) / 6."""

_NO_LABEL = Text("", "")

_SMALLEST_SHARE = 1e-18
TORNADO_QUANTILES = (0.05, 0.95)


class Status(StrEnum):
    """On whose word a figure stands."""

    SOURCED = "sourced"
    DERIVED = "derived"
    UNVERIFIED = "unverified"

    @classmethod
    def of(cls, tag: str) -> Status:
        """Return the status of a tag such as `V`, `V-range` or `U`; ValueError if it is none."""
        letter = tag.strip().partition("-")[0]
        for status in cls:
            if status.tag == letter:
                return status
        raise ValueError(f"{tag!r} is not a status: V, D or U")

    @property
    def tag(self) -> str:
        """The letter printed beside a figure: V, D or U."""
        return {Status.SOURCED: "V", Status.DERIVED: "D", Status.UNVERIFIED: "U"}[self]

    @property
    def label(self) -> Text:
        """The status in words."""
        return {
            Status.SOURCED: Text("sourcé", "sourced"),
            Status.DERIVED: Text("dérivé", "derived"),
            Status.UNVERIFIED: Text("non vérifié", "unverified"),
        }[self]


class Distribution(StrEnum):
    """How belief is spread between low and high."""

    PERT = "PERT"
    UNIFORM = "uniform"
    FIXED = "fixed"
    DISCRETE = "discrete"
    SCENARIO = "scenario"


@dataclass(frozen=True)
class Prior:
    """One uncertain figure.

    Parameters
    ----------
    name : str
        Its identifier (`gw_hw`).
    low, mode, high : float
        In `unit`, low <= mode <= high. `FIXED` uses the mode alone; `DISCRETE` ignores them.
    distribution : Distribution
        `PERT`: a beta between low and high, a = 1 + 4 (mode - low)/(high - low) and
        b = 1 + 4 (high - mode)/(high - low). `SCENARIO`: the mode, always, in a draw; low and high
        are met only by a sensitivity run (quantiles 0 and 1), as a discount rate is.
    status, source
        On whose word.
    values, weights : tuple of float
        `DISCRETE` only: increasing values, positive weights (any sum).

    Raises
    ------
    ScenarioError
        With every fault found; each names the column at fault.
    """

    name: str
    low: float
    mode: float
    high: float
    distribution: Distribution = Distribution.PERT
    unit: str = ""
    label: Text = _NO_LABEL
    status: Status = Status.UNVERIFIED
    source: str = ""
    values: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise ScenarioError(*faults)

    def quantile(self, share: float) -> float:
        """Return the value that a share in [0, 1] of belief lies below."""
        return float(self.quantiles(np.array([share]))[0])

    def quantiles(self, shares: ArrayLike) -> NDArray[np.float64]:
        """Return the quantiles at `shares` in [0, 1], in the same shape.

        Feeding uniform draws to this samples the prior, one draw per value, so the same dice give
        the same rank in every option.
        """
        u = np.asarray(shares, dtype=np.float64)
        if not ((u >= 0.0) & (u <= 1.0)).all():
            raise ValueError(f"{self.name}: a quantile must lie between 0 and 1")
        match self.distribution:
            case Distribution.UNIFORM:
                return self.low + u * (self.high - self.low)
            case Distribution.FIXED:
                return np.full_like(u, self.mode)
            case Distribution.SCENARIO:
                return np.where(u <= 0.0, self.low, np.where(u >= 1.0, self.high, self.mode))
            case Distribution.DISCRETE:
                weight = np.cumsum(self.weights) / math.fsum(self.weights)
                index = np.searchsorted(weight, u, side="left")
                return np.asarray(self.values)[np.minimum(index, len(self.values) - 1)]
            case Distribution.PERT:
                return self._pert_quantiles(u)

    def mean(self) -> float:
        """Return the expected value."""
        match self.distribution:
            case Distribution.UNIFORM:
                return (self.low + self.high) / 2.0
            case Distribution.FIXED | Distribution.SCENARIO:
                return self.mode
            case Distribution.DISCRETE:
                total = math.fsum(v * w for v, w in zip(self.values, self.weights, strict=True))
                return total / math.fsum(self.weights)
            case Distribution.PERT:
                return (self.low + PERT_LAMBDA * self.mode + self.high) / (PERT_LAMBDA + 2.0)

    @property
    def is_certain(self) -> bool:
        """Whether no run, drawn or pinned, can ever see another value than the mode."""
        if self.distribution is Distribution.DISCRETE:
            return len(self.values) == 1
        return self.distribution is Distribution.FIXED or self.low == self.high

    @property
    def tornado_quantiles(self) -> tuple[float, float]:
        """The quantiles a sensitivity run holds this figure at."""
        return (0.0, 1.0) if self.distribution is Distribution.SCENARIO else TORNADO_QUANTILES

    def _pert_quantiles(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        width = self.high - self.low
        if width == 0.0:
            return np.full_like(u, self.low)
        from scipy.special import betaincinv  # 0.2 s of import, only when drawn

        a = 1.0 + PERT_LAMBDA * (self.mode - self.low) / width
        b = 1.0 + PERT_LAMBDA * (self.high - self.mode) / width
        # Under 1e-18, far below any draw, the library's inverse can fail; low is within a hair.
        share = betaincinv(a, b, np.where(u < _SMALLEST_SHARE, 0.0, u))
        return self.low + width * np.asarray(share, dtype=np.float64)


def _faults(prior: Prior) -> Iterator[Fault]:
    if prior.distribution is Distribution.DISCRETE:
        yield from _discrete_faults(prior)
        return
    for column in ("low", "mode", "high"):
        value = getattr(prior, column)
        if not math.isfinite(value):
            yield Fault(
                key=f"{prior.name}.{column}",
                value=str(value),
                expected=Text("un nombre fini", "a finite number"),
                remedy=Text("donner une valeur, même large", "give a value, however wide"),
            )
    if not prior.low <= prior.mode <= prior.high:
        yield Fault(
            key=prior.name,
            value=f"{prior.low:g} / {prior.mode:g} / {prior.high:g}",
            expected=Text("bas <= mode <= haut", "low <= mode <= high"),
            remedy=Text("remettre les trois valeurs dans l'ordre", "put the three values in order"),
        )


def _discrete_faults(prior: Prior) -> Iterator[Fault]:
    ordered = all(a < b for a, b in zip(prior.values, prior.values[1:], strict=False))
    if not prior.values or not ordered or not all(map(math.isfinite, prior.values)):
        yield Fault(
            key=f"{prior.name}.values",
            value=str(prior.values),
            expected=Text("des valeurs croissantes et finies", "increasing, finite values"),
            remedy=Text("trier les valeurs", "sort the values"),
        )
    sound = all(math.isfinite(weight) and weight > 0.0 for weight in prior.weights)
    if len(prior.weights) != len(prior.values) or not sound:
        yield Fault(
            key=f"{prior.name}.weights",
            value=str(prior.weights),
            expected=Text("un poids positif par valeur", "one positive weight per value"),
            remedy=Text("compléter la colonne des poids", "complete the weights"),
        )
