"""The figures of the answer that compare options, fleets and places; titles state the finding."""

from __future__ import annotations

from models.lora.answer.words import percents
from models.lora.load.answer.findings import Findings, Judged, fleet_label
from models.lora.load.answer.words import COLLECTION, DUTY, LONGEST_YEARS, TARGET, YEARS, years
from models.lora.load.outcomes import CAUSES
from twin.decide.intervals import Interval
from twin.decide.priors import Prior
from twin.lang import Lang, Text, same
from twin.report import figures as draw
from twin.report.figures import Bar, Part
from twin.report.svg import Svg
from twin.report.tables import Column, Kind
from twin.report.typography import number
from twin.study.sensitivities import end_text, sensitivity_chart

FACTORS = ("sf7", "sf8", "sf9", "sf10", "sf11", "sf12")


def _bar(label: Text, interval: Interval, *, strong: bool = False) -> Bar:
    return Bar(label, interval.mean, interval.low, interval.high, strong=strong)


def _options(findings: Findings, kpi: str, zone: str = "") -> list[Bar]:
    return [
        _bar(judged.option.name, told, strong=judged is findings.best)
        for judged in findings.options.values()
        if (told := judged.get(kpi, zone)) is not None
    ]


def collection_by_option(findings: Findings, lang: Lang) -> Svg:
    """Compare what each option reads at D+1."""
    bars = _options(findings, "collection")
    target = findings.best.load.targets.collection
    good = sum(bar.value >= target for bar in bars)
    fr = (
        "aucune option n'atteint"
        if not good
        else f"{good} option{'s' if good > 1 else ''} sur {len(bars)} atteignent"
    )
    if good == 1:
        fr = f"1 option sur {len(bars)} atteint"
    title = Text(
        f"Compteurs relevés à J+1 : en moyenne, {fr} la cible de {percents(target).fr}",
        f"Meters read at D+1: on average {good} of {len(bars)} options reach the target of "
        f"{percents(target).en}",
    )
    return draw.interval_rows(
        "releve-par-option", title, bars, COLLECTION, lang, target=target, target_label=TARGET
    )


def delivery_by_option(findings: Findings, lang: Lang) -> Svg:
    """Compare the share of messages that arrive."""
    bars = _options(findings, "delivery")
    values = [bar.value for bar in bars]
    title = Text(
        f"Un message de compteur pris au hasard arrive dans {percents(min(values)).fr} à "
        f"{percents(max(values)).fr} des cas, quelle que soit l'option",
        f"A meter's message taken at random arrives in {percents(min(values)).en} to "
        f"{percents(max(values)).en} of cases, whatever the option",
    )
    measure = Column(
        "delivery", Text("Messages livrés", "Messages delivered"), Kind.SHARE, decimals=1
    )
    return draw.interval_rows("livraison-par-option", title, bars, measure, lang)


def losses_by_cause(findings: Findings, lang: Lang) -> Svg:
    """Break the losses of each option into causes."""
    judged = list(findings.options.values())
    zones = [cause for cause in CAUSES if any(each.value("loss", cause) > 5e-5 for each in judged)]  # noqa: PLR2004 - what a bar can show
    parts = [
        Part(CAUSES[cause], tuple(each.value("loss", cause) for each in judged)) for cause in zones
    ]
    best = findings.best
    first = max(CAUSES, key=lambda cause: best.value("loss", cause))
    total = sum(best.value("loss", cause) for cause in CAUSES)
    part = best.value("loss", first) / total if total else 0.0
    title = Text(
        f"La première cause de perte est un {CAUSES[first].fr} ({percents(part).fr} des pertes)"
        if first == "out-of-reach"
        else f"La première cause de perte : {CAUSES[first].fr} ({percents(part).fr} des pertes)",
        f"The first cause of loss: {CAUSES[first].en} ({percents(part).en} of the losses)",
    )
    measure = Column(
        "loss",
        Text("Messages perdus, tous objets", "Messages lost, all devices"),
        Kind.SHARE,
        decimals=1,
    )
    names = [each.option.name for each in judged]
    return draw.stacked_bars("pertes-par-cause", title, names, parts, measure, lang)


