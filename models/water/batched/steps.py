"""A network solved at equal steps by the batched solver, as one lane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from models.water.batched.periods.events import LaneEvents
from models.water.batched.periods.rates import Sources, delivered_m3s, rates_of
from models.water.batched.periods.run import check_times
from models.water.batched.periods.simulation import Simulation, Why
from models.water.batched.periods.telling import Changed, notices, stopped
from models.water.epanet.leak_table import Leak
from models.water.epanet.trouble import Notice, NoticeKind
from models.water.epanet.volumes import Volumes
from models.water.network.network import Network

if TYPE_CHECKING:
    from models.water.hydraulics import HydraulicRun

_NAME = "network"
_TOLD_SHARE = 1e-4
"""Of what is produced: beyond what is rounded off when a tank gets empty."""


def run_steps(
    network: Network,
    *,
    leaks: Sequence[Leak] = (),
    step_s: int = 3600,
    duration_s: int | None = None,
) -> HydraulicRun:
    """Return the network at 0, step_s, 2 step_s... up to and with `duration_s`.

    As :func:`models.water.epanet.steps.run_steps`, which it agrees with; no notice of
    ill-conditioning.

    Raises
    ------
    NotBatched
        With everything about the network that only EPANET follows.
    InputError
        The step, the duration or a leak is at fault.
    UnsolvedError
        There is no solution that may be used.
    """
    from models.water.hydraulics import EngineName, HydraulicRun

    wanted_s = network.options.duration_s if duration_s is None else duration_s
    check_times(step_s, wanted_s)
    count = int(wanted_s) // step_s + 1
    nodes, links = len(network.nodes), len(network.links)
    heads, flows = np.empty((count, nodes)), np.empty((count, links))
    consumed, leaking = np.empty((count, nodes)), np.empty((count, nodes))
    told = [
        Notice(NoticeKind.LEAK_OUTSIDE, int(min(leak.start_s, 1e9)), (leak.id,))
        for leak in leaks
        if not any(leak.during(step * step_s) for step in range(count))
    ]
    simulation = Simulation(network, [LaneEvents(tuple(leaks))], step_s, int(wanted_s))
    sources = Sources(network)
    volumes = Volumes(float(simulation.stock.volume_m3.sum()))
    changed = Changed(links)
    for found in simulation.rounds():
        now = int(found.time_s[0])
        changed.see(found.code[:, 0], fresh=now % step_s == 0)
        if found.why[0] != Why.GOES_ON:
            raise stopped(network, found, changed.links)
        if now % step_s == 0:
            row, solution = now // step_s, found.solution
            heads[row], flows[row] = solution.heads_m[:, 0], solution.flows_m3s[:, 0]
            consumed[row] = delivered_m3s(network, found)
            leaking[row] = solution.leak_m3s[:, 0]
            told += notices(network, found)
        seconds = int(found.steps_s[0])
        if seconds:
            change_m3 = float((found.after_m3 - found.before_m3).sum())
            volumes.add(rates_of(network, sources, found), seconds, change_m3)
    if -volumes.spilled_m3 > _TOLD_SHARE * volumes.produced_m3:
        end_s = (count - 1) * step_s
        told.append(Notice(NoticeKind.TANK_BEYOND, end_s, (), -volumes.spilled_m3))
    ledger = volumes.ledger(_NAME)
    ledger.check()
    return HydraulicRun(
        network=network,
        engine=EngineName.BATCHED.value,
        times_s=np.arange(count, dtype=np.int64) * step_s,
        heads_m=heads,
        flows_m3s=flows,
        consumed_m3s=consumed,
        leaks_m3s=leaking,
        ledger=ledger,
        notices=tuple(told),
    )
