"""`run.py link`: what a gateway and a device hear of each other over a terrain, per use case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.lora.link_budget import LinkBudget
    from models.lora.single_link import Link, Place
    from twin.errors import Fault
    from twin.report.svg import Svg
    from twin.terrain.grid import Terrain

LAMBERT_93_DEG = (-9.86, 41.15, 10.38, 51.56)
"""Area of use of EPSG:2154: west, south, east, north, degrees [V]."""

TALLEST_M = 3_000.0

EDGE_M = 200.0
"""Ground read around the link, so that both ends lie well inside."""


def link(
    gateway: Annotated[
        str,
        typer.Option(
            "--from",
            help=say("passerelle : LON,LAT,HAUTEUR (m/sol)", "gateway: LON,LAT,HEIGHT (m)"),
        ),
    ],
    device: Annotated[
        str,
        typer.Option(
            "--to", help=say("objet : LON,LAT,HAUTEUR (m/sol)", "device: LON,LAT,HEIGHT (m)")
        ),
    ],
    terrain: Annotated[
        Path | None,
        typer.Option(
            "--terrain",
            help=say(
                "relief GeoTIFF, HGT ou ASC ; sinon relief synthétique de l'Indre",
                "GeoTIFF, HGT or ASC terrain; synthetic Indre otherwise",
            ),
        ),
    ] = None,
    frequency_mhz: Annotated[
        float, typer.Option("--frequency-mhz", help=say("de 30 à 6000 MHz", "30 to 6000 MHz"))
    ] = 868.0,
    figure: Annotated[
        Path | None,
        typer.Option("--figure", help=say("profil dessiné, .svg", "profile figure, .svg")),
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Une liaison : profil, niveau reçu et marge par usage, ligne par ligne."""
    start, end = _places(gateway, device, frequency_mhz, figure)
    ground = _ground(terrain, start, end)
    from models.lora.single_link import compute_link

    found = compute_link(ground, start, end, frequency_mhz)
    if figure is not None:
        draw(found, ground, lang).write(figure)
    if as_json:
        typer.echo(json.dumps(_report(found, ground, figure), ensure_ascii=False, indent=2))
        return
    for line in _sentences(found, ground, lang):
        typer.echo(line)
    if figure is not None:
        typer.echo(Text("figure : {file}", "figure: {file}").format(file=figure).say(lang))


def draw(found: Link, ground: Terrain, lang: Lang) -> Svg:
    """Return the profile figure: bulged ground, direct ray, 60 % of the first Fresnel zone."""
    from models.lora.single_link import FRESNEL_SHARE
    from twin.report.profile import profile
    from twin.report.typography import number

    synthetic = Text(" ; relief synthétique", "; synthetic relief")
    title = Text(
        f"{number(found.distances_m[-1] / 1000.0, 1, Lang.FR)} km, "
        f"{_verdict(found).fr} : {number(found.total_db, 0, Lang.FR)} dB d'affaiblissement "
        "(en bleu, 60 % de la première zone de Fresnel ; courbure de la Terre comprise"
        f"{synthetic.fr if ground.synthetic else ''})",
        f"{number(found.distances_m[-1] / 1000.0, 1, Lang.EN)} km, "
        f"{_verdict(found).en}: {number(found.total_db, 0, Lang.EN)} dB of loss "
        "(in blue, 60% of the first Fresnel zone; Earth's curvature included"
        f"{synthetic.en if ground.synthetic else ''})",
    )
    return profile(
        "link-profile",
        title,
        found.distances_m,
        found.bulged_m,
        (found.gateway.height_m, found.device.height_m),
        (Text("passerelle", "gateway"), Text("objet", "device")),
        lang,
        clearance_m=FRESNEL_SHARE * found.fresnel_m,
    )


