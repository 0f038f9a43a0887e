"""Where a study stands: a bar with the time left on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, Self, TextIO

from twin.lang import Lang, Text

if TYPE_CHECKING:
    from types import TracebackType

    from rich.progress import Progress as Bar
    from rich.progress import TaskID

LINE_EVERY_S = 10.0
REPLICATIONS = Text("réplications", "replications")
LEFT = Text("reste", "left")
FAILED = Text("en échec", "failed")
_MINUTE_S = 60
_HOUR_MIN = 60


class Progress(Protocol):
    """What a study tells about itself."""

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End, however it ended."""
        ...

    def begin(self, total: int, already: int) -> None:
        """Say how many tasks there are so far, and how many of them are done.

        Said again at each round: a study that plays until it is precise learns its length as it
        goes.
        """
        ...

    def advance(self, *, failed: bool = False) -> None:
        """Say that one more task came to its end."""
        ...


class SilentProgress:
    """Says nothing."""

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End."""

    def begin(self, total: int, already: int) -> None:
        """Ignore."""

    def advance(self, *, failed: bool = False) -> None:
        """Ignore."""


@dataclass
class PlainProgress:
    """Prints a line at the start, at the end, and about every ten seconds between.

    `clock_s` tells monotonic seconds; tests replace it.
    """

    lang: Lang = Lang.FR
    stream: TextIO = field(default_factory=lambda: sys.stderr)
    clock_s: Callable[[], float] = time.monotonic
    total: int = 0
    already: int = 0
    done: int = 0
    failed: int = 0
    _began_s: float = 0.0
    _said_s: float = 0.0

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End."""

    def begin(self, total: int, already: int) -> None:
        """Print the first line."""
        self.total, self.already, self.done, self.failed = total, already, already, 0
        self._began_s = self.clock_s()
        self._say()

    def advance(self, *, failed: bool = False) -> None:
        """Count, and print if it is time to."""
        self.done += 1
        self.failed += failed
        if self.done >= self.total or self.clock_s() - self._said_s >= LINE_EVERY_S:
            self._say()

    def _say(self) -> None:
        self._said_s = self.clock_s()
        words = [f"{self.done}/{self.total} {REPLICATIONS.say(self.lang)}"]
        fresh = self.done - self.already
        if fresh and self.done < self.total:
            left_s = (self._said_s - self._began_s) / fresh * (self.total - self.done)
            words.append(f"{LEFT.say(self.lang)} {duration(left_s)}")
        if self.failed:
            words.append(f"{self.failed} {FAILED.say(self.lang)}")
        print(", ".join(words), file=self.stream, flush=True)


@dataclass
class BarProgress:
    """A rich bar: done, total, time left."""

    lang: Lang = Lang.FR
    _bar: Bar | None = None
    _task: TaskID | None = None
    _failed: int = 0

    def __enter__(self) -> Self:
        """Draw the bar."""
        from rich.console import Console  # only where there is a terminal
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            TextColumn,
            TimeRemainingColumn,
        )
        from rich.progress import Progress as RichBar

        self._bar = RichBar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn(LEFT.say(self.lang)),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the last state on screen."""
        if self._bar is not None:
            self._bar.stop()

    def begin(self, total: int, already: int) -> None:
        """Show how much there is to do."""
        if self._bar is None:
            return
        if self._task is None:
            said = REPLICATIONS.say(self.lang)
            self._task = self._bar.add_task(said, total=total, completed=already)
        else:
            self._bar.update(self._task, total=total, completed=already)

    def advance(self, *, failed: bool = False) -> None:
        """Move the bar."""
        if self._bar is None or self._task is None:
            return
        self._failed += failed
        self._bar.advance(self._task)
        if failed:
            said = f"{REPLICATIONS.say(self.lang)} ({self._failed} {FAILED.say(self.lang)})"
            self._bar.update(self._task, description=said)


def make_progress(lang: Lang = Lang.FR, *, silent: bool = False) -> Progress:
    """Return the progress that suits where standard error goes."""
    if silent:
        return SilentProgress()
    return BarProgress(lang) if sys.stderr.isatty() else PlainProgress(lang)


def duration(seconds: float) -> str:
    """Return a duration a person reads: `45 s`, `3 min`, `2 h 05`."""
    nbsp = "\N{NO-BREAK SPACE}"
    if seconds < _MINUTE_S:
        return f"{seconds:.0f}{nbsp}s"
    minutes = round(seconds / _MINUTE_S)
    if minutes < _HOUR_MIN:
        return f"{minutes}{nbsp}min"
    return f"{minutes // _HOUR_MIN}{nbsp}h{nbsp}{minutes % _HOUR_MIN:02d}"
