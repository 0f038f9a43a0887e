"""A network, or a file, solved by EPANET at equal steps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.water.epanet.conditioning import conditioning_notice
from models.water.epanet.leak_table import Leak, coefficients_at
from models.water.epanet.stepping import Engine
from models.water.epanet.trouble import Notice, NoticeKind
from models.water.network.network import Network
from twin.errors import Fault, InputError
from twin.lang import Text

if TYPE_CHECKING:
    from models.water.hydraulics import HydraulicRun

_TOLD_SHARE = 1e-4
"""Of what is produced: beyond what EPANET rounds off when a tank gets empty."""


def run_steps(
    source: Network | Path | str,
    *,
    leaks: Sequence[Leak] = (),
    step_s: int = 3600,
    duration_s: int | None = None,
) -> HydraulicRun:
    """Return the network at 0, step_s, 2 step_s... up to and with `duration_s`.

    A leak acts from the first step at or after its start to the first at or after its end. What
    happens within a step (a tank full, a control, a pattern) is solved too, and counts in the
    ledger.

    Raises
    ------
    InputError
        The file or the step is at fault.
    UnsolvedError
        There is no solution that may be used.
    """
    from models.water.hydraulics import EngineName, HydraulicRun

    with Engine(source) as engine:
        network = engine.network
        wanted_s = network.options.duration_s if duration_s is None else duration_s
        _check(step_s, wanted_s)
        count = int(wanted_s) // step_s + 1
        nodes, links = len(network.nodes), len(network.links)
        heads, flows = np.empty((count, nodes)), np.empty((count, links))
        consumed, leaking = np.empty((count, nodes)), np.empty((count, nodes))
        notices: list[Notice] = [
            Notice(NoticeKind.LEAK_OUTSIDE, int(min(leak.start_s, 1e9)), (leak.id,))
            for leak in leaks
            if not any(leak.during(step * step_s) for step in range(count))
        ]
        current = network.nodes.emitter.copy()
        for at in range(count):
            wanted = coefficients_at(leaks, at * step_s, network.nodes.emitter)
            for node in np.flatnonzero(wanted != current):
                engine.change.emitter(int(node), float(wanted[node]))
            current = wanted
            notices += engine.solve()
            if at == 0:
                notices += conditioning_notice(engine)
            heads[at], flows[at] = engine.heads_m(), engine.flows_m3s()
            consumed[at], leaking[at] = engine.consumed_m3s(), engine.leaks_m3s()
            if at + 1 < count:
                engine.advance(step_s)
        created_m3 = -engine.volumes.spilled_m3
        if created_m3 > _TOLD_SHARE * engine.volumes.produced_m3:
            end_s = engine.now_s
            notices.append(Notice(NoticeKind.TANK_BEYOND, end_s, (), created_m3))
        ledger = engine.volumes.ledger("network")
        ledger.check()
        return HydraulicRun(
            network=network,
            engine=EngineName.EPANET.value,
            times_s=np.arange(count, dtype=np.int64) * step_s,
            heads_m=heads,
            flows_m3s=flows,
            consumed_m3s=consumed,
            leaks_m3s=leaking,
            ledger=ledger,
            notices=tuple(notices),
        )


def _check(step_s: float, duration_s: float) -> None:
    faults = [
        Fault(key=key, value=f"{value:g}", expected=expected, remedy=remedy)
        for key, value, wrong, expected, remedy in (
            (
                "step_s",
                step_s,
                step_s < 1 or step_s != int(step_s),
                Text("un pas d'un nombre entier de secondes", "a step of whole seconds"),
                Text("donner 900 ou 3600", "give 900 or 3600"),
            ),
            (
                "duration_s",
                duration_s,
                duration_s < 0,
                Text("une durée de zéro ou plus", "a duration of zero or more"),
                Text("donner 86400 pour un jour", "give 86400 for a day"),
            ),
        )
        if wrong
    ]
    if faults:
        raise InputError(*faults)
