"""The report's page: what a council reads in a minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from models.lighting.answer import tables
from models.lighting.answer.findings import COST, DARK, Findings
from models.lighting.answer.judged import Judged
from models.lighting.answer.load_curve import Curve, night_figure
from models.lighting.answer.maps import Maps
from twin.decide.intervals import Interval
from twin.lang import Lang, Text
from twin.report import figures as draw
from twin.report.blocks import (
    Answer,
    Block,
    Bullets,
    Callout,
    Card,
    FigureBlock,
    FileLink,
    Paragraph,
    TableBlock,
)
from twin.report.document import Document, Section
from twin.report.front import FrontPoint, front_chart
from twin.report.phrases import (
    between,
    between_eur,
    bounded,
    doubt,
    euros,
    listed,
    named,
    numbers,
    opposite,
    percents,
    worlds,
)
from twin.report.svg import Svg
from twin.report.tables import Column, Kind
from twin.study.comparison import bar, closing, framed, quick_notice, what_if
from twin.study.judged import gap

THOUSAND = 1_000.0
DARK_COLUMN = Column(
    "h",
    Text("Heures de passants dans le noir (milliers par an)",
         "Hours of people in the dark (thousands a year)"),
    Kind.NUMBER,
    decimals=0,
)  # fmt: skip
DAYS_COLUMN = Column(
    "days", Text("Jours de la panne à la réparation", "Days from failure to repair"), Kind.NUMBER,
    decimals=1,
)  # fmt: skip
COST_COLUMN = Column("eur", Text("Coût par an", "Cost a year"), Kind.EURO)
LINES: dict[str, Text] = {
    "energy_eur": Text("énergie", "energy"),
    "fixed_eur": Text("part fixe", "fixed part"),
    "crew_eur": Text("équipes", "crews"),
    "parts_eur": Text("pièces", "parts"),
    "devices_eur": Text("horloges, contrôleurs", "clocks, nodes"),
    "lanterns_eur": Text("lanternes LED", "LED lanterns"),
}


def document(
    findings: Findings, maps: Maps, drawn: list[Curve], files: Sequence[FileLink]
) -> Document:
    """Return the whole report."""
    name, told = findings.scenario.territory.name, worlds(findings.n)
    points = numbers(findings.current.mean("points") or 0.0)
    return framed(
        findings.run,
        Text(
            f"{name} · {points.fr} points lumineux · {told.fr}",
            f"{name} · {points.en} light points · {told.en}",
        ),
        Answer(headline=headline(findings), cards=cards(findings), detail=reasons(findings)),
        notices(findings),
        (*parts(findings, maps, drawn), *closing(
            findings, what_if(findings, findings.chosen, COST_COLUMN), trust(findings), files
        )),
    )  # fmt: skip


def headline(findings: Findings) -> Text:
    """Return the option to take, what it saves, and who is then in the dark."""
    chosen, saving = findings.chosen, findings.saving
    name = named(chosen.option.name)
    if chosen is findings.current or saving is None:
        return Text(
            f"**Ne rien changer** coûte le moins, {euros(chosen.mean(COST) or 0.0).fr} par an",
            f"**Changing nothing** costs least, {euros(chosen.mean(COST) or 0.0).en} a year",
        )
    less = opposite(saving.difference)
    amount, ends, open_question = euros(less.mean), between_eur(less), doubt(saving.settled)
    energy = gap(chosen, findings.current, "kwh")
    dark = gap(chosen, findings.current, DARK)
    fr = [
        f"{name.fr} coûte le moins : **{amount.fr}** de moins par an qu'aujourd'hui ({ends.fr}{open_question.fr})"
    ]
    en = [
        f"{name.en} costs least: **{amount.en}** less a year than today ({ends.en}{open_question.en})"
    ]
    whole = findings.current.mean("kwh")
    if energy is not None and whole:
        share = percents(energy.difference.mean / whole, signed=True)
        fr.append(f"énergie **{share.fr}**")
        en.append(f"energy **{share.en}**")
    if dark is not None:
        more = percents(
            dark.difference.mean / max(findings.current.mean(DARK) or 1.0, 1.0), signed=True
        )
        fr.append(f"heures de passants dans le noir **{more.fr}**{doubt(dark.settled).fr}")
        en.append(f"hours of people in the dark **{more.en}**{doubt(dark.settled).en}")
    return Text(" ; ".join(fr), "; ".join(en))


def reasons(findings: Findings) -> Text:
    """Return how the option was chosen, what is not told apart, and what the front holds."""
    fr = [
        "L'option retenue est la moins chère de celles qui répondent, scénario 0 compris : énergie, part fixe, équipes, pièces, horloges ou contrôleurs, lanternes. L'obscurité n'a pas de prix ici : elle se lit à côté."
    ]
    en = [
        "The option to take is the cheapest of those that answer, scenario 0 included: energy, fixed part, crews, parts, clocks or nodes, lanterns. Darkness has no price here: read it beside."
    ]
    if findings.tied:
        names = listed([named(each.option.name) for each in findings.tied])
        fr.append(f"À coût non départagé : {names.fr}.")
        en.append(f"Cost not told apart from: {names.en}.")
    if len(findings.front) > 1:
        names = listed([named(each.option.name) for each in findings.front])
        fr.append(
            f"Aucune option ne fait mieux à la fois en coût et en obscurité que : {names.fr}."
        )
        en.append(f"No option is better both in cost and in darkness than: {names.en}.")
    return Text(" ".join(fr), " ".join(en))


def cards(findings: Findings) -> tuple[Card, ...]:
    """Return the key figures of the chosen option."""
    found = []
    for kpi, places in (("kwh", 0), ("co2_t", 0), ("outside_h", 0), ("known_days", 1)):
        raw, before = findings.chosen.get(kpi), findings.current.get(kpi)
        if raw is None or before is None:
            continue
        told, today = tables.coarse(raw), tables.coarse(before).mean
        value, ends, now = numbers(told.mean, places), between(told, places), numbers(today, places)
        found.append(
            Card(
                tables.LABELS[kpi],
                value,
                Text(f"IC à 95 % : {ends.fr} ; aujourd'hui {now.fr}",
                     f"95% CI: {ends.en}; today {now.en}"),
            )
        )  # fmt: skip
    invested = findings.chosen.get("invested_eur")
    if invested is not None and invested.mean > 0.0:
        found.append(
            Card(tables.LABELS["invested_eur"], euros(invested.mean), between_eur(invested))
        )
    return tuple(found)


def notices(findings: Findings) -> tuple[Callout, ...]:
    """Return what must be read before the figures."""
    priors = findings.scenario.assumptions.values()
    unknown = sum(each.status == "unverified" for each in priors)
    made_up = Callout(
        Text("Inventaire inventé", "Made-up inventory"),
        Text(
            "Lampes et armoires sont dessinées d'après la population : bon pour un ordre de grandeur et pour comparer des options, pas pour désigner une rue.",
            "Lamps and cabinets are drawn from the population: good for an order of magnitude and to compare options, not to point at a street.",
        ),
        "warning",
    )
    found = [
        Callout(
            Text("Hypothèses non vérifiées", "Unverified assumptions"),
            Text(
                f"{unknown} hypothèses sur {len(priors)} ne reposent sur aucune mesure : à remplacer par vos factures et devis.",
                f"{unknown} assumptions of {len(priors)} rest on no measurement: replace them by your bills and quotes.",
            ),
            "note",
        ),
    ]
    if findings.current.settings.inventory.table is None:
        found.insert(0, made_up)
    if findings.run.quick:
        found.insert(0, quick_notice(findings.n, Text("deux ans", "two years")))
    return tuple(found)


def parts(findings: Findings, maps: Maps, drawn: list[Curve]) -> tuple[Section, ...]:
    """Return the sections in the order in which a council asks."""
    light = ("lit_share", "dark_people_h", "unlit_h", "outside_h", "overlit_kwh", "overlit_eur")
    repair = ("known_days", "repair_days", "calls", "alarms", "false_alarms", "dark_h", "trips")
    radio: list[Block] = [
        TableBlock(
            tables.levels_table(
                findings, ("heard", "commands", "lost_commands", "by_hand"), "ordres",
                Text("Changer les horaires : ordres et réglages à la main",
                     "Changing hours: commands and settings by hand"),
            )
        )
    ]  # fmt: skip
    if findings.radios:
        radio.append(TableBlock(tables.radio_table(findings)))
    return (
        Section(
            "combien",
            Text("Combien coûte chaque option ?", "What does each option cost?"),
            (
                FigureBlock(partial(cost_figure, findings)),
                TableBlock(tables.options_table(findings)),
                TableBlock(tables.chances_table(findings)),
                FigureBlock(partial(night_figure, findings, drawn)),
            ),
        ),
        *at_home(findings, maps),
        Section(
            "lumiere",
            Text("Le juste éclairage : qui est dans le noir ?", "The right light: who is in the dark?"),
            (
                FigureBlock(partial(front_figure, findings)),
                FigureBlock(partial(dark_figure, findings)),
                *beyond(findings),
                TableBlock(
                    tables.levels_table(
                        findings, light, "lumiere",
                        Text("La lumière que chaque option donne", "The light each option gives"),
                    )
                ),
            ),
        ),
        Section(
            "pannes",
            Text("Les pannes : vues et réparées en combien de jours ?", "Failures: seen and repaired in how many days?"),
            (
                *repairs(findings),
                TableBlock(
                    tables.levels_table(
                        findings, repair, "pannes",
                        Text("Pannes, appels, alarmes, sorties", "Failures, calls, alarms, trips"),
                    )
                ),
            ),
        ),
        Section("radio", Text("Ce que vaut la radio", "What the radio is worth"), tuple(radio)),
    )  # fmt: skip


def cost_figure(findings: Findings, lang: Lang) -> Svg:
    """Break each option's yearly cost into its lines."""
    shown = findings.asked
    parts_ = [
        draw.Part(label, tuple(each.mean(kpi) or 0.0 for each in shown))
        for kpi, label in LINES.items()
    ]
    name, amount = named(findings.chosen.option.name), euros(findings.chosen.mean(COST) or 0.0)
    title = Text(
        f"{name.fr} coûte le moins : {amount.fr} par an",
        f"{name.en} costs least: {amount.en} a year",
    )
    return draw.stacked_bars(
        "couts", title, [each.option.name for each in shown], parts_, COST_COLUMN, lang
    )


