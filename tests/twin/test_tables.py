"""The table reader: both dialects, every fault named, never a traceback."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from twin.errors import DataError
from twin.lang import Lang
from twin.tables import Column, Kind, parse_number, read_table

COLUMNS = {
    "id": Column(Kind.TEXT, unique=True),
    "height_m": Column(minimum=0.0, maximum=300.0),
    "operators": Column(Kind.INTEGER, minimum=1, default=1),
    "mandatory": Column(Kind.FLAG, default=False),
}


def write(folder: Path, text: str | bytes, name: str = "t.csv") -> Path:
    """Return the path of a file holding `text`."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(folder: Path, text: str | bytes, **keywords: bool) -> str:
    """Return the English message of the refusal of a table."""
    with pytest.raises(DataError) as caught:
        read_table(write(folder, text), COLUMNS, **keywords)
    assert caught.value.say(Lang.FR)
    return caught.value.say(Lang.EN)


@pytest.mark.parametrize(
    "text",
    [
        "# source: x\nid,height_m,operators,mandatory\na,12.5,2,yes\nb,1234,,\n",
        "\ufeffid;height_m;operators;mandatory\r\na;12,5;2;oui\r\nb;1234;;non\r\n",
        "\n# c, d; e\nid;height_m;operators;mandatory;;\na;12.5;2;vrai;;\n\nb;1\u202f234;1;0\n",
        'id,height_m,operators,mandatory\n"a","12.5","2",true\n# note\nb,1 234.0,1,',
        "id;height_m;operators;mandatory\ra;12,5;2,0;1\rb;1 234,0;1;faux",
    ],
)
def test_dialects(tmp_path: Path, text: str) -> None:
    """French and international spellings of one table give the same arrays."""
    wide = COLUMNS | {"height_m": Column(minimum=0.0)}
    table = read_table(write(tmp_path, text), wide)
    assert table.texts("id") == ["a", "b"]
    assert table.numbers("height_m").tolist() == [12.5, 1234.0]
    assert table.integers("operators").tolist() == [2, 1]
    assert table.flags("mandatory").tolist() == [True, False]


def test_absent_optional_column(tmp_path: Path) -> None:
    """An absent column with a default is filled; NaN is a fair default for numbers."""
    columns = {"id": Column(Kind.TEXT), "z_m": Column(default=math.nan, minimum=0.0)}
    table = read_table(write(tmp_path, "id\na\nb\n"), columns)
    assert np.isnan(table.numbers("z_m")).all()
    table = read_table(write(tmp_path, "id,z_m\na,\nb,3\n"), columns)
    np.testing.assert_array_equal(table.numbers("z_m"), [math.nan, 3.0])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\n", "empty"),
        ("# only a comment\n", "header line"),
        ("id,height_m\n", "at least one row"),
        ("id,height_m\nÉcueillé,3\n".encode("cp1252"), "save as UTF-8"),
        ("id,height_m\na,3\n".encode("utf-16"), "UTF-16"),
        (b"PK\x03\x04" + bytes(30), "workbook"),
        (b"id,height_m\na\x00,3\n", "NUL"),
        ("id\theight_m\na\t3\n", "separator"),
        ("id|height_m\na|3\n", "separator"),
        ("id,height_m\na,3,5\n", "decimal comma"),
        ("id,height_m\na\n", "2 cells"),
        ("id,height_m,\na,3,x\n", "2 cells"),
        ('id,height_m\n"a,3\n', "close the quotes"),
        ("id,height_m,height_m\na,3,4\n", "only once"),
        ("id,height_m,,operators\na,3,,1\n", "only once"),
        ("id\na\n", "col. height_m"),
        ("id,heigth_m\na,3\n", "did you mean 'height_m'"),
        ("id,Height_M\na,3\n", "did you mean 'height_m'"),
        ("id,height_m,operator\na,3,1\n", "did you mean 'operators'"),
        ("id,height_m,colour\na,3,red\n", "known column"),
        ("id,height_cm\na,300\n", "wrong or missing unit"),
        ("id,height\na,3\n", "rename to height_m"),
        ("id,height_m\na,tall\n", "l. 2, col. height_m; found 'tall'"),
        ("id,height_m\na,-3\n", "between 0 and 300"),
        ("id,height_m\na,301\n", "between 0 and 300"),
        ("id,height_m\na,nan\n", "a number"),
        ("id,height_m\na,inf\n", "a number"),
        ("id,height_m\na,\n", "a number"),
        ("id,height_m\n,3\n", "a text"),
        ("id,height_m,operators\na,3,1.5\n", "an integer"),
        ("id,height_m,mandatory\na,3,perhaps\n", "yes or no"),
        ("id,height_m\na,3\nb,4\na,5\n", "already seen at l. 2"),
    ],
)
def test_refusals(tmp_path: Path, text: str | bytes, says: str) -> None:
    """Each way of being wrong gives a message that names it."""
    message = refused(tmp_path, text)
    assert says in message
    assert "t.csv" in message
    assert "remedy" in message


