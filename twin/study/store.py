"""Where parts are kept: one Parquet file per replication, whole or not there at all.

A part is written beside its place and moved into it in one step, so a reader never meets half a
part and an interrupted study keeps every replication it finished. The folder carries the content
hash of the scenario that filled it; another scenario is refused. A part that is no longer what the
ledger says was written is set aside by name and its replication played again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from twin.errors import DataError, Fault, ScenarioError
from twin.files import replacing
from twin.recorder import Part
from twin.study.duck import Duck, Table, first_line, no_rows, pins_of
from twin.study.executors.contract import Played
from twin.study.ledger import Ledger, file_digest
from twin.study.plan import Failure, Task
from twin.study.store_words import HASH_FILE, damaged_part, not_written, other_scenario, set_aside

DAMAGED = "damaged"
"""Where damaged parts are set aside."""


class Store:
    """The parts of one study in one folder.

    Parameters
    ----------
    folder : Path
        Created if it is not there.
    content_hash : str, optional
        What the parts depend on (scenario, tables, seed). Kept in the folder at the first opening
        and compared at each later one. Without it the folder is opened as it stands, for reading.

    Raises
    ------
    ScenarioError
        The folder holds parts of another scenario.
    """

    def __init__(self, folder: Path, content_hash: str | None = None) -> None:
        self.folder = Path(folder)
        self.ledger = Ledger(self.folder)
        self._duck = Duck()
        self._told: dict[tuple[str, str], tuple[set[Path], dict[str, dict[int, float]]]] = {}
        if content_hash is not None:
            self._claim(content_hash)

    def path(self, task: Task) -> Path:
        """Return where the task's part belongs, written or not."""
        digest = hashlib.blake2b(_key(task).encode(), digest_size=12).hexdigest()
        return self.folder / f"r{task.replication:06d}-{digest}.parquet"

    def paths(self) -> list[Path]:
        """Return the parts present, sorted by name."""
        return sorted(self.folder.glob("r*.parquet"))

    def has(self, task: Task) -> bool:
        """Tell whether the task's part is there."""
        return self.path(task).is_file()

    def keep(self, played: Played) -> None:
        """Keep what came of a task: its part and a line of the ledger, or a line that it failed.

        Raises
        ------
        StoreError
            The disk refused; earlier parts are intact.
        """
        told = {
            "duration_s": played.duration_s,
            "worker": played.worker,
            "attempts": played.attempts,
        }
        if isinstance(played.outcome, Failure):
            self.ledger.failed(played.outcome, **told)  # type: ignore[arg-type]
        else:
            path = self.write(played.task, played.outcome)
            self.ledger.finished(played.task, path, **told)  # type: ignore[arg-type]

    def write(self, task: Task, part: Part) -> Path:
        """Write one part in one step; return its path.

        Raises
        ------
        ValueError
            The part has no row: nothing could tell it from a part that was never written.
        StoreError
            The disk refused; earlier parts are intact.
        """
        if len(part) == 0:
            raise ValueError(f"{task}: an empty part cannot be stored")
        path = self.path(task)
        try:
            with replacing(path) as scratch:
                self._duck.copy(task, part, scratch)
        except OSError as error:
            raise not_written(task, self.folder, first_line(error)) from error
        return path

    def part(self, task: Task) -> Part:
        """Return what was kept of a task, in the order it was recorded.

        Raises
        ------
        DataError
            The part is damaged.
        """
        import duckdb

        path = self.path(task)
        try:
            rows = self._duck.read(path)
        except duckdb.Error as error:
            raise DataError(damaged_part(path, first_line(error))) from None
        return Part(rows["kpi"], rows["zone"], rows["value"])

    def finished(self) -> set[Task]:
        """Return the tasks whose part is there and readable.

        Raises
        ------
        DataError
            Names every damaged part.
        """
        rows = self._fetch("SELECT DISTINCT option, replication, pins FROM parts")
        return {
            Task(str(option), int(replication), pins_of(str(pins)))
            for option, replication, pins in zip(
                rows["option"], rows["replication"], rows["pins"], strict=True
            )
        }

    def table(self) -> Table:
        """Return every row, sorted by option, replication, pins, kpi and zone.

        The order depends on the content alone, so two stores filled by different numbers of
        workers give bitwise equal columns.
        """
        return self._fetch("SELECT * FROM parts ORDER BY option, replication, pins, kpi, zone")

    def outcome(self, kpi: str, zone: str) -> dict[str, dict[int, float]]:
        """Return option -> replication -> value of the ordinary runs.

        Asked again, it reads the parts that came since: a study asks after every round.
        """
        seen, found = self._told.setdefault((kpi, zone), (set(), {}))
        fresh = [path for path in self.paths() if path not in seen]
        rows = self._fetch(
            "SELECT option, replication, value FROM parts "
            "WHERE pins = '[]' AND kpi = ? AND zone = ?",
            [kpi, zone],
            fresh,
        )
        for option, replication, value in zip(
            rows["option"], rows["replication"], rows["value"], strict=True
        ):
            found.setdefault(str(option), {})[int(replication)] = float(value)
        seen.update(fresh)
        return found

    def pinned_outcome(self, kpi: str, zone: str) -> dict[Task, float]:
        """Return the value of each run in which figures were held still."""
        rows = self._fetch(
            "SELECT option, replication, pins, value FROM parts "
            "WHERE pins <> '[]' AND kpi = ? AND zone = ?",
            [kpi, zone],
        )
        return {
            Task(str(option), int(replication), pins_of(str(pins))): float(value)
            for option, replication, pins, value in zip(*rows.values(), strict=True)
        }

    def query(self, sql: str) -> Table:
        """Return the columns of a DuckDB query over the view `parts`."""
        return self._fetch(sql)

    def damaged(self) -> dict[Path, str]:
        """Return the parts that are not what was written, each with what is wrong with it.

        A part that the ledger knows must have the hash it had; one that it does not (the study was
        killed between the two) must be readable.
        """
        digests = self.ledger.digests()
        found = {}
        for path in self.paths():
            if path.name in digests and file_digest(path) == digests[path.name]:
                continue
            if why := self._duck.why_unreadable(path):
                found[path] = why
            elif path.name in digests:
                found[path] = "the hash in the ledger is another"
        return found

    def readable(self) -> None:
        """Return if every part can be read.

        Raises
        ------
        DataError
            Names every part that cannot.
        """
        faults = [
            damaged_part(path, why)
            for path in self.paths()
            if (why := self._duck.why_unreadable(path))
        ]
        if faults:
            raise DataError(*faults)

    def mend(self) -> tuple[Fault, ...]:
        """Set damaged parts aside, so that their replications are played again; tell which."""
        faults = []
        for path, why in self.damaged().items():
            aside = self.folder / DAMAGED / path.name
            aside.parent.mkdir(exist_ok=True)
            path.replace(aside)
            faults.append(set_aside(path, aside, why))
        return tuple(faults)

    def close(self) -> None:
        """Let go of DuckDB. The store opens it again when needed."""
        self._duck.close()

    def _claim(self, content_hash: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        place = self.folder / HASH_FILE
        if not place.exists():
            temporary = self.folder / f".{HASH_FILE}.{os.getpid()}.tmp"
            temporary.write_text(content_hash + "\n", encoding="ascii")
            # A link is refused where one exists: of two studies that open a new folder at once,
            # one wins, and nobody ever reads half a hash.
            with suppress(FileExistsError):
                place.hardlink_to(temporary)
            temporary.unlink()
        there = place.read_text(encoding="ascii").strip()
        if there != content_hash:
            raise ScenarioError(other_scenario(self.folder, there, content_hash))

    def _fetch(
        self, sql: str, parameters: Sequence[Any] = (), paths: Sequence[Path] | None = None
    ) -> Table:
        paths = self.paths() if paths is None else paths
        if not paths:
            return no_rows()
        import duckdb

        try:
            return self._duck.fetch(sql, parameters, paths)
        except duckdb.Error:
            self.readable()
            raise


def _key(task: Task) -> str:
    return json.dumps([task.option, task.replication, task.pins], ensure_ascii=False)
