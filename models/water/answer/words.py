"""Turns of phrase of the water answer."""

from __future__ import annotations

from dataclasses import replace
from math import floor, inf, isfinite, log10
from typing import Literal

from twin.decide.intervals import Interval
from twin.lang import Text
from twin.report.phrases import (
    between,
    between_eur,
    bounded,
    euros,
    glued,
    numbers,
    percents,
    worlds,
)
from twin.study.judged import Gap

NOT_SETTLED = "°"
FIGURES = 3
"""Significant figures of a volume: more would feign what nobody knows."""

Style = Literal["eur", "m3", "share", "number"]


def say(value: float, style: Style = "number", decimals: int = 0, *, signed: bool = False) -> Text:
    """Return a value in both languages; `m3` and `number` have no unit."""
    if style == "eur":
        amount = euros(value, signed=signed)
        return Text(amount.fr, glued(amount.en, "+"))
    if style == "share":
        return percents(value, decimals, signed=signed)
    return numbers(coarse(value) if style == "m3" else value, decimals, signed=signed)


def span(told: Interval, style: Style = "number", decimals: int = 0) -> Text:
    """Return `10 à 20`, or that one world bounds nothing."""
    if style == "eur":
        return between_eur(told)
    if style == "share":
        return between(told, decimals, "percent")
    if style == "m3":
        told = replace(told, low=coarse(told.low), high=coarse(told.high))
    return between(told, decimals)


def coarse(value: float) -> float:
    """Return a volume to three significant figures.

    >>> coarse(123456.0)
    123000.0
    """
    if value == 0.0 or not isfinite(value):
        return value
    return round(value, min(FIGURES - 1 - floor(log10(abs(value))), 0))


def level(told: Interval | None, style: Style = "number", decimals: int = 0) -> Text | None:
    """Return `64 % (60 à 68 %)`, nought at least; None where nothing was recorded."""
    if told is None:
        return None
    mean = say(told.mean, style, decimals)
    if not bounded(told):
        return mean
    ends = span(within(told, 0.0, 1.0 if style == "share" else inf), style, decimals)
    return Text(f"{mean.fr} ({ends.fr})", f"{mean.en} ({ends.en})")


def cell(gap: Gap | None, style: Style = "number", decimals: int = 0) -> Text | None:
    """Return `−12 (−20 à −4)`, marked where the worlds do not settle it; None where not played.

    Worlds that do not differ at all give a bare 0.
    """
    if gap is None:
        return None
    if gap.difference.low == gap.difference.high == 0.0:
        return Text("0", "0")
    mean = say(gap.difference.mean, style, decimals, signed=True)
    mark = "" if gap.settled else NOT_SETTLED
    if not bounded(gap.difference):
        return Text(mean.fr + mark, mean.en + mark)
    ends = span(gap.difference, style, decimals)
    return Text(f"{mean.fr}{mark} ({ends.fr})", f"{mean.en}{mark} ({ends.en})")


def within(told: Interval, least: float, most: float = inf) -> Interval:
    """Return the interval without the values that cannot be (a share over 1).

    One that nothing bounds stays as it is: a limit is no measurement.
    """
    if not bounded(told):
        return told
    return replace(told, low=max(told.low, least), high=min(told.high, most))


def around(told: Interval, style: Style = "number", decimals: int = 0) -> Text:
    """Return `10 à 20 ; 8 mondes`, or that one world bounds nothing."""
    ends = span(told, style, decimals)
    if not bounded(told):
        return ends
    count = worlds(told.n)
    return Text(f"{ends.fr} ; {count.fr}", f"{ends.en}; {count.en}")


def ci(told: Interval, style: Style = "number", decimals: int = 0) -> Text:
    """Return `IC à 95 % : 10 à 20 ; 8 mondes`, or that one world bounds nothing."""
    ends = around(told, style, decimals)
    if not bounded(told):
        return ends
    return Text(f"IC à 95 % : {ends.fr}", f"95% CI: {ends.en}")
