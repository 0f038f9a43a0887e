"""A state as the compiled call takes it: every array (items, lanes) or (items, 1)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.water.batched.state import State
from models.water.network.network import Floats, Network
from twin.errors import Fault, InputError
from twin.lang import Text, same


class Inputs(NamedTuple):
    """Arrays of a state in two dimensions; leaks of no row where there are none."""

    demand: Floats
    half: Floats
    three_halves: Floats
    fixed: Floats
    is_open: NDArray[np.bool_]
    setting: Floats

    @property
    def lanes(self) -> int:
        """Return the number of lanes."""
        return max(int(array.shape[1]) for array in self)

    @property
    def lone(self) -> bool:
        """Whether lanes differ by their leaks alone."""
        return all(
            array.shape[1] == 1 for array in (self.demand, self.fixed, self.is_open, self.setting)
        )


def inputs_of(network: Network, state: State, fixed: int) -> Inputs:
    """Return a state's arrays; InputError names those of another shape than they should have."""
    none = np.empty((0, 1))
    nodes, links = len(network.nodes), len(network.links)
    inputs = Inputs(
        demand=_matrix(state.demand_m3s),
        half=none if state.half is None else _matrix(state.half),
        three_halves=none if state.three_halves is None else _matrix(state.three_halves),
        fixed=_matrix(state.fixed_head_m),
        is_open=_matrix(state.open, np.bool_),
        setting=_matrix(state.setting),
    )
    names = ("demand_m3s", "half", "three_halves", "fixed_head_m", "open", "setting")
    items = (nodes, nodes, nodes, fixed, links, links)
    lanes = inputs.lanes
    faults = [
        Fault(
            key=name,
            value=str(array.shape),
            expected=same(f"({count}, 1), ({count}, {lanes})"),
            remedy=Text(
                "un tableau par objet et par voie, ou un seul pour toutes les voies",
                "one row an item and one column a lane, or one column for all lanes",
            ),
        )
        for name, array, count in zip(names, inputs, items, strict=True)
        if not (array is none or array.shape in ((count, 1), (count, lanes)))
    ]
    if faults:
        raise InputError(*faults)
    return inputs


def _matrix(values: NDArray[Any], kind: Any = np.float64) -> NDArray[Any]:
    array = np.ascontiguousarray(values, dtype=kind)
    return array if array.ndim > 1 else array[:, None]
