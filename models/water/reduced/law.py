"""Head lost in a plain pipe, r |q|^1.852 sign(q) + m |q| q, one number at a time.

For what is done once for all lanes, or for one lane alone; the lanes' own is in `edges`.
"""

from __future__ import annotations

from typing import Any

from models.water.batched.constants import FLAT_GRADIENT
from models.water.batched.power import HAZEN_WILLIAMS
from models.water.reduced.jit import inner

FLAT = FLAT_GRADIENT / HAZEN_WILLIAMS
"""Least r |q|^0.852, as in the batched solver: below, the law is a straight line."""


@inner
def loss_m(flow: Any, r: Any, minor: Any) -> Any:
    """Return the head lost at a flow in m3/s; r and m in SI."""
    size = abs(flow)
    return (max(r * size ** (HAZEN_WILLIAMS - 1.0), FLAT) + minor * size) * flow