def front_figure(findings: Findings, lang: Lang) -> Svg:
    """Place options by cost and by people in the dark."""
    points = []
    for each in findings.asked:
        cost, raw = each.get(COST), each.get(DARK)
        if cost is None or raw is None:
            continue
        dark = _thousands(raw)
        points.append(
            FrontPoint(
                each.option.name, cost.mean, dark.mean, _ends(cost), _ends(dark),
                each in findings.front, each is findings.chosen,
            )
        )  # fmt: skip
    count = sum(point.on_front for point in points)
    title = Text(
        f"{count} options sur {len(points)} : moins cher n'y va qu'avec plus d'obscurité",
        f"{count} options of {len(points)}: among them cheaper means darker",
    )
    return front_chart("front", title, points, COST_COLUMN, DARK_COLUMN, lang)


def _thousands(told: Interval) -> Interval:
    return replace(
        told, mean=told.mean / THOUSAND, low=told.low / THOUSAND, high=told.high / THOUSAND
    )


def _ends(told: Interval) -> tuple[float, float]:
    """Return an interval's ends, the mean where it has none."""
    return (told.low, told.high) if bounded(told) else (told.mean, told.mean)


def dark_figure(findings: Findings, lang: Lang) -> Svg:
    """Compare the hours of people in the dark."""
    shown = [(each, told) for each in findings.asked if (told := each.get(DARK)) is not None]
    bars = [
        bar(each.option.name, _thousands(told), strong=each is findings.chosen)
        for each, told in shown
    ]
    least = min(shown, key=lambda pair: pair[1].mean)[0]
    title = Text(
        f"Le moins de passants dans le noir : {named(least.option.name).fr}",
        f"Fewest people in the dark: {named(least.option.name).en}",
    )
    return draw.option_bars("obscurite", title, bars, DARK_COLUMN, lang)


