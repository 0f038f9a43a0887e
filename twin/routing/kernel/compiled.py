"""How the search is compiled.

No reference counting: the functions only read and write arrays they are given, and counting would
cost more than the work. `inlined` is for what a move calls often: handing twenty-seven arrays over
costs more than the work of these, too.
"""

from __future__ import annotations

from numba import njit

compiled = njit(cache=True, nogil=True, _nrt=False)  # type: ignore[call-overload]  # undeclared
inlined = njit(cache=True, nogil=True, _nrt=False, inline="always")  # type: ignore[call-overload]
