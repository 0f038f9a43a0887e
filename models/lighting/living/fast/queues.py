"""Many queues in which a thing waits once at most: days, or communes; first in, first out."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
NONE = -1


class Queues(NamedTuple):
    """Linked lists: `head`, `tail` by queue, neighbours and place by thing; -1 where none is."""

    head: Ints
    tail: Ints
    before: Ints
    after: Ints
    queue: Ints


def empty_queues(queues: int, things: int) -> Queues:
    """Return queues in which nothing waits."""
    by_queue, by_thing = np.full(queues, NONE), np.full(things, NONE)
    return Queues(
        by_queue, by_queue.copy(), by_thing, by_thing.copy(), by_thing.copy()
    )  # fmt: skip


@njit(cache=True, inline="always")
def leave(queues: Any, thing: int) -> None:
    """Take a thing out of where it waits, if it waits."""
    queue = queues.queue[thing]
    if queue < 0:
        return
    before, after = queues.before[thing], queues.after[thing]
    if before >= 0:
        queues.after[before] = after
    else:
        queues.head[queue] = after
    if after >= 0:
        queues.before[after] = before
    else:
        queues.tail[queue] = before
    queues.queue[thing] = -1


@njit(cache=True, inline="always")
def join(queues: Any, thing: int, queue: int) -> None:
    """Put a thing last in a queue; out of all where `queue` is beyond the last."""
    leave(queues, thing)
    if queue >= len(queues.head):
        return
    last = queues.tail[queue]
    queues.before[thing], queues.after[thing], queues.queue[thing] = last, -1, queue
    if last >= 0:
        queues.after[last] = thing
    else:
        queues.head[queue] = thing
    queues.tail[queue] = thing


@njit(cache=True)
def drain(queues: Any, queue: int) -> Any:
    """Empty a queue and return what waited, in order."""
    count, thing = 0, queues.head[queue]
    while thing >= 0:
        count += 1
        thing = queues.after[thing]
    found = np.empty(count, dtype=np.int64)
    thing = queues.head[queue]
    for i in range(count):
        found[i] = thing
        queues.queue[thing] = -1
        thing = queues.after[thing]
    queues.head[queue] = queues.tail[queue] = -1
    return found
