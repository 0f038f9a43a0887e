"""The report's page: what a council reads in a minute and an auditor in an hour."""

from __future__ import annotations

from collections.abc import Sequence

from models.water.answer import sections, trust
from models.water.answer.findings import Findings
from models.water.answer.headline import headline, reasons
from models.water.answer.key_figures import cards
from models.water.answer.maps import Maps
from models.water.answer.messages import messages
from models.water.answer.power_cut import resilience
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
    """Return the territory, its zones and services, and the number of worlds."""
    name = findings.scenario.territory.name
    worlds = Text(f"{findings.n} mondes", f"{findings.n} worlds")
    services = len(findings.services)
    if findings.ground is None:
        return Text(f"{name} · {worlds.fr}", f"{name} · {worlds.en}")
    zones = len(findings.ground.networks)
    km = sum(each.km for each in findings.ground.networks)
    return Text(
        f"{name} · {zones} communes, {services} services, {number(km, 0, Lang.FR)} km de conduites · {worlds.fr}",
        f"{name} · {zones} communes, {services} services, {number(km, 0, Lang.EN)} km of mains · {worlds.en}",
    )


def parts(findings: Findings, maps: Maps | None, files: Sequence[FileLink]) -> tuple[Section, ...]:
    """Return the sections in the order in which a council asks."""
    return (
        Section(
            "combien",
            Text("Combien de compteurs de sectorisation ?", "How many district meters?"),
            sections.how_many(findings),
        ),
        Section("ou", Text("Où d'abord ?", "Where first?"), sections.where(findings, maps)),
        Section(
            "abonnes",
            Text(
                "Que vaut la télérelève des abonnés ?", "What is reading customers by radio worth?"
            ),
            sections.customers(findings),
        ),
        Section(
            "messages",
            Text("Ce que coûtent les messages perdus", "What lost messages cost"),
            messages(findings),
        ),
        Section(
            "indicateurs",
            Text("Les indicateurs du décret", "The decree's indicators"),
            sections.indicators(findings),
        ),
        Section(
            "resilience",
            Text("Une coupure d'électricité, une conduite fermée", "A power cut, a shut pipe"),
            resilience(findings, maps),
        ),
        *closing(findings, sections.what_if(findings), trust.trust(findings), files),
    )
