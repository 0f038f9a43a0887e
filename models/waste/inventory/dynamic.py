"""The best policy that does not see the future, by dynamic programming, for very few bins.

It splits the gap between a rolling policy and perfect information in two: what not knowing costs
anybody, and what the rolling policy loses besides. Levels lie on a grid and the value between its
points is interpolated, so the optimum is approached from the side of a playable policy.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from models.waste.inventory.collection import Collection, RoundPrices
from models.waste.inventory.outlook import excess_l
from models.waste.inventory.waste import Decide, cheapest_rounds
from twin.errors import Fault, InputError
from twin.lang import Text

MOST_STATES = 2_000_000
_LEAST_STEPS = 2


def dynamic(collection: Collection, prices: RoundPrices, days: int, steps: int = 16) -> Decide:
    """Return the policy that minimises the expected bill over `days`, its end charge included.

    Parameters
    ----------
    steps
        Parts a bin is cut into; states number (steps + 1)^bins.

    Raises
    ------
    InputError
        More than :data:`MOST_STATES` states, fewer than 2 steps, or several loads a day.
    """
    bins = len(collection)
    nodes = steps + 1
    if collection.loads != 1 or steps < _LEAST_STEPS:
        raise InputError(
            Fault(
                key="loads, steps",
                value=f"{collection.loads}, {steps}",
                expected=Text("une tournée par jour, au moins 2 pas", "one load a day, 2 steps"),
                remedy=Text("corrigez ces valeurs", "correct these values"),
            )
        )
    if nodes**bins > MOST_STATES:
        raise InputError(
            Fault(
                key="bins, steps",
                value=f"{nodes}^{bins}",
                expected=Text(f"au plus {MOST_STATES} états", f"at most {MOST_STATES} states"),
                remedy=Text("moins de bacs ou de pas", "fewer bins or steps"),
            )
        )
    step_l = collection.capacity_l / steps
    move, over_eur = _night(collection, steps)
    grid = np.arange(nodes)[:, None] * step_l
    left = _outer_sum(grid * prices.stop_eur / collection.capacity_l)
    after: list[NDArray[np.float64]] = [np.zeros(0)] * days
    value = left
    for day in reversed(range(days)):
        # `after` is the value once the truck has passed: the night's fill, then the next morning.
        after[day] = _expect(value, move) + over_eur
        value = _morning(collection, prices, after[day], grid)

    def decide(day: int, level_l: NDArray[np.float64]) -> list[int]:
        costs = [
            cheapest_rounds(prices, level_l, subset, collection.truck_l, collection.loads)[0]
            + _interpolate(after[day], np.where(_in(subset, bins), 0.0, level_l) / step_l)
            for subset in range(1 << bins)
        ]
        return [int(bin_) for bin_ in np.flatnonzero(_in(int(np.argmin(costs)), bins))]

    return decide


def _in(subset: int, bins: int) -> NDArray[np.bool_]:
    return (subset >> np.arange(bins) & 1).astype(np.bool_)


def _night(collection: Collection, steps: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return moves between nodes (bins, from, to), means kept, and the night's overflow, EUR."""
    nodes = steps + 1
    step_l = collection.capacity_l / steps
    places = np.arange(-1, nodes + 1)[None, :, None] * step_l
    start = np.arange(nodes)[:, None, None] * step_l
    excess = excess_l(collection, 1, places - start)
    # A mass between two nodes is shared by distance: second differences of the excess.
    move = (excess[:, :-2] - 2.0 * excess[:, 1:-1] + excess[:, 2:]) / step_l
    # What overflows stays out: the last node takes all that reaches it.
    move[:, -1] = (excess[:, -3] - excess[:, -2]) / step_l
    over = collection.eur_per_l_over * excess[:, -2]
    return np.moveaxis(move, 2, 0), _outer_sum(over)


def _outer_sum(per_bin: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum over bins of values (nodes, bins) on the whole grid, shape (nodes,) * bins."""
    total = np.zeros(())
    for column in per_bin.T:
        total = total[..., None] + column
    return total


def _expect(value: NDArray[np.float64], move: NDArray[np.float64]) -> NDArray[np.float64]:
    for axis, table in enumerate(move):
        value = np.moveaxis(np.tensordot(table, value, axes=(1, axis)), 0, axis)
    return value


def _morning(
    collection: Collection,
    prices: RoundPrices,
    after: NDArray[np.float64],
    grid: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the least of every choice of bins, on the grid."""
    bins = len(collection)
    best = after.copy()
    for subset in range(1, 1 << bins):
        inside = _in(subset, bins)
        load_l = _outer_sum(np.where(inside, grid, 0.0))
        emptied = after[tuple(slice(0, 1) if chosen else slice(None) for chosen in inside)]
        cost = prices.eur[subset] + np.broadcast_to(emptied, after.shape)
        np.minimum(best, cost, out=best, where=load_l <= collection.truck_l * (1.0 + 1e-9))
    return best


def _interpolate(value: NDArray[np.float64], at: NDArray[np.float64]) -> float:
    """Return the multilinear value at a point given in steps, shape (bins,)."""
    low = np.minimum(at.astype(np.int64), value.shape[0] - 2)
    part = at - low
    total = 0.0
    for corner in itertools.product((0, 1), repeat=len(at)):
        side = np.array(corner)
        weight = float(np.prod(np.where(side == 1, part, 1.0 - part)))
        total += weight * float(value[tuple(low + side)])
    return total
