"""Small turns of phrase that several parts of the answer share."""

from __future__ import annotations

from twin.decide.intervals import Interval
from twin.lang import Lang, Text
from twin.report.typography import number, percent, short_euros


def interval_text(interval: Interval, lang: Lang) -> str:
    """Return `110 à 150`, whole numbers."""
    joint = " à " if lang is Lang.FR else " to "
    return number(round(interval.low), 0, lang) + joint + number(round(interval.high), 0, lang)


def percent_text(share: float, lang: Lang, decimals: int = 0) -> str:
    """Return a share as a percentage."""
    return percent(share, lang, decimals)


def percents(share: float, decimals: int = 0) -> Text:
    """Return a share as a percentage, in both languages."""
    return Text(percent(share, Lang.FR, decimals), percent(share, Lang.EN, decimals))


def numbers(value: float, decimals: int = 0) -> Text:
    """Return a number in both languages."""
    return Text(number(value, decimals, Lang.FR), number(value, decimals, Lang.EN))


def millions(eur: float) -> Text:
    """Return an amount at the scale an assembly speaks, in both languages."""
    return Text(short_euros(eur, Lang.FR), short_euros(eur, Lang.EN))
