"""What the numbers rest on: worlds, intervals, limits, notices."""

from __future__ import annotations

from models.water.answer import file_tables
from models.water.answer.findings import Findings
from twin.lang import Text
from twin.report.blocks import Block, Bullets, Callout, Paragraph, TableBlock
from twin.study.assumptions import unverified
from twin.study.comparison import quick_notice

NOT_MODELLED: tuple[Text, ...] = (
    Text(
        "les ventes d'eau entre services et les interconnexions : chaque commune est un réservoir et son réseau",
        "water sold between services, and interconnections: each commune is a tower and its network",
    ),
    Text(
        "les conduites qui amènent l'eau au réservoir, et leurs fuites",
        "the mains that bring water to the tower, and their leaks",
    ),
    Text(
        "le renouvellement des conduites et la baisse de pression : d'autres façons de perdre moins",
        "renewal of mains and lower pressure: other ways of losing less",
    ),
    Text(
        "les coups de bélier, la qualité de l'eau, les volumes d'incendie réellement tirés",
        "water hammer, water quality, the volumes firemen truly draw",
    ),
    Text(
        "les compteurs qui dérivent : un compteur est juste, arrêté ou muet",
        "meters that drift: a meter is right, stopped or silent",
    ),
    Text(
        "le temps de bureau pour suivre les courbes, et le logiciel",
        "the office time to watch the curves, and the software",
    ),
)

COMPUTED = Text(
    "la réserve des réservoirs et la conduite fermée sont calculées sur les réseaux de l'étude, hors de l'année jouée",
    "the reserve of towers and the shut pipe are computed on the study's networks, outside the year played",
)


def trust(findings: Findings) -> tuple[Block, ...]:
    """Return how worlds and intervals are to be read, and what is left out."""
    service = findings.current.settings.service
    quick = findings.run.quick
    return (
        Paragraph(
            Text(
                f"**Les mondes.** {findings.n} mondes tirés au sort : état des conduites, débit et durée des "
                "fuites, consommations, pannes de compteurs, radio, prix. Toutes les options rencontrent les mêmes "
                "fuites aux mêmes endroits : un écart entre deux options vient des options.",
                f"**The worlds.** {findings.n} worlds drawn: condition of pipes, flow and life of leaks, "
                "consumption, meter failures, radio, prices. All options meet the same leaks in the same places: a "
                "gap between two options comes from the options.",
            )
        ),
        Paragraph(
            Text(
                "**Deux intervalles.** L'intervalle de confiance (IC) dit où la moyenne se fixerait avec plus de "
                "mondes ; un écart est établi quand il laisse zéro dehors. « 9 mondes sur 10 », dans les tables, dit "
                "où tomberait le seul monde qui sera vécu.",
                "**Two intervals.** The confidence interval (CI) says where the mean would settle with more worlds; "
                "a gap is settled when it leaves nought out. '9 worlds in 10', in the tables, says where the one "
                "world to be lived would fall.",
            )
        ),
        Paragraph(
            Text(
                f"**La durée.** {service.settling_days} jours de mise en route ne comptent pas (les vieilles fuites "
                f"sont trouvées d'abord) ; {service.days} jours comptent, ramenés à un an"
                + (" (étude rapide : 91 et 91 au plus)." if quick else "."),
                f"**The span.** {service.settling_days} days of settling do not count (old leaks are found first); "
                f"{service.days} days do, scaled to a year"
                + (" (quick study: 91 and 91 at most)." if quick else "."),
            )
        ),
        TableBlock(file_tables.outcome_table(findings, ("",)), folded=True),
        Paragraph(Text("**Ce qui n'est pas modélisé :**", "**What is not modelled:**")),
        Bullets((*NOT_MODELLED, COMPUTED)),
    )


def notices(findings: Findings) -> tuple[Callout, ...]:
    """Return what must be known before the numbers are used."""
    own = findings.current.settings.services is not None
    boxes = [
        Callout(
            Text("Réseaux inventés", "Made-up networks"),
            Text(
                "Conduites, réservoirs et branchements sont synthétiques, dessinés d'après la population et le "
                "relief de chaque commune"
                + ("" if own else " ; faute de liste, chaque intercommunalité est un service d'eau")
                + ". Bon pour un ordre de grandeur, pour comparer des options et pour choisir des communes, pas pour "
                "désigner une rue.",
                "Mains, towers and connections are synthetic, drawn from each commune's population and relief"
                + ("" if own else "; for want of a list each group of communes is a water service")
                + ". Fit for an order of magnitude, to compare options and to pick communes, not to point at a "
                "street.",
            ),
            "warning",
        ),
        unverified(
            findings.scenario.assumptions,
            Text(
                "La part d'eau perdue, l'état des conduites et les prix sont à remplacer par votre RPQS et vos devis.",
                "The share of water lost, the condition of pipes and the prices are to be replaced by your yearly "
                "report and your quotes.",
            ),
        ),
    ]
    if findings.run.quick:
        quarter = Text("un trimestre", "a quarter of a year")
        boxes.append(quick_notice(findings.n, quarter))
    return tuple(boxes)
