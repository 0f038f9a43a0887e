"""What one leak does to every head and every flow: the signatures a search or a placement needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.water.batched.solver import BatchedSolver
from models.water.batched.state import State, state_at
from models.water.network.network import Floats, Ints, Network, NodeKind
from twin.errors import Fault, InputError
from twin.lang import Text

LEAK_M3H = 2.2
"""An unreported leak, m3/h (Gironde guide [V])."""

LEAST_PRESSURE_M = 0.5
"""Below this no leak is set by its flow: a coefficient from a pressure near zero says nothing."""

SECONDS_PER_HOUR = 3600.0
_NAMED = 10


@dataclass(frozen=True, eq=False)
class Signatures:
    """What each leak changes, against the network without it.

    Attributes
    ----------
    node : NDArray[np.int32]
        Where each leak is; shape (leaks,).
    half : NDArray[np.float64]
        Its coefficient, m3/s at 1 m; shape (leaks,).
    leak_m3s : NDArray[np.float64]
        What it lets out in the end; shape (leaks,).
    dh_m : NDArray[np.float64]
        Change of head; shape (nodes, leaks). Mostly below zero.
    dq_m3s : NDArray[np.float64]
        Change of flow; shape (links, leaks).
    heads_m, flows_m3s : NDArray[np.float64]
        Without leak; shapes (nodes,) and (links,).
    """

    node: Ints
    half: Floats
    leak_m3s: Floats
    dh_m: Floats
    dq_m3s: Floats
    heads_m: Floats
    flows_m3s: Floats


def leak_signatures(
    network: Network,
    nodes: Sequence[int] | Ints | None = None,
    *,
    leak_m3h: ArrayLike = LEAK_M3H,
    half: ArrayLike | None = None,
    hour: int = 0,
    state: State | None = None,
    solver: BatchedSolver | None = None,
) -> Signatures:
    """Return the signature of one leak at each of some nodes.

    Parameters
    ----------
    network
    nodes
        Junctions, one leak each; those with pressure enough for a leak if None.
    leak_m3h
        What each leak would let out at the pressure there is without it, m3/h; one for all or one
        each. The pressure it takes away comes off: `leak_m3s` is a little less.
    half
        Coefficients instead, m3/s at 1 m.
    hour
        Hour of the patterns, tanks at their initial level; not used with `state`.
    state
        One lane to set the leaks in, instead of the network's own at that hour.
    solver
        One made before for this network.

    Raises
    ------
    InputError
        A node is not a junction, or has less than half a metre of pressure for a leak set by flow.
    NotBatched
        See :func:`models.water.batched.refusal.check_batched`.
    """
    solver = solver or BatchedSolver(network)
    state = state or state_at(network, hour * int(SECONDS_PER_HOUR))
    base = solver.solve(state)
    pressure_m = base.pressures_m(network)[:, 0]
    junction = network.nodes.kind == NodeKind.JUNCTION
    enough = junction & (pressure_m >= LEAST_PRESSURE_M)
    at = np.flatnonzero(enough) if nodes is None else np.asarray(nodes, dtype=np.int64)
    _check(network, at, junction if half is not None else enough, pressure_m)
    if half is None:
        flow = np.asarray(leak_m3h, dtype=np.float64) / SECONDS_PER_HOUR
        coefficient = flow / np.sqrt(pressure_m[at])
    else:
        coefficient = np.broadcast_to(np.asarray(half, dtype=np.float64), at.shape).copy()
    leaks = np.zeros((len(network.nodes), len(at)))
    lane = np.arange(len(at))
    leaks[at, lane] = coefficient
    if state.half is not None:
        leaks += np.reshape(state.half, (len(network.nodes), 1))
    found = solver.solve(replace(state, half=leaks), base) if len(at) else base
    return Signatures(
        node=at.astype(np.int32),
        half=coefficient,
        leak_m3s=(found.leak_m3s - base.leak_m3s)[at, lane] if len(at) else np.zeros(0),
        dh_m=found.heads_m[:, : len(at)] - base.heads_m,
        dq_m3s=found.flows_m3s[:, : len(at)] - base.flows_m3s,
        heads_m=base.heads_m[:, 0],
        flows_m3s=base.flows_m3s[:, 0],
    )


def _check(
    network: Network, at: NDArray[np.int64], able: NDArray[np.bool_], pressure_m: Floats
) -> None:
    unable = at[~able[at]]
    if len(unable):
        ids = network.nodes.ids
        named = ", ".join(f"{ids[node]} ({pressure_m[node]:.1f} m)" for node in unable[:_NAMED])
        raise InputError(
            Fault(
                key="nodes",
                value=named,
                expected=Text(
                    f"des jonctions sous {LEAST_PRESSURE_M} m de pression ou plus",
                    f"junctions under {LEAST_PRESSURE_M} m of pressure or more",
                ),
                remedy=Text("en choisir d'autres", "choose others"),
            )
        )
