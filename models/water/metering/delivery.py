"""When something that a meter knows is first heard: at its next frame that arrives.

With independent losses p and period T the mean extra delay is T p/(1 - p) [D].
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError, Fault
from twin.lang import Text


def received_or_never(
    delivered: NDArray[np.bool_], received_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return reception times with infinity for what never arrived; shape (meters, frames).

    Raises
    ------
    DataError
        Shapes differ, or a delivered frame has no finite time.
    """
    if delivered.shape != received_s.shape or not np.isfinite(received_s[delivered]).all():
        raise DataError(
            Fault(
                key="delivered, received_s",
                value=f"{delivered.shape}, {received_s.shape}",
                expected=Text("des tableaux (compteurs, trames), une heure finie par trame reçue",
                              "two (meters, frames) arrays, a finite time a delivered frame"),
                remedy=Text("donnez le sort et l'heure de chaque trame",
                            "give each frame's fate and time"),
            )
        )  # fmt: skip
    return np.where(delivered, received_s, np.inf)


def nearest_index(
    index_m3: NDArray[np.float64],
    sampled_s: NDArray[np.float64],
    had: NDArray[np.bool_],
    at_s: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return of each meter the index that was had nearest to an instant: value, time, distance.

    Inputs have shape (meters, frames), no frames at all being allowed; outputs (meters,). Where
    nothing was had the distance is infinite and the others NaN.
    """
    none = np.full((len(had), 1), np.nan)
    distance = np.where(had, np.abs(sampled_s - at_s), np.inf)
    padded = np.concatenate([distance, np.full((len(had), 1), np.inf)], axis=1)
    nearest = padded.argmin(axis=1)
    rows = np.arange(len(had))
    away = padded[rows, nearest]
    known = np.isfinite(away)
    value = np.concatenate([index_m3, none], axis=1)[rows, nearest]
    when = np.concatenate([sampled_s, none], axis=1)[rows, nearest]
    return np.where(known, value, np.nan), np.where(known, when, np.nan), away


def first_heard_s(
    known_s: NDArray[np.float64],
    frame_s: NDArray[np.float64],
    delivered: NDArray[np.bool_],
    received_s: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return when each meter's alert is received: by the first delivered frame sent after it.

    Parameters
    ----------
    known_s
        When the meter knows, shape (meters,); NaN where it never does.
    frame_s, delivered, received_s
        Sending times, fates and reception times of frames, in order; shape (meters, frames).

    Returns
    -------
    NDArray
        Shape (meters,); NaN where no such frame arrives.

    Raises
    ------
    DataError
        See :func:`received_or_never`.
    """
    heard = received_or_never(delivered, received_s)
    after = frame_s >= known_s[:, np.newaxis]  # never for a NaN
    soonest = np.where(after, heard, np.inf).min(axis=1, initial=np.inf)
    return np.where(np.isfinite(soonest), soonest, np.nan)
