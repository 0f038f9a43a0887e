"""The answer per object, and per kilometre of a line: tables, map layers and a summary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.lora.object_budget import CentralBudget
from models.lora.object_reception import NONE, Network, Reception
from models.lora.object_samples import KILOMETRE_M, Samples, kilometre_count, kilometres
from models.lora.objects import Objects, Shape
from models.lora.sites import KIND_LABELS
from models.lora.use_cases import placement
from twin.lang import Text
from twin.report.qml import Geometry, LayerStyle, StyleClass
from twin.report.tables import Cell, Column, Kind, Table
from twin.report.vectors import Layer

Floats = NDArray[np.float64]
Row = dict[str, Cell]

_COLUMNS = {
    column.name: column
    for column in (
        Column("id", Text("Objet", "Object")),
        Column("name", Text("Nom", "Name")),
        Column("use_case", Text("Usage", "Use case")),
        Column("height_m", Text("Antenne au-dessus du sol", "Antenna above ground"),
               Kind.NUMBER, "m"),
        Column("area_km2", Text("Surface", "Area"), Kind.NUMBER, "km²"),
        Column("spacing_m", Text("Pas des points regardés", "Spacing of the places looked at"),
               Kind.NUMBER, "m"),
        Column("places", Text("Points regardés", "Places looked at"), Kind.INTEGER),
        Column("length_km", Text("Longueur", "Length"), Kind.NUMBER, "km"),
        Column("kilometre", Text("Kilomètre", "Kilometre"), Kind.INTEGER),
        Column("from_km", Text("De", "From"), Kind.NUMBER, "km"),
        Column("to_km", Text("À", "To"), Kind.NUMBER, "km"),
        Column("best_gateway", Text("Meilleure passerelle", "Best gateway")),
        Column("level_dbm", Text("Niveau reçu médian", "Median received level"),
               Kind.NUMBER, "dBm"),
        Column("margin_db", Text("Marge médiane", "Median margin"), Kind.NUMBER, "dB"),
        Column("margin_least_db", Text("Plus faible marge", "Least margin"), Kind.NUMBER, "dB"),
        Column("gateways", Text("Passerelles de marge ≥ 0", "Gateways with a margin >= 0"),
               Kind.INTEGER),
        Column("gateways_least",
               Text("Passerelles de marge ≥ 0, au moins", "Gateways with a margin >= 0, at least"),
               Kind.INTEGER),
        Column("share_1", Text("Part entendue par 1, cas médian", "Share heard by 1, median case"),
               Kind.SHARE),
        Column("share_2", Text("Part entendue par 2, cas médian", "Share heard by 2, median case"),
               Kind.SHARE),
        Column("probability_1",
               Text("Probabilité d'être entendu par 1", "Probability of being heard by 1"),
               Kind.SHARE),
        Column("probability_2",
               Text("Probabilité d'être entendu par 2", "Probability of being heard by 2"),
               Kind.SHARE),
        Column("spreading_factor", Text("SF le plus rapide", "Fastest SF"), Kind.INTEGER),
        Column("uncovered_km", Text("Longueur non entendue", "Length not heard"),
               Kind.NUMBER, "km"),
        Column("kilometres_uncovered",
               Text("Kilomètres non entendus en entier", "Kilometres not wholly heard")),
        Column("void_paths", Text("Liaisons sur une lacune du relief", "Paths over a void"),
               Kind.INTEGER),
    )
}  # fmt: skip

_ABOUT = ("id", "name", "use_case", "height_m")
_HEARD = ("best_gateway", "level_dbm", "margin_db")
_ODDS = ("probability_1", "probability_2", "spreading_factor", "void_paths")
_SPREAD = (*_HEARD, "margin_least_db", "gateways_least", "share_1", "share_2", *_ODDS)
_LAYOUT = {
    Shape.POINT: (*_ABOUT, *_HEARD, "gateways", *_ODDS),
    Shape.POLYGON: (*_ABOUT, "area_km2", "spacing_m", "places", *_SPREAD),
    Shape.LINE: (
        *_ABOUT, "length_km", "spacing_m", "places", "uncovered_km", "kilometres_uncovered",
        *_SPREAD,
    ),
}  # fmt: skip
_KILOMETRE = ("id", "name", "kilometre", "from_km", "to_km", "length_km", *_SPREAD)

_TITLES = {
    Shape.POINT: Text("Points : qui les entend", "Points: who hears them"),
    Shape.POLYGON: Text("Polygones : part de la surface entendue",
                        "Polygons: share of the surface heard"),
    Shape.LINE: Text("Lignes : part de la longueur entendue", "Lines: share of the length heard"),
}  # fmt: skip
_SYNTHETIC = Text(" (relief synthétique)", " (synthetic terrain)")


@dataclass(frozen=True)
class Answer:
    """What the network makes of the objects, place by place and, on demand, per object."""

    objects: Objects
    samples: Samples
    reception: Reception
    network: Network
    budget: CentralBudget
    synthetic: bool

    @cached_property
    def table(self) -> Table:
        """Return one row per object."""
        start = self.samples.start
        rows = [
            self._row(index, np.arange(start[index], start[index + 1]))
            for index in range(len(self.objects))
        ]
        shape = self.objects.shape
        return self._table("objets", _TITLES[shape], _LAYOUT[shape], rows)

    @cached_property
    def kilometre_table(self) -> Table:
        """Return one row per kilometre of each line, in order."""
        title = Text("Kilomètre par kilomètre", "Kilometre by kilometre")
        rows = [row for index in range(len(self.objects)) for row in self._kilometres(index)]
        return self._table("kilometres", title, _KILOMETRE, rows)

    def layers(self) -> tuple[Layer, ...]:
        """Return the objects, and a line's kilometres, as styled map layers."""
        shape = self.objects.shape
        if shape is not Shape.LINE:
            kind: Geometry = "marker" if shape is Shape.POINT else "fill"
            return (Layer(self.table, self.objects.geometries, _style(kind)),)
        import shapely

        whole = [
            shapely.MultiLineString(list(getattr(each, "geoms", [each])))
            for each in self.objects.geometries
        ]
        pieces = [piece for each in self.objects.geometries for _, _, piece in kilometres(each)]
        return (
            Layer(self.kilometre_table, pieces, _style("line")),
            Layer(self.table, whole, _style("line")),
        )

    def summary(self) -> dict[str, Any]:
        """Return what a program needs: totals, then every object (and kilometre)."""
        reception, weight = self.reception, self.samples.weight
        total = float(weight.sum())
        shape = self.objects.shape
        found: dict[str, Any] = {"file": self.objects.file, "shape": shape.value}
        found["count"] = len(self.objects)
        if shape is Shape.LINE:
            found["length_km"] = total / 1e3
            found["uncovered_km"] = float(weight[reception.count < 1].sum()) / 1e3
        if shape is Shape.POLYGON:
            found["area_km2"] = total / 1e6
        found["places"] = len(weight)
        for k in (1, 2):
            found[f"share_{k}"] = float(weight[reception.count >= k].sum()) / total
            mean = float(np.average(reception.probability[:, k - 1], weights=weight))
            found[f"probability_{k}"] = mean
        found["void_paths"] = int(reception.void_paths.sum())
        cases = self.objects.cases
        rows = zip(_plain(self.table), cases, strict=True)
        found["rows"] = [row | {"use_case": case.value} for row, case in rows]
        if shape is Shape.LINE:
            found["kilometres"] = _plain(self.kilometre_table)
        return found

    def _table(self, name: str, title: Text, layout: Sequence[str], rows: list[Row]) -> Table:
        if self.synthetic:
            title = Text(title.fr + _SYNTHETIC.fr, title.en + _SYNTHETIC.en)
        return Table(
            name,
            title,
            tuple(_COLUMNS[each] for each in layout),
            tuple(tuple(row[each] for each in layout) for row in rows),
        )

    def _row(self, index: int, part: NDArray[np.int64]) -> Row:
        """Return one object's row."""
        objects = self.objects
        row = self._heard(part)
        row |= {
            "id": objects.ids[index],
            "name": objects.names[index],
            "use_case": placement(objects.cases[index]).label,
            "height_m": float(objects.height_m[index]),
            "spacing_m": float(self.samples.spacing_m[index]),
            "places": len(part),
        }
        size = float(self.samples.weight[part].sum())
        if objects.shape is Shape.POLYGON:
            row["area_km2"] = size / 1e6
        if objects.shape is Shape.LINE:
            row["length_km"] = size / 1e3
            silent = part[self.reception.count[part] < 1]
            row["uncovered_km"] = float(self.samples.weight[silent].sum()) / 1e3
            missed = np.unique(self._kilometre_of(silent, size))
            row["kilometres_uncovered"] = " ".join(str(number + 1) for number in missed)
        return row

    def _kilometres(self, index: int) -> list[Row]:
        """Return the rows of one line's kilometres."""
        start = self.samples.start
        part = np.arange(start[index], start[index + 1])
        size = float(self.samples.weight[part].sum())
        home = self._kilometre_of(part, size)
        rows = []
        for number in range(kilometre_count(size)):
            inside = part[home == number]
            length_km = float(self.samples.weight[inside].sum()) / 1e3
            first_km = number * KILOMETRE_M / 1e3
            rows.append(
                self._heard(inside)
                | {
                    "id": self.objects.ids[index],
                    "name": self.objects.names[index],
                    "kilometre": number + 1,
                    "from_km": first_km,
                    "to_km": first_km + length_km,
                    "length_km": length_km,
                }
            )
        return rows

    def _kilometre_of(self, part: NDArray[np.int64], length_m: float) -> NDArray[np.int64]:
        """Return the kilometre, from 0, each step of one line lies in."""
        number = np.floor(self.samples.along_m[part] / KILOMETRE_M).astype(np.int64)
        return np.minimum(number, kilometre_count(length_m) - 1)

    def _heard(self, part: NDArray[np.int64]) -> Row:
        """Return what is heard of the places `part`: the place itself, or medians and shares."""
        if len(part) == 1:
            return self._heard_at(int(part[0]))
        reception, weight = self.reception, self.samples.weight[part]
        total = float(weight.sum())
        best = reception.best[part]
        size = np.bincount(best + 1, weights=weight, minlength=len(self.network) + 1)[1:]
        strongest = int(np.argmax(size)) if (best != NONE).any() else NONE
        margin = weighted_median(reception.margin_db[part], weight)
        factor = int(self.budget.fastest_factors(np.array([margin]))[0])
        count = reception.count[part]
        odds = np.average(reception.probability[part], axis=0, weights=weight)
        return {
            "best_gateway": self.network.ids[strongest] if strongest != NONE else None,
            "level_dbm": _known(weighted_median(reception.level_dbm[part], weight)),
            "margin_db": _known(margin),
            "margin_least_db": _known(float(reception.margin_db[part].min())),
            "gateways_least": int(count.min()),
            "share_1": float(weight[count >= 1].sum()) / total,
            "share_2": float(weight[count >= 2].sum()) / total,  # noqa: PLR2004 - two gateways
            "probability_1": float(odds[0]),
            "probability_2": float(odds[1]),
            "spreading_factor": factor or None,
            "void_paths": int(reception.void_paths[part].sum()),
        }

    @cached_property
    def _factors(self) -> NDArray[np.int64]:
        """Return the fastest spreading factor of each place, 0 for none."""
        return self.budget.fastest_factors(self.reception.margin_db)

    def _heard_at(self, place: int) -> Row:
        """Return :meth:`_heard` of one place, a hundred times faster: a file may hold 100,000."""
        reception = self.reception
        best, count = int(reception.best[place]), int(reception.count[place])
        margin = _known(float(reception.margin_db[place]))
        return {
            "best_gateway": self.network.ids[best] if best != NONE else None,
            "level_dbm": _known(float(reception.level_dbm[place])),
            "margin_db": margin,
            "margin_least_db": margin,
            "gateways": count,
            "gateways_least": count,
            "share_1": float(count >= 1),
            "share_2": float(count >= 2),  # noqa: PLR2004 - two gateways
            "probability_1": float(reception.probability[place, 0]),
            "probability_2": float(reception.probability[place, 1]),
            "spreading_factor": int(self._factors[place]) or None,
            "void_paths": int(reception.void_paths[place]),
        }


