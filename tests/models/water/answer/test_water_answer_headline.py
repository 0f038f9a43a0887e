"""The answer in one sentence, in both languages."""

from __future__ import annotations

from pathlib import Path

from models.water.answer.headline import headline, reasons
from models.water.answer.judged import Judged
from models.water.answer.key_figures import cards
from tests.models.water.answer.water_answer_case import (
    made_findings,
    made_judged,
    made_option,
    usual_options,
    year,
)
from twin.scenario import Scenario


def _said(scenario: Scenario, options: list[Judged], folder: Path) -> tuple[str, str]:
    text = headline(made_findings(scenario, options, folder))
    return text.fr.replace("\u00a0", " ").replace("\u202f", " "), text.en


def test_the_sentence_says_how_many_what_and_where(
    water_scenario: Scenario, tmp_path: Path
) -> None:
    """Option, saving, interval, worlds, water, share seen, first communes: in both languages."""
    fr, en = _said(water_scenario, usual_options(), tmp_path)
    assert fr.startswith("**« option twenty »** : **20 k€** par an de moins que les relevés")
    assert en.startswith("**'choice twenty'**: **€20k** a year less than reading by hand")
    assert "6 mondes" in fr
    assert "6 worlds" in en
    assert "**100 000 m³** d'eau perdue de moins par an, soit 25 %" in fr
    assert "une fuite de 2,2 m³/h y est vue en 3 jours sur **33 %** des conduites" in fr
    assert fr.endswith("premiers compteurs : Aigurande, Aize et Ambrault")
    assert en.endswith("first meters: Aigurande, Aize and Ambrault")


def test_a_saving_that_is_not_settled_is_said_first(
    water_scenario: Scenario, tmp_path: Path
) -> None:
    """Where the interval holds nought the sentence opens with it, and the card repeats it."""
    options = [
        usual_options()[0],
        made_judged(
            made_option("ten", meters=10),
            {**year(1.0, meters=10), "total_eur": [4e5, 6e5, 5e5, 3e5, 7e5, 4.9e5]},
        ),
    ]
    fr, en = _said(water_scenario, options, tmp_path)
    assert fr.startswith("**Économie non établie** : « option ten » coûterait en moyenne")
    assert "les mondes joués ne le tranchent pas" in fr
    assert en.startswith("**Saving not established**")
    card = cards(made_findings(water_scenario, options, tmp_path))[0]
    assert card.detail is not None
    assert "non départagé" in card.detail.fr


def test_where_every_option_costs_more_nothing_is_bought(
    water_scenario: Scenario, tmp_path: Path
) -> None:
    """The sentence says to buy nothing, how much dearer the cheapest is, what it would save."""
    options = [
        usual_options()[0],
        made_judged(made_option("ten", meters=10), year(530_000.0, lost_m3=350_000.0, meters=10)),
    ]
    fr, en = _said(water_scenario, options, tmp_path)
    assert fr.startswith("**Ne rien acheter** coûte le moins")
    assert "coûte **30 k€** de plus par an" in fr
    assert "sans que les mondes joués le tranchent" not in fr
    assert "**50 000 m³** d'eau perdue de moins" in fr
    assert en.startswith("**Buying nothing** costs least")


def test_a_scenario_without_meters_says_so(water_scenario: Scenario, tmp_path: Path) -> None:
    """A study that fits no district meter buys nothing and claims nothing."""
    fr, en = _said(water_scenario, usual_options()[:1], tmp_path)
    assert (
        fr == "**Ne rien acheter** : aucune option du scénario ne pose de compteur de sectorisation"
    )
    assert en == "**Buy nothing**: no option of the scenario fits a district meter"


def test_one_world_settles_nothing(water_scenario: Scenario, tmp_path: Path) -> None:
    """With one replication the saving is not established and no interval is made up."""
    options = [
        made_judged(made_option("today", answers=False), year(500_000.0, worlds=1)),
        made_judged(made_option("ten", meters=10), year(480_000.0, meters=10, worlds=1)),
    ]
    fr, _ = _said(water_scenario, options, tmp_path)
    assert fr.startswith("**Économie non établie**")
    assert "un seul monde, sans intervalle" in fr
    assert "0 à 100" not in fr


def test_the_choice_made_before_the_study_is_owned_up_to(
    water_scenario: Scenario, tmp_path: Path
) -> None:
    """Where the study decides otherwise than the most expected world did, the page says so."""
    options = usual_options()
    told = reasons(made_findings(water_scenario, [options[1], options[0], options[2]], tmp_path))
    assert "« option ten » : l'étude entière en décide autrement" in told.fr
    assert "'choice ten': the whole study decides otherwise" in told.en


def test_every_card_has_its_interval_and_its_worlds(
    water_scenario: Scenario, tmp_path: Path
) -> None:
    """No key figure stands without an interval and the number of worlds, in either language."""
    told = cards(made_findings(water_scenario, usual_options(), tmp_path))
    assert len(told) == 6
    for card in told:
        assert card.detail is not None
        assert "IC à 95" in card.detail.fr
        assert "95% CI" in card.detail.en
        assert "6 mondes" in card.detail.fr


def test_the_gain_of_radio_over_the_car_is_told(water_scenario: Scenario, tmp_path: Path) -> None:
    """The card compares radio with the car: 30 k€ more to the service, 90 less to customers."""
    card = cards(made_findings(water_scenario, usual_options(), tmp_path))[4]
    assert card.label.fr == "Télérelève des abonnés plutôt que voiture"
    assert card.value.fr.replace("\u00a0", " ") == "\N{MINUS SIGN}30 k€/an"
    assert card.detail is not None
    assert "90\u00a0k€ de moins payés par les abonnés" in card.detail.fr
