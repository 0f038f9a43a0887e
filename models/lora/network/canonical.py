"""Tables in the one form the engine is compiled for: types, contiguity, plain numbers.

A table that differs in a data type or in its memory layout would be taken, after a minute spent
compiling the whole engine once more for it.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar, get_type_hints

import numpy as np
from numpy.typing import NDArray

from models.lora.network.setup import F8, I8, Network

Table = TypeVar("Table", bound=NamedTuple)


def canonical(table: Table) -> Table:
    """Return the table with every field in the type its class states; what fits is not copied."""
    hints = get_type_hints(type(table))
    fields: list[Any] = [
        _as_stated(value, hints[name]) for name, value in zip(table._fields, table, strict=True)
    ]
    return type(table)(*fields)


def canonical_network(network: Network) -> Network:
    """Return the network with every table in its canonical form."""
    return Network(*(canonical(table) for table in network))  # type: ignore[arg-type]


def _as_stated(value: Any, stated: Any) -> Any:
    if stated in {float, int, bool}:
        return stated(value)
    types: dict[Any, Any] = {
        F8: np.float64,
        I8: np.int64,
        NDArray[np.bool_]: np.bool_,
        NDArray[np.uint64]: np.uint64,
    }
    return np.require(value, dtype=types[stated], requirements=["C", "W"])
