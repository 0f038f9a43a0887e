"""The static level of a link from the frames of a log that got through.

The logged levels of a link are what got through. With s the spread of frames about their link,
pooled over links that miss at most a tenth of the frames, h the heard share of the frames sent and
Q the normal quantile, two levels are at hand [D]: the median of the heard frames less
s * Q(1 - h / 2), since half of the heard share lies above that median; and sensitivity + s * Q(h),
at which the gateway hears that share. Where h is below 0.9 and the first is less than 2 s above the
second, frames are lost for want of level and the second is taken: it gives the heard share back.
Elsewhere the greater of the two: losses have other causes (collisions), and a gateway that heard is
not too far.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from models.lora.logs.receptions import Receptions
from models.lora.logs.replay import ReplayedTraffic

STEADY_SHARE = 0.9
"""Heard share of a link whose levels are hardly censored."""

CLEAR_SPREADS = 2.0
"""Spreads above the level of its heard share at which a link's losses are not of level."""

LEAST_FREEDOM = 30
"""Degrees of freedom under which the spread is taken from every link, censored ones too."""

UNKNOWN_SPREAD_DB = 3.0
"""Spread of frames about their link where no link has two frames [U]."""


def links_heard(
    traffic: ReplayedTraffic,
    receptions: Receptions,
    played: NDArray[np.bool_],
    sent: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], float]:
    """Return the pairs heard, frames heard on each, their median level (dBm), and the spread (dB).

    Parameters
    ----------
    traffic, receptions
        Of the same uplinks.
    played
        Shape (frames,): the frames that count.
    sent
        Shape (devices,): frames each device sent.

    Returns
    -------
    tuple
        Pairs as device x gateways + gateway, increasing; counts and medians, shape (pairs,).
    """
    device = np.repeat(np.arange(len(traffic.devices)), np.diff(traffic.indptr))
    kept = played[receptions.frame]
    gateways = len(receptions.gateway_ids)
    pair = device[receptions.frame[kept]] * gateways + receptions.gateway[kept]
    level_dbm = receptions.level_dbm[kept]
    order = np.lexsort((level_dbm, pair))
    pairs, first, counts = np.unique(pair[order], return_index=True, return_counts=True)
    ordered = level_dbm[order]
    middle = first + counts // 2
    median_dbm = 0.5 * (ordered[middle] + ordered[first + (counts - 1) // 2])
    mean_dbm = np.add.reduceat(ordered, first) / counts
    squares = np.add.reduceat((ordered - np.repeat(mean_dbm, counts)) ** 2, first)
    steady = counts >= STEADY_SHARE * sent[pairs // gateways]
    if (counts[steady] - 1).sum() < LEAST_FREEDOM:
        steady[:] = True
    freedom = int((counts[steady] - 1).sum())
    spread_db = float(np.sqrt(squares[steady].sum() / freedom)) if freedom else UNKNOWN_SPREAD_DB
    return pairs, counts, median_dbm, spread_db


def static_level_dbm(
    median_dbm: NDArray[np.float64],
    heard: NDArray[np.int64],
    sent: NDArray[np.int64],
    spread_db: float,
    sensitivity_dbm: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the level of links corrected for the frames that did not get through, elementwise.

    Parameters
    ----------
    median_dbm
        Median level of the frames heard.
    heard, sent
        Frames heard on the link, frames sent by the device.
    spread_db
        Standard deviation of a frame's level.
    sensitivity_dbm
        Of the gateway, at the device's spreading factor.
    """
    share = np.minimum(heard / sent, 1.0)
    # All heard of n frames does not prove a probability of one.
    by_share = sensitivity_dbm + spread_db * ndtri(np.minimum(share, 1.0 - 0.5 / sent))
    by_level = median_dbm - spread_db * ndtri(1.0 - share / 2.0)
    weak = (share < STEADY_SHARE) & (by_level - by_share < CLEAR_SPREADS * spread_db)
    return np.asarray(np.where(weak, by_share, np.maximum(by_level, by_share)), dtype=np.float64)
