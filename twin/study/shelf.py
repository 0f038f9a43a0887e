"""Every result in a folder of results, as tables that SQL can ask.

`results` holds every row of every part: study, run, option, replication, pins, kpi, zone, value;
`runs` the ledgers: each replication's end, its duration, worker, error and traceback; `studies` the
manifests of finished runs. `run` is the folder's name: a scenario's content.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from twin.errors import Fault, InputError
from twin.lang import Text
from twin.study.duck import interruptible
from twin.study.ledger import LEDGER_FILE, Ledger
from twin.study.store import Store

Rows = tuple[list[str], list[tuple[Any, ...]]]
"""Column names, then rows."""

_RESULTS = """
    CREATE TEMP VIEW results AS
    SELECT parse_path(filename)[-4] AS study, parse_path(filename)[-3] AS run,
           option, replication, pins, kpi, zone, value
    FROM read_parquet([{files}], filename = true)
"""
_NO_RESULTS = """
    CREATE TEMP TABLE results (study VARCHAR, run VARCHAR, option VARCHAR, replication INTEGER,
                               pins VARCHAR, kpi VARCHAR, zone VARCHAR, value DOUBLE)
"""
_RUNS = """
    CREATE TEMP TABLE runs (study VARCHAR, run VARCHAR, option VARCHAR, replication INTEGER,
                            pins VARCHAR, status VARCHAR, duration_s DOUBLE, worker VARCHAR,
                            attempts INTEGER, ended VARCHAR, error VARCHAR, traceback VARCHAR)
"""
_STUDIES = """
    CREATE TEMP TABLE studies (study VARCHAR, run VARCHAR, scenario VARCHAR, seed BIGINT,
                               replications INTEGER, stopped_by VARCHAR, command VARCHAR,
                               ended VARCHAR, manifest VARCHAR)
"""


def ask(results: Path, sql: str) -> Rows:
    """Return what a query over a folder of results gives; it runs on every core.

    Ctrl-C is heard once the query is over: DuckDB looks for it on one thread only.

    Raises
    ------
    InputError
        No result there, or a query DuckDB refuses: its own words are passed on.
    DataError
        A damaged part, by name.
    """
    folders = sorted(path.parent for path in results.glob(f"*/*/*/{LEDGER_FILE}"))
    if not folders:
        raise InputError(_nothing(results))
    import duckdb

    with duckdb.connect() as connection:
        _lay_out(connection, folders)
        try:
            with interruptible():
                connection.execute(sql)
            if connection.description is None:
                return [], []
            return [each[0] for each in connection.description], connection.fetchall()
        except duckdb.Error as error:
            for folder in folders:
                Store(folder).readable()
            raise InputError(_refused(sql, str(error))) from None


def _lay_out(connection: Any, folders: list[Path]) -> None:
    parts = [path for folder in folders for path in Store(folder).paths()]
    files = ", ".join("'" + str(path).replace("'", "''") + "'" for path in parts)
    connection.execute(_RESULTS.format(files=files) if parts else _NO_RESULTS)
    connection.execute(_RUNS)
    connection.execute(_STUDIES)
    runs, studies = [], []
    for folder in folders:
        run = folder.parent
        for line in Ledger(folder).lines():
            pins = json.dumps(line.pins, ensure_ascii=False)
            runs.append([run.parent.name, run.name, line.option, line.replication, pins,
                         line.status, line.duration_s, line.worker, line.attempts, line.ended,
                         line.error, line.traceback])  # fmt: skip
        if (told := _manifest(run)) is not None:
            studies.append([told["study"], run.name, told["scenario"], told["seed"],
                            told["replications"], told["stopped_by"], told["command"],
                            told["ended"], json.dumps(told)])  # fmt: skip
    _fill(connection, "runs", runs)
    _fill(connection, "studies", studies)


def _manifest(run: Path) -> dict[str, Any] | None:
    try:
        told: dict[str, Any] = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told


def _fill(connection: Any, table: str, rows: list[list[Any]]) -> None:
    """Insert rows as columns: one by one DuckDB takes a millisecond each."""
    if not rows:
        return
    import numpy as np

    columns = {
        f"c{number}": np.array(column, dtype=object)
        for number, column in enumerate(zip(*rows, strict=True))
    }
    connection.register("rows_in", columns)
    connection.execute(f"INSERT INTO {table} SELECT * FROM rows_in")  # noqa: S608 - our own names
    connection.unregister("rows_in")


def _nothing(results: Path) -> Fault:
    return Fault(
        Text("un dossier où une étude a été jouée", "a folder in which a study was played"),
        Text("jouer une étude : run.py study …", "play a study: run.py study …"),
        key="--results",
        value=str(results),
    )


def _refused(sql: str, why: str) -> Fault:
    return Fault(
        Text(
            f"une requête DuckDB sur results, runs, studies ({why})",
            f"a DuckDB query over results, runs, studies ({why})",
        ),
        Text('essayer "select * from results limit 5"', 'try "select * from results limit 5"'),
        key="SQL",
        value=sql,
    )
