"""The answer in one sentence, and the decision in words."""

from __future__ import annotations

from models.water.answer.decision import Verdict
from models.water.answer.findings import Findings
from models.water.answer.words import around, say, span, within
from twin.lang import Text
from twin.report.phrases import doubt, listed, named, opposite, otherwise, ties
from twin.report.typography import NBSP

FIRST_SITES = 3


def headline(findings: Findings) -> Text:
    """Return the answer: how many meters, what they save, how soon a leak is seen, where first.

    Units stand after a no-break space: summaries and terminals show the headline as it stands.
    """
    decision = findings.decision
    if decision.verdict is Verdict.NOTHING:
        return _nothing(findings)
    opening = _saves(findings) if findings.saves else _unsettled(findings)
    parts = [opening, water_clause(findings), seen_clause(findings), sites_clause(findings)]
    kept = [part for part in parts if part is not None]
    return Text(" ; ".join(part.fr for part in kept), "; ".join(part.en for part in kept))


def _saves(findings: Findings) -> Text:
    decision = findings.decision
    assert decision.saving is not None  # noqa: S101 - an option that saves has a saving
    saved = opposite(decision.saving.difference)
    name, amount, ends = (
        named(decision.chosen.option.name),
        say(saved.mean, "eur"),
        around(saved, "eur"),
    )
    return Text(
        f"**{name.fr}** : **{amount.fr}** par an de moins que les relevés à la main ({ends.fr})",
        f"**{name.en}**: **{amount.en}** a year less than reading by hand ({ends.en})",
    )


def _unsettled(findings: Findings) -> Text:
    decision = findings.decision
    assert decision.saving is not None  # noqa: S101 - an option that saves has a saving
    saved = opposite(decision.saving.difference)
    name, amount, ends = (
        named(decision.chosen.option.name),
        say(saved.mean, "eur"),
        around(saved, "eur"),
    )
    return Text(
        f"**Économie non établie** : {name.fr} coûterait en moyenne **{amount.fr}** par an de moins que ne "
        f"rien acheter, mais les mondes joués ne le tranchent pas ({ends.fr})",
        f"**Saving not established**: {name.en} would cost on average **{amount.en}** a year less than buying "
        f"nothing, but the worlds played do not settle it ({ends.en})",
    )


def _nothing(findings: Findings) -> Text:
    decision = findings.decision
    if decision.cheapest is None or decision.saving is None:
        return Text(
            "**Ne rien acheter** : aucune option du scénario ne pose de compteur de sectorisation",
            "**Buy nothing**: no option of the scenario fits a district meter",
        )
    more = decision.saving.difference
    name, amount, ends = (
        named(decision.cheapest.option.name),
        say(more.mean, "eur"),
        around(more, "eur"),
    )
    sure = (
        Text("", "")
        if decision.saving.settled
        else Text(
            ", sans que les mondes joués le tranchent",
            ", though the worlds played do not settle it",
        )
    )
    parts = [
        Text(
            f"**Ne rien acheter** coûte le moins : la moins chère des options, {name.fr}, coûte "
            f"**{amount.fr}** de plus par an ({ends.fr}){sure.fr}",
            f"**Buying nothing** costs least: the cheapest option, {name.en}, costs **{amount.en}** more a "
            f"year ({ends.en}){sure.en}",
        ),
        water_clause(findings),
        seen_clause(findings),
    ]
    kept = [part for part in parts if part is not None]
    return Text(" ; ".join(part.fr for part in kept), "; ".join(part.en for part in kept))


def water_clause(findings: Findings) -> Text | None:
    """Return how much less water is lost under the option told."""
    told = findings.decision.water
    if told is None:
        return None
    saved = opposite(told.difference)
    less = saved.mean >= 0.0
    shown = saved if less else told.difference
    amount, ends, open_question = say(shown.mean, "m3"), span(shown, "m3"), doubt(told.settled)
    way = Text("de moins", "less") if less else Text("de plus", "more")
    whole = findings.current.mean("lost_m3") or 0.0
    share = say(shown.mean / whole if whole else 0.0, "share")
    return Text(
        f"**{amount.fr}{NBSP}m³** d'eau perdue {way.fr} par an, soit {share.fr} ({ends.fr}{open_question.fr})",
        f"**{amount.en}{NBSP}m³** {way.en} water lost a year, {share.en} of it ({ends.en}{open_question.en})",
    )


def seen_clause(findings: Findings) -> Text | None:
    """Return where the reference leak is seen within three days under the option told."""
    told = findings.decision.told.get("seen_share")
    if told is None or not findings.decision.told.meters:
        return None
    flow = say(findings.current.settings.leak_m3h, "number", 1)
    share = say(told.mean, "share")
    ends = span(within(told, 0.0, 1.0), "share")
    return Text(
        f"une fuite de {flow.fr}{NBSP}m³/h y est vue en 3 jours sur **{share.fr}** des conduites ({ends.fr})",
        f"a leak of {flow.en}{NBSP}m³/h is then seen within 3 days on **{share.en}** of the mains ({ends.en})",
    )


def sites_clause(findings: Findings) -> Text | None:
    """Return the communes of the first meters."""
    names = list(dict.fromkeys(each.commune for each in findings.taken))[:FIRST_SITES]
    if not names:
        return None
    told = listed([Text(name, name) for name in names])
    return Text(f"premiers compteurs : {told.fr}", f"first meters: {told.en}")


def reasons(findings: Findings) -> Text:
    """Return how the option was chosen: the rule, ties, and the choice made before."""
    decision, before = findings.decision, findings.prechosen
    rule = Text(
        "L'option retenue est la moins chère de celles qui répondent à la question, si elle coûte moins que "
        "ne rien acheter ; à coût non départagé, celle qui a le moins de compteurs. Le coût compte l'eau "
        "perdue à son coût marginal, l'eau non payée, les recherches, les réparations, les compteurs et la "
        "relève.",
        "The option to take is the cheapest of those that answer, if it costs less than buying nothing; "
        "where costs are not told apart, the one with fewest meters. The cost counts water lost at its "
        "marginal cost, water not paid for, searches, repairs, meters and reading.",
    )
    fr, en = [rule.fr], [rule.en]
    if decision.tied and decision.cheapest is not None:
        told = ties([each.option.name for each in decision.tied], decision.cheapest.option.name)
        fr.append(told.fr)
        en.append(told.en)
    if decision.chosen is not before and before is not findings.current:
        told = otherwise(before.option.name)
        fr.append(told.fr)
        en.append(told.en)
    return Text(" ".join(fr), " ".join(en))


def lost_today(findings: Findings) -> Text | None:
    """Return what is lost today, in cubic metres, as a share and in euros."""
    lost, made = findings.current.get("lost_m3"), findings.current.mean("produced_m3")
    cost = findings.current.get("water_eur")
    if lost is None or cost is None or not made:
        return None
    amount, share = say(lost.mean, "m3"), say(lost.mean / made, "share")
    money, ends = say(cost.mean, "eur"), around(within(cost, 0.0), "eur")
    return Text(
        f"Aujourd'hui {amount.fr} m³ se perdent par an, {share.fr} de l'eau produite : {money.fr} par an au coût "
        f"marginal ({ends.fr})",
        f"Today {amount.en} m³ are lost a year, {share.en} of the water produced: {money.en} a year at marginal "
        f"cost ({ends.en})",
    )
