"""The tables and the summary of the water answer."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from models.water.answer import place_tables, service_tables, tables
from models.water.answer.judged import WITH_CUSTOMERS, judge
from models.water.answer.key_figures import people_dry
from models.water.answer.messages import lost_frames, message_sentences
from models.water.answer.sections import radio_sentence
from models.water.answer.summary import summary
from models.water.answer.words import cell, coarse, level, say
from tests.models.water.answer.water_answer_case import (
    made_findings,
    made_judged,
    made_option,
    usual_options,
    year,
)
from twin.decide.intervals import mean_interval
from twin.lang import Text
from twin.recorder import Part
from twin.report.tables import Table
from twin.scenario import Scenario
from twin.study.judged import gap
from twin.study.plan import Task
from twin.study.store import Store


def _column(table: Table, name: str) -> list[object]:
    index = [column.name for column in table.columns].index(name)
    return [row[index] for row in table.rows]


def test_each_number_of_meters_is_told_against_today(
    water_scenario: Scenario, tmp_path: Path
) -> None:
    """The first row is today's level, the next are paired differences with their intervals."""
    table = tables.meters_table(made_findings(water_scenario, usual_options(), tmp_path))
    cost, water = _column(table, "total_eur"), _column(table, "lost_m3")
    assert len(table.rows) == 4
    assert isinstance(cost[0], Text)
    assert cost[0].fr.startswith("500\u00a0k€")
    assert isinstance(water[2], Text)
    assert water[2].fr.startswith("\N{MINUS SIGN}100\u202f000 (")
    assert table.note is not None
    assert "6 mondes" in table.note.fr


def test_each_reading_is_compared_with_the_one_before(
    water_scenario: Scenario, tmp_path: Path
) -> None:
    """Car against foot, radio against car, hourly against daily; the sentence adds both purses."""
    findings = made_findings(water_scenario, usual_options(), tmp_path)
    table = tables.reading_steps_table(findings)
    assert len(table.rows) == 3
    costs = [each.fr[:3] for each in _column(table, "total_eur") if isinstance(each, Text)]
    assert costs == ["+20", "+30", "+30"]
    said = radio_sentence(findings)
    assert said is not None
    assert "coûte au service **30\u00a0k€** de plus" in said.fr
    assert "épargne aux abonnés **90\u00a0k€**" in said.fr
    assert "ensemble, 60\u00a0k€ de moins" in said.fr


def test_lost_messages_have_a_price(water_scenario: Scenario, tmp_path: Path) -> None:
    """Against a perfect radio losses cost; against a dead one the radio is worth something."""
    findings = made_findings(water_scenario, usual_options(), tmp_path)
    table = tables.losses_table(findings)
    assert _column(table, "option")[0] == findings.options["twenty"].option.name
    assert len(table.rows) == 3
    said = message_sentences(findings)
    assert "les messages perdus coûtent 2,0\u00a0k€ par an" in said[0].fr
    assert "centime" in said[0].fr
    assert "la radio vaut 38\u00a0k€ par an" in said[1].fr
    assert lost_frames(findings.options["twenty"], "districts") == pytest.approx(20 * 8_760 * 0.05)
    assert lost_frames(findings.current, "districts") is None
    daily = findings.options["daily"]
    assert lost_frames(daily, "customers") == pytest.approx(11_000 * 365 * 0.1)


def test_indicators_stand_by_service_with_the_decree(
    water_scenario: Scenario, tmp_path: Path
) -> None:
    """Territory first, then services; the note has formulas and dates; the words weigh in euros."""
    findings = made_findings(water_scenario, usual_options(), tmp_path)
    table = service_tables.services_table(findings)
    assert [str(each.fr) for each in _column(table, "service") if isinstance(each, Text)] == [
        "Indre, en tout", "Nord", "Sud",
    ]  # fmt: skip
    assert table.note is not None
    assert "décret 2012-97 du 27 janvier 2012" in table.note.fr
    said = service_tables.verdict(findings)
    assert said is not None
    assert "rien à redire au décret" in said.fr
    assert "**22\u00a0% de l'eau se perd**" in said.fr
    assert "160\u00a0k€" in said.fr
    then = service_tables.services_then(findings)
    assert len(then.rows) == 3
    assert _column(service_tables.services_numbers(findings), "n") == [6] * 30


def test_a_territory_under_the_threshold_is_told_so(
    water_scenario: Scenario, tmp_path: Path
) -> None:
    """A yield below the threshold is never called lawful."""
    poor = made_judged(made_option("today"), year(5e5, lost_m3=900_000.0))
    said = service_tables.verdict(made_findings(water_scenario, [poor], tmp_path))
    assert said is not None
    assert "sous le seuil" in said.fr
    assert "lawful" not in said.en
    assert "au-dessus de 2,5" in said.fr


