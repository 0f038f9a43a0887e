"""Rows of a table that is a NamedTuple of arrays: some of them, or several tables in one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np

Table = TypeVar("Table", bound=NamedTuple)


def picked(table: Table, rows: Any) -> Table:
    """Return copies of some rows (indices, a mask or a slice) of every column."""
    columns: list[Any] = [np.array(column[rows]) for column in table]
    return type(table)(*columns)


def joined(parts: Sequence[Table]) -> Table:
    """Return one table with the rows of all parts, in their order."""
    if len(parts) == 1:
        return parts[0]
    columns: list[Any] = [np.concatenate(same) for same in zip(*parts, strict=True)]
    return type(parts[0])(*columns)
