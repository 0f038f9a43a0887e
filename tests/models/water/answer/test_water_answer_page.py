"""The whole page, drawn from made-up worlds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pyogrio import list_layers
from pyogrio.raw import read

from models.water.answer.maps import draw_maps, write_maps
from models.water.answer.page import document
from tests.models.water.answer.water_answer_case import (
    made_findings,
    made_judged,
    made_option,
    usual_options,
    without_ground,
    year,
)
from twin.lang import Lang
from twin.report.document import render
from twin.scenario import Scenario


def _plain(page: str) -> str:
    for mark in ("&#39;", "&#x27;"):
        page = page.replace(mark, "'")
    return page.replace("\u00a0", " ").replace("\u202f", " ")


def test_the_page_is_whole_in_both_languages(water_scenario: Scenario, tmp_path: Path) -> None:
    """Every section and figure is drawn, with French numbers in French and English in English."""
    findings = made_findings(water_scenario, usual_options(), tmp_path)
    maps = draw_maps(findings)
    page = render(document(findings, maps, []), Lang.FR)
    assert "100\u202f000\u00a0m³" in page
    french = _plain(page)
    for words in (
        "Des options jouées, 20 compteurs coûtent le moins",
        "Avec 40 compteurs, une fuite de 2,2 m³/h est vue en 3 jours sur 67 % des conduites",
        "compteurs rapporteraient chacun plus que leur coût",
        "Ce que les indices ne disent pas",
        "rien à redire au décret",
        "décret 2012-97 du 27 janvier 2012",
        "La même coupure rend la radio muette",
        "Ce qui n'est pas modélisé",
        "Réseaux inventés",
        "IC à 95 %",
    ):
        assert words in french, words
    assert ">nan<" not in french
    assert french.count("<figure") == 14
    english = _plain(render(document(findings, maps, []), Lang.EN))
    for words in ("cost least", "95% CI", "The same cut silences the radio", "lawful"):
        assert words in english, words


def test_a_study_of_one_world_has_its_page_too(water_scenario: Scenario, tmp_path: Path) -> None:
    """Without customers, perfect radios, ground, sensitivities or a second world, it is drawn."""
    options = [
        made_judged(made_option("today", answers=False), year(1_000.0, worlds=1)),
        made_judged(made_option("ten", meters=10), year(900.0, worlds=1, meters=10)),
    ]
    findings = without_ground(made_findings(water_scenario, options, tmp_path))
    page = _plain(render(document(findings, None, []), Lang.EN))
    assert "No option reads customers otherwise than on foot" in page
    assert "No option plays the same with a perfect or a dead radio" in page
    assert "No sensitivity was played" in page
    assert "inf" not in page.split("<table")[1].split("</table>")[0]


def test_where_nothing_is_worth_it_the_page_stands(
    water_scenario: Scenario, tmp_path: Path
) -> None:
    """When every option costs more, the page is drawn, and its curve's title says so."""
    options = [
        usual_options()[0],
        made_judged(made_option("ten", meters=10), year(5.3e5, meters=10)),
    ]
    findings = made_findings(water_scenario, options, tmp_path)
    page = _plain(render(document(findings, None, []), Lang.FR))
    assert "Ne rien acheter" in page
    assert "coûtent en moyenne plus qu'ils ne rapportent" in page


def test_a_cut_that_was_played_has_its_table(water_scenario: Scenario, tmp_path: Path) -> None:
    """Where an option plays a power cut, it stands beside the same option without."""
    dry = {"dry_people_h": [float(gain) for gain in range(6)]}
    cut = {"cuts": ({"day": date(2027, 7, 14), "gateways": ("M001",)},)}
    options = [
        *usual_options()[:2],
        made_judged(
            made_option("dark", meters=10, answers=False, hazards=cut),
            year(490_500.0, lost_m3=350_000.0, meters=10) | dry,
        ),
    ]
    findings = made_findings(water_scenario, options, tmp_path)
    page = _plain(render(document(findings, None, []), Lang.FR))
    assert "Les coupures et sécheresses jouées dans l'année" in page
    assert "La table ci-dessus dit ce qu'une coupure jouée" in page


def test_the_geopackage_opens_with_communes_and_meters(
    water_scenario: Scenario, tmp_path: Path
) -> None:
    """Both layers read back in Lambert-93, with rank, hours and who is in the option."""
    findings = made_findings(water_scenario, usual_options(), tmp_path)
    maps = draw_maps(findings)
    assert maps is not None
    path = findings.run.folder / write_maps(findings, maps)[0].path
    assert [name for name, _ in list_layers(path)][:2] == ["communes", "compteurs"]
    meta, _, geometries, fields = read(path, layer="compteurs")
    meters = dict(zip(meta["fields"].tolist(), fields, strict=True))
    assert meters["rank"].tolist() == list(range(1, 41))
    assert meters["taken"].tolist() == ["oui"] * 20 + ["non"] * 20
    assert len(geometries) == 40
    assert meta["crs"] == "EPSG:2154"
    meta, _, geometries, fields = read(path, layer="communes")
    communes = dict(zip(meta["fields"].tolist(), fields, strict=True))
    assert len(geometries) == 3
    assert communes["hours"].tolist() == sorted(communes["hours"].tolist())
    assert communes["meters"].sum() == 20
