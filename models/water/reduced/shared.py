"""The matrix all lanes share at the start: factored once, solved with in every lane.

Lanes that differ by a leak begin at the same heads and flows, hence with the same matrix. One
factor serves their first steps; each of these then costs a sweep and two substitutions.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from models.water.batched import fields as f
from models.water.batched.lanes import WIDTH, fma, load, splat, store, where_positive
from models.water.batched.plan import Plan
from models.water.network.network import Floats
from models.water.reduced.jit import block, inner


class Shared(NamedTuple):
    """What lanes share: plain numbers, by row, by entry of the factor, or by edge.

    Attributes
    ----------
    head, flow, slope, rest
        Heads and flows they start from; P and q - Y of every edge there.
    factor, pivot
        Of the matrix, as `models.water.batched.linear` leaves them.
    right
        Right side without leaks.
    demand
        What each row draws.
    """

    head: Floats
    flow: Floats
    slope: Floats
    rest: Floats
    factor: Floats
    pivot: Floats
    right: Floats
    demand: Floats


def empty_shared(plan: Plan) -> Shared:
    """Return room for what lanes share."""
    sizes = plan.sizes
    rows, entries = sizes.unknowns + sizes.fixed, len(plan.arrays[f.BELOW])
    rooms = (rows, sizes.links, sizes.links, sizes.links, entries, sizes.unknowns, rows, rows)
    return Shared(*(np.zeros(room) for room in rooms))


@block
def solve_shared(core: Any, shared: Any, right: Any, head: Any, hold: Any) -> None:
    """Solve for the heads of lanes not held; `right` is used up."""
    n = core.unknowns
    for j in range(n):
        mine = load(right, j)
        for k in range(core.column[j], core.column[j + 1]):
            row = core.below[k]
            store(right, row, fma(splat(shared.factor[k]), mine, load(right, row)))
    held = load(hold, 0)
    for back in range(n):
        j = n - 1 - back
        x = load(right, j) * splat(shared.pivot[j])
        for k in range(core.column[j], core.column[j + 1]):
            x = fma(splat(shared.factor[k]), load(right, core.below[k]), x)
        store(right, j, x)
        store(head, j, where_positive(held, load(head, j), x))


@inner
def keep(array: Any, into: Any) -> None:
    """Copy the first lane of each item."""
    for item in range(len(into)):
        into[item] = array[item * WIDTH]


@inner
def spread(values: Any, array: Any) -> None:
    """Give a number to all lanes of each item."""
    for item in range(len(values)):
        store(array, item, splat(values[item]))
