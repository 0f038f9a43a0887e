"""`run.py water-indicators INPUT.csv`: what French rules say of services' losses.

Columns, French or English: `service`, `annee`/`year`, `volume_produit_m3`/`produced_m3`,
`volume_importe_m3`/`imported_m3`, `volume_exporte_m3`/`exported_m3`,
`volume_comptabilise_m3`/`metered_m3`, `volume_sans_comptage_m3`/`unmetered_m3`,
`volume_de_service_m3`/`service_m3`, `lineaire_hors_branchements_km`/`mains_km`; optional besides
the volumes imported, exported, unmetered and of service (0): `abonnes`/`subscribers`,
`prelevement_en_zre_m3`/`zre_withdrawn_m3`, `branchements`/`connections`,
`pression_moyenne_m`/`pressure_m`, `lineaire_prive_km`/`private_pipe_km`.

With `--json` the keys are: `file`, `table` (path or null) and `rows`, a list of `service`, `year`,
`supplied_m3`, `authorised_m3`, `losses_m3`, `yield_share`, `grade` (good | fair | poor |
very_poor), `ilvnc_m3_km_day`, `ilp_m3_km_day`, `ilc_m3_km_day`, `in_zre`, `own_threshold_share`,
`threshold_share`, `passes`, `reason`, `ilp_ceiling_m3_km_day`, `uarl_m3_day`, `ili` (null where the
file does not give what they need) and `notices` (list of sentences).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang, Text


def water_indicators(
    services: Annotated[
        Path,
        typer.Argument(
            help=say(
                "CSV, une ligne par service et année : service, annee, volume_produit_m3, "
                "volume_comptabilise_m3, lineaire_hors_branchements_km, …",
                "CSV, one row a service and year: service, year, produced_m3, metered_m3, "
                "mains_km, …",
            )
        ),
    ],
    *,
    table: Annotated[
        Path | None,
        typer.Option(
            help=say("tableau des indicateurs, .csv", "table of indicators, .csv"),
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Rendement, indices linéaires, seuil du décret 2012-97 et ILI de services d'eau."""
    _check(table)
    from models.water.indicators import report
    from models.water.indicators.assess import assess
    from models.water.indicators.read_services import read_services
    from twin.report.tables import write_csv

    rows = assess(read_services(services))
    if table is not None:
        write_csv(report.indicator_table(rows), table, "fr" if lang is Lang.FR else "intl")
    if as_json:
        content = {
            "file": services.name,
            "table": None if table is None else str(table),
            "rows": [report.as_json(row, lang) for row in rows],
        }
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False))
        return
    for line in report.lines(rows, lang):
        typer.echo(line)
    if table is not None:
        typer.echo(Text("tableau : {file}", "table: {file}").format(file=table).say(lang))


def _check(table: Path | None) -> None:
    """Raise an InputError where the table is not to be a .csv file."""
    if table is None or table.suffix.lower() == ".csv":
        return
    from twin.errors import Fault, InputError

    raise InputError(
        Fault(
            key="--table",
            value=table.name,
            expected=Text("un fichier .csv", "a .csv file"),
            remedy=Text("nommez le tableau indicateurs.csv", "name the table indicators.csv"),
        )
    )
