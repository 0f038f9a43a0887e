"""The answer in one sentence, and the decision in words."""

from __future__ import annotations

from models.waste.answer.breakeven import BreakEven
from models.waste.answer.cells import has_sensors
from models.waste.answer.findings import Findings
from models.waste.answer.judged import FULL_DAYS
from models.waste.answer.words import days
from twin.lang import Text
from twin.report.phrases import (
    between_eur,
    euros,
    listed,
    named,
    numbers,
    opposite,
    otherwise,
    percents,
    ties,
    worlds,
)


def headline(findings: Findings) -> Text:
    """Return the answer in one sentence: which option, what it saves, what a sensor is worth."""
    decision = findings.decision
    if decision.chosen is None:
        sensors = sensors_clause(findings)
        return Text(
            "**Garder le calendrier actuel** : toutes les options proposées laissent, de façon établie, plus "
            f"de points pleins ; {sensors.fr}",
            f"**Keep today's calendar**: every option asked about leaves clearly more points full; {sensors.en}",
        )
    name = named(decision.chosen.option.name)
    money, sensors = money_clause(findings), sensors_clause(findings)
    full = service_clause(findings)
    return Text(
        f"**{name.fr}** : {money.fr} ; {full.fr} ; {sensors.fr}",
        f"**{name.en}**: {money.en}; {full.en}; {sensors.en}",
    )


def money_clause(findings: Findings) -> Text:
    """Return what the option to take saves, its interval and the number of worlds."""
    decision = findings.decision
    assert decision.chosen is not None  # noqa: S101 - asked for with a choice
    if decision.chosen is findings.current:
        return Text("c'est le calendrier actuel", "it is today's calendar")
    if decision.saving is None:
        return Text("économie non mesurée", "saving not measured")
    saved = opposite(decision.saving.difference)
    amount, span, n = euros(abs(saved.mean)), between_eur(saved), worlds(saved.n)
    if not decision.saving.settled:
        verb_fr = "économie moyenne de" if saved.mean >= 0.0 else "surcoût moyen de"
        verb_en = "mean saving of" if saved.mean >= 0.0 else "mean extra cost of"
        return Text(
            f"{verb_fr} **{amount.fr}** par an face au calendrier actuel, que les mondes joués ne "
            f"départagent pas ({span.fr} ; {n.fr})",
            f"{verb_en} **{amount.en}** a year against today's calendar, not told apart from it by "
            f"the worlds played ({span.en}; {n.en})",
        )
    if saved.mean < 0.0:
        return Text(
            f"**{amount.fr}** par an de plus que le calendrier actuel ({span.fr} ; {n.fr})",
            f"**{amount.en}** a year more than today's calendar ({span.en}; {n.en})",
        )
    return Text(
        f"**{amount.fr}** par an de moins que le calendrier actuel ({span.fr} ; {n.fr})",
        f"**{amount.en}** a year less than today's calendar ({span.en}; {n.en})",
    )


def service_clause(findings: Findings) -> Text:
    """Return how long points stay full under the option to take, beside today."""
    chosen = findings.decision.chosen
    own = chosen.mean(FULL_DAYS) if chosen is not None else None
    zero = findings.current.mean(FULL_DAYS)
    if own is None or zero is None:
        return Text("points pleins non mesurés", "full points not measured")
    now, then = days(own), numbers(zero, 1)
    told = findings.decision.service
    # A study too short to settle worse service must not pass it over in silence.
    open_question = told is not None and told.difference.mean > 0.0 and not told.settled
    doubt = Text(", non départagé", ", not told apart") if open_question else Text("", "")
    return Text(
        f"un point est plein {now.fr} par an (aujourd'hui {then.fr}{doubt.fr})",
        f"a point is full {now.en} a year (today {then.en}{doubt.en})",
    )


