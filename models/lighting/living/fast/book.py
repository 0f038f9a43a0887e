"""The order book on arrays: each piece of work has a place of its own, and waits in a commune."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.lighting.living.fast.queues import Queues, empty_queues, join, leave

Floats = NDArray[np.float64]


class Book(NamedTuple):
    """Orders by place: work, when due, how long on site; and sums by commune.

    `ranked` and `taken` are room to take orders in.
    """

    waits: Queues
    kind: NDArray[np.int64]
    order_due_s: Floats
    site_s: Floats
    waiting_s: Floats
    due_s: Floats
    ranked: NDArray[np.int64]
    taken: NDArray[np.int64]


def empty_book(communes: int, places: int) -> Book:
    """Return a book with room for so many pieces of work."""
    return Book(
        empty_queues(communes, places),
        np.zeros(places, dtype=np.int64),
        np.zeros(places),
        np.zeros(places),
        np.zeros(communes),
        np.full(communes, np.inf),
        np.empty(places, dtype=np.int64),
        np.empty(places, dtype=np.int64),
    )


@njit(cache=True, inline="always")
def order(book: Any, place: int, kind: int, commune: int, due_s: float, site_s: float) -> None:
    """Note an order."""
    join(book.waits, place, commune)
    book.kind[place], book.order_due_s[place], book.site_s[place] = kind, due_s, site_s
    book.waiting_s[commune] += site_s
    book.due_s[commune] = min(book.due_s[commune], due_s)


@njit(cache=True, inline="always")
def withdraw(book: Any, place: int) -> None:
    """Take an order back, if it waits."""
    commune = book.waits.queue[place]
    if commune >= 0:
        leave(book.waits, place)
        _recount(book, commune)


@njit(cache=True)
def take(book: Any, commune: int, within_s: float) -> int:
    """Take the orders of a commune that fit in some time, the first due first.

    Return how many; their places stand in `book.taken`.
    """
    ranked, count, place = book.ranked, 0, book.waits.head[commune]
    while place >= 0:
        at, due_s = count, book.order_due_s[place]
        while at > 0 and book.order_due_s[ranked[at - 1]] > due_s:
            ranked[at] = ranked[at - 1]
            at -= 1
        ranked[at] = place
        count += 1
        place = book.waits.after[place]
    fits = 0
    for i in range(count):
        if book.site_s[ranked[i]] <= within_s:
            within_s -= book.site_s[ranked[i]]
            book.taken[fits] = ranked[i]
            fits += 1
    for i in range(fits):
        leave(book.waits, book.taken[i])
    _recount(book, commune)
    return fits


@njit(cache=True)
def _recount(book: Any, commune: int) -> None:
    waiting_s, due_s = 0.0, np.inf
    place = book.waits.head[commune]
    while place >= 0:
        waiting_s += book.site_s[place]
        due_s = min(due_s, book.order_due_s[place])
        place = book.waits.after[place]
    book.waiting_s[commune], book.due_s[commune] = waiting_s, due_s
