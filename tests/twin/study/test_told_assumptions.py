"""How the assumptions are told in every report."""

from __future__ import annotations

import pytest

from twin.decide.priors import Prior, Status
from twin.lang import Lang, Text, same
from twin.study.assumptions import assumption_list, range_text, unit_text, unverified

PIT = Prior("pit", 10.0, 20.0, 30.0, unit="dB", label=Text("Regard", "Pit"), source="guess")
AREA = Prior("area", 1.0, 1.5, 1.9, unit="1", label=Text("Aire", "Area"), status=Status.SOURCED)


@pytest.mark.parametrize(
    ("unit", "english"),
    [
        ("€ HT/compteur/mois", "€ excl. VAT/meter/month"),
        ("€/site/an", "€/site/year"),
        ("€/jour", "€/day"),
        ("dB", "dB"),
        ("jour", "days"),
        ("an", "years"),
        ("1/an", "1/year"),
    ],
)
def test_units_of_the_assumptions_speak_english(unit: str, english: str) -> None:
    """Every unit of the assumptions table reads in French as written and in English translated."""
    assert unit_text(unit) == (unit, english)


def test_a_bare_number_has_no_unit() -> None:
    """The unit 1 is not printed."""
    assert unit_text("1") == ("", "")
    assert range_text(AREA, Lang.EN) == "from 1.00 to 1.90 (mode 1.50)"


def test_assumptions_are_listed_by_name_with_range_status_and_source() -> None:
    """Each stands once, sorted by name, with its range in both languages and on whose word."""
    area, pit = assumption_list({"pit": PIT, "area": AREA}).items
    assert (area.name, area.status) == (AREA.label, "sourced")
    assert pit.value == ("de 10 à 30 dB (usuel 20)", "from 10 to 30 dB (mode 20)")
    assert (pit.status, pit.source) == ("unverified", same("guess"))


def test_the_unverified_are_counted() -> None:
    """The notice counts the assumptions nobody vouches for, and ends with what to do."""
    told = unverified({"pit": PIT, "area": AREA}, Text("À mesurer.", "To be measured.")).text
    assert told.fr == "1 hypothèses sur 2 ne reposent sur aucune mesure. À mesurer."
    assert told.en == "1 of 2 assumptions rest on no measurement. To be measured."
