"""The water question end to end, on four communes: bits, sums, bad input, every file."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_water import write_small_water

from models.water.network.read import read_network
from twin.cli.app import run
from twin.scenario import load_scenario
from twin.study.conduct import Request, executor
from twin.study.duck import Table
from twin.study.plan import StudyPlan
from twin.study.recipe import make_work
from twin.study.replicate import run_study
from twin.study.store import Store
from twin.workspace import Workspace

UNCERTAIN = ("water_loss_share", "water_hidden_m3h", "water_marginal_eur_m3")


def settled(row: str) -> str:
    """Return a row of the assumptions as it stands if it is one of a few, else at its mode."""
    return row if row.partition(",")[0] in UNCERTAIN else row.replace(",PERT,", ",fixed,")


@pytest.fixture
def folder(tmp_path: Path, root: Path) -> Path:
    """Return a folder with the question's files, to be spoilt."""
    write_small_water(tmp_path)
    table = (root / "scenarios/indre/water_assumptions.csv").read_text(encoding="utf-8")
    rows = "".join(map(settled, table.splitlines(keepends=True)))
    (tmp_path / "water_assumptions.csv").write_text(rows, encoding="utf-8")
    return tmp_path


def played(folder: Path, workers: int) -> Table:
    """Play every option quickly in a workspace of its own; return the table of all parts."""
    workspace = Workspace(folder / f"prepared-{workers}", folder / "cache")
    store = Store(folder / f"parts-{workers}", "any")
    loaded = load_scenario(folder / "water.toml", quick=True)
    work = partial(make_work, folder / "water.toml", workspace, quick=True)
    plan = StudyPlan(tuple(option.id for option in loaded.options), 3, ())
    result = run_study(plan, store, executor(Request(workers=workers)), work)
    assert not result.failures, result.failures
    return store.table()


def mean(table: Table, option: str, kpi: str, zone: str = "") -> float:
    """Return an option's mean of an indicator."""
    rows = (table["option"] == option) & (table["kpi"] == kpi) & (table["zone"] == zone)
    return float(np.mean(table["value"][rows]))


def test_processes_give_the_bits_of_the_inline_study(folder: Path) -> None:
    """Inline, on one and on two processes: the same parts, bit for bit."""
    inline = played(folder, 0)
    assert len(inline["value"]) > 3 * 3 * 40
    for workers in (1, 2):
        table = played(folder, workers)
        assert list(table) == list(inline)
        assert table["value"].tobytes() == inline["value"].tobytes()
        for name in set(table) - {"value"}:
            assert np.array_equal(table[name], inline[name]), name


def test_what_the_parts_say(folder: Path) -> None:
    """Meters stand where bought, frames arrive as the contract says, zones and lines add up."""
    table = played(folder, 0)
    assert mean(table, "today", "meters") == 0.0
    assert mean(table, "meters", "meters") == 8.0
    assert mean(table, "meters", "read_share") == pytest.approx(0.8, abs=0.02)
    assert mean(table, "both", "customer_read") == pytest.approx(0.8, abs=0.03)
    lines = ("water", "unpaid", "search", "repair", "districts", "customers")
    for option in ("today", "meters", "both"):
        total = sum(mean(table, option, f"{line}_eur") for line in lines)
        assert mean(table, option, "total_eur") == pytest.approx(total, rel=1e-9)
        services = ("Communauté du Nord", "Communauté du Sud")
        lost = sum(mean(table, option, "lost_m3", service) for service in services)
        assert mean(table, option, "lost_m3") == pytest.approx(lost, rel=1e-9)
        communes = sum(mean(table, option, "lost_m3", f"3690{k}") for k in range(1, 5))
        assert lost == pytest.approx(communes, rel=1e-9)


