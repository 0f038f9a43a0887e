"""DuckDB on Parquet parts: rows out to a file, rows of many files in."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.recorder import Part
from twin.study.plan import Pins, Task

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


WIDE_ROWS = 122_880
"""Rows of a group of DuckDB's Parquet: a part of more is written on every core."""


class Duck:
    """Connections, opened when they are first needed.

    One thread for all but wide parts: a query on several hears Ctrl-C only when it is over.
    """

    def __init__(self) -> None:
        self._connection: Any = None
        self._wide: Any = None

    def copy(self, task: Task, part: Part, path: Path) -> None:
        """Write a part to a file.

        Raises
        ------
        OSError
            The disk refused, in DuckDB's words.
        """
        import duckdb

        connection = self._widen() if len(part) > WIDE_ROWS else self._connect()
        try:
            with interruptible():
                connection.register(
                    "part", {"kpi": part.kpi, "zone": part.zone, "value": part.value}
                )
                # As literals: of parameters DuckDB makes a text for every row, a third of the time.
                connection.execute(
                    _COPY.format(
                        option=_literal(task.option),
                        replication=task.replication,
                        pins=_literal(pins_text(task)),
                        path=quoted(path),
                    )
                )
                connection.unregister("part")
        except duckdb.Error as error:
            raise OSError(first_line(error)) from error

    def fetch(self, sql: str, parameters: Sequence[Any], paths: Sequence[Path]) -> Table:
        """Return the columns of a query over the view `parts` of some files; duckdb.Error if none.

        NaN comes back as it went.
        """
        files = ", ".join(f"'{quoted(path)}'" for path in paths)
        connection = self._connect()
        with interruptible():
            connection.execute(_VIEW.format(files=files))
            columns = connection.execute(sql, list(parameters)).fetchnumpy()
        return {name: _plain(column) for name, column in columns.items()}

    def read(self, path: Path) -> Table:
        """Return the columns of one file, in the order they were written; duckdb.Error if none."""
        sql = f"SELECT * FROM read_parquet('{quoted(path)}')"  # noqa: S608 - our own path
        rows = self._connect().execute(sql).fetchnumpy()
        return {name: _plain(column) for name, column in rows.items()}

    def why_unreadable(self, path: Path) -> str:
        """Return what is wrong with a file, nothing where it can be read whole."""
        import duckdb

        try:
            self._connect().execute(_READ_ALL.format(path=quoted(path))).fetchall()
        except duckdb.Error as error:
            return first_line(error)
        return ""

    def close(self) -> None:
        """Let go of DuckDB; it is opened again when needed."""
        for connection in (self._connection, self._wide):
            if connection is not None:
                connection.close()
        self._connection = self._wide = None

    def _connect(self) -> Any:
        if self._connection is None:
            import duckdb  # 150 ms, only for those who read or write

            self._connection = duckdb.connect(config={"threads": 1})
        return self._connection

    def _widen(self) -> Any:
        if self._wide is None:
            import duckdb

            self._wide = duckdb.connect()
        return self._wide


def no_rows() -> Table:
    """Return a table without rows."""
    table: Table = {name: np.empty(0, dtype=object) for name in KEY_COLUMNS}
    table["replication"] = np.empty(0, dtype=np.int32)
    table["value"] = np.empty(0, dtype=np.float64)
    return table


def pins_text(task: Task) -> str:
    """Return the pinned inputs as the column `pins` holds them."""
    return json.dumps(task.pins, ensure_ascii=False)


def pins_of(text: str) -> Pins:
    """Return the pinned inputs that a cell of the column `pins` holds."""
    return tuple((str(name), float(quantile)) for name, quantile in json.loads(text))


def quoted(path: Path) -> str:
    """Return a path as it stands between quotes in SQL."""
    return str(path).replace("'", "''")


def first_line(error: Exception) -> str:
    """Return what an error says first; the rest repeats the query."""
    return (str(error).splitlines() or [type(error).__name__])[0]


@contextmanager
def interruptible() -> Iterator[None]:
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


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _plain(column: NDArray[Any]) -> NDArray[Any]:
    # DuckDB reads NaN from numpy as NULL and gives NULL back as a masked value.
    if isinstance(column, np.ma.MaskedArray):
        return column.filled(np.nan) if column.dtype.kind == "f" else column.filled()
    return column
