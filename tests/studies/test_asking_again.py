"""The commands of a critic: replay one run, ask the results, share out the spread, verify."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_territory import SmallTerritory, write_small_territory

from twin.study.conduct import Request, Run, conduct
from twin.study.plan import Task
from twin.study.progress import SilentProgress

Call = Callable[..., Any]


@pytest.fixture(scope="module")
def territory(tmp_path_factory: pytest.TempPathFactory, root: Path) -> SmallTerritory:
    """Return the small territory."""
    folder = tmp_path_factory.mktemp("asked") / "territory"
    return write_small_territory(folder, root / "scenarios/indre/assumptions.csv")


@pytest.fixture(scope="module")
def study(territory: SmallTerritory) -> Run:
    """Return its study, played."""
    request = Request(workers=0, results=territory.folder.parent / "results")
    return conduct(territory.scenario, request, SilentProgress(), lambda _what, _share: None)


def results_of(study: Run) -> Path:
    """Return the folder of results."""
    return study.folder.parent.parent


def test_one_replication_is_played_again_bit_for_bit(
    study: Run, territory: SmallTerritory, run_py: Call
) -> None:
    """By scenario or by folder, an ordinary and a pinned run equal what the study kept."""
    words = ["--option", "two-gateways", "--results", results_of(study), "--json"]
    for place in (territory.scenario, study.folder):
        told = run_py("replicate", place, "--replication", 2, *words)
        assert told.code == 0, told.err
        found = json.loads(told.out)
        assert found["same_bits"] is True
        kept = study.store.part(Task("two-gateways", 2))
        assert [row["kpi"] for row in found["rows"]] == kept.kpi.tolist()
    pinned = next(
        task for task in study.store.finished() if task.pins and task.option == "two-gateways"
    )
    ((name, share),) = pinned.pins
    told = run_py(
        "replicate", territory.scenario, "--replication", pinned.replication,
        "--pin", f"{name}={share}", *words,
    )  # fmt: skip
    assert json.loads(told.out)["same_bits"] is True


def test_a_replication_tells_what_happened(
    study: Run, territory: SmallTerritory, run_py: Call
) -> None:
    """Events come in order with local times, and change no number."""
    words = ["--option", "two-gateways", "--replication", 1, "--results", results_of(study)]
    told = run_py("replicate", territory.scenario, *words, "--events", "--json")
    found = json.loads(told.out)
    assert found["same_bits"] is True
    assert {event["what"]["en"] for event in found["events"]} >= {"gateway in service"}
    assert [event["when"] for event in found["events"]] == sorted(
        event["when"] for event in found["events"]
    )
    assert (
        "passerelle en service" in run_py("replicate", territory.scenario, *words, "--events").out
    )


def test_a_replication_that_differs_is_an_error(
    territory: SmallTerritory, run_py: Call, tmp_path: Path
) -> None:
    """Where the study kept other values, the command says so and fails; unplayed, it says that."""
    results = tmp_path / "results"
    words = ["--option", "two-gateways", "--results", results]
    alone = run_py("replicate", territory.scenario, "--replication", 0, *words)
    assert alone.code == 0
    assert "rien à comparer" in alone.err
    request = Request(workers=0, results=results)
    run = conduct(territory.scenario, request, SilentProgress(), lambda _what, _share: None)
    other = run.store.path(Task("two-gateways", 1))
    run.store.path(Task("two-gateways", 0)).write_bytes(other.read_bytes())
    told = run_py("replicate", territory.scenario, "--replication", 0, *words)
    assert told.code == 1
    assert "diffèrent" in told.err


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--option", "two-gatewys", "--replication", "0"], "« two-gateways »"),
        (["--option", "two-gateways", "--replication", "-1"], "--replication"),
        (["--option", "two-gateways", "--replication", "0", "--pin", "x"], "--pin"),
        (["--option", "two-gateways", "--replication", "0", "--pin", "pit_los_db=0.5"], "pit_loss"),
        (["--option", "two-gateways", "--replication", "0", "--pin", "pit_loss_db=2"], "quantile"),
    ],
)
def test_a_key_nobody_knows_is_one_message(
    territory: SmallTerritory, run_py: Call, words: list[str], named: str
) -> None:
    """A misspelled option, a negative number, a pin that is none: one line, exit code 2."""
    told = run_py("replicate", territory.scenario, *words)
    assert told.code == 2
    assert named in told.err
    assert len(told.complaints) == 1


def test_sql_over_all_results(study: Run, run_py: Call) -> None:
    """Results, runs and studies answer one query, as a table, CSV or JSON."""
    place = ["--results", results_of(study)]
    counted = run_py(
        "query", "select count(*) as n from results join runs using (study, run, option, "
        "replication, pins) where status = 'finished'", *place, "--json",
    )  # fmt: skip
    assert json.loads(counted.out) == [{"n": len(study.store.table()["value"])}]
    told = run_py("query", "select study, seed, stopped_by from studies", *place)
    assert told.out.split() == ["study", "seed", "stopped_by", "gateways", "7", "fixed"]
    assert run_py("query", "select 1 as one, null as none", *place, "--csv").out == "one,none\n1,\n"


def test_a_query_that_cannot_be_is_one_message(study: Run, run_py: Call, tmp_path: Path) -> None:
    """Bad SQL carries DuckDB's words, an empty folder says what to play; exit code 2."""
    bad = run_py("query", "select nothing from results", "--results", results_of(study))
    assert bad.code == 2
    assert "nothing" in bad.err
    empty = run_py("query", "select 1", "--results", tmp_path)
    assert empty.code == 2
    assert "run.py study" in empty.err


