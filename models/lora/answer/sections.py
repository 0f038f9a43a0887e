"""The sections of the report: where, how many, what if, when, how far to trust, assumptions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from models.lora.answer import figures, tables, zone_tables
from models.lora.answer.curve import CurveStep
from models.lora.answer.findings import INDRE_BAND, Findings
from models.lora.answer.maps import Maps
from models.lora.answer.programme import Programme, programme_table
from models.lora.answer.words import interval_text, millions, percents
from models.lora.outcomes import discounted_name
from models.lora.use_cases import UseCase
from twin.lang import Lang, Text
from twin.report.blocks import (
    Block,
    Bullets,
    Callout,
    FigureBlock,
    Paragraph,
    TableBlock,
)
from twin.report.svg import Svg
from twin.report.typography import number

NOT_MODELLED: tuple[Text, ...] = (
    Text(
        "les collisions, la charge du réseau et le rapport cyclique : une étude à part",
        "collisions, network load and duty cycle: a study of their own",
    ),
    Text(
        "la durée de vie des piles : un compteur entendu en SF12 s'use plus vite",
        "battery life: a meter heard at SF12 wears out sooner",
    ),
    Text(
        "les pannes de passerelles, de courant et de liaison 4G",
        "outages of gateways, power and 4G backhaul",
    ),
    Text(
        "les bâtiments et les bois un par un : seule une perte moyenne autour du compteur",
        "buildings and woods one by one: only a mean loss around the meter",
    ),
    Text(
        "la voie descendante (commandes, accusés) : plus faible que la voie montante, voir les "
        "bilans de liaison",
        "the downlink (commands, acknowledgements): weaker than the uplink, see the link budgets",
    ),
    Text(
        "la faible hauteur d'un regard : tous les compteurs sont à la même hauteur ; à 0,2 m du "
        "sol il en coûterait 5 dB de plus en moyenne sur ce relief",
        "the low height of a pit: all meters stand at the same height; at 0.2 m above ground it "
        "would cost 5 dB more on average on this relief",
    ),
    Text(
        "la vraie place des bourgs et des points hauts communaux : ils sont au centre de la "
        "commune, ce qui favorise un peu ces points hauts",
        "the true place of villages and municipal high points: they stand at the commune's "
        "centre, which favours these high points a little",
    ),
    Text(
        "les passerelles hors du département, qui aideraient aux limites",
        "gateways outside the department, which would help near its limits",
    ),
    Text(
        "l'obligation de constater la carence de l'initiative privée (CGCT, L.1425-1) avant de "
        "servir des tiers",
        "the duty to establish that private initiative falls short (CGCT, L.1425-1) before "
        "serving third parties",
    ),
)


def where(findings: Findings, maps: Maps) -> tuple[Block, ...]:
    """Return the maps, the EPCI and the list of sites."""
    return (
        FigureBlock(maps.coverage),
        FigureBlock(maps.redundancy),
        FigureBlock(maps.communes),
        FigureBlock(partial(figures.redundancy_by_epci, findings)),
        TableBlock(zone_tables.epci_table(findings)),
        TableBlock(zone_tables.sites_table(findings), folded=True),
        TableBlock(zone_tables.commune_table(findings), folded=True),
    )


def price(findings: Findings, steps: Sequence[CurveStep]) -> tuple[Block, ...]:
    """Return the options, their costs and the cost curve."""
    best = findings.best
    rates = sorted(findings.scenario.money.discount_sensitivities)
    at = {rate: best.outcome[discounted_name(rate)].mean for rate in rates}
    listed_fr = ", ".join(f"{millions(at[r]).fr} à {percents(r, 1).fr}" for r in rates)
    listed_en = ", ".join(f"{millions(at[r]).en} at {percents(r, 1).en}" for r in rates)
    used = percents(findings.scenario.money.discount_rate, 1)
    return (
        FigureBlock(partial(figures.gateways_by_option, findings)),
        FigureBlock(partial(figures.gateways_needed, findings)),
        FigureBlock(partial(figures.costs_by_line, findings)),
        Paragraph(
            Text(
                f"Taux d'actualisation {used.fr} ; le coût total de l'option recommandée serait de "
                f"{listed_fr}. Le FCTVA rembourse une part de la TVA des investissements seuls.",
                f"Discount rate {used.en}; the recommended option's total cost would be "
                f"{listed_en}. The FCTVA refunds part of the VAT of investments only.",
            )
        ),
        TableBlock(tables.options_table(findings)),
        TableBlock(tables.costs_table(findings)),
        *comparison(findings),
        *curve(findings, steps),
    )


def curve(findings: Findings, steps: Sequence[CurveStep]) -> tuple[Block, ...]:
    """Return the cost curve; a territory where one network serves every target has none."""
    if len(steps) == 1:
        return ()
    return (FigureBlock(partial(figures.cost_of_share, steps, findings.best)),)


def comparison(findings: Findings) -> tuple[Block, ...]:
    """Return the paired comparison with scenario 0, where there is one."""
    if not findings.versus_operator:
        return ()
    return (TableBlock(tables.comparison_table(findings)),)


def what_if(findings: Findings) -> tuple[Block, ...]:
    """Return the tornados, the pits and the quotes to ask for."""
    blocks: list[Block] = [
        FigureBlock(partial(_tornado, findings, "gateways_final")),
        FigureBlock(partial(_tornado, findings, "total_ht_eur")),
    ]
    pits = findings.options.get("two-gateways-pits")
    if pits is not None:
        final = pits.outcome["gateways_final"]
        blocks.append(
            Callout(
                Text(
                    "Et si tous les compteurs sont en regard ?", "What if every meter is in a pit?"
                ),
                Text(
                    f"Il faudrait prévoir {len(pits.plan.sites)} passerelles au lieu de "
                    f"{len(findings.best.plan.sites)}, et de {interval_text(final, Lang.FR)} une "
                    f"fois complété ; la cible serait alors atteinte dans "
                    f"{percents(pits.outcome['target_met_final'].mean).fr} des mondes.",
                    f"{len(pits.plan.sites)} gateways instead of {len(findings.best.plan.sites)} "
                    f"would be planned, and {interval_text(final, Lang.EN)} once completed; the "
                    f"target would then be met in "
                    f"{percents(pits.outcome['target_met_final'].mean).en} of worlds.",
                ),
            )
        )
    return tuple(blocks)


def _tornado(findings: Findings, kpi: str, lang: Lang) -> Svg:
    return figures.sensitivities(findings, kpi, lang)


def when(findings: Findings, programme: Programme) -> tuple[Block, ...]:
    """Return the deployment programme and its dates."""
    return (
        *(Paragraph(text) for text in programme.sentences(findings)),
        FigureBlock(partial(programme.figure, findings)),
        TableBlock(programme_table(findings, programme)),
    )


def trust(findings: Findings) -> tuple[Block, ...]:
    """Return the checks against the published, the accuracy of the method and its limits."""
    area = sum(commune.area_km2 for commune in findings.stage.communes)
    planned = len(findings.best.plan.sites)
    low, high = INDRE_BAND
    final = findings.best.outcome["gateways_final"]
    meets = final.high >= low and planned <= high
    return (
        Paragraph(
            Text(
                f"**Ordre de grandeur publié.** {planned} passerelles font "
                f"{number(1000 * planned / area, 0, Lang.FR)} passerelles pour 1 000 km². À la "
                f"densité des réseaux publiés (de la Loire à l'Île-de-France), l'Indre en compterait "
                f"de {number(low, 0, Lang.FR)} à {number(high, 0, Lang.FR)} ; le réseau complété en "
                f"compte de {interval_text(final, Lang.FR)}, "
                + ("ce qui touche cette fourchette. " if meets else "hors de cette fourchette. ")
                + "Ces réseaux servent bien d'autres usages que l'eau, et en ville : c'est un "
                "repère, pas une preuve.",
                f"**Published order of magnitude.** {planned} gateways make "
                f"{number(1000 * planned / area, 0, Lang.EN)} gateways per 1,000 km². At the density "
                f"of published networks (Loire to Île-de-France) the Indre would have {low} to "
                f"{number(high, 0, Lang.EN)}; the completed network has "
                f"{interval_text(final, Lang.EN)}, "
                + ("which meets this band. " if meets else "outside this band. ")
                + "Those networks serve far more than water, and in towns: a landmark, not a proof.",
            )
        ),
        Paragraph(
            Text(
                "**Propagation.** Diffraction delta-Bullington complète (UIT-R P.526-15), vérifiée "
                "à moins de 0,01 dB près sur les dix cas publiés par l'UIT. Les chiffres par "
                "compteur viennent de profils exacts ; les cartes, d'un balayage rapide dont l'écart "
                "aux profils exacts est au plus de 0,2 dB pour un pixel sur deux et de 1,5 dB pour "
                "95 % des pixels.",
                "**Propagation.** Full delta-Bullington diffraction (ITU-R P.526-15), checked within "
                "0.01 dB on the ten cases the ITU published. Figures per meter come from exact "
                "profiles; maps from a fast sweep that departs from them by at most 0.2 dB at one "
                "pixel in two and 1.5 dB at 95 % of pixels.",
            )
        ),
        Paragraph(
            Text(
                "**Deux passerelles ne tombent pas en panne d'écoute indépendamment.** Ce qui "
                "masque un compteur le masque souvent à toutes : l'effet de masque est corrélé "
                f"entre passerelles ({percents(findings.best.settings.radio.shadowing_correlation).fr}) "
                "et dans l'espace. Supposer l'indépendance ferait paraître meilleur qu'il n'est le "
                "service d'un compteur à portée de nombreuses passerelles.",
                "**Two gateways do not fail to hear independently.** What hides a meter often hides "
                "it from all: shadowing is correlated between gateways "
                f"({percents(findings.best.settings.radio.shadowing_correlation).en}) and in space. "
                "Assuming independence would flatter the service of a meter within reach of many "
                "gateways.",
            )
        ),
        TableBlock(tables.budget_table(findings.best.settings.radio.spreading_factor)),
        TableBlock(
            tables.budget_lines_table(
                UseCase.METER_PIT, findings.best.settings.radio.spreading_factor
            ),
            folded=True,
        ),
        Paragraph(Text("**Ce qui n'est pas modélisé :**", "**What is not modelled:**")),
        Bullets(NOT_MODELLED),
    )
