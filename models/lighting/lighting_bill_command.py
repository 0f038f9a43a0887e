"""`run.py lighting-bill INVENTORY.csv --schedule FILE`: energy and bill of cabinets for a year.

INVENTORY.csv: `cabinet`, `count`, and `type` (of the catalogue, models/lighting/catalogue.csv) or
`lamp_w` with `gear_w`; optional `kva` subscribed, and `schedule`, a TOML file beside the table, for
a street that keeps hours of its own. Without --schedule lamps burn from dusk to dawn.

With `--json` the keys are: `file`, `schedule` (its id), `year`, `lat_deg`, `lon_deg`, `points`,
`on_h`, `full_light_h`, `off_h`, `beyond_legal_h` (lit after the hour that the order of 27 December
2018 sets for `--place`), `kwh`, `kwh_per_point`, `energy_eur`, `fixed_eur`, `total_eur`
(without VAT), `peak_w` and `cabinets`, a list of `id`, `points`, `kva`, `kwh`, `energy_eur`,
`fixed_eur`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from models.lighting.legal import PlaceKind, latest_s
from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang, Text

if TYPE_CHECKING:
    from models.lighting.demand.read_points import FedPoints
    from models.lighting.demand.year_bill import YearBill
    from models.lighting.schedules.schedule import Schedule

CHATEAUROUX = (46.81, 1.69)


def lighting_bill(  # noqa: PLR0917 - one argument per option of the command line
    inventory: Annotated[
        Path,
        typer.Argument(
            help=say(
                "CSV : cabinet, count, type ou lamp_w et gear_w, kva",
                "CSV: cabinet, count, type or lamp_w and gear_w, kva",
            )
        ),
    ],
    schedule: Annotated[
        Path | None,
        typer.Option(
            "--schedule",
            help=say("horaires, .toml ; sans : toute la nuit", "schedule, .toml; none: all night"),
            show_default=False,
        ),
    ] = None,
    year: Annotated[int, typer.Option("--year", help=say("année", "year"))] = 2025,
    lat_deg: Annotated[
        float, typer.Option("--lat", help=say("latitude, degrés nord", "latitude, degrees north"))
    ] = CHATEAUROUX[0],
    lon_deg: Annotated[
        float, typer.Option("--lon", help=say("longitude, degrés est", "longitude, degrees east"))
    ] = CHATEAUROUX[1],
    eur_kwh: Annotated[
        float, typer.Option("--eur-kwh", help=say("prix du kWh HT", "price of a kWh, no VAT"))
    ] = 0.18,
    eur_kva: Annotated[
        float,
        typer.Option(
            "--eur-kva", help=say("part fixe par kVA et an", "fixed part by kVA and year")
        ),
    ] = 60.0,
    off_peak_eur_kwh: Annotated[
        float | None,
        typer.Option(
            "--off-peak-eur-kwh",
            help=say("prix du kWh de 22 h à 6 h", "price of a kWh from 22:00 to 06:00"),
            show_default=False,
        ),
    ] = None,
    cable_share: Annotated[
        float,
        typer.Option("--cable-share", help=say("pertes des câbles", "losses of cables")),
    ] = 0.03,
    clock_w: Annotated[
        float, typer.Option("--clock-w", help=say("horloge d'armoire, W", "cabinet's clock, W"))
    ] = 2.0,
    place: Annotated[
        PlaceKind,
        typer.Option(
            "--place",
            help=say("ce qui est éclairé (arrêté de 2018)", "what is lit (order of 2018)"),
        ),
    ] = PlaceKind.STREET,
    closing: Annotated[
        str | None,
        typer.Option(
            "--closing",
            help=say("heure de fermeture, HH:MM", "closing time, HH:MM"),
            show_default=False,
        ),
    ] = None,
    *,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Énergie et facture d'un an d'armoires d'éclairage, au demi-heure près."""
    prices = {"--eur-kwh": eur_kwh, "--eur-kva": eur_kva, "--off-peak-eur-kwh": off_peak_eur_kwh}
    _check(year, lat_deg, lon_deg, {**prices, "--cable-share": cable_share, "--clock-w": clock_w})
    latest = _latest(place, closing)
    from models.lighting.demand.curves import Losses
    from models.lighting.demand.read_points import read_points
    from models.lighting.demand.tariff import Tariff
    from models.lighting.demand.year_bill import year_bill
    from models.lighting.schedules.presets import all_night
    from models.lighting.schedules.read_schedule import read_schedule

    points = read_points(inventory)
    nights = all_night() if schedule is None else read_schedule(schedule)
    tariff = Tariff(eur_kwh, eur_kva, 0.0, off_peak_eur_kwh)
    schedules = _schedules(points, nights, inventory.parent)
    told = year_bill(
        points, schedules, year, lat_deg, lon_deg, tariff, Losses(cable_share, clock_w),
        latest_s=latest,
    )  # fmt: skip
    if as_json:
        content = {"file": inventory.name, "schedule": nights.id, "year": year,
                   "lat_deg": lat_deg, "lon_deg": lon_deg} | _content(told)  # fmt: skip
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False))
        return
    for line in _lines(told, nights, year, lang):
        typer.echo(line)


