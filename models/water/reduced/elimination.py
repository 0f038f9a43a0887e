"""Pockets taken out of the core's equations before they are solved, and put back after.

A cut chain from u to v with the leak at a: q1' = w1 + G1 (Hu - Ha), q2' = w2 + G2 (Ha - Hv) and
q1' - q2' = q + s (Ha - ha), so Ha = share_u Hu + share_v Hv + rest. What is left is an edge of
conductance G1 G2 / (G1 + G2 + s) whose two ends carry different flows.

A lagged step, whose matrix all lanes share, keeps the chain's own conductance; what differs is then
taken at the last heads, which vanishes as the heads settle.
"""

from __future__ import annotations

from typing import Any

from models.water.batched.constants import FLAT_GRADIENT
from models.water.batched.lanes import WIDTH, fma, greater, load, splat, store
from models.water.reduced.edges import law, moved, one_link
from models.water.reduced.jit import block, inner
from models.water.reduced.outflow import solve_outflow
from models.water.reduced.pockets import AT_ROW, IN_CHAIN, NOWHERE


@inner
def _part(part: Any, begin: Any, count: Any, flow: Any) -> Any:
    """Return loss and derivative of the padded pipes of a part."""
    loss, slope = splat(0.0), splat(0.0)
    r, minor, drawn = part
    for k in range(begin, begin + count):
        loss, slope = one_link(flow - load(drawn, k), load(r, k), load(minor, k), loss, slope)
    return loss, slope


@block
def begin_pockets(core: Any, pockets: Any, ranks: Any) -> None:
    """Set the heads of cut chains from the flow of the edge, as if nothing leaked yet."""
    for rank in range(ranks):
        for k in range(rank * WIDTH, (rank + 1) * WIDTH):
            if pockets.kind[k] == IN_CHAIN:
                e, lane = pockets.at[k], k % WIDTH
                pockets.beyond[k] = core.flow[e * WIDTH + lane]
                pockets.head[k] = core.head[core.first[e] * WIDTH + lane]
        begin, count = rank * pockets.longest, pockets.links[3 * rank + 1]
        loss, _ = _part(pockets.one, begin, count, load(pockets.beyond, rank))
        store(pockets.head, rank, load(pockets.head, rank) - loss)


@block
def restore_pockets(core: Any, pockets: Any, ranks: Any, cuts: Any, lagged: Any) -> None:
    """Move cut edges and pockets, in lanes that move, to the heads just solved.

    Outflows keep the linearisation the equations were solved with, so that every node balances.
    """
    for at in range(cuts):
        q, _ = moved(core, pockets.edges[at])
        store(core.flow, pockets.edges[at], q)
    for rank in range(ranks):
        for k in range(rank * WIDTH, (rank + 1) * WIDTH):
            lane = k % WIDTH
            if pockets.kind[k] == NOWHERE or core.hold[lane] > 0.0:
                continue
            if pockets.kind[k] == AT_ROW:
                after = core.head[pockets.at[k] * WIDTH + lane]
                change = 0.0 if lagged else pockets.slope[k] * (after - pockets.head[k])
                pockets.flow[k] = pockets.law[k] + change
                pockets.head[k] = after
                continue
            e = pockets.at[k]
            hu = core.head[core.first[e] * WIDTH + lane]
            hv = core.head[core.last[e] * WIDTH + lane]
            after = pockets.share_u[k] * hu + pockets.share_v[k] * hv + pockets.rest[k]
            pockets.head[k] = after
            if lagged:
                pockets.beyond[k] = core.flow[e * WIDTH + lane] + pockets.w2[k]
            else:
                core.flow[e * WIDTH + lane] = pockets.w1[k] + pockets.g1[k] * (hu - after)
                pockets.beyond[k] = pockets.w2[k] + pockets.g2[k] * (after - hv)
            pockets.flow[k] = core.flow[e * WIDTH + lane] - pockets.beyond[k]


@block
def linearise_pockets(core: Any, pockets: Any, ranks: Any) -> None:
    """Write every pocket's outflow and elimination at its head and flows."""
    for rank in range(ranks):
        cut = False
        for k in range(rank * WIDTH, (rank + 1) * WIDTH):
            lane = k % WIDTH
            if pockets.kind[k] == AT_ROW:
                pockets.head[k] = core.head[pockets.at[k] * WIDTH + lane]
            elif pockets.kind[k] == IN_CHAIN:
                cut = True
        solve_outflow(pockets, rank)
        if not cut:
            continue
        for k in range(rank * WIDTH, (rank + 1) * WIDTH):
            # The flow of the first part waits where its linearisation will stand.
            in_chain = pockets.kind[k] == IN_CHAIN
            pockets.w1[k] = core.flow[pockets.at[k] * WIDTH + k % WIDTH] if in_chain else 0.0
        begin, floor, one = rank * pockets.longest, splat(FLAT_GRADIENT), splat(1.0)
        q1, q2 = load(pockets.w1, rank), load(pockets.beyond, rank)
        loss1, slope1 = _part(pockets.one, begin, pockets.links[3 * rank + 1], q1)
        loss2, slope2 = _part(pockets.two, begin, pockets.links[3 * rank + 2], q2)
        g1, g2 = one / greater(slope1, floor), one / greater(slope2, floor)
        w1, w2 = q1 - g1 * loss1, q2 - g2 * loss2
        s, ha = load(pockets.slope, rank), load(pockets.head, rank)
        inverse = one / (g1 + g2 + s)
        store(pockets.g1, rank, g1)
        store(pockets.g2, rank, g2)
        store(pockets.w1, rank, w1)
        store(pockets.w2, rank, w2)
        store(pockets.share_u, rank, g1 * inverse)
        store(pockets.share_v, rank, g2 * inverse)
        store(pockets.rest, rank, (fma(s, ha, w1 - w2) - load(pockets.law, rank)) * inverse)