def test_a_study_from_its_file_to_its_page(folder: Path) -> None:
    """The command writes the page, the summary and the parts, and recommends an option asked of."""
    results = folder / "results"
    code = run(
        ["study", str(folder / "water.toml"), "--quick", "--workers", "0",
         "--results", str(results)]
    )  # fmt: skip
    assert code == 0
    (written,) = (results / "water").iterdir()
    assert (written / "report.html").stat().st_size > 10_000
    summary = json.loads((written / "summary.json").read_text(encoding="utf-8"))
    assert "meters" in json.dumps(summary)
    assert (written / "manifest.json").is_file()
    with zipfile.ZipFile(written / "networks" / "reseaux.zip") as archive:
        assert archive.namelist() == [f"3690{k}.inp" for k in range(1, 5)]
        archive.extract("36901.inp", folder)
    assert read_network(folder / "36901.inp").length_km > 1.0


Spoil = Callable[[Path], object]


def swap(name: str, old: str, new: str) -> Spoil:
    """Return what replaces `old` by `new` in one file."""

    def spoil(folder: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, (name, old, text.count(old))
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")

    return spoil


def services(rows: str) -> Spoil:
    """Return what gives the scenario a table of services."""

    def spoil(folder: Path) -> None:
        (folder / "services.csv").write_text(rows, encoding="utf-8")
        swap("water.toml", "[water.districts]",
             '[water]\nservices = "services.csv"\n\n[water.districts]')(folder)  # fmt: skip

    return spoil


def without(row: str) -> Spoil:
    """Return what leaves one row out of the assumptions."""

    def spoil(folder: Path) -> None:
        file = folder / "water_assumptions.csv"
        lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(row)]
        file.write_text("".join(kept), encoding="utf-8")

    return spoil


CUT = """[[water.hazards.cuts]]
day = 2027-02-20
communes = ["99999"]

[water.service]"""
BAD = {
    "a link nobody declared": (
        swap("water.toml", '[water.districts]\nlink = "contract"', '[water.districts]\nlink = "x"'),
        ("water.toml", "water.districts.link", "« x »", "contract"),
    ),
    "a way of reading nobody knows": (
        swap("water.toml", '"daily"', '"weekly"'),
        ("water.toml", "option[both].water.customers.reading", "weekly", "daily"),
    ),
    "a negative number of meters": (
        swap("water.toml", "meters = 8\n\n", "meters = -8\n\n"),
        ("water.toml", "option[meters].water.districts.meters", "-8"),
    ),
    "a misspelled key": (
        swap("water.toml", "settling_days = 28", "settling_day = 28"),
        ("water.toml", "water.service.settling_day", "settling_days"),
    ),
    "a cut in a commune that does not exist": (
        swap("water.toml", "[water.service]", CUT),
        ("water.hazards.cuts[0].communes", "99999"),
    ),
    "a commune without service": (
        services("insee,service\n36901,A\n36902,A\n36903,B\n"),
        ("services.csv", "36904"),
    ),
    "a service for a commune of elsewhere": (
        services("insee,service\n36901,A\n36902,A\n36903,B\n36904,B\n75056,C\n"),
        ("services.csv", "l. 6, col. insee", "75056"),
    ),
    "an uncertain figure left out": (
        without("water_hear_share"),
        ("water_hear_share",),
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_told_and_nothing_is_written(
    case: str, folder: Path, run_py: Callable[..., Any]
) -> None:
    """Each fault names file, place and remedy, ends with code 2, and leaves no result behind."""
    spoil, words = BAD[case]
    spoil(folder)
    results = folder / "results"
    outcome = run_py("study", folder / "water.toml", "--results", results, "--workers", 0)
    assert outcome.code == 2, outcome.err
    assert outcome.complaints, outcome.err
    for word in words:
        assert word in outcome.err, outcome.err
    assert "Traceback" not in outcome.err
    assert not (results / "water").exists()


@pytest.mark.parametrize("case", BAD)
def test_validate_tells_the_same_in_english(
    case: str, folder: Path, run_py: Callable[..., Any]
) -> None:
    """What reading finds, `validate` finds, in English with --lang en, code 2."""
    BAD[case][0](folder)
    outcome = run_py("validate", folder / "water.toml", "--lang", "en")
    assert outcome.code == 2
    assert outcome.complaints, outcome.err
    assert "expected: " in outcome.err
    assert "«" not in outcome.err
