"""`run.py lighting-export SCENARIO --option ID --as FORMAT --out FILE`: lamps or load curves.

Formats: `csv` and `geojson` (this project's columns), `ngsi-ld` (street lighting entities), `talq`
(2.6: devices, groups, calendars, programs), `curves-cabinet`, `curves-commune` and
`curves-department` (Parquet, half-hours of a year). All are of the most expected world, the
option's renewal finished. With `--json` the keys are `file`, `format`, `option`, `lamps`,
`cabinets` and `bytes`.
"""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang, Text

if TYPE_CHECKING:
    from models.lighting.exports.outfit import Outfit
    from models.lighting.settings import Settings
    from twin.scenario import Option, Scenario


class Format(StrEnum):
    """What can be written."""

    CSV = "csv"
    GEOJSON = "geojson"
    NGSI_LD = "ngsi-ld"
    TALQ = "talq"
    CABINETS = "curves-cabinet"
    COMMUNES = "curves-commune"
    DEPARTMENT = "curves-department"


def lighting_export(
    scenario: Annotated[Path, typer.Argument(help=say("fichier .toml", ".toml file"))],
    out: Annotated[Path, typer.Option("--out", help=say("fichier à écrire", "file to write"))],
    form: Annotated[
        Format, typer.Option("--as", help=say("format du fichier", "format of the file"))
    ] = Format.CSV,
    option: Annotated[
        str,
        typer.Option(
            "--option",
            help=say("option du scénario ; sinon la première", "option; otherwise the first"),
        ),
    ] = "",
    *,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Write an option's lamps or load curves for another program."""
    from models.lighting.exports.outfit import outfit_of
    from models.lighting.stage import inventory_of
    from twin.scenario import load_scenario

    loaded = load_scenario(scenario)
    chosen = loaded.option(option) if option else loaded.options[0]
    settings = _settings(loaded, chosen)
    outfit = outfit_of(loaded, settings, inventory_of(loaded.territory, settings.inventory))
    out.parent.mkdir(parents=True, exist_ok=True)
    if form.startswith("curves-"):
        _write_curves(loaded, settings, form, out)
    else:
        _write_lamps(outfit, loaded.name, form, out)
    lamps, cabinets = len(outfit.inventory.lamps), len(outfit.inventory.cabinets)
    size = out.stat().st_size
    if as_json:
        told = {"file": out.name, "format": form.value, "option": chosen.id, "lamps": lamps,
                "cabinets": cabinets, "bytes": size}  # fmt: skip
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    from twin.report.typography import number

    typer.echo(
        Text(
            f"{out.name} : {number(lamps, 0, lang)} lampes, {number(cabinets, 0, lang)} armoires, "
            f"{number(size / 1e6, 1, lang)} Mo",
            f"{out.name}: {number(lamps, 0, lang)} lamps, {number(cabinets, 0, lang)} cabinets, "
            f"{number(size / 1e6, 1, lang)} MB",
        ).say(lang)
    )


def _settings(scenario: Scenario, option: Option) -> Settings:
    """Return an option's [lighting] section."""
    from typing import cast

    from twin.errors import Fault, InputError

    if "lighting" not in option.settings:
        raise InputError(
            Fault(
                file=scenario.path.name,
                key="[models]",
                expected=Text("une question d'éclairage", "a question of lighting"),
                remedy=Text("choisir un autre scénario", "choose another scenario"),
            )
        )
    return cast("Settings", option.settings["lighting"])


def _write_lamps(outfit: Outfit, owner: str, form: Format, out: Path) -> None:
    from models.lighting.exports import lamps_table, ngsi_ld, talq
    from twin.files import write_atomically

    with write_atomically(out, "w") as handle:
        if form is Format.CSV:
            lamps_table.write_csv(outfit, handle)
        elif form is Format.GEOJSON:
            lamps_table.write_geojson(outfit, handle)
        elif form is Format.TALQ:
            json.dump(talq.document(outfit, owner), handle, ensure_ascii=False, indent=1)
        else:
            handle.write("[\n")
            for number, entity in enumerate(ngsi_ld.entities(outfit)):
                told = entity | {"@context": list(ngsi_ld.CONTEXT)}
                handle.write((",\n" if number else "") + json.dumps(told, ensure_ascii=False))
            handle.write("\n]\n")


def _write_curves(scenario: Scenario, settings: Settings, form: Format, out: Path) -> None:
    from models.lighting.exports.curves import write_curves
    from models.lighting.load import drawing

    by = {Format.CABINETS: "cabinet", Format.COMMUNES: "commune", Format.DEPARTMENT: "department"}
    write_curves(drawing(scenario, settings), by[form], out)  # type: ignore[arg-type]  # its choices
