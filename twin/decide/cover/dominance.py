"""Which rows and columns of a cover matrix can be dropped without changing the optimum.

The rules extend the classic reductions of set covering (Beasley, *An algorithm for set covering
problem*, EJOR 31 (1987) 85-93, 10.1016/0377-2217(87)90141-X) to multiplicities; the arguments are
in the docstrings. Rows and columns are compared as bit sets.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_ONE = np.uint64(1)
_M1 = np.uint64(0x5555555555555555)
_M2 = np.uint64(0x3333333333333333)
_M4 = np.uint64(0x0F0F0F0F0F0F0F0F)
_H01 = np.uint64(0x0101010101010101)
_S1, _S2, _S4, _S56 = np.uint64(1), np.uint64(2), np.uint64(4), np.uint64(56)


@njit(cache=True, nogil=True)
def bit_rows(indptr: np.ndarray, indices: np.ndarray, n_cols: int) -> np.ndarray:
    """Return each row as a bit set, shape (n_rows, ceil(n_cols / 64)), uint64."""
    bits = np.zeros((indptr.size - 1, (n_cols + 63) // 64), dtype=np.uint64)
    for row in range(indptr.size - 1):
        for p in range(indptr[row], indptr[row + 1]):
            bits[row, indices[p] // 64] |= _ONE << np.uint64(indices[p] % 64)
    return bits


@njit(cache=True, nogil=True)
def _ones(word: np.uint64) -> int:
    word = word - ((word >> _S1) & _M1)
    word = (word & _M2) + ((word >> _S2) & _M2)
    word = (word + (word >> _S4)) & _M4
    return int(np.int64((word * _H01) >> _S56))


@njit(cache=True, nogil=True)
def _outside(inner: np.ndarray, outer: np.ndarray, most: int) -> int:
    """Return how many bits of `inner` are not in `outer`, counting no further than `most` + 1."""
    count = 0
    for w in range(inner.size):
        word = inner[w] & ~outer[w]
        if word:
            count += _ones(word)
            if count > most:
                return count
    return count


@njit(cache=True, nogil=True)
def open_rows(bits: np.ndarray, need: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Return a mask of the rows that no other row implies.

    Row `b` implies row `a` when need_a <= need_b - |cols(b) outside cols(a)|: of the need_b columns
    chosen in `b`, at most that many lie outside `a`. `order` lists the rows by (size - need)
    ascending, then size descending, so a row comes after every row that can imply it; identical
    rows must have been merged.
    """
    keep = np.zeros(order.size, dtype=np.bool_)
    kept = np.empty(order.size, dtype=np.int64)
    count = 0
    for a in order:
        implied = False
        for q in range(count):
            spare = need[kept[q]] - need[a]
            if spare >= 0 and _outside(bits[kept[q]], bits[a], spare) <= spare:
                implied = True
                break
        if not implied:
            keep[a] = True
            kept[count] = a
            count += 1
    return keep


@njit(cache=True, nogil=True)
def useful_columns(
    bits: np.ndarray, size: np.ndarray, cost: np.ndarray, most_need: np.ndarray
) -> np.ndarray:
    """Return a mask of the columns some optimum may use.

    Column `a` is dropped when at least K others reach all its rows at no higher cost, K being the
    largest need among its rows: with `a` chosen, either one of the K is not chosen and may replace
    `a`, or all K are and `a` is superfluous. Ties are broken by number, so no two columns drop each
    other. A column without rows is dropped.
    """
    keep = np.ones(size.size, dtype=np.bool_)
    for a in range(size.size):
        if size[a] == 0:
            keep[a] = False
            continue
        better = 0
        for b in range(size.size):
            if b == a or size[b] < size[a] or cost[b] > cost[a]:
                continue
            if size[b] == size[a] and cost[b] == cost[a] and b > a:
                continue
            if _outside(bits[a], bits[b], 0) == 0:
                better += 1
                if better == most_need[a]:
                    keep[a] = False
                    break
    return keep
