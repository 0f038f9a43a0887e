"""Reads a planner's lamps: a row or a point a lamp, with the cabinet that feeds it.

The columns are those of :mod:`models.lighting.inventory.lamp_columns`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.lighting.demand.tariff import subscribed_kva
from models.lighting.inventory.inventory import (
    FED_BY_CABINET,
    Cabinets,
    Inventory,
    Lamps,
    Streets,
)
from models.lighting.inventory.lamp_columns import LampColumns, own_name, read_rows, technologies
from models.lighting.lamp_types import LampType, Technology
from twin.cells import raise_all
from twin.errors import Fault
from twin.lang import Text, same
from twin.points import PointTable
from twin.tables import Table
from twin.territory.areas import CommuneAreas
from twin.territory.communes import Commune

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

NEAR_M, NEAR_APPROXIMATE_M = 50.0, 2_000.0
"""How far beyond its commune's limits a lamp may stand: survey, or limits that are guessed."""
OWN_LIFE_H, OWN_LM_PER_W = 20_000.0, 70.0
"""Of a lantern given by its powers alone [U]."""


def read_lamps(
    path: Path,
    communes: Sequence[Commune],
    areas: CommuneAreas,
    types: tuple[LampType, ...],
    columns: LampColumns | None = None,
    layer: str | None = None,
) -> Inventory:
    """Return the inventory of a file; lamps are put in order of their cabinets.

    Raises
    ------
    DataError
        With every fault: a lamp without cabinet or outside its commune, an unknown type, a negative
        power, a name twice, a feeder that runs in a circle or leaves its cabinet.
    """
    points = read_rows(path, columns or LampColumns(), layer)
    table, insee = points.table, {each.insee: row for row, each in enumerate(communes)}
    sources, word_faults = technologies(table)
    raise_all(
        [
            *_missing(table), *_type_faults(table, types), *word_faults,
            *_place_faults(points, insee, areas),
        ]
    )  # fmt: skip
    names = table.texts("cabinet")
    cabinets = tuple(dict.fromkeys(names))
    row_of = {name: row for row, name in enumerate(cabinets)}
    order = np.argsort([row_of[name] for name in names], kind="stable")
    ids = [table.texts("id")[row] for row in order.tolist()]
    cabinet = np.array([row_of[names[row]] for row in order.tolist()], dtype=np.int32)
    fed_by, faults = _feeders(table, order, ids, cabinet)
    raise_all(faults)
    kinds, all_types = _types(table, types, sources)
    commune = np.array([insee[code] for code in table.texts("insee")], dtype=np.int32)[order]
    x_m, y_m = points.x_m[order], points.y_m[order]
    count = np.bincount(cabinet, minlength=len(cabinets))
    watts = np.array([each.system_w for each in all_types])[kinds[order]]
    connected_w = np.asarray(np.bincount(cabinet, watts, len(cabinets)), dtype=np.float64)
    streets, street = _streets(table, order, commune, communes)
    return Inventory(
        communes=tuple(each.insee for each in communes),
        types=all_types,
        streets=streets,
        cabinets=Cabinets(
            cabinets,
            np.bincount(cabinet, x_m) / count,
            np.bincount(cabinet, y_m) / count,
            commune[np.searchsorted(cabinet, np.arange(len(cabinets)))],
            _kva(table, order, cabinet, connected_w),
        ),
        lamps=Lamps(
            tuple(ids), x_m, y_m, table.numbers("height_m")[order], cabinet, street,
            kinds[order], fed_by, table.integers("installed")[order].astype(np.int32),
        ),
        source=Text(f"inventaire {path.name}", f"inventory {path.name}"),
        synthetic=False,
    )  # fmt: skip


def _missing(table: Table) -> list[Fault]:
    return [
        table.fault(
            row, "cabinet", "",
            Text("l'armoire qui l'alimente", "the cabinet that feeds it"),
            Text("nommer l'armoire, ou ôter la lampe", "name the cabinet, or remove the lamp"),
        )
        for row, name in enumerate(table.texts("cabinet"))
        if not name
    ]  # fmt: skip


def _type_faults(table: Table, types: tuple[LampType, ...]) -> list[Fault]:
    known = {each.id for each in types}
    words = ", ".join(sorted(known))
    found = []
    watts = table.numbers("lamp_w").tolist()
    for row, name in enumerate(table.texts("type")):
        if name and name not in known:
            found.append(
                table.fault(
                    row, "type", name,
                    Text(f"un type du catalogue : {words}", f"a type of the catalogue: {words}"),
                    Text("corriger, ou donner lamp_w", "mend it, or give lamp_w"),
                )
            )  # fmt: skip
        elif not name and math.isnan(watts[row]):
            remedy = Text("remplir l'une des deux colonnes", "fill one of the two columns")
            found.append(table.fault(row, "type", "", same("type / lamp_w"), remedy))
    return found


def _place_faults(points: PointTable, insee: dict[str, int], areas: CommuneAreas) -> list[Fault]:
    """Return the lamps whose commune is unknown, or that stand outside it."""
    found, table = [], points.table
    outside = _outside(points, insee, areas)
    for row, code in enumerate(table.texts("insee")):
        if code not in insee:
            remedy = Text("corriger le code", "mend the code")
            expected = Text("une commune du territoire", "a commune of the territory")
            found.append(table.fault(row, "insee", code, expected, remedy))
        elif outside[row]:
            place = f"{points.x_m[row]:.0f}, {points.y_m[row]:.0f}"
            found.append(
                table.fault(
                    row, "x_m", place,
                    Text(f"un point dans la commune {code}", f"a point within commune {code}"),
                    Text("vérifier les coordonnées (Lambert-93) ou le code",
                         "check the coordinates (Lambert-93) or the code"),
                )
            )  # fmt: skip
    return found


