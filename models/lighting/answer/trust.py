"""How far the answer may be trusted: what worlds are, and what is left out."""

from __future__ import annotations

from models.lighting.answer.findings import Findings
from twin.lang import Text
from twin.report.blocks import (
    Block,
    Bullets,
    Paragraph,
)


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
