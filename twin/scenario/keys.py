"""Keys nobody knows: what was meant, by spelling or by unit."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from twin.errors import Fault
from twin.lang import Text
from twin.tables import OTHER_UNITS
from twin.units import SUFFIXES


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most like `word`, or None where none is close."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return close[0] if close else None


def same_quantity(word: str, known: Iterable[str]) -> str | None:
    """Return the known key for the same quantity in another unit, or None.

    >>> same_quantity("height_cm", ["height_m", "share"])
    'height_m'
    """
    stem, _ = _cut_unit(word)
    for name in known:
        name_stem, unit = _cut_unit(name)
        if unit and name_stem == stem:
            return name
    return None


def meant(word: str, known: Iterable[str]) -> str | None:
    """Return the known key that `word` was probably meant to be, or None."""
    names = sorted(known)
    return same_quantity(word, names) or nearest(word, names)


def unknown_key(word: str, known: Iterable[str], dotted: str, file: Path, value: str) -> Fault:
    """Return the fault of a key nobody knows, naming the nearest known key or the wrong unit."""
    names = sorted(known)
    unit_twin = same_quantity(word, names)
    if unit_twin is not None:
        return Fault(
            expected=Text(
                f"la clé « {unit_twin} », dans l'unité que dit son nom",
                f"the key '{unit_twin}', in the unit its name says",
            ),
            remedy=Text(
                f"convertir la valeur et écrire {unit_twin} = …",
                f"convert the value and write {unit_twin} = …",
            ),
            file=str(file),
            key=dotted,
            value=value,
        )
    guess = nearest(word, names)
    listing = ", ".join(names)
    return Fault(
        expected=Text(f"un nom connu parmi : {listing}", f"a known name among: {listing}"),
        remedy=Text(f"écrire « {guess} » ?", f"did you mean '{guess}'?")
        if guess
        else Text("retirer ce nom", "remove this name"),
        file=str(file),
        key=dotted,
        value=value,
    )


def _cut_unit(name: str) -> tuple[str, str]:
    """Return a key without its unit, and the unit."""
    unit = max(
        (s for s in (*SUFFIXES, *OTHER_UNITS) if name.lower().endswith(s)), key=len, default=""
    )
    return name[: len(name) - len(unit)].lower(), unit
