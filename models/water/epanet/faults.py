"""From what EPANET writes about a file to faults: every one, with its line and its remedy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from ctypes import create_string_buffer
from pathlib import Path

from models.water.epanet.codes import NOT_SOLVED
from models.water.epanet.library import library
from models.water.epanet.messages import MESSAGES
from twin.errors import Fault
from twin.lang import Text, same

_ERROR = re.compile(r"Error (\d+): (.*?)\s*$")
_SECTION = re.compile(r"(.*) in (\[\w+\]) section:$")
_SUMMARIES = frozenset({200, 233})
"""Codes that only say that others were met."""

_NAMED = frozenset({225, 226, 227, 230, 231, 232, 234})
"""Codes whose message ends with the name of what is at fault."""

_UNKNOWN_SECTION = 299
_TEXT_BYTES = 256


def epanet_text(code: int) -> str:
    """Return EPANET's own words for a code."""
    text = create_string_buffer(_TEXT_BYTES)
    library().EN_geterror(code, text, _TEXT_BYTES - 1)
    return text.value.decode("latin-1").removeprefix(f"Error {code}: ")


def fault_of(code: int, *, file: str = "", key: str = "", value: str = "") -> Fault:
    """Return the fault of one code, in our words where the table has them."""
    expected, remedy = MESSAGES.get(
        code,
        (
            same(f"EPANET {code} : {epanet_text(code)}"),
            Text("voir le manuel d'EPANET 2.3", "see the manual of EPANET 2.3"),
        ),
    )
    return Fault(expected=expected, remedy=remedy, file=file, key=key, value=value)


def faults_in(report: Iterable[str], code: int, path: Path) -> list[Fault]:
    """Return every fault a report tells of, in the order of the file.

    Parameters
    ----------
    report : iterable of str
        Lines EPANET wrote while it opened the file.
    code : int
        What it returned; told where the report tells of nothing.
    path : Path
        The file, read again to number the lines: EPANET only repeats them.
    """
    places = _Places(path)
    lines = [line.strip() for line in report]
    found: list[Fault] = []
    for at, line in enumerate(lines):
        error = _ERROR.match(line)
        if error is None or int(error[1]) in _SUMMARIES:
            continue
        number, words = int(error[1]), error[2]
        section = _SECTION.match(words)
        if section is not None and at + 1 < len(lines):
            quoted = _squeezed(lines[at + 1])
            word = section[1].split()[-1]
            key = f"{places.of(quoted)} {section[2]} {quoted}".strip()
            met = word if word in quoted.split() else ""  # some messages name no word
            found.append(fault_of(number, file=path.name, key=key, value=met))
        elif number == _UNKNOWN_SECTION:
            title = words.split(":")[0].split()[-1]
            found.append(fault_of(number, file=path.name, key=places.of(title), value=title))
        else:
            met = words.split()[-1] if number in _NAMED else ""
            found.append(fault_of(number, file=path.name, value=met))
    # The last line says that the network cannot be solved: after the reasons, no news.
    reasons = [fault for fault in found if fault.expected != MESSAGES[NOT_SOLVED][0]]
    return reasons or found or [fault_of(code, file=path.name)]


class _Places:
    """Line numbers of texts met in the order of the file."""

    def __init__(self, path: Path) -> None:
        self._lines: Sequence[str] = _lines_of(path)
        self._next = 0

    def of(self, text: str) -> str:
        """Return `l. 12`, the next line of that text; nothing where there is none."""
        wanted = _squeezed(text)
        for number in range(self._next, len(self._lines)):
            if self._lines[number] == wanted:
                self._next = number + 1
                return f"l. {number + 1}"
        return ""


def _lines_of(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="latin-1")
    except OSError:
        return []
    return [_squeezed(line) for line in text.split("\n")]


def _squeezed(text: str) -> str:
    return " ".join(text.split())
