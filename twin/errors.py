"""The exception tree: whose fault, where, and the remedy.

::

    TwinError
    ├── InputError              the input is at fault; exit code 2, no traceback
    │   ├── ScenarioError       a scenario file or one of the tables it names
    │   ├── DataError           a data file: points, profile, frames, terrain
    │   └── UnreachableError    the input is well formed but asks for the impossible
    └── RunError                the input is sound and the run still failed; exit code 1
        ├── StoreError          a result could not be written; earlier ones are intact
        └── ReplicationError    one replication raised; carries its key and its traceback

Every :class:`InputError` carries one or more :class:`Fault`, so a reader learns of all of them at
once and each names the file, the key or row, the value met, what was expected and the remedy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from twin.lang import Lang, Text, same

_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")

EXIT_BAD_INPUT = 2
EXIT_FAILED_RUN = 1


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the input.

    `file` and `key` say where (`key` is a dotted key, a column name or `row 12, column x_m`),
    `value` is what was met (already printable), `expected` and `remedy` say what to do about it.
    """

    expected: Text
    remedy: Text
    file: str = ""
    key: str = ""
    value: str = ""

    def say(self, lang: Lang = Lang.FR) -> str:
        """Return the fault as one line of prose."""
        french = lang is Lang.FR
        where = " : ".join(part for part in (self.file, self.key) if part)
        met = f"« {self.value} »" if french else f"'{self.value}'"
        parts = [where] if where else []
        if self.value:
            parts.append(f"trouvé {met}" if french else f"found {met}")
        parts.append(("attendu : " if french else "expected: ") + self.expected.say(lang))
        parts.append(("remède : " if french else "remedy: ") + self.remedy.say(lang))
        # A name met in a file may hold a line break: the message still takes one line.
        return _BREAKS.sub(" ", " ; ".join(parts) if french else "; ".join(parts))


class TwinError(Exception):
    """Root of every error this project raises on purpose."""

    exit_code = EXIT_FAILED_RUN

    def say(self, lang: Lang = Lang.FR) -> str:  # noqa: ARG002 - subclasses speak both languages
        """Return the message for a person."""
        return str(self)


class InputError(TwinError):
    """The input is at fault. Raised once, with every fault found."""

    exit_code = EXIT_BAD_INPUT

    def __init__(self, *faults: Fault) -> None:
        # SimPy and pickle rebuild an exception from its args: they are the faults themselves.
        super().__init__(*faults)
        self.faults: Sequence[Fault] = faults

    def __str__(self) -> str:
        """Return every fault, in English."""
        return self.say(Lang.EN)

    def say(self, lang: Lang = Lang.FR) -> str:
        """Return every fault, one per line."""
        return "\n".join(fault.say(lang) for fault in self.faults)


class ScenarioError(InputError):
    """A scenario file, or a table it names, is at fault."""


class DataError(InputError):
    """A data file is at fault."""


class UnreachableError(InputError):
    """The input is well formed but asks for what cannot be reached."""


class Faults:
    """Faults gathered from several readings, so that a person learns of all of them at once.

    >>> faults = Faults()
    >>> with faults.gathered():
    ...     raise DataError(Fault(Text("un point", "a point"), Text("l'ajouter", "add it")))
    >>> len(faults.found)
    1
    """

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, faults: Iterable[Fault]) -> None:
        """Keep faults not yet known."""
        for fault in faults:
            if fault not in self.found:
                self.found.append(fault)

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Keep the faults of an InputError raised in the block, and go on after it."""
        try:
            yield
        except InputError as error:
            self.add(error.faults)

    def raise_all(self) -> None:
        """Raise one ScenarioError with every fault found; return if there is none."""
        if self.found:
            raise ScenarioError(*self.found)


class RunError(TwinError):
    """The input is sound and the run still failed; `text` says why, in both languages or in one."""

    def __init__(self, text: Text | str) -> None:
        # Rebuilt whole across processes and by SimPy, which both copy from args.
        super().__init__(text)
        self.text = same(text) if isinstance(text, str) else text

    def __str__(self) -> str:
        """Return the English sentence."""
        return self.text.en

    def say(self, lang: Lang = Lang.FR) -> str:
        """Return the sentence in `lang`."""
        return self.text.say(lang)


class StoreError(RunError):
    """A result could not be written or read; what was written before is intact."""


class ReplicationError(RunError):
    """Replications raised; the message carries the first one's key and its traceback."""
