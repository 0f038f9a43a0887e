"""Leaks as arrays: where, when, how large, and the dice kept for whoever looks for them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.water.network.network import Floats, Ints

INITIAL_SHARE = 0.1
"""A growing leak starts at this share of its full coefficients [U]."""


class LeakKind(IntEnum):
    """Where a leak is and whether people see it. Odd: hidden. From 2 on: a service connection."""

    REPORTED_MAIN = 0
    HIDDEN_MAIN = 1
    REPORTED_CONNECTION = 2
    HIDDEN_CONNECTION = 3


@dataclass(frozen=True, eq=False)
class LeakEvents:
    """Leaks of a world, in order of zone then start; arrays of shape (leaks,), not writeable.

    Times are seconds from the first day, 00:00; negative before it.

    Attributes
    ----------
    zone : NDArray[np.int32]
        Position in the tuple of zones they were drawn for.
    link, node : NDArray[np.int32]
        The pipe, and the junction where the leak is drawn from: the nearest end of a main, the
        node of a connection. `link` is -1 for a connection at a node without pipe.
    place : NDArray[np.float64]
        Share of the pipe's length from its start; for a connection that of its node.
    start_s : NDArray[np.float64]
    half, three_halves : NDArray[np.float64]
        FAVAD coefficients once full: m3/s per m^0.5 and per m^1.5.
    growth_s : NDArray[np.float64]
        Time from start to full size; 0 for one that is full at once.
    kind : NDArray[np.int8]
        :class:`LeakKind`.
    surfaces_s : NDArray[np.float64]
        When somebody knows of it without looking: people call or, before the first day, a survey
        heard it.
    find_u, locate_u, repair_u : NDArray[np.float64]
        Uniform draws in [0, 1) kept for whether it is heard, where on a search's way it is met,
        and how long its repair takes: the same whatever is bought.
    """

    zone: Ints
    link: Ints
    node: Ints
    place: Floats
    start_s: Floats
    half: Floats
    three_halves: Floats
    growth_s: Floats
    kind: NDArray[np.int8]
    surfaces_s: Floats
    find_u: Floats
    locate_u: Floats
    repair_u: Floats

    def __post_init__(self) -> None:
        for each in fields(self):
            getattr(self, each.name).setflags(write=False)

    def __len__(self) -> int:
        """Return the number of leaks."""
        return len(self.start_s)

    def take(self, rows: ArrayLike) -> LeakEvents:
        """Return the leaks of a mask or of positions."""
        rows = np.asarray(rows)
        return LeakEvents(*(getattr(self, each.name)[rows] for each in fields(self)))

    @property
    def hidden(self) -> NDArray[np.bool_]:
        """Which leaks nobody sees, shape (leaks,)."""
        return (self.kind & 1).astype(np.bool_)

    @property
    def on_connection(self) -> NDArray[np.bool_]:
        """Which leaks are on service connections, shape (leaks,)."""
        return self.kind >= LeakKind.REPORTED_CONNECTION


def grown_share(events: LeakEvents, t_s: ArrayLike) -> Floats:
    """Return the share of its full size each leak has at a time: 0 before it starts.

    Parameters
    ----------
    events
        The leaks.
    t_s
        A time, or times that broadcast against (leaks,): shape (hours, 1) gives (hours, leaks).
    """
    age_s = np.asarray(t_s, dtype=np.float64) - events.start_s
    with np.errstate(invalid="ignore", divide="ignore"):
        part = np.where(events.growth_s > 0.0, age_s / events.growth_s, 1.0)
    share = INITIAL_SHARE + (1.0 - INITIAL_SHARE) * np.clip(part, 0.0, 1.0)
    return np.asarray(np.where(age_s >= 0.0, share, 0.0))


def coefficients_at(events: LeakEvents, alive: ArrayLike, t_s: ArrayLike) -> tuple[Floats, Floats]:
    """Return the FAVAD coefficients of each leak at a time: 0 where not `alive` or not started.

    Parameters
    ----------
    events
        The leaks.
    alive
        Which are not repaired, shape (leaks,).
    t_s
        As in :func:`grown_share`.

    Returns
    -------
    tuple of NDArray[np.float64]
        Of h^0.5 (m3/s per m^0.5) and of h^1.5 (m3/s per m^1.5), shape (leaks,) or as broadcast.
    """
    share = grown_share(events, t_s) * np.asarray(alive, dtype=np.bool_)
    return share * events.half, share * events.three_halves


def by_node(events: LeakEvents, values: Floats, zone: int, nodes: int) -> Floats:
    """Return the sum of a leak's value over the leaks at each node of one zone, shape (nodes,)."""
    here = events.zone == zone
    sums = np.bincount(events.node[here], weights=values[here], minlength=nodes)
    return sums.astype(np.float64)
