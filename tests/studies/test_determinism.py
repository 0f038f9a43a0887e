"""The same seed gives the same bits: on any number of processes, in any folder, in any company."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from dask_cluster import dask_cluster
from small_territory import SmallTerritory, write_small_territory

from twin.scenario import load_scenario
from twin.streams import Streams
from twin.study.conduct import Request, Run, conduct, executor
from twin.study.duck import Table
from twin.study.plan import StudyPlan, Task, tornado_tasks
from twin.study.progress import SilentProgress
from twin.study.recipe import make_work
from twin.study.replicate import run_study
from twin.study.store import Store
from twin.world import World

TWIN_OPTION = """
[[option]]
id = "a-twin"
name = "La même, sous un autre nom"
name_en = "The same under another name"
answers = false

[[option]]
id = "operator"
name = "Opérateur"
name_en = "Operator"
answers = false
lora.network = "operator"
"""

ELSEWHERE = """
import sys
from pathlib import Path
from twin.study.conduct import Request, conduct
from twin.study.progress import SilentProgress
request = Request(workers=4, results=Path(sys.argv[2]))
print(conduct(Path(sys.argv[1]), request, SilentProgress(), lambda _what, _share: None).folder)
"""


def study(scenario: Path, results: Path) -> Run:
    """Play a study inline."""
    request = Request(workers=0, results=results)
    return conduct(scenario, request, SilentProgress(), lambda _what, _share: None)


def rows(table: Table, option: str) -> dict[tuple[object, ...], bytes]:
    """Return the values of one option's ordinary runs, bit for bit, by their key."""
    chosen = (table["option"] == option) & (table["pins"] == "[]")
    keys = zip(*(table[name][chosen] for name in ("replication", "kpi", "zone")), strict=True)
    values = (value.tobytes() for value in table["value"][chosen])
    return dict(zip(keys, values, strict=True))


def assert_same_bits(one: Table, other: Table) -> None:
    """Two tables hold the same rows in the same order, values bit for bit."""
    assert list(one) == list(other)
    for name in one:
        if name == "value":
            assert one[name].tobytes() == other[name].tobytes()
        else:
            assert np.array_equal(one[name], other[name]), name


@pytest.fixture(scope="module")
def territory(tmp_path_factory: pytest.TempPathFactory, root: Path) -> SmallTerritory:
    """Return the small territory."""
    folder = tmp_path_factory.mktemp("same") / "territory"
    return write_small_territory(folder, root / "scenarios/indre/assumptions.csv")


@pytest.fixture(scope="module")
def inline(territory: SmallTerritory) -> Run:
    """Return the study played in this process."""
    return study(territory.scenario, territory.folder.parent / "inline")


@pytest.mark.parametrize("workers", [1, 2])
def test_processes_give_the_bits_of_the_inline_study(
    inline: Run, workers: int, tmp_path: Path
) -> None:
    """One and two worker processes write the table the inline study wrote, bit for bit."""
    table = inline.store.table()
    options = tuple(option.id for option in inline.scenario.options)
    pins = tornado_tasks(inline.recommended, {"pit_loss_db": (0.05, 0.95)}, 1)
    store = Store(tmp_path / "parts", "any")
    work = partial(make_work, inline.scenario.path, inline.workspace, quick=False)
    plan = StudyPlan(options, inline.replications, pins)
    result = run_study(plan, store, executor(Request(workers=workers)), work)
    assert not result.failures
    played = store.table()
    kept = np.isin(table["pins"], np.unique(played["pins"]))
    assert len(played["value"]) == kept.sum() > 0
    assert_same_bits({name: column[kept] for name, column in table.items()}, played)


def test_another_folder_another_hash_seed_four_processes(
    inline: Run, territory: SmallTerritory, tmp_path: Path, root: Path
) -> None:
    """On four processes, elsewhere, with other hashes: the same table, page and summary."""
    words = [sys.executable, "-c", ELSEWHERE, str(territory.scenario), str(tmp_path / "r")]
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": str(root)}
    done = subprocess.run(
        words, cwd=root, env=environment, capture_output=True, text=True, check=True
    )
    folder = Path(done.stdout.strip())
    assert folder.name == inline.folder.name
    assert_same_bits(inline.store.table(), Store(folder / "parts").table())
    same = ["report.html", "summary.json"]
    same += [f"tables/{each.name}" for each in (inline.folder / "tables").glob("*.csv")]
    same += [f"maps/{each.name}" for each in (inline.folder / "maps").glob("*.tif")]
    assert len(same) > 10
    for name in same:
        assert (folder / name).read_bytes() == (inline.folder / name).read_bytes(), name
    for plan in (inline.folder / "prepared").glob("plan-*.json"):
        assert (folder / "prepared" / plan.name).read_bytes() == plan.read_bytes()


def test_a_cluster_gives_the_bits_of_the_inline_study(
    inline: Run, territory: SmallTerritory, tmp_path: Path
) -> None:
    """A real Dask scheduler and workers with random hashes: the same table, page and summary."""
    pytest.importorskip("distributed", reason="Dask is optional: make cluster")
    with dask_cluster(tmp_path / "dask", 2) as cluster:
        request = Request(results=tmp_path / "r", scheduler_file=cluster.file)
        run = conduct(territory.scenario, request, SilentProgress(), lambda _what, _share: None)
    assert_same_bits(inline.store.table(), run.store.table())
    for name in ("report.html", "summary.json"):
        assert (run.folder / name).read_bytes() == (inline.folder / name).read_bytes(), name
    workers = {line.worker for line in run.store.ledger.lines()}
    assert len(workers) == 2
    assert all(worker.startswith("tcp://127.0.0.1:") for worker in workers)


def test_an_option_more_moves_no_other(
    inline: Run, tmp_path: Path, root: Path, territory: SmallTerritory
) -> None:
    """Two options more leave the others' values alone; an option's name moves none of its own."""
    larger = write_small_territory(tmp_path / "t", root / "scenarios/indre/assumptions.csv")
    larger.replace(
        "gateways.toml", '[[option]]\nid = "masts', f'{TWIN_OPTION}\n[[option]]\nid = "masts'
    )
    table = study(larger.scenario, tmp_path / "r").store.table()
    for option in ("two-gateways", "masts-only"):
        assert rows(table, option) == rows(inline.store.table(), option)
        assert len(rows(table, option)) > 100
    assert rows(table, "a-twin") == rows(table, "two-gateways")


def test_every_option_meets_the_same_world(territory: SmallTerritory) -> None:
    """An assumption has one value a replication, whatever the option; a pin moves its own alone."""
    scenario = load_scenario(territory.scenario, quick=False)

    def world(option: str, replication: int, pins: tuple[tuple[str, float], ...] = ()) -> World:
        dice = Streams(scenario.study.seed, replication)
        return World(scenario, Task(option, replication, pins), dice, None)  # type: ignore[arg-type]

    for replication in range(3):
        one, other = world("two-gateways", replication), world("masts-only", replication)
        pinned = world("two-gateways", replication, (("pit_loss_db", 0.95),))
        for name in scenario.assumptions:
            assert one.assume(name) == other.assume(name)
            assert (pinned.assume(name) == one.assume(name)) == (name != "pit_loss_db")
    moving = [name for name, prior in scenario.assumptions.items() if not prior.is_certain]
    first, second = world("masts-only", 0), world("masts-only", 1)
    assert all(first.assume(name) != second.assume(name) for name in moving)
