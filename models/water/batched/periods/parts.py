"""Some lanes of a solution: taken out, solved again, put back."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.water.batched.solver import BatchedSolver
from models.water.batched.state import Solution, State

Lanes = NDArray[np.intp]


def lanes_of(array: NDArray[Any], which: Lanes) -> NDArray[Any]:
    """Return some lanes of an array (items, lanes); one that lanes share as it is."""
    if array.ndim == 1 or array.shape[1] == 1:
        return array
    return np.ascontiguousarray(array[:, which])


def part_of(solution: Solution, which: Lanes) -> Solution:
    """Return some lanes of a solution."""
    return Solution(
        heads_m=np.ascontiguousarray(solution.heads_m[:, which]),
        flows_m3s=np.ascontiguousarray(solution.flows_m3s[:, which]),
        leak_m3s=np.ascontiguousarray(solution.leak_m3s[:, which]),
        delivered_m3s=lanes_of(solution.delivered_m3s, which),
        status=np.ascontiguousarray(solution.status[:, which]),
        iterations=solution.iterations[which],
        converged=solution.converged[which],
        balance=solution.balance[which],
    )


def solve_again(
    solver: BatchedSolver, state: State, solution: Solution, which: Lanes, *, warm: bool
) -> None:
    """Solve some lanes of a state, from their solution or from nothing, and write it over."""
    if not len(which):
        return
    asked = State(
        demand_m3s=lanes_of(state.demand_m3s, which),
        fixed_head_m=lanes_of(state.fixed_head_m, which),
        open=lanes_of(state.open, which),
        setting=lanes_of(state.setting, which),
        emitter=None if state.emitter is None else lanes_of(state.emitter, which),
    )
    start = part_of(solution, which) if warm else None
    found = solver.solve(asked, start, allow_unconverged=True)
    solution.heads_m[:, which] = found.heads_m
    solution.flows_m3s[:, which] = found.flows_m3s
    solution.leak_m3s[:, which] = found.leak_m3s
    solution.status[:, which] = found.status
    solution.iterations[which] += found.iterations
    solution.converged[which] = found.converged
    solution.balance[which] = found.balance
    if solver.network.options.pressure_dependent:
        solution.delivered_m3s[:, which] = found.delivered_m3s
