"""Head lost in a plain pipe, r |q|^1.852 sign(q) + m |q| q, one number at a time.

For what is done once for all lanes, or for one lane alone; the lanes' own is in `edges`.
"""

from __future__ import annotations

from typing import Any

from models.water.batched.power import HAZEN_WILLIAMS
from models.water.reduced.jit import inner


@inner
def loss_m(flow: Any, r: Any, minor: Any) -> Any:
    """Return the head lost at a flow in m3/s; r and m in SI."""
    size = abs(flow)
    return (r * size ** (HAZEN_WILLIAMS - 1.0) + minor * size) * flow
