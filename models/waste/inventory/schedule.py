"""The cheapest schedule of emptyings for a given outlook, exactly.

Each bin follows a path of arcs from emptying to emptying; each day, each load of the truck is one
subset of bins, of known price. Only the visits need be whole: whole visits leave one path and one
subset possible.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.waste.inventory.collection import Collection, RoundPrices, membership
from models.waste.inventory.outlook import Outlook
from models.waste.inventory.program import Program
from twin.errors import RunError


@dataclass(frozen=True, eq=False)
class Schedule:
    """Visits, shape (days, bins), and the cost the outlook gives them, its end included, EUR."""

    visit: NDArray[np.bool_]
    cost_eur: float


def cheapest_schedule(collection: Collection, prices: RoundPrices, outlook: Outlook) -> Schedule:
    """Return the schedule of least cost: rounds, overflow, and the levels left at the end.

    The levels left are charged at their bin's share, pro rata of the bin
    (:func:`models.waste.inventory.collection.shares_eur`).

    Raises
    ------
    RunError
        HiGHS failed.
    """
    days, bins = outlook.days, len(collection)
    program = Program()
    rounds = program.columns(np.tile(prices.eur, (days, collection.loads, 1)), 1.0)
    visits = program.columns(np.zeros((days, collection.loads, bins)), 1.0, integer=True)
    over_eur = collection.eur_per_l_over * outlook.over_l
    left_eur = (
        prices.stop_eur[:, None] * outlook.held_l[:, :, days] / collection.capacity_l[:, None]
    )
    last = program.columns(over_eur[:, :, days] + left_eur, 1.0)
    # An arc between two visits belongs to the load that takes what it gathered.
    arcs = program.columns(np.repeat(over_eur[:, None, :, :days], collection.loads, axis=1), 1.0)
    member = membership(bins)
    weight = np.arange(len(member))
    for day in range(days):
        for load in range(collection.loads):
            chosen = rounds[day, load]
            program.row(1.0, 1.0, (chosen, 1.0))
            for bin_ in range(bins):
                arriving = arcs[bin_, load, : day + 1, day]
                program.row(0.0, 0.0, (arriving, 1.0), (visits[day, load, bin_], -1.0))
                program.row(
                    0.0, 0.0, (chosen[member[:, bin_]], 1.0), (visits[day, load, bin_], -1.0)
                )
            program.row(
                -np.inf,
                collection.truck_l,
                (arcs[:, load, : day + 1, day], outlook.held_l[:, : day + 1, day]),
            )
            if load:
                program.row(0.0, np.inf, (rounds[day, load - 1], weight), (chosen, -weight))
    for bin_ in range(bins):
        for start in range(days + 1):
            leaving = arcs[bin_, :, start, start:]
            onward = ((leaving, 1.0), (last[bin_, start], 1.0))
            if start == 0:
                program.row(1.0, 1.0, *onward)
            else:
                program.row(0.0, 0.0, *onward, (visits[start - 1, :, bin_], -1.0))
    best = program.minimise()
    if best is None:
        raise RunError("visiting nothing is always possible, and HiGHS found no schedule")
    visit = best.values[visits].sum(axis=1) > 0.5  # noqa: PLR2004 - a whole number
    return Schedule(visit, best.objective)
