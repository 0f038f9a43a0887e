"""A fit as a person reads it, and as a program does."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from models.waste.filling.fit.effects import Effect
from models.waste.filling.fit.fit import Fit
from models.waste.filling.fit.pieces import AT_LEAST, AT_MOST, EXACT
from twin.lang import Lang, Text
from twin.report.tables import Cell, Column, Kind, Table
from twin.report.typography import MONTHS, number, percent, spaced, with_unit

LEVEL = 0.90
_Z = 1.6448536269514722
"""Normal quantile of a two-sided 90 % interval."""

_SHOWN_LETTERS = 4

WEEKDAYS = (
    Text("lun.", "Mon"),
    Text("mar.", "Tue"),
    Text("mer.", "Wed"),
    Text("jeu.", "Thu"),
    Text("ven.", "Fri"),
    Text("sam.", "Sat"),
    Text("dim.", "Sun"),
)
COUNTS = {
    "rows": Text("lignes lues", "rows read"),
    "same_moment": Text("du même point et du même instant", "of one point and moment"),
    "outliers_left_out": Text("relevés aberrants écartés", "mis-ranging readings left out"),
    "long_intervals_left_out": Text("intervalles trop longs écartés", "long intervals left out"),
    "emptyings": Text("vidages", "emptyings"),
}


def litres_per_unit(fit: Fit, density_kg_m3: float | None) -> float | None:
    """Return the litres of one unit of a fit, None where unknown."""
    if fit.unit == "l":
        return 1.0
    if fit.unit == "kg" and density_kg_m3 is not None:
        return 1000.0 / density_kg_m3
    return None


def as_json(fit: Fit, density_kg_m3: float | None, lang: Lang) -> dict[str, object]:
    """Return what a program needs of one stream; the keys stand in `fit_filling_command`."""
    seen = fit.rates.seen
    rates = np.exp(fit.rates.log_rate[seen])
    known = fit.pieces.known
    return {
        "stream": fit.stream,
        "measured": fit.measured.value,
        "unit": fit.unit,
        "litres_per_unit": litres_per_unit(fit, density_kg_m3),
        "points": len(seen),
        "points_with_own_rate": int(seen.sum()),
        "pieces": {
            "exact": int((known == EXACT).sum()),
            "at_least": int((known == AT_LEAST).sum()),
            "at_most": int((known == AT_MOST).sum()),
        },
        "median_interval_days": float(np.median(fit.pieces.days)),
        "counts": dict(fit.pieces.counts),
        "law": fit.rates.law.value,
        "daily_cv": fit.rates.cv,
        "dispersion": fit.dispersion,
        "lag_1": fit.lag_1,
        "candidates": [
            {
                "law": found.law.value,
                "daily_cv": found.cv,
                "log_likelihood": found.log_likelihood,
                "aic": fit.aic(found),
            }
            for found in fit.candidates
        ],
        "rate_per_day": {
            "median": float(np.median(rates)),
            "total": float(rates.sum()),
            "total_pooled": float(np.exp(fit.shrunk.log_rate).sum()),
            "total_ignoring_full": float(fit.naive_per_day[seen].sum()),
        },
        "pooling": {
            "method": "normal on log rates",
            "median_per_day": math.exp(fit.shrunk.centre),
            "log_spread": fit.shrunk.spread,
        },
        "weekday": _effect_json(fit.weekday),
        "season": _effect_json(fit.season),
        "notices": [notice.say(lang) for notice in fit.notices],
    }


def lines(fit: Fit, lang: Lang) -> Iterator[str]:
    """Yield the report of one stream, line by line."""
    if fit.stream:
        yield spaced(
            Text("Flux : {name}", "Stream: {name}").format(name=fit.stream).say(lang), lang
        )
    counts = fit.pieces.counts
    yield ", ".join(
        f"{number(counts[name], 0, lang)} {label.say(lang)}" for name, label in COUNTS.items()
    )
    for sentence in (_measured(fit, lang), _rate(fit, lang), _law(fit, lang)):
        yield spaced(sentence, lang)
    best = fit.aic(fit.rates)
    for found in sorted(fit.candidates, key=fit.aic):
        name = found.law.label.say(lang)
        gap = number(fit.aic(found) - best, 1, lang, signed=True)
        yield f"  {name:<26} CV {number(found.cv, 2, lang):>6}   AIC {gap:>10}"
    if fit.lag_1 is not None:
        value = number(fit.lag_1, 2, lang, signed=True)
        lag = Text(
            "Corrélation d'un intervalle au suivant : {value}",
            "Correlation with the next interval: {value}",
        )
        yield spaced(lag.format(value=value).say(lang), lang)
    if fit.weekday is not None:
        yield _effect_line(Text("Semaine", "Week"), WEEKDAYS, fit.weekday, lang)
    if fit.season is not None:
        yield _effect_line(Text("Saison", "Season"), MONTHS, fit.season, lang)
    for notice in fit.notices:
        yield spaced("* " + notice.say(lang), lang)


def _per_day(fit: Fit, lang: Lang) -> str:
    unit = "L" if fit.unit == "l" else fit.unit
    return f"{unit}/" + Text("jour", "day").say(lang)


def _measured(fit: Fit, lang: Lang) -> str:
    known = fit.pieces.known
    return (
        Text(
            "{pieces} intervalles mesurés sur {points} points, dont {full} au moins (plein) et "
            "{none} au plus (rien de visible) ; durée médiane {days} jours",
            "{pieces} intervals measured on {points} points, {full} of them at least (full) and "
            "{none} at most (nothing seen); median length {days} days",
        )
        .format(
            pieces=number(len(known), 0, lang),
            points=number(len(fit.pieces.ids), 0, lang),
            full=number(int((known == AT_LEAST).sum()), 0, lang),
            none=number(int((known == AT_MOST).sum()), 0, lang),
            days=number(float(np.median(fit.pieces.days)), 1, lang),
        )
        .say(lang)
    )


def _rate(fit: Fit, lang: Lang) -> str:
    rates = np.exp(fit.rates.log_rate[fit.rates.seen])
    total = float(rates.sum())
    naive = float(fit.naive_per_day[fit.rates.seen].sum())
    unit = _per_day(fit, lang)
    return (
        Text(
            "Débit : médiane {median} par point, total {total} ; en comptant un conteneur plein "
            "pour son contenu on lirait {naive} ({change}) ; points toujours pleins ou jamais "
            "mesurés, comptés par les autres : {alone}, total d'ensemble {pooled}",
            "Rate: median {median} a point, total {total}; counting a full container for what it "
            "holds one would read {naive} ({change}); points always full or never measured, told "
            "by the others: {alone}, total of all {pooled}",
        )
        .format(
            median=with_unit(number(float(np.median(rates)), 2, lang), unit),
            total=with_unit(number(total, 1, lang), unit),
            naive=with_unit(number(naive, 1, lang), unit),
            alone=number(int((~fit.rates.seen).sum()), 0, lang),
            pooled=with_unit(number(float(np.exp(fit.shrunk.log_rate).sum()), 1, lang), unit),
            change=percent(naive / total - 1.0, lang, 1, signed=True),
        )
        .say(lang)
    )


def _law(fit: Fit, lang: Lang) -> str:
    return (
        Text(
            "Loi : {law}, CV d'un jour {cv} ; variance sur moyenne {dispersion} ; points écartés "
            "entre eux de {spread} (écart type du logarithme)",
            "Law: {law}, CV of a day {cv}; variance over mean {dispersion}; points {spread} apart "
            "(standard deviation of the logarithm)",
        )
        .format(
            law=fit.rates.law.label.say(lang),
            cv=number(fit.rates.cv, 2, lang),
            dispersion=with_unit(
                number(fit.dispersion, 1, lang), _per_day(fit, lang).split("/")[0]
            ),
            spread=number(fit.shrunk.spread, 2, lang),
        )
        .say(lang)
    )


def point_table(fits: Sequence[Fit], density_kg_m3: float | None) -> Table:
    """Return one row a point and stream: its own rate with a 90 % interval, and the pooled one."""
    columns = (
        Column("point", Text("point", "point")),
        Column("stream", Text("flux", "stream")),
        Column("unit", Text("unité", "unit")),
        Column("pieces", Text("intervalles", "intervals"), Kind.INTEGER),
        Column("full", Text("dont pleins", "of them full"), Kind.INTEGER),
        Column("rate_per_day", Text("débit par jour", "rate a day"), Kind.NUMBER, decimals=3),
        Column("low_90_per_day", Text("bas 90 %", "low 90%"), Kind.NUMBER, decimals=3),
        Column("high_90_per_day", Text("haut 90 %", "high 90%"), Kind.NUMBER, decimals=3),
        Column("pooled_per_day", Text("débit partagé", "pooled rate"), Kind.NUMBER, decimals=3),
        Column("pooled_l_day", Text("débit partagé, L/jour", "pooled rate, L/day"), Kind.NUMBER,
               decimals=2),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for fit in fits:
        litres = litres_per_unit(fit, density_kg_m3)
        points = len(fit.pieces.ids)
        count = np.bincount(fit.pieces.point, minlength=points)
        full = np.bincount(fit.pieces.point[fit.pieces.known == AT_LEAST], minlength=points)
        error = fit.rates.standard_error
        for row, name in enumerate(fit.pieces.ids):
            own: tuple[Cell, ...] = (None, None, None)
            if fit.rates.seen[row]:
                middle, half = float(fit.rates.log_rate[row]), _Z * float(error[row])
                own = (math.exp(middle), math.exp(middle - half), math.exp(middle + half))
            pooled = math.exp(float(fit.shrunk.log_rate[row]))
            rows.append(
                (name, fit.stream, fit.unit, int(count[row]), int(full[row]), *own, pooled,
                 None if litres is None else pooled * litres)
            )  # fmt: skip
    title = Text("Débit de chaque point", "Rate of each point")
    return Table("filling_rates", title, columns, tuple(rows))


def _effect_json(effect: Effect | None) -> dict[str, list[float]] | None:
    if effect is None:
        return None
    return {
        "factors": effect.factors.tolist(),
        "log_standard_errors": effect.standard_errors.tolist(),
    }


def _effect_line(label: Text, names: Sequence[Text], effect: Effect, lang: Lang) -> str:
    cells = ", ".join(
        f"{name.say(lang)[:_SHOWN_LETTERS]} {number(float(factor), 2, lang)}"
        for name, factor in zip(names, effect.factors, strict=True)
    )
    error = number(float(effect.standard_errors.max()), 2, lang)
    wide = Text("erreur type au plus", "standard error at most").say(lang)
    return (
        spaced(Text(f"{label.fr} :", f"{label.en}:").say(lang), lang) + f" {cells} ({wide} {error})"
    )
