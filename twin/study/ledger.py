"""The ledger of runs: one line for each replication that came to an end, well or badly.

Lines are only ever added, each in one write, so two studies in one folder and a power cut leave
every earlier line whole; half a line at the end is passed over. A result's line carries the hash of
its part, by which damage is found.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from twin.errors import StoreError
from twin.lang import Text
from twin.study.plan import Failure, Task

LEDGER_FILE = "runs.jsonl"
FINISHED, FAILED = "finished", "failed"


@dataclass(frozen=True)
class Line:
    """One replication's end.

    Attributes
    ----------
    part, digest : str
        Name and BLAKE2 hash of the file that holds its rows; empty for a failure.
    ended : str
        ISO 8601, UTC.
    """

    option: str
    replication: int
    pins: tuple[tuple[str, float], ...]
    status: str
    part: str = ""
    digest: str = ""
    duration_s: float = 0.0
    worker: str = ""
    attempts: int = 1
    ended: str = ""
    error: str = ""
    traceback: str = ""

    @property
    def task(self) -> Task:
        """Return the task the line tells of."""
        return Task(self.option, self.replication, self.pins)


class Ledger:
    """The ledger of one folder of parts."""

    def __init__(self, folder: Path) -> None:
        self.path = Path(folder) / LEDGER_FILE

    def finished(
        self,
        task: Task,
        part: Path,
        *,
        duration_s: float = 0.0,
        worker: str = "",
        attempts: int = 1,
    ) -> None:
        """Add the line of a replication whose part is in its place."""
        self._add(
            task,
            status=FINISHED,
            part=part.name,
            digest=file_digest(part),
            duration_s=round(duration_s, 6),
            worker=worker,
            attempts=attempts,
        )

    def failed(
        self, failure: Failure, *, duration_s: float = 0.0, worker: str = "", attempts: int = 1
    ) -> None:
        """Add the line of a replication that raised, with its traceback."""
        self._add(
            failure.task,
            status=FAILED,
            duration_s=round(duration_s, 6),
            worker=worker,
            attempts=attempts,
            error=failure.error,
            traceback=failure.traceback,
        )

    def lines(self) -> Iterator[Line]:
        """Yield every whole line, in the order they were added."""
        if not self.path.is_file():
            return
        for text in self.path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                told = json.loads(text)
                pins = tuple((str(name), float(share)) for name, share in told.pop("pins"))
                yield Line(pins=pins, **told)
            except (ValueError, TypeError, KeyError, AttributeError):
                continue  # half a line, from a run that was killed

    def digests(self) -> dict[str, str]:
        """Return part name -> the last hash written down for it."""
        return {line.part: line.digest for line in self.lines() if line.part}

    def _add(self, task: Task, **told: Any) -> None:
        ended = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = {"option": task.option, "replication": task.replication, "pins": task.pins}
        text = json.dumps(line | told | {"ended": ended}, ensure_ascii=False)
        # The break comes first: half a line left by a killed run ends before this one begins.
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            try:
                os.write(handle, f"\n{text}\n".encode())
            finally:
                os.close(handle)
        except OSError as error:
            raise StoreError(
                Text(
                    f"{self.path} : ligne non écrite ({error}) ; les résultats écrits sont "
                    "intacts. Faire de la place ou rendre le dossier inscriptible, puis relancer",
                    f"{self.path}: line not written ({error}); results written are intact. Make "
                    "room or make the folder writable, then run again",
                )
            ) from error


def file_digest(path: Path) -> str:
    """Return a hash of a file's bytes, 16 bytes in hexadecimal."""
    return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