def beyond(findings: Findings) -> tuple[Block, ...]:
    """Return how much of today's energy gives more light than the streets' class asks."""
    now, service = findings.current, findings.current.settings.service
    paid, outside, share = now.get("overlit_eur"), now.get("outside_h"), findings.overlit_share
    if paid is None or outside is None or share is None:
        return ()
    part, parts_, amount, ends = (
        percents(share.mean), between(share, 0, "percent"), euros(paid.mean), between_eur(paid)
    )  # fmt: skip
    hours, few = numbers(outside.mean), between(outside, 0)
    late, early, steps = service.quiet_from, service.quiet_to, service.quiet_classes
    return (
        Paragraph(
            Text(
                f"Aujourd'hui **{part.fr}** de l'énergie ({parts_.fr}), soit {amount.fr} par an ({ends.fr}), éclaire au-delà de ce que la classe de la rue demande à cette heure (EN 13201-2 ; de {late} à {early}, {steps} classes plus bas), et chaque point passe {hours.fr} heures de nuit par an en dessous ({few.fr}). {findings.n} mondes, IC à 95 %. Calcul par la méthode des flux, à l'ordre de grandeur : une étude photométrique le précisera rue par rue.",
                f"Today **{part.en}** of the energy ({parts_.en}), {amount.en} a year ({ends.en}), lights beyond what the street's class asks at that hour (EN 13201-2; from {late} to {early}, {steps} classes lower), and each point spends {hours.en} hours of night a year below it ({few.en}). {findings.n} worlds, 95% CI. By the lumen method, an order of magnitude: a photometric study will tell street by street.",
            )
        ),
    )


