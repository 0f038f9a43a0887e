"""Turns of phrase shared by the parts of the answer."""

from __future__ import annotations

import pytest

from models.lora.answer.words import unit_text


@pytest.mark.parametrize(
    ("unit", "english"),
    [
        ("€ HT/compteur/mois", "€ excl. VAT/meter/month"),
        ("€/site/an", "€/site/year"),
        ("dB", "dB"),
        ("jour", "day"),
        ("1/an", "1/year"),
    ],
)
def test_units_of_the_assumptions_speak_english(unit: str, english: str) -> None:
    """Every unit of the assumptions table reads in French as written and in English translated."""
    assert unit_text(unit) == (unit, english)


def test_a_bare_number_has_no_unit() -> None:
    """The unit 1 is not printed."""
    assert unit_text("1") == ("", "")
