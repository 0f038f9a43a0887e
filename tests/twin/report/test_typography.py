"""Numbers, percentages, euros and dates as French and English readers write them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.lang import Lang
from twin.report import typography as typo

N, T = "\u00a0", "\u202f"


def test_house_example() -> None:
    """The house's example reads as the house writes it, no-break spaces included."""
    assert typo.euros(12345.67, decimals=2) == f"12{T}345,67{N}€"
    assert typo.percent(0.95) == f"95{N}%"
    assert typo.percent(0.953, Lang.EN, 1) == "95.3%"


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (2.675, 2, "2,68"),  # binary 2.67499999...: the printed decimal decides
        (0.5, 0, "1"),
        (-0.5, 0, "−1"),
        (-0.4, 0, "0"),  # no negative zero
        (999.5, 0, f"1{T}000"),
        (1234567.891, 1, f"1{T}234{T}567,9"),
    ],
)
def test_rounding(value: float, decimals: int, expected: str) -> None:
    """Ties round away from zero on the printed decimal and a zero carries no sign."""
    assert typo.number(value, decimals) == expected


def test_signs() -> None:
    """A minus is U+2212 and a plus is written only when asked."""
    assert typo.number(-3.25, 1) == "−3,3"
    assert typo.number(3.25, 1, signed=True) == "+3,3"
    assert typo.euros(-1500, Lang.EN) == "−€1,500"


def test_tax_is_stated() -> None:
    """HT and TTC follow the amount in French and are spelt out in English."""
    assert typo.euros(1000, tax="HT") == f"1{T}000{N}€{N}HT"
    assert typo.euros(1000, Lang.EN, tax="TTC") == "€1,000 incl. VAT"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (812, f"812{N}€"),
        (1250, f"1,3{N}k€"),
        (345_000, f"345{N}k€"),
        (2_349_000, f"2,35{N}M€"),
        (24_960_000, f"25,0{N}M€"),
        (-345_000, f"−345{N}k€"),
    ],
)
def test_short_euros(value: float, expected: str) -> None:
    """Amounts shrink to about three figures with their prefix."""
    assert typo.short_euros(value) == expected


def test_intervals_say_the_unit_once() -> None:
    """An interval carries one unit, in the scale of its larger end."""
    assert typo.interval(108, 183) == f"108{N}à 183"
    assert typo.interval(0.941, 0.966, 1, style="percent") == f"94,1{N}à 96,6{N}%"
    assert typo.interval(840e3, 1.43e6, style="short_euros") == f"0,84{N}à 1,43{N}M€"
    assert typo.interval(2, 3, 1, Lang.EN, unit="km") == f"2.0 to 3.0{N}km"
    assert typo.interval(840e3, 1.43e6, lang=Lang.EN, style="short_euros") == "€0.84M to €1.43M"
    assert typo.interval(-5, 5, style="euros", tax="HT") == f"−5{N}à 5{N}€{N}HT"


def test_dates() -> None:
    """Dates read in letters or as JJ/MM/AAAA, ISO in short English."""
    assert typo.date(dt.date(2024, 9, 1)) == f"1er{N}septembre{N}2024"
    assert typo.date(dt.date(2024, 9, 3), short=True) == "03/09/2024"
    assert typo.date(dt.date(2024, 9, 3), Lang.EN, short=True) == "2024-09-03"


def test_spacing_of_prose() -> None:
    """Ordinary spaces before French marks become no-break; URLs and English stay untouched."""
    assert typo.spaced("Combien ? « 95 % » : oui") == f"Combien{N}? «{N}95{N}%{N}»{N}: oui"
    assert typo.spaced("120 000 compteurs, 25 M€") == f"120{T}000 compteurs, 25{N}M€"
    assert typo.spaced("Really ? 95 %", Lang.EN) == "Really ? 95 %"
    assert typo.spaced("http://x.fr") == "http://x.fr"


def test_a_unit_is_not_parted_from_its_number() -> None:
    """In both languages `km`, `m³` and their like stay with their number; words do not."""
    assert typo.spaced("12 km, 3,5 m³/h") == f"12{N}km, 3,5{N}m³/h"
    assert typo.spaced("12 km and 2 m² of 40 km²", Lang.EN) == f"12{N}km and 2{N}m² of 40{N}km²"
    assert typo.spaced("0,4 (0,2 à 0,6) m³") == f"0,4 (0,2 à 0,6){N}m³"
    for text in ("en 2024 kmart", "les m³", "12 communes", "4 m"):
        assert typo.spaced(text) == text


def test_a_sign_stands_before_the_euro() -> None:
    """Digits already printed become an amount whose sign English puts first."""
    assert typo.money("−400", "k", Lang.EN) == "−€400k"
    assert typo.money("+1.5", "M", Lang.EN, "HT") == "+€1.5M excl. VAT"
    assert typo.money("−400", "k", Lang.FR) == f"−400{N}k€"


def test_missing_is_never_printed() -> None:
    """A value that is not finite is refused rather than printed."""
    with pytest.raises(ValueError, match="finite"):
        typo.number(float("nan"))


@given(st.decimals(-(10**9), 10**9, places=4))
def test_reads_back(value: Decimal) -> None:
    """What is printed reads back as the value within half a unit of the last place."""
    text = typo.number(value, 2).replace(T, "").replace("−", "-").replace(",", ".")
    assert abs(Decimal(text) - value) <= Decimal("0.005")
