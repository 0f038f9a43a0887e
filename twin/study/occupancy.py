"""Who works in a folder of results: any number of studies at once, and what the dead ones left.

Each study at work holds a shared lock on the folder, which the system lets go however the study
ends. Whoever finds no other holder may sweep away the scratch files of studies that were killed.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK_FILE = ".lock"


@contextmanager
def occupied(folder: Path) -> Iterator[None]:
    """Hold the folder's shared lock for the block, after sweeping if nobody else holds it.

    Where the system has no such lock (Windows), nothing is swept.
    """
    try:
        import fcntl
    except ModuleNotFoundError:
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOCK_FILE).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            pass  # somebody is at work here: its scratch is not ours to sweep
        else:
            _sweep(folder)
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def _sweep(folder: Path) -> None:
    """Remove scratch folders (see :func:`twin.files.replacing`): hidden, one per file written."""
    for place in (folder, *(each for each in folder.iterdir() if each.is_dir())):
        for scratch in list(place.glob(".*")):
            if scratch.is_dir():
                shutil.rmtree(scratch, ignore_errors=True)
