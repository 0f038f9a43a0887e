"""Where replications run: here, or on worker processes. The parts are the same bits.

Worker processes are spawned, never forked, so a worker starts from the same state on every
system. Each is told once how to make its work, then is handed one task at a time: 0.2 ms a task,
and when a worker dies the parent knows exactly which task it held.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from twin.errors import RunError, TwinError
from twin.recorder import Part
from twin.study.plan import Failure, Task

Work = Callable[[Task], Part]
MakeWork = Callable[[], Work]

ONE_THREAD = {
    "NUMBA_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
"""One process per core and one thread per process: more only fight over the cores."""

STOP_GRACE_S = 2.0


@dataclass(frozen=True)
class InlineExecutor:
    """Plays tasks one after the other in this process."""

    def run(
        self, make_work: MakeWork, tasks: Sequence[Task]
    ) -> Iterator[tuple[Task, Part | Failure]]:
        """Yield each task with its part or its failure, in the order given."""
        if not tasks:
            return
        work = make_work()
        for task in tasks:
            yield task, attempt(work, task)


@dataclass(frozen=True)
class ProcessExecutor:
    """Plays tasks on `workers` spawned processes.

    A worker that dies loses the one task it held; that task is played once more on a new worker,
    and becomes a :class:`Failure` if it kills that one too. An interruption (Ctrl-C, or closing
    the iterator) stops the workers at once; parts already yielded are the caller's.
    """

    workers: int

    def __post_init__(self) -> None:
        if self.workers < 1:
            raise ValueError(f"workers: {self.workers} is not an integer of at least 1")

    def run(
        self, make_work: MakeWork, tasks: Sequence[Task]
    ) -> Iterator[tuple[Task, Part | Failure]]:
        """Yield each task with its part or its failure, as they finish.

        Parameters
        ----------
        make_work : picklable callable
            Called once in each worker; what it returns plays the tasks.

        Raises
        ------
        RunError
            `make_work` itself failed; the message carries its traceback.
        InputError
            `make_work` met bad input.
        """
        if not tasks:
            return
        recipe = pickle.dumps(make_work)
        waiting = deque(tasks)
        tried: set[Task] = set()
        crew: list[_Worker] = []
        try:
            while waiting or any(worker.task for worker in crew):
                while waiting and len(crew) < self.workers:
                    crew.append(_Worker.start(recipe))
                for worker in crew:
                    if waiting and worker.task is None:
                        worker.give(waiting.popleft())
                for worker in _heard(crew):
                    task, outcome = worker.collect()
                    if outcome is not None:
                        yield task, outcome
                        continue
                    crew.remove(worker)
                    if task in tried:
                        yield task, worker.obituary(task)
                    else:
                        tried.add(task)
                        waiting.appendleft(task)
        finally:
            _dismiss(crew)


def attempt(work: Work, task: Task) -> Part | Failure:
    """Play one task; an exception becomes a failure that carries its traceback."""
    try:
        return work(task)
    except Exception as error:  # noqa: BLE001 - any fault of one replication belongs in its failure
        return Failure(task, f"{type(error).__name__}: {error}", traceback.format_exc())


@dataclass
class _Worker:
    """One spawned process, the pipe to it, and the task it holds."""

    process: BaseProcess
    pipe: Connection
    task: Task | None = None

    @classmethod
    def start(cls, recipe: bytes) -> _Worker:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, recipe), daemon=True)
        with _quiet_birth():
            process.start()
        # Once ours is the only copy left here, the pipe ends when the worker does.
        theirs.close()
        return cls(process, ours)

    def give(self, task: Task) -> None:
        self.task = task
        # A worker that is already dead is noticed when it is collected, with its task in hand.
        with suppress(BrokenPipeError, ConnectionResetError):
            self.pipe.send(task)

    def collect(self) -> tuple[Task, Part | Failure | None]:
        """Return the task held and its outcome; None says that the worker died with it."""
        task, self.task = self.task, None
        assert task is not None  # noqa: S101 - only workers that hold a task are listened to
        try:
            outcome = self.pipe.recv()
        except (EOFError, ConnectionResetError):
            return task, None
        if isinstance(outcome, TwinError):
            raise outcome
        return task, outcome

    def obituary(self, task: Task) -> Failure:
        self.process.join(STOP_GRACE_S)
        code = self.process.exitcode
        said = f"worker process died twice on this task (exit code {code})"
        return Failure(task, f"WorkerDied: {said}", f"{said}; no traceback could be kept")


def _heard(crew: list[_Worker]) -> list[_Worker]:
    ready = wait([worker.pipe for worker in crew if worker.task is not None])
    return [worker for worker in crew if worker.pipe in ready]


def _dismiss(crew: list[_Worker]) -> None:
    for worker in crew:
        # An idle worker leaves when its pipe closes; one at work is stopped.
        worker.pipe.close()
        if worker.task is not None:
            worker.process.terminate()
    for worker in crew:
        worker.process.join(STOP_GRACE_S)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()


def _serve(pipe: Connection, recipe: bytes) -> None:
    """Live as a worker: make the work, then play what comes until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    work: Work | None = None
    with pipe, suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            task = pipe.recv()
            if work is None:
                try:
                    work = pickle.loads(recipe)()  # noqa: S301 - pickled by our own parent
                except TwinError as error:
                    pipe.send(error)
                    return
                except Exception:  # noqa: BLE001 - told to the parent, which raises
                    pipe.send(RunError(f"a worker could not start:\n{traceback.format_exc()}"))
                    return
            pipe.send(attempt(work, task))


@contextmanager
def _quiet_birth() -> Iterator[None]:
    """Let a child inherit one thread per library, and an ignored SIGINT from its first instant.

    Set inside the child it would come too late: numpy and numba size their pools at import, and a
    Ctrl-C during those imports would print a traceback per worker.
    """
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    in_main_thread = threading.current_thread() is threading.main_thread()
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN) if in_main_thread else None
    os.environ.update(ONE_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        if in_main_thread:
            signal.signal(signal.SIGINT, handler)
