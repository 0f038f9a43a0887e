"""Replications played one after the other in this process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from twin.study.executors.contract import MakeWork, Played, Work, attempt
from twin.study.plan import Task


@dataclass(frozen=True)
class InlineExecutor:
    """Plays tasks in the order given."""

    name: str = "inline"

    @contextmanager
    def crew(self, make_work: MakeWork) -> Iterator[InlineCrew]:
        """Yield the crew; the work is made at the first task."""
        yield InlineCrew(make_work)


@dataclass
class InlineCrew:
    """The crew of one that this process is."""

    make_work: MakeWork
    _work: list[Work] = field(default_factory=list)

    def play(self, tasks: Sequence[Task]) -> Iterator[Played]:
        """Yield what comes of each task, in order."""
        for task in tasks:
            if not self._work:
                self._work.append(self.make_work())
            yield attempt(self._work[0], task, "inline")
