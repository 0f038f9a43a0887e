"""The report's page: what a council reads in a minute."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from models.lighting.answer import tables
from models.lighting.answer.figures import (
    COST_COLUMN,
    cost_figure,
    dark_figure,
    front_figure,
    repair_figure,
)
from models.lighting.answer.findings import Findings
from models.lighting.answer.headline import cards, headline, reasons
from models.lighting.answer.load_curve import Curve, night_figure
from models.lighting.answer.maps import Maps
from models.lighting.answer.trust import trust
from twin.lang import Text
from twin.report.blocks import (
    Answer,
    Block,
    Callout,
    FigureBlock,
    FileLink,
    Paragraph,
    TableBlock,
)
from twin.report.document import Document, Section
from twin.report.phrases import (
    between,
    between_eur,
    euros,
    numbers,
    percents,
    worlds,
)
from twin.study.comparison import closing, framed, quick_notice, what_if


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
