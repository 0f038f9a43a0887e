"""A distribution zone: the network under one tower, who lives on it, what its pipes are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from models.water.network.network import Floats, Ints, Network


class Material(IntEnum):
    """What a pipe is made of; a rural network's kinds."""

    CAST_IRON = 0
    DUCTILE_IRON = 1
    PVC = 2
    HDPE = 3
    ASBESTOS_CEMENT = 4
    STEEL = 5


@dataclass(frozen=True, eq=False)
class Zone:
    """One distribution zone ("unité de distribution"); one commune in the synthetic Indre.

    Attributes
    ----------
    id, name : str
        INSEE code and name of the commune.
    service : str
        The water service (syndicate) that runs it.
    network : Network
    people, homes : NDArray[np.float64]
        Inhabitants and dwellings (second homes included) by node; shape (nodes,).
    farm_m3_per_day, industry_m3_per_day : NDArray[np.float64]
        Mean demand of farms and of industry by node; shape (nodes,).
    material : NDArray[np.int8]
        :class:`Material` by link; meaningless where the link is no pipe.
    laid_year : NDArray[np.int16]
        Year the pipe was laid, by link.
    connections : NDArray[np.int32]
        Service connections by node.
    """

    id: str
    name: str
    service: str
    network: Network
    people: Floats
    homes: Floats
    farm_m3_per_day: Floats
    industry_m3_per_day: Floats
    material: NDArray[np.int8]
    laid_year: NDArray[np.int16]
    connections: Ints
