"""Turns of phrase of the waste answer."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from twin.decide.intervals import Interval
from twin.lang import Text
from twin.report.phrases import between, between_eur, bounded, doubt, euros, numbers, opposite
from twin.report.tables import Column, Kind
from twin.study.judged import Gap

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
    if not bounded(told):
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
    open_question = doubt(gap.settled)
    fr, en = (f" {noun.fr}", f" {noun.en}") if noun.fr else ("", "")
    way_fr, way_en = ("de moins", "less") if less else ("de plus", "more")
    return Text(
        f"{amount.fr}{fr} {way_fr} ({span.fr}{open_question.fr})",
        f"{amount.en}{en} {way_en} ({span.en}{open_question.en})",
    )
