"""The report's page: what a council reads in a minute and an auditor in an hour."""

from __future__ import annotations

from collections.abc import Sequence

from models.waste.answer import sections, trust
from models.waste.answer.findings import Findings
from models.waste.answer.headline import headline, reasons
from models.waste.answer.key_figures import cards
from models.waste.answer.maps import Maps
from models.waste.answer.service import service
from twin.lang import Lang, Text
from twin.report.blocks import Answer, FileLink
from twin.report.document import Document, Section
from twin.report.typography import number
from twin.study.comparison import closing, framed


def document(findings: Findings, maps: Maps | None, files: Sequence[FileLink]) -> Document:
    """Return the whole report."""
    return framed(
        findings.run,
        subtitle(findings),
        Answer(headline=headline(findings), cards=cards(findings), detail=reasons(findings)),
        trust.notices(findings),
        parts(findings, maps, files),
    )


def subtitle(findings: Findings) -> Text:
    """Return the territory, its points and the number of worlds."""
    name = findings.scenario.territory.name
    ground = findings.ground
    if ground is None:
        return Text(f"{name} · {findings.n} mondes", f"{name} · {findings.n} worlds")
    count = len(ground.places)
    flows = len(findings.streams)
    return Text(
        f"{name} · {number(count, 0, Lang.FR)} points, {flows} flux · {findings.n} mondes",
        f"{name} · {number(count, 0, Lang.EN)} points, {flows} streams · {findings.n} worlds",
    )


def parts(findings: Findings, maps: Maps | None, files: Sequence[FileLink]) -> tuple[Section, ...]:
    """Return the sections in the order in which a council asks."""
    found = [
        Section(
            "planifier",
            Text("Mieux planifier, ou mieux savoir ?", "Plan better, or know better?"),
            sections.planning(findings),
        ),
        Section(
            "equiper",
            Text(
                "Combien de points équiper, et lesquels ?", "How many points to equip, and which?"
            ),
            sections.where(findings, maps),
        ),
        Section(
            "prix",
            Text("À quel prix une sonde paie-t-elle ?", "At what price does a sensor pay?"),
            sections.price(findings),
        ),
        Section(
            "service",
            Text("Le service à côté de l'économie", "Service beside the saving"),
            service(findings),
        ),
        Section(
            "information",
            Text("Ce que vaut chaque information", "What each piece of information is worth"),
            sections.value_of_information(findings),
        ),
    ]
    if sections.has_bounds(findings):
        found.append(
            Section(
                "bornes",
                Text("Ce que rien ne peut dépasser", "What nothing can beat"),
                sections.bounds(findings),
            )
        )
    found += [
        Section("flux", Text("Flux par flux", "Stream by stream"), sections.streams(findings)),
        Section("radio", Text("La radio", "The radio"), sections.radio(findings)),
        *closing(findings, sections.what_if(findings), trust.trust(findings), files),
    ]
    return tuple(found)
