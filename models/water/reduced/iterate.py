"""The iteration of a block of lanes: sweeps of the core and its pockets until each lane is done."""

from __future__ import annotations

from typing import Any

from models.water.batched.kernel import judge
from models.water.batched.lanes import WIDTH, any_positive, greater, load, root, splat, store
from models.water.batched.linear import factor_and_solve
from models.water.batched.machines import check_statuses, machines
from models.water.batched.outflows import outflows
from models.water.batched.pipes import other_pipes
from models.water.batched.work import EMITTER, HALF
from models.water.reduced.edges import sweep
from models.water.reduced.elimination import (
    begin_pockets,
    count_pockets,
    lag_pockets,
    linearise_pockets,
    rest_pockets,
    restore_pockets,
    sweep_pockets,
)
from models.water.reduced.jit import block, inner
from models.water.reduced.shared import solve_shared, spread


@block
def full_sweep(
    core: Any, edges: Any, chains: Any, near: Any, pockets: Any, block: Any, first: Any,
    lagged: Any,
) -> None:  # fmt: skip
    """Take new flows and build the next equations; sums of |residual| and |flow| in the scratch.

    `block` counts outflows, ranks of pockets and cut edges; `first` is the first sweep of all,
    `lagged` whether the equations just solved were those of the shared matrix.
    """
    count, ranks, cuts = block
    if ranks > 0:
        if not first:
            restore_pockets(core, pockets, ranks, cuts, lagged)
        linearise_pockets(core, pockets, ranks)
        count_pockets(core, pockets, ranks)
    core.entry[:] = 0.0
    for row in range(core.unknowns):
        store(core.excess, row, splat(0.0))
        store(core.right, row, splat(0.0) - load(core.demand, row))
    if ranks > 0:
        sweep_pockets(core, edges, chains, near, pockets, ranks, cuts)
    lack, total = sweep(core, edges, chains, near, pockets)
    if ranks > 0:
        rest_pockets(core, pockets, ranks)
        lack, total = lack + load(pockets.sums, 0), total + load(pockets.sums, 1)
    if len(edges.other) > 0:
        more, size = other_pipes(core.sizes, core.table, len(edges.other))
        lack, total = lack + more, total + size
    if count > 0:
        more, size = outflows(core.sizes, core.table, count, first or lagged)
        lack, total = lack + more, total + size
    if core.machines > 0:
        more, size = machines(core.sizes, core.table, count, first)
        lack, total = lack + more, total + size
    store(core.scratch, 0, lack)
    store(core.scratch, 1, total)


@block
def shared_step(core: Any, shared: Any, pockets: Any, block: Any) -> None:
    """Take the first step with the matrix all lanes share, from the heads and flows they share.

    Leaks are taken at those heads; all else keeps the law it had there.
    """
    count, ranks, _ = block
    spread(shared.right, core.right)
    if ranks > 0:
        linearise_pockets(core, pockets, ranks)
        lag_pockets(core, shared, pockets, ranks)
    for e in range(count):
        if core.out_kind[e] != EMITTER:
            i = core.out_row[e]
            q = _leak(core, e, load(core.head, i) - splat(core.out_zero[e]))
            store(core.out_flow, e, q)
            store(core.right, i, load(core.right, i) - q)
    solve_shared(core, shared, core.right, core.head, core.hold)


@inner
def _leak(core: Any, e: Any, pressure: Any) -> Any:
    over = greater(pressure, splat(0.0))
    power = root(over)
    if core.out_kind[e] != HALF:
        power = power * over
    return load(core.out_scale, e) * power


@block
def iterate(  # noqa: PLR0917 - the arrays of a block
    core: Any, edges: Any, chains: Any, near: Any, pockets: Any, block: Any, lagged: Any,
    accuracy: Any, lane: Any, lanes: Any, converged: Any,
) -> None:  # fmt: skip
    """Iterate until every lane has converged or trials run out.

    `lagged` steps with the shared matrix have been taken before.
    """
    scratch = core.scratch
    if lagged == 0 and block[1] > 0:
        begin_pockets(core, pockets, block[1])
    for trial in range(core.sizes.trials + 1):
        store(core.change, 0, splat(0.0))
        first = trial == 0 and lagged == 0
        full_sweep(core, edges, chains, near, pockets, block, first, trial == 0 and lagged > 0)
        if not first:
            left, asked = judge(
                core.sizes, core.table, load(scratch, 0), load(scratch, 1), accuracy,
                trial + lagged, lane,
            )  # fmt: skip
            if asked:
                left += look_at_statuses(
                    core, edges, chains, near, pockets, block, converged, lane, lanes
                )
            if left == 0:
                return
        if trial < core.sizes.trials:
            factor_and_solve(core.unknowns, core.table)


@block
def look_at_statuses(
    core: Any, edges: Any, chains: Any, near: Any, pockets: Any, block: Any, converged: Any,
    lane: Any, lanes: Any,
) -> Any:  # fmt: skip
    """Apply the rules of status to the lanes asked; return how many that were near go on."""
    store(core.change, 0, splat(0.0))
    check_statuses(core.sizes, core.table)
    on = 0
    for w in range(min(WIDTH, lanes - lane)):
        if core.ask[w] > 1.0:
            if core.change[w] > 0.0:
                on += 1
            else:
                core.hold[w] = 1.0
                converged[lane + w] = True
    if any_positive(load(core.change, 0)):
        # The system was built with the statuses of before.
        held = load(core.hold, 0)
        store(core.hold, 0, splat(1.0))
        full_sweep(core, edges, chains, near, pockets, block, first=False, lagged=False)
        store(core.hold, 0, held)
    return on
