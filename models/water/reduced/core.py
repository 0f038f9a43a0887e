"""The core as compiled functions see it: arrays of the batched solver, by name."""

from __future__ import annotations

from typing import Any, NamedTuple

from numpy.typing import NDArray

from models.water.batched import fields as f
from models.water.batched.fields import bytes_, floats, ints
from models.water.batched.plan import Sizes
from models.water.network.network import Floats, Ints
from models.water.reduced.jit import inner


class Core(NamedTuple):
    """Arrays of `models.water.batched.plan` and `models.water.batched.work` that are used here."""

    sizes: Sizes
    table: NDArray[Any]
    unknowns: int
    fixed: int
    links: int
    plain: int
    pipes: int
    machines: int
    first: Ints
    last: Ints
    entry_of: Ints
    node: Ints
    column: Ints
    below: Ints
    check: NDArray[Any]
    start_flow: Floats
    elevation: Floats
    emitter_row: Ints
    emitter: Floats
    head: Floats
    excess: Floats
    right: Floats
    entry: Floats
    pivot: Floats
    demand: Floats
    flow: Floats
    slope: Floats
    shift: Floats
    status: Floats
    setting: Floats
    out_row: Ints
    out_kind: Ints
    out_zero: Floats
    out_scale: Floats
    out_flow: Floats
    hold: Floats
    ask: Floats
    change: Floats
    scratch: Floats


@inner
def core_of(sizes: Any, table: Any) -> Any:
    """Return the core of a table of the batched solver's arrays."""
    return Core(
        sizes,
        table,
        sizes.unknowns,
        sizes.fixed,
        sizes.links,
        sizes.plain,
        sizes.pipes,
        sizes.links - sizes.pipes,
        ints(table, f.FIRST),
        ints(table, f.LAST),
        ints(table, f.ENTRY_OF),
        ints(table, f.NODE),
        ints(table, f.COLUMN),
        ints(table, f.BELOW),
        bytes_(table, f.CHECK),
        floats(table, f.START_FLOW),
        floats(table, f.ELEVATION),
        ints(table, f.EMITTER_ROW),
        floats(table, f.EMITTER_C),
        floats(table, f.HEAD),
        floats(table, f.EXCESS),
        floats(table, f.RIGHT),
        floats(table, f.ENTRY),
        floats(table, f.PIVOT),
        floats(table, f.DEMAND),
        floats(table, f.FLOW),
        floats(table, f.SLOPE),
        floats(table, f.SHIFT),
        floats(table, f.STATUS),
        floats(table, f.SETTING),
        ints(table, f.OUT_ROW),
        ints(table, f.OUT_KIND),
        floats(table, f.OUT_ZERO),
        floats(table, f.OUT_SCALE),
        floats(table, f.OUT_FLOW),
        floats(table, f.HOLD),
        floats(table, f.ASK),
        floats(table, f.CHANGE),
        floats(table, f.SCRATCH),
    )
