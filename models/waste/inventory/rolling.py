"""A rolling policy: each morning, the exact schedule of the next days, of which the first is done.

It knows the levels of the morning and the rates, not the coming fills.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.waste.inventory.collection import Collection, RoundPrices
from models.waste.inventory.outlook import buffered, expected
from models.waste.inventory.schedule import cheapest_schedule
from models.waste.inventory.waste import Decide


def rolling(
    collection: Collection,
    prices: RoundPrices,
    horizon_days: int = 5,
    *,
    safety: float | None = None,
    ends_after_days: int | None = None,
) -> Decide:
    """Return the policy.

    Parameters
    ----------
    horizon_days
        Days looked ahead, at least 1. 5 was as good as any on the seed it was tuned on
        (docs/method/inventory.md).
    safety
        None: later overflow is weighed by its expectation under gamma fills. A number: fills are
        taken at their means, and that many standard deviations of the fill are kept free.
    ends_after_days
        Length of the instance if the policy may know it: the look-ahead stops there.
    """

    def decide(day: int, level_l: NDArray[np.float64]) -> list[int]:
        days = horizon_days
        if ends_after_days is not None:
            days = min(days, ends_after_days - day)
        outlook = (
            expected(collection, level_l, days)
            if safety is None
            else buffered(collection, level_l, days, safety)
        )
        schedule = cheapest_schedule(collection, prices, outlook)
        return [int(bin_) for bin_ in np.flatnonzero(schedule.visit[0])]

    return decide
