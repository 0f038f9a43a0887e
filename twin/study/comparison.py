"""What every answer that compares options shares, around what its utility says: page and files.

For programs the intervals of each KPI and the paired differences, and the table of all outcomes; on
the page its frame, its closing sections, and the figure of sensitivities.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from twin.decide.intervals import Interval
from twin.lang import Lang, Text
from twin.recorder import Kpi
from twin.report.blocks import Answer, Block, Callout, FigureBlock, FileLink, Files, Paragraph
from twin.report.document import Document, Section
from twin.report.figures import Bar
from twin.report.phrases import bounded, finite, named, yes
from twin.report.svg import Svg
from twin.report.tables import Cell, Column, Kind, Table
from twin.study.answer import colophon, told, told_interval
from twin.study.assumptions import assumption_list
from twin.study.conduct import Run
from twin.study.judged import Findings, Gap, J, Judged, gaps
from twin.study.sensitivities import end_text, sensitivity_chart

OPTION = Column("option", Text("Option", "Option"))
WORLD_LOW = Text("Monde, bas (5 %)", "World, low (5%)")
VERDICT_COLUMNS = (
    Column("n", Text("Mondes", "Worlds"), Kind.INTEGER),
    Column("settled", Text("Départagé", "Told apart")),
    Column("share_better", Text("Mondes où c'est mieux", "Worlds in which it is better"),
           Kind.SHARE, decimals=0),
)  # fmt: skip


def told_study(findings: Findings[J], headline: Text, current: Judged) -> dict[str, Any]:
    """Return what opens a summary: the question, the answer, scenario 0, the choice made before."""
    study = findings.scenario.study
    return {
        "question": told(Text(study.question, study.question_en)),
        "headline": told(Text(*(text.replace("**", "") for text in headline))),
        "current": current.id,
        "prechosen": findings.run.recommended,
    }


def told_origin(findings: Findings[J]) -> dict[str, Any]:
    """Return what a summary's numbers come from."""
    return {
        "quick": findings.run.quick,
        "seed": findings.scenario.study.seed,
        "replications": findings.n,
        "scenario_sha256": findings.scenario.digest,
    }


def told_kpis(judged: Judged, kpis: Iterable[Kpi], zones: Sequence[str]) -> dict[str, Any]:
    """Return each KPI by zone: the mean with its confidence interval, and where outcomes fall."""

    def by_zone(name: str, ask: Callable[[str, str], Interval | None]) -> dict[str, Any]:
        return {
            zone: told_interval(interval)
            for zone in zones
            if (interval := ask(name, zone)) is not None
        }

    return {
        kpi.name: {
            "unit": kpi.unit,
            "label": told(kpi.label),
            "mean": by_zone(kpi.name, judged.get),
            "outcome": by_zone(kpi.name, judged.spread),
        }
        for kpi in kpis
        if judged.get(kpi.name) is not None
    }


def told_gap(gap: Gap | None) -> dict[str, Any] | None:
    """Return a paired difference for programs, null where it was not played."""
    if gap is None:
        return None
    return {
        **told_interval(gap.difference),
        "settled": gap.settled,
        "share_better": finite(gap.share_better),
    }


