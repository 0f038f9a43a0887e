"""`run.py matrix ROADS --points POINTS`: kilometres and minutes by road between points."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang, Text, same

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from twin.roads.prune import Weight

SHOWN = 8
"""Up to so many points, every distance is printed."""

CELL = 9
"""Characters of a column."""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "matrix",
        help=say(
            "Kilomètres et minutes par la route entre des points.",
            "Kilometres and minutes by road between points.",
        ),
    )(matrix)


def matrix(
    roads: Annotated[
        Path,
        typer.Argument(
            help=say(
                "routes : .osm.pbf, .osm (paquet osmium) ou .graphml",
                "roads: .osm.pbf, .osm (package osmium) or .graphml",
            )
        ),
    ],
    points: Annotated[
        Path,
        typer.Option(
            "--points",
            help=say(
                "CSV (x_m, y_m ou lon, lat ; id facultatif), GeoJSON, GeoPackage",
                "CSV (x_m, y_m or lon, lat; id optional), GeoJSON, GeoPackage",
            ),
        ),
    ],
    limit_m: Annotated[
        float,
        typer.Option(
            "--limit-m",
            help=say("refuser un point plus loin d'une route", "refuse a point farther off a road"),
        ),
    ] = 500.0,
    weight: Annotated[
        str,
        typer.Option(
            "--weight",
            help=say(
                "time : le plus rapide ; length : le plus court", "time: fastest; length: shortest"
            ),
        ),
    ] = "time",
    connected: Annotated[
        bool,
        typer.Option(
            "--connected",
            help=say(
                "ne garder que les routes reliées entre elles, aller et retour",
                "keep only the roads connected with one another, there and back",
            ),
        ),
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Read roads and points, and tell how far and how long from each to each."""
    report = _report(roads, points, limit_m, weight, connected=connected)
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False))
        return
    for line in _sentences(report, lang):
        typer.echo(line)


def _report(
    roads: Path, points: Path, limit_m: float, weight: str, *, connected: bool
) -> dict[str, Any]:
    """Return what a program needs: kilometres and minutes from row to column."""
    import time

    from twin.layers import LAMBERT_93
    from twin.points import read_points
    from twin.roads.matrix import Rows, TravelSettings, measure
    from twin.roads.plane import moved
    from twin.roads.read import read_roads
    from twin.tables import Column, Kind

    settings = TravelSettings(limit_m=limit_m, weight=cast("Weight", weight))
    settings.check()
    table = read_points(points, {"id": Column(Kind.TEXT, default="", unique=True)})
    graph = read_roads(roads)
    if connected:
        graph = graph.connected()
    x_m, y_m = moved(table.x_m, table.y_m, LAMBERT_93, graph.crs)
    start = time.process_time()
    rows = Rows(table.table.file, table.table.places)
    found = measure(graph, x_m, y_m, settings, rows)
    cpu_s = time.process_time() - start
    ids = [name or str(row) for row, name in enumerate(table.table.texts("id"), 1)]
    return {
        "ids": ids,
        "km": (found.travel.distance_m / 1_000.0).round(3).tolist(),
        "minutes": (found.travel.time_s / 60.0).round(3).tolist(),
        "snapped_m": found.travel.snapped_m.round(1).tolist(),
        "weight": weight,
        "source": graph.source,
        "nodes": graph.nodes,
        "arcs": graph.arcs,
        "pruned_nodes": found.pruned_nodes,
        "cpu_s": round(cpu_s, 6),
    }


def _sentences(report: dict[str, Any], lang: Lang) -> Iterator[str]:
    """Yield the report for a person, line by line."""
    import numpy as np

    from twin.report.typography import number, spaced, with_unit

    ids, snapped_m = report["ids"], report["snapped_m"]
    way = {
        "time": Text("chemins les plus rapides", "fastest ways"),
        "length": Text("chemins les plus courts", "shortest ways"),
    }[report["weight"]]
    head = Text(
        "{count} points, {way} ; routes : {nodes} nœuds ({source}), {pruned} après réduction",
        "{count} points, {way}; roads: {nodes} nodes ({source}), {pruned} once pruned",
    ).format(
        count=number(len(ids), 0, lang),
        way=way.say(lang),
        nodes=number(report["nodes"], 0, lang),
        source=report["source"],
        pruned=number(report["pruned_nodes"], 0, lang),
    )
    yield spaced(head.say(lang), lang)
    farthest = max(range(len(ids)), key=snapped_m.__getitem__)
    off = Text("le plus loin d'une route : {id}, {off}", "farthest off a road: {id}, {off}")
    distance = with_unit(number(snapped_m[farthest], 0, lang), "m")
    yield spaced(off.format(id=ids[farthest], off=distance).say(lang), lang)
    for key, title in (("km", Text("kilomètres", "kilometres")), ("minutes", same("minutes"))):
        values = np.array(report[key])
        label = title.say(lang)
        if len(ids) <= SHOWN:
            yield ""
            yield from _grid(label, ids, values.tolist(), lang)
        else:
            apart = values[~np.eye(len(ids), dtype=bool)]
            middle, most = number(float(np.median(apart)), 1, lang), number(apart.max(), 1, lang)
            told = Text(
                "{label} : {middle} (médiane), {most} au plus",
                "{label}: {middle} (median), {most} at most",
            )
            yield spaced(told.format(label=label, middle=middle, most=most).say(lang), lang)


def _grid(label: str, ids: Sequence[str], values: list[list[float]], lang: Lang) -> Iterator[str]:
    """Yield a table, from row to column."""
    from twin.report.typography import number

    names = [name[: CELL - 1] for name in ids]
    yield f"{label:<{CELL + 2}}" + "".join(f"{name:>{CELL}}" for name in names)
    for name, row in zip(names, values, strict=True):
        yield f"{name:<{CELL + 2}}" + "".join(f"{number(v, 1, lang):>{CELL}}" for v in row)
