"""The tables of the waste answer."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from models.waste.answer import sensor_tables, stream_tables, tables
from models.waste.answer.judged import FULL_DAYS, judge
from models.waste.answer.service import bought_sentences
from models.waste.answer.summary import summary
from tests.models.waste.answer.waste_answer_case import (
    made_findings,
    made_judged,
    made_option,
    usual_options,
    year,
)
from twin.lang import Text
from twin.recorder import Part
from twin.report.tables import Table
from twin.scenario import Scenario
from twin.study.plan import Task
from twin.study.store import Store


def _column(table: Table, name: str) -> list[object]:
    index = [column.name for column in table.columns].index(name)
    return [row[index] for row in table.rows]


def test_each_option_stands_in_its_cell(waste_scenario: Scenario, tmp_path: Path) -> None:
    """Policies down, information across; cells no option plays are empty."""
    findings = made_findings(waste_scenario, usual_options(), tmp_path)
    table = tables.information_table(findings, "km")
    policies = [str(each) for each in _column(table, "policy")]
    prize = next(row for row in table.rows if row[0] == tables.POLICIES["prize"])
    assert len(policies) == 5
    names = [column.name for column in table.columns]
    told = dict(zip(names, prize, strict=True))
    assert isinstance(told["known_sensors"], Text)
    assert told["known_sensors"].en.startswith("−26,0")
    assert told["known_foresight"] is None
    zero = next(row for row in table.rows if row[0] == tables.POLICIES["current"])
    assert zero[2:] == (None,) * 4


def test_the_steps_compare_with_the_step_before(waste_scenario: Scenario, tmp_path: Path) -> None:
    """Calendar and planning against today, sensors against the same option without."""
    findings = made_findings(waste_scenario, usual_options(), tmp_path)
    detail = tables.steps_detail_table(findings)
    pairs = list(zip(_column(detail, "option"), _column(detail, "against"), strict=True))
    assert ("calendar", "current") in pairs
    assert ("planned", "current") in pairs
    assert ("driver", "planned") in pairs
    assert ("sensors-25", "driver") in pairs
    assert ("perfect", "driver") in pairs
    assert all(each == 6 for each in _column(detail, "n"))
    assert all(each is not None for each in _column(detail, "low"))


def test_savings_bought_with_service_are_named(waste_scenario: Scenario, tmp_path: Path) -> None:
    """The option that drives less and leaves more points full is told in words, and only it."""
    findings = made_findings(waste_scenario, usual_options(), tmp_path)
    told = bought_sentences(findings)
    assert len(told) == 1
    assert "option threshold" in told[0].fr
    assert "5,0 jours de plus" in told[0].fr
    assert "5.0 days more" in told[0].en


def test_shares_carry_price_interval_and_worlds(waste_scenario: Scenario, tmp_path: Path) -> None:
    """Each share fitted tells its break-even price with both ends and n; streams do the same."""
    findings = made_findings(waste_scenario, usual_options(), tmp_path)
    for table in (
        sensor_tables.shares_table(findings),
        sensor_tables.stream_prices_table(findings),
    ):
        assert _column(table, "share") == [0.25, 1.0]
        assert _column(table, "n") == [6, 6]
        low, mean, high = (_column(table, name) for name in ("price_low", "price", "price_high"))
        for ends in zip(low, mean, high, strict=True):
            numbers = [float(str(each)) for each in ends]
            assert numbers == sorted(numbers)


def test_radio_tells_what_arrives(waste_scenario: Scenario, tmp_path: Path) -> None:
    """Options with sensors tell what share of readings arrives, and what a perfect link changes."""
    ideal = made_judged(
        made_option("ideal", knowledge="driver", share=0.25, link="ideal"),
        year(83_000.0, sensors=250.0),
    )
    options = [*usual_options(), ideal]
    table = sensor_tables.radio_table(made_findings(waste_scenario, options, tmp_path))
    assert _column(table, "option")[0] == options[4].option.name
    told = _column(table, "ideal_eur")
    assert isinstance(told[0], Text)
    assert told[0].fr.startswith("\N{MINUS SIGN}998")
    assert told[1:] == [None, None]


def test_each_stream_is_told_on_its_own(waste_scenario: Scenario, tmp_path: Path) -> None:
    """Every option stands once per stream, with its gaps from scenario 0."""
    findings = made_findings(waste_scenario, usual_options(), tmp_path)
    whole = stream_tables.streams_table(findings)
    brief = stream_tables.streams_table(findings, brief=True)
    assert len(whole.rows) == 8
    assert len(brief.rows) == 5
    assert _column(whole, "eur_gap")[0] is None


def test_the_summary_has_every_interval_and_the_decision(
    waste_scenario: Scenario, tmp_path: Path
) -> None:
    """Programs find the decision, each KPI's mean, ends, level and n, and break-even by stream."""
    told = summary(made_findings(waste_scenario, usual_options(), tmp_path))
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["recommended"] == "driver"
    assert told["prechosen"] == "current"
    assert set(told["headline"]) == {"fr", "en"}
    option = told["options"]["sensors-25"]
    assert set(option["break_even"]) == {"", "glass"}
    assert option["information"] == "sensors"
    assert option["kpis"]["km"]["mean"][""]["n"] == 6
    assert option["kpis"]["km"]["outcome"]["glass"]["low"] is not None
    assert option["against_current"]["total_eur"]["settled"] is True


def test_the_summary_of_one_world_has_no_infinity(waste_scenario: Scenario, tmp_path: Path) -> None:
    """One replication bounds nothing: bounds are null and the file is still lawful JSON."""
    options = [
        made_judged(made_option("zero", kind="current"), year(1_000.0, worlds=1)),
        made_judged(made_option("bare"), year(900.0, worlds=1)),
        made_judged(made_option("fitted", share=0.5), year(950.0, worlds=1, sensors=9.0)),
    ]
    told = summary(made_findings(waste_scenario, options, tmp_path))
    json.dumps(told, allow_nan=False)
    assert told["options"]["bare"]["against_current"]["km"]["low"] is None


def test_options_are_judged_on_their_ordinary_runs(tmp_path: Path) -> None:
    """Pinned runs stay out, holes are left out, and full days are the share told in days."""
    store = Store(tmp_path / "parts", "hash")
    for replication, pins, share in ((0, (), 0.1), (1, (), 0.3), (0, (("price", 0.1),), 0.9)):
        part = Part(
            np.array(["full_share", "read_share"]), np.array(["", ""]), np.array([share, np.nan])
        )
        store.write(Task("only", replication, pins), part)
    found = judge(store.table(), made_option("only"))
    assert found.series["full_share", ""] == {0: 0.1, 1: 0.3}
    assert found.series[FULL_DAYS, ""] == {0: 36.5, 1: 109.5}
    assert found.get("read_share") is None
