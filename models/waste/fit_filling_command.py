"""`run.py fit-filling READINGS.csv`: how points fill, from weighings or fill readings.

With `--json` the keys are: `file`, `per_point` (path or null) and `streams`, a list of `stream`,
`measured` (weighings | levels), `unit` (kg | l | %), `litres_per_unit` (null where unknown),
`points`, `points_with_own_rate`, `pieces` (`exact`, `at_least`, `at_most`), `median_interval_days`,
`counts` (`rows`, `same_moment`, `outliers_left_out`, `long_intervals_left_out`, `emptyings`), `law`
(gamma | weibull | lognormal | truncated-normal), `daily_cv`, `dispersion` (variance over mean of a
day, in `unit`), `lag_1` (null under twenty pairs), `candidates` (list of `law`, `daily_cv`,
`log_likelihood`, `aic`), `rate_per_day` (`median`, `total` of points with their own,
`total_pooled` of all, `total_ignoring_full` of those with their own), `pooling` (`method`,
`median_per_day`, `log_spread`), `weekday` and `season` (`factors`, `log_standard_errors`; null
where they cannot be told) and `notices` (list of sentences).

`--per-point` writes `point`, `stream`, `unit`, `pieces`, `full`, `rate_per_day`, `low_90_per_day`,
`high_90_per_day`, `pooled_per_day`, `pooled_l_day`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang, Text


def fit_filling(
    readings: Annotated[
        Path,
        typer.Argument(
            help=say(
                "CSV de pesées (point, date, collected_kg) ou de niveaux (point, date, "
                "fill_percent ou level_l)",
                "CSV of weighings (point, date, collected_kg) or of levels (point, date, "
                "fill_percent or level_l)",
            )
        ),
    ],
    *,
    capacity_l: Annotated[
        float | None,
        typer.Option(
            help=say(
                "capacité d'un point, litres, là où la colonne capacity_l manque",
                "capacity of a point, litres, where the column capacity_l is absent",
            ),
            show_default=False,
        ),
    ] = None,
    density_kg_m3: Annotated[
        float | None,
        typer.Option(
            help=say("masse volumique de la matière, kg/m³", "density of the material, kg/m³"),
            show_default=False,
        ),
    ] = None,
    per_point: Annotated[
        Path | None,
        typer.Option(
            help=say("débit de chaque point, .csv", "rate of each point, .csv"),
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Débit, dispersion et loi de remplissage des points, conteneurs pleins compris."""
    _check(capacity_l, density_kg_m3, per_point)
    from models.waste.filling.fit import report
    from models.waste.filling.fit.fit import fit_readings
    from models.waste.filling.fit.readings import read_readings
    from twin.report.tables import write_csv

    fits = fit_readings(read_readings(readings, capacity_l), density_kg_m3)
    if per_point is not None:
        table = report.point_table(fits, density_kg_m3)
        write_csv(table, per_point, "fr" if lang is Lang.FR else "intl")
    if as_json:
        content = {
            "file": readings.name,
            "per_point": None if per_point is None else str(per_point),
            "streams": [report.as_json(fit, density_kg_m3, lang) for fit in fits],
        }
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False))
        return
    for number, fit in enumerate(fits):
        if number:
            typer.echo("")
        for line in report.lines(fit, lang):
            typer.echo(line)
    if per_point is not None:
        typer.echo(Text("par point : {file}", "per point: {file}").format(file=per_point).say(lang))


def _check(capacity_l: float | None, density_kg_m3: float | None, per_point: Path | None) -> None:
    """Raise an InputError with every option out of bounds."""
    from twin.errors import Fault, InputError

    faults = [
        Fault(
            key=key,
            value=f"{value:g}",
            expected=Text(f"de 1 à {most:g}", f"1 to {most:g}"),
            remedy=remedy,
        )
        for key, value, most, remedy in (
            (
                "--capacity-l",
                capacity_l,
                1e6,
                Text("donnez des litres : 4000 pour 4 m³", "give litres: 4000 for 4 m³"),
            ),
            (
                "--density-kg-m3",
                density_kg_m3,
                5e3,
                Text("donnez des kg par m³ : 19 à 190", "give kg per m³: 19 to 190"),
            ),
        )
        if value is not None and not 1.0 <= value <= most
    ]
    if per_point is not None and per_point.suffix.lower() != ".csv":
        faults.append(
            Fault(
                key="--per-point",
                value=per_point.name,
                expected=Text("un fichier .csv", "a .csv file"),
                remedy=Text("nommez-le debits.csv", "name it rates.csv"),
            )
        )
    if faults:
        raise InputError(*faults)
