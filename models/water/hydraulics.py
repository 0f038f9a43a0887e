"""What any engine says of a network over time, and who is asked to say it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.water.epanet.leak_table import Leak
from models.water.epanet.trouble import Notice
from models.water.network.network import Floats, Network
from twin.errors import Fault, InputError
from twin.lang import Text
from twin.recorder import Ledger


class EngineName(StrEnum):
    """Who solves."""

    EPANET = "epanet"
    BATCHED = "batched"


@dataclass(frozen=True, eq=False)
class HydraulicRun:
    """A network solved at equal steps, both ends of the period included.

    Attributes
    ----------
    network : Network
    engine : str
        Who solved it.
    times_s : NDArray[np.int64]
        Shape (steps,).
    heads_m : NDArray[np.float64]
        Shape (steps, nodes).
    flows_m3s : NDArray[np.float64]
        From start to end of each link; shape (steps, links).
    consumed_m3s, leaks_m3s : NDArray[np.float64]
        What consumers take, what leaks out; shape (steps, nodes).
    ledger : Ledger
        Produced = consumed + leaked + change stored, over the period; closed.
    notices : tuple of Notice
        What has to be told, in the order of time.
    """

    network: Network
    engine: str
    times_s: NDArray[np.int64]
    heads_m: Floats
    flows_m3s: Floats
    consumed_m3s: Floats
    leaks_m3s: Floats
    ledger: Ledger
    notices: tuple[Notice, ...] = ()

    @property
    def pressures_m(self) -> Floats:
        """Heads above the ground (levels in tanks, 0 at reservoirs); shape (steps, nodes)."""
        pressures: Floats = self.heads_m - self.network.nodes.elevation_m
        return pressures


def run_hydraulics(
    source: Network | Path | str,
    *,
    engine: EngineName = EngineName.EPANET,
    leaks: Sequence[Leak] = (),
    step_s: int = 3600,
    duration_s: int | None = None,
) -> HydraulicRun:
    """Solve a network, or an INP file, over a period.

    `duration_s` is the network's own by default. A file is solved as it stands, rules included.

    Raises
    ------
    NotBatched
        The batched engine was asked for and refuses something, by name.
    UnsolvedError
        There is no solution that may be used.
    InputError
        The file, the leaks or the step is at fault.
    """
    if engine is EngineName.BATCHED:
        from models.water.network.read import read_network

        run_batched = _batched_steps()
        network = source if isinstance(source, Network) else read_network(source)
        run: HydraulicRun = run_batched(network, leaks=leaks, step_s=step_s, duration_s=duration_s)
        return run
    from models.water.epanet.steps import run_steps

    return run_steps(source, leaks=leaks, step_s=step_s, duration_s=duration_s)


def _batched_steps() -> Callable[..., HydraulicRun]:
    """Return the batched engine's own `run_steps`."""
    try:
        module = import_module("models.water.batched.steps")
    except ModuleNotFoundError as error:
        raise InputError(
            Fault(
                key="engine",
                value=EngineName.BATCHED.value,
                expected=Text("un moteur présent dans cette copie", "an engine of this copy"),
                remedy=Text("--engine epanet", "--engine epanet"),
            )
        ) from error
    found: Callable[..., HydraulicRun] = module.run_steps
    return found


def worst_nodes(run: HydraulicRun, count: int = 5) -> list[tuple[str, float]]:
    """Return the junctions of lowest pressure over the run, and that pressure, lowest first."""
    junction = np.flatnonzero(run.network.nodes.kind == 0)
    lowest = run.pressures_m[:, junction].min(axis=0)
    order = np.argsort(lowest, kind="stable")[:count]
    return [(run.network.nodes.ids[junction[at]], float(lowest[at])) for at in order]
