"""Give back the columns a choice can do without."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.decide.cover.core import Core
from twin.decide.cover.model import is_feasible, objective_of


def prune(core: Core, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return `chosen` without what it can spare, the dearest column first.

    A column goes when the targets stay met and, under a budget, no covered weight is lost.
    """
    left = chosen.copy()
    budget = core.is_budget
    floor = objective_of(core, left) if budget else np.inf
    for col in np.lexsort((np.arange(core.n_cols), -core.cost)):
        if left[col]:
            left[col] = False
            if not is_feasible(core, left) or (budget and objective_of(core, left) > floor):
                left[col] = True
    return left
