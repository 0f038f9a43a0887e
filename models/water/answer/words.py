"""Turns of phrase of the water answer."""

from __future__ import annotations

from dataclasses import replace
from math import floor, inf, isfinite, log10
from typing import Literal

from models.water.answer.judged import Gap
from twin.decide.intervals import Interval
from twin.lang import Lang, Text
from twin.report.typography import MINUS, interval, number, percent, short_euros

NOT_SETTLED = "°"
FIGURES = 3
"""Significant figures of a volume: more would feign what nobody knows."""

Style = Literal["eur", "m3", "share", "number"]


def say(value: float, style: Style = "number", decimals: int = 0, *, signed: bool = False) -> Text:
    """Return a value in both languages; `m3` and `number` have no unit."""
    if style == "eur":
        return Text(
            short_euros(value, Lang.FR, signed=signed),
            _glued(short_euros(value, Lang.EN, signed=signed)),
        )
    if style == "share":
        return Text(*(percent(value, lang, decimals, signed=signed) for lang in Lang))
    shown = coarse(value) if style == "m3" else value
    return Text(*(number(shown, decimals, lang, signed=signed) for lang in Lang))


def span(told: Interval, style: Style = "number", decimals: int = 0) -> Text:
    """Return `10 à 20`, or that one world bounds nothing."""
    if not bounded(told):
        return Text("un seul monde, sans intervalle", "one world, no interval")
    if style == "eur":
        return Text(
            *(
                _glued(interval(told.low, told.high, lang=lang, style="short_euros"))
                for lang in Lang
            )
        )
    if style == "share":
        return Text(
            *(interval(told.low, told.high, decimals, lang, style="percent") for lang in Lang)
        )
    low, high = (coarse(end) if style == "m3" else end for end in (told.low, told.high))
    return Text(*(interval(low, high, decimals, lang) for lang in Lang))


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


def opposite(told: Interval) -> Interval:
    """Return the interval of what is saved where `told` is of what is spent more."""
    return Interval(-told.mean, -told.high, -told.low, told.level, told.n, told.kind)


def within(told: Interval, least: float, most: float = inf) -> Interval:
    """Return the interval without the values that cannot be (a share over 1).

    One that nothing bounds stays as it is: a limit is no measurement.
    """
    if not bounded(told):
        return told
    return replace(told, low=max(told.low, least), high=min(told.high, most))


def worlds(n: int) -> Text:
    """Return `10 mondes`."""
    return Text(f"{n} monde{'s' if n > 1 else ''}", f"{n} world{'s' if n > 1 else ''}")


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


def doubt(gap: Gap) -> Text:
    """Return `, non départagé` where the worlds do not settle a difference."""
    return Text("", "") if gap.settled else Text(", non départagé", ", not told apart")


def named(name: Text) -> Text:
    """Return an option's name between quotes."""
    return Text(f"« {name.fr} »", f"'{name.en}'")


def listed(parts: list[Text]) -> Text:
    """Return `a, b et c`."""
    return Text(
        _joined([part.fr for part in parts], " et "), _joined([part.en for part in parts], " and ")
    )


def finite(value: float) -> float | None:
    """Return a bound for a table: None where nothing bounds it."""
    return value if isfinite(value) else None


def bounded(told: Interval) -> bool:
    """Whether both ends are numbers."""
    return isfinite(told.low) and isfinite(told.high)


def _glued(text: str) -> str:
    """Return an English amount whose sign no line break parts from its sign of euro."""
    for sign in (MINUS, "+"):
        text = text.replace(f"{sign}€", f"{sign}\N{WORD JOINER}€")
    return text


def _joined(parts: list[str], last: str) -> str:
    if len(parts) < 2:  # noqa: PLR2004 - a list has two
        return "".join(parts)
    return ", ".join(parts[:-1]) + last + parts[-1]
