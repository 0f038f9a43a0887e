"""How the functions of this package are compiled.

Arrays are kept alive by whoever makes the call, so compiled code counts no references to them. Only
what Python calls is cached: the rest is compiled into it.
"""

from __future__ import annotations

from typing import Any

import numba

_UNCOUNTED: dict[str, Any] = {"error_model": "numpy", "_nrt": False}

block = numba.njit(**_UNCOUNTED)
"""For what is done once or a few times a block of lanes."""

inner = numba.njit(forceinline=True, **_UNCOUNTED)
"""For what is done for every edge or node."""

entry = numba.njit(cache=True, **_UNCOUNTED)
"""For what Python calls."""
