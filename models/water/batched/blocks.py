"""Blocks of lanes in and out of arrays of any number of lanes."""

from __future__ import annotations

from typing import NamedTuple

from numba import njit

from models.water.batched import fields as f
from models.water.batched.fields import floats
from models.water.batched.lanes import WIDTH, Lanes, load, load_at, splat, store, store_at
from models.water.network.network import Floats


class Call(NamedTuple):
    """Lanes of a call, and columns of each input: 0 where there is none, 1 where lanes share it."""

    lanes: int
    demand: int
    half: int
    three_halves: int
    emitter: int
    fixed: int
    open: int
    setting: int
    start: int


@njit(error_model="numpy")
def take_lanes(table: int, field: int, columns: int, item: int, lane: int) -> Lanes:
    """Return a block of lanes of an input; past the last lane, the last again."""
    array = floats(table, field)
    if columns == 1:
        return splat(array[item])
    if lane + WIDTH <= columns:
        return load_at(array, item * columns + lane)
    scratch = floats(table, f.SCRATCH)
    for w in range(WIDTH):
        scratch[w] = array[item * columns + min(lane + w, columns - 1)]
    return load(scratch, 0)


@njit(error_model="numpy")
def put_lanes(table: int, field: int, item: int, lane: int, lanes: int, value: Lanes) -> None:
    """Write a block of lanes of an output."""
    array = floats(table, field)
    if lane + WIDTH <= lanes:
        store_at(array, item * lanes + lane, value)
    else:
        scratch = floats(table, f.SCRATCH)
        store(scratch, 0, value)
        for w in range(lanes - lane):
            array[item * lanes + lane + w] = scratch[w]


@njit(error_model="numpy")
def place(item: int, lane: int, columns: int) -> int:
    """Return where a lane of an item stands; past the last lane, the last."""
    return item * columns + min(lane, columns - 1)


@njit(error_model="numpy")
def take(array: Floats, item: int, lane: int, lanes: int, scratch: Floats) -> Lanes:
    """Return a block of lanes of an array (items, lanes) or (items, 1): as :func:`take_lanes`."""
    if array.shape[1] == 1:
        return splat(array[item, 0])
    if lane + WIDTH <= lanes:
        return load_at(array, item * lanes + lane)
    for w in range(WIDTH):
        scratch[w] = array[item, min(lane + w, lanes - 1)]
    return load(scratch, 0)


@njit(error_model="numpy")
def put(array: Floats, item: int, lane: int, lanes: int, value: Lanes, scratch: Floats) -> None:
    """Write a block of lanes of an array (items, lanes): as :func:`put_lanes`."""
    if lane + WIDTH <= lanes:
        store_at(array, item * lanes + lane, value)
    else:
        store(scratch, 0, value)
        for w in range(lanes - lane):
            array[item, lane + w] = scratch[w]