def collection_by_fleet(findings: Findings, lang: Lang) -> Svg:
    """Show, in the recommended option, what each fleet reads at D+1."""
    best = findings.best
    target = best.load.targets.collection
    rows = [
        _bar(fleet_label(name, fleet), told, strong=fleet.meters)
        for name, fleet in best.fleets.items()
        if (told := best.get("collection", name)) is not None
    ]
    below = [row for row in rows if row.value < target]
    fr = (
        f"sous la cible : {', '.join(row.label.fr for row in below)}"
        if below
        else "tous au-dessus de la cible en moyenne"
    )
    en = (
        f"under the target: {', '.join(row.label.en for row in below)}"
        if below
        else "all above the target on average"
    )
    title = Text(f"Objets relevés à J+1 par usage, {fr}", f"Devices read at D+1 by use, {en}")
    return draw.interval_rows(
        "releve-par-usage", title, rows, COLLECTION, lang, target=target, target_label=TARGET
    )


def collection_by_epci(findings: Findings, lang: Lang) -> Svg:
    """Compare the EPCI by the share of their meters read at D+1."""
    best, names = findings.best, findings.epcis
    target = best.load.targets.collection
    zones = best.zones("collection", tuple(names))
    rows = [
        _bar(Text(names[code], names[code]), told)
        for code, told in sorted(zones.items(), key=lambda item: -item[1].mean)
    ]
    below = sum(row.value < target for row in rows)
    title = Text(
        f"{below} EPCI sur {len(rows)} restent en moyenne sous {percents(target).fr} de compteurs relevés à J+1",
        f"{below} of {len(rows)} EPCI stay on average under {percents(target).en} of meters read at D+1",
    )
    return draw.interval_rows(
        "releve-par-epci", title, rows, COLLECTION, lang, target=target, target_label=TARGET
    )


def battery_by_option(findings: Findings, lang: Lang) -> Svg:
    """Compare the life that 95 % of the meters' batteries exceed."""
    bars = _options(findings, "battery_p05")
    targets = findings.best.load.targets
    short = [bar for bar in bars if (bar.low or bar.value) < targets.battery_years]
    span = number(targets.battery_years, 0, Lang.FR)
    title = Text(
        f"Piles des compteurs : {len(short)} option{'s' if len(short) > 1 else ''} où 5 % des piles "
        f"peuvent mourir avant {span} ans"
        if short
        else f"Piles des compteurs : dans toutes les options, 95 % dépassent {span} ans",
        f"Meter batteries: {len(short)} options where 5 % may die before {span} years"
        if short
        else f"Meter batteries: in every option 95 % exceed {span} years",
    )
    measure = Column(
        "battery_p05",
        Text("Durée dépassée par 95 % des piles", "Life exceeded by 95 % of batteries"),
        Kind.NUMBER,
        "ans",
        1,
    )
    return draw.option_bars(
        "piles-par-option", title, bars, measure, lang,
        target=targets.battery_years, target_label=TARGET,
    )  # fmt: skip


def battery_by_fleet(findings: Findings, lang: Lang) -> Svg:
    """Show, in the recommended option, how long each fleet's batteries last."""
    best = findings.best
    targets = best.load.targets
    bars = [
        Bar(
            fleet_label(name, fleet), told.mean, told.low, told.high, strong=fleet.meters,
            note=_median(best, name),
        )
        for name, fleet in best.fleets.items()
        if (told := best.get("battery_p05", name)) is not None
    ]  # fmt: skip
    worst = min(bars, key=lambda bar: bar.value)
    title = Text(
        f"Les premières piles à changer sont celles des {worst.label.fr} : 5 % s'arrêtent avant {years(worst.value).fr}",
        f"The first batteries to change are those of {worst.label.en}: 5 % stop before {years(worst.value).en}",
    )
    return draw.option_bars(
        "piles-par-usage", title, bars, YEARS, lang,
        target=targets.battery_years, target_label=TARGET,
    )  # fmt: skip


def _median(judged: Judged, name: str) -> Text | None:
    """Return the median life of a fleet's batteries, where the room beside a bar suffices."""
    value = judged.value("battery_median", name)
    if value >= LONGEST_YEARS:
        return Text("au moins", "at least")
    told = years(value)
    return Text(f"médiane : {told.fr}", f"median: {told.en}")


