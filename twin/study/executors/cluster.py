"""Replications on a Dask cluster that is already there: a scheduler's address, or its file.

Workers must see this project and the folder of results at the same paths (a shared folder, or this
machine). Each makes its work once and plays one task at a time; a worker that dies loses what it
held, which the scheduler hands to another. Results are fetched as they come: a scheduler that dies
costs the few tasks in flight.
"""

from __future__ import annotations

import logging
import pickle
import queue
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.errors import Fault, InputError, RunError, TwinError
from twin.lang import Text
from twin.study.executors.contract import MakeWork, Played
from twin.study.manifest import code_sha256
from twin.study.plan import Failure, Task

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_S = 20.0
NO_WORKER_S = 60.0
LOOK_EVERY_S = 1.0
IN_HAND = 2
"""Tasks sent for each thread of the cluster: one that runs and one that waits."""

_LOST = Text(
    "l'ordonnanceur Dask ne répond plus : les réplications reçues sont gardées ; le relancer, puis "
    "reprendre l'étude par la même commande",
    "the Dask scheduler is lost: replications received are kept; start it again, then take the "
    "study up with the same command",
)
_NO_WORKER = Text(
    f"aucun worker sur la grappe Dask depuis {NO_WORKER_S:.0f} s : en démarrer un "
    "(docs/guide/study.md), puis reprendre l'étude par la même commande",
    f"no worker on the Dask cluster for {NO_WORKER_S:.0f} s: start one (docs/guide/study.md), then "
    "take the study up with the same command",
)


@dataclass(frozen=True)
class ClusterExecutor:
    """Plays tasks on the cluster whose scheduler is at `address`, or described by a file."""

    address: str = ""
    scheduler_file: Path | None = None

    @property
    def name(self) -> str:
        """What the manifest calls it; where the scheduler stands is no part of the results."""
        return "dask"

    @contextmanager
    def crew(self, make_work: MakeWork) -> Iterator[ClusterCrew]:
        """Yield the crew; it meets the cluster, and each worker makes its work, at a first task."""
        with ExitStack() as stack:
            yield ClusterCrew(self, make_work, stack)

    @contextmanager
    def client(self) -> Iterator[Client]:
        """Yield a client of the cluster.

        Raises
        ------
        InputError
            Dask is not installed, or no scheduler answers.
        """
        try:
            from distributed import Client
        except ModuleNotFoundError as error:
            raise InputError(self._fault(_DASK, _INSTALL)) from error
        where: dict[str, Any] = {"address": self.address}
        if self.scheduler_file is not None:
            if not self.scheduler_file.is_file():
                raise InputError(self._fault(_FILE, _START))
            where = {"scheduler_file": str(self.scheduler_file)}
        _hush()
        try:
            client = Client(**where, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise InputError(self._fault(_SCHEDULER, _START)) from error
        try:
            yield client
        finally:
            client.close(timeout=2.0)

    def _fault(self, expected: Text, remedy: Text) -> Fault:
        by_file = self.scheduler_file is not None
        return Fault(
            expected,
            remedy,
            key="--scheduler-file" if by_file else "--cluster",
            value=str(self.scheduler_file) if by_file else self.address,
        )


@dataclass
class ClusterCrew:
    """A client of the cluster, and the plugin that plays on its workers."""

    executor: ClusterExecutor
    make_work: MakeWork
    stack: ExitStack
    plugin: str = ""
    _met: list[Client] = field(default_factory=list)

    def play(self, tasks: Sequence[Task]) -> Iterator[Played]:
        """Yield what comes of each task, as they finish.

        Raises
        ------
        RunError
            The scheduler is lost, or no worker is left; what was yielded is the caller's.
        InputError
            Dask is not installed, no scheduler answers, or the work could not be made on a worker.
        """
        if not tasks:
            return
        if not self._met:
            self._meet()
        ended: queue.SimpleQueue[Future] = queue.SimpleQueue()
        waiting, numbers = iter(tasks), count()
        flying: dict[str, Task] = {}
        threads, alone_since = self._threads(), time.monotonic()
        while True:
            for task in islice(waiting, max(0, IN_HAND * max(threads, 1) - len(flying))):
                self._send(task, f"{task} ({self.plugin[-8:]}-{next(numbers)})", flying, ended)
            if not flying:
                return
            try:
                future = ended.get(timeout=LOOK_EVERY_S)
            except queue.Empty:
                threads = self._threads()
                if threads:
                    alone_since = time.monotonic()
                elif time.monotonic() - alone_since > NO_WORKER_S:
                    raise RunError(_NO_WORKER) from None
                continue
            yield _told(future, flying.pop(str(future.key)))
            future.release()

    def _meet(self) -> None:
        client = self.stack.enter_context(self.executor.client())
        from twin.study.executors.cluster_worker import TwinWorker

        self.plugin = f"territory-twin-{uuid.uuid4().hex}"
        client.register_plugin(
            TwinWorker(pickle.dumps(self.make_work), code_sha256()), name=self.plugin
        )
        self._met.append(client)

    def _send(
        self,
        task: Task,
        key: str,
        flying: dict[str, Task],
        ended: queue.SimpleQueue[Future],
    ) -> None:
        from twin.study.executors.cluster_worker import play

        flying[key] = task
        # A key of its own for each: Dask takes equal calls for one.
        future = self._met[0].submit(play, task, self.plugin, key=key, pure=False)
        future.add_done_callback(ended.put)

    def _threads(self) -> int:
        if self._met[0].status != "running":
            raise RunError(_LOST)
        try:
            return sum(self._met[0].nthreads().values())
        except (OSError, TimeoutError) as error:
            raise RunError(_LOST) from error


def _told(future: Future, task: Task) -> Played:
    from distributed import CancelledError
    from distributed.scheduler import KilledWorker

    if future.status == "cancelled":
        raise RunError(_LOST)
    try:
        found = future.result()
    except KilledWorker as error:
        said = f"WorkerDied: worker after worker died on this task: {error}"
        return Played(task, Failure(task, said, f"{said}; no traceback could be kept"))
    except (CancelledError, OSError, TimeoutError) as error:
        raise RunError(_LOST) from error
    if isinstance(found, TwinError):
        raise found
    return found  # type: ignore[no-any-return]


def _hush() -> None:
    """Keep Dask's own log to itself: what matters of it is told in a sentence.

    For the life of the process: its threads go on logging after a client is closed.
    """
    for name in ("distributed", "distributed.client", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


_DASK = Text("le paquet distributed (Dask)", "the package distributed (Dask)")
_INSTALL = Text("l'installer : make cluster", "install it: make cluster")
_FILE = Text("le fichier qu'écrit un ordonnanceur", "the file a scheduler writes")
_SCHEDULER = Text(
    "un ordonnanceur Dask qui réponde, tcp://hôte:port", "a Dask scheduler, tcp://host:port"
)
_START = Text(
    "démarrer l'ordonnanceur et des workers (docs/guide/study.md)",
    "start the scheduler and workers (docs/guide/study.md)",
)
