"""The section of a page that weighs options in worlds nobody can choose: choice, regret, front."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from twin.decide.intervals import Interval
from twin.decide.pareto import Front, front
from twin.decide.robust import Regret, domain, minimax, regrets
from twin.lang import Lang, Text
from twin.recorder import Direction, Kpi
from twin.report import figures as draw
from twin.report.blocks import Block, FigureBlock, Paragraph, TableBlock
from twin.report.document import Section
from twin.report.figures import Bar
from twin.report.phrases import listed, named, numbers, percents
from twin.report.svg import Svg
from twin.report.tables import Cell, Column, Kind, Table
from twin.scenario import Option
from twin.study.conduct import Run
from twin.study.rules import Chosen
from twin.study.standing import asked

if TYPE_CHECKING:
    from twin.study.published import Yardsticks

_FEWEST_WORLDS = 3
_SURE = 0.95
SHARE = Column(
    "best_share",
    Text("Mondes où l'option est la meilleure", "Worlds in which the option is best"),
    Kind.SHARE,
    decimals=0,
)


def choosing(run: Run, yardsticks: Yardsticks) -> tuple[Section, Table] | None:
    """Return the section and its table; None where fewer than two options can be compared."""
    options = asked(run.scenario)
    judged = [kpi for kpi in yardsticks.kpis if kpi.direction is not Direction.NONE]
    if len(options) < 2 or not judged or run.replications < _FEWEST_WORLDS:  # noqa: PLR2004 - a choice needs two
        return None
    kpi = judged[0]
    series = {each.id: _values(run, yardsticks, kpi, each.id) for each in options}
    found = regrets(series, kpi.direction, meets=yardsticks.meets)
    domains = {
        each.id: domain(yardsticks.meets[each.id])
        for each in options
        if each.id in yardsticks.meets
    }
    edge = _front(run, yardsticks, judged, options)
    names = {each.id: each.name for each in options}
    table = _table(found, edge, domains, names, kpi)
    blocks: list[Block] = []
    if run.verdict is not None and run.verdict.chosen is not None:
        blocks.append(Paragraph(chosen_text(run.verdict.chosen, names), lead=True))
    blocks.append(Paragraph(_regret_text(found, domains, names, kpi)))
    if max(each.best.mean for each in found) < 1.0:  # else the sentence says it all
        blocks.append(FigureBlock(partial(_chart, found, names, kpi)))
    if edge is not None:
        blocks.append(Paragraph(_front_text(edge, names, judged)))
    blocks.append(TableBlock(table, folded=True))
    title = Text("Choisir sans connaître l'avenir", "Choosing without knowing the future")
    return Section("choisir", title, tuple(blocks)), table


def chosen_text(chosen: Chosen, names: Mapping[str, Text]) -> Text:
    """Return what the selection came to, in a sentence."""
    section, runs = chosen.section, sum(chosen.played.values())
    survivors = listed([named(names[name]) for name in chosen.survivors])
    if not chosen.is_decided:
        return Text(
            f"Au plafond de {max(chosen.played.values())} mondes, {survivors.fr} ne se départagent "
            f"pas à {section.delta:g} près sur `{section.kpi}`.",
            f"At the ceiling of {max(chosen.played.values())} worlds, {survivors.en} are not told "
            f"apart within {section.delta:g} on `{section.kpi}`.",
        )
    sure = percents(chosen.chance, 1)
    if section.procedure == "ocba":
        return Text(
            f"{survivors.fr} est la meilleure sur `{section.kpi}`, à {section.delta:g} près, avec "
            f"une probabilité d'environ {sure.fr} au moins ({runs} simulations, OCBA).",
            f"{survivors.en} is the best on `{section.kpi}`, within {section.delta:g}, with a "
            f"probability of about {sure.en} at least ({runs} runs, OCBA).",
        )
    return Text(
        f"{survivors.fr} est la meilleure sur `{section.kpi}`, ou à moins de {section.delta:g} de "
        f"la meilleure, avec une probabilité d'au moins {sure.fr} ({runs} simulations, "
        "Kim et Nelson).",
        f"{survivors.en} is the best on `{section.kpi}`, or within {section.delta:g} of it, with a "
        f"probability of at least {sure.en} ({runs} runs, Kim and Nelson).",
    )


def _values(run: Run, yardsticks: Yardsticks, kpi: Kpi, option: str) -> list[float]:
    """Return the values in the worlds every option met."""
    told = yardsticks.told[kpi.name][option]
    return [told[replication] for replication in range(run.replications)]


def _front(
    run: Run, yardsticks: Yardsticks, judged: list[Kpi], options: list[Option]
) -> Front | None:
    if len(judged) < 2:  # noqa: PLR2004 - a front has two sides
        return None
    outcomes = {
        each.id: [_values(run, yardsticks, kpi, each.id) for kpi in judged] for each in options
    }
    return front(outcomes, [kpi.direction for kpi in judged])


def fit(found: tuple[Regret, ...], domains: Mapping[str, Interval]) -> tuple[Regret, ...]:
    """Return the options that meet their requirements as often as any, or may do so.

    Those whose share lies within the interval of the option that does so most often.
    """
    if not domains:
        return found
    surest = max(domains.values(), key=lambda each: each.mean)
    return tuple(
        each for each in found if each.option in domains and domains[each.option].mean >= surest.low
    )


def _regret_text(
    found: tuple[Regret, ...],
    domains: Mapping[str, Interval],
    names: Mapping[str, Text],
    kpi: Kpi,
) -> Text:
    prudent = minimax(fit(found, domains))
    often = max(found, key=lambda each: each.best.mean)
    worst = _worst_text(prudent.worst, kpi)
    share, n = percents(often.best.mean), often.best.n
    low, high = percents(often.best.low), percents(often.best.high)
    among = _domain_text(domains, names)
    able = Text(
        ", parmi les options qui y tiennent leurs exigences", ", of the options that meet theirs"
    )
    who = able if domains else Text("", "")
    name, cautious = named(names[often.option]), named(names[prudent.option])
    return Text(
        f"Au regard de « {kpi.label.fr} »{who.fr}, {name.fr} est la meilleure dans {share.fr} des "
        f"{n} mondes (de {low.fr} à {high.fr}). {among.fr} choix prudent est {cautious.fr} : "
        f"{worst.fr}",
        f"By '{kpi.label.en}'{who.en}, {name.en} is the best in {share.en} of the {n} worlds "
        f"({low.en} to {high.en}). {among.en} cautious choice is {cautious.en}: {worst.en}",
    )


def _worst_text(worst: float, kpi: Kpi) -> Text:
    if worst == 0.0:
        return Text(
            "aucune autre n'a été meilleure dans un seul monde joué.",
            "no other was better in any world played.",
        )
    amount = _amount(worst, kpi)
    return Text(
        "dans le pire monde joué, son regret, c'est-à-dire l'écart à l'option qu'il aurait fallu "
        f"choisir, est de {amount.fr}.",
        "in the worst world played its regret, the gap to the option one should have chosen, is "
        f"{amount.en}.",
    )


def _domain_text(domains: Mapping[str, Interval], names: Mapping[str, Text]) -> Text:
    """Return in how many worlds each option meets its requirements, up to the next article."""
    if not domains:
        return Text("Le", "The")
    each = [
        Text(f"{named(names[option]).fr} {percents(held.mean).fr}",
             f"{named(names[option]).en} {percents(held.mean).en}")
        for option, held in domains.items()
    ]  # fmt: skip
    said = listed(each)
    return Text(
        f"Toutes ne tiennent pas leurs exigences aussi souvent : {said.fr} des mondes. Parmi "
        "celles qui les tiennent le plus souvent, à l'incertitude près, le",
        f"Not all meet their requirements as often: {said.en} of worlds. Among those that meet "
        "them most often, within the uncertainty, the",
    )


def _front_text(edge: Front, names: Mapping[str, Text], judged: list[Kpi]) -> Text:
    sure = [named(names[each.option]) for each in edge.options if each.share >= _SURE]
    out = [named(names[each.option]) for each in edge.options if each.share <= 1.0 - _SURE]
    said = Text(
        f"Sur {judged[0].label.fr} et {judged[1].label.fr} ensemble, ",
        f"On {judged[0].label.en} and {judged[1].label.en} together, ",
    )
    kept = listed(sure) if sure else Text("aucune option", "no option")
    text = Text(
        f"{said.fr}{kept.fr} : aucune autre ne fait mieux des deux côtés (dans 95 % des tirages au "
        "moins).",
        f"{said.en}{kept.en}: no other does better on both sides (in 95% of draws at least).",
    )
    if not out:
        return text
    lost = listed(out)
    return Text(
        f"{text.fr} Dominée(s) presque sûrement : {lost.fr}.",
        f"{text.en} Almost surely dominated: {lost.en}.",
    )


def _table(
    found: tuple[Regret, ...],
    edge: Front | None,
    domains: Mapping[str, Interval],
    names: Mapping[str, Text],
    kpi: Kpi,
) -> Table:
    places = {each.option: each for each in edge.options} if edge is not None else {}
    unit = _unit(kpi).strip()
    number = partial(Column, kind=Kind.NUMBER, unit=unit, decimals=_decimals(kpi))
    rows: list[tuple[Cell, ...]] = [
        (
            names[each.option], each.best.mean, each.best.low, each.best.high, each.mean.mean,
            each.mean.low, each.mean.high, each.bad.mean, each.bad.low, each.bad.high, each.worst,
            places[each.option].share if each.option in places else None,
            domains[each.option].mean if each.option in domains else None, each.best.n,
        )
        for each in found
    ]  # fmt: skip
    share = partial(Column, kind=Kind.SHARE, decimals=0)
    return Table(
        "choisir",
        Text("Regret et place de chaque option", "Regret and place of each option"),
        (
            Column("option", Text("Option", "Option")),
            share("best", Text("Meilleure", "Best")),
            share("best_low", Text("bas (95 %)", "low (95%)")),
            share("best_high", Text("haut (95 %)", "high (95%)")),
            number("regret", Text("Regret moyen", "Mean regret")),
            number("regret_low", Text("bas", "low")),
            number("regret_high", Text("haut", "high")),
            number("regret_90", Text("Regret, 1 monde sur 10", "Regret, 1 world in 10")),
            number("regret_90_low", Text("bas (1 sur 10)", "low (1 in 10)")),
            number("regret_90_high", Text("haut (1 sur 10)", "high (1 in 10)")),
            number("regret_worst", Text("Pire monde joué", "Worst world played")),
            share("front", Text("Sur le front", "On the front")),
            share("meets", Text("Exigences tenues", "Requirements met")),
            Column("n", Text("Mondes", "Worlds"), Kind.INTEGER),
        ),
        tuple(rows),
    )


def _chart(found: tuple[Regret, ...], names: Mapping[str, Text], kpi: Kpi, lang: Lang) -> Svg:
    often = max(found, key=lambda each: each.best.mean)
    shown = [each for each in found if each.best.mean > 0.0]
    bars = [
        Bar(
            names[each.option],
            each.best.mean,
            each.best.low,
            each.best.high,
            strong=each.option == often.option,
        )
        for each in shown
    ]
    title = Text(
        f"La meilleure option change-t-elle d'un monde à l'autre ? ({kpi.label.fr})",
        f"Does the best option change from world to world? ({kpi.label.en})",
    )
    return draw.option_bars("meilleure", title, bars, SHARE, lang)


def _amount(value: float, kpi: Kpi) -> Text:
    """Return an amount of regret with its unit."""
    if kpi.unit == "share":
        points = numbers(100.0 * value, 1)
        return Text(f"{points.fr} point(s)", f"{points.en} point(s)")
    said, unit = numbers(value, _decimals(kpi)), _unit(kpi)
    return Text(f"{said.fr}{unit}", f"{said.en}{unit}")


def _decimals(kpi: Kpi) -> int:
    return 4 if kpi.unit in {"1", "share"} else 0


def _unit(kpi: Kpi) -> str:
    return "" if kpi.unit in {"1", "share"} else f" {kpi.unit}"
