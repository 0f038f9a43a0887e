"""The innermost loops: the cheapest position for one stop in one round."""

from __future__ import annotations

import numpy as np

from twin.routing.kernel.compiled import compiled, inlined
from twin.routing.kernel.layout import (
    BIG,
    END,
    ENDS_EMPTY,
    FIXED,
    INTO,
    OUT,
    SHEET,
    SIZE,
    SPARE,
    START,
    WORK,
    Data,
)

PLAIN_AT, DUMP_AFTER, DUMP_BEFORE = range(3)
"""How a stop goes in: alone, followed by an unloading, or preceded by one."""


@compiled
def scan_plain(
    rows: np.ndarray,
    gaps: np.ndarray,
    r: int,
    size: int,
    arcs: np.ndarray,
    sheet: int,
    x: int,
    floor: int,
    best: int,
) -> tuple[int, int]:
    """Return the least added cost above `floor` and below `best`, and its position (or -1)."""
    where = -1
    for p in range(size + 1):
        added = np.int64(arcs[sheet, x, INTO, rows[r, p]])
        added += arcs[sheet, x, OUT, rows[r, p + 1]]
        added -= gaps[r, p]
        if added < best and added > floor:
            best, where = added, p
    return best, where


@compiled
def scan_timed(
    rows: np.ndarray,
    gaps: np.ndarray,
    tour: np.ndarray,
    r: int,
    arcs: np.ndarray,
    times: np.ndarray,
    sheet: int,
    x: int,
    floor: int,
    best: int,
) -> tuple[int, int]:
    """Do the same where the working time must suffice too."""
    where = -1
    spare = tour[r, SPARE]
    for p in range(tour[r, SIZE] + 1):
        a, b = rows[r, p], rows[r, p + 1]
        added = np.int64(arcs[sheet, x, INTO, a])
        added += arcs[sheet, x, OUT, b]
        added -= gaps[r, p]
        if added < best and added > floor:
            longer = np.int64(times[sheet, x, INTO, a])
            longer += times[sheet, x, OUT, b]
            longer -= times[sheet, a, OUT, b]
            if longer <= spare:
                best, where = added, p
    return best, where


@compiled
def two_arcs(table: np.ndarray, sheet: int, a: int, x: int, b: int) -> int:
    """Return the sum of a table from a to b by x."""
    return int(np.int64(table[sheet, x, INTO, a]) + table[sheet, x, OUT, b])


@compiled
def three_arcs(table: np.ndarray, sheet: int, a: int, x: int, y: int, b: int) -> int:
    """Return the sum of a table from a to b by x, then y."""
    return int(two_arcs(table, sheet, a, x, y) + table[sheet, y, OUT, b])


@compiled
def scan_loads(  # noqa: C901, PLR0912, PLR0917 - three ways in, each under its own condition
    rows: np.ndarray,
    gaps: np.ndarray,
    holds: np.ndarray,
    aboard: np.ndarray,
    tour: np.ndarray,
    r: int,
    arcs: np.ndarray,
    times: np.ndarray,
    via: np.ndarray,
    sheet: int,
    x: int,
    demand: int,
    capacity: int,
    ends_empty: int,
    first_dump: int,
    timed: bool,
    floor: int,
    best: int,
) -> tuple[int, int]:
    """Do the same in a round of several loads; the position is 3 p + how.

    A stop that a leg cannot hold may bring an unloading along, before it or after it.
    """
    where = -1
    size, spare = tour[r, SIZE], tour[r, SPARE]
    for p in range(size + 1):
        a, b = rows[r, p], rows[r, p + 1]
        for how in range(3):
            y = x
            if how == PLAIN_AT:
                if holds[r, p] + demand > capacity or (ends_empty and p == size):
                    continue
                added = two_arcs(arcs, sheet, a, x, b)
            elif how == DUMP_AFTER:
                if aboard[r, p] + demand > capacity or b >= first_dump:
                    continue
                y = via[sheet, x, b]
                added = three_arcs(arcs, sheet, a, x, y, b)
            else:
                left = holds[r, p] - aboard[r, p]
                closes = ends_empty and p == size
                if p == 0 or a >= first_dump or left + demand > capacity or closes:
                    continue
                y = via[sheet, a, x]
                added = three_arcs(arcs, sheet, a, y, x, b)
            added -= gaps[r, p]
            if added >= best or added <= floor:
                continue
            if timed:
                if how == PLAIN_AT:
                    longer = two_arcs(times, sheet, a, x, b)
                elif how == DUMP_AFTER:
                    longer = three_arcs(times, sheet, a, x, y, b)
                else:
                    longer = three_arcs(times, sheet, a, y, x, b)
                if longer - times[sheet, a, OUT, b] > spare:
                    continue
            best, where = added, 3 * p + how
    return best, where


@inlined
def opening(data: Data, kind: int, x: int) -> int:
    """Return the cost of a new round for `x` alone, BIG where it would last too long."""
    fleet, arcs, times = data.fleet, data.arcs, data.times
    sheet, start, end = fleet[kind, SHEET], fleet[kind, START], fleet[kind, END]
    timed = fleet[kind, WORK] < BIG
    if fleet[kind, ENDS_EMPTY]:
        y = data.via[sheet, x, end]
        if timed and three_arcs(times, sheet, start, x, y, end) > fleet[kind, WORK]:
            return BIG
        return int(fleet[kind, FIXED] + three_arcs(arcs, sheet, start, x, y, end))
    if timed and two_arcs(times, sheet, start, x, end) > fleet[kind, WORK]:
        return BIG
    return int(fleet[kind, FIXED] + two_arcs(arcs, sheet, start, x, end))
