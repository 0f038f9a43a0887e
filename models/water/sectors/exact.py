"""The best cuts for a given number: a dynamic programme over the bridge tree.

From the leaves up, each block keeps for each number of cuts below it the partial answers that none
other beats: (kilometres, homes of the district still open at the block; cost of those closed
below). A smaller open district at a smaller cost is never worse, since a loss never falls when a
district grows. Exact, and exponential at worst: it measures what the greedy order gives away.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from models.water.network.network import Ints, Network
from models.water.sectors.cuts import Areas, find_areas
from models.water.sectors.loss import Loss
from models.water.sectors.supply import Bools
from models.water.sectors.weights import Weights
from twin.errors import Fault, UnreachableError
from twin.lang import Text

STATES = 400_000
"""Partial answers at one block beyond which the programme gives up."""


@dataclass(frozen=True, eq=False)
class BestCuts:
    """The links metered, and the yearly cost they leave: no other choice of so many costs less."""

    metered: Ints
    loss: float


class _Partial(NamedTuple):
    km: float
    homes: float
    closed: float
    cuts: int
    """The blocks cut above, as bits."""


_Front = list[_Partial]


def best_cuts(
    network: Network, weights: Weights, loss: Loss, count: int, allowed: Bools | None = None
) -> BestCuts:
    """Return the best `count` cuts or fewer; the first cut of an area opens it, as in `cut_order`.

    Raises
    ------
    DataError
        Junctions joined to no source.
    UnreachableError
        Too many partial answers: the network is too large for an exact answer.
    """
    areas = find_areas(network, weights, allowed)
    # best[j]: least cost with j cuts in the areas so far, and the (areas, blocks) behind it.
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for area, gates in enumerate(areas.gates):
        mine = np.flatnonzero(areas.tree.area == area).astype(np.int32)
        bare = loss.unwatched(areas.km[mine].sum()[None], areas.homes[mine].sum()[None])[0]
        options = {0: (float(bare), ())} | {
            cuts + 1: (cost, (*gates, *_links(areas, bits)))
            for cuts, (cost, bits) in _area(areas, mine, loss, count - 1).items()
        }
        best = _joined(best, options, count)
    cost, links = min(best.values(), key=lambda found: found[0])
    return BestCuts(np.array(sorted(links), dtype=np.int32), cost)


def _joined(
    best: dict[int, tuple[float, tuple[int, ...]]],
    options: dict[int, tuple[float, tuple[int, ...]]],
    count: int,
) -> dict[int, tuple[float, tuple[int, ...]]]:
    joined: dict[int, tuple[float, tuple[int, ...]]] = {}
    for before, (cost, links) in best.items():
        for more, (extra, others) in options.items():
            total = before + more
            if total <= count and (total not in joined or cost + extra < joined[total][0]):
                joined[total] = (cost + extra, (*links, *others))
    return joined


def _links(areas: Areas, bits: int) -> Iterator[int]:
    for block in range(bits.bit_length()):
        if bits >> block & 1:
            yield int(areas.tree.link[block])


def _area(areas: Areas, mine: Ints, loss: Loss, most: int) -> dict[int, tuple[float, int]]:
    """Return least cost and blocks cut, by number of cuts inside one watched area."""
    if most < 0:
        return {}
    fronts: dict[int, list[_Front]] = {}
    parent = areas.tree.parent
    for block in mine[::-1].tolist():
        own = _Partial(float(areas.km[block]), float(areas.homes[block]), 0.0, 0)
        here = _merged([[own]], fronts.pop(block, None), most)
        above = int(parent[block])
        if above < 0:
            return {
                cuts: (found.closed, found.cuts)
                for cuts, found in enumerate(_closed(here, loss))
                if found is not None
            }
        kept = here
        if areas.cuttable[block]:
            kept = _with_cut(here, _closed(here, loss), block, most)
        fronts[above] = _merged(kept, fronts.get(above), most)
    return {}


def _closed(fronts: list[_Front], loss: Loss) -> list[_Partial | None]:
    """Return by number of cuts the cheapest partial answer once its open district is closed."""
    found: list[_Partial | None] = []
    for front in fronts:
        if not front:
            found.append(None)
            continue
        km = np.array([p.km for p in front])
        total = loss.watched(km, np.array([p.homes for p in front]))
        total = total + np.array([p.closed for p in front])
        least = int(np.argmin(total))
        found.append(_Partial(0.0, 0.0, float(total[least]), front[least].cuts))
    return found


def _with_cut(
    fronts: list[_Front], closed: list[_Partial | None], block: int, most: int
) -> list[_Front]:
    cut = [None, *closed][: most + 1]
    width = max(len(fronts), len(cut))
    joined: list[_Front] = []
    for cuts in range(width):
        front = list(fronts[cuts]) if cuts < len(fronts) else []
        partial = cut[cuts] if cuts < len(cut) else None
        if partial is not None:
            front.append(partial._replace(cuts=partial.cuts | 1 << block))
        joined.append(_pareto(front))
    return joined


def _merged(one: list[_Front], other: list[_Front] | None, most: int) -> list[_Front]:
    if other is None:
        return one
    sums: list[_Front] = [[] for _ in range(min(len(one) + len(other) - 1, most + 1))]
    for a, left in enumerate(one):
        for b, right in enumerate(other[: len(sums) - a]):
            _refuse_endless(len(left) * len(right))
            sums[a + b] += [
                _Partial(p.km + q.km, p.homes + q.homes, p.closed + q.closed, p.cuts | q.cuts)
                for p in left
                for q in right
            ]
    return [_pareto(front) for front in sums]


def _pareto(front: _Front) -> _Front:
    """Return the partial answers that none other equals or betters in all three."""
    kept: _Front = []
    stairs: list[tuple[float, float]] = []  # homes up, closed down
    for partial in sorted(front):
        step = (partial.homes, partial.closed)
        at = bisect_right(stairs, (partial.homes, np.inf))
        if at and stairs[at - 1][1] <= partial.closed:
            continue
        low = bisect_left(stairs, step)
        high = low
        while high < len(stairs) and stairs[high][1] >= partial.closed:
            high += 1
        del stairs[low:high]
        insort(stairs, step)
        kept.append(partial)
    return kept


def _refuse_endless(states: int) -> None:
    if states > STATES:
        raise UnreachableError(
            Fault(
                Text("un réseau plus petit ou moins de coupes", "a smaller network or fewer cuts"),
                Text("se contenter de l'ordre glouton", "take the greedy order"),
                key="best_cuts",
                value=f"{states} partial answers",
            )
        )