def _verdict(found: Link) -> Text:
    """Return what the ground does to the direct ray."""
    from models.lora.single_link import FRESNEL_SHARE

    if found.clearance_share < 0.0:
        return Text("le relief coupe le rayon direct", "the ground cuts the direct ray")
    if found.clearance_share < FRESNEL_SHARE:
        return Text("le relief frôle le rayon direct", "the ground grazes the direct ray")
    return Text("le rayon direct est dégagé", "the direct ray is clear")


def _places(
    gateway: str, device: str, frequency_mhz: float, figure: Path | None
) -> tuple[Place, Place]:
    """Return both ends in Lambert-93.

    Raises
    ------
    InputError
        With every argument at fault.
    """
    from twin.errors import Fault, InputError

    faults: list[Fault] = []
    ends = [_numbers(key, text, faults) for key, text in (("--from", gateway), ("--to", device))]
    if not 30.0 <= frequency_mhz <= 6_000.0:  # noqa: PLR2004 - domain of P.1812
        faults.append(
            Fault(
                key="--frequency-mhz",
                value=f"{frequency_mhz:g}",
                expected=Text("de 30 à 6000 MHz", "30 to 6000 MHz"),
                remedy=Text("donnez la fréquence en MHz", "give the frequency in MHz"),
            )
        )
    if figure is not None and figure.suffix.lower() != ".svg":
        faults.append(
            Fault(
                key="--figure",
                value=figure.name,
                expected=Text("un fichier .svg", "an .svg file"),
                remedy=Text("nommez la figure profil.svg", "name the figure profile.svg"),
            )
        )
    if faults:
        raise InputError(*faults)
    return _place(*ends[0]), _place(*ends[1])


def _numbers(key: str, text: str, faults: list[Fault]) -> tuple[float, float, float]:
    """Return (longitude, latitude, height); add a fault where the text is not that."""
    from twin.errors import Fault

    try:
        lon, lat, height = (float(part) for part in text.split(","))
    except ValueError:
        lon = lat = height = float("nan")
    west, south, east, north = LAMBERT_93_DEG
    if west <= lon <= east and south <= lat <= north and 0.0 <= height <= TALLEST_M:
        return lon, lat, height
    faults.append(
        Fault(
            key=key,
            value=text,
            expected=Text(
                "LON,LAT,HAUTEUR : longitude puis latitude en degrés WGS84 (point décimal, France "
                "métropolitaine), hauteur de 0 à 3000 m au-dessus du sol",
                "LON,LAT,HEIGHT: longitude then latitude in WGS84 degrees (decimal point, "
                "metropolitan France), height of 0 to 3000 m above ground",
            ),
            remedy=Text("par exemple 1.69,46.81,30", "for instance 1.69,46.81,30"),
        )
    )
    return lon, lat, height


def _place(lon_deg: float, lat_deg: float, height_m: float) -> Place:
    """Return a place with its Lambert-93 position."""
    from pyproj import Transformer

    from models.lora.single_link import Place

    to_lambert = Transformer.from_crs("EPSG:4326", "EPSG:2154", always_xy=True)
    x_m, y_m = to_lambert.transform(lon_deg, lat_deg)
    return Place(lon_deg, lat_deg, height_m, float(x_m), float(y_m))


def _ground(path: Path | None, start: Place, end: Place) -> Terrain:
    """Return the planner's terrain around the link, or the synthetic Indre."""
    if path is None:
        from models.lora.default_terrain import default_terrain

        return default_terrain()
    from twin.terrain.readers import read_terrain

    bounds_m = (
        min(start.x_m, end.x_m) - EDGE_M,
        min(start.y_m, end.y_m) - EDGE_M,
        max(start.x_m, end.x_m) + EDGE_M,
        max(start.y_m, end.y_m) + EDGE_M,
    )
    return read_terrain([path], bounds_m=bounds_m)


