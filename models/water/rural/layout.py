"""The plan of one commune's network: where pipes run, before anything is sized."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.water.rural.dwellings import Dwellings
from models.water.rural.gather import gather
from models.water.rural.loops import close_loops
from models.water.rural.settings import DesignSection, ShapeSection
from models.water.rural.siting import Place, sites, village
from models.water.rural.tree import grow
from twin.errors import DataError, Fault
from twin.lang import Text
from twin.streams import Streams
from twin.terrain.grid import Terrain
from twin.territory.areas import CommuneAreas
from twin.territory.communes import Commune
from twin.territory.scatter import Settlement

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

VILLAGE_DEVIATIONS = 1.8
"""Radius of the village in standard deviations of its homes."""
UNEVEN = 0.1
"""A pipe's detour is within this share of the common one [U]."""
SHORTEST_M = 5.0
APART_M = 30.0
"""Pipe to homes that hang apart."""
MODEL = "water"


@dataclass(frozen=True, eq=False)
class Layout:
    """Nodes of the tree of mains and the pipes that close loops.

    Attributes
    ----------
    x_m, y_m, ground_m : NDArray[np.float64]
        Nodes: places with customers, the foot of the tower (`root`), tees, cuts; shape (nodes,).
    parent : NDArray[np.int64]
        What each node hangs on, -1 for the root; shape (nodes,).
    way_m : NDArray[np.float64]
        Length of the pipe above each node, 0 for the root; shape (nodes,).
    loops : NDArray[np.int64]
        Pairs of nodes, shape (loops, 2); `loop_m` their pipes' length.
    village : NDArray[np.bool_]
        Which nodes stand in the village.
    root : int
        The foot of the tower.
    place : NDArray[np.int64]
        Node of each home, shape (homes,).
    tower, source : Place
    rising_m : float
        Length of the main from the source to the tower.
    """

    x_m: Floats
    y_m: Floats
    ground_m: Floats
    parent: Ints
    way_m: Floats
    loops: Ints
    loop_m: Floats
    village: Bools
    root: int
    place: Ints
    tower: Place
    source: Place
    rising_m: float

    @property
    def length_m(self) -> float:
        """Return the length of all mains."""
        return float(self.way_m.sum() + self.loop_m.sum()) + self.rising_m


def lay_out(
    commune: Commune,
    index: int,
    areas: CommuneAreas,
    terrain: Terrain,
    homes: Dwellings,
    shape: ShapeSection,
    design: DesignSection,
    streams: Streams,
) -> Layout:
    """Return the plan of a commune along straight lines: detour 1 but for its unevenness.

    Raises
    ------
    DataError
        Where the terrain has no height at a node.
    """
    wanted = shape.junctions_base + shape.junctions_per_root * np.sqrt(commune.population)
    count = int(min(round(wanted), shape.junctions_most))
    places = gather(homes.x_m, homes.y_m, (commune.x_m, commune.y_m), count)
    ground = _ground(terrain, places.x_m, places.y_m, commune)
    tower, source = sites(commune, index, areas, terrain, (places.x_m, places.y_m, ground), design)
    root = len(places.x_m)
    tree = grow(
        np.append(places.x_m, tower.x_m),
        np.append(places.y_m, tower.y_m),
        np.append(ground, tower.ground_m),
        root,
        shape.straightness,
    )
    centre = village(commune, places.x_m, places.y_m)
    radius = VILLAGE_DEVIATIONS * Settlement().bourg_sd_of(commune.population)
    inside = np.hypot(tree.x_m - centre[0], tree.y_m - centre[1]) <= radius
    inside[root] = False
    heights = _ground(terrain, tree.x_m, tree.y_m, commune)
    loops = close_loops(tree.x_m, tree.y_m, heights, tree.parent, inside, commune.population, shape)
    rng = streams.generator(MODEL, "detours", commune.insee)
    uneven = 1.0 + UNEVEN * (2.0 * rng.random(len(tree.x_m) + len(loops)) - 1.0)
    above = np.maximum(tree.parent, 0)
    way = np.hypot(tree.x_m - tree.x_m[above], tree.y_m - tree.y_m[above])
    way = np.where(tree.parent < 0, 0.0, np.maximum(way, SHORTEST_M)) * uneven[: len(way)]
    across = np.hypot(*(np.diff(each[loops], axis=1).ravel() for each in (tree.x_m, tree.y_m)))
    return Layout(
        tree.x_m,
        tree.y_m,
        heights,
        tree.parent,
        way,
        loops,
        across * uneven[len(way) :],
        inside,
        root,
        places.place,
        tower,
        source,
        max(float(np.hypot(tower.x_m - source.x_m, tower.y_m - source.y_m)), 50.0),
    )