def _content(told: YearBill) -> dict[str, Any]:
    bill, points = told.bill, told.points
    kwh = float(bill.kwh.sum())
    return {
        "points": int(points.points.sum()),
        "on_h": round(told.on_h, 4),
        "full_light_h": round(told.level_h, 4),
        "off_h": round(told.off_h, 4),
        "beyond_legal_h": round(told.beyond_legal_h, 1),
        "kwh": round(kwh, 3),
        "kwh_per_point": round(kwh / int(points.points.sum()), 3),
        "energy_eur": round(float(bill.energy_eur.sum()), 2),
        "fixed_eur": round(float(bill.fixed_eur.sum()), 2),
        "total_eur": round(float(bill.total_eur.sum()), 2),
        "peak_w": round(told.peak_w, 1),
        "cabinets": [
            {
                "id": name,
                "points": int(points.points[row]),
                "kva": float(points.kva[row]),
                "kwh": round(float(bill.kwh[row]), 3),
                "energy_eur": round(float(bill.energy_eur[row]), 2),
                "fixed_eur": round(float(bill.fixed_eur[row]), 2),
            }
            for row, name in enumerate(points.cabinets)
        ],
    }


def _lines(told: YearBill, nights: Schedule, year: int, lang: Lang) -> list[str]:
    from models.lighting.schedules.read_schedule import schedule_words
    from twin.report.typography import euros, number

    kwh = float(told.bill.kwh.sum())
    count = int(told.points.points.sum())
    sentences: tuple[Text, ...] = (
        Text(
            "{points} points, {cabinets} armoires, {year} : {words}",
            "{points} points, {cabinets} cabinets, {year}: {words}",
        ),
        Text(
            "lumière {on} h, éteint {off} h de nuit",
            "light {on} h, off {off} h of night",
        ),
        Text(
            "énergie {kwh} kWh, soit {each} kWh par point ; pointe {peak} kW",
            "energy {kwh} kWh, {each} kWh a point; peak {peak} kW",
        ),
        Text(
            "facture {total} HT : énergie {energy}, part fixe {fixed}",
            "bill {total} without VAT: energy {energy}, fixed part {fixed}",
        ),
    )
    values = {
        "points": number(count, 0, lang),
        "cabinets": number(len(told.points.cabinets), 0, lang),
        "year": year,
        "words": schedule_words(nights).say(lang),
        "on": number(told.on_h, 2, lang),
        "off": number(told.off_h, 2, lang),
        "kwh": number(kwh, 0, lang),
        "each": number(kwh / count, 1, lang),
        "peak": number(told.peak_w / 1e3, 2, lang),
        "total": euros(float(told.bill.total_eur.sum()), lang=lang),
        "energy": euros(float(told.bill.energy_eur.sum()), lang=lang),
        "fixed": euros(float(told.bill.fixed_eur.sum()), lang=lang),
    }
    if told.beyond_legal_h:
        values["beyond"] = number(told.beyond_legal_h, 1, lang)
        sentences += (
            Text(
                "allumé {beyond} h par an après l'heure que fixe l'arrêté du 27 décembre 2018",
                "lit {beyond} h a year after the hour set by the order of 27 December 2018",
            ),
        )
    return [sentence.format(**values).say(lang) for sentence in sentences]


def _schedules(points: FedPoints, usual: Schedule, folder: Path) -> dict[str, Schedule]:
    """Return the schedules that rows name, files beside the table; the usual one elsewhere."""
    from models.lighting.schedules.read_schedule import read_schedule

    own = {part.schedule for part in points.parts if part.schedule}
    return {"": usual} | {name: read_schedule(folder / name) for name in sorted(own)}


def _latest(place: PlaceKind, closing: str | None) -> float | None:
    """Return until when the place may be lit, seconds after midnight."""
    from models.lighting.place_faults import wrong
    from models.lighting.schedules.clock_times import clock_s
    from twin.errors import InputError

    words = Text("une heure telle que 20:00", "a time such as 20:00")
    try:
        return latest_s(place, None if closing is None else clock_s(closing))
    except ValueError as error:
        raise InputError(wrong("--closing", closing or "", words)) from error


def _check(year: int, lat_deg: float, lon_deg: float, amounts: dict[str, float | None]) -> None:
    from models.lighting.place_faults import place_faults, wrong
    from twin.errors import InputError

    positive = Text("un nombre positif ou nul", "a number of zero or more")
    faults = place_faults(lat_deg, lon_deg, year)
    for key, value in amounts.items():
        if value is not None and not value >= 0.0:
            faults.append(wrong(key, str(value), positive))
    if faults:
        raise InputError(*faults)
