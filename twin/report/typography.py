"""Numbers, percentages, euros and dates as French and English readers write them.

French: U+202F (narrow no-break space) between thousands, a decimal comma, U+00A0 (no-break space)
before `%`, units, `€`, `:`, `;`, `!` and `?`, and inside guillemets. Both languages: U+2212 for
minus. Source: *Lexique des règles typographiques en usage à l'Imprimerie nationale* [V], except
that U+00A0 stands before `;`, `!` and `?` too, as the house has chosen.

Rounding is half up, away from zero at ties (the rule of commerce and of public accounts), applied
to the shortest decimal that reads back as the same float: 2.675 gives 2.68, -0.5 gives -1, and a
value that rounds to zero carries no sign.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from twin.lang import Lang, Text

THIN = "\u202f"
NBSP = "\u00a0"
MINUS = "\u2212"

_UNITS = "(?:k?m[²³]|km)"
"""Units that prose writes after a number with an ordinary space."""

Tax = Literal["HT", "TTC"]
Style = Literal["number", "percent", "euros", "short_euros"]

TAX_WORDS: dict[str, Text] = {"HT": Text("HT", "excl. VAT"), "TTC": Text("TTC", "incl. VAT")}
MONTHS = (
    Text("janvier", "January"),
    Text("février", "February"),
    Text("mars", "March"),
    Text("avril", "April"),
    Text("mai", "May"),
    Text("juin", "June"),
    Text("juillet", "July"),
    Text("août", "August"),
    Text("septembre", "September"),
    Text("octobre", "October"),
    Text("novembre", "November"),
    Text("décembre", "December"),
)


def rounded(value: float | Decimal, decimals: int = 0) -> Decimal:
    """Return `value` rounded half up (away from zero at ties) to `decimals` places.

    Raises
    ------
    ValueError
        If `value` is not finite: a missing figure is shown as missing, never as a number.
    """
    if not math.isfinite(value):
        raise ValueError(f"cannot print {value!r}: not a finite number")
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    return exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def number(
    value: float | Decimal, decimals: int = 0, lang: Lang = Lang.FR, *, signed: bool = False
) -> str:
    r"""Return a number with `decimals` places; `signed` writes the plus sign too.

    >>> number(12345.675, 2).replace("\u202f", "_")
    '12_345,68'
    """
    cut = rounded(value, decimals)
    sign = MINUS if cut < 0 else "+" if signed and cut > 0 else ""
    digits = f"{abs(cut):,f}"
    if lang is Lang.FR:
        digits = digits.replace(",", THIN).replace(".", ",")
    return sign + digits


def percent(
    share: float | Decimal, lang: Lang = Lang.FR, decimals: int = 0, *, signed: bool = False
) -> str:
    """Return a share in [0, 1] as a percentage: `95 %` in French, `95%` in English."""
    exact = share if isinstance(share, Decimal) else Decimal(repr(float(share)))
    text = number(exact * 100, decimals, lang, signed=signed)
    return text + (f"{NBSP}%" if lang is Lang.FR else "%")


def with_unit(text: str, unit: str) -> str:
    """Return `text` followed by `unit` after a no-break space, or alone where unit is empty."""
    return f"{text}{NBSP}{unit}" if unit else text


def euros(
    value: float | Decimal,
    lang: Lang = Lang.FR,
    decimals: int = 0,
    tax: Tax | None = None,
    *,
    signed: bool = False,
) -> str:
    """Return an amount: `12 345 € HT` in French, `€12,345 excl. VAT` in English."""
    return money(number(value, decimals, lang, signed=signed), "", lang, tax)


def short_euros(
    value: float | Decimal, lang: Lang = Lang.FR, tax: Tax | None = None, *, signed: bool = False
) -> str:
    """Return an amount in the scale an assembly speaks: `812 €`, `345 k€`, `2,35 M€`."""
    divisor, prefix, decimals = _scale(value)
    exact = Decimal(repr(float(value))) / divisor
    return money(number(exact, decimals, lang, signed=signed), prefix, lang, tax)


def money(digits: str, prefix: str, lang: Lang, tax: Tax | None = None) -> str:
    """Return printed digits as an amount: `−400 k€` in French, `−€400k` in English.

    A sign stands before the sign of euro; `prefix` is that of the unit, empty, `k` or `M`.
    """
    if lang is Lang.FR:
        return NBSP.join([digits, f"{prefix}€", *_tax_word(lang, tax)])
    sign = digits[0] if digits[0] in {MINUS, "+"} else ""
    return " ".join([f"{sign}€{digits.removeprefix(sign)}{prefix}", *_tax_word(lang, tax)])


def interval(
    low: float,
    high: float,
    decimals: int = 0,
    lang: Lang = Lang.FR,
    *,
    style: Style = "number",
    unit: str = "",
    tax: Tax | None = None,
) -> str:
    """Return `low à high` (`low to high`) with the unit said once, in the scale of `high`.

    >>> interval(0.93, 0.97, lang=Lang.EN, style="percent")
    '93 to 97%'
    """
    link = f"{NBSP}à " if lang is Lang.FR else " to "
    if style == "percent":
        bare = percent(low, lang, decimals).removesuffix("%").removesuffix(NBSP)
        return f"{bare}{link}{percent(high, lang, decimals)}"
    if style == "number":
        return with_unit(f"{number(low, decimals, lang)}{link}{number(high, decimals, lang)}", unit)
    divisor, prefix = Decimal(1), ""
    if style == "short_euros":
        divisor, prefix, decimals = _scale(max(abs(low), abs(high)))
    ends = [number(Decimal(repr(float(end))) / divisor, decimals, lang) for end in (low, high)]
    if lang is Lang.EN:
        words = " ".join([f"€{ends[0]}{prefix} to €{ends[1]}{prefix}", *_tax_word(lang, tax)])
        return words.replace("€" + MINUS, MINUS + "€")
    return money(link.join(ends), prefix, lang, tax)


def date(value: dt.date, lang: Lang = Lang.FR, *, short: bool = False) -> str:
    """Return `3 septembre 2024` or, when `short`, `03/09/2024` (English short: ISO 8601)."""
    if short:
        return value.strftime("%d/%m/%Y") if lang is Lang.FR else value.isoformat()[:10]
    first = "er" if lang is Lang.FR and value.day == 1 else ""
    return f"{value.day}{first}{NBSP}{MONTHS[value.month - 1].say(lang)}{NBSP}{value.year}"


def spaced(text: str, lang: Lang = Lang.FR) -> str:
    """Return `text` with the ordinary spaces that must not break made no-break.

    In both languages the one between a number, or the interval in brackets after it, and `km`, `m³`
    or their like; in French those the language forbids to break too. Only spaces that are there are
    changed: nothing is added to a URL or a clock time.
    """
    text = re.sub(rf"(?<=[\d)]) (?={_UNITS}(?![^\W\d_]))", NBSP, text)
    if lang is not Lang.FR:
        return text
    text = re.sub(r" (?=[:;!?%€»](?![\w/]))", NBSP, text)
    text = re.sub(r" (?=[kM]€)", NBSP, text)
    text = re.sub(r"(?<=«) ", NBSP, text)
    return re.sub(r"(?<=\d) (?=\d{3}(?!\d))", THIN, text)


def _scale(value: float | Decimal) -> tuple[Decimal, str, int]:
    """Return the divisor, prefix and decimals that keep about three figures of an amount."""
    size = abs(rounded(value))
    if size >= 10_000_000:  # noqa: PLR2004 - ten million: one decimal of M€ is enough
        return Decimal(1_000_000), "M", 1
    if size >= 1_000_000:  # noqa: PLR2004 - a million
        return Decimal(1_000_000), "M", 2
    if size >= 10_000:  # noqa: PLR2004 - ten thousand: whole k€
        return Decimal(1_000), "k", 0
    if size >= 1_000:  # noqa: PLR2004 - a thousand
        return Decimal(1_000), "k", 1
    return Decimal(1), "", 0


def _tax_word(lang: Lang, tax: Tax | None) -> list[str]:
    return [TAX_WORDS[tax].say(lang)] if tax else []