def test_missing_file(tmp_path: Path) -> None:
    """A file that is not there, or is a folder, is refused with its name."""
    for name in ("absent.csv", "."):
        with pytest.raises(DataError, match="readable file"):
            read_table(tmp_path / name, COLUMNS)


def test_extra_columns(tmp_path: Path) -> None:
    """Allowed extra columns pass, but not one that hides another unit of a declared column."""
    text = "id,height_m,colour\na,3,red\n"
    assert len(read_table(write(tmp_path, text), COLUMNS, allow_extra=True)) == 1
    columns = {"id": Column(Kind.TEXT), "height_m": Column(default=10.0)}
    with pytest.raises(DataError, match="wrong or missing unit"):
        read_table(write(tmp_path, "id,height_ft\na,30\n"), columns, allow_extra=True)


def test_all_faults_at_once(tmp_path: Path) -> None:
    """Twenty faults are spelled out and the others counted, in one error."""
    rows = "".join(f"{i},-1\n" for i in range(50))
    with pytest.raises(DataError) as caught:
        read_table(write(tmp_path, "id,height_m,oops\n" + rows.replace("\n", ",x\n")), COLUMNS)
    assert len(caught.value.faults) == 21
    assert "31 more faults" in caught.value.say(Lang.EN)  # 50 cells + 1 column - 20
    assert "31 autres fautes" in caught.value.say(Lang.FR)


def test_line_numbers(tmp_path: Path) -> None:
    """Faults name the line an editor shows, comments, blanks and quoted breaks counted."""
    text = '# one\n# two\nid,height_m\n"a\nb",3\n\nc,bad\n'
    assert "l. 7, col. height_m" in refused(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "comma", "value"),
    [
        ("12", False, 12.0), ("-1.5e3", False, -1500.0), (".5", False, 0.5), ("5.", False, 5.0),
        ("1,5", True, 1.5), ("1 234,5", True, 1234.5), ("1\u00a0234\u202f567", True, 1234567.0),
        ("1.5", True, 1.5),
    ],
)  # fmt: skip
def test_numbers(text: str, comma: bool, value: float) -> None:
    """A cell's number is read as its dialect means it."""
    assert parse_number(text, decimal_comma=comma) == value


@pytest.mark.parametrize(
    "text", ["", "1,5", "1.234,5", "1_000", "nan", "inf", "1e999", "0x10", "١"]
)
def test_not_numbers(text: str) -> None:
    """What Python's float would accept beyond plain numbers is refused."""
    assert math.isnan(parse_number(text))


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=200),
        st.text(max_size=200).map(lambda t: t.encode("utf-8", "replace")),
        st.text(alphabet='id,;"\n\r#é\theight_m0123456789.-', max_size=120).map(
            lambda t: b"id,height_m\n" + t.encode()
        ),
    )
)
@example(b'id,height_m\n"')
@example(b"\xef\xbb\xbf#\r")
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    """Any content either reads or is refused with a DataError in both languages."""
    refusal, table = None, None
    try:
        table = read_table(write(tmp_path, content), COLUMNS)
    except DataError as error:
        refusal = error
    assert (refusal is None) != (table is None)
    if table is not None:
        assert len(table.texts("id")) == len(table) > 0
    if refusal is not None:
        assert refusal.say(Lang.FR)
        assert refusal.say(Lang.EN)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.floats(0.0, 300.0), min_size=1, max_size=20))
def test_round_trip(tmp_path: Path, values: list[float]) -> None:
    """Numbers written in either dialect come back bit for bit."""
    for separator, comma in ((",", "."), (";", ",")):
        rows = [f"{i}{separator}{repr(v).replace('.', comma)}" for i, v in enumerate(values)]
        text = f"id{separator}height_m\n" + "\n".join(rows)
        assert read_table(write(tmp_path, text), COLUMNS).numbers("height_m").tolist() == values
