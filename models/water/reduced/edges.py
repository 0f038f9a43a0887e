"""Every edge of plain pipes as a flow and a law about it, in all lanes.

As the pipes of `models.water.batched.pipes`: an edge of flow q and loss f(q) has P = 1 / f'(q) and
Y = P f(q), and q - Y + P dh for its next flow. Y - P dh is what the energy balance lacks.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from models.water.batched.constants import FLAT_GRADIENT
from models.water.batched.lanes import (
    absolute,
    any_positive,
    fma,
    greater,
    lesser,
    load,
    splat,
    store,
    where_positive,
)
from models.water.batched.pipes import SLACK_M, assemble
from models.water.batched.power import HAZEN_WILLIAMS, inverse_hazen_power
from models.water.network.network import Floats, Ints
from models.water.reduced.jit import block, inner
from models.water.reduced.law import FLAT
from models.water.reduced.series import SLOPE_TERMS, TERMS

LEAST_M3S = 1e-30
_INVERSE_N = 1.0 / HAZEN_WILLIAMS


class Chains(NamedTuple):
    """Losses along the edges, links merged where nothing is drawn between them.

    Attributes
    ----------
    first
        Where each edge's sums begin, one entry more than edges.
    segment, r, minor
        First link of each sum, and its losses; room for as many as links.
    shared
        Whether all lanes draw the same.
    drawn
        What is drawn before each link of the edges: a number where shared, lanes else.
    """

    first: Ints
    segment: Ints
    r: Floats
    minor: Floats
    shared: bool
    drawn: Floats


class Near(NamedTuple):
    """Series of the edges of plain pipes about the flow all lanes share.

    Attributes
    ----------
    usable
        Whether they hold anything.
    base
        Flow of each edge, m3/s.
    loss
        Head lost from the beginning of the edge to the end of each link, in powers of the change of
        flow, lowest first: TERMS a link.
    conductance
        Flow per head of the whole edge, in the same powers: SLOPE_TERMS an edge.
    reach
        Largest change of flow the series of an edge serve, m3/s; 0 where they serve none.
    """

    usable: bool
    base: Floats
    loss: Floats
    conductance: Floats
    reach: Floats


@inner
def one_link(x: Any, r: Any, minor: Any, loss: Any, slope: Any) -> Any:
    """Return sums of loss and derivative with those of one more link, of flow x."""
    size = absolute(x)
    power = greater(r / inverse_hazen_power(greater(size, splat(LEAST_M3S))), splat(FLAT))
    power = where_positive(r, power, r)
    drag = minor * size
    return fma(power + drag, x, loss), slope + fma(power, splat(HAZEN_WILLIAMS), drag + drag)


@inner
def by_powers(chains: Any, e: Any, q: Any) -> Any:
    """Return P and Y of an edge."""
    begin, end = chains.first[e], chains.first[e + 1]
    cap = splat(1.0 / FLAT_GRADIENT)
    if end - begin == 1 and chains.minor[begin] == 0.0:
        # Nothing is drawn before the first link.
        size = greater(absolute(q), splat(LEAST_M3S))
        p = splat(_INVERSE_N / chains.r[begin]) * inverse_hazen_power(size)
        return lesser(p, cap), q * splat(_INVERSE_N)
    loss, slope = splat(0.0), splat(0.0)
    for s in range(begin, end):
        if chains.shared:
            x = q - splat(chains.drawn[chains.segment[s]])
        else:
            x = q - load(chains.drawn, chains.segment[s])
        loss, slope = one_link(x, splat(chains.r[s]), splat(chains.minor[s]), loss, slope)
    p = splat(1.0) / greater(slope, splat(FLAT_GRADIENT))
    return p, p * loss


@inner
def series_loss(near: Any, edges: Any, e: Any, x: Any) -> Any:
    """Return the loss of an edge whose flow has changed by x."""
    at = (edges.first[e + 1] - 1) * TERMS
    f = splat(near.loss[at + TERMS - 1])
    for k in range(TERMS - 2, -1, -1):
        f = fma(f, x, splat(near.loss[at + k]))
    return f


@inner
def law(edges: Any, chains: Any, near: Any, e: Any, q: Any) -> Any:
    """Return P and Y of an edge, by its series in the lanes where they serve."""
    if not near.usable:
        return by_powers(chains, e, q)
    x = q - splat(near.base[e])
    at = e * SLOPE_TERMS
    p = splat(near.conductance[at + SLOPE_TERMS - 1])
    for k in range(SLOPE_TERMS - 2, -1, -1):
        p = fma(p, x, splat(near.conductance[at + k]))
    y = p * series_loss(near, edges, e, x)
    far = absolute(x) - splat(near.reach[e])
    if any_positive(far):
        other_p, other_y = by_powers(chains, e, q)
        p = where_positive(far, other_p, p)
        y = where_positive(far, other_y, y)
    return p, y


@inner
def moved(core: Any, e: Any) -> Any:
    """Return an edge's flow by its last law at the new heads, and the drop of head."""
    drop = load(core.head, core.first[e]) - load(core.head, core.last[e])
    old = load(core.flow, e)
    q = old - load(core.shift, e) + load(core.slope, e) * drop
    return where_positive(load(core.hold, 0), old, q), drop


@inner
def lacking(y: Any, p: Any, drop: Any) -> Any:
    """Return the residual of an edge, m3/s, beyond what head may be lacking."""
    return greater(absolute(y - p * drop) - splat(SLACK_M) * p, splat(0.0))


@block
def sweep(core: Any, edges: Any, chains: Any, near: Any, pockets: Any) -> Any:
    """Sweep all edges; return sums of |residual| and |flow|.

    Edges that a leak cuts have their laws already. They take their turn among the others, so that
    sums are of the same order whichever lanes they are cut in.
    """
    lack, total = splat(0.0), splat(0.0)
    for e in edges.composite:
        slot = pockets.edge_cut[e]
        if slot > 0:
            q, p, y = load(core.flow, e), load(core.slope, e), load(core.shift, e)
            drop = load(core.head, core.first[e]) - load(core.head, core.last[e])
            lack = lack + lacking(y, p, drop) * load(pockets.whole, slot - 1)
        else:
            q, drop = moved(core, e)
            p, y = law(edges, chains, near, e, q)
            lack = lack + lacking(y, p, drop)
            store(core.flow, e, q)
            store(core.slope, e, p)
            store(core.shift, e, y)
        total = total + absolute(q)
        if e < core.plain:
            i, j = core.first[e], core.last[e]
            rest = q - y
            store(core.entry, core.entry_of[e], p)
            store(core.right, i, load(core.right, i) - rest)
            store(core.right, j, load(core.right, j) + rest)
        elif core.first[e] != core.last[e]:
            # A chain from a node to itself gives it what it takes.
            assemble(core.table, e, p, q - y)
    return lack, total
