"""Who works in a folder of results: any number of studies at once, and what the dead ones left.

Each study at work holds a shared lock on the folder, which the system lets go however the study
ends. Whoever finds no other holder may sweep away the scratch files of studies that were killed.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from twin.errors import Fault, InputError
from twin.lang import Text

LOCK_FILE = ".lock"


@contextmanager
def occupied(folder: Path, *, anew: bool = False) -> Iterator[None]:
    """Hold the folder's shared lock for the block, after sweeping if nobody else holds it.

    `anew` empties the folder first. Where the system has no such lock (Windows), nothing is swept.

    Raises
    ------
    InputError
        The folder should be emptied and another study is at work in it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        import fcntl
    except ModuleNotFoundError:
        if anew:
            _empty(folder)
        yield
        return
    with (folder / LOCK_FILE).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            # Somebody is at work here: neither its results nor its scratch are ours to clear.
            if anew:
                raise InputError(_busy(folder)) from None
        else:
            if anew:
                _empty(folder)
            _sweep(folder)
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def _empty(folder: Path) -> None:
    """Remove all that a study left, its lock aside."""
    for place in folder.iterdir():
        if place.is_dir():
            shutil.rmtree(place)
        elif place.name != LOCK_FILE:
            place.unlink()


def _sweep(folder: Path) -> None:
    """Remove scratch folders (see :func:`twin.files.replacing`): hidden, one per file written."""
    for place in (folder, *(each for each in folder.iterdir() if each.is_dir())):
        for scratch in list(place.glob(".*")):
            if scratch.is_dir():
                shutil.rmtree(scratch, ignore_errors=True)


def _busy(folder: Path) -> Fault:
    return Fault(
        Text("un dossier où aucune étude n'est en cours", "a folder in which no study is at work"),
        Text("attendre qu'elle finisse, ou l'arrêter", "wait until it ends, or stop it"),
        key="--anew",
        value=str(folder),
    )
