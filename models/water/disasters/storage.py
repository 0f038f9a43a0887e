"""How long towers last when nothing fills them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from models.water.network.network import Floats
from twin.errors import Fault, InputError
from twin.lang import Text


def hours_until_empty(
    stored_m3: ArrayLike, drawn_m3h: ArrayLike, inflow_m3h: ArrayLike = 0.0
) -> Floats:
    """Return hours until each tower is empty; shape (zones,), infinite if it never is.

    Draw and inflow are constant within each hour, so the answer is exact. What flows in while the
    tower would overflow is not capped: give what is stored at the start and flows that are net.

    Parameters
    ----------
    stored_m3
        Above the lowest usable level; shape (zones,).
    drawn_m3h
        Demand and leaks, hour by hour; shape (zones, hours).
    inflow_m3h
        What still arrives: one, by zone, or by zone and hour.

    Raises
    ------
    InputError
        Wrong shapes, values below zero or no numbers.
    """
    stored, net = _checked(stored_m3, drawn_m3h, inflow_m3h)
    hours = net.shape[1]
    gone = np.cumsum(net, axis=1)
    empty = (gone >= stored[:, None]) & (net > 0.0)
    at = np.argmax(empty, axis=1)
    rows = np.arange(stored.size)
    used = gone[rows, at] - net[rows, at] if hours else np.zeros(stored.size)
    with np.errstate(divide="ignore", invalid="ignore"):
        lasts = at + (stored - used) / net[rows, at]
    found = np.where(empty.any(axis=1), lasts, np.inf)
    return np.where((stored == 0.0) & (net[:, 0] > 0.0), 0.0, found)


def dry_hours(
    stored_m3: ArrayLike,
    drawn_m3h: ArrayLike,
    inflow_m3h: ArrayLike = 0.0,
    *,
    capacity_m3: ArrayLike = np.inf,
) -> Floats:
    """Return hours of demand not served over the hours given; shape (zones,).

    Hour by hour: what is stored and arrives is served first; a tower fills up to its capacity. An
    hour served by half counts half.

    Raises
    ------
    InputError
        Wrong shapes, values below zero or no numbers.
    """
    stored, net = _checked(stored_m3, drawn_m3h, inflow_m3h)
    drawn = np.asarray(drawn_m3h, dtype=np.float64)
    top = np.broadcast_to(np.asarray(capacity_m3, dtype=np.float64), stored.shape)
    level = stored.copy()
    dry = np.zeros(stored.size)
    for hour in range(net.shape[1]):
        after = level - net[:, hour]
        short = np.maximum(-after, 0.0)
        served = np.where(drawn[:, hour] > 0.0, short / np.maximum(drawn[:, hour], 1e-300), 0.0)
        dry += np.minimum(served, 1.0)
        level = np.clip(after, 0.0, top)
    return dry


def _checked(
    stored_m3: ArrayLike, drawn_m3h: ArrayLike, inflow_m3h: ArrayLike
) -> tuple[Floats, Floats]:
    stored = np.asarray(stored_m3, dtype=np.float64)
    drawn = np.asarray(drawn_m3h, dtype=np.float64)
    if stored.ndim != 1 or drawn.ndim != 2 or drawn.shape[0] != stored.size or not drawn.size:  # noqa: PLR2004 - zones and hours
        raise InputError(
            Fault(
                Text("(zones,) et (zones, heures)", "(zones,) and (zones, hours)"),
                Text(
                    "donner une ligne de demandes par zone", "give a row of demands for each zone"
                ),
                key="stored_m3, drawn_m3h",
                value=f"{stored.shape}, {drawn.shape}",
            )
        )
    inflow = np.asarray(inflow_m3h, dtype=np.float64)
    if inflow.ndim == 1:
        inflow = inflow[:, None]
    for key, values in (("stored_m3", stored), ("drawn_m3h", drawn), ("inflow_m3h", inflow)):
        if not bool((np.isfinite(values) & (values >= 0.0)).all()):
            raise InputError(
                Fault(
                    Text("des nombres positifs ou nuls", "numbers of zero or more"),
                    Text(f"corriger {key}", f"correct {key}"),
                    key=key,
                    value=str(values.min()),
                )
            )
    return stored, drawn - np.broadcast_to(inflow, drawn.shape)
