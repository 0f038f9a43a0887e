"""The section of a page that tells how the study stopped and how closely its outcomes are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.decide.intervals import Interval, mean_interval
from twin.decide.precision import Of, Reached, Stop, Why
from twin.lang import Lang, Text, same
from twin.recorder import Kpi
from twin.report.blocks import Block, Paragraph, TableBlock
from twin.report.document import Section
from twin.report.tables import Cell, Column, Kind, Table
from twin.report.typography import percent
from twin.study.conduct import Run

if TYPE_CHECKING:
    from twin.study.published import Yardsticks

_OF = {
    Of.MEAN: Text("moyenne", "mean"),
    Of.QUANTILE: Text("quantile", "quantile"),
    Of.RATE: Text("taux", "rate"),
}


def stopping(run: Run, yardsticks: Yardsticks) -> tuple[Section, Table] | None:
    """Return the section and its table; None where nothing of it can be told."""
    assert run.verdict is not None  # noqa: S101 - a page is written once all is played
    stop = run.verdict.stop
    rows = _asked(run, stop) or _by_the_way(run, yardsticks)
    if not rows:
        return None
    table = Table(
        "precision",
        Text("À combien près les moyennes sont connues", "How closely the means are known"),
        (
            Column("option", Text("Option", "Option")),
            Column("outcome", Text("Indicateur", "Outcome")),
            Column("of", Text("Ce qui est estimé", "What is estimated")),
            Column("estimate", Text("Estimation", "Estimate"), Kind.NUMBER, decimals=3),
            Column("half_width", Text("± (95 %)", "± (95%)"), Kind.NUMBER, decimals=3),
            Column("allowed", Text("± demandé", "± asked"), Kind.NUMBER, decimals=3),
            Column("relative", Text("± relatif", "± relative"), Kind.SHARE, decimals=2),
            Column("n", Text("Mondes", "Worlds"), Kind.INTEGER),
        ),
        tuple(rows),
    )
    blocks: tuple[Block, ...] = (Paragraph(rule_text(stop)), TableBlock(table, folded=True))
    title = Text("Combien de mondes, et pourquoi pas plus", "How many worlds, and why no more")
    return Section("precision", title, blocks), table


def rule_text(stop: Stop) -> Text:
    """Return which rule stopped the study, in a sentence.

    >>> rule_text(Stop(Why.FIXED, 60)).en
    'Stopped at the number fixed beforehand: 60 worlds for each option.'
    """
    n = stop.replications
    if stop.why is Why.FIXED:
        return Text(
            f"Arrêt au nombre fixé d'avance : {n} mondes par option.",
            f"Stopped at the number fixed beforehand: {n} worlds for each option.",
        )
    if stop.why is Why.REACHED:
        return Text(
            f"Arrêt par la **précision** : à {n} mondes par option, chaque indicateur demandé est "
            "connu d'assez près, deux fois de suite.",
            f"Stopped by **precision**: at {n} worlds for each option every outcome asked is known "
            "closely enough, twice in a row.",
        )
    short = sum(not each.holds for each in stop.reached)
    return Text(
        f"Arrêt au **plafond** de {n} mondes par option : {short} indicateur(s) sur "
        f"{len(stop.reached)} restent moins précis que demandé.",
        f"Stopped at the **ceiling** of {n} worlds for each option: {short} outcome(s) of "
        f"{len(stop.reached)} remain less precise than asked.",
    )


def _asked(run: Run, stop: Stop) -> list[tuple[Cell, ...]]:
    names = {option.id: option.name for option in run.scenario.options}
    return [
        _row(names[each.option], _outcome(each), _what(each), each.interval, each.allowed)
        for each in stop.reached
    ]


def _by_the_way(run: Run, yardsticks: Yardsticks) -> list[tuple[Cell, ...]]:
    """Return the yardsticks of every option, though no precision was asked of them."""
    rows = []
    for kpi in yardsticks.kpis:
        for option in run.scenario.options:
            told = yardsticks.told[kpi.name][option.id]
            interval = mean_interval([told[r] for r in range(run.replications)])
            rows.append(_row(option.name, _labelled(kpi), _OF[Of.MEAN], interval, None))
    return rows


def _row(
    option: Text, outcome: Text, what: Text, interval: Interval, allowed: float | None
) -> tuple[Cell, ...]:
    half = interval.half_width
    relative = half / abs(interval.mean) if interval.mean else None
    return (option, outcome, what, interval.mean, half, allowed, relative, interval.n)


def _outcome(each: Reached) -> Text:
    zone = f" ({each.target.zone})" if each.target.zone else ""
    return same(f"{each.target.kpi}{zone}")


def _what(each: Reached) -> Text:
    said = _OF[each.target.of]
    if each.target.of is not Of.QUANTILE:
        return said
    share = each.target.share
    return Text(
        f"{said.fr} à {percent(share, Lang.FR, 0)}", f"{said.en} at {percent(share, Lang.EN, 0)}"
    )


def _labelled(kpi: Kpi) -> Text:
    unit = "" if kpi.unit in {"1", "share"} else f" ({kpi.unit})"
    return Text(f"{kpi.label.fr}{unit}", f"{kpi.label.en}{unit}")