def sensors_clause(findings: Findings) -> Text:
    """Return what a sensor is worth, in one clause."""
    chosen, best = findings.decision.chosen, findings.best_fitted
    price = findings.break_even(best) if best is not None else None
    if best is None or price is None:
        return Text("aucune sonde n'a été essayée", "no sensor was tried")
    share = percents(best.settings.sensors.share)
    verdict = price_clause(findings, price)
    if chosen is not None and has_sensors(chosen.settings):
        count = numbers(chosen.mean("sensors") or 0.0)
        own = percents(chosen.settings.sensors.share)
        return Text(
            f"elle équipe {count.fr} points ({own.fr}) ; {verdict.fr}",
            f"it fits {count.en} points ({own.en}); {verdict.en}",
        )
    return Text(
        f"sur {share.fr} des points, {verdict.fr}", f"on {share.en} of points, {verdict.en}"
    )


def price_clause(findings: Findings, price: BreakEven) -> Text:
    """Return up to what price a sensor pays, in words; a negative price is said as such."""
    told, market = price.mean, findings.sensor_price
    if told.mean <= 0.0:
        # One interval says whether the worlds agree that the price is under nought.
        if told.high < 0.0:
            return Text(
                "**même gratuite, une sonde ne paie pas**", "**even free, a sensor does not pay**"
            )
        return Text(
            "**même gratuite, une sonde ne paie pas en moyenne**, sans que les mondes joués le tranchent",
            "**even free, a sensor does not pay on average**, though the worlds played do not settle it",
        )
    amount = euros(told.mean)
    if market is None:
        return Text(
            f"une sonde paie jusqu'à **{amount.fr}**", f"a sensor pays up to **{amount.en}**"
        )
    usual = euros(market.mode)
    if told.mean < market.mode:
        return Text(
            f"une sonde ne paie qu'à moins de **{amount.fr}** (prix usuel : {usual.fr})",
            f"a sensor pays only under **{amount.en}** (usual price: {usual.en})",
        )
    return Text(
        f"une sonde paie jusqu'à **{amount.fr}** (prix usuel : {usual.fr})",
        f"a sensor pays up to **{amount.en}** (usual price: {usual.en})",
    )


def reasons(findings: Findings) -> Text:
    """Return how the option was chosen: the rule, ties, exclusions, and the choice made before."""
    decision, before = findings.decision, findings.prechosen
    rule = Text(
        "L'option retenue est la moins chère de celles qui ne laissent pas, de façon établie, plus de "
        "points pleins que le calendrier actuel ; à coût non départagé, celle qui a le moins de sondes.",
        "The option to take is the cheapest of those that do not leave clearly more points full than "
        "today's calendar; where costs are not told apart, the one with fewest sensors.",
    )
    fr, en = [rule.fr], [rule.en]
    if decision.tied and decision.cheapest is not None:
        told = ties([each.option.name for each in decision.tied], decision.cheapest.option.name)
        fr.append(told.fr)
        en.append(told.en)
    if decision.worse:
        names = listed([named(each.option.name) for each in decision.worse])
        fr.append(f"Écartées pour leurs points pleins : {names.fr}.")
        en.append(f"Set aside for their full points: {names.en}.")
        cheaper = _cheaper_by(findings)
        if cheaper > 0.0:
            amount = euros(cheaper)
            fr.append(
                f"La moins chère des écartées coûterait {amount.fr} de moins par an, jours pleins payés."
            )
            en.append(
                f"The cheapest of them would cost {amount.en} less a year, days full paid for."
            )
    if decision.chosen is not before:
        told = otherwise(before.option.name)
        fr.append(told.fr)
        en.append(told.en)
    return Text(" ".join(fr), " ".join(en))


def _cheaper_by(findings: Findings) -> float:
    """Return what the cheapest option set aside would cost less than the one to take."""
    decision = findings.decision
    taken = (decision.chosen or findings.current).mean("total_eur")
    costs = [each.mean("total_eur") for each in decision.worse]
    least = min((cost for cost in costs if cost is not None), default=None)
    return taken - least if taken is not None and least is not None else 0.0
