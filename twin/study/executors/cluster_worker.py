"""What a worker of a Dask cluster keeps between tasks: its work, made once, one task at a time.

Imported on the cluster's workers, and by a client that has Dask.
"""

from __future__ import annotations

import pickle
import threading
import traceback
from typing import Any

from distributed import WorkerPlugin, get_worker

from twin.errors import Fault, InputError, RunError, TwinError
from twin.lang import Text
from twin.study.executors.contract import Played, Work, attempt
from twin.study.manifest import code_sha256
from twin.study.plan import Task


class TwinWorker(WorkerPlugin):  # type: ignore[misc]
    """Makes the work at the first task; models are not written to share a process.

    The recipe comes pickled: a worker that cannot import it says so at its first task, where Dask
    would close a worker whose plugin cannot be read.
    """

    def __init__(self, recipe: bytes, code: str) -> None:
        self._recipe, self._code = recipe, code
        self._work: Work | None = None
        self._address = ""

    def setup(self, worker: Any) -> None:
        """Note where this is; called by Dask as a worker meets the plugin."""
        self._address = str(worker.address)
        self._lock = threading.Lock()

    def play(self, task: Task) -> Played | TwinError:
        """Return what comes of the task, or the error that stops the whole study."""
        with self._lock:
            if self._work is None:
                try:
                    self._refuse_other_code()
                    self._work = pickle.loads(self._recipe)()  # noqa: S301 - pickled by the client
                except TwinError as error:
                    return error
                except Exception:  # noqa: BLE001 - told to the client, which raises
                    return RunError(f"a worker could not start:\n{traceback.format_exc()}")
            return attempt(self._work, task, self._address)

    def _refuse_other_code(self) -> None:
        if (here := code_sha256()) != self._code:
            raise InputError(
                Fault(
                    Text(
                        f"le même code que l'étude, {self._code[:12]}",
                        f"the code of the study, {self._code[:12]}",
                    ),
                    Text(
                        "redémarrer les workers depuis le même dossier du projet",
                        "start the workers again from the same project folder",
                    ),
                    key=f"--cluster, worker {self._address}",
                    value=here[:12],
                )
            )


def play(task: Task, plugin: str) -> Played | TwinError:
    """Play a task on the worker this runs on."""
    found: Played | TwinError = get_worker().plugins[plugin].play(task)
    return found
