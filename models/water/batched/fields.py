"""The arrays of a solve, by number: compiled functions take them all as one table of addresses.

A compiled call pays for each array it is handed, and counts who holds it each time one function
passes it to another; there are seventy. The table holds an address and a length for each, and goes
by its own address; :func:`floats`, :func:`ints` and :func:`bytes_` give back the arrays. Whoever
makes a table keeps them in memory.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]  # no stubs
from numba.core import types
from numba.np import arrayobj
from numpy.typing import NDArray

from models.water.batched.lanes import operation

# Of the network: see models.water.batched.plan.
(
    ROW, NODE, LINK, FIRST, LAST, ENTRY_OF, CONDUCTANCE, MINOR, ROUGHNESS, VISCOUS, CHECK,
    START_FLOW, KIND, POWER, SHUTOFF, RESISTANCE, METRES_PER_K, CURVE_START, CURVE_END, CURVE_X,
    CURVE_Y, COLUMN, BELOW, PAIR, TARGET, ELEVATION, BESIDE, BESIDE_LINK, EMITTER_ROW, EMITTER_C,
    OWN_HALF, OWN_THREE_HALVES,
) = range(32)  # fmt: skip

# Of a block of lanes: see models.water.batched.work.
(
    HEAD, EXCESS, RIGHT, ENTRY, PIVOT, FLOW, SLOPE, SHIFT, STATUS, SETTING, DEMAND, OUT_ROW,
    OUT_KIND, OUT_ZERO, OUT_SCALE, OUT_FLOW, OUT_BASE, OUT_SLOPE, HOLD, ASK, CHANGE, SCRATCH, QUICK,
    SLOW, OUT_STATE,
) = range(32, 57)  # fmt: skip

# Of a call: what goes in, and what comes out.
(
    IN_DEMAND, IN_HALF, IN_THREE_HALVES, IN_FIXED, IN_OPEN, IN_SETTING, IN_FLOWS, IN_HEADS,
    IN_STATUS, TO_HEADS, TO_FLOWS, TO_LEAK, TO_DELIVERED, TO_STATUS, TO_ITERATIONS, TO_CONVERGED,
    TO_BALANCE, IN_EMITTER,
) = range(57, 75)  # fmt: skip
FIELDS = 75


def table_of(arrays: Mapping[int, NDArray[Any]]) -> NDArray[np.int64]:
    """Return the table of arrays by field; they must stay in memory as long as it is used."""
    table = np.zeros(2 * FIELDS, dtype=np.int64)
    enter(table, arrays)
    return table


def enter(table: NDArray[np.int64], arrays: Mapping[int, NDArray[Any]]) -> None:
    """Write arrays into a table; they must stay in memory as long as it is used."""
    for field, array in arrays.items():
        table[2 * field] = array.ctypes.data
        table[2 * field + 1] = array.size


def _view(element: Any, size: int) -> Any:
    kind = types.Array(element, 1, "C")
    word = ir.IntType(64)

    def code(context: Any, builder: Any, _sign: Any, args: Any) -> Any:
        words = builder.inttoptr(args[0], word.as_pointer())
        place = builder.mul(args[1], ir.Constant(args[1].type, 2))
        after = builder.add(place, ir.Constant(args[1].type, 1))
        address = builder.load(builder.gep(words, [place], inbounds=True))
        length = builder.load(builder.gep(words, [after], inbounds=True))
        array = arrayobj.make_array(kind)(context, builder)  # type: ignore[no-untyped-call]  # as above
        whole = context.get_constant(types.intp, size)
        arrayobj.populate_array(  # type: ignore[no-untyped-call]  # as above
            array,
            data=builder.inttoptr(address, array.data.type),
            shape=[length],
            strides=[whole],
            itemsize=whole,
            meminfo=None,
        )
        return array._getvalue()  # noqa: SLF001 - numba's own way

    return operation(kind, (types.intp, types.intp), code)


floats = _view(types.float64, 8)
ints = _view(types.int32, 4)
bytes_ = _view(types.int8, 1)