def at_home(findings: Findings, maps: Maps) -> tuple[Section, ...]:
    """Return what changes in each commune, where something changes."""
    if findings.chosen is findings.current:
        return ()
    title = Text("Et chez nous ? Commune par commune", "And at home? Commune by commune")
    return (Section("ou", title, (FigureBlock(maps.changes),)),)


def repairs(findings: Findings) -> tuple[Block, ...]:
    """Return the figure of days to repair, where anything was repaired."""
    shown = [
        (each, told) for each in findings.asked if (told := each.get("repair_days")) is not None
    ]
    return (FigureBlock(partial(repair_figure, findings, shown)),) if shown else ()


def repair_figure(findings: Findings, shown: list[tuple[Judged, Interval]], lang: Lang) -> Svg:
    """Compare the days from a failure to its repair."""
    bars = [bar(each.option.name, told, strong=each is findings.chosen) for each, told in shown]
    best, told = min(shown, key=lambda pair: pair[1].mean)
    now = findings.current.mean("repair_days") or 0.0
    name, days, today = named(best.option.name), numbers(told.mean, 1), numbers(now, 1)
    title = Text(
        f"Une panne dure {today.fr} jours aujourd'hui, {days.fr} au mieux : {name.fr}",
        f"A failure lasts {today.en} days today, {days.en} at best: {name.en}",
    )
    return draw.option_bars("jours-de-panne", title, bars, DAYS_COLUMN, lang)


def trust(findings: Findings) -> tuple[Block, ...]:
    """Return how worlds are to be read, and what is left out."""
    return (
        Paragraph(
            Text(
                f"**Les mondes.** {findings.n} mondes tirés au sort : durées de vie, pannes, appels, horaires d'aujourd'hui, radio, prix. Toutes les options rencontrent les mêmes pannes et les mêmes appels.",
                f"**The worlds.** {findings.n} worlds drawn: lives, failures, calls, today's hours, radio, prices. All options meet the same failures and the same calls.",
            )
        ),
        Paragraph(
            Text(
                "**Sécurité.** Sur 62 collectivités anglaises et galloises, la coupure au cœur de la nuit n'a changé ni les accidents ni la délinquance de façon établie (rapport 0,96, de 0,86 à 1,06 ; Steinbach 2015) : une incertitude, pas un bénéfice. Aucune loi n'impose d'éclairer les rues : le maire décide (arrêté du 27 décembre 2018 pour les autres installations).",
                "**Safety.** In 62 authorities of England and Wales part-night lighting changed neither collisions nor crime beyond doubt (ratio 0.96, 0.86 to 1.06; Steinbach 2015): an uncertainty, no benefit. No law asks for street lighting: the mayor decides (order of 27 December 2018 for other installations).",
            )
        ),
        Paragraph(Text("**Ce qui n'est pas modélisé**", "**What is not modelled**")),
        Bullets(
            (
                Text(
                    "les mâts, les câbles à remplacer et la mise aux normes",
                    "masts, cables to replace, and safety works",
                ),
                Text(
                    "la valeur de l'obscurité pour les personnes, la faune et le ciel",
                    "the worth of darkness for people, wildlife and the sky",
                ),
                Text(
                    "les passerelles du réseau radio : elles sont supposées là",
                    "the radio network's gateways: they are taken as there",
                ),
                Text(
                    "les coupures du réseau électrique et le retour groupé des contrôleurs",
                    "cuts of the mains, and the return of all nodes at once",
                ),
                Text(
                    "la luminance, l'uniformité et l'éblouissement : une étude photométrique les dira",
                    "luminance, evenness and glare: a photometric study will tell",
                ),
            )
        ),
    )
