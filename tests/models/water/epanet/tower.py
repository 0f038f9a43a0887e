"""A tower filled by a pump between two levels, and two customers: a file of every test's own."""

from __future__ import annotations

from pathlib import Path

TOWER = """[JUNCTIONS]
pump 5
a 10
b 12
c 14
[RESERVOIRS]
r 10
[TANKS]
t 50 3 1 5 8
[PIPES]
s r pump 50 200 120
m a t 400 200 120
n a b 500 150 120
o b c 500 100 120
[PUMPS]
u pump a HEAD one
[DEMANDS]
b 10 day
b 5
c 8 day
[PATTERNS]
day 0.5 1.5 1 0.8
[CURVES]
one 60 55
[CONTROLS]
LINK u OPEN IF NODE t BELOW 2
LINK u CLOSED IF NODE t ABOVE 4
[TIMES]
DURATION 48
[OPTIONS]
UNITS CMH
[END]
"""


def written(folder: Path, *changes: tuple[str, str]) -> Path:
    """Return the tower's file with some of its text replaced."""
    text = TOWER
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    file = folder / "changed.inp"
    file.write_text(text)
    return file
