"""Precision and selection as a planner writes them: read, checked, played, told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_territory import SmallTerritory

RULES = """
ceiling = 12

[[study.precision]]
kpi = "total_ht_eur"
relative = 0.5

[[study.precision]]
kpi = "share_2"
absolute = 0.5
of = "quantile"
share = 0.5

[study.selection]
kpi = "total_ht_eur"
delta = 100_000.0
first = 3
step = 2
"""


def ruled(territory: SmallTerritory, text: str = RULES) -> None:
    """Add rules to the small territory's study."""
    path = territory.folder / "gateways.toml"
    head, options = path.read_text(encoding="utf-8").split("\n[[option]]", 1)
    path.write_text(f"{head}{text}\n[[option]]{options}", encoding="utf-8")


def test_a_study_with_rules_tells_them(
    small_territory: SmallTerritory, run_py: Callable[..., Any], tmp_path: Path
) -> None:
    """The page says which rule stopped the study and which option was chosen, with its chance."""
    ruled(small_territory)
    words = ["study", small_territory.scenario, "--workers", 0, "--results", tmp_path / "r"]
    told = run_py(*words)
    assert told.code == 0, told.err
    (folder,) = (tmp_path / "r" / "gateways").iterdir()
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Arrêt par la <strong>précision</strong>" in page
    assert "Kim et Nelson" in page
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["stopped_by"] == "reached"
    assert 3 < manifest["replications"] <= 12
    assert manifest["executor"] == "inline"
    before = (folder / "report.html").read_bytes()
    assert run_py(*words, "--resume").code == 0
    assert (folder / "report.html").read_bytes() == before
    assert run_py(*words, "--anew").code == 0
    assert (folder / "report.html").read_bytes() == before


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('kpi = "share_2"', 'kpi = "shar_2"', ("study.precision[1].kpi", "« share_2 »")),
        ("relative = 0.5", "relative = 0.5\nabsolute = 2.0", ("study.precision", "l'un des deux")),
        ("ceiling = 12", "", ("ceiling",)),
        ("ceiling = 12", "ceiling = 2", ("study.ceiling", "au moins 3")),
        ("first = 3", "first = 8", ("selection.first",)),
        ("delta = 100_000.0", "delta = 0.0", ("study.selection.delta", "plus de 0")),
        ('kpi = "total_ht_eur"\ndelta', 'kpi = "in_servic"\ndelta', ("study.selection.kpi",)),
        ("step = 2", "stp = 2", ("study.selection.stp", "« step »")),
    ],
)
def test_a_rule_that_cannot_be_is_one_message(
    small_territory: SmallTerritory,
    run_py: Callable[..., Any],
    old: str,
    new: str,
    named: tuple[str, ...],
) -> None:
    """An unknown outcome, two widths, a low ceiling: named before anything is played."""
    assert old in RULES
    ruled(small_territory, RULES.replace(old, new, 1))
    told = run_py("validate", small_territory.scenario)
    assert told.code == 2
    assert all(name in told.err for name in ("gateways.toml", *named)), told.err


RACE = """
ceiling = 9

[study.selection]
kpi = "total_ht_eur"
delta = 0.01
first = 3
step = 3
"""

OPERATOR = """
[[option]]
id = "operator"
name = "Opérateur"
name_en = "Operator"
answers = false
lora.network = "operator"
"""


def test_options_played_further_are_compared_on_the_worlds_all_met(
    small_territory: SmallTerritory, run_py: Callable[..., Any], tmp_path: Path
) -> None:
    """Scenario 0 keeps its three worlds, the race takes nine: the answer compares three of each."""
    ruled(small_territory, RACE)
    path = small_territory.folder / "gateways.toml"
    path.write_text(path.read_text(encoding="utf-8") + OPERATOR, encoding="utf-8")
    words = ["study", small_territory.scenario, "--workers", 0, "--results", tmp_path / "r"]
    told = run_py(*words)
    assert told.code == 0, told.err
    (folder,) = (tmp_path / "r" / "gateways").iterdir()
    counted = run_py(
        "query", "select option, count(distinct replication) as n from results "
        "where pins = '[]' group by option", "--results", tmp_path / "r", "--json",
    )  # fmt: skip
    assert {row["option"]: row["n"] for row in json.loads(counted.out)}["operator"] == 3
    assert max(row["n"] for row in json.loads(counted.out)) > 3
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert summary["replications"] == 3
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<strong>" in page
    for option in summary["options"].values():
        assert all(each["n"] == 3 for each in _intervals(option))


def _intervals(told: Any) -> list[dict[str, Any]]:
    """Return every interval of a summary, however deep."""
    if not isinstance(told, dict):
        return []
    if {"mean", "low", "high", "n"} <= told.keys():
        return [told]
    return [each for inner in told.values() for each in _intervals(inner)]
