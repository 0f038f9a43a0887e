"""Replications on worker processes of this machine.

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
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import count
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from twin.errors import RunError, TwinError
from twin.study.executors.contract import ONE_THREAD, MakeWork, Played, Work, attempt
from twin.study.plan import Failure, Task

STOP_GRACE_S = 2.0
MOST_DEATHS = 2
"""Workers a task may take with it before it is given up."""


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

    @property
    def name(self) -> str:
        """What the manifest calls it."""
        return f"{self.workers} processes"

    @contextmanager
    def crew(self, make_work: MakeWork) -> Iterator[ProcessCrew]:
        """Yield the crew: `make_work` (picklable) is called once in each worker."""
        crew = ProcessCrew(self.workers, pickle.dumps(make_work))
        try:
            yield crew
        finally:
            crew.dismiss()


@dataclass
class ProcessCrew:
    """Workers alive from one round to the next; started as tasks ask for them."""

    size: int
    recipe: bytes
    _workers: list[_Worker] = field(default_factory=list)
    _names: Iterator[int] = field(default_factory=lambda: count(1))

    def play(self, tasks: Sequence[Task]) -> Iterator[Played]:
        """Yield what comes of each task, as they finish.

        Raises
        ------
        RunError
            `make_work` itself failed; the message carries its traceback.
        InputError
            `make_work` met bad input.
        """
        waiting = deque(tasks)
        deaths: Counter[Task] = Counter()
        while waiting or any(worker.task for worker in self._workers):
            self._hand_out(waiting)
            for worker in _heard(self._workers):
                task, found = worker.collect()
                if found is not None:
                    yield replace(found, attempts=1 + deaths[task])
                    continue
                self._workers.remove(worker)
                deaths[task] += 1
                if deaths[task] < MOST_DEATHS:
                    waiting.appendleft(task)
                else:
                    yield Played(task, worker.obituary(task), 0.0, worker.name, deaths[task])

    def dismiss(self) -> None:
        """Stop every worker: idle ones leave when their pipe closes, one at work is stopped."""
        for worker in self._workers:
            worker.pipe.close()
            if worker.task is not None:
                worker.process.terminate()
        for worker in self._workers:
            worker.process.join(STOP_GRACE_S)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
        self._workers.clear()

    def _hand_out(self, waiting: deque[Task]) -> None:
        idle = [worker for worker in self._workers if worker.task is None]
        while len(idle) < len(waiting) and len(self._workers) < self.size:
            worker = _Worker.start(self.recipe, f"process {next(self._names)}")
            self._workers.append(worker)
            idle.append(worker)
        for worker in idle:
            if waiting:
                worker.give(waiting.popleft())


@dataclass
class _Worker:
    """One spawned process, the pipe to it, and the task it holds."""

    name: str
    process: BaseProcess
    pipe: Connection
    task: Task | None = None

    @classmethod
    def start(cls, recipe: bytes, name: str) -> _Worker:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, recipe, name), daemon=True)
        with _quiet_birth():
            process.start()
        # Once ours is the only copy left here, the pipe ends when the worker does.
        theirs.close()
        return cls(name, process, ours)

    def give(self, task: Task) -> None:
        self.task = task
        # A worker that is already dead is noticed when it is collected, with its task in hand.
        with suppress(BrokenPipeError, ConnectionResetError):
            self.pipe.send(task)

    def collect(self) -> tuple[Task, Played | None]:
        """Return the task held and what came of it; None says that the worker died with it."""
        task, self.task = self.task, None
        assert task is not None  # noqa: S101 - only workers that hold a task are listened to
        try:
            found = self.pipe.recv()
        except (EOFError, ConnectionResetError):
            return task, None
        if isinstance(found, TwinError):
            raise found
        return task, found

    def obituary(self, task: Task) -> Failure:
        self.process.join(STOP_GRACE_S)
        code = self.process.exitcode
        said = f"worker process died twice on this task (exit code {code})"
        return Failure(task, f"WorkerDied: {said}", f"{said}; no traceback could be kept")


def _heard(workers: list[_Worker]) -> list[_Worker]:
    ready = wait([worker.pipe for worker in workers if worker.task is not None])
    return [worker for worker in workers if worker.pipe in ready]


def _serve(pipe: Connection, recipe: bytes, name: str) -> None:
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
            pipe.send(attempt(work, task, name))


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
