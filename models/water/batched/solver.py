"""Many scenarios of one network at once: order and plan once, then one compiled call a solve."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.water.batched import fields
from models.water.batched.blocks import Call
from models.water.batched.kernel import solve_lanes
from models.water.batched.plan import plan_of
from models.water.batched.refusal import check_batched
from models.water.batched.state import Solution, State
from models.water.batched.work import work_of
from models.water.network.network import Floats, Ints, Network, NodeKind
from twin.errors import Fault, InputError, RunError
from twin.lang import Text, same

ACCURACY = 1e-7
"""Sum of residual flows over sum of flows at which a lane is done."""

_NAMED = 10
_OPTIONAL = ("half", "three_halves")
_STALE = "numba's cache is older than the code: delete __pycache__/*.nb[ic] under models/water"


class NotConvergedError(RunError):
    """Lanes have not converged; the message names them."""


class BatchedSolver:
    """Solve snapshots of a network, as many lanes as asked.

    Parameters
    ----------
    network
        What :func:`check_batched` takes.
    accuracy
        Sum of residual flows over sum of flows at which a lane is done. A residual, not the last
        change: EPANET's 1e-5 of last change comes later than 1e-6 here only by its last iteration.

    Attributes
    ----------
    fixed : NDArray[np.int32]
        Reservoirs and tanks, in node order: what `State.fixed_head_m` gives the heads of.

    Raises
    ------
    NotBatched
        With everything about the network that cannot be taken.
    """

    def __init__(self, network: Network, accuracy: float = ACCURACY) -> None:
        check_batched(network)
        self.network = network
        self.accuracy = accuracy
        self.plan = plan_of(network)
        sizes, arrays = self.plan
        self._arrays = arrays | work_of(
            sizes.unknowns,
            sizes.fixed,
            sizes.links,
            sizes.links - sizes.pipes,
            len(arrays[fields.BELOW]),
            sizes.emitters,
        )
        self._table = fields.table_of(self._arrays)
        self.fixed: Ints = np.flatnonzero(network.nodes.kind != NodeKind.JUNCTION).astype(np.int32)

    def solve(
        self,
        state: State,
        start: Solution | None = None,
        *,
        allow_unconverged: bool = False,
        into: Solution | None = None,
    ) -> Solution:
        """Return the hydraulics of every lane.

        Parameters
        ----------
        state
            The lanes; their number is that of the widest array.
        start
            Solution to begin from: of one lane, or of as many.
        allow_unconverged
            Return lanes that have not converged, flagged, instead of raising.
        into
            An older solution of this solver and as many lanes, to be written over: saves taking
            memory anew. It may be `start` itself.

        Raises
        ------
        NotConvergedError
            Lanes have not converged within the network's trials.
        InputError
            An array has not the shape it should.
        """
        nodes, links = len(self.network.nodes), len(self.network.links)
        inputs: dict[str, tuple[int, NDArray[Any], int]] = {
            "demand_m3s": (fields.IN_DEMAND, _matrix(state.demand_m3s), nodes),
            "fixed_head_m": (fields.IN_FIXED, _matrix(state.fixed_head_m), len(self.fixed)),
            "open": (fields.IN_OPEN, _matrix(state.open, np.bool_), links),
            "setting": (fields.IN_SETTING, _matrix(state.setting), links),
        }
        if state.half is not None and np.size(state.half):
            inputs["half"] = (fields.IN_HALF, _matrix(state.half), nodes)
        if state.three_halves is not None and np.size(state.three_halves):
            inputs["three_halves"] = (fields.IN_THREE_HALVES, _matrix(state.three_halves), nodes)
        if state.emitter is not None:
            inputs["emitter"] = (fields.IN_EMITTER, _matrix(state.emitter), nodes)
        if start is not None:
            inputs["start"] = (fields.IN_FLOWS, _matrix(start.flows_m3s), links)
            inputs["start.heads_m"] = (fields.IN_HEADS, _matrix(start.heads_m), nodes)
            inputs["start.status"] = (fields.IN_STATUS, _matrix(start.status, np.int8), links)
        columns = {name: array.shape[1] for name, (_, array, _) in inputs.items()}
        lanes = max(columns.values())
        _check([(name, array, items) for name, (_, array, items) in inputs.items()], lanes)
        found = self._room(nodes, links, lanes, into)
        outputs: dict[int, NDArray[Any]] = {
            fields.TO_HEADS: found.heads_m,
            fields.TO_FLOWS: found.flows_m3s,
            fields.TO_LEAK: found.leak_m3s,
            fields.TO_STATUS: found.status,
            fields.TO_ITERATIONS: found.iterations,
            fields.TO_CONVERGED: found.converged,
            fields.TO_BALANCE: found.balance,
        }
        if self.plan.sizes.dependent:
            outputs[fields.TO_DELIVERED] = found.delivered_m3s
        else:
            found = replace(found, delivered_m3s=state.demand_m3s)
        fields.enter(self._table, {field: array for field, array, _ in inputs.values()} | outputs)
        call = Call(
            lanes=lanes,
            demand=columns["demand_m3s"],
            half=columns.get("half", 0),
            three_halves=columns.get("three_halves", 0),
            emitter=columns.get("emitter", 0),
            fixed=columns["fixed_head_m"],
            open=columns["open"],
            setting=columns["setting"],
            start=columns.get("start", 0),
        )
        address = self._table.ctypes.data
        if not solve_lanes(self.plan.sizes, call, address, self.accuracy, fields.FIELDS):
            raise RunError(_STALE)
        if not allow_unconverged and not found.converged.all():
            raise _not_converged(np.flatnonzero(~found.converged), found.balance)
        return found

    def _room(self, nodes: int, links: int, lanes: int, into: Solution | None) -> Solution:
        if into is not None and into.heads_m.shape == (nodes, lanes):
            into.leak_m3s[:] = 0.0
            into.converged[:] = False
            return into
        dependent = self.plan.sizes.dependent
        return Solution(
            heads_m=np.empty((nodes, lanes)),
            flows_m3s=np.empty((links, lanes)),
            leak_m3s=np.zeros((nodes, lanes)),
            delivered_m3s=np.empty((nodes if dependent else 0, lanes)),
            status=np.full((links, lanes), -1, dtype=np.int8),
            iterations=np.zeros(lanes, dtype=np.int32),
            converged=np.zeros(lanes, dtype=np.bool_),
            balance=np.full(lanes, np.nan),
        )


def _matrix(values: NDArray[Any], kind: Any = np.float64) -> NDArray[Any]:
    array = np.ascontiguousarray(values, dtype=kind)
    return array if array.ndim > 1 else array[:, None]


def _check(inputs: list[tuple[str, NDArray[Any], int]], lanes: int) -> None:
    faults = [
        Fault(
            key=name,
            value=str(array.shape),
            expected=same(f"({items}, 1), ({items}, {lanes})"),
            remedy=Text(
                "un tableau par objet et par voie, ou un seul pour toutes les voies",
                "one row an item and one column a lane, or one column for all lanes",
            ),
        )
        for name, array, items in inputs
        if (array.shape[0] != items or array.shape[1] not in (1, lanes))
        and not (name in _OPTIONAL and array.size == 0)
    ]
    if faults:
        raise InputError(*faults)


def _not_converged(lanes: NDArray[np.intp], balance: Floats) -> NotConvergedError:
    named = ", ".join(f"{lane} ({balance[lane]:.1e})" for lane in lanes[:_NAMED])
    more = "" if len(lanes) <= _NAMED else f", ... ({len(lanes)})"
    return NotConvergedError(f"lanes not converged, with what they lack: {named}{more}")