def weighted_median(values: Floats, weight: Floats) -> float:
    """Return the least value that at least half of the weight does not exceed."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weight[order])
    return float(values[order[np.searchsorted(reached, 0.5 * reached[-1])]])


def network_table(network: Network) -> Table:
    """Return the gateways looked at; the rank is the value of the best-server raster."""
    columns = (
        Column("rank", Text("Rang", "Rank"), Kind.INTEGER),
        Column("id", Text("Site", "Site")),
        Column("name", Text("Nom", "Name")),
        Column("kind", Text("Type", "Kind")),
        Column("x_m", Text("X Lambert-93", "X Lambert-93"), Kind.NUMBER, "m"),
        Column("y_m", Text("Y Lambert-93", "Y Lambert-93"), Kind.NUMBER, "m"),
        Column("height_m", _COLUMNS["height_m"].label, Kind.NUMBER, "m"),
    )
    rows = zip(
        range(1, len(network) + 1),
        network.ids,
        network.names,
        (KIND_LABELS[kind] for kind in network.kinds),
        network.x_m,
        network.y_m,
        network.height_m,
        strict=True,
    )
    return Table("passerelles", Text("Passerelles", "Gateways"), columns, tuple(rows))


def _style(geometry: Geometry) -> LayerStyle:
    """Return the colours of the probability of being heard by one gateway."""
    bounds = (0.0, 0.5, 0.8, 0.9, 0.95, 1.0001)
    tints = ("#a50f15", "#fb6a4a", "#fdbe85", "#74c4e4", "#08519c")
    classes = [
        StyleClass(
            Text(
                f"{100 * low:.0f} à {min(100 * high, 100):.0f} %",
                f"{100 * low:.0f} to {min(100 * high, 100):.0f}%",
            ),
            tint,
            low=low,
            high=high,
        )
        for low, high, tint in zip(bounds[:-1], bounds[1:], tints, strict=True)
    ]
    return LayerStyle("probability_1", geometry, classes, kind="graduated")


def _known(value: float) -> float | None:
    """Return a number, None for the minus infinity of a place no gateway is within range of."""
    return value if np.isfinite(value) else None


def _plain(table: Table) -> list[dict[str, Any]]:
    """Return the rows for JSON, texts in English."""
    return [
        {
            column.name: cell.en if isinstance(cell, Text) else cell
            for column, cell in zip(table.columns, row, strict=True)
        }
        for row in table.rows
    ]
