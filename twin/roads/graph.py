"""A road graph: places in a metric plane and directed arcs with a length and a time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.errors import DataError, Fault
from twin.lang import Text

if TYPE_CHECKING:
    import networkx as nx

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

GRAIN = 2.0**-20
"""Lengths (m) and times (s) are whole multiples of this, about a millionth.

Sums of such numbers below 2^33 are exact in float64, whatever their order. Distances therefore do
not depend on how they are computed, and ties are true ties.
"""

LONGEST = 2.0**33
NODE_KEYS = ("x_m", "y_m")
ARC_KEYS = ("length_m", "time_s")


def grained(values: ArrayLike) -> Floats:
    """Return values rounded to the nearest multiple of :data:`GRAIN`."""
    return np.round(np.asarray(values, dtype=np.float64) / GRAIN) * GRAIN


@dataclass(frozen=True, eq=False)
class RoadGraph:
    """Roads as arrays. Build with :meth:`of`, which checks and rounds.

    Attributes
    ----------
    x_m, y_m : NDArray[np.float64]
        Places of the nodes in the plane `crs`, shape (nodes,).
    tail, head : NDArray[np.int64]
        Where each arc starts and ends, shape (arcs,). An arc is driven one way: a two-way street
        is two arcs. The carriageway is the straight segment between them.
    length_m, time_s : NDArray[np.float64]
        Its length and how long a truck takes, multiples of :data:`GRAIN`, shape (arcs,).
    source : str
        Where the roads come from: "osm", "graphml" or "synthetic".
    crs : str
        The metric plane: "EPSG:2154" (Lambert-93) in France, a UTM zone elsewhere.
    """

    x_m: Floats
    y_m: Floats
    tail: Integers
    head: Integers
    length_m: Floats
    time_s: Floats
    source: str
    crs: str

    @classmethod
    def of(
        cls,
        x_m: ArrayLike,
        y_m: ArrayLike,
        tail: ArrayLike,
        head: ArrayLike,
        length_m: ArrayLike,
        time_s: ArrayLike,
        source: str,
        crs: str = "EPSG:2154",
    ) -> RoadGraph:
        """Return the graph of these arrays, checked, lengths and times rounded to the grain.

        Raises
        ------
        DataError
            Shapes that differ, no arc, an arc to a node that is not there, a place that is not
            finite, a length or a time that is negative or not finite.
        """
        graph = cls(
            np.asarray(x_m, dtype=np.float64),
            np.asarray(y_m, dtype=np.float64),
            np.asarray(tail, dtype=np.int64),
            np.asarray(head, dtype=np.int64),
            grained(length_m),
            grained(time_s),
            source,
            crs,
        )
        graph._check()
        return graph

    @property
    def nodes(self) -> int:
        """Number of nodes."""
        return len(self.x_m)

    @property
    def arcs(self) -> int:
        """Number of arcs."""
        return len(self.tail)

    @cached_property
    def digest(self) -> str:
        """A hash of the content: equal graphs, equal digests."""
        summary = hashlib.sha256(f"{self.source} {self.crs} {self.nodes} {self.arcs}".encode())
        for array in self._arrays():
            summary.update(np.ascontiguousarray(array).tobytes())
        return summary.hexdigest()

    def strong_components(self) -> Integers:
        """Return for each node the number of its strongly connected component, shape (nodes,).

        Within a component, every node can be driven to from every other.
        """
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import connected_components

        links = csr_array(
            (np.ones(self.arcs), (self.tail, self.head)), shape=(self.nodes, self.nodes)
        )
        _, labels = connected_components(links, directed=True, connection="strong")
        return np.asarray(labels, dtype=np.int64)

    def connected(self) -> RoadGraph:
        """Return the part within which everything can be driven to and back: the largest one."""
        labels = self.strong_components()
        # The node count decides; among equals, the component met first.
        kept = labels == np.bincount(labels).argmax()
        return self.part(kept)

    def part(self, kept: NDArray[np.bool_]) -> RoadGraph:
        """Return the graph of the nodes marked in `kept`, shape (nodes,), and the arcs between."""
        number = np.cumsum(kept) - 1
        arcs = kept[self.tail] & kept[self.head]
        return replace(
            self,
            x_m=self.x_m[kept],
            y_m=self.y_m[kept],
            tail=number[self.tail[arcs]],
            head=number[self.head[arcs]],
            length_m=self.length_m[arcs],
            time_s=self.time_s[arcs],
        )

    def to_networkx(self) -> nx.MultiDiGraph:
        """Return the same graph for NetworkX: nodes 0, 1, ... and one keyed edge per arc.

        Nodes carry `x_m` and `y_m`, edges `length_m` and `time_s`, the graph `source` and `crs`.
        The key of an edge is the arc's number, so that the way back gives the same arrays.
        """
        import networkx as nx

        graph = nx.MultiDiGraph(source=self.source, crs=self.crs)
        for node, (x, y) in enumerate(zip(self.x_m.tolist(), self.y_m.tolist(), strict=True)):
            graph.add_node(node, x_m=x, y_m=y)
        columns = (self.tail, self.head, self.length_m, self.time_s)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        for arc, (tail, head, length, time) in enumerate(rows):
            graph.add_edge(tail, head, key=arc, length_m=length, time_s=time)
        return graph

    @classmethod
    def from_networkx(cls, graph: nx.MultiDiGraph) -> RoadGraph:
        """Return the graph that :meth:`to_networkx` wrote, or one with the same attributes.

        Arcs stand in the order of their keys where these are distinct integers, in NetworkX's own
        order otherwise.

        Raises
        ------
        DataError
            An attribute missing or not a number; then as :meth:`of`.
        """
        number = {node: i for i, node in enumerate(graph.nodes)}
        if graph.is_multigraph():
            edges = list(graph.edges(keys=True, data=True))
        else:
            edges = [(tail, head, 0, data) for tail, head, data in graph.edges(data=True)]
        keys = {key for _, _, key, _ in edges}
        if len(keys) == len(edges) and all(isinstance(key, int) for key in keys):
            edges.sort(key=lambda edge: edge[2])
        places = [
            [_number(data, key, f"node {node}") for key in NODE_KEYS]
            for node, data in graph.nodes(data=True)
        ]
        weights = [
            [_number(data, key, f"edge {tail} -> {head}") for key in ARC_KEYS]
            for tail, head, _, data in edges
        ]
        x_m, y_m = np.array(places, dtype=np.float64).reshape(-1, 2).T
        length_m, time_s = np.array(weights, dtype=np.float64).reshape(-1, 2).T
        return cls.of(
            x_m,
            y_m,
            [number[tail] for tail, _, _, _ in edges],
            [number[head] for _, head, _, _ in edges],
            length_m,
            time_s,
            str(graph.graph.get("source", "networkx")),
            str(graph.graph.get("crs", "EPSG:2154")),
        )

    def _arrays(self) -> tuple[Floats | Integers, ...]:
        return (self.x_m, self.y_m, self.tail, self.head, self.length_m, self.time_s)

    def _check(self) -> None:
        faults: list[Fault] = []
        sizes = [len(array) for array in self._arrays()]
        if sizes[0] != sizes[1] or any(a != b for a, b in pairwise(sizes[2:])):
            expected = Text("des tableaux de même longueur", "arrays of equal length")
            raise DataError(_fault("x_m, y_m, tail, head, length_m, time_s", str(sizes), expected))
        if not self.arcs:
            expected = Text("au moins une route praticable", "at least one usable road")
            remedy = Text(
                "vérifiez que le fichier contient des routes ouvertes aux camions",
                "check that the file holds roads open to trucks",
            )
            raise DataError(Fault(key="arcs", value="0", expected=expected, remedy=remedy))
        for name in ("tail", "head"):
            ends = getattr(self, name)
            bad = np.flatnonzero((ends < 0) | (ends >= self.nodes))
            if bad.size:
                expected = Text("un nœud du graphe", "a node of the graph")
                faults.append(_fault(f"{name}[{bad[0]}]", str(ends[bad[0]]), expected))
        for name in NODE_KEYS:
            bad = np.flatnonzero(~np.isfinite(getattr(self, name)))
            if bad.size:
                expected = Text("un nombre de mètres", "a number of metres")
                faults.append(_fault(f"{name}[{bad[0]}]", "NaN", expected))
        for name in ARC_KEYS:
            values = getattr(self, name)
            bad = np.flatnonzero(~((values >= 0.0) & (values < LONGEST)))
            if bad.size:
                expected = Text("un nombre positif ou nul", "a number of at least zero")
                faults.append(_fault(f"{name}[{bad[0]}]", str(values[bad[0]]), expected))
        if faults:
            raise DataError(*faults)


def _number(data: dict[str, Any], key: str, where: str) -> float:
    """Return one attribute as a number."""
    try:
        return float(data[key])
    except (KeyError, TypeError, ValueError) as error:
        met = str(data.get(key, "∅"))
        raise DataError(_fault(f"{where}, {key}", met, Text("un nombre", "a number"))) from error


def _fault(key: str, value: str, expected: Text) -> Fault:
    remedy = Text("corrigez le graphe routier", "mend the road graph")
    return Fault(key=key, value=value, expected=expected, remedy=remedy)
