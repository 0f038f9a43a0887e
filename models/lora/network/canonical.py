"""Tables in the one form the engine is compiled for: types, contiguity, plain numbers.

A table that differs in a data type or in its memory layout would be taken, after a minute spent
compiling the whole engine once more for it.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple, TypeVar, get_type_hints

import numpy as np
from numpy.typing import NDArray

from models.lora.network.setup import F8, I8, Network

Table = TypeVar("Table", bound=NamedTuple)


def canonical(table: Table) -> Table:
    """Return the table with every field in the type its class states; what fits is not copied."""
    stated = _types_of(type(table))
    return type(table)(*map(_as_stated, table, stated))


def canonical_network(network: Network) -> Network:
    """Return the network with every table in its canonical form."""
    return Network(*(canonical(table) for table in network))  # type: ignore[arg-type]


@cache  # looked up for each window; a class's fields never change
def _types_of(table: type[NamedTuple]) -> tuple[Any, ...]:
    """Return the type each field of a table states: a plain one, or that of an array's items."""
    types: dict[Any, Any] = {
        F8: np.float64,
        I8: np.int64,
        NDArray[np.bool_]: np.bool_,
        NDArray[np.uint64]: np.uint64,
    }
    hints = get_type_hints(table)
    return tuple(types.get(hints[name], hints[name]) for name in table._fields)


def _as_stated(value: Any, stated: Any) -> Any:
    if stated in {float, int, bool}:
        return stated(value)
    return np.require(value, dtype=stated, requirements=["C", "W"])
