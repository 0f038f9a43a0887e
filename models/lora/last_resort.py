"""When no planning margin reaches a target that all sites together do reach: add until it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from models.lora.redundancy import complete

if TYPE_CHECKING:
    from models.lora.plan import Siting


def filled(siting: Siting, start: NDArray[np.integer[Any]], share: float) -> NDArray[np.int64]:
    """Return `start` and the fewest further sites, in order of usefulness, that reach `share`.

    Usefulness is the order in which `complete` adds sites in the most expected world without
    shadowing, then the number of meters a site hears. The order is not optimal and nothing is
    proven of the result, but it exists.
    """
    order = np.concatenate([start.astype(np.int64), _by_use(siting, start)])
    low, high = len(start), len(order)
    while low < high:
        middle = (low + high) // 2
        if siting.expected(order[:middle])[1] >= share:
            high = middle
        else:
            low = middle + 1
    return np.sort(order[:low])


def _by_use(siting: Siting, start: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Return the allowed sites that are not in `start`, the most useful first."""
    links, heard = siting.links, siting.margin_db >= 0.0
    installed = np.zeros(len(siting.cost_eur), dtype=np.bool_)
    installed[start] = True
    added = complete(
        links.indptr,
        links.site,
        heard,
        installed,
        siting.allowed,
        siting.cost_eur,
        siting.settings.target.redundancy,
        1.0,
        least_gain=1.0,
    ).added.astype(np.int64)
    installed[added] = True
    rest = np.flatnonzero(siting.allowed & ~installed)
    reach = np.bincount(links.site[heard], minlength=len(siting.cost_eur))
    return np.concatenate([added, rest[np.argsort(-reach[rest], kind="stable")]])
