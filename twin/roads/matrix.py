"""Kilometres and minutes from every point to every other, by the fastest or shortest way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.cells import raise_all
from twin.errors import DataError, Fault, InputError
from twin.lang import Text
from twin.roads.eliminate import eliminate
from twin.roads.graph import RoadGraph
from twin.roads.prune import Weight, prune, weighed
from twin.roads.snap import cut, nearest_nodes, nearest_roads
from twin.roads.sweep import sweep
from twin.roads.travel import Travel
from twin.roads.truck import KMH
from twin.roads.weave import weave

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class TravelSettings:
    """How points are put on the roads and what the best way is.

    Attributes
    ----------
    limit_m : float
        A point farther than this from any road is refused.
    access_kmh : float
        Speed between a point and its road [U].
    access_detour : float
        Metres driven per metre between a point and its road, as the crow flies [U].
    weight : {"time", "length"}
        The fastest ways, or the shortest.
    onto : {"segment", "node"}
        Points go to the nearest place of a road, or to the nearest of its nodes.
    """

    limit_m: float = 500.0
    access_kmh: float = 15.0
    access_detour: float = 1.0
    weight: Weight = "time"
    onto: Literal["segment", "node"] = "segment"

    def check(self) -> None:
        """Raise an InputError that names every setting out of bounds."""
        wrong = [
            (name, value, low, strict)
            for name, value, low, strict in (
                ("limit_m", self.limit_m, 0.0, False),
                ("access_kmh", self.access_kmh, 0.0, True),
                ("access_detour", self.access_detour, 1.0, False),
            )
            if not (np.isfinite(value) and (value > low if strict else value >= low))
        ]
        faults = [
            Fault(
                key=name,
                value=f"{value:g}",
                expected=Text(
                    f"un nombre {'supérieur' if strict else 'au moins égal'} à {low:g}",
                    f"a number {'above' if strict else 'of at least'} {low:g}",
                ),
                remedy=Text("corrigez ce réglage", "mend this setting"),
            )
            for name, value, low, strict in wrong
        ]
        choices = (("weight", self.weight, "time, length"), ("onto", self.onto, "segment, node"))
        faults += [
            Fault(
                key=name,
                value=str(value),
                expected=Text(f"l'un de {known}", f"one of {known}"),
                remedy=Text("corrigez ce réglage", "mend this setting"),
            )
            for name, value, known in choices
            if value not in known.split(", ")
        ]
        if faults:
            raise InputError(*faults)


@dataclass(frozen=True)
class Rows:
    """Where points come from, so that a message names the right row of the right file."""

    file: str = ""
    places: Sequence[str] = field(default_factory=list)

    def name(self, row: int) -> str:
        """Return how a person finds this row."""
        return self.places[row] if row < len(self.places) else f"n. {row + 1}"


class Between(NamedTuple):
    """Length and time of best ways, rows to columns; nodes left after pruning."""

    length_m: Floats
    time_s: Floats
    pruned_nodes: int


class Measured(NamedTuple):
    """Travel between points, and the nodes of the pruned graph it was computed on."""

    travel: Travel
    pruned_nodes: int


def between(graph: RoadGraph, nodes: Integers, weight: Weight = "time") -> Between:
    """Return the best ways from each of these nodes to each other, infinite where there is none.

    Ties go to the way that takes least of the other figure. Both figures are exact sums of the
    arcs': the same, to the last bit, as a search of the whole graph.

    Parameters
    ----------
    graph
        The roads.
    nodes
        Nodes of the graph, repeated ones allowed, shape (n,).
    weight
        What the best way is best at.
    """
    pruned = prune(graph, nodes, weight)
    small = pruned.graph
    cost, load = weighed(small, weight)
    links = weave(small.nodes, small.tail, small.head, cost, load)
    spared = np.zeros(small.nodes, dtype=np.bool_)
    done = eliminate(links, spared, small.nodes, True)  # noqa: FBT003 - compiled: by position
    points = np.searchsorted(pruned.node, nodes)
    cost, load = sweep(done.record, small.nodes, points)
    length_m, time_s = (load, cost) if weight == "time" else (cost, load)
    return Between(length_m, time_s, small.nodes)


def travel(
    graph: RoadGraph,
    x_m: ArrayLike,
    y_m: ArrayLike,
    settings: TravelSettings | None = None,
    rows: Rows | None = None,
) -> Travel:
    """Return road travel between points; see :func:`measure`."""
    return measure(graph, x_m, y_m, settings, rows).travel


def shortest(graph: RoadGraph, x_m: ArrayLike, y_m: ArrayLike, rows: Rows | None = None) -> Travel:
    """Return travel by the *shortest* ways, and how long those take; see :func:`measure`."""
    return travel(graph, x_m, y_m, TravelSettings(weight="length"), rows)


def measure(
    graph: RoadGraph,
    x_m: ArrayLike,
    y_m: ArrayLike,
    settings: TravelSettings | None = None,
    rows: Rows | None = None,
) -> Measured:
    """Return road travel between points, every way there and back.

    A point is put on the nearest segment of road, which is cut at the foot of the perpendicular;
    getting to and from the road is added to every way (nothing from a point to itself). A truck
    may leave a point in either direction that its road allows.

    Parameters
    ----------
    graph
        The roads.
    x_m, y_m
        Points in the plane of the graph (`graph.crs`), shape (points,).
    settings
        :class:`TravelSettings` by default.
    rows
        Names the rows in messages.

    Raises
    ------
    DataError
        Once, with every row at fault: not finite, farther than `limit_m` from any road; then those
        that cannot be driven to, or from, where most of the others are.
    InputError
        Settings out of bounds.
    """
    settings, rows = settings or TravelSettings(), rows or Rows()
    settings.check()
    x, y = np.asarray(x_m, dtype=np.float64), np.asarray(y_m, dtype=np.float64)
    _check_finite(x, y, rows)
    if settings.onto == "node":
        node, off_m = nearest_nodes(graph, x, y)
        _check_near(off_m, settings.limit_m, rows)
        whole = graph
    else:
        feet = nearest_roads(graph, x, y)
        off_m = feet.off_m
        _check_near(off_m, settings.limit_m, rows)
        whole, node = cut(graph, feet)
    _check_joined(whole, node, rows)
    found = between(whole, node, settings.weight)
    access_m = off_m * settings.access_detour
    access_s = access_m / (settings.access_kmh * KMH)
    apart = 1.0 - np.eye(len(x))
    return Measured(
        Travel(
            distance_m=found.length_m + apart * (access_m[:, None] + access_m[None, :]),
            time_s=found.time_s + apart * (access_s[:, None] + access_s[None, :]),
            snapped_m=off_m,
            source=graph.source,
        ),
        found.pruned_nodes,
    )


def _check_finite(x_m: Floats, y_m: Floats, rows: Rows) -> None:
    """Raise for arrays of different lengths, for no point, and for places that are not numbers."""
    if x_m.ndim != 1 or x_m.shape != y_m.shape or not x_m.size:
        raise DataError(
            Fault(
                file=rows.file,
                key="x_m, y_m",
                value=f"{x_m.shape}, {y_m.shape}",
                expected=Text("autant de x_m que de y_m, un au moins",
                              "as many x_m as y_m, one at least"),
                remedy=Text("donnez un point par ligne", "give one point a row"),
            )
        )  # fmt: skip
    raise_all(
        [
            Fault(
                file=rows.file,
                key=f"{rows.name(row)}, x_m, y_m",
                value=f"{x_m[row]:g}, {y_m[row]:g}",
                expected=Text("des nombres finis", "finite numbers"),
                remedy=Text("corrigez les coordonnées", "mend the coordinates"),
            )
            for row in np.flatnonzero(~(np.isfinite(x_m) & np.isfinite(y_m))).tolist()
        ]
    )


def _check_near(off_m: Floats, limit_m: float, rows: Rows) -> None:
    """Raise for points too far from any road."""
    raise_all(
        [
            Fault(
                file=rows.file,
                key=f"{rows.name(row)}",
                value=f"{off_m[row]:.0f} m",
                expected=Text(
                    f"une route à moins de {limit_m:g} m", f"a road within {limit_m:g} m"
                ),
                remedy=Text(
                    "corrigez le point, prenez des routes qui couvrent le territoire, "
                    "ou relevez limit_m",
                    "mend the point, take roads that cover the territory, or raise limit_m",
                ),
            )
            for row in np.flatnonzero(off_m > limit_m).tolist()
        ]
    )


def _check_joined(graph: RoadGraph, node: Integers, rows: Rows) -> None:
    """Raise for points outside the strongly connected component where most points are."""
    labels = graph.strong_components()[node]
    most = np.bincount(labels).argmax()
    raise_all(
        [
            Fault(
                file=rows.file,
                key=rows.name(row),
                value=f"x_m {graph.x_m[node[row]]:.0f}, y_m {graph.y_m[node[row]]:.0f}",
                expected=Text(
                    "une route d'où l'on va aux autres points et en revient",
                    "a road from which the other points can be driven to and back",
                ),
                remedy=Text(
                    "déplacez le point, ou ne gardez que les routes reliées entre elles "
                    "(--connected ; RoadGraph.connected)",
                    "move the point, or keep only the roads that are connected "
                    "(--connected; RoadGraph.connected)",
                ),
            )
            for row in np.flatnonzero(labels != most).tolist()
        ]
    )
