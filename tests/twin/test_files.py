"""Files are written whole or not at all."""

from __future__ import annotations

import multiprocessing
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from twin.files import replacing, write_atomically, write_text


@pytest.fixture
def ordinary_umask() -> Iterator[None]:
    """Let others read what is written, as accounts do by default."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("ordinary_umask")
def test_whole(tmp_path: Path) -> None:
    """Once the block ends the content is there, alone, readable by colleagues."""
    file = tmp_path / "new" / "folder" / "a.bin"
    with write_atomically(file) as handle:
        handle.write(b"abc")
    assert file.read_bytes() == b"abc"
    assert [path.name for path in file.parent.iterdir()] == ["a.bin"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o644


def test_a_path_for_writers_that_open_it_themselves(tmp_path: Path) -> None:
    """The scratch path bears the same name and is elsewhere until the block ends."""
    file = tmp_path / "a.gpkg"
    with replacing(file) as scratch:
        assert scratch.name == "a.gpkg"
        scratch.write_bytes(b"abc")
        assert not file.exists()
    assert file.read_bytes() == b"abc"
    assert list(tmp_path.iterdir()) == [file]


def test_a_whole_text_in_one_call(tmp_path: Path) -> None:
    """`write_text` writes UTF-8 as given and says where."""
    assert write_text(tmp_path / "x" / "a.csv", "é;1\r\nè;2\n") == tmp_path / "x" / "a.csv"
    assert (tmp_path / "x" / "a.csv").read_bytes() == "é;1\r\nè;2\n".encode()


def test_text_is_utf8_and_untouched(tmp_path: Path) -> None:
    """Text is written as UTF-8 and its line ends are not changed."""
    file = tmp_path / "a.csv"
    with write_atomically(file, "w") as handle:
        handle.write("é;1\r\nè;2\n")
    assert file.read_bytes() == "é;1\r\nè;2\n".encode()


def write_half(file: Path, error: type[BaseException]) -> None:
    """Fail in the middle of writing."""
    with write_atomically(file) as handle:
        handle.write(b"half")
        raise error


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_error_leaves_the_old_file(tmp_path: Path, error: type[BaseException]) -> None:
    """A block that fails, or is interrupted, leaves the old file and no trace of the new."""
    file = tmp_path / "a.bin"
    file.write_bytes(b"old")
    with pytest.raises(error):
        write_half(file, error)
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]


def test_nothing_is_seen_before_the_end(tmp_path: Path) -> None:
    """Inside the block the file is not there yet."""
    file = tmp_path / "a.bin"
    with write_atomically(file) as handle:
        handle.write(b"half")
        handle.flush()
        assert not file.exists()


def _killed(file: str) -> None:
    with write_atomically(Path(file)) as handle:
        handle.write(b"half")
        handle.flush()
        os._exit(9)


def test_a_killed_process_leaves_the_old_file(tmp_path: Path) -> None:
    """A process killed in the middle of writing leaves the old content in place."""
    file = tmp_path / "a.bin"
    file.write_bytes(b"old")
    worker = multiprocessing.get_context("spawn").Process(target=_killed, args=(str(file),))
    worker.start()
    worker.join(60)
    assert worker.exitcode == 9
    assert file.read_bytes() == b"old"
