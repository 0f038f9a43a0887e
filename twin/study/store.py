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
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError, Fault, ScenarioError, StoreError
from twin.files import replacing
from twin.lang import Text
from twin.recorder import Part
from twin.study.executors.contract import Played
from twin.study.ledger import Ledger, file_digest
from twin.study.plan import Failure, Task

HASH_FILE = "scenario.sha256"
DAMAGED = "damaged"
"""Where damaged parts are set aside."""
KEY_COLUMNS = ("option", "replication", "pins", "kpi", "zone")
_COPY = """
    COPY (
        SELECT {option} AS option, {replication}::INTEGER AS replication, {pins} AS pins,
               kpi::VARCHAR AS kpi, zone::VARCHAR AS zone, value::DOUBLE AS value
        FROM part
    ) TO '{path}' (FORMAT parquet, COMPRESSION zstd)
"""
_VIEW = "CREATE OR REPLACE TEMP VIEW parts AS SELECT * FROM read_parquet([{files}])"
_READ_ALL = "SELECT count(option), count(kpi), sum(value) FROM read_parquet('{path}')"

Table = dict[str, NDArray[Any]]
"""Columns option, replication, pins (JSON text), kpi, zone, value, of equal length."""


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
        self._connection: Any = None
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
                self._copy(task, part, scratch)
        except OSError as error:
            raise _not_written(task, path, error) from error
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
        sql = f"SELECT kpi, zone, value FROM read_parquet('{_quoted(path)}')"  # noqa: S608 - our own path
        try:
            rows = self._connect().execute(sql).fetchnumpy()
        except duckdb.Error as error:
            raise DataError(_damaged_part(path, str(error).splitlines()[0])) from None
        return Part(*(_plain(rows[name]) for name in ("kpi", "zone", "value")))

    def finished(self) -> set[Task]:
        """Return the tasks whose part is there and readable.

        Raises
        ------
        DataError
            Names every damaged part.
        """
        rows = self._fetch("SELECT DISTINCT option, replication, pins FROM parts")
        return {
            Task(str(option), int(replication), _pins(str(pins)))
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
        """Return option -> replication -> value of the ordinary runs."""
        rows = self._fetch(
            "SELECT option, replication, value FROM parts "
            "WHERE pins = '[]' AND kpi = ? AND zone = ? ORDER BY option, replication",
            [kpi, zone],
        )
        found: dict[str, dict[int, float]] = {}
        for option, replication, value in zip(*rows.values(), strict=True):
            found.setdefault(str(option), {})[int(replication)] = float(value)
        return found

    def pinned_outcome(self, kpi: str, zone: str) -> dict[Task, float]:
        """Return the value of each run in which figures were held still."""
        rows = self._fetch(
            "SELECT option, replication, pins, value FROM parts "
            "WHERE pins <> '[]' AND kpi = ? AND zone = ?",
            [kpi, zone],
        )
        return {
            Task(str(option), int(replication), _pins(str(pins))): float(value)
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
            if why := self._why_unreadable(path):
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
            _damaged_part(path, why) for path in self.paths() if (why := self._why_unreadable(path))
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
            faults.append(_set_aside(path, aside, why))
        return tuple(faults)

    def close(self) -> None:
        """Let go of DuckDB. The store opens it again when needed."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

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
            raise ScenarioError(_other_scenario(self.folder, there, content_hash))

    def _copy(self, task: Task, part: Part, path: Path) -> None:
        import duckdb

        connection = self._connect()
        columns = {
            "kpi": part.kpi,
            "zone": part.zone,
            "value": part.value,
        }
        try:
            with _interruptible():
                connection.register("part", columns)
                # As literals: of parameters DuckDB makes a text for every row, a third of the time.
                connection.execute(
                    _COPY.format(
                        option=_literal(task.option),
                        replication=task.replication,
                        pins=_literal(_pins_text(task)),
                        path=_quoted(path),
                    )
                )
                connection.unregister("part")
        except duckdb.Error as error:
            raise _not_written(task, path, error) from error

    def _fetch(self, sql: str, parameters: Sequence[Any] = ()) -> Table:
        paths = self.paths()
        if not paths:
            return _no_rows()
        import duckdb  # 150 ms, only for those who read

        connection = self._connect()
        files = ", ".join(f"'{_quoted(path)}'" for path in paths)
        try:
            with _interruptible():
                connection.execute(_VIEW.format(files=files))
                columns = connection.execute(sql, list(parameters)).fetchnumpy()
        except duckdb.Error:
            self.readable()
            raise
        return {name: _plain(column) for name, column in columns.items()}

    def _why_unreadable(self, path: Path) -> str:
        import duckdb

        try:
            self._connect().execute(_READ_ALL.format(path=_quoted(path))).fetchall()
        except duckdb.Error as error:
            return str(error).splitlines()[0]
        return ""

    def _connect(self) -> Any:
        if self._connection is None:
            import duckdb

            self._connection = duckdb.connect(config={"threads": 1})
        return self._connection


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C through: DuckDB swallows it and raises an error of its own in its place.

    A RuntimeError "Query interrupted" while a query runs, a duckdb.Error "KeyboardInterrupt: "
    while it reads Python objects. A view left registered is replaced by the next.
    """
    try:
        yield
    except Exception as error:
        if str(error) == "Query interrupted" or str(error).startswith("KeyboardInterrupt"):
            raise KeyboardInterrupt from error
        raise


def _not_written(task: Task, path: Path, why: Exception) -> StoreError:
    said = str(why).splitlines()[0]
    return StoreError(
        Text(
            f"{path.parent} : le résultat de {task} n'a pas pu être écrit ({said}) ; les "
            "précédents sont intacts. Faire de la place ou rendre le dossier inscriptible, puis "
            "relancer",
            f"{path.parent}: the part of {task} could not be written ({said}); earlier ones are "
            "intact. Make room or make the folder writable, then run again",
        )
    )


def _key(task: Task) -> str:
    return json.dumps([task.option, task.replication, task.pins], ensure_ascii=False)


def _pins_text(task: Task) -> str:
    return json.dumps(task.pins, ensure_ascii=False)


def _pins(text: str) -> tuple[tuple[str, float], ...]:
    return tuple((str(name), float(quantile)) for name, quantile in json.loads(text))


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _plain(column: NDArray[Any]) -> NDArray[Any]:
    # DuckDB reads NaN from numpy as NULL and gives NULL back as a masked value.
    if isinstance(column, np.ma.MaskedArray):
        return column.filled(np.nan) if column.dtype.kind == "f" else column.filled()
    return column


def _no_rows() -> Table:
    table: Table = {name: np.empty(0, dtype=object) for name in KEY_COLUMNS}
    table["replication"] = np.empty(0, dtype=np.int32)
    table["value"] = np.empty(0, dtype=np.float64)
    return table


def _damaged_part(path: Path, why: str) -> Fault:
    return Fault(
        file=str(path),
        value=why,
        expected=Text("un fichier Parquet entier", "a whole Parquet file"),
        remedy=Text(
            "supprimer ce fichier et relancer l'étude : seule cette réplication sera refaite",
            "delete this file and run the study again: only this replication will be redone",
        ),
    )


def _set_aside(path: Path, aside: Path, why: str) -> Fault:
    return Fault(
        file=str(path),
        value=why,
        expected=Text("le fichier tel qu'il a été écrit", "the file as it was written"),
        remedy=Text(
            f"rien à faire : mis de côté ({aside.parent.name}/), cette réplication est refaite",
            f"nothing to do: set aside ({aside.parent.name}/), this replication is played again",
        ),
    )


def _other_scenario(folder: Path, there: str, wanted: str) -> Fault:
    return Fault(
        file=str(folder / HASH_FILE),
        value=there,
        expected=Text(f"l'empreinte du scénario, {wanted}", f"the scenario's hash, {wanted}"),
        remedy=Text(
            "le scénario a changé depuis : choisir un autre dossier ou vider celui-ci",
            "the scenario has changed since: choose another folder or empty this one",
        ),
    )
