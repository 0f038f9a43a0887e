"""What is published of a study in which replications failed: which, why, and no mean at all.

An average over the replications that did not fail is an average over the worlds that suit the
model. So the page says what failed and how to play it alone, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from twin.lang import Lang, Text, same
from twin.report import document as page
from twin.report.blocks import Answer, Block, Bullets, Callout, Heading, Paragraph, TableBlock
from twin.report.document import Document, Fact, Section
from twin.report.tables import Column, Dialect, Kind, Table, write_csv
from twin.scenario import Scenario
from twin.study.plan import Failure

FAILURES = Path("tables") / "echecs.csv"
"""Where failures are listed, under the run's folder; taken away once there are none."""
_SHOWN = 20


def failures_text(failures: Sequence[Failure], finished: int) -> Text:
    """Return what the command says: how many failed, and the first one's key and traceback."""
    first = failures[0]
    return Text(
        f"{len(failures)} réplication(s) en échec, {finished} gardées ; aucune moyenne n'est "
        f"publiée sans elles. Première : {first.task} : {first.error}\n{first.traceback}",
        f"{len(failures)} replication(s) failed, {finished} kept; no mean is published without "
        f"them. First: {first.task}: {first.error}\n{first.traceback}",
    )


def write_incomplete(
    scenario: Scenario,
    failures: Sequence[Failure],
    finished: int,
    folder: Path,
    lang: Lang,
    command: str,
) -> None:
    """Write `report.html` and `tables/echecs.csv` in place of an answer.

    An earlier run's summary is taken away: it would contradict the page.
    """
    (folder / "summary.json").unlink(missing_ok=True)
    dialect: Dialect = "fr" if lang is Lang.FR else "intl"
    write_csv(failure_table(failures), folder / FAILURES, dialect)
    page.write(_document(scenario, failures, finished, command), folder / "report.html", lang)


def failure_table(failures: Sequence[Failure]) -> Table:
    """Return every failed replication with its key, error and traceback."""
    return Table(
        "echecs",
        Text("Les réplications en échec", "The replications that failed"),
        (
            Column("option", Text("Option", "Option")),
            Column("replication", Text("Réplication", "Replication"), Kind.INTEGER),
            Column("pins", Text("Figés", "Pinned")),
            Column("error", Text("Erreur", "Error")),
            Column("traceback", Text("Trace", "Traceback")),
        ),
        tuple(
            (
                each.task.option,
                each.task.replication,
                ", ".join(f"{name}={share:g}" for name, share in each.task.pins),
                each.error,
                each.traceback,
            )
            for each in failures
        ),
    )


def _document(
    scenario: Scenario, failures: Sequence[Failure], finished: int, command: str
) -> Document:
    study = scenario.study
    many, whole = len(failures), failure_table(failures)
    short = Table(
        "echecs",
        Text("Les réplications en échec", "The replications that failed"),
        whole.columns[:4],
        tuple(row[:4] for row in whole.rows[:_SHOWN]),
    )
    blocks: list[Block] = [
        Callout(
            Text("Aucune moyenne", "No mean"),
            Text(
                "Une moyenne sur les seules réplications réussies ne vaudrait que pour les mondes "
                "qui conviennent au modèle. Rien n'est publié tant que celles-ci manquent.",
                "A mean over the replications that went well would hold only for worlds that suit "
                "the model. Nothing is published while these are missing.",
            ),
            "warning",
        ),
        TableBlock(short),
        Heading(Text("Rejouer l'une d'elles seule", "Play one of them alone")),
        Bullets(tuple(same(f"`{_replay(scenario, each)}`") for each in failures[:3])),
        Heading(Text("La première trace", "The first traceback")),
        *(Paragraph(same(f"`{line}`")) for line in failures[0].traceback.splitlines() if line),
    ]
    return Document(
        title=Text(study.question, study.question_en),
        subtitle=Text("Étude incomplète", "Incomplete study"),
        answer=Answer(
            Text(
                f"**Pas de réponse** : {many} réplication(s) en échec, {finished} gardées.",
                f"**No answer**: {many} replication(s) failed, {finished} kept.",
            ),
            detail=Text(
                "Une fois la cause levée, la même commande ne joue que celles qui manquent.",
                "Once the cause is gone, the same command plays only those missing.",
            ),
        ),
        sections=(Section("echecs", Text("Ce qui a échoué", "What failed"), tuple(blocks)),),
        colophon=(Fact(Text("commande", "command"), same(f"`{command}`")),),
    )


def _replay(scenario: Scenario, failure: Failure) -> str:
    task = failure.task
    pins = "".join(f" --pin {name}={share!r}" for name, share in task.pins)
    quick = " --quick" if scenario.quick else ""
    return (
        f"python run.py replicate {scenario.path} --option {task.option} "
        f"--replication {task.replication}{pins}{quick}"
    )
