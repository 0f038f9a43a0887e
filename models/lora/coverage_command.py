"""`run.py coverage SCENARIO`: what a network gives every pixel and every object of a planner.

`--json` prints: scenario, option, use_case, gateways (rank, id, x_m, y_m, height_m), planned
(planning margin, expected shares, gap, whether the target is reached; null with `--sites`),
threshold_dbm, terrain, synthetic, raster (resolution_m, bounds_m, share_1, share_2 of the
territory), objects (totals, rows, kilometres; null without `--objects`), folder and files.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.lang import Lang

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from models.lora.coverage_question import Question
    from models.lora.object_budget import CentralBudget
    from models.lora.object_tables import Answer
    from models.lora.plan import Plan
    from models.lora.sweep import RasterFrame
    from twin.territory.areas import CommuneAreas

RESULTS = Path(__file__).resolve().parents[2] / "results"


def coverage(  # noqa: PLR0917 - one argument per option of the command line
    scenario: Annotated[Path, typer.Argument(help=say("fichier .toml", ".toml file"))],
    option: Annotated[
        str, typer.Option("--option", help=say("option du scénario", "option of the scenario"))
    ] = "",
    sites: Annotated[
        str,
        typer.Option(
            "--sites",
            help=say(
                "sites séparés par des virgules ; sinon le plan de l'option",
                "sites separated by commas; otherwise the option's plan",
            ),
        ),
    ] = "",
    use_case: Annotated[
        str,
        typer.Option(
            "--use-case",
            help=say(
                "usage des cartes et des objets qui n'en disent pas ; sinon le compteur "
                "le plus courant",
                "use case of the maps and of objects that name none; otherwise the most "
                "common meter",
            ),
        ),
    ] = "",
    objects: Annotated[
        Path | None,
        typer.Option(
            "--objects",
            help=say(
                "points (CSV, GeoJSON, GeoPackage), polygones ou lignes",
                "points (CSV, GeoJSON, GeoPackage), polygons or lines",
            ),
        ),
    ] = None,
    layer: Annotated[
        str | None,
        typer.Option("--layer", help=say("couche du GeoPackage", "layer of the GeoPackage")),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help=say("dossier des résultats", "folder of the results")),
    ] = None,
    resolution_m: Annotated[
        float | None,
        typer.Option(
            "--resolution-m", min=25.0, max=2000.0, help=say("côté d'un pixel", "side of a pixel")
        ),
    ] = None,
    each: Annotated[
        bool, typer.Option("--each", help=say("un raster par passerelle", "a raster per gateway"))
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help=say("un compteur sur dix", "one meter in ten"))
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Write the coverage of a network, and tell who hears a planner's objects."""
    from models.lora.coverage_files import refuse_folder
    from models.lora.coverage_question import case_asked, read_question
    from models.lora.coverage_words import coverage_lines
    from models.lora.siting_answer import option_asked, settings_asked
    from twin.scenario import load_scenario

    loaded = load_scenario(scenario, quick=quick)
    chosen = option_asked(loaded, option)
    settings = settings_asked(chosen)
    folder = out or RESULTS / "coverage" / f"{loaded.name}-{chosen.id}"
    refuse_folder(folder)
    case = case_asked(use_case, settings)
    question = read_question(loaded, chosen, settings, case, sites, (objects, layer))
    report = _write(question, folder, resolution_m or settings.map_resolution_m, lang, each=each)
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
        return
    for line in coverage_lines(report, chosen.name, case, lang):
        typer.echo(line)


def _write(
    question: Question, folder: Path, resolution_m: float, lang: Lang, *, each: bool
) -> dict[str, Any]:
    """Compute, write every file at once and return the report."""
    from models.lora.coverage_files import appearing, write_manifest, write_rasters, write_tables
    from models.lora.object_budget import CentralBudget
    from models.lora.sweep import RasterFrame, SweepSettings
    from models.lora.use_cases import placement

    settings, case, network = question.settings, question.case, question.network
    budget = CentralBudget.of(question.scenario, settings.radio, settings.meters)
    frame = RasterFrame.over(question.areas.bounds_m, resolution_m)
    sweep = SweepSettings(
        radius_m=1000.0 * settings.radio.max_range_km,
        frequency_mhz=settings.radio.frequency_mhz,
        device_height_m=budget.height_m(case),
        step_m=settings.radio.profile_step_m,
    )
    answer = _answer(question, budget)
    threshold_dbm = budget.threshold_dbm()
    with appearing(folder) as scratch:
        rasters = write_rasters(
            scratch,
            question.terrain,
            frame,
            network,
            budget.offset_db(case),
            threshold_dbm,
            sweep,
            placement(case).label,
            lang,
            each=each,
        )
        write_tables(scratch, network, answer, lang)
        report: dict[str, Any] = {
            "scenario": question.scenario.name,
            "option": question.option.id,
            "use_case": case.value,
            "gateways": [
                {"rank": rank, "id": site, "x_m": x_m, "y_m": y_m, "height_m": height_m}
                for rank, (site, x_m, y_m, height_m) in enumerate(
                    zip(
                        network.ids,
                        network.x_m.tolist(),
                        network.y_m.tolist(),
                        network.height_m.tolist(),
                        strict=True,
                    ),
                    start=1,
                )
            ],
            "planned": _planned(question.plan),
            "threshold_dbm": threshold_dbm,
            "terrain": question.terrain.source._asdict(),
            "synthetic": question.terrain.synthetic,
            "raster": _raster_report(question.areas, frame, rasters.gateway_count),
            "objects": None if answer is None else answer.summary(),
            "folder": str(folder),
        }
        report["files"] = write_manifest(scratch, report)
    return report


def _answer(question: Question, budget: CentralBudget) -> Answer | None:
    """Return what the network makes of the objects, None without any."""
    from models.lora.object_reception import hear
    from models.lora.object_tables import Answer

    if question.found is None:
        return None
    objects, samples = question.found
    owner = samples.owner()
    reception = hear(
        question.terrain,
        question.network,
        budget,
        samples.x_m,
        samples.y_m,
        objects.height_m[owner],
        budget.offsets_db(objects.cases)[owner],
    )
    synthetic = question.terrain.synthetic
    return Answer(objects, samples, reception, question.network, budget, synthetic)


def _planned(plan: Plan | None) -> dict[str, Any] | None:
    if plan is None:
        return None
    return {
        "planning_margin_db": plan.margin_db,
        "expected_share_1": plan.expected_share[0],
        "expected_share_target": plan.expected_share[1],
        "reaches_target": plan.reaches_target,
        "gap": plan.gap,
    }


def _raster_report(
    areas: CommuneAreas, frame: RasterFrame, count: NDArray[np.uint8]
) -> dict[str, Any]:
    """Return the pixels' side, bounds, and shares of the territory heard in the median case."""
    from twin.territory.areas import OUTSIDE

    r = frame.resolution_m
    inside = areas.owner_grid(frame.west_m, frame.north_m, frame.rows, frame.columns, r) != OUTSIDE
    return {
        "resolution_m": r,
        "bounds_m": [
            frame.west_m,
            frame.north_m - frame.rows * r,
            frame.west_m + frame.columns * r,
            frame.north_m,
        ],
        "share_1": float((count[inside] >= 1).mean()),
        "share_2": float((count[inside] >= 2).mean()),  # noqa: PLR2004 - two gateways
    }
