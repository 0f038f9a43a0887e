"""Files written whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a scratch path that takes the place of `path` once the block ends well.

    The scratch file bears the name of `path`, for writers that look at the suffix, in a folder of
    its own beside it, so that two processes never share one. A reader sees the old file or the new
    one, never half of one; an error or an interruption leaves the old and no trace of the new.
    Missing parent folders are created.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # What cannot be cleared away must not hide the error that left it there.
    with tempfile.TemporaryDirectory(
        prefix=f".{path.name}.", dir=path.parent, ignore_cleanup_errors=True
    ) as folder:
        scratch = Path(folder) / path.name
        yield scratch
        scratch.replace(path)


@contextmanager
def write_atomically(path: Path, mode: str = "wb") -> Iterator[IO[Any]]:
    """Yield an open file that takes the place of `path` once the block ends well.

    Text (mode "w") is UTF-8 and its line ends are left as given. See :func:`replacing`.
    """
    encoding, newline = (None, None) if "b" in mode else ("utf-8", "")
    with (
        replacing(path) as scratch,
        scratch.open(mode, encoding=encoding, newline=newline) as handle,
    ):
        yield handle


def write_text(path: Path, text: str) -> Path:
    """Write `text` as UTF-8, exactly as given, whole or not at all; return `path`."""
    with write_atomically(path, "w") as handle:
        handle.write(text)
    return path
