"""Whether heads can be trusted: the first solution again, a hundred times tighter."""

from __future__ import annotations

import numpy as np

from models.water.epanet.stepping import Engine
from models.water.epanet.trouble import Notice, NoticeKind, UnsolvedError
from models.water.network.network import NodeKind

TIGHTER = 100.0
TRUSTED_M = 1e-3
"""Networks in good health move by 1e-7 m (Net1, Net3, Net6, ky4); ky10 by 0.03 m at its first hour
alone, and by metres in the hours that follow [D]."""


def conditioning_notice(engine: Engine) -> tuple[Notice, ...]:
    """Return a notice if the heads now solved move when the accuracy is tightened.

    The engine is left as it was, solved at its own accuracy. It must stand at time 0.
    """
    before = engine.heads_m()
    try:
        after = engine.solved_tighter(TIGHTER)
    except UnsolvedError:
        after = None
    engine.restart()
    engine.solve()
    if after is None:
        return (Notice(NoticeKind.ILL_CONDITIONED, 0, (), float("inf")),)
    junctions = engine.network.nodes.kind == NodeKind.JUNCTION
    moved = np.abs(after - before) * junctions
    if moved.max() <= TRUSTED_M:
        return ()
    order = np.argsort(-moved, kind="stable")
    names = tuple(engine.network.nodes.ids[i] for i in order if moved[i] > TRUSTED_M)
    return (Notice(NoticeKind.ILL_CONDITIONED, 0, names, float(moved.max())),)
