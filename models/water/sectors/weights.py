"""What a district holds: kilometres to search, homes whose taps hide a leak."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from models.water.network.network import Floats, Network
from models.water.sectors.faults import checked_weights
from models.water.sectors.supply import far_ends, sums


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights by node, shape (nodes,): `km` of pipe that belongs to it, and `homes` on it."""

    km: Floats
    homes: Floats


def weigh(network: Network, homes: ArrayLike, length_m: ArrayLike | None = None) -> Weights:
    """Return what each node holds.

    Parameters
    ----------
    network
        Each pipe is given to its end farther from the sources, where its water goes.
    homes
        Dwellings by node; shape (nodes,).
    length_m
        Length by link, shape (links,), if not the network's (service pipes added, say).

    Raises
    ------
    InputError
        A wrong shape, or a weight that is negative or no number.
    """
    count = len(network.nodes)
    if length_m is None:
        length_m = np.where(network.pipes, network.links.length_m, 0.0)
    lengths = checked_weights("length_m", length_m, len(network.links))
    far = far_ends(network)
    km = sums(far, lengths, count) / 1000.0
    return Weights(km, checked_weights("homes", homes, count))