def told_against(
    options: Mapping[str, Judged], current: Judged, kpis: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Return, by option, how far it is from scenario 0 in each of some KPIs."""
    zero = {kpi: gaps(options, current, kpi) for kpi in kpis}
    return {name: {kpi: told_gap(zero[kpi].get(name)) for kpi in kpis} for name in options}


def gap_cells(gap: Gap) -> tuple[Cell, ...]:
    """Return the mean, low and high difference, then what :data:`VERDICT_COLUMNS` names."""
    told_apart = gap.difference
    return (
        told_apart.mean, finite(told_apart.low), finite(told_apart.high),
        told_apart.n, yes(gap.settled), finite(gap.share_better),
    )  # fmt: skip


def outcome_table(
    options: Iterable[Judged],
    kpis: Sequence[Kpi],
    zones: Sequence[str],
    title: Text,
    zone_column: Column,
    world_low: Text = WORLD_LOW,
) -> Table:
    """Return every indicator of every option, by zone: mean and intervals."""
    rows: list[tuple[Cell, ...]] = []
    for each in options:
        for kpi in kpis:
            for zone in zones:
                mean, spread = each.get(kpi.name, zone), each.spread(kpi.name, zone)
                if mean is None or spread is None:
                    continue
                rows.append(
                    (
                        each.option.name, kpi.label, kpi.unit, zone, mean.mean,
                        finite(mean.low), finite(mean.high), spread.low, spread.high, mean.n,
                    )
                )  # fmt: skip
    number = Kind.NUMBER
    return Table(
        "resultats",
        title,
        (
            OPTION,
            Column("kpi", Text("Indicateur", "Indicator")),
            Column("unit", Text("Unité", "Unit")),
            zone_column,
            Column("mean", Text("Moyenne", "Mean"), number, decimals=3),
            Column("low", Text("Moyenne, bas (95 %)", "Mean, low (95%)"), number, decimals=3),
            Column("high", Text("Moyenne, haut (95 %)", "Mean, high (95%)"), number, decimals=3),
            Column("p05", world_low, number, decimals=3),
            Column("p95", Text("Monde, haut (95 %)", "World, high (95%)"), number, decimals=3),
            Column("n", Text("Mondes", "Worlds"), Kind.INTEGER),
        ),
        tuple(rows),
    )


def bar(label: Text, interval: Interval, *, strong: bool = False) -> Bar:
    """Return a bar with its interval where there is one."""
    if not bounded(interval):
        return Bar(label, interval.mean, strong=strong)
    return Bar(label, interval.mean, interval.low, interval.high, strong=strong)


def quick_notice(n: int, span: Text) -> Callout:
    """Return what a quick study is worth; `span` is the longest time it plays."""
    return Callout(
        Text("Étude rapide", "Quick study"),
        Text(
            f"{n} mondes et {span.fr} au plus : peu d'écarts y sont départagés.",
            f"{n} worlds and {span.en} at most: few gaps are told apart.",
        ),
        "warning",
    )


def sensitivities(findings: Findings[J], cost: Column, lang: Lang) -> Svg:
    """Show the assumptions that move most the cost of the option chosen before the study."""
    name = named(findings.prechosen.option.name)
    return sensitivity_chart(
        "sensibilites",
        Text(f"le coût de {name.fr}", f"the cost of {name.en}"),
        findings.tornado,
        findings.scenario.assumptions,
        cost,
        lang,
        lambda prior, value: end_text(value, prior.unit.replace(" HT", "")),
    )


def what_if(findings: Findings[J], chosen: Judged | None, cost: Column) -> tuple[Block, ...]:
    """Return the sensitivities of the cost, and whose they are where another option is `chosen`."""
    if not findings.tornado:
        return (Paragraph(Text("Aucune sensibilité n'a été jouée.", "No sensitivity was played.")),)
    blocks: list[Block] = [FigureBlock(partial(sensitivities, findings, cost))]
    if chosen is not findings.prechosen:
        name = named(findings.prechosen.option.name)
        blocks.append(
            Paragraph(
                Text(
                    f"Ces sensibilités sont celles de {name.fr}, désignée avant l'étude par le "
                    "monde le plus attendu.",
                    f"These sensitivities are those of {name.en}, pointed to before the study by "
                    "the most expected world.",
                )
            )
        )
    return tuple(blocks)


def closing(
    findings: Findings[J],
    what_if_wrong: tuple[Block, ...],
    trust: tuple[Block, ...],
    files: Sequence[FileLink],
) -> tuple[Section, ...]:
    """Return the sections that close a page: what if, how far to trust, assumptions, files."""
    return (
        Section(
            "et-si",
            Text("Et si les hypothèses sont fausses ?", "What if the assumptions are wrong?"),
            what_if_wrong,
        ),
        Section("confiance", Text("Jusqu'où s'y fier", "How far to trust it"), trust),
        Section(
            "hypotheses",
            Text("Les hypothèses", "The assumptions"),
            (assumption_list(findings.scenario.assumptions),),
        ),
        Section("fichiers", Text("Les fichiers", "The files"), (Files(tuple(files)),)),
    )


def framed(
    run: Run,
    subtitle: Text,
    answer: Answer,
    notices: tuple[Callout, ...],
    sections: tuple[Section, ...],
) -> Document:
    """Return the whole page, under the study's question and above what makes it again."""
    study = run.scenario.study
    return Document(
        title=Text(study.question, study.question_en),
        subtitle=subtitle,
        answer=answer,
        notices=notices,
        sections=sections,
        colophon=colophon(run),
    )
