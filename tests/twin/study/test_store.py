"""The store: whole parts, sorted tables, one scenario per folder."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_work import MakeToy

from twin.errors import DataError, ScenarioError, StoreError
from twin.recorder import Part
from twin.study.outcomes import series, values
from twin.study.plan import Task
from twin.study.store import Store

PLAY = MakeToy()()


def filled(folder: Path, tasks: list[Task]) -> Store:
    """Return a store that holds the toy parts of `tasks`."""
    store = Store(folder, "abc")
    for task in tasks:
        store.write(task, PLAY(task))
    return store


def test_a_part_comes_back_bit_for_bit(tmp_path: Path) -> None:
    """Every value read is the value written, holes and awkward names included."""
    task = Task("2 passerelles, l'été / 95 %", 3, (("prix d'été", 0.05),))
    part = PLAY(task)
    store = filled(tmp_path, [task])
    table = store.table()
    assert set(table["option"]) == {task.option}
    assert table["kpi"].tolist() == part.kpi.tolist()
    assert table["zone"].tolist() == part.zone.tolist()
    assert table["value"].tobytes() == part.value.tobytes()
    assert store.finished() == {task}
    assert store.has(task)
    assert not store.has(Task(task.option, 3))


def test_the_table_does_not_remember_the_order_of_arrival(tmp_path: Path) -> None:
    """Two stores filled in opposite orders give bitwise equal columns."""
    tasks = [Task(option, r) for option in ("b", "a") for r in range(3)]
    one = filled(tmp_path / "one", tasks).table()
    other = filled(tmp_path / "other", tasks[::-1]).table()
    assert list(one) == ["option", "replication", "pins", "kpi", "zone", "value"]
    for name, column in one.items():
        if column.dtype == object:
            assert column.tolist() == other[name].tolist()
        else:
            assert column.tobytes() == other[name].tobytes()
    keys = list(zip(one["option"], one["replication"], one["kpi"], one["zone"], strict=True))
    assert keys == sorted(keys)


def test_an_empty_store_gives_an_empty_table(tmp_path: Path) -> None:
    """Nothing played yet is no error: no task finished, columns of length zero."""
    store = Store(tmp_path / "new", "abc")
    assert store.finished() == set()
    assert {name: len(column) for name, column in store.table().items()} == dict.fromkeys(
        ("option", "replication", "pins", "kpi", "zone", "value"), 0
    )


def test_a_changed_scenario_never_mixes(tmp_path: Path) -> None:
    """A folder filled by one scenario refuses another, and opens for reading as it stands."""
    filled(tmp_path, [Task("a", 0)])
    with pytest.raises(ScenarioError, match=r"scenario\.sha256"):
        Store(tmp_path, "def")
    assert Store(tmp_path).finished() == {Task("a", 0)}
    assert Store(tmp_path, "abc").finished() == {Task("a", 0)}


def test_a_truncated_part_is_named_and_the_others_are_not(tmp_path: Path) -> None:
    """Cutting one part's tail makes every reading name that file and its remedy."""
    store = filled(tmp_path, [Task("a", r) for r in range(3)])
    broken = store.path(Task("a", 1))
    broken.write_bytes(broken.read_bytes()[:-30])
    with pytest.raises(DataError) as caught:
        store.table()
    assert [fault.file for fault in caught.value.faults] == [str(broken)]
    assert list(store.damaged()) == [broken]
    with pytest.raises(DataError):
        store.finished()
    broken.unlink()
    assert store.finished() == {Task("a", 0), Task("a", 2)}


def test_a_write_that_fails_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interruption between writing and moving leaves no half part and no litter."""
    store = filled(tmp_path, [Task("a", 0)])

    def interrupted(_self: Path, _target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        store.write(Task("a", 1), PLAY(Task("a", 1)))
    monkeypatch.undo()
    assert store.finished() == {Task("a", 0)}
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".parquet", ".sha256"]


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as a POSIX signal")
@pytest.mark.usefixtures("ctrl_c_is_heard")
def test_ctrl_c_during_a_query_is_ctrl_c(tmp_path: Path) -> None:
    """DuckDB turns an interruption into a RuntimeError; the store turns it back."""
    store = filled(tmp_path, [Task("a", 0)])
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        store.query("SELECT sum(random()) FROM range(10_000_000_000)")
    assert store.finished() == {Task("a", 0)}


def test_a_disk_that_refuses_is_told_and_earlier_parts_stay(tmp_path: Path) -> None:
    """When a part cannot be written the task is named and what was there is intact."""
    store = filled(tmp_path, [Task("a", 0)])
    store.path(Task("a", 1)).mkdir()  # a folder where the file should go
    with pytest.raises(StoreError, match="the part of a #1 could not be written"):
        store.write(Task("a", 1), PLAY(Task("a", 1)))
    store.path(Task("a", 1)).rmdir()
    assert store.finished() == {Task("a", 0)}


def test_an_empty_part_is_refused(tmp_path: Path) -> None:
    """A part without rows could not be told from a part never written."""
    nothing = Part(np.array([], dtype=str), np.array([], dtype=str), np.array([]))
    with pytest.raises(ValueError, match="empty"):
        Store(tmp_path, "abc").write(Task("a", 0), nothing)


def test_a_query_runs_over_all_parts(tmp_path: Path) -> None:
    """SQL sees the parts as one view."""
    store = filled(tmp_path, [Task("a", r) for r in range(4)])
    counted = store.query("SELECT count(DISTINCT replication) AS n FROM parts")
    assert counted["n"].tolist() == [4]
    store.close()
    assert len(store.table()["value"]) == 4 * 22


def test_series_reads_one_kpi_by_replication(tmp_path: Path) -> None:
    """Ordinary and pinned runs are kept apart, and what was never recorded is refused."""
    pinned = (("price", 0.05),)
    store = filled(tmp_path, [Task("a", 1), Task("a", 0), Task("a", 0, pinned)])
    table = store.table()
    expected = {r: PLAY(Task("a", r)).get("cost_eur") for r in (0, 1)}
    assert series(table, "a", "cost_eur") == expected
    assert values(table, "a", "cost_eur") == list(expected.values())
    assert list(series(table, "a", "cost_eur", pins=pinned)) == [0]
    with pytest.raises(Exception, match="no result for a, cost_euro"):
        series(table, "a", "cost_euro")


@settings(max_examples=20, deadline=None)
@given(
    st.text(min_size=1, max_size=300),
    st.integers(0, 10**6),
    st.dictionaries(st.text(min_size=1, max_size=20), st.floats(0, 1), max_size=3),
    st.lists(st.floats(allow_infinity=False), min_size=1, max_size=5),
)
def test_any_key_and_any_number_survive(
    option: str, replication: int, pins: dict[str, float], numbers: list[float]
) -> None:
    """Whatever the names and the values, the task and its values come back as they went."""
    option = option.replace("\0", "").encode("utf-8", "ignore").decode() or "x"
    clean = {n.replace("\0", "").encode("utf-8", "ignore").decode(): q for n, q in pins.items()}
    task = Task(option, replication, tuple(clean.items()))
    value = np.array(numbers)
    zone = np.array([str(number) for number in range(len(numbers))])
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder), "abc")
        store.write(task, Part(np.full(len(numbers), "k"), zone, value))
        assert store.finished() == {task}
        np.testing.assert_array_equal(store.table()["value"], value)