def factors_by_option(findings: Findings, lang: Lang) -> Svg:
    """Show how fast the frames are sent."""
    judged = list(findings.options.values())
    labels = {
        "sf7": Text("SF7 (rapide)", "SF7 (fast)"),
        "sf12": Text("SF12 (lent, 25 fois plus long)", "SF12 (slow, 25 times longer)"),
    }
    parts = [
        Part(
            labels.get(factor, Text(factor.upper(), factor.upper())),
            tuple(each.value("factor", factor) for each in judged),
        )
        for factor in FACTORS
    ]
    fast = findings.best.value("factor", "sf7")
    title = Text(
        f"{percents(fast).fr} des trames partent au débit le plus rapide (SF7), dans l'option retenue",
        f"{percents(fast).en} of the frames leave at the fastest rate (SF7) in the option retained",
    )
    measure = Column(
        "factor",
        Text("Trames par facteur d'étalement", "Frames by spreading factor"),
        Kind.SHARE,
        decimals=0,
    )
    return draw.stacked_bars(
        "facteurs", title, [each.option.name for each in judged], parts, measure, lang
    )


def duty_by_option(findings: Findings, lang: Lang) -> Svg:
    """Compare how much of its legal airtime the busiest gateway uses."""
    judged = list(findings.options.values())
    bars = [
        Bar(
            each.option.name, each.value("duty_most"), each.outcome["duty_most"][""].low,
            each.outcome["duty_most"][""].high, strong=each is findings.best,
            note=Text(
                f"médiane : {percents(each.value('duty_median'), 1).fr}",
                f"median: {percents(each.value('duty_median'), 1).en}",
            ),
        )
        for each in judged
    ]  # fmt: skip
    limit = findings.best.load.targets.duty
    full = [bar for bar in bars if (bar.high or bar.value) >= limit]
    title = Text(
        f"En heure de pointe, la passerelle la plus chargée peut épuiser son temps d'émission légal dans {len(full)} option{'s' if len(full) > 1 else ''} sur {len(bars)}"
        if full
        else "Même en heure de pointe, aucune passerelle n'épuise son temps d'émission légal",
        f"In the busiest hour the busiest gateway may use up its legal airtime in {len(full)} of {len(bars)} options"
        if full
        else "Even in the busiest hour no gateway uses up its legal airtime",
    )
    return draw.option_bars(
        "temps-emission", title, bars, DUTY, lang, target=1.0,
        target_label=Text("limite légale", "legal limit"),
    )  # fmt: skip


def years_by_epci(findings: Findings, lang: Lang) -> Svg:
    """Show, per EPCI, how many years the reading target holds as fleets grow."""
    best, names = findings.best, findings.epcis
    horizon = best.load.horizon_years
    zones = best.zones("years_held", tuple(names))
    rows = [
        _bar(Text(names[code], names[code]), told)
        for code, told in sorted(zones.items(), key=lambda item: (-item[1].mean, names[item[0]]))
    ]
    whole = sum(row.value >= horizon - 0.05 for row in rows)
    title = Text(
        f"La cible de relève tient {horizon} ans dans tous les mondes simulés pour {whole} EPCI sur {len(rows)}",
        f"The reading target holds {horizon} years in every simulated world for {whole} of {len(rows)} EPCI",
    )
    measure = Column(
        "years_held",
        Text("Années tenues, moyenne des mondes", "Years held, mean of worlds"),
        Kind.NUMBER,
        "ans",
        1,
    )
    return draw.interval_rows(
        "annees-tenues", title, rows, measure, lang, target=float(horizon),
        target_label=Text("horizon", "horizon"),
    )  # fmt: skip


def sensitivities(findings: Findings, kpi: str, lang: Lang) -> Svg:
    """Show the five assumptions that move an answer most."""
    measure = (
        Column(
            "delivery",
            Text("Messages de compteur livrés", "Meter messages delivered"),
            Kind.SHARE,
            decimals=1,
        )
        if kpi == "delivery"
        else Column(
            "battery_p05",
            Text("Durée dépassée par 95 % des piles", "Life exceeded by 95 % of batteries"),
            Kind.NUMBER,
            "ans",
            1,
        )
    )
    what = (
        Text("la part des messages livrés", "the share of messages delivered")
        if kpi == "delivery"
        else Text("la vie des piles des compteurs", "the life of the meters' batteries")
    )
    rows, priors = findings.tornados[kpi], findings.scenario.assumptions
    return sensitivity_chart(f"sensibilites-{kpi}", what, rows, priors, measure, lang, _end)


def _end(prior: Prior, value: float) -> Text:
    if prior.name == "interference_matrix":
        return same("Goursaud" if value < 0.5 else "Croce")  # noqa: PLR2004 - even odds
    return end_text(value, prior.unit.partition(" HT")[0])
