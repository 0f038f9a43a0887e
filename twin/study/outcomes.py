"""Reading a study's table: one KPI of one option, by replication."""

from __future__ import annotations

import json

import numpy as np

from twin.errors import RunError
from twin.recorder import WHOLE_TERRITORY
from twin.study.duck import Table
from twin.study.plan import Pins, Task


def series(
    table: Table, option: str, kpi: str, zone: str = WHOLE_TERRITORY, pins: Pins = ()
) -> dict[int, float]:
    """Return replication -> value of one KPI in one zone, in the order of replications.

    Parameters
    ----------
    table : Table
        As :meth:`twin.study.store.Store.table` returns it.
    pins : Pins
        Empty for the ordinary runs; the pinned inputs for a sensitivity run.

    Raises
    ------
    RunError
        No such rows: the option, the KPI or the zone was never recorded.
    """
    held = json.dumps(Task(option, 0, pins).pins, ensure_ascii=False)
    rows = (
        (table["option"] == option)
        & (table["pins"] == held)
        & (table["kpi"] == kpi)
        & (table["zone"] == zone)
    )
    if not rows.any():
        raise RunError(f"no result for {option}, {kpi}, zone '{zone}', pins {held}")
    order = np.argsort(table["replication"][rows], kind="stable")
    return {
        int(replication): float(value)
        for replication, value in zip(
            table["replication"][rows][order], table["value"][rows][order], strict=True
        )
    }


def values(
    table: Table, option: str, kpi: str, zone: str = WHOLE_TERRITORY, pins: Pins = ()
) -> list[float]:
    """Return the values of :func:`series` alone, in the order of replications."""
    return list(series(table, option, kpi, zone, pins).values())
