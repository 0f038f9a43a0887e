"""Play what remains of a plan and keep each part as it arrives."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin.recorder import Part
from twin.study.plan import Failure, StudyPlan, Task
from twin.study.progress import Progress, SilentProgress

if TYPE_CHECKING:
    from twin.ports import Executor
    from twin.study.executors import MakeWork
    from twin.study.store import Store

Runs = Iterator[tuple[Task, Part | Failure]]


@dataclass(frozen=True)
class StudyResult:
    """What a run of the study achieved.

    Attributes
    ----------
    finished : tuple of Task
        Every task of the plan whose part is in the store, in the plan's order.
    failures : tuple of Failure
        Tasks that raised or killed their worker, in the plan's order. Never left out silently: a
        mean over the others is biased towards what did not fail.
    resumed : int
        How many of the finished tasks an earlier run had already played.
    """

    finished: tuple[Task, ...]
    failures: tuple[Failure, ...]
    resumed: int


def run_study(
    plan: StudyPlan,
    store: Store,
    executor: Executor,
    make_work: MakeWork,
    progress: Progress | None = None,
) -> StudyResult:
    """Play the tasks whose part the store does not hold yet; write each part as it arrives.

    KeyboardInterrupt passes through once the workers are stopped; every part written before it is
    whole, and calling again plays only the rest.

    Raises
    ------
    DataError
        The store holds a damaged part.
    """
    there = store.finished()
    tasks = plan.tasks()
    missing = tuple(task for task in tasks if task not in there)
    failures: dict[Task, Failure] = {}
    with progress or SilentProgress() as told, _closed(executor.run(make_work, missing)) as runs:
        told.begin(len(tasks), len(tasks) - len(missing))
        for task, outcome in runs:
            if isinstance(outcome, Failure):
                failures[task] = outcome
            else:
                store.write(task, outcome)
            told.advance(failed=isinstance(outcome, Failure))
    return StudyResult(
        finished=tuple(task for task in tasks if task not in failures),
        failures=tuple(failures[task] for task in tasks if task in failures),
        resumed=len(tasks) - len(missing),
    )


@contextmanager
def _closed(runs: Runs) -> Iterator[Runs]:
    """Close the executor's generator on the way out, so that its workers stop now, not later."""
    try:
        yield runs
    finally:
        if isinstance(runs, Generator):
            runs.close()
