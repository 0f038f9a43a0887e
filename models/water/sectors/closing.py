"""Which boundary pipes get a closed valve rather than a meter.

Sets of pipes that may be closed without cutting anybody off are the independent sets of a matroid
(the bond matroid's dual view: what is left open must still join everyone to a source). Taking the
dearest first is therefore optimal for the money saved as long as pressures allow all of it; where
they do not, it is a heuristic.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from models.water.network.network import Floats, Ints, Network
from models.water.sectors.faults import checked_links, checked_weights
from models.water.sectors.supply import dry_junctions, usable
from twin.errors import Fault, UnreachableError
from twin.lang import Text

Pressures = Callable[[Ints], float]
"""Closed links -> least pressure (m) over the junctions and hours that count."""


def close_valves(
    network: Network,
    boundary: ArrayLike,
    saved_eur: ArrayLike,
    *,
    pressures: Pressures | None = None,
    floor_m: float = 15.0,
    order: ArrayLike | None = None,
) -> Ints:
    """Return the boundary links to close, ascending; the others are to be metered.

    Parameters
    ----------
    network
        Whose junctions must all keep a way to a source.
    boundary
        Candidates, positions of links. Only pipes are ever closed.
    saved_eur
        What closing saves over metering, by candidate; those that save nothing stay open.
    pressures
        Solves the network with some links closed; None: only connection counts.
    floor_m
        Least pressure accepted. Where the network already falls below it, least pressure must not
        fall further.
    order
        Ties are tried in ascending order of this, by candidate (a usual flow, say); None: smallest
        diameter first.

    Raises
    ------
    InputError
        A link that does not exist, a wrong shape.
    UnreachableError
        The solver gives no number for the network as it is.
    """
    links = np.asarray(boundary, dtype=np.int64).ravel()
    checked_links(network, links, "boundary")
    saved = checked_weights("saved_eur", np.maximum(saved_eur, 0.0), links.size)
    ties = network.links.diameter_m[links] if order is None else np.asarray(order, dtype=float)
    closed: list[int] = []
    least = _least(pressures, closed, floor_m)
    for at in np.lexsort((links, ties, -saved)).tolist():
        link = int(links[at])
        if saved[at] <= 0.0 or not network.pipes[link] or not network.links.open[link]:
            continue
        tried = [*closed, link]
        if dry_junctions(network, usable(network, tried)).size:
            continue
        if pressures is not None:
            found = pressures(np.array(sorted(tried), dtype=np.int32))
            if not found >= least:
                continue
        closed = tried
    return np.array(sorted(closed), dtype=np.int32)


def _least(pressures: Pressures | None, closed: list[int], floor_m: float) -> float:
    if pressures is None:
        return -np.inf
    now = pressures(np.array(closed, dtype=np.int32))
    if not np.isfinite(now):
        raise UnreachableError(
            Fault(
                Text(
                    "une pression en mètres, vannes ouvertes", "a pressure in metres, valves open"
                ),
                Text("vérifier le calcul hydraulique", "check the hydraulic solver"),
                key="pressures",
                value=str(now),
            )
        )
    return min(floor_m, now)


def saved_by_closing(yearly_meter_eur: float, yearly_valve_eur: float, count: int) -> Floats:
    """Return what closing saves a year by candidate; shape (count,)."""
    return np.full(count, yearly_meter_eur - yearly_valve_eur)
