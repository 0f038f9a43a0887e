"""Turns of phrase of the waste answer."""

from __future__ import annotations

from dataclasses import replace
from math import inf, isfinite

from models.waste.answer.judged import Gap
from twin.decide.intervals import Interval
from twin.lang import Lang, Text
from twin.report.tables import Column, Kind
from twin.report.typography import MINUS, number, percent, short_euros
from twin.report.typography import interval as span_of

COST = Column("total_eur", Text("Coût par an", "Cost a year"), Kind.EURO)
SAVED = Column(
    "saved_eur",
    Text("Économie par an face au calendrier actuel", "Saving a year against today's calendar"),
    Kind.EURO,
)
KM = Column("km", Text("Kilomètres par an", "Kilometres a year"), Kind.NUMBER, "km", 0)
FULL = Column(
    "full_days",
    Text("Jours de point plein, par point et par an", "Days full, per point and year"),
    Kind.NUMBER,
    decimals=1,
)
PRICE = Column("price_eur", Text("Prix d'une sonde", "Price of a sensor"), Kind.EURO)
NOT_SETTLED = "°"


def numbers(value: float, decimals: int = 0, *, signed: bool = False) -> Text:
    """Return a number in both languages."""
    return Text(
        number(value, decimals, Lang.FR, signed=signed),
        number(value, decimals, Lang.EN, signed=signed),
    )


def percents(share: float, decimals: int = 0) -> Text:
    """Return a share as a percentage in both languages."""
    return Text(percent(share, Lang.FR, decimals), percent(share, Lang.EN, decimals))


def euros(value: float, *, signed: bool = False) -> Text:
    """Return an amount at the scale an assembly speaks, in both languages."""
    return Text(
        short_euros(value, Lang.FR, signed=signed),
        _glued(short_euros(value, Lang.EN, signed=signed)),
    )


def between_eur(interval: Interval) -> Text:
    """Return `10 à 20 k€`, or that one world bounds nothing."""
    if not _bounded(interval):
        return Text("un seul monde, sans intervalle", "one world, no interval")
    return Text(
        *(
            _glued(span_of(interval.low, interval.high, lang=lang, style="short_euros"))
            for lang in Lang
        )
    )


def between(interval: Interval, decimals: int = 0) -> Text:
    """Return `10 à 20`, or that one world bounds nothing."""
    if not _bounded(interval):
        return Text("un seul monde, sans intervalle", "one world, no interval")
    return Text(*(span_of(interval.low, interval.high, decimals, lang) for lang in Lang))


def opposite(interval: Interval) -> Interval:
    """Return the interval of what is saved where `interval` is of what is spent more."""
    return Interval(
        -interval.mean, -interval.high, -interval.low, interval.level, interval.n, interval.kind
    )


def within(interval: Interval, least: float, most: float = inf) -> Interval:
    """Return the interval without the values that cannot be (a share over 1)."""
    return replace(interval, low=max(interval.low, least), high=min(interval.high, most))


def days(value: float) -> Text:
    """Return `0,8 jour` or `2,5 jours`."""
    told = numbers(value, 1)
    plural = "s" if round(abs(value), 1) >= 2.0 else ""  # noqa: PLR2004 - French counts two as many
    return Text(f"{told.fr} jour{plural}", f"{told.en} days")


def cell(gap: Gap | None, *, money: bool = False, decimals: int = 0) -> Text | None:
    """Return `−12 (−20 à −4)`, marked where the worlds do not settle it; None where not played."""
    if gap is None:
        return None
    told = gap.difference
    mean = euros(told.mean, signed=True) if money else numbers(told.mean, decimals, signed=True)
    mark = "" if gap.settled else NOT_SETTLED
    if not _bounded(told):
        return Text(mean.fr + mark, mean.en + mark)
    span = between_eur(told) if money else between(told, decimals)
    return Text(f"{mean.fr}{mark} ({span.fr})", f"{mean.en}{mark} ({span.en})")


def change(gap: Gap, noun: Text, decimals: int = 0, *, money: bool = False) -> Text:
    """Return `12 km de moins (4 à 20)`, saying where the worlds do not settle it."""
    told = gap.difference
    less = told.mean < 0.0
    shown = opposite(told) if less else told
    amount = euros(shown.mean) if money else numbers(shown.mean, decimals)
    span = between_eur(shown) if money else between(shown, decimals)
    doubt = Text("", "") if gap.settled else Text(", non départagé", ", not told apart")
    fr, en = (f" {noun.fr}", f" {noun.en}") if noun.fr else ("", "")
    way_fr, way_en = ("de moins", "less") if less else ("de plus", "more")
    return Text(
        f"{amount.fr}{fr} {way_fr} ({span.fr}{doubt.fr})",
        f"{amount.en}{en} {way_en} ({span.en}{doubt.en})",
    )


def yes(told: bool) -> Text:
    """Return a truth in words."""
    return Text("oui", "yes") if told else Text("non", "no")


def worlds(n: int) -> Text:
    """Return `10 mondes`."""
    return Text(f"{n} monde{'s' if n > 1 else ''}", f"{n} world{'s' if n > 1 else ''}")


def named(name: Text) -> Text:
    """Return an option's name between quotes."""
    return Text(f"« {name.fr} »", f"'{name.en}'")


def listed(parts: list[Text]) -> Text:
    """Return `a, b et c`."""
    return Text(
        _joined([part.fr for part in parts], " et "), _joined([part.en for part in parts], " and ")
    )


def capital(text: Text) -> Text:
    """Return a sentence that opens with a capital."""
    return Text(text.fr[:1].upper() + text.fr[1:], text.en[:1].upper() + text.en[1:])


def finite(value: float) -> float | None:
    """Return a bound for a table: None where nothing bounds it."""
    return value if isfinite(value) else None


def _glued(text: str) -> str:
    """Return an English amount whose minus no line break parts from its sign of euro."""
    return text.replace(f"{MINUS}€", f"{MINUS}\N{WORD JOINER}€")


def _bounded(interval: Interval) -> bool:
    return isfinite(interval.low) and isfinite(interval.high)


def _joined(parts: list[str], last: str) -> str:
    if len(parts) < 2:  # noqa: PLR2004 - a list has two
        return "".join(parts)
    return ", ".join(parts[:-1]) + last + parts[-1]
