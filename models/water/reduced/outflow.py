"""What a leak lets out as a function of the head at the root of its tree, lane by lane."""

from __future__ import annotations

from typing import Any

from models.water.batched.lanes import (
    absolute,
    any_positive,
    fma,
    greater,
    load,
    root,
    splat,
    store,
    where_positive,
)
from models.water.reduced.edges import one_link
from models.water.reduced.jit import block, inner

_TRIALS = 60
_RELATIVE = 1e-6
"""Last step of an outflow, of itself: Newton's next would be its square."""
_ABSOLUTE_M3S = 1e-16
_LEAST_M = 1e-12
_MOST_M3S = 100.0


@inner
def leak(half: Any, three_halves: Any, pressure: Any) -> Any:
    """Return half p^0.5 + three_halves p^1.5 and its derivative; 0 without pressure."""
    none = splat(0.0)
    r = root(greater(pressure, splat(_LEAST_M)))
    flow = fma(three_halves, r * r, half) * r
    slope = fma(three_halves, splat(1.5) * r, splat(0.5) * half / r)
    return where_positive(pressure, flow, none), where_positive(pressure, slope, none)


@inner
def path_loss(pockets: Any, rank: Any, flow: Any) -> Any:
    """Return the head lost up the path and its derivative, for an outflow."""
    loss, slope = splat(0.0), splat(0.0)
    begin = rank * pockets.depth
    r, minor, drawn = pockets.path
    for k in range(begin, begin + pockets.links[3 * rank]):
        loss, slope = one_link(flow + load(drawn, k), load(r, k), load(minor, k), loss, slope)
    return loss, slope


@block
def solve_outflow(pockets: Any, rank: Any) -> None:
    """Write the outflow of a rank and its derivative to the head where the pocket meets the rest.

    Newton's iteration on the outflow, kept within what brackets it.
    """
    half, three_halves = load(pockets.half, rank), load(pockets.three_halves, rank)
    above = load(pockets.head, rank) - load(pockets.ground_m, rank)
    if pockets.links[3 * rank] == 0:
        flow, slope = leak(half, three_halves, above)
        store(pockets.law, rank, flow)
        store(pockets.slope, rank, slope)
        return
    none, one = splat(0.0), splat(1.0)
    most, least = splat(_MOST_M3S), none
    flow = load(pockets.law, rank)
    moving, slope = one, none
    for _ in range(_TRIALS):
        loss, steep = path_loss(pockets, rank, flow)
        out, rise = leak(half, three_halves, above - loss)
        short = out - flow
        least = where_positive(short, flow, least)
        most = where_positive(short, most, flow)
        down = one / fma(rise, steep, one)
        after = fma(short, down, flow)
        inside = where_positive(after - least, most - after, none)
        middle = splat(0.5) * (least + most)
        # Where the bracket has closed, its ends are the answer.
        after = where_positive(inside, after, middle)
        # Without a path the law itself, whether or not other lanes have one.
        after = where_positive(steep, after, out)
        slope = where_positive(moving, rise * down, slope)
        step = absolute(after - flow)
        flow = where_positive(moving, after, flow)
        small = splat(_ABSOLUTE_M3S) + splat(_RELATIVE) * absolute(flow)
        moving = where_positive(step - small, moving, none)
        if not any_positive(moving):
            break
    store(pockets.law, rank, flow)
    store(pockets.slope, rank, slope)
