"""Points put on the nearest road, and roads cut there so that each point is a node."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from twin.roads.graph import RoadGraph, grained

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

PIECE_M = 100.0
"""Long segments are indexed by the middles of pieces no longer than this."""

CHUNK = 512
"""Points searched at once: bounds the memory of a search far from any road."""


@dataclass(frozen=True, eq=False)
class Feet:
    """Where points stand on the roads, all of shape (points,).

    `segment` is an index into `low` and `high`, the nodes it joins (shape (segments,)), `share`
    how far along it the foot is from `low` (0) to `high` (1), `off_m` how far the point lies from
    its foot.
    """

    low: Integers
    high: Integers
    segment: Integers
    share: Floats
    off_m: Floats


def nearest_roads(graph: RoadGraph, x_m: Floats, y_m: Floats) -> Feet:
    """Return the foot of each point on the nearest segment of road, exactly.

    A k-d tree over the middles of pieces of road gives a piece, hence a road within some distance
    r; any nearer one has the middle of a piece within r plus half a piece. Among equally near
    ones, the segment of least number is taken.
    """
    low, high = _segments(graph)
    owner, middles, half_m = _pieces(graph, low, high)
    from scipy.spatial import KDTree

    tree = KDTree(middles)
    segment = np.empty(len(x_m), dtype=np.int64)
    share, off_m = np.empty(len(x_m)), np.empty(len(x_m))
    points = np.column_stack([x_m, y_m])
    for first in range(0, len(x_m), CHUNK):
        some = slice(first, first + CHUNK)
        here = points[some]
        _, nearest = tree.query(here)
        within_m, _ = _foot(graph, low, high, owner[nearest], here)
        # A hair more than the bound, so that rounding drops no candidate.
        reach = (within_m + half_m) * (1.0 + 1e-9) + 1e-6
        found = tree.query_ball_point(here, reach, return_sorted=False)
        counts = np.array([len(each) for each in found])
        row = np.repeat(np.arange(len(here)), counts)
        candidate = owner[np.concatenate([np.asarray(each, dtype=np.int64) for each in found])]
        distance_m, along = _foot(graph, low, high, candidate, here[row])
        best = np.lexsort((candidate, distance_m, row))
        best = best[np.concatenate([[0], np.cumsum(counts)[:-1]])]
        segment[some], share[some] = candidate[best], along[best]
        off_m[some] = distance_m[best]
    return Feet(low, high, segment, share, off_m)


def nearest_nodes(graph: RoadGraph, x_m: Floats, y_m: Floats) -> tuple[Integers, Floats]:
    """Return the nearest node that a road reaches, and its distance, each of shape (points,)."""
    from scipy.spatial import KDTree

    used = np.unique(np.concatenate([graph.tail, graph.head]))
    tree = KDTree(np.column_stack([graph.x_m[used], graph.y_m[used]]))
    off_m, index = tree.query(np.column_stack([x_m, y_m]))
    return used[index], np.asarray(off_m, dtype=np.float64)


def cut(graph: RoadGraph, feet: Feet) -> tuple[RoadGraph, Integers]:
    """Return the graph with a node at each foot, and the node of each point, shape (points,).

    An arc cut in pieces shares its length and time among them; the pieces sum exactly to the arc.
    Each direction is cut on its own: a one-way street stays one. Points with the same foot share
    its node; a foot at an end of the segment is that end.
    """
    node = np.where(feet.share <= 0.0, feet.low[feet.segment], feet.high[feet.segment])
    inside = np.flatnonzero((feet.share > 0.0) & (feet.share < 1.0))
    if not inside.size:
        return graph, node
    pairs = np.column_stack([feet.segment[inside].astype(np.float64), feet.share[inside]])
    # Sorted by segment, then along it.
    pairs, which = np.unique(pairs, axis=0, return_inverse=True)
    node[inside] = graph.nodes + which.ravel()
    segment, share = pairs[:, 0].astype(np.int64), pairs[:, 1]
    low, high = feet.low[segment], feet.high[segment]
    x_m = graph.x_m[low] + share * (graph.x_m[high] - graph.x_m[low])
    y_m = graph.y_m[low] + share * (graph.y_m[high] - graph.y_m[low])

    number = _number(graph, feet.low, feet.high)
    first = np.searchsorted(segment, number, side="left")
    count = np.searchsorted(segment, number, side="right") - first
    whole = count == 0
    tail, head = [graph.tail[whole]], [graph.head[whole]]
    length_m, time_s = [graph.length_m[whole]], [graph.time_s[whole]]
    for arc in np.flatnonzero(~whole):
        inner = np.arange(first[arc], first[arc] + count[arc])
        along = share[inner]
        if graph.tail[arc] != low[inner[0]]:
            inner, along = inner[::-1], 1.0 - along[::-1]
        chain = np.concatenate([[graph.tail[arc]], graph.nodes + inner, [graph.head[arc]]])
        tail.append(chain[:-1])
        head.append(chain[1:])
        length_m.append(_shared(float(graph.length_m[arc]), along))
        time_s.append(_shared(float(graph.time_s[arc]), along))
    whole_graph = replace(
        graph,
        x_m=np.concatenate([graph.x_m, x_m]),
        y_m=np.concatenate([graph.y_m, y_m]),
        tail=np.concatenate(tail),
        head=np.concatenate(head),
        length_m=np.concatenate(length_m),
        time_s=np.concatenate(time_s),
    )
    return whole_graph, node


def _shared(total: float, along: Floats) -> Floats:
    """Return a total shared among the pieces between increasing shares of it."""
    return np.diff(np.concatenate([[0.0], grained(total * along), [total]]))


def _number(graph: RoadGraph, low: Integers, high: Integers) -> Integers:
    """Return the segment of each arc, shape (arcs,); -1 for loops."""
    a, b = np.minimum(graph.tail, graph.head), np.maximum(graph.tail, graph.head)
    index = np.searchsorted(low * graph.nodes + high, a * graph.nodes + b)
    return np.where(a == b, -1, index)


def _segments(graph: RoadGraph) -> tuple[Integers, Integers]:
    """Return the pairs of nodes that an arc joins, low < high, sorted."""
    a, b = np.minimum(graph.tail, graph.head), np.maximum(graph.tail, graph.head)
    pairs = np.unique((a * graph.nodes + b)[a != b])
    return pairs // graph.nodes, pairs % graph.nodes


def _pieces(graph: RoadGraph, low: Integers, high: Integers) -> tuple[Integers, Floats, float]:
    """Return each piece's segment, its middle (shape (pieces, 2)), and the longest half, m."""
    dx, dy = graph.x_m[high] - graph.x_m[low], graph.y_m[high] - graph.y_m[low]
    drawn_m = np.hypot(dx, dy)
    count = np.maximum(np.ceil(drawn_m / PIECE_M).astype(np.int64), 1)
    owner = np.repeat(np.arange(len(low)), count)
    rank = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    share = (rank + 0.5) / count[owner]
    middles = np.column_stack(
        [
            graph.x_m[low][owner] + share * dx[owner],
            graph.y_m[low][owner] + share * dy[owner],
        ]
    )
    return owner, middles, float((drawn_m / count).max() / 2.0)


def _foot(
    graph: RoadGraph, low: Integers, high: Integers, segment: Integers, points: Floats
) -> tuple[Floats, Floats]:
    """Return each point's distance to its segment, m, and the share of the foot along it."""
    a, b = low[segment], high[segment]
    ax, ay = graph.x_m[a], graph.y_m[a]
    dx, dy = graph.x_m[b] - ax, graph.y_m[b] - ay
    px, py = points[:, 0] - ax, points[:, 1] - ay
    squared = dx * dx + dy * dy
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(squared > 0.0, (px * dx + py * dy) / squared, 0.0)
    share = np.clip(share, 0.0, 1.0)
    return np.hypot(px - share * dx, py - share * dy), share
