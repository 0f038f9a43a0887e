"""An Excel workbook of several tables."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from twin.lang import Text, same
from twin.report.tables import Column, Formula, Kind, Table
from twin.report.workbook import resolve, sheet_name, write_workbook

BPU = Table(
    "bpu",
    Text("Bordereau des prix", "Unit prices"),
    (
        Column("line", Text("Poste", "Line")),
        Column("price_eur", Text("Prix", "Price"), Kind.EURO, decimals=2, tax="HT"),
    ),
    (("Passerelle", 950.0), ("Mât", 400.0)),
)
DQE = Table(
    "dqe",
    Text("Détail estimatif", "Estimate"),
    (
        Column("insee", Text("Code INSEE", "INSEE code")),
        Column("when", Text("Date", "Date"), Kind.DATE),
        Column("share", Text("Part", "Share"), Kind.SHARE),
        Column("quantity", Text("Quantité", "Quantity"), Kind.INTEGER),
        Column("amount_eur", Text("Montant", "Amount"), Kind.EURO, tax="HT"),
    ),
    (
        ("01044", dt.date(2026, 3, 9), 0.5, 10, Formula("={quantity}*{bpu.price_eur:0}", 9500.0)),
        ("=CMD()", None, None, 4, Formula("={quantity}*{bpu.price_eur:1}", 1600.0)),
        ("Total", None, None, None, Formula("=SUM({amount_eur:above})", 11100.0)),
    ),
    total=True,
)


def test_reopens_typed(tmp_path: Path) -> None:
    """Reopened, cells have their types, formats, formulas and cached values."""
    path = write_workbook(tmp_path / "b.xlsx", [BPU, DQE], readme=[(same("Graine"), same("36"))])
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Lisez-moi", "bpu", "dqe"]
    sheet = book["dqe"]
    assert sheet["A3"].value == "01044"
    assert sheet["A3"].data_type == "s"
    assert sheet["A4"].value == "'=CMD()"
    assert sheet["B3"].value == dt.datetime(2026, 3, 9)  # noqa: DTZ001 - what openpyxl returns
    assert sheet["C3"].number_format == "0.0%"
    assert sheet["D3"].value == 10
    assert sheet["E3"].value == "=D3*'bpu'!B3"
    assert sheet["E5"].value == "=SUM(E$3:E4)"
    assert sheet["E5"].font.bold
    assert sheet.freeze_panes == "B3"
    assert sheet.auto_filter.ref == "A2:E4"  # the total stays out of the filter
    cached = openpyxl.load_workbook(path, data_only=True)["dqe"]
    assert cached["E5"].value == 11100
    assert book["Lisez-moi"]["B3"].value == "36"


def test_same_tables_same_bytes(tmp_path: Path) -> None:
    """The same tables give the same bytes."""
    one, two = (write_workbook(tmp_path / name, [BPU, DQE]) for name in ("1.xlsx", "2.xlsx"))
    assert one.read_bytes() == two.read_bytes()


@pytest.mark.parametrize(
    "place", ["{nothing}", "{bpu.nothing}", "{other.price_eur}", "{quantity:9}"]
)
def test_broken_formula_writes_nothing(tmp_path: Path, place: str) -> None:
    """A formula that points nowhere is refused and no file is left."""
    column = Column("quantity", Text("q", "q"), Kind.NUMBER)
    bad = Table("bad", Text("b", "b"), (column,), ((Formula("=" + place, 0.0),),))
    with pytest.raises(ValueError, match="nothing at"):
        write_workbook(tmp_path / "b.xlsx", [BPU, bad])
    assert list(tmp_path.iterdir()) == []


def test_ranges_leave_the_total_out() -> None:
    """`all` covers the data rows but not the total, from another sheet too."""
    assert resolve("=MAX({amount_eur:all})", DQE, 2) == "=MAX(E$3:E$4)"
    assert resolve("={dqe.quantity:all}", BPU, 0, {"dqe": DQE}) == "='dqe'!D$3:D$4"


def test_sheet_names_fit() -> None:
    """Sheet names lose what Excel refuses."""
    assert sheet_name("a/b:c" + "x" * 40) == ("a-b-c" + "x" * 40)[:31]