def test_towers_empty_after_what_they_hold_over_what_is_drawn(
    water_scenario: Scenario, tmp_path: Path
) -> None:
    """Hours are stored over demand and losses; people are counted where they run out."""
    findings = made_findings(water_scenario, usual_options(), tmp_path)
    lost = np.array(list(findings.current.series["lost_m3", "36001"].values()))
    assert findings.hours[:, 0] == pytest.approx(100.0 / (5.0 + lost / 8_760.0))
    people, communes = people_dry(findings, 24.0)
    assert (people.mean, communes.mean) == (2_000.0, 2.0)
    table = place_tables.communes_table(findings)
    assert _column(table, "commune") == ["Aigurande", "Aize", "Ambrault"]
    assert _column(table, "first_rank") == [1, 2, 3]


def test_the_first_meters_are_listed_with_what_they_watch(
    water_scenario: Scenario, tmp_path: Path
) -> None:
    """The list keeps its order, its kilometres and homes, and says who is in the option."""
    findings = made_findings(water_scenario, usual_options(), tmp_path)
    table = place_tables.meters_list(findings, 25)
    assert _column(table, "rank") == list(range(1, 26))
    taken = [each.en for each in _column(table, "taken") if isinstance(each, Text)]
    assert taken == ["yes"] * 20 + ["no"] * 5
    assert {"commune", "link", "km", "homes", "yearly_eur"} <= {each.name for each in table.columns}


def test_the_summary_has_every_interval_and_the_decision(
    water_scenario: Scenario, tmp_path: Path
) -> None:
    """Programs find verdict, KPIs with ends, level and n, radio differences, meters, power cuts."""
    told = summary(made_findings(water_scenario, usual_options(), tmp_path))
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["recommended"] == "twenty"
    assert told["decision"]["verdict"] == "saves"
    assert set(told["headline"]) == {"fr", "en"}
    option = told["options"]["twenty"]
    assert option["meters"] == 20
    assert option["kpis"]["lost_m3"]["mean"]["Nord"]["n"] == 6
    assert option["kpis"]["lost_m3"]["outcome"][""]["low"] is not None
    assert option["against_current"]["total_eur"]["settled"] is True
    assert option["passes"]["Sud"] == 1.0
    assert [each["radio"] for each in told["radio"]] == ["ideal", "none", "ideal"]
    assert len(told["first_meters"]) == 40
    assert told["meters_worth_buying"] == 30
    assert told["power_cut"]["under_24_h"]["communes"]["mean"] == 2.0


def test_the_summary_of_one_world_has_no_infinity(water_scenario: Scenario, tmp_path: Path) -> None:
    """One replication bounds nothing: bounds are null and the file is still lawful JSON."""
    options = [
        made_judged(made_option("today", answers=False), year(1_000.0, worlds=1)),
        made_judged(made_option("ten", meters=10), year(900.0, meters=10, worlds=1)),
    ]
    told = summary(made_findings(water_scenario, options, tmp_path))
    json.dumps(told, allow_nan=False)
    assert told["options"]["ten"]["against_current"]["total_eur"]["low"] is None


def test_options_are_judged_on_their_ordinary_runs(tmp_path: Path) -> None:
    """Pinned runs stay out, holes are left out, and both purses are added world by world."""
    store = Store(tmp_path / "parts", "hash")
    for replication, pins, total in ((0, (), 10.0), (1, (), 30.0), (0, (("price", 0.1),), 99.0)):
        part = Part(
            np.array(["total_eur", "paid_eur", "run_days"]),
            np.array(["", "", ""]),
            np.array([total, 5.0, np.nan]),
        )
        store.write(Task("only", replication, pins), part)
    found = judge(store.table(), made_option("only"))
    assert found.series["total_eur", ""] == {0: 10.0, 1: 30.0}
    assert found.series[WITH_CUSTOMERS, ""] == {0: 15.0, 1: 35.0}
    assert found.get("run_days") is None


def test_only_worlds_both_sides_know_are_compared() -> None:
    """An indicator missing in one world is compared on the others, and n says so."""
    one = made_judged(made_option("a"), year(1.0))
    other = made_judged(made_option("b"), year(2.0))
    series = dict(other.series)
    series["run_days", ""] = {at: 300.0 + at for at in range(4)}
    told = gap(one, type(other)(other.option, series), "run_days")
    assert told is not None
    assert told.difference.n == 4


def test_volumes_keep_three_figures_and_french_marks() -> None:
    """Three significant figures, a narrow space, a comma, a no-break space before the percent."""
    assert coarse(123_456.0) == 123_000.0
    assert coarse(0.0) == 0.0
    assert say(1_234_567.0, "m3").fr == "1\u202f230\u202f000"
    assert say(1_234_567.0, "m3").en == "1,230,000"
    assert say(0.953, "share", 1).fr == "95,3\u00a0%"
    assert say(12_345.0, "eur").fr == "12\u00a0k€"
    told = level(mean_interval([0.97, 1.0, 1.0]), "share")
    assert told is not None
    assert told.fr.endswith("à 100\u00a0%)")


def test_worlds_that_do_not_differ_give_a_bare_nought() -> None:
    """Two options alike in every world are told as 0, without interval nor doubt."""
    one, other = (made_judged(made_option(name), year(5e5)) for name in ("a", "b"))
    told = cell(gap(one, other, "total_eur"), "eur")
    assert told is not None
    assert told.fr == "0"
