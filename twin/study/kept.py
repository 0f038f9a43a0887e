"""Years lived once and kept: options that differ elsewhere, or only in prices, share them.

A year is a pure function of its world and of the settings that touch it; its file is named by them,
in the folder of the study. What is read back is what was written, to the bit.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from twin.files import write_atomically

Kept = TypeVar("Kept")


def kept(folder: Path, name: str, kind: type[Kept], make: Callable[[], Kept]) -> Kept:
    """Return what the file holds, or make it and write it; a damaged file is made again.

    `kind` is a frozen dataclass of numbers and arrays.
    """
    file = folder / f"{name}.npz"
    known = _read(file, kind)
    if known is not None:
        return known
    made = make()
    columns = {each.name: np.asarray(getattr(made, each.name)) for each in fields(kind)}  # type: ignore[arg-type]
    folder.mkdir(parents=True, exist_ok=True)
    with write_atomically(file) as handle:
        np.savez(handle, **columns)  # type: ignore[arg-type]
    return made


def name_of(what: str, parts: Mapping[str, Any]) -> str:
    """Return the name of a year by everything it depends on."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return f"{what}-{hashlib.sha256(text.encode()).hexdigest()[:24]}"


def _read(file: Path, kind: type[Kept]) -> Kept | None:
    try:
        with np.load(file, allow_pickle=False) as held:
            columns = {name: held[name] for name in held.files}
        return kind(**{name: v.item() if v.ndim == 0 else v for name, v in columns.items()})
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        return None
