"""The sections of the report."""

from __future__ import annotations

from functools import partial

from models.waste.answer import (
    figures,
    place_tables,
    sensor_figures,
    sensor_tables,
    stream_tables,
    tables,
)
from models.waste.answer.cells import information
from models.waste.answer.findings import Findings
from models.waste.answer.headline import price_clause
from models.waste.answer.judged import FULL_DAYS
from models.waste.answer.maps import Maps
from models.waste.answer.words import COST, change
from twin.lang import Text
from twin.report.blocks import Block, Bullets, FigureBlock, Heading, Paragraph, TableBlock
from twin.report.phrases import between_eur, euros, listed, named, percents
from twin.report.tables import Table
from twin.study import comparison
from twin.study.judged import gap


def planning(findings: Findings) -> tuple[Block, ...]:
    """Return planning against sensors, separately: steps, costs, kilometres."""
    return (
        Bullets(tuple(step_sentences(findings))),
        FigureBlock(partial(figures.savings_by_option, findings), worse_caption(findings)),
        TableBlock(tables.steps_table(findings)),
        FigureBlock(partial(figures.cost_by_option, findings)),
        FigureBlock(partial(figures.cost_by_line, findings)),
        FigureBlock(partial(figures.km_by_option, findings)),
        TableBlock(tables.options_table(findings)),
        TableBlock(tables.steps_detail_table(findings), folded=True),
    )


def worse_caption(findings: Findings) -> Text | None:
    """Return which of the options compared leave clearly more points full; None where none."""
    worse = [named(each.option.name) for each in findings.decision.worse]
    if not worse:
        return None
    names = listed(worse)
    return Text(
        f"Laissent, de façon établie, plus de points pleins qu'aujourd'hui : {names.fr}.",
        f"Leave clearly more points full than today: {names.en}.",
    )


def step_sentences(findings: Findings) -> list[Text]:
    """Return one sentence for the calendar, one for planning, one for the sensors' best case."""
    found = []
    zero = Text("le calendrier actuel", "today's calendar")
    best = findings.best_fitted
    alike = Text("la même option sans sonde", "the same option without sensors")
    for what, one, other, against in (
        (Text("Un meilleur calendrier seul", "A better calendar alone"), findings.calendar,
         findings.current, zero),
        (Text("Planifier chaque matin, sans sonde", "Planning every morning without sensors"),
         findings.planned, findings.current, zero),
        (Text("Les sondes, au mieux", "Sensors at their best"), best,
         findings.twin(best) if best else None, alike),
    ):  # fmt: skip
        if one is None or other is None:
            continue
        money, drive, full = (gap(one, other, kpi) for kpi in ("total_eur", "km", FULL_DAYS))
        if money is None or drive is None or full is None:
            continue
        eur = change(money, Text("", ""), money=True)
        km = change(drive, Text("km", "km"))
        full_days = change(full, Text("j de point plein", "days full per point"), 1)
        found.append(
            Text(
                f"**{what.fr}**, face à {against.fr}, par an : {eur.fr} ; {km.fr} ; {full_days.fr}",
                f"**{what.en}**, against {against.en}, a year: {eur.en}; {km.en}; {full_days.en}",
            )
        )
    return found


def value_of_information(findings: Findings) -> tuple[Block, ...]:
    """Return what each piece of news is worth to each rule."""
    return (
        Paragraph(
            Text(
                "Une règle ne vaut que par ce qu'elle sait, et un savoir que par la règle qui s'en sert. "
                "De gauche à droite, on en sait plus ; les deux dernières colonnes sont des bornes "
                "qu'aucune sonde n'atteint.",
                "A rule is worth what it knows, and knowledge what the rule makes of it. From left to "
                "right more is known; the last two columns are bounds no sensor reaches.",
            )
        ),
        TableBlock(tables.information_table(findings, "total_eur")),
        TableBlock(tables.information_table(findings, "km")),
        TableBlock(tables.information_table(findings, FULL_DAYS)),
    )


def where(findings: Findings, maps: Maps | None) -> tuple[Block, ...]:
    """Return what share to equip, which points first, which stream."""
    if not findings.fitted:
        return (_no_sensor(),)
    blocks: list[Block] = [
        FigureBlock(partial(sensor_figures.saving_by_share, findings)),
        TableBlock(sensor_tables.shares_table(findings)),
        Heading(Text("Quels points d'abord", "Which points first")),
    ]
    if maps is not None:
        blocks += [
            FigureBlock(maps.first_points),
            TableBlock(_short_places(findings)),
        ]
    blocks += [
        Heading(Text("Flux par flux", "Stream by stream")),
        TableBlock(sensor_tables.stream_prices_table(findings)),
    ]
    return tuple(blocks)


