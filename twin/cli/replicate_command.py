"""`run.py replicate STUDY --option X --replication 17`: one run alone, bit for bit."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.language import JsonOption, LangOption, say
from twin.cli.run_options import RESULTS, ResultsOption
from twin.errors import Fault, InputError, RunError
from twin.lang import Lang, Text

if TYPE_CHECKING:
    from twin.report.tables import Table
    from twin.study.alone import Alone


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "replicate",
        help=say(
            "Rejouer une seule réplication, au bit près, et raconter ce qui s'y passe.",
            "Play one replication alone, bit for bit, and tell what happens in it.",
        ),
    )(replicate)


def replicate(
    study: Annotated[
        Path,
        typer.Argument(help=say("fichier .toml ou dossier d'étude", ".toml file or study folder")),
    ],
    option: Annotated[str, typer.Option("--option", help=say("id de l'option", "option's id"))],
    replication: Annotated[
        int, typer.Option("--replication", min=0, help=say("numéro, depuis 0", "number, from 0"))
    ],
    pin: Annotated[
        list[str] | None,
        typer.Option(
            "--pin",
            help=say("hypothèse=quantile, répétable", "assumption=quantile, repeatable"),
        ),
    ] = None,
    events: Annotated[
        bool, typer.Option("--events", help=say("raconter les événements", "tell the events"))
    ] = False,
    quick: Annotated[
        bool, typer.Option("--quick", help=say("de l'étude rapide", "of the quick study"))
    ] = False,
    results: ResultsOption = RESULTS,
    as_json: JsonOption = False,
    lang: LangOption = Lang.FR,
) -> None:
    """Play the replication and print its outcomes.

    Raises
    ------
    RunError
        What the study kept of it differs.
    """
    from twin.report.aligned import aligned
    from twin.study.alone import play_alone, scenario_of
    from twin.study.plan import Task
    from twin.study.recipe import mute

    task = Task(option, replication, tuple(map(_pin, pin or ())))
    scenario, was_quick = scenario_of(study)
    found = play_alone(scenario, task, results, mute, quick=quick or was_quick, follow=events)
    if as_json:
        typer.echo(json.dumps(_told(found), ensure_ascii=False, indent=1))
    else:
        for event in found.log.in_order():
            typer.echo(event.say(lang))
        for line in aligned(_table(found), lang):
            typer.echo(line)
        print(_verdict(found, events).say(lang), file=sys.stderr)  # noqa: T201 - beside the numbers
    if found.kept is not None and not found.is_same:
        raise RunError(
            Text(
                f"{task} : ces valeurs diffèrent de celles que l'étude a gardées",
                f"{task}: these values differ from those the study kept",
            )
        )


def _pin(text: str) -> tuple[str, float]:
    name, _, share = text.partition("=")
    try:
        return name, float(share)
    except ValueError:
        raise InputError(
            Fault(
                Text("hypothèse=quantile", "assumption=quantile"),
                Text("écrire par exemple gw_hw=0.95", "write, say, gw_hw=0.95"),
                key="--pin",
                value=text,
            )
        ) from None


def _table(found: Alone) -> Table:
    """Return the outcomes of the whole territory, or of every zone where there is no whole."""
    from twin.report.tables import Column, Kind, Table

    part = found.part
    rows = list(zip(part.kpi.tolist(), part.zone.tolist(), part.value.tolist(), strict=True))
    shown = [row for row in rows if not row[1]] or rows
    return Table(
        "replication",
        Text("Une réplication", "One replication"),
        (
            Column("kpi", Text("Indicateur", "Outcome")),
            Column("label", Text("Ce que c'est", "What it is")),
            Column("zone", Text("Zone", "Zone")),
            Column("value", Text("Valeur", "Value"), Kind.NUMBER, decimals=6),
            Column("unit", Text("Unité", "Unit")),
        ),
        tuple(
            (
                kpi, found.kpis[kpi].label, zone, None if value != value else value,  # noqa: PLR0124 - NaN
                found.kpis[kpi].unit,
            )
            for kpi, zone, value in shown
        ),
    )  # fmt: skip


def _told(found: Alone) -> dict[str, object]:
    part = found.part
    rows = zip(part.kpi.tolist(), part.zone.tolist(), part.value.tolist(), strict=True)
    return {
        "option": found.task.option,
        "replication": found.task.replication,
        "pins": dict(found.task.pins),
        "kept": found.kept is not None,
        "same_bits": found.is_same if found.kept is not None else None,
        "rows": [
            {"kpi": kpi, "zone": zone, "value": value if value == value else None}  # noqa: PLR0124 - NaN
            for kpi, zone, value in rows
        ],
        "events": [event.as_json() for event in found.log.in_order()],
    }


def _verdict(found: Alone, events: bool) -> Text:
    if found.kept is None:
        text = Text(
            "L'étude n'a pas (ou plus, avec ce code) cette réplication : rien à comparer.",
            "The study does not have this replication (or not with this code): nothing to compare.",
        )
    elif found.is_same:
        text = Text("Identique, au bit près, à ce que l'étude a gardé.",
                    "Equal, bit for bit, to what the study kept.")  # fmt: skip
    else:
        text = Text("Différent de ce que l'étude a gardé.", "Different from what the study kept.")
    if events and not found.log.events:
        text = Text(
            f"{text.fr} Aucun événement : cette question se calcule sur tableaux, sans horloge.",
            f"{text.en} No event: this question is computed on arrays, without a clock.",
        )
    return text
