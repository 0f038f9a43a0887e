"""Numbers, intervals and names as a sentence of a report holds them, in both languages at once."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from twin.decide.intervals import Interval
from twin.lang import Lang, Text
from twin.report import typography as typo
from twin.report.typography import MINUS, Style

WORD_JOINER = "\u2060"


def numbers(value: float, decimals: int = 0, *, signed: bool = False) -> Text:
    """Return a number in both languages."""
    return Text(*(typo.number(value, decimals, lang, signed=signed) for lang in Lang))


def percents(share: float, decimals: int = 0, *, signed: bool = False) -> Text:
    """Return a share as a percentage in both languages."""
    return Text(*(typo.percent(share, lang, decimals, signed=signed) for lang in Lang))


def euros(value: float, *, signed: bool = False) -> Text:
    """Return an amount at the scale an assembly speaks, in both languages."""
    return Text(*(glued(typo.short_euros(value, lang, signed=signed)) for lang in Lang))


def glued(text: str, sign: str = MINUS) -> str:
    """Return an English amount whose sign no line break parts from its sign of euro."""
    return text.replace(f"{sign}€", f"{sign}{WORD_JOINER}€")


def between(told: Interval, decimals: int = 0, style: Style = "number") -> Text:
    """Return `10 à 20`, or that one world bounds nothing."""
    if not bounded(told):
        return Text("un seul monde, sans intervalle", "one world, no interval")
    return Text(
        *(glued(typo.interval(told.low, told.high, decimals, lang, style=style)) for lang in Lang)
    )


def between_eur(told: Interval) -> Text:
    """Return `10 à 20 k€`, or that one world bounds nothing."""
    return between(told, style="short_euros")


def bounded(told: Interval) -> bool:
    """Whether both ends are numbers."""
    return isfinite(told.low) and isfinite(told.high)


def opposite(told: Interval) -> Interval:
    """Return the interval of what is saved where `told` is of what is spent more."""
    return Interval(-told.mean, -told.high, -told.low, told.level, told.n, told.kind)


def finite(value: float) -> float | None:
    """Return a bound for a table: None where nothing bounds it."""
    return value if isfinite(value) else None


def doubt(settled: bool) -> Text:
    """Return `, non départagé` where the worlds do not settle a difference."""
    return Text("", "") if settled else Text(", non départagé", ", not told apart")


def yes(told: bool) -> Text:
    """Return a truth in words."""
    return Text("oui", "yes") if told else Text("non", "no")


def worlds(n: int) -> Text:
    """Return `10 mondes`."""
    return Text(f"{n} monde{'s' if n > 1 else ''}", f"{n} world{'s' if n > 1 else ''}")


def named(name: Text) -> Text:
    """Return an option's name between quotes."""
    return Text(f"« {name.fr} »", f"'{name.en}'")


def listed(parts: Sequence[Text]) -> Text:
    """Return `a, b et c`."""
    return Text(
        _joined([part.fr for part in parts], " et "), _joined([part.en for part in parts], " and ")
    )


def ties(tied: Sequence[Text], cheapest: Text) -> Text:
    """Return which options, by name, are not told apart from the cheapest."""
    names, first = listed([named(each) for each in tied]), named(cheapest)
    return Text(
        f"Non départagées de la moins chère, {first.fr} : {names.fr}.",
        f"Not told apart from the cheapest, {first.en}: {names.en}.",
    )


def otherwise(before: Text) -> Text:
    """Return that a study takes another option than `before`, the name of the one expected."""
    name = named(before)
    return Text(
        f"Avant l'étude, le monde le plus attendu désignait {name.fr} : l'étude entière en décide "
        "autrement.",
        f"Before the study the most expected world pointed to {name.en}: the whole study decides "
        "otherwise.",
    )


def _joined(parts: Sequence[str], last: str) -> str:
    if len(parts) < 2:  # noqa: PLR2004 - a list has two
        return "".join(parts)
    return ", ".join(parts[:-1]) + last + parts[-1]