def _outside(points: PointTable, insee: dict[str, int], areas: CommuneAreas) -> list[bool]:
    """Return whether each lamp stands beyond the limits of its commune, some metres granted."""
    import shapely

    granted_m = NEAR_APPROXIMATE_M if areas.approximate else NEAR_M
    commune = np.array([insee.get(code, -1) for code in points.table.texts("insee")])
    away = (areas.at(points.x_m, points.y_m) != commune) & (commune >= 0)
    rows = np.flatnonzero(away)
    if len(rows):
        outlines = np.array(areas.outlines(), dtype=object)[commune[rows]]
        places = shapely.points(points.x_m[rows], points.y_m[rows])
        away[rows] = shapely.distance(outlines, places) > granted_m
    return [bool(each) for each in away]


def _feeders(
    table: Table, order: NDArray[np.int64], ids: list[str], cabinet: Ints
) -> tuple[Ints, list[Fault]]:
    """Return what feeds each lamp, in order, and the feeders that cannot be."""
    row_of = {name: row for row, name in enumerate(ids)}
    fed_by = np.full(len(ids), FED_BY_CABINET, dtype=np.int32)
    before = table.texts("fed_by")
    found = []
    for row, source in enumerate(order.tolist()):
        name = before[source]
        if not name:
            continue
        fed = row_of.get(name)
        if fed is None or cabinet[fed] != cabinet[row]:
            found.append(
                table.fault(
                    source, "fed_by", name,
                    Text("une lampe de la même armoire", "a lamp of the same cabinet"),
                    Text("corriger, ou vider la cellule", "mend it, or empty the cell"),
                )
            )  # fmt: skip
        else:
            fed_by[row] = fed
    open_it = Text("ouvrir la boucle", "open the loop")
    home = Text("un départ qui remonte à l'armoire", "a feeder that goes back to its cabinet")
    circles = [int(order[row]) for row in _in_circles(fed_by)]
    found += [table.fault(row, "fed_by", before[row], home, open_it) for row in circles]
    return fed_by, found


def _in_circles(fed_by: Ints) -> list[int]:
    """Return the lamps from which no cabinet is reached."""
    good = fed_by == FED_BY_CABINET
    while True:
        more = ~good & good[np.maximum(fed_by, 0)]
        if not more.any():
            return [int(row) for row in np.flatnonzero(~good)]
        good |= more


def _types(
    table: Table, types: tuple[LampType, ...], sources: Sequence[Technology]
) -> tuple[Ints, tuple[LampType, ...]]:
    """Return each row's type, and the types, those given by powers alone included."""
    every = {each.id: each for each in types}
    number = {name: row for row, name in enumerate(every)}
    kinds = []
    gear, watts = np.nan_to_num(table.numbers("gear_w")), table.numbers("lamp_w")
    for row, name in enumerate(table.texts("type")):
        if not name:
            technology = sources[row]
            name = own_name(technology, watts[row], gear[row])  # noqa: PLW2901 - of its own
            if name not in number:
                number[name] = len(number)
                every[name] = LampType(
                    name, technology, float(watts[row]), float(gear[row]),
                    OWN_LM_PER_W * max(float(watts[row]), 1.0), technology == "led", 0.1,
                    OWN_LIFE_H, 3.0, 0.008,
                )  # fmt: skip
        kinds.append(number[name])
    return np.array(kinds, dtype=np.int32), tuple(every.values())


def _streets(
    table: Table,
    order: NDArray[np.int64],
    commune: Ints,
    communes: Sequence[Commune],
) -> tuple[Streets, Ints]:
    """Return the streets, each as its first lamp says, and each lamp's."""
    names = [
        f"{table.texts('insee')[row]}/{table.texts('street')[row] or table.texts('cabinet')[row]}"
        for row in order.tolist()
    ]
    unique = tuple(dict.fromkeys(names))
    row_of = {name: row for row, name in enumerate(unique)}
    street = np.array([row_of[name] for name in names], dtype=np.int32)
    _, first = np.unique(street, return_index=True)
    at = order[first]
    lamps = np.bincount(street, minlength=len(unique))
    of_commune = np.bincount(commune, minlength=len(communes))
    population = np.array([each.population for each in communes], dtype=np.float64)
    own = commune[first]
    return Streets(
        unique, own, tuple(table.texts("lighting_class")[row] for row in at.tolist()),
        table.numbers("road_width_m")[at], table.numbers("footway_width_m")[at],
        table.numbers("spacing_m")[at], population[own] * lamps / of_commune[own],
    ), street  # fmt: skip


def _kva(table: Table, order: NDArray[np.int64], cabinet: Ints, watts: Floats) -> Floats:
    """Return what is subscribed, the first figure given of each cabinet; connected where none."""
    given = table.numbers("kva")[order]
    found = np.full(len(watts), np.nan)
    for row in np.flatnonzero(np.isfinite(given))[::-1].tolist():
        found[cabinet[row]] = given[row]
    return np.where(np.isfinite(found), found, subscribed_kva(watts))
