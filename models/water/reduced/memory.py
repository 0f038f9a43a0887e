"""All arrays of a reduced solve as one table of addresses, and back as the tuples that name them.

A compiled call pays for each array it is handed, and a compiled function for each array it counts
references of: views made from a table cost neither (see `models.water.batched.fields`). Whoever
makes the table keeps the arrays alive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.water.batched.fields import bytes_, floats, ints
from models.water.reduced.edges import Chains, Near
from models.water.reduced.give import Wanted
from models.water.reduced.jit import inner
from models.water.reduced.layout import Edges, Trees
from models.water.reduced.pockets import Pockets
from models.water.reduced.room import Room
from models.water.reduced.shared import Shared

TREES, EDGES, CHAINS, NEAR, SHARED, ROOM, WANTED, POCKETS, ARRAYS = (
    0, 12, 20, 25, 29, 37, 45, 49, 84,
)  # fmt: skip
"""First array of each tuple in the table, in the order of its attributes; and how many in all."""


def arrays_of(item: Iterable[Any]) -> Iterator[NDArray[Any]]:
    """Return the arrays of a tuple in order, those of tuples in it too, numbers left out."""
    for part in item:
        if isinstance(part, np.ndarray):
            yield part
        elif isinstance(part, tuple):
            yield from arrays_of(part)


def enter(table: NDArray[np.int64], first: int, item: Iterable[Any]) -> None:
    """Enter the arrays of a tuple into the table."""
    for k, array in enumerate(arrays_of(item)):
        if not array.flags.c_contiguous or array.ndim != 1:
            raise ValueError(first + k)
        table[2 * (first + k)] = array.ctypes.data
        table[2 * (first + k) + 1] = len(array)


@inner
def trees_of(table: Any) -> Any:
    """Return the trees."""
    k = TREES
    return Trees(
        bytes_(table, k), ints(table, k + 1), ints(table, k + 2), ints(table, k + 3),
        ints(table, k + 4), floats(table, k + 5), floats(table, k + 6), floats(table, k + 7),
        ints(table, k + 8), ints(table, k + 9), ints(table, k + 10), bytes_(table, k + 11),
    )  # fmt: skip


@inner
def edges_of(table: Any) -> Any:
    """Return the edges."""
    k = EDGES
    return Edges(
        ints(table, k), ints(table, k + 1), ints(table, k + 2), bytes_(table, k + 3),
        floats(table, k + 4), floats(table, k + 5), ints(table, k + 6), ints(table, k + 7),
    )  # fmt: skip


@inner
def chains_of(table: Any, shared: Any) -> Any:
    """Return the losses along the edges."""
    k = CHAINS
    return Chains(
        ints(table, k), ints(table, k + 1), floats(table, k + 2), floats(table, k + 3), shared,
        floats(table, k + 4),
    )  # fmt: skip


@inner
def near_of(table: Any, usable: Any) -> Any:
    """Return the series of the edges."""
    k = NEAR
    return Near(
        usable, floats(table, k), floats(table, k + 1), floats(table, k + 2), floats(table, k + 3)
    )


@inner
def shared_of(table: Any) -> Any:
    """Return what lanes share."""
    k = SHARED
    return Shared(
        floats(table, k), floats(table, k + 1), floats(table, k + 2), floats(table, k + 3),
        floats(table, k + 4), floats(table, k + 5), floats(table, k + 6), floats(table, k + 7),
    )  # fmt: skip


@inner
def room_of(table: Any) -> Any:
    """Return the memory of a block."""
    k = ROOM
    return Room(
        floats(table, k), floats(table, k + 1), floats(table, k + 2), floats(table, k + 3),
        floats(table, k + 4), bytes_(table, k + 5), bytes_(table, k + 6), ints(table, k + 7),
    )  # fmt: skip


@inner
def wanted_of(table: Any) -> Any:
    """Return what is asked for."""
    k = WANTED
    return Wanted(ints(table, k), ints(table, k + 1), ints(table, k + 2), ints(table, k + 3))


@inner
def pockets_of(table: Any, depth: Any, longest: Any) -> Any:
    """Return the pockets."""
    k = POCKETS
    return Pockets(
        depth, longest, ints(table, k), ints(table, k + 1), ints(table, k + 2), ints(table, k + 3),
        ints(table, k + 4), ints(table, k + 5), ints(table, k + 6), ints(table, k + 7),
        floats(table, k + 8),
        (floats(table, k + 9), floats(table, k + 10), floats(table, k + 11)),
        (floats(table, k + 12), floats(table, k + 13), floats(table, k + 14)),
        (floats(table, k + 15), floats(table, k + 16), floats(table, k + 17)),
        floats(table, k + 18), floats(table, k + 19), floats(table, k + 20), floats(table, k + 21),
        floats(table, k + 22), floats(table, k + 23), floats(table, k + 24), floats(table, k + 25),
        floats(table, k + 26), floats(table, k + 27), floats(table, k + 28), floats(table, k + 29),
        floats(table, k + 30), floats(table, k + 31), floats(table, k + 32), floats(table, k + 33),
        floats(table, k + 34),
    )  # fmt: skip
