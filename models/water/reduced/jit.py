"""How the functions of this package are compiled.

Arrays are kept alive by whoever makes the call, so compiled code counts no references to them. Only
what Python calls is cached: the rest is compiled into it.
"""

from __future__ import annotations

import numba

block = numba.njit(error_model="numpy", _nrt=False)
"""For what is done once or a few times a block of lanes."""

inner = numba.njit(error_model="numpy", _nrt=False, forceinline=True)
"""For what is done for every edge or node."""

entry = numba.njit(cache=True, error_model="numpy", _nrt=False)
"""For what Python calls."""