def along_roads(
    layout: Layout, detour: float, longest_m: float, terrain: Terrain, commune: Commune
) -> Layout:
    """Return the plan with every pipe `detour` times longer, and those beyond `longest_m` cut."""
    way = layout.way_m * detour
    parts = np.maximum(np.ceil(way / longest_m), 1.0).astype(np.int64)
    parent = layout.parent.copy()
    x, y, inside = [layout.x_m], [layout.y_m], [layout.village]
    above, lengths = [parent], [way / parts]
    count = len(parent)
    for node in np.flatnonzero(parts > 1).tolist():
        top, number = int(layout.parent[node]), int(parts[node])
        share = np.arange(1, number) / number
        x.append(layout.x_m[top] + share * (layout.x_m[node] - layout.x_m[top]))
        y.append(layout.y_m[top] + share * (layout.y_m[node] - layout.y_m[top]))
        inside.append(np.full(number - 1, bool(layout.village[node] and layout.village[top])))
        above.append(np.concatenate([[top], np.arange(count, count + number - 2)]))
        lengths.append(np.full(number - 1, way[node] / number))
        parent[node] = count + number - 2
        count += number - 1
    xs, ys = np.concatenate(x), np.concatenate(y)
    return replace(
        layout,
        x_m=xs,
        y_m=ys,
        ground_m=_ground(terrain, xs, ys, commune),
        parent=np.concatenate(above),
        way_m=np.concatenate(lengths),
        loop_m=layout.loop_m * detour,
        village=np.concatenate(inside),
        rising_m=layout.rising_m * detour,
    )


def hang_apart(layout: Layout, nodes: Ints) -> Layout:
    """Return the plan with the homes of some nodes on a short pipe of their own."""
    count, more = len(layout.x_m), len(nodes)
    moved = np.arange(count)
    moved[nodes] = count + np.arange(more)
    return replace(
        layout,
        x_m=np.concatenate([layout.x_m, layout.x_m[nodes] + APART_M]),
        y_m=np.concatenate([layout.y_m, layout.y_m[nodes]]),
        ground_m=np.concatenate([layout.ground_m, layout.ground_m[nodes]]),
        parent=np.concatenate([layout.parent, nodes]),
        way_m=np.concatenate([layout.way_m, np.full(more, APART_M)]),
        village=np.concatenate([layout.village, layout.village[nodes]]),
        place=moved[layout.place],
    )


def _ground(terrain: Terrain, x_m: Floats, y_m: Floats, commune: Commune) -> Floats:
    ground = terrain.height_m(x_m, y_m)
    lost = np.flatnonzero(~np.isfinite(ground))
    if lost.size:
        raise DataError(
            Fault(
                key=f"terrain, {commune.name} ({commune.insee})",
                value=f"x_m {x_m[lost[0]]:.0f}, y_m {y_m[lost[0]]:.0f}",
                expected=Text(
                    "un relief qui couvre toute la commune", "ground that covers the whole commune"
                ),
                remedy=Text(
                    "ajouter les dalles manquantes, ou combler les vides",
                    "add the missing tiles, or fill the voids",
                ),
            )
        )
    return np.asarray(ground, dtype=np.float64)
