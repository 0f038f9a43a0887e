"""The whole page, drawn from made-up worlds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyogrio
from pyogrio.raw import read

from models.waste.answer.findings import Findings, Ground
from models.waste.answer.maps import first_tier, write_maps
from models.waste.answer.page import document
from models.waste.answer.ranking import Place
from models.waste.depots import Yards
from tests.models.waste.answer.waste_answer_case import (
    made_findings,
    made_judged,
    made_option,
    usual_options,
    year,
)
from twin.lang import Lang
from twin.report.document import render
from twin.scenario import Scenario


def _with_ground(findings: Findings) -> Findings:
    yards = Yards(
        ("depot",), ("Dépôt",), ("both",), ("glass",), np.array([2]),
        np.array([600_000.0]), np.array([6_630_000.0]),
    )  # fmt: skip
    places = tuple(
        Place(
            f"glass/{row}", "glass", -1, 600_000.0 + row, 6_630_000.0, 1, 4_000.0, 90.0, 12.0,
            400.0 - row, row + 1, row + 1, 0.25 if row < 2 else None, row == 0,
        )
        for row in range(8)
    )  # fmt: skip
    return replace(findings, ground=Ground((), yards, places))


def test_the_page_is_whole_in_french(waste_scenario: Scenario, tmp_path: Path) -> None:
    """Every section and figure is drawn; the floor and the market are named."""
    findings = made_findings(waste_scenario, usual_options(), tmp_path)
    page = (
        render(document(findings, None, []), Lang.FR)
        .replace("\u00a0", " ")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
    )
    for words in (
        "plancher du tonnage",
        "prix du marché",
        "Économies payées en service",
        "Ce que vaut chaque information",
        "Ce qui n'est pas modélisé",
        "IC à 95 %",
    ):
        assert words in page
    assert ">nan<" not in page
    assert page.count("<figure") == 8


def test_a_study_of_two_options_has_its_page_too(waste_scenario: Scenario, tmp_path: Path) -> None:
    """Without sensors, bounds, sensitivities or a second world, the page is drawn in English."""
    options = [
        made_judged(made_option("zero", kind="current", answers=False), year(1_000.0, worlds=1)),
        made_judged(made_option("bare"), year(900.0, worlds=1)),
    ]
    findings = made_findings(waste_scenario, options, tmp_path)
    page = render(document(findings, None, []), Lang.EN)
    assert "No option of the scenario fits sensors" in page
    assert "No sensitivity was played" in page


def test_where_nothing_may_be_taken_the_page_stands(
    waste_scenario: Scenario, tmp_path: Path
) -> None:
    """When every option leaves clearly more points full, the page is drawn and keeps today's."""
    worse = made_judged(made_option("worse"), year(10_000.0, full_days=30.0))
    findings = made_findings(waste_scenario, [usual_options()[0], worse], tmp_path)
    page = render(document(findings, None, []), Lang.FR)
    assert "Garder le calendrier actuel" in page


def test_the_geopackage_opens_with_points_and_depots(
    waste_scenario: Scenario, tmp_path: Path
) -> None:
    """Both layers read back with rank, share and who is fitted."""
    findings = _with_ground(made_findings(waste_scenario, usual_options(), tmp_path))
    link = write_maps(findings)[0]
    path = findings.run.folder / link.path
    assert [name for name, _ in pyogrio.list_layers(path)][:2] == ["points", "depots"]
    meta, _, geometries, fields = read(path, layer="points")
    points = dict(zip(meta["fields"].tolist(), fields, strict=True))
    assert points["rank"].tolist() == list(range(1, 9))
    assert points["fitted"].tolist() == ["oui"] + ["non"] * 7
    assert int(np.isfinite(points["first_share"]).sum()) == 2
    assert len(geometries) == 8
    assert meta["crs"] == "EPSG:2154"


def test_the_first_points_are_those_of_the_smallest_share_tried(
    waste_scenario: Scenario, tmp_path: Path
) -> None:
    """Where the option to take fits none, the map shows the smallest share that was tried."""
    findings = _with_ground(made_findings(waste_scenario, usual_options(), tmp_path))
    share, kept = first_tier(findings)
    assert share == 0.25
    assert [place.rank for place in kept] == [1, 2]
