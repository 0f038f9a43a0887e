"""A search's way through the parts of a district: where on it each leak is met."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.water.loggers import LoggedDistrict
from models.water.network.network import NONE


class Way:
    """The parts of a district, one after the other.

    Parameters
    ----------
    district
        A leak of a pipe is in the part of the pipe's far end, or where another district has
        that end, in the part of the node it is drawn from.
    order
        Its parts, each once, as they are walked.
    most_km
        The crew turns back after so many.

    Attributes
    ----------
    km : float
        Length of the way.
    """

    def __init__(self, district: LoggedDistrict, order: Sequence[int], most_km: float) -> None:
        km = district.km
        walked = km[list(order)]
        before = np.zeros(len(km))
        before[list(order)] = np.cumsum(walked) - walked
        self.km = min(float(km.sum()), most_km)
        self._part = {int(node): part for part, node in enumerate(district.nodes)}
        self._before, self._km = before, km
        self._far = district.far

    def share(self, link: int, node: int, within: float) -> float:
        """Return the share of the way walked when a leak is met, `within` its part in [0, 1).

        Above 1 where the crew turns back before. A leak at a node without pipe of its own is met at
        `within` of the whole way.
        """
        far = int(self._far[link]) if link != NONE else node
        part = self._part.get(far, self._part.get(node))
        if part is None:
            return within
        return float((self._before[part] + within * self._km[part]) / self.km)
