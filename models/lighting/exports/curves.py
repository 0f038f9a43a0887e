"""Half-hourly load curves in a Parquet file: a row a half-hour and cabinet, commune or all."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np

from models.lighting.load import Drawing
from models.lighting.schedules.nights import SLOT_S
from twin.files import replacing

By = Literal["cabinet", "commune", "department"]

AT_ONCE = 200
"""Cabinets in memory at a time: 14 MB."""
_TABLE = "CREATE TEMP TABLE curve (id VARCHAR, slot INTEGER, w FLOAT)"
_ADD = """
    INSERT INTO curve SELECT names.id, part.slot, part.w FROM part JOIN names USING (number)
    ORDER BY number, slot
"""
_COPY = """
    COPY (
        SELECT id, w,
            make_timestamp(1000000 * ({begin}::BIGINT + slot::BIGINT * {step})) AS begin_utc
        FROM curve
    ) TO '{path}' (FORMAT parquet, COMPRESSION zstd)
"""


def write_curves(drawn: Drawing, by: By, path: Path) -> int:
    """Write `id`, `begin_utc` and `w`, the mean power of the half-hour; return the rows."""
    import duckdb

    inventory = drawn.inventory
    names = {
        "cabinet": inventory.cabinets.ids, "commune": inventory.communes, "department": ("",),
    }[by]  # fmt: skip
    rows = 0
    with duckdb.connect() as connection, replacing(path) as scratch:
        connection.execute(_TABLE)
        told = {"number": np.arange(len(names), dtype=np.int32), "id": np.array(names, object)}
        connection.register("names", told)
        for first in range(0, len(names), AT_ONCE):
            w = _curves(drawn, by, slice(first, first + AT_ONCE))
            count, slots = w.shape
            part = {
                "number": np.repeat(np.arange(first, first + count, dtype=np.int32), slots),
                "slot": np.tile(np.arange(slots, dtype=np.int32), count),
                "w": w.ravel(),
            }
            connection.register("part", part)
            connection.execute(_ADD)
            connection.unregister("part")
            rows += w.size
        begin, step = round(drawn.load.profile.begin_s), round(SLOT_S)
        connection.execute(_COPY.format(begin=begin, step=step, path=_quoted(scratch)))
    return rows


def _curves(drawn: Drawing, by: By, some: slice) -> np.ndarray:
    if by == "cabinet":
        return drawn.cabinets_w(some)
    if by == "commune":
        return np.asarray(drawn.communes_w()[some], dtype=np.float32)
    return np.asarray(drawn.department_w()[None], dtype=np.float32)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
