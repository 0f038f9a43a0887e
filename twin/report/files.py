"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a scratch path beside `path` that takes its place once the block succeeds.

    On any exception the scratch file is removed and `path` is left as it was. Missing parent
    folders are created.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as folder:
        scratch = Path(folder) / path.name
        yield scratch
        os.replace(scratch, path)  # noqa: PTH105 - the atomic replacement itself


def write_text(path: Path, text: str) -> Path:
    """Write `text` as UTF-8, exactly as given, atomically; return `path`."""
    with replacing(path) as scratch:
        scratch.write_bytes(text.encode("utf-8"))
    return path
