"""`run.py en13201 INPUT.csv`: energy performance indicators of stretches of street.

Columns: `name`, `power_w` (lantern with gear and its share of the cabinet), `spacing_m`,
`road_width_m`, `road_lx`, `footway_width_m` (both sides together), `footway_lx`, `hours` a year,
`quiet_hours` of them at `quiet_w`, raised to `power_w` for `detected_share` of the time.

With `--json` the keys are `file` and `cases`, a list of `name`, `area_m2`, `d_p_mw_lx_m2`,
`d_e_kwh_m2`, `kwh_per_point` and `reduction_share` (of the energy, against full power all hours).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang, Text

if TYPE_CHECKING:
    from models.lighting.en13201.read_cases import Case


def en13201(
    cases: Annotated[
        Path,
        typer.Argument(
            help=say(
                "CSV, une ligne par cas : name, power_w, spacing_m, road_width_m, …",
                "CSV, one row a case: name, power_w, spacing_m, road_width_m, …",
            )
        ),
    ],
    *,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Densité de puissance D_P et consommation annuelle D_E de la norme EN 13201-5."""
    from models.lighting.en13201.read_cases import read_cases
    from twin.report.typography import number, percent

    told = [_content(each) for each in read_cases(cases)]
    if as_json:
        content = {"file": cases.name, "cases": told}
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False))
        return
    sentence = Text(
        "{name} : D_P {d_p} mW/(lx·m²), D_E {d_e} kWh/m² par an, {kwh} kWh par point, "
        "réduction {less}",
        "{name}: D_P {d_p} mW/(lx·m²), D_E {d_e} kWh/m² a year, {kwh} kWh a point, "
        "reduction {less}",
    )
    for each in told:
        line = sentence.format(
            name=each["name"],
            d_p=number(float(each["d_p_mw_lx_m2"]), 3, lang),
            d_e=number(float(each["d_e_kwh_m2"]), 4, lang),
            kwh=number(float(each["kwh_per_point"]), 1, lang),
            less=percent(float(each["reduction_share"]), lang, 1),
        )
        typer.echo(line.say(lang))
    typer.echo(
        Text(
            "D_P ignore la durée, D_E la lumière : lire les deux, avec le service rendu.",
            "D_P ignores time, D_E ignores light: read both, with the service given.",
        ).say(lang)
    )


def _content(case: Case) -> dict[str, str | float]:
    from models.lighting.en13201.indicators import energy_density, power_density, yearly_wh

    hours = sum(period.hours for period in case.periods)
    wh = yearly_wh(case.periods)
    whole_wh = hours * case.power_w
    return {
        "name": case.name,
        "area_m2": sum(part.area_m2 for part in case.parts),
        "d_p_mw_lx_m2": 1e3 * power_density(case.power_w, case.parts),
        "d_e_kwh_m2": energy_density(case.periods, case.parts) / 1e3,
        "kwh_per_point": wh / 1e3,
        "reduction_share": 1.0 - wh / whole_wh if whole_wh > 0.0 else 0.0,
    }