@block
def count_pockets(core: Any, pockets: Any, ranks: Any) -> None:
    """Count outflows among what rows draw, that of a cut chain at its second end."""
    for k in range(ranks * WIDTH):
        if pockets.kind[k] == NOWHERE or core.hold[k % WIDTH] > 0.0:
            continue
        row = pockets.at[k] if pockets.kind[k] == AT_ROW else core.last[pockets.at[k]]
        core.demand[row * WIDTH + k % WIDTH] += pockets.law[k] - pockets.counted[k]
        pockets.counted[k] = pockets.law[k]


@inner
def _middle(core: Any, pockets: Any, k: Any) -> Any:
    """Return by the linear laws the head of a cut and the flows of the two parts."""
    e, lane = pockets.at[k], k % WIDTH
    hu = core.head[core.first[e] * WIDTH + lane]
    hv = core.head[core.last[e] * WIDTH + lane]
    middle = pockets.share_u[k] * hu + pockets.share_v[k] * hv + pockets.rest[k]
    one = pockets.w1[k] + pockets.g1[k] * (hu - middle)
    return one, pockets.w2[k] + pockets.g2[k] * (middle - hv), hu - hv


@block
def lag_pockets(core: Any, shared: Any, pockets: Any, ranks: Any) -> None:
    """Add every pocket to the right side of the first step, whose matrix all lanes share."""
    for k in range(ranks * WIDTH):
        lane = k % WIDTH
        if pockets.kind[k] == AT_ROW:
            core.right[pockets.at[k] * WIDTH + lane] -= pockets.law[k]
        elif pockets.kind[k] == IN_CHAIN:
            e = pockets.at[k]
            one, two, drop = _middle(core, pockets, k)
            # What does not change with the heads, instead of what does not without the leak.
            stays = one - shared.slope[e] * drop
            core.shift[e * WIDTH + lane] = core.flow[e * WIDTH + lane] - stays
            pockets.w2[k] = two - one
            core.right[core.first[e] * WIDTH + lane] += shared.rest[e] - stays
            core.right[core.last[e] * WIDTH + lane] += stays - shared.rest[e] + two - one


@block
def sweep_pockets(
    core: Any, edges: Any, chains: Any, near: Any, pockets: Any, ranks: Any, cuts: Any
) -> None:
    """Add pockets to the equations, and set the laws of the edges they cut."""
    sums = pockets.sums
    store(sums, 0, splat(0.0))
    store(sums, 1, splat(0.0))
    for at in range(cuts):
        e = pockets.edges[at]
        p, y = law(edges, chains, near, e, load(core.flow, e))
        store(core.slope, e, p)
        store(core.shift, e, y)
    for k in range(ranks * WIDTH):
        lane = k % WIDTH
        if pockets.kind[k] == NOWHERE:
            continue
        sums[lane] += abs(pockets.law[k] - pockets.flow[k])
        sums[WIDTH + lane] += abs(pockets.flow[k])
        if pockets.kind[k] == AT_ROW:
            row = pockets.at[k] * WIDTH + lane
            core.excess[row] += pockets.slope[k]
            core.right[row] += pockets.slope[k] * pockets.head[k]
            continue
        e = pockets.at[k]
        edge, a, b = e * WIDTH + lane, core.first[e] * WIDTH + lane, core.last[e] * WIDTH + lane
        one, two, _ = _middle(core, pockets, k)
        sums[lane] += abs(one - core.flow[edge]) + abs(two - pockets.beyond[k])
        first = pockets.w1[k] - pockets.g1[k] * pockets.rest[k]
        second = pockets.w2[k] + pockets.g2[k] * pockets.rest[k]
        core.slope[edge] = pockets.g1[k] * pockets.share_v[k]
        core.shift[edge] = core.flow[edge] - first
        core.excess[a] += pockets.slope[k] * pockets.share_u[k]
        core.excess[b] += pockets.slope[k] * pockets.share_v[k]
        core.right[b] += second - first + pockets.counted[k]


@block
def rest_pockets(core: Any, pockets: Any, ranks: Any) -> None:
    """Let the flow of a cut edge be restored from its pocket, not moved."""
    for k in range(ranks * WIDTH):
        if pockets.kind[k] == IN_CHAIN:
            edge = pockets.at[k] * WIDTH + k % WIDTH
            core.slope[edge] = core.shift[edge] = 0.0