def _terms(found: Link) -> dict[str, float]:
    """Return the loss term by term, by name."""
    return {
        "distance_km": float(found.distances_m[-1]) / 1000.0,
        "bullington_actual_db": found.bullington_actual_db,
        "bullington_smooth_db": found.bullington_smooth_db,
        "spherical_earth_db": found.spherical_earth_db,
        "delta_bullington_db": found.delta_bullington_db,
        "free_space_db": found.free_space_db,
        "total_db": found.total_db,
    }


def _report(found: Link, ground: Terrain, figure: Path | None) -> dict[str, object]:
    """Return what a program needs."""
    from models.lora.single_link import budgets, use_case_report

    ends = {"from": (found.gateway, found.heights_m[0]), "to": (found.device, found.heights_m[-1])}
    return {
        **{
            key: {
                "lon_deg": place.lon_deg,
                "lat_deg": place.lat_deg,
                "x_m": place.x_m,
                "y_m": place.y_m,
                "ground_m": float(height),
                "height_m": place.height_m,
            }
            for key, (place, height) in ends.items()
        },
        "terrain": ground.source._asdict(),
        "synthetic": ground.synthetic,
        "frequency_mhz": found.frequency_mhz,
        **_terms(found),
        "line_of_sight": found.clearance_share >= 0.0,
        # A path too short to have an inner sample has nothing in its way.
        "fresnel_clearance_share": min(found.clearance_share, 1.0e9),
        "use_cases": [
            use_case_report(budget, found.total_db) for budget in budgets(found.frequency_mhz)
        ],
        "figure": None if figure is None else str(figure),
    }


def _sentences(found: Link, ground: Terrain, lang: Lang) -> Iterator[str]:
    """Yield the report line by line: loss, then each use case with its budget."""
    from models.lora.path_loss_command import term_lines
    from models.lora.single_link import budgets
    from twin.report.typography import spaced

    yield spaced(Text("relief : ", "terrain: ").say(lang) + ground.source.say(lang), lang)
    yield _verdict(found).say(lang)
    yield ""
    yield from term_lines(_terms(found), lang)
    for budget in budgets(found.frequency_mhz):
        yield ""
        yield from _budget_lines(budget, found.total_db, lang)


def _budget_lines(budget: LinkBudget, path_loss_db: float, lang: Lang) -> Iterator[str]:
    """Yield one use case: its verdict, then the budget of both directions, line by line."""
    from models.lora.link_budget import Direction
    from twin.report.typography import number, spaced, with_unit

    def db(value: float, unit: str = "dB", *, signed: bool = False) -> str:
        return with_unit(number(value, 2, lang, signed=signed), unit)

    slowest = 12
    factor = budget.fastest_factor(path_loss_db)
    weak = budget.weaker(slowest)
    heard = (
        Text("entendu dès SF{factor}", "heard from SF{factor}").format(factor=factor)
        if factor
        else Text("hors de portée", "out of reach")
    )
    margin = db(budget.margin_db(path_loss_db, slowest), signed=True)
    verdict = Text(
        "{name} : {heard}, marge {margin} en SF12 ({weak} limitante)",
        "{name}: {heard}, margin {margin} at SF12 ({weak} is the weaker)",
    ).format(
        name=budget.place.label.say(lang),
        heard=heard.say(lang),
        margin=margin,
        weak=weak.label.say(lang),
    )
    yield spaced(verdict.say(lang), lang)
    for way in Direction:
        level = db(budget.level_dbm(path_loss_db, way), "dBm")
        head = Text("  {way} : niveau reçu {level}", "  {way}: received level {level}")
        yield spaced(head.format(way=way.label.say(lang), level=level).say(lang), lang)
        for line in budget.rows(slowest, way):
            value = db(line.value, line.unit, signed=True)
            yield f"    {line.label.say(lang):<48} {value:>12}  {line.status.label.say(lang)}"
        most = Text("affaiblissement supportable", "largest path loss borne").say(lang)
        yield f"    {most:<48} {db(budget.max_path_loss_db(slowest, way)):>12}"
