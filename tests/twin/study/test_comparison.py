"""What answers that compare options share: summary, tables, page."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest

from twin.decide.intervals import Interval, mean_interval
from twin.decide.precision import Stop, Why
from twin.decide.sensitivity import TornadoRow
from twin.lang import Lang, Text, same
from twin.recorder import Direction, Kpi
from twin.report.blocks import Answer, FigureBlock, FileLink, Files, Paragraph
from twin.report.document import render
from twin.report.tables import Column, Kind
from twin.scenario import Option, Scenario, load_scenario
from twin.study import comparison
from twin.study.conduct import Run
from twin.study.judged import Findings, Judged, gap
from twin.study.rules import Verdict
from twin.study.store import Store
from twin.workspace import Workspace

COST = Column("cost", Text("Coût", "Cost"), Kind.EURO)
KPIS = (Kpi("cost", Text("Coût", "Cost"), "€"), Kpi("never", same("never"), "1"))
ZONE = Column("zone", Text("Zone", "Zone"))


@dataclass(frozen=True)
class Shop(Judged):
    """A utility of one indicator."""

    directions: ClassVar[Mapping[str, Direction]] = {"cost": Direction.MIN}


def shop(name: str, *costs: float) -> Shop:
    """Return an option with these costs by world, in all and in the north."""
    worlds = dict(enumerate(costs))
    return Shop(
        Option(name, Text(f"option {name}", f"choice {name}"), {}),
        {("cost", ""): worlds, ("cost", "north"): worlds},
    )


ZERO, ONE = shop("zero", 10.0, 12.0, 11.0), shop("one", 8.0, 10.5, 9.0)


@pytest.fixture(scope="module")
def scenario(root: Path) -> Scenario:
    """Return a scenario with a question and assumptions."""
    return load_scenario(root / "scenarios" / "indre" / "waste.toml")


@pytest.fixture
def findings(scenario: Scenario, tmp_path: Path) -> Findings[Shop]:
    """Return the findings of a made-up study without sensitivities; ONE was chosen before it."""
    run = Run(
        scenario, tmp_path, Workspace(tmp_path, tmp_path), Store(tmp_path),
        lang=Lang.FR, command="run.py study shop.toml", durations_s={}, recommended="one",
        verdict=Verdict(Stop(Why.FIXED, 3)),
    )  # fmt: skip
    return Findings(run, {"zero": ZERO, "one": ONE}, ())


def test_every_kpi_is_told_by_zone() -> None:
    """A KPI has unit, label, mean and outcome where there is one, or is left out."""
    told = comparison.told_kpis(ONE, KPIS, ("", "north", "south"))
    assert list(told) == ["cost"]
    assert told["cost"]["unit"] == "€"
    assert list(told["cost"]["mean"]) == list(told["cost"]["outcome"]) == ["", "north"]
    assert told["cost"]["mean"]["north"]["n"] == 3


def test_gaps_are_told_for_programs() -> None:
    """Each option has its gap in each KPI, null where there is none, and all is lawful JSON."""
    told = comparison.told_against({"zero": ZERO, "one": ONE}, ZERO, ("cost",))
    assert told["zero"] == {"cost": None}
    assert told["one"]["cost"]["mean"] == pytest.approx(-5.5 / 3.0)
    assert told["one"]["cost"]["settled"] is True
    lone = comparison.told_gap(gap(shop("a", 1.0), shop("b", 3.0), "cost"))
    assert lone is not None
    assert (lone["low"], lone["share_better"]) == (None, None)
    json.dumps([told, lone], allow_nan=False)


def test_a_gap_fills_its_cells() -> None:
    """The mean and its ends, then what the columns of the verdict name."""
    found = gap(ONE, ZERO, "cost")
    assert found is not None
    cells = comparison.gap_cells(found)
    assert cells[:3] == (found.difference.mean, found.difference.low, found.difference.high)
    assert len(cells) == 3 + len(comparison.VERDICT_COLUMNS)
    assert cells[3:] == (3, Text("oui", "yes"), 1.0)


def test_the_outcomes_are_a_row_an_option_kpi_and_zone() -> None:
    """Rows stand for what was recorded, with both intervals; an end nothing bounds is empty."""
    lone_shop = shop("lone", 5.0)
    table = comparison.outcome_table([ZERO, lone_shop], KPIS, ("", "south"), COST.label, ZONE)
    assert [row[0] for row in table.rows] == [each.option.name for each in (ZERO, lone_shop)]
    names = [column.name for column in table.columns]
    lone = dict(zip(names, table.rows[1], strict=True))
    assert (lone["mean"], lone["low"], lone["high"], lone["n"]) == (5.0, None, None, 1)


def test_a_bar_has_an_interval_where_there_is_one() -> None:
    """One world gives a bare bar."""
    bare = comparison.bar(same("a"), mean_interval([2.0]), strong=True)
    assert (bare.value, bare.low, bare.high, bare.strong) == (2.0, None, None, True)
    ends = comparison.bar(same("a"), Interval(2.0, 1.0, 4.0, 0.95, 3))
    assert (ends.low, ends.high) == (1.0, 4.0)


def test_the_summary_opens_on_question_answer_and_origin(findings: Findings[Shop]) -> None:
    """Marks of emphasis are for the page; the seed and the hash make the numbers again."""
    told = comparison.told_study(findings, Text("**non**", "**no**"), ZERO)
    assert list(told) == ["question", "headline", "current", "prechosen"]
    assert told["headline"] == {"fr": "non", "en": "no"}
    assert (told["current"], told["prechosen"]) == ("zero", "one")
    assert comparison.told_origin(findings)["scenario_sha256"] == findings.scenario.digest


def test_without_sensitivities_the_page_says_so(findings: Findings[Shop]) -> None:
    """Nothing was pinned: one sentence and no figure."""
    (said,) = comparison.what_if(findings, ONE, COST)
    assert isinstance(said, Paragraph)
    assert said.text.en == "No sensitivity was played."


def test_sensitivities_are_those_of_the_option_chosen_before(findings: Findings[Shop]) -> None:
    """The figure is of the option pinned; where another is taken a sentence says whose it is."""
    name = next(iter(findings.scenario.assumptions))
    ends = [Interval(mean, mean - 1.0, mean + 1.0, 0.9, 3) for mean in (8.0, 12.0, 4.0, 10.0)]
    pinned = Findings(findings.run, findings.options, (TornadoRow(name, 0.05, 0.95, *ends),))
    (alone,) = comparison.what_if(pinned, ONE, COST)
    assert isinstance(alone, FigureBlock)
    assert callable(alone.draw)
    assert "'choice one'" in alone.draw(Lang.EN).title.en
    _, whose = comparison.what_if(pinned, ZERO, COST)
    assert isinstance(whose, Paragraph)
    assert "'choice one'" in whose.text.en


def test_a_page_is_framed_by_its_question_and_its_origin(findings: Findings[Shop]) -> None:
    """Title, closing sections in their order, files and colophon stand on the page."""
    files = [FileLink("tables/x.csv", same("x"))]
    closing = comparison.closing(findings, (), (Paragraph(same("trust me")),), files)
    assert [each.key for each in closing] == ["et-si", "confiance", "hypotheses", "fichiers"]
    assert closing[-1].blocks == (Files(tuple(files)),)
    notice = comparison.quick_notice(3, Text("un mois", "a month"))
    assert notice.text.en == "3 worlds and a month at most: few gaps are told apart."
    page = render(
        comparison.framed(findings.run, same("under"), Answer(same("yes")), (notice,), closing),
        Lang.EN,
    )
    for part in (findings.scenario.study.question_en, "trust me", findings.run.again):
        assert part in page


def test_the_choice_made_before_is_the_run_s(findings: Findings[Shop]) -> None:
    """Findings read scenario, number of worlds and the option chosen before from the run."""
    assert findings.prechosen is ONE
    assert findings.n == 3
    assert not math.isnan(findings.prechosen.mean("cost") or math.nan)
