"""The shortest round through every subset of a few places (Held & Karp 1962).

Held & Karp, J. SIAM 10 (1962) 196-210, 10.1137/0110015 [V]: the shortest path from the depot
through a set that ends at j is the best of its shortest paths through the set without j. Time
2^n n^2, memory 2^n n. Distances may be asymmetric.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from twin.errors import Fault, InputError
from twin.lang import Text, same

MOST_PLACES = 12
"""Above it the subsets, not the tours, are too many for an exact plan."""


@dataclass(frozen=True, eq=False)
class Tours:
    """Shortest rounds of every subset. Bit i of a subset stands for row i + 1 of the distances.

    Attributes
    ----------
    length : NDArray[np.float64]
        Shape (2^places,): length of the shortest round from row 0 and back, in the unit of the
        distances; 0 for the empty subset.
    """

    length: NDArray[np.float64]
    _last: NDArray[np.int8]
    _previous: NDArray[np.int8]

    @property
    def places(self) -> int:
        """Return the number of places, row 0 excluded."""
        return int(self._previous.shape[1])

    def order(self, subset: int) -> tuple[int, ...]:
        """Return the rows of the distances of a shortest round, in order, row 0 left out."""
        place, rows = int(self._last[subset]), []
        while subset:
            rows.append(place + 1)
            before = int(self._previous[subset, place])
            subset ^= 1 << place
            place = before
        return tuple(reversed(rows))


def optimal_tours(distance: NDArray[np.float64]) -> Tours:
    """Return the shortest round of every subset of the places in rows 1 to n.

    Parameters
    ----------
    distance
        Shape (n + 1, n + 1), any unit, finite, not negative; row and column 0 are the depot.

    Raises
    ------
    InputError
        Not square, no place or more than :data:`MOST_PLACES`, a distance negative or not finite.
    """
    table = np.ascontiguousarray(distance, dtype=np.float64)
    square = table.ndim == 2 and table.shape[0] == table.shape[1]  # noqa: PLR2004 - a table
    if not square or not 1 <= len(table) - 1 <= MOST_PLACES:
        raise _refused(
            str(table.shape),
            same(f"(n + 1, n + 1), 1 <= n <= {MOST_PLACES}"),
            Text("réduisez l'instance", "make the instance smaller"),
        )
    if not np.all(np.isfinite(table) & (table >= 0.0)):
        raise _refused(
            str(table[~(np.isfinite(table) & (table >= 0.0))].flat[0]),
            Text("des distances finies et non négatives", "finite, non-negative distances"),
            Text("corrigez cette distance", "correct this distance"),
        )
    return Tours(*_held_karp(table))


@njit(cache=True)
def _held_karp(
    distance: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int8], NDArray[np.int8]]:
    places = distance.shape[0] - 1
    subsets = 1 << places
    path = np.full((subsets, places), np.inf)
    previous = np.full((subsets, places), -1, dtype=np.int8)
    length = np.zeros(subsets)
    last = np.full(subsets, -1, dtype=np.int8)
    for subset in range(1, subsets):
        best = np.inf
        for end in range(places):
            if not subset >> end & 1:
                continue
            rest = subset ^ (1 << end)
            if rest == 0:
                path[subset, end] = distance[0, end + 1]
            else:
                for before in range(places):
                    if rest >> before & 1:
                        reach = path[rest, before] + distance[before + 1, end + 1]
                        if reach < path[subset, end]:
                            path[subset, end] = reach
                            previous[subset, end] = before
            closed = path[subset, end] + distance[end + 1, 0]
            if closed < best:
                best = closed
                last[subset] = end
        length[subset] = best
    return length, last, previous


def _refused(value: str, expected: Text, remedy: Text) -> InputError:
    return InputError(Fault(key="distance", value=value, expected=expected, remedy=remedy))
