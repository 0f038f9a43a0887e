"""The head lost along a chain as a power series in its flow, about a flow all lanes share.

Scenarios that differ by a leak differ little in the flow of most pipes. About the shared flow the
loss of a chain, a sum of r |q - d|^1.852 sign(q - d) + m |q - d| (q - d), is analytic as long as no
pipe's flow vanishes: a few products replace a power for each pipe.
"""

from __future__ import annotations

from typing import Any

from models.water.batched.power import HAZEN_WILLIAMS
from models.water.reduced.jit import block
from models.water.reduced.law import FLAT

DEGREE = 6
"""Highest power kept of the loss."""
SLOPE_DEGREE = 2
"""Highest power kept of its conductance, which sets the pace of the iteration and not its end."""
REACH = 0.2
"""Share of the smallest flow of a chain by which its flow may change for the series to be used.

The first term dropped is then 0.0015 x 0.2^7 = 2e-8 of the head lost [D].
"""
TERMS = DEGREE + 1
SLOPE_TERMS = SLOPE_DEGREE + 1
_TINY_M3S = 1e-12


@block
def chain_series(edges: Any, drawn: Any, near: Any) -> None:
    """Write the series of the edges of plain pipes about their base flows.

    Parameters
    ----------
    edges
        See `layout.Edges`.
    drawn
        Flow drawn between the beginning of the edge and each link, m3/s.
    near
        Base flows, and out: see `edges.Near`.
    """
    first, r, minor = edges.first, edges.r, edges.minor
    base, loss, conductance, reach = near.base, near.loss, near.conductance, near.reach
    for e in edges.composite:
        least = 1e300
        for s in range(first[e], first[e + 1]):
            here = s * TERMS
            for k in range(TERMS):
                loss[here + k] = 0.0 if s == first[e] else loss[here + k - TERMS]
            flow = base[e] - drawn[s]
            size = abs(flow)
            least = min(least, size)
            if size < _TINY_M3S:
                continue
            inverse = 1.0 / flow
            drag = r[s] * size ** (HAZEN_WILLIAMS - 1.0)
            if drag * (1.0 + REACH) < FLAT:
                loss[here] += FLAT * flow + minor[s] * size * flow
                loss[here + 1] += FLAT
            else:
                if drag * (1.0 - REACH) < FLAT:
                    # The law bends within reach.
                    least = 0.0
                term = drag * flow
                loss[here] += term + minor[s] * size * flow
                for k in range(1, TERMS):
                    term *= (HAZEN_WILLIAMS + 1.0 - k) / k * inverse
                    loss[here + k] += term
            loss[here + 1] += 2.0 * minor[s] * size
            loss[here + 2] += minor[s] if flow > 0.0 else -minor[s]
        reach[e] = REACH * least if least >= _TINY_M3S else 0.0
        if reach[e] > 0.0:
            _reciprocal(loss, (first[e + 1] - 1) * TERMS, conductance, e * SLOPE_TERMS)


@block
def _reciprocal(loss: Any, at: Any, conductance: Any, to: Any) -> None:
    """Write the series of one over the derivative of a series."""
    inverse = 1.0 / loss[at + 1]
    conductance[to] = inverse
    for k in range(1, SLOPE_TERMS):
        total = 0.0
        for j in range(1, k + 1):
            total += (j + 1.0) * loss[at + j + 1] * conductance[to + k - j]
        conductance[to + k] = -total * inverse
