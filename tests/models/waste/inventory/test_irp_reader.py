"""Reading Archetti's format: what is wrong is named, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.waste.inventory.archetti import read_instance
from twin.errors import DataError

GOOD = """3 4 10.5 2

0 0.5 -1 10 3 0.5
1 3 4 4 8 1 2 1
2 6 8 0 5 0 1 0.25
"""


def test_every_figure_finds_its_place(tmp_path: Path) -> None:
    """Blank lines are skipped and each figure lands where its name says."""
    path = tmp_path / "good.dat"
    path.write_text(GOOD, encoding="utf-8")
    instance = read_instance(path)
    assert (instance.periods, instance.vehicles, instance.vehicle_capacity) == (4, 2, 10.5)
    own = (instance.supplier_stock, instance.production, instance.supplier_holding)
    assert own == (10.0, 3.0, 0.5)
    assert instance.stock.tolist() == [4.0, 0.0]
    assert instance.room.tolist() == [8.0, 5.0]
    assert instance.least.tolist() == [1.0, 0.0]
    assert instance.demand.tolist() == [2.0, 1.0]
    assert instance.holding.tolist() == [1.0, 0.25]
    assert instance.distance[1].tolist() == [6.0, 0.0, 5.0]
    assert len(instance) == 2


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("3 4 10.5 2", "3 4 10.5", "line 1", "n H C K"),
        ("3 4 10.5 2", "3.5 4 10.5 2", "line 1", "n: a whole number"),
        ("3 4 10.5 2", "3 0 10.5 2", "line 1", "H >= 1"),
        ("3 4 10.5 2", "4 4 10.5 2", "line 5", "4 lines after the first"),
        ("0 0.5 -1 10 3 0.5", "0 0.5 -1 10 3", "line 3", "id x y I0 production h"),
        ("1 3 4 4 8 1 2 1", "1 3 4 x 8 1 2 1", "line 4", "I0: a finite number from 0"),
        ("1 3 4 4 8 1 2 1", "1 3 4 4 8 1 -2 1", "line 4", "demand: a finite number from 0"),
        ("1 3 4 4 8 1 2 1", "1 3 4 nan 8 1 2 1", "line 4", "I0: a finite number from 0"),
        ("1 3 4 4 8 1 2 1", "1 3 4 9 8 1 2 1", "line 4", "L <= I0 <= U"),
        ("2 6 8 0 5 0 1 0.25", "7 6 8 0 5 0 1 0.25", "line 5", "id 2"),
        (GOOD, "", "line 1", "n H C K"),
    ],
)
def test_a_fault_names_its_line(tmp_path: Path, old: str, new: str, line: str, told: str) -> None:
    """A bad line is refused with the file, the line and what was expected."""
    path = tmp_path / "bad.dat"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError) as refusal:
        read_instance(path)
    message = str(refusal.value)
    assert "bad.dat" in message
    assert line in message
    assert told in message


def test_every_faulty_line_is_told_at_once(tmp_path: Path) -> None:
    """Two bad figures give two faults in one refusal."""
    path = tmp_path / "bad.dat"
    path.write_text(GOOD.replace("1 3 4 4", "1 3 4 x").replace("2 6 8", "2 6 y"), "utf-8")
    with pytest.raises(DataError) as refusal:
        read_instance(path)
    assert len(refusal.value.faults) == 2


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    """An absent file and a binary one are refused as data, not as a crash."""
    binary = tmp_path / "binary.dat"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "absent.dat", binary):
        with pytest.raises(DataError):
            read_instance(path)
