"""How long leaks run: until people call, until a systematic survey hears them, until repair."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from models.water.leaks.events import INITIAL_SHARE, LeakEvents, LeakKind
from models.water.leaks.figures import LARGEST_M3H, LeakFigures
from models.water.network.network import Floats
from twin.units import DAY_S, YEAR_S

YEAR_DAYS = YEAR_S / DAY_S
_QUANTILES = (np.arange(32) + 0.5) / 32.0
_STEPS = 4000
_LONGEST = 12.0
"""Mean surfacing times over which the integral of a hidden leak's life is taken."""


def lognormal(u: ArrayLike, mean: ArrayLike, log_sd: float) -> Floats:
    """Return lognormal quantiles of a given mean; at `log_sd` 0 the mean itself."""
    z = ndtri(np.asarray(u, dtype=np.float64))
    return np.asarray(np.asarray(mean) * np.exp(log_sd * z - 0.5 * log_sd * log_sd))


def cut_mean(mean: float, log_sd: float, largest: float = LARGEST_M3H) -> float:
    """Return the mean of a lognormal of mean `mean` whose values are cut at `largest`."""
    if log_sd == 0.0:
        return min(mean, largest)
    z = (math.log(largest / mean) - 0.5 * log_sd * log_sd) / log_sd
    return float(mean * ndtr(z) + largest * ndtr(-z - log_sd))


def mean_repair_days(figures: LeakFigures) -> Floats:
    """Return mean days from first word to repair, by :class:`LeakKind`, shape (4,)."""
    return np.array(
        [
            figures.mains_repair_days,
            figures.hidden_repair_days,
            figures.connection_repair_days,
            figures.hidden_repair_days,
        ]
    )


def repair_s(events: LeakEvents, figures: LeakFigures) -> Floats:
    """Return the time each leak takes from first word to repair, from its own draw, seconds."""
    mean_s = mean_repair_days(figures)[events.kind] * DAY_S
    return lognormal(np.maximum(events.repair_u, 1e-12), mean_s, figures.repair_log_sd)


def hidden_survival(days: ArrayLike, figures: LeakFigures) -> Floats:
    """Return the chance that nobody knows of a hidden leak after so many days.

    It neither surfaced (exponential) nor was heard at one of the surveys since, whose phase is
    uniform: exp(-t/tau) q^n (1 - p f), with t/T = n + f and q = 1 - p [D].
    """
    t = np.asarray(days, dtype=np.float64)
    passes = t / (figures.survey_years * YEAR_DAYS)
    whole = np.floor(passes)
    missed = (1.0 - figures.hear_share) ** whole * (1.0 - figures.hear_share * (passes - whole))
    return np.asarray(np.exp(-t / (figures.surfacing_years * YEAR_DAYS)) * missed)


def mean_hidden_days(figures: LeakFigures) -> float:
    """Return the mean days until somebody knows of a hidden leak, without district meters [D].

    Closed form of the integral of :func:`hidden_survival`.
    """
    tau, period = figures.surfacing_years, figures.survey_years
    x, p = period / tau, figures.hear_share
    fade = math.exp(-x)
    one_period = -tau * math.expm1(-x) - p * tau / x * (1.0 - fade * (1.0 + x))
    return one_period / (1.0 - (1.0 - p) * fade) * YEAR_DAYS


def full_flow_days(figures: LeakFigures) -> Floats:
    """Return the days of full flow that make the mean volume of a leak, by kind, shape (4,).

    Reported leaks flow fully until repair; hidden ones grow meanwhile.
    """
    repair = mean_repair_days(figures)
    longest = _LONGEST * figures.surfacing_years * YEAR_DAYS
    days = np.linspace(0.0, longest, _STEPS)
    unknown = hidden_survival(days, figures)
    growth = figures.growth_days * np.exp(figures.growth_log_sd * ndtri(_QUANTILES))
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.where(growth > 0.0, days[:, np.newaxis] / growth, 1.0)
    part = np.where(np.isfinite(part), part, 1.0)
    share = INITIAL_SHARE + (1.0 - INITIAL_SHARE) * np.minimum(part, 1.0)
    hidden = float(np.trapezoid(unknown * share.mean(axis=1), days)) + figures.hidden_repair_days
    found = np.empty(len(LeakKind))
    found[LeakKind.REPORTED_MAIN] = figures.mains_aware_days + repair[LeakKind.REPORTED_MAIN]
    found[LeakKind.REPORTED_CONNECTION] = (
        figures.connection_aware_days + repair[LeakKind.REPORTED_CONNECTION]
    )
    found[[LeakKind.HIDDEN_MAIN, LeakKind.HIDDEN_CONNECTION]] = hidden
    return found
