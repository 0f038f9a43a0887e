"""A real Dask scheduler and real worker processes on loopback, as a person would start them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@dataclass
class DaskCluster:
    """A scheduler known by the file it wrote, and its workers (each with its nanny)."""

    folder: Path
    path: tuple[Path, ...] = ()
    hash_seed: str = "random"
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def file(self) -> Path:
        """Where the scheduler writes its address."""
        return self.folder / "scheduler.json"

    def start_scheduler(self) -> None:
        """Start a scheduler on a port of its own and wait for its file."""
        self.file.unlink(missing_ok=True)
        self.scheduler = self._start("dask_scheduler", "--host", "127.0.0.1", "--port", "0")
        deadline = time.monotonic() + 60.0
        while not self.file.is_file() or not self.file.read_text():
            assert time.monotonic() < deadline, "the scheduler never came"
            time.sleep(0.02)

    def start_workers(self, count: int) -> None:
        """Start workers of one thread each; their nannies start them again when they die."""
        self.workers += [
            self._start("dask_worker", "--nthreads", "1", "--death-timeout", "30")
            for _ in range(count)
        ]

    def stop(self) -> None:
        """Stop everything at once, workers under their nannies too."""
        import psutil

        started = [each for each in (*self.workers, self.scheduler) if each is not None]
        alive = [psutil.Process(each.pid) for each in started if each.poll() is None]
        for process in [
            *alive,
            *(child for each in alive for child in each.children(recursive=True)),
        ]:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        for each in started:
            each.wait()
        self.workers.clear()

    def _start(self, what: str, *words: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{what}", "--no-dashboard"]
        place = os.pathsep.join(map(str, (ROOT, *self.path)))
        environment = {**os.environ, "PYTHONPATH": place, "PYTHONHASHSEED": self.hash_seed}
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            [*command, "--scheduler-file", str(self.file), *words],
            cwd=self.folder,
            env=environment,
            **QUIET,
        )


@contextmanager
def dask_cluster(folder: Path, workers: int, *path: Path) -> Iterator[DaskCluster]:
    """Yield a running cluster; `path` holds what its workers must be able to import."""
    folder.mkdir(parents=True, exist_ok=True)
    cluster = DaskCluster(folder, path)
    cluster.start_scheduler()
    cluster.start_workers(workers)
    try:
        yield cluster
    finally:
        cluster.stop()
