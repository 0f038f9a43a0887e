"""One TOML file: read whatever its byte order mark and line ends, or refused at its line."""

from __future__ import annotations

import tempfile
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.errors import ScenarioError
from twin.scenario.toml_file import read_toml


def write(folder: Path, content: bytes) -> Path:
    """Write a scenario file."""
    path = folder / "a.toml"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("content", [b'k = "\xc3\xa9"\n', b'\xef\xbb\xbfk = "\xc3\xa9"\r\n'])
def test_byte_order_mark(tmp_path: Path, content: bytes) -> None:
    """A UTF-8 byte order mark and Windows line ends change nothing."""
    assert read_toml(write(tmp_path, content)) == {"k": "é"}


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("a = 1\nb =\n", 2, "a value"),
        ("a = 1\nb = oui\n", 2, "a value"),
        ("a = 1\nb = 2 c = 3\n", 2, "one value per line"),
        ("a = 1\na = 2\n", 2, "a key given only once"),
        ("[a]\nx = 1\n[a]\n", 3, "a section declared only once"),
        ("a\n", 1, "'=' after the key"),
        ("[a\nx = 1\n", 1, "']' at the end of a section name"),
        ("a = [1,\n2\n", 2, "']' at the end of the list"),
        ('a = "abc\n', 1, "a legal character"),
        ("\n\nd = 2027-13-01\n", 3, "a date"),
        ('a = "b"\r\nc = \r\n', 2, "a value"),
    ],
)
def test_syntax(tmp_path: Path, text: str, line: int, hint: str) -> None:
    """A syntax error names its line, shows it and says what was expected."""
    with pytest.raises(ScenarioError, match="valid TOML") as caught:
        read_toml(write(tmp_path, text.encode()))
    (fault,) = caught.value.faults
    assert fault.key == f"l. {line}"
    assert fault.value == text.splitlines()[line - 1].strip()
    assert hint in fault.expected.en


@pytest.mark.parametrize("text", ["a = " + "9" * 5000, "a = " + "[" * 5000])
def test_monsters(tmp_path: Path, text: str) -> None:
    """Numbers and nestings beyond any use are refused like any other syntax error."""
    with pytest.raises(ScenarioError, match="valid TOML"):
        read_toml(write(tmp_path, text.encode()))


def test_not_utf8(tmp_path: Path) -> None:
    """A file saved in cp1252 is refused with the line and the letter that gave it away."""
    with pytest.raises(ScenarioError, match="UTF-8") as caught:
        read_toml(write(tmp_path, 'a = 1\nb = "été"\n'.encode("cp1252")))
    assert (caught.value.faults[0].key, caught.value.faults[0].value) == ("l. 2", "é")


@pytest.mark.parametrize("name", ["absent.toml", ".", "x" * 300, "a\0b"])
def test_unreadable(tmp_path: Path, name: str) -> None:
    """A file that is absent, a folder or impossible to name is refused."""
    with pytest.raises(ScenarioError, match="a readable scenario file"):
        read_toml(tmp_path / name)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes(content: bytes) -> None:
    """Any bytes at all give the tree that TOML defines, or a fault in both languages."""
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), content)
        found = tree_or_message(path)
    if isinstance(found, str):
        assert found
        assert "\n" not in found
    else:
        assert found == tomllib.loads(content.decode("utf-8-sig"))


def tree_or_message(path: Path) -> dict[str, Any] | str:
    """Return the content of a file, or what is wrong with it."""
    try:
        return read_toml(path)
    except ScenarioError as error:
        return str(error)
