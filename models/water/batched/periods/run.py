"""Many scenarios of one network over time; what is asked for is kept at each step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.water.batched.periods.events import LaneEvents
from models.water.batched.periods.simulation import Simulation, Why
from models.water.batched.solver import BatchedSolver
from models.water.network.network import Floats, Ints, Network
from twin.errors import Fault, InputError, RunError
from twin.lang import Text

_NAMED = 10
_REASONS = {
    Why.NO_SOLUTION: "no solution",
    Why.CUT_OFF: "consumers cut off",
    Why.TOGGLES: "controls toggle without end",
}


class LaneStoppedError(RunError):
    """Lanes have no solution at some time; the message names them and the time."""


@dataclass(frozen=True, eq=False)
class LaneRun:
    """What was observed.

    Attributes
    ----------
    times_s : NDArray[np.int64]
        Shape (steps,), both ends of the period included.
    nodes, links : NDArray[np.int32]
        Observed.
    heads_m : NDArray[np.float64]
        Shape (steps, nodes observed, lanes).
    flows_m3s : NDArray[np.float64]
        Shape (steps, links observed, lanes); from start to end.
    leaked_m3 : NDArray[np.float64]
        What leaks and emitters let out over the whole period, by lane.
    rounds : NDArray[np.int64]
        Times each lane was solved.
    stopped_s : NDArray[np.int64]
        When a lane had no solution any more, -1 if it went to its end; its arrays are NaN from
        there on.
    why : NDArray[np.int8]
        :class:`Why` it stopped.
    """

    times_s: NDArray[np.int64]
    nodes: Ints
    links: Ints
    heads_m: Floats
    flows_m3s: Floats
    leaked_m3: Floats
    rounds: NDArray[np.int64]
    stopped_s: NDArray[np.int64]
    why: NDArray[np.int8]


def run_lanes(
    network: Network,
    lanes: Sequence[LaneEvents],
    *,
    step_s: int = 3600,
    duration_s: int | None = None,
    nodes: Sequence[int] | Ints | None = None,
    links: Sequence[int] | Ints = (),
    allow_stopped: bool = False,
    solver: BatchedSolver | None = None,
) -> LaneRun:
    """Return every lane at 0, step_s, 2 step_s... up to and with `duration_s`.

    Parameters
    ----------
    network
    lanes
        One simulation each.
    step_s
        Of reporting; events count from the first such step at or after their time.
    duration_s
        The network's own by default.
    nodes, links
        To be kept; every node and no link by default. A year of 3,000 nodes and 100 lanes at every
        hour takes 20 GB: ask for less.
    allow_stopped
        Return lanes that come to an instant without solution, flagged, instead of raising.
    solver
        One made before for this network.

    Raises
    ------
    NotBatched
        With everything about the network that cannot be taken.
    LaneStoppedError
        Lanes have no solution at some time.
    InputError
        A lane, a step or an observed node is at fault.
    """
    wanted_s = network.options.duration_s if duration_s is None else duration_s
    check_times(step_s, wanted_s)
    kept = np.arange(len(network.nodes)) if nodes is None else np.asarray(nodes, dtype=np.int64)
    flowing = np.asarray(links, dtype=np.int64)
    _check_observed("nodes", kept, len(network.nodes))
    _check_observed("links", flowing, len(network.links))
    count = int(wanted_s) // step_s + 1
    heads = np.full((count, len(kept), len(lanes)), np.nan)
    flows = np.full((count, len(flowing), len(lanes)), np.nan)
    leaked, stopped = np.zeros(len(lanes)), np.full(len(lanes), -1, dtype=np.int64)
    rounds, why = np.zeros(len(lanes), dtype=np.int64), np.zeros(len(lanes), dtype=np.int8)
    simulation = Simulation(network, lanes, step_s, int(wanted_s), solver)
    for found in simulation.rounds():
        lane, solution = found.lane, found.solution
        rounds[lane] += 1
        goes_on = found.why == Why.GOES_ON
        stopped[lane[~goes_on]] = found.time_s[~goes_on]
        why[lane] = found.why
        at = np.flatnonzero(goes_on & (found.time_s % step_s == 0))
        row = found.time_s[at] // step_s
        heads[row, :, lane[at]] = solution.heads_m[np.ix_(kept, at)].T
        if len(flowing):
            flows[row, :, lane[at]] = solution.flows_m3s[np.ix_(flowing, at)].T
        leaked[lane] += solution.leak_m3s.sum(axis=0) * found.steps_s
    if (stopped >= 0).any() and not allow_stopped:
        raise _stopped(stopped, why)
    return LaneRun(
        times_s=np.arange(count, dtype=np.int64) * step_s,
        nodes=kept.astype(np.int32),
        links=flowing.astype(np.int32),
        heads_m=heads,
        flows_m3s=flows,
        leaked_m3=leaked,
        rounds=rounds,
        stopped_s=stopped,
        why=why,
    )


def check_times(step_s: float, duration_s: float) -> None:
    """Raise InputError where a step is no whole number of seconds or a duration is negative."""
    faults = []
    if step_s < 1 or step_s != int(step_s):
        faults.append(
            Fault(
                key="step_s",
                value=f"{step_s:g}",
                expected=Text("un pas d'un nombre entier de secondes", "a step of whole seconds"),
                remedy=Text("donner 900 ou 3600", "give 900 or 3600"),
            )
        )
    if duration_s < 0:
        faults.append(
            Fault(
                key="duration_s",
                value=f"{duration_s:g}",
                expected=Text("une durée de zéro ou plus", "a duration of zero or more"),
                remedy=Text("donner 86400 pour un jour", "give 86400 for a day"),
            )
        )
    if faults:
        raise InputError(*faults)


def _check_observed(key: str, which: NDArray[np.int64], count: int) -> None:
    wrong = which[(which < 0) | (which >= count)]
    if len(wrong):
        raise InputError(
            Fault(
                key=key,
                value=", ".join(str(at) for at in wrong[:_NAMED]),
                expected=Text(
                    f"des positions de 0 à {count - 1}", f"positions from 0 to {count - 1}"
                ),
                remedy=Text("corriger la liste", "mend the list"),
            )
        )


def _stopped(stopped_s: NDArray[np.int64], why: NDArray[np.int8]) -> LaneStoppedError:
    lanes = np.flatnonzero(stopped_s >= 0)
    named = ", ".join(
        f"{lane} ({stopped_s[lane]} s, {_REASONS[Why(why[lane])]})" for lane in lanes[:_NAMED]
    )
    more = "" if len(lanes) <= _NAMED else f", ... ({len(lanes)})"
    return LaneStoppedError(f"lanes without solution, with the time: {named}{more}")
