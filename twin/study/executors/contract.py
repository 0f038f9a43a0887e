"""What every executor promises: a crew that plays tasks, and for each what came of it.

A crew is opened once for a study and played round after round, so workers make their work once. It
yields tasks as they finish, in any order; what it yields does not depend on where they ran.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from twin.recorder import Part
from twin.study.plan import Failure, Task

if TYPE_CHECKING:
    from twin.ports import Executor

Work = Callable[[Task], Part]
MakeWork = Callable[[], Work]

ONE_THREAD = {
    "NUMBA_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
"""One process per core and one thread per process: more only fight over the cores."""


@dataclass(frozen=True)
class Played:
    """One task and what came of it.

    Attributes
    ----------
    duration_s : float
        Time its last attempt took where it ran; 0 where it left no trace of it.
    worker : str
        Where it ran: `inline`, `process 3`, or the address of a cluster's worker.
    attempts : int
        More than one where workers died with it.
    """

    task: Task
    outcome: Part | Failure
    duration_s: float = 0.0
    worker: str = ""
    attempts: int = 1


def attempt(work: Work, task: Task, worker: str = "") -> Played:
    """Play one task; an exception becomes a failure that carries its traceback."""
    began = time.perf_counter()
    try:
        outcome: Part | Failure = work(task)
    except Exception as error:  # noqa: BLE001 - any fault of one replication belongs in its failure
        outcome = Failure(task, f"{type(error).__name__}: {error}", traceback.format_exc())
    return Played(task, outcome, time.perf_counter() - began, worker)


def played(executor: Executor, make_work: MakeWork, tasks: Sequence[Task]) -> Iterator[Played]:
    """Yield what comes of each task, on a crew opened and dismissed for these alone."""
    with executor.crew(make_work) as crew:
        yield from crew.play(tasks)
