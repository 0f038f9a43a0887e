"""The answer in one sentence, in both languages."""

from __future__ import annotations

from pathlib import Path

from models.waste.answer.headline import headline, reasons
from models.waste.answer.judged import Judged
from models.waste.answer.key_figures import cards
from tests.models.waste.answer.waste_answer_case import (
    made_findings,
    made_judged,
    made_option,
    usual_options,
    year,
)
from twin.scenario import Scenario


def _said(scenario: Scenario, options: list[Judged], folder: Path) -> tuple[str, str]:
    text = headline(made_findings(scenario, options, folder))
    return text.fr.replace("\u00a0", " "), text.en


def test_the_sentence_names_the_option_its_saving_and_its_worlds(
    waste_scenario: Scenario, tmp_path: Path
) -> None:
    """Option, saving with interval and number of worlds, service, price: in both languages."""
    fr, en = _said(waste_scenario, usual_options(), tmp_path)
    assert fr.startswith("**« option driver »** : **20 k€** par an de moins")
    assert en.startswith("**'choice driver'**: **€20k** a year less")
    assert "6 mondes" in fr
    assert "6 worlds" in en
    assert "un point est plein 4,0 jours par an" in fr
    assert "a point is full 4.0 days a year" in en


def test_a_negative_price_is_said_in_words(waste_scenario: Scenario, tmp_path: Path) -> None:
    """Sensors that cost more than they save even for nothing: no price, a sentence."""
    options = usual_options()
    dear = made_judged(
        made_option("s", knowledge="driver", share=0.5), year(99_000.0, sensors=90.0)
    )
    fr, en = _said(waste_scenario, [*options[:4], dear], tmp_path)
    assert "même gratuite, une sonde ne paie pas**" in fr
    assert "even free, a sensor does not pay**" in en
    card = cards(made_findings(waste_scenario, [*options[:4], dear], tmp_path))[3]
    assert (card.value.fr, card.value.en) == ("aucun", "none")


def test_a_price_above_the_market_is_told(waste_scenario: Scenario, tmp_path: Path) -> None:
    """Sensors that save much pay up to a price, told beside the usual one."""
    options = usual_options()[:4]
    good = made_judged(
        made_option("s", knowledge="driver", share=0.5), year(60_000.0, sensors=90.0)
    )
    fr, en = _said(waste_scenario, [*options, good], tmp_path)
    assert "elle équipe 90 points (50 %)" in fr
    assert "une sonde paie jusqu'à" in fr
    assert "(prix usuel : 180 €)" in fr
    assert "a sensor pays up to" in en


def test_without_sensors_the_sentence_says_so(waste_scenario: Scenario, tmp_path: Path) -> None:
    """A study without any sensor says that none was tried."""
    fr, en = _said(waste_scenario, usual_options()[:3], tmp_path)
    assert fr.endswith("aucune sonde n'a été essayée")
    assert en.endswith("no sensor was tried")


def test_where_all_serve_worse_today_is_kept(waste_scenario: Scenario, tmp_path: Path) -> None:
    """When no option may be taken the sentence keeps today's calendar."""
    worse = made_judged(made_option("worse"), year(10_000.0, full_days=30.0))
    fr, en = _said(waste_scenario, [usual_options()[0], worse], tmp_path)
    assert fr.startswith("**Garder le calendrier actuel**")
    assert en.startswith("**Keep today's calendar**")


def test_the_choice_made_before_the_study_is_owned_up_to(
    waste_scenario: Scenario, tmp_path: Path
) -> None:
    """Where the study decides otherwise than the most expected world did, the page says so."""
    told = reasons(made_findings(waste_scenario, usual_options(), tmp_path))
    assert "« option current » : l'étude entière en décide autrement" in told.fr
    assert "'choice current': the whole study decides otherwise" in told.en


def test_every_card_has_its_interval_and_its_worlds(
    waste_scenario: Scenario, tmp_path: Path
) -> None:
    """No key figure stands without an interval."""
    for card in cards(made_findings(waste_scenario, usual_options(), tmp_path)):
        assert card.detail is not None
        assert "95" in card.detail.fr
        assert "95" in card.detail.en


def test_worse_service_that_is_not_settled_is_told(
    waste_scenario: Scenario, tmp_path: Path
) -> None:
    """An option whose points are fuller on average, but not clearly, is taken with that said."""
    bare = made_judged(
        made_option("bare"), {**year(50e3), "full_days": [4.0, 90.0, 3.0, 4.0, 5.0, 3.0]}
    )
    fr, en = _said(waste_scenario, [usual_options()[0], bare], tmp_path)
    assert "(aujourd'hui 4,0, non départagé)" in fr
    assert "(today 4.0, not told apart)" in en