def _short_places(findings: Findings) -> Table:
    """Return the first points with the columns a reader needs; the file has them all."""
    whole = place_tables.places_table(findings, place_tables.FIRST)
    kept = [
        index
        for index, column in enumerate(whole.columns)
        if column.name in ("rank", "id", "stream", "commune", "first_share", "visits", "yearly_eur")
    ]
    return Table(
        whole.name,
        whole.title,
        tuple(whole.columns[index] for index in kept),
        tuple(tuple(row[index] for index in kept) for row in whole.rows),
        note=whole.note,
    )


def price(findings: Findings) -> tuple[Block, ...]:
    """Return the price at which a sensor pays."""
    found = [(each, findings.break_even(each)) for each in findings.fitted]
    if not any(each for _, each in found):
        return (_no_sensor(),)
    items = []
    for judged, each in found:
        if each is None:
            continue
        share, verdict = percents(judged.settings.sensors.share), price_clause(findings, each)
        span, saves = between_eur(each.mean), percents(each.saves)
        items.append(
            Text(
                f"**{share.fr} des points** : {verdict.fr} ; prix d'équilibre moyen {euros(each.mean.mean).fr}, "
                f"IC à 95 % {span.fr} ; aux prix tirés, équiper paie dans {saves.fr} des {each.mean.n} mondes",
                f"**{share.en} of points**: {verdict.en}; mean break-even price {euros(each.mean.mean).en}, "
                f"95% CI {span.en}; at the prices drawn, fitting pays in {saves.en} of {each.mean.n} worlds",
            )
        )
    market = findings.sensor_price
    about = (
        (
            Paragraph(
                Text(
                    f"Bande orange : de {euros(market.low).fr} à {euros(market.high).fr}, ce que le "
                    f"scénario suppose du marché ({market.status.label.fr}). Chaque courbe dit, "
                    "pour un prix, dans quelle part des mondes la sonde paie.",
                    f"Orange band: from {euros(market.low).en} to {euros(market.high).en}, what the "
                    f"scenario supposes of the market ({market.status.label.en}). Each curve tells, for "
                    "a price, in which share of the worlds the sensor pays.",
                )
            ),
        )
        if market is not None
        else ()
    )
    return (
        FigureBlock(partial(sensor_figures.chance_by_price, findings)),
        *about,
        Bullets(tuple(items)),
    )


def bounds(findings: Findings) -> tuple[Block, ...]:
    """Return what no information can beat."""
    return (
        Paragraph(
            Text(
                "**Plancher du tonnage** : chaque litre doit aller du point à un vidage par camions pleins ; "
                "aucun savoir n'y change rien. **Niveaux connus** : une sonde parfaite sur chaque point. "
                "**Avenir connu** : ce qui sera apporté avant la prochaine tournée l'est aussi.",
                "**Tonnage floor**: each litre must go from its point to a dump in full trucks; no knowledge "
                "changes that. **Levels known**: a perfect sensor on every point. **Future known**: so is "
                "what will be brought before the next round.",
            )
        ),
        FigureBlock(partial(figures.bounds, findings)),
    )


def radio(findings: Findings) -> tuple[Block, ...]:
    """Return whether readings arrive."""
    table = sensor_tables.radio_table(findings)
    if not table.rows:
        return (_no_sensor(),)
    return (TableBlock(table),)


def streams(findings: Findings) -> tuple[Block, ...]:
    """Return each stream on its own: the options that matter, then all of them."""
    return (
        TableBlock(stream_tables.streams_table(findings, brief=True)),
        TableBlock(stream_tables.streams_table(findings), folded=True),
    )


def what_if(findings: Findings) -> tuple[Block, ...]:
    """Return the sensitivities of the option the study pinned."""
    return comparison.what_if(findings, findings.decision.chosen, COST)


def has_bounds(findings: Findings) -> bool:
    """Whether the study plays an option that knows more than any sensor tells."""
    return any(
        information(each.settings) in ("levels", "foresight") for each in findings.options.values()
    )


def _no_sensor() -> Paragraph:
    return Paragraph(
        Text(
            "Aucune option du scénario ne pose de sonde à côté de la même option sans sonde.",
            "No option of the scenario fits sensors beside the same option without.",
        )
    )
