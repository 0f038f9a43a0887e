"""Factor and solve in all lanes: elimination that adds and never subtracts.

The matrix of the gradient method is a Laplacian: each diagonal is the sum of its row's conductances
plus an excess, what leaves to fixed heads and leaks. Elimination keeps the excess instead of the
diagonal. Eliminating node j, with d = excess_j + sum of its entries, adds a_i a_k / d to each pair
of its neighbours and a_i excess_j / d to their excess: sums of positive numbers, without the
cancellation that costs an ordinary factorisation its digits where a conductance of 1e6 (a pipe
without flow) meets one of 1e-9 (a closed one).
"""

from __future__ import annotations

from numba import njit

from models.water.batched import fields as f
from models.water.batched.fields import floats, ints
from models.water.batched.lanes import fma, load, splat, store, where_positive


@njit(error_model="numpy")
def factor_and_solve(unknowns: int, table: int) -> None:
    """Replace entries and right-hand side by factor and solution; heads only of lanes not held."""
    column, below = ints(table, f.COLUMN), ints(table, f.BELOW)
    pair, target = ints(table, f.PAIR), ints(table, f.TARGET)
    entry, excess, right = floats(table, f.ENTRY), floats(table, f.EXCESS), floats(table, f.RIGHT)
    pivot, head = floats(table, f.PIVOT), floats(table, f.HEAD)
    one = splat(1.0)
    for j in range(unknowns):
        first, end = column[j], column[j + 1]
        own = load(excess, j)
        diagonal = own
        for a in range(first, end):
            diagonal = diagonal + load(entry, a)
        inverse = one / diagonal
        store(pivot, j, inverse)
        mine = load(right, j)
        p = pair[j]
        for a in range(first, end):
            share = load(entry, a) * inverse
            i = below[a]
            store(excess, i, fma(share, own, load(excess, i)))
            store(right, i, fma(share, mine, load(right, i)))
            for b in range(a + 1, end):
                t = target[p]
                p += 1
                store(entry, t, fma(share, load(entry, b), load(entry, t)))
            store(entry, a, share)
    held = load(floats(table, f.HOLD), 0)
    for k in range(unknowns):
        j = unknowns - 1 - k
        x = load(right, j) * load(pivot, j)
        for a in range(column[j], column[j + 1]):
            x = fma(load(entry, a), load(right, below[a]), x)
        store(right, j, x)
        store(head, j, where_positive(held, load(head, j), x))
