"""Weeks under a drought order: who draws more than the cap, seen through what arrived."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.water.metering.delivery import nearest_index, received_or_never
from twin.units import DAY_S


@dataclass(frozen=True)
class Compliance:
    """Of one period: shares of meters over the cap, truly and as seen; and who could be seen.

    `seen_share` is NaN where no meter could.
    """

    true_share: float
    seen_share: float
    seeable_share: float


def compliance(
    true_m3: NDArray[np.float64],
    index_m3: NDArray[np.float64],
    sampled_s: NDArray[np.float64],
    delivered: NDArray[np.bool_],
    received_s: NDArray[np.float64],
    *,
    first_s: float,
    days: float,
    cap_m3: float,
    slack_s: float = DAY_S,
) -> Compliance:
    """Return who drew more than `cap_m3` from `first_s` over `days` days.

    A meter is seen by its delivered indices nearest to the two ends, each within `slack_s`; its
    difference is brought to the period's length in proportion.

    Parameters
    ----------
    true_m3
        True use of the period, shape (meters,).
    index_m3, sampled_s, delivered, received_s
        Frames, shape (meters, frames).

    Raises
    ------
    DataError
        See :func:`models.water.metering.delivery.received_or_never`.
    """
    heard = np.isfinite(received_or_never(delivered, received_s))
    length_s = days * DAY_S
    first, from_s, early = nearest_index(index_m3, sampled_s, heard, first_s)
    last, to_s, late = nearest_index(index_m3, sampled_s, heard, first_s + length_s)
    seen = (early <= slack_s) & (late <= slack_s) & (to_s > from_s)
    drawn = (last - first)[seen] / (to_s - from_s)[seen] * length_s
    return Compliance(
        true_share=float(np.mean(true_m3 > cap_m3)),
        seen_share=float(np.mean(drawn > cap_m3)) if seen.any() else float("nan"),
        seeable_share=float(seen.mean()),
    )
