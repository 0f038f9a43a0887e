"""Lines of links too short to be one: EPANET 2.3.6 drops them without a word."""

from __future__ import annotations

from pathlib import Path

from models.water.epanet.faults import fault_of
from twin.errors import Fault

_LEAST = {"[PIPE": 3, "[PUMP": 3, "[VALV": 5}
"""Words EPANET wants of a line, by the start of its section's title [V]."""

_SYNTAX = 201


def short_lines(path: Path, links: int) -> list[Fault]:
    """Return a fault for each line of a pipe, pump or valve that made no link.

    `links` is how many links EPANET read; nothing more is looked at where all are there.
    """
    rows = _rows(path)
    if len(rows) == links:
        return []
    return [
        fault_of(_SYNTAX, file=path.name, key=f"l. {number} {title} {' '.join(words)}")
        for number, title, words in rows
        if len(words) < _LEAST[title[:5].upper()]
    ]


def _rows(path: Path) -> list[tuple[int, str, list[str]]]:
    """Return the lines of links: number, title of the section, words."""
    found = []
    title = ""
    with path.open(encoding="latin-1") as lines:
        for number, line in enumerate(lines, start=1):
            words = line.partition(";")[0].split()
            if not words:
                continue
            if words[0].startswith("["):
                title = words[0]
                if title[:4].upper() == "[END":
                    break
            elif title[:5].upper() in _LEAST:
                found.append((number, title, words))
    return found