def test_sobol_shares_out_the_spread(study: Run, territory: SmallTerritory, run_py: Call) -> None:
    """The design is played through the study's executor, kept, and told with intervals."""
    words = ["sensitivity", territory.scenario, "--rows", 4, "--results", results_of(study)]
    words += ["--option", "two-gateways", "--workers", 2]
    report = (study.folder / "report.html").read_bytes()
    told = run_py(*words, "--json")
    assert told.code == 0, told.err
    found = json.loads(told.out)
    uncertain = [each for each in study.scenario.assumptions.values() if not each.is_certain]
    assert found["kpi"] == "total_ht_eur"
    assert found["runs"] == 4 * (len(uncertain) + 2)
    assert {each["assumption"] for each in found["sobol"]} == {each.name for each in uncertain}
    totals = [each["total"]["mean"] for each in found["sobol"]]
    assert totals == sorted(totals, reverse=True)
    parts = sorted((study.folder / "spread").glob("r*.parquet"))
    before = [path.stat().st_mtime_ns for path in parts]
    assert run_py(*words, "--json").out == told.out
    assert [path.stat().st_mtime_ns for path in parts] == before
    assert (study.folder / "tables" / "sobol-two-gateways-total_ht_eur.csv").is_file()
    assert (study.folder / "report.html").read_bytes() == report


def test_morris_ranks_the_assumptions(study: Run, territory: SmallTerritory, run_py: Call) -> None:
    """Two trajectories give an effect of every uncertain figure."""
    pytest.importorskip("SALib", reason="SALib is optional: make sensitivity")
    words = ["sensitivity", territory.scenario, "--method", "morris", "--rows", 2, "--workers", 0]
    told = run_py(*words, "--results", results_of(study), "--lang", "en")
    assert told.code == 0, told.err
    assert "The assumption that weighs most" in told.out


@pytest.mark.parametrize(
    ("words", "named"),
    [(["--rows", "3"], "puissance de 2"), (["--kpi", "totl_ht_eur"], "total_ht")],
)
def test_a_design_that_cannot_be_is_one_message(
    territory: SmallTerritory, run_py: Call, words: list[str], named: str
) -> None:
    """Rows that are no power of two, an outcome nobody records: one line, exit code 2."""
    told = run_py("sensitivity", territory.scenario, *words)
    assert told.code == 2
    assert named in told.err


def test_every_known_value_holds(run_py: Call) -> None:
    """`verify` compares every oracle of the kernel and of each utility, and all of them hold."""
    told = run_py("verify", "--json")
    found = json.loads(told.out)
    assert found["failed"] == []
    assert told.code == 0
    owners = {row["owner"] for row in found["rows"]}
    assert owners | set(found["without_oracle"]) == {
        "twin", "lighting", "links", "lora", "waste", "water",
    }  # fmt: skip
    ids = [row["id"] for row in found["rows"]]
    assert len(set(ids)) == len(ids) > 60
    assert all(row["source"] and row["what"]["fr"] and row["what"]["en"] for row in found["rows"])
    assert run_py("verify", "--only", "lorra").code == 2


def test_the_page_carries_the_annex(study: Run) -> None:
    """A report tells how it stopped, what to ask for first, and the known values, in tables too."""
    page = (study.folder / "report.html").read_text(encoding="utf-8")
    for key in ("precision", "choisir", "devis", "verification"):
        assert f'id="{key}"' in page
        assert (study.folder / "tables" / f"{key}.csv").is_file()


def test_a_report_rebuilt_is_the_same_bytes(study: Run, territory: SmallTerritory) -> None:
    """From the same results the page, the summary and the tables are rebuilt byte for byte."""
    files = [study.folder / "report.html", study.folder / "summary.json"]
    tables = sorted((study.folder / "tables").glob("*.csv"))
    files += [path for path in tables if not path.name.startswith(("sobol", "morris"))]
    before = [path.read_bytes() for path in files]
    for path in files:
        path.unlink()
    request = Request(workers=0, results=results_of(study))
    conduct(territory.scenario, request, SilentProgress(), lambda _what, _share: None)
    assert [path.read_bytes() for path in files] == before
