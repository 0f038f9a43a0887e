"""Play what remains of a study, round after round, and keep each part as it arrives."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from twin.errors import Fault
from twin.study.plan import Failure, StudyPlan, Task
from twin.study.progress import Progress, SilentProgress

if TYPE_CHECKING:
    from twin.ports import Crew, Executor
    from twin.study.executors.contract import MakeWork
    from twin.study.store import Store

V = TypeVar("V")

Rounds = Generator[Sequence[Task], None, V]
"""Yields the tasks that must be in the store next, earlier ones included; returns a verdict."""


@dataclass(frozen=True)
class StudyResult(Generic[V]):
    """What a run of the study achieved.

    Attributes
    ----------
    finished : tuple of Task
        Every task asked for whose part is in the store, in the order asked.
    failures : tuple of Failure
        Tasks that raised or killed their worker, in the order asked. Never left out silently: a
        mean over the others is biased towards what did not fail.
    resumed : int
        How many of the finished tasks an earlier run had already played.
    verdict
        What the rounds concluded; None where failures ended them early.
    """

    finished: tuple[Task, ...]
    failures: tuple[Failure, ...]
    resumed: int
    verdict: V | None = None


@dataclass
class _Tally:
    """What has been asked so far and what came of it."""

    asked: dict[Task, None] = field(default_factory=dict)
    played: set[Task] = field(default_factory=set)
    failures: dict[Task, Failure] = field(default_factory=dict)

    def result(self, verdict: V | None) -> StudyResult[V]:
        failed = self.failures
        return StudyResult(
            finished=tuple(task for task in self.asked if task not in failed),
            failures=tuple(failed[task] for task in self.asked if task in failed),
            resumed=len(self.asked) - len(self.played),
            verdict=verdict,
        )


def run_study(
    plan: StudyPlan,
    store: Store,
    executor: Executor,
    make_work: MakeWork,
    progress: Progress | None = None,
) -> StudyResult[None]:
    """Play the tasks of a plan whose part the store does not hold yet; see :func:`run_rounds`."""
    return run_rounds(_once(plan), store, executor, make_work, progress)


def run_rounds(
    rounds: Rounds[V],
    store: Store,
    executor: Executor,
    make_work: MakeWork,
    progress: Progress | None = None,
    tell: Callable[[Fault], None] = lambda _fault: None,
) -> StudyResult[V]:
    """Play what each round asks for and the store does not hold; write each part as it arrives.

    KeyboardInterrupt passes through once the workers are stopped; every part written before it is
    whole, and calling again plays only the rest. Damaged parts are set aside, told and played
    again. A round with failures is the last: what follows would be decided without them.
    """
    for fault in store.mend():
        tell(fault)
    tally = _Tally()
    with progress or SilentProgress() as told, executor.crew(make_work) as crew:
        while True:
            try:
                asked = next(rounds)
            except StopIteration as end:
                return tally.result(end.value)
            _play_round(asked, store, crew, told, tally)
            if tally.failures:
                rounds.close()
                return tally.result(None)


def _once(tasks: Iterable[Task]) -> Rounds[None]:
    yield tuple(tasks)


def _play_round(
    asked: Sequence[Task], store: Store, crew: Crew, progress: Progress, tally: _Tally
) -> None:
    tally.asked |= dict.fromkeys(asked)
    missing = [task for task in asked if not store.has(task)]
    progress.begin(len(tally.asked), len(tally.asked) - len(missing))
    if not missing:
        return
    for played in crew.play(missing):
        failed = isinstance(played.outcome, Failure)
        store.keep(played)
        tally.played.add(played.task)
        if isinstance(played.outcome, Failure):
            tally.failures[played.task] = played.outcome
        progress.advance(failed=failed)
