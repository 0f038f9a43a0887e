"""The figures of the answer on sensors: what share, at what price, and at whose expense."""

from __future__ import annotations

import numpy as np

from models.waste.answer.breakeven import BreakEven
from models.waste.answer.decision import serves_worse
from models.waste.answer.findings import Findings
from models.waste.answer.judged import FULL_DAYS, Judged
from models.waste.answer.plane import Mark, plane
from models.waste.answer.words import FULL, KM, PRICE
from twin.decide.intervals import Interval
from twin.lang import Lang, Text
from twin.report.lines import Limit, Line, Shade, line_chart
from twin.report.phrases import euros, finite, opposite, percents
from twin.report.svg import Svg
from twin.report.tables import Column, Kind
from twin.study.judged import gap

SHARE = Column("share", Text("Part des points équipés", "Share of points fitted"), Kind.SHARE,
               decimals=0)  # fmt: skip
NET = Column(
    "net_eur",
    Text("Économie nette par an, sondes payées", "Net saving a year, sensors paid"),
    Kind.EURO,
)
CHANCE = Column(
    "chance",
    Text("Part des mondes où la sonde paie", "Share of worlds in which the sensor pays"),
    Kind.SHARE,
    decimals=0,
)
STEPS = 121


def saving_by_share(findings: Findings, lang: Lang) -> Svg:
    """Show the net saving against the share fitted, the option without sensors at nought."""
    shares, means, lows, highs = [0.0], [0.0], [0.0], [0.0]
    for each in findings.fitted:
        twin = findings.twin(each)
        told = gap(each, twin, "total_eur") if twin is not None else None
        if told is None:
            continue
        saved = opposite(told.difference)
        shares.append(each.settings.sensors.share)
        means.append(saved.mean)
        low, high = finite(saved.low), finite(saved.high)
        lows.append(saved.mean if low is None else low)
        highs.append(saved.mean if high is None else high)
    best = int(np.argmax(means))
    title = (
        Text(
            f"Les sondes rapportent le plus sur {percents(shares[best]).fr} des points : "
            f"{euros(means[best]).fr} par an, sondes payées",
            f"Sensors bring most on {percents(shares[best]).en} of points: "
            f"{euros(means[best]).en} a year, sensors paid",
        )
        if best
        else Text(
            "À leur prix, les sondes coûtent en moyenne plus qu'elles ne rapportent, quelle que soit "
            "la part équipée",
            "At their price sensors cost on average more than they bring, whatever the share fitted",
        )
    )
    line = Line(Text("économie nette", "net saving"), tuple(means), tuple(lows), tuple(highs))
    return line_chart(
        "economie-par-part", title, shares, [line], SHARE, NET, lang,
        level=Limit(0.0, Text("aucune sonde", "no sensor")), key=False, dots=True,
    )  # fmt: skip


def chance_by_price(findings: Findings, lang: Lang) -> Svg:
    """Show in how many worlds a sensor pays, against its price, with the market's range."""
    found = [
        (each, price)
        for each in findings.fitted
        if (price := findings.break_even(each)) is not None
    ]
    market = findings.sensor_price
    tops = [float(price.prices_eur.max()) for _, price in found]
    high = market.high if market else max(*tops, 100.0)
    # Beyond three times the dearest sensor no price is worth reading.
    last = min(max(1.15 * high, *(1.1 * top for top in tops)), 3.0 * high)
    # Where even a free sensor does not pay, the axis goes down to where the best share would.
    best = max((float(np.median(price.prices_eur)) for _, price in found), default=0.0)
    first = max(min(0.0, 1.15 * best), -8.0 * high)
    grid = np.linspace(first, last, STEPS)
    lines = [
        Line(
            Text(
                f"{percents(each.settings.sensors.share).fr} des points",
                f"{percents(each.settings.sensors.share).en} of points",
            ),
            tuple(price.chance(float(at)) for at in grid),
        )
        for each, price in found
    ]
    shade = (
        Shade(
            market.low,
            market.high,
            market.mode,
            Text(
                f"prix du marché : {euros(market.mode).fr}",
                f"market price: {euros(market.mode).en}",
            ),
        )
        if market
        else None
    )
    title = _chance_title(found, market.mode if market else None)
    return line_chart(
        "prix-equilibre",
        title,
        grid.tolist(),
        lines,
        PRICE,
        CHANCE,
        lang,
        upright=Limit(0.0, Text("gratuite", "free")),
        shade=shade,
        top=1.03,
        stepped=True,
    )


def _chance_title(found: list[tuple[Judged, BreakEven]], mode: float | None) -> Text:
    judged, best = max(found, key=lambda each: each[1].mean.mean)
    mean = best.mean.mean
    share = percents(judged.settings.sensors.share)
    if mean <= 0.0:
        return Text(
            "Même gratuite, une sonde ne paie pas en moyenne, quelle que soit la part équipée",
            "Even free, a sensor does not pay on average, whatever the share fitted",
        )
    chance = percents(best.chance(mode)) if mode is not None else None
    tail_fr = f" ; au prix usuel, elle paie dans {chance.fr} des mondes" if chance else ""
    tail_en = f"; at the usual price it pays in {chance.en} of worlds" if chance else ""
    return Text(
        f"Sur {share.fr} des points, une sonde paie en moyenne jusqu'à {euros(mean).fr}{tail_fr}",
        f"On {share.en} of points a sensor pays on average up to {euros(mean).en}{tail_en}",
    )


def service_plane(findings: Findings, lang: Lang) -> Svg:
    """Place options by full points and kilometres around scenario 0."""
    zero = findings.current
    km, full = zero.mean("km") or 0.0, zero.mean(FULL_DAYS) or 0.0
    marks = []
    bought = 0
    for each in findings.options.values():
        drive, serve = gap(each, zero, "km"), gap(each, zero, FULL_DAYS)
        if each is zero or drive is None or serve is None:
            continue
        bought += drive.is_less and serves_worse(each, zero)
        marks.append(
            Mark(
                each.option.name,
                full + serve.difference.mean,
                km + drive.difference.mean,
                _span(full, serve.difference),
                _span(km, drive.difference),
                strong=each is findings.decision.chosen,
            )
        )
    title = (
        Text(
            f"{bought} option{'s' if bought > 1 else ''} sur {len(marks)} gagne"
            f"{'nt' if bought > 1 else ''} des kilomètres en laissant plus de points pleins",
            f"{bought} of {len(marks)} options save{'s' if bought == 1 else ''} kilometres by "
            "leaving more points full",
        )
        if bought
        else Text(
            "Aucune option ne gagne, de façon établie, des kilomètres en laissant plus de points pleins",
            "No option is settled to save kilometres by leaving more points full",
        )
    )
    return plane(
        "service", title, Mark(zero.option.name, full, km, strong=True), marks, FULL, KM,
        (
            Text("mieux des deux côtés", "better both ways"),
            Text("moins de km, plus de points pleins", "fewer km, more full points"),
        ),
        lang,
    )  # fmt: skip


def _span(centre: float, gap_told: Interval) -> tuple[float, float] | None:
    """Return where an interval of a difference lies around scenario 0, never under nought."""
    low, high = finite(gap_told.low), finite(gap_told.high)
    return (
        None if low is None or high is None else (max(centre + low, 0.0), max(centre + high, 0.0))
    )
