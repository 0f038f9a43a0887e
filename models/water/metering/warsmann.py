"""Abnormal consumption by French law: what is told, what is paid, what is forgiven.

Law 2011-525, article 2 (CGCT L2224-12-4 III bis), decree 2012-1078 of 24 September 2012 [V]. A
home's volume is abnormal above twice its mean of the same period over the three years before. The
service tells at latest with the bill. Within one month of being told, a plumber's certificate of
repair of a leaking pipe caps the bill at twice the mean; appliances, heating and sanitary fittings
are excluded. Where the service did not tell, nothing above twice the mean is due.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

TOLD_ABOVE = 2.0
"""Times the mean [V]."""

CERTIFICATE_DAYS = 30.0
"""One month to show the certificate [V]; taken as 30 days."""

YEARS_OF_HISTORY = 3


@dataclass(frozen=True, eq=False)
class AbnormalBill:
    """Bills under the law, m3; arrays of one shape.

    `abnormal` says which volumes are; `billed_m3 + forgiven_m3` is the registered volume.
    """

    abnormal: NDArray[np.bool_]
    billed_m3: NDArray[np.float64]
    forgiven_m3: NDArray[np.float64]


def usual_m3(past_m3: ArrayLike) -> NDArray[np.float64]:
    """Return the mean volume of the same period over up to three years before.

    `past_m3` has the years on its last axis, NaN where there is none; a home without any past gives
    NaN (the law then takes comparable homes of the neighbourhood: the caller's business) [V].
    """
    past = np.asarray(past_m3, dtype=np.float64)[..., -YEARS_OF_HISTORY:]
    known = ~np.isnan(past)
    count = known.sum(axis=-1)
    total = np.where(known, past, 0.0).sum(axis=-1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def is_abnormal(volume_m3: ArrayLike, usual: ArrayLike) -> NDArray[np.bool_]:
    """Return whether volumes exceed twice the usual one; never where that is NaN."""
    return np.asarray(np.asarray(volume_m3) > TOLD_ABOVE * np.asarray(usual))


def certified(told_s: ArrayLike, repaired_s: ArrayLike, on_pipe: ArrayLike) -> NDArray[np.bool_]:
    """Return whether a certificate comes in time: a pipe, repaired within a month of being told.

    A repair before the telling is in time too.
    """
    late = np.asarray(repaired_s) - np.asarray(told_s) > CERTIFICATE_DAYS * 86_400.0
    known = ~np.isnan(np.asarray(told_s)) & ~np.isnan(np.asarray(repaired_s))
    return np.asarray(np.asarray(on_pipe) & known & ~late)


def abnormal_bill(
    volume_m3: ArrayLike,
    usual: ArrayLike,
    *,
    informed: ArrayLike,
    certified: ArrayLike,
    housing: ArrayLike = True,
) -> AbnormalBill:
    """Return what is billed and forgiven, m3, elementwise.

    Parameters
    ----------
    volume_m3, usual
        Volume of the period, and the usual one from :func:`usual_m3`.
    informed
        Whether the service told at latest with the bill.
    certified
        Whether a certificate of repair of a pipe came within the month: see :func:`certified`.
    housing
        Whether the meter serves a home; others pay all.
    """
    volume, mean, told, shown, home = np.broadcast_arrays(
        np.asarray(volume_m3, dtype=np.float64), np.asarray(usual, dtype=np.float64),
        np.asarray(informed), np.asarray(certified), np.asarray(housing),
    )  # fmt: skip
    abnormal = is_abnormal(volume, mean) & home
    capped = abnormal & (~told | shown)
    billed = np.where(capped, TOLD_ABOVE * mean, volume)
    return AbnormalBill(abnormal, billed, volume - billed)
