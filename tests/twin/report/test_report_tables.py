"""One table, written for people and for programs."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.lang import Lang, Text
from twin.report.tables import (
    Column,
    Formula,
    Kind,
    Table,
    neutral,
    to_csv,
    to_html,
    to_schema,
    write_csv,
)

COLUMNS = (
    Column("insee", Text("Code INSEE", "INSEE code")),
    Column("name", Text("Commune", "Commune")),
    Column("covered_share", Text("Couverts", "Covered"), Kind.SHARE),
    Column("cost_eur", Text("Coût", "Cost"), Kind.EURO, tax="HT"),
    Column("opened", Text("Mise en service", "Opened"), Kind.DATE),
)


@pytest.fixture
def table() -> Table:
    """Return a small table with every kind of trap."""
    return Table(
        "communes",
        Text("Par commune", "Per commune"),
        COLUMNS,
        (
            ("01044", "=HYPERLINK(1)", 0.953, 12345.5, dt.date(2026, 3, 9)),
            ("36044", 'Saint-"X";Y', None, np.float64(7.0), None),
        ),
    )


def test_french_dialect(table: Table) -> None:
    """The French file has a mark, semicolons, decimal commas, JJ/MM/AAAA and percent."""
    text = to_csv(table, "fr")
    assert text.startswith("\ufeffCode INSEE;Commune;Couverts (%);Coût (€\u00a0HT);")
    assert text.splitlines()[1] == "01044;'=HYPERLINK(1);95,3;12345,5;09/03/2026"
    assert text.splitlines()[2] == '36044;"Saint-""X"";Y";;7;'


def test_international_dialect(table: Table) -> None:
    """The international file is RFC 4180: machine names, points, ISO dates, CRLF, fractions."""
    text = to_csv(table, "intl")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == [column.name for column in COLUMNS]
    assert rows[1] == ["01044", "'=HYPERLINK(1)", "0.953", "12345.5", "2026-03-09"]
    assert text.count("\r\n") == 3
    assert "\n" not in text.replace("\r\n", "")


@given(st.sampled_from("=+-@\t\r"), st.text(max_size=20))
def test_neutralised(mark: str, rest: str) -> None:
    """Text that a spreadsheet would compute always gets an apostrophe, other text never."""
    assert neutral(mark + rest) == "'" + mark + rest
    assert neutral("A" + mark + rest) == "A" + mark + rest


def test_html_is_accessible(table: Table) -> None:
    """The HTML table has a caption, scopes, right-aligned numbers and escaped text."""
    html = to_html(table, Lang.FR)
    assert "<caption>Par commune</caption>" in html
    assert html.count('scope="col"') == 5
    assert html.count('scope="row"') == 2
    assert '<td class="num">12\u202f346</td>' in html
    assert "&quot;X&quot;" in html
    assert "–</td>" in html  # missing is shown as missing


def test_schema_describes_the_columns(table: Table) -> None:
    """The schema types each column and keeps INSEE codes as strings."""
    fields = {field["name"]: field for field in json.loads(to_schema(table))["fields"]}
    assert fields["insee"]["type"] == "string"
    assert fields["covered_share"] == {
        "name": "covered_share", "type": "number", "title": "Covered",
        "description": "Couverts", "unit": "1",
    }  # fmt: skip


@pytest.mark.parametrize(
    "row",
    [
        ("36", "x", "0.9", 1.0, None),  # text in a numeric column
        ("36", "x", 0.9, float("nan"), None),
        (36, "x", 0.9, 1.0, None),  # an INSEE code must be text
        ("36", "x", 0.9, 1.0),
    ],
)
def test_bad_rows_are_refused(row: tuple[object, ...]) -> None:
    """A cell of the wrong kind, a missing cell or a NaN is refused where the table is made."""
    with pytest.raises(ValueError, match="table t, row 0"):
        Table("t", Text("t", "t"), COLUMNS, (row,))  # type: ignore[arg-type]


def test_formula_writes_its_value() -> None:
    """A formula shows its value in every format that computes nothing."""
    column = Column("total", Text("Total", "Total"), Kind.EURO)
    made = Table("t", Text("t", "t"), (column,), ((Formula("=1+1", 2.0),),))
    assert to_csv(made, "intl").splitlines()[1] == "2"


def test_write_leaves_nothing_beside(table: Table, tmp_path: Path) -> None:
    """An atomic write leaves only the file."""
    write_csv(table, tmp_path / "deep" / "t.csv")
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["t.csv"]
    assert (tmp_path / "deep" / "t.csv").read_bytes()[:3] == b"\xef\xbb\xbf"
