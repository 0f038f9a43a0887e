"""The section of a page that tells which quote to ask for first."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from twin.decide.priors import Prior
from twin.decide.sensitivity import RankShare
from twin.lang import Lang, Text
from twin.report import figures as draw
from twin.report.blocks import Block, FigureBlock, Paragraph, TableBlock
from twin.report.document import Section
from twin.report.figures import Bar
from twin.report.phrases import percents
from twin.report.svg import Svg
from twin.report.tables import Column, Kind, Table
from twin.study.conduct import Run
from twin.study.quotes import FEWEST_WORLDS, quotes_first, variance_shares

if TYPE_CHECKING:
    from twin.study.published import Yardsticks

_SHOWN = 5
_TIMES_NOISE = 4.0
"""A share this many times what chance alone gives stands out (chi-squared, 1 degree: 95.4 %)."""

SHARE = Column(
    "share", Text("Part de l'incertitude du résultat", "Share of the spread"), Kind.SHARE,
    decimals=0,
)  # fmt: skip


def quotes(run: Run, yardsticks: Yardsticks) -> tuple[Section, Table] | None:
    """Return the section and its table; None where nothing unverified is uncertain."""
    if not yardsticks.kpis or run.replications < 3:  # noqa: PLR2004 - fewest for a rank
        return None
    kpi, priors = yardsticks.kpis[0], run.scenario.assumptions
    told = yardsticks.told[kpi.name][run.recommended]
    outcome = {replication: told[replication] for replication in range(run.replications)}
    shares = variance_shares(run.scenario, outcome)
    unsure = quotes_first(run.scenario, shares)
    if not unsure:
        return None
    table = _table(shares, priors)
    blocks: list[Block] = [Paragraph(_text(unsure, priors, run.replications))]
    if run.replications >= FEWEST_WORLDS:
        blocks.append(FigureBlock(partial(_chart, unsure[:_SHOWN], priors)))
        blocks.append(TableBlock(table, folded=True))
    title = Text("Quel devis demander d'abord", "Which quote to ask for first")
    return Section("devis", title, tuple(blocks)), table


def stands_out(share: RankShare) -> bool:
    """Tell whether an assumption carries more than chance alone would show."""
    return share.share > _TIMES_NOISE * share.noise


def _text(unsure: tuple[RankShare, ...], priors: Mapping[str, Prior], n: int) -> Text:
    first = unsure[0]
    noise = percents(first.noise)
    if n < FEWEST_WORLDS:
        return Text(
            f"{n} mondes ne suffisent pas à classer les hypothèses (une hypothèse sans effet y "
            f"montrerait {noise.fr}). `run.py sensitivity` le fait avec ses propres simulations.",
            f"{n} worlds are too few to rank the assumptions (one without any effect would show "
            f"{noise.en}). `run.py sensitivity` does it with runs of its own.",
        )
    if not stands_out(first):
        return Text(
            f"Aucune hypothèse non vérifiée ne se détache du hasard ({noise.fr} chacune sur {n} "
            "mondes) : les dés du monde dominent.",
            f"No unverified assumption stands out from chance ({noise.en} each over {n} worlds): "
            "the dice of the world prevail.",
        )
    label, share = priors[first.name].label, percents(first.share)
    return Text(
        f"L'hypothèse non vérifiée qui pèse le plus est **{label.fr}** : {share.fr} de "
        f"l'incertitude du résultat tiendrait à elle seule (rangs, {n} mondes ; le hasard en "
        f"montrerait {noise.fr}). C'est le devis ou la mesure à demander d'abord.",
        f"The unverified assumption that weighs most is **{label.en}**: {share.en} of the spread "
        f"of the result would be its own (ranks, {n} worlds; chance would show {noise.en}). It is "
        "the quote or the measurement to ask for first.",
    )


def _table(shares: tuple[RankShare, ...], priors: Mapping[str, Prior]) -> Table:
    return Table(
        "devis",
        Text(
            "Ce que chaque hypothèse pèse dans l'incertitude",
            "What each assumption weighs in the spread",
        ),
        (
            Column("assumption", Text("Hypothèse", "Assumption")),
            Column("status", Text("Statut", "Status")),
            Column("share", Text("Part", "Share"), Kind.SHARE, decimals=1),
            Column("correlation", Text("Corrélation de rang", "Rank correlation"), Kind.NUMBER),
            Column("noise", Text("Part due au hasard", "Share by chance"), Kind.SHARE, decimals=1),
        ),
        tuple(
            (
                priors[each.name].label,
                priors[each.name].status.label,
                each.share,
                each.correlation,
                each.noise,
            )
            for each in shares
        ),
    )


def _chart(unsure: tuple[RankShare, ...], priors: Mapping[str, Prior], lang: Lang) -> Svg:
    bars = [
        Bar(priors[each.name].label, each.share, strong=number == 0)
        for number, each in enumerate(unsure)
    ]
    title = Text(
        "Les hypothèses non vérifiées qui pèsent le plus",
        "The unverified assumptions that weigh most",
    )
    return draw.option_bars(
        "devis", title, bars, SHARE, lang,
        target=unsure[0].noise, target_label=Text("hasard", "chance"),
    )  # fmt: skip
