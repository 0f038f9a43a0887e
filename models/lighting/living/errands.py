"""Work that nobody waits in the dark for: clocks to visit, hours to change, silences to look at."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.lighting import dice
from models.lighting.inventory.inventory import Inventory
from models.lighting.living.faults import arrivals
from models.lighting.living.work import MINUTES, Work
from twin.device_keys import U8
from twin.units import DAY_S

Ints = NDArray[np.int64]
Errand = tuple[Work, int, int, float]
"""Work, asset, commune, minutes on site."""


LONGEST_MIN = 180.0
"""A town's clocks are not set in a day."""


class Changes(NamedTuple):
    """What came of the changes of hours that communes asked for."""

    commands: float
    lost: float
    by_hand: float


@dataclass
class Errands:
    """The errands of a horizon, by the morning they are ordered."""

    days: int

    def __post_init__(self) -> None:
        self.by_day: list[list[Errand]] = [[] for _ in range(self.days)]

    def add(self, day: int, work: Work, asset: int, commune: int, minutes: float) -> None:
        """Note one for a morning, in pieces a crew can do; beyond the horizon it is not."""
        if day >= self.days:
            return
        pieces = max(1, math.ceil(minutes / LONGEST_MIN))
        self.by_day[day] += [(work, asset, commune, minutes / pieces)] * pieces

    def visit_clocks(self, inventory: Inventory, commune_keys: U8, every_days: int) -> None:
        """Set the clocks of each commune again and again, from a day of its own."""
        if not every_days:
            return
        cabinets = cabinets_by_commune(inventory)
        first = np.floor(dice.units(commune_keys, "first visit") * every_days).astype(np.int64)
        for commune in np.flatnonzero(cabinets).tolist():
            minutes = MINUTES[Work.VISIT_CLOCKS] * float(cabinets[commune])
            for day in range(int(first[commune]), self.days, every_days):
                self.add(day, Work.VISIT_CLOCKS, commune, commune, minutes)

    def change_hours(
        self,
        commune_keys: U8,
        per_year: float,
        orders: Ints,
        by_hand: Ints,
        hand_work: Work,
        lost: Ints,
    ) -> Changes:
        """Order what radio could not do whenever a commune changes its hours.

        By commune: `orders` are commands to send (0 where hands do it all), `lost` those that do
        not arrive, `by_hand` cabinets that somebody visits.
        """
        commune, when_s = arrivals(commune_keys, "change of hours", per_year, self.days)
        day = np.floor(when_s / DAY_S).astype(np.int64)
        for each, on in zip(commune.tolist(), day.tolist(), strict=True):
            if by_hand[each]:
                minutes = MINUTES[hand_work] * float(by_hand[each])
                self.add(on, hand_work, each, each, minutes)
        return Changes(
            float(orders[commune].sum()), float(lost[commune].sum()), float(by_hand[commune].sum())
        )

    def check(self, work: Work, assets: Ints, communes: Ints, when_s: NDArray[np.float64]) -> None:
        """Look at devices whose silence raised an alarm."""
        for asset, commune, when in zip(
            assets.tolist(), communes.tolist(), when_s.tolist(), strict=True
        ):
            self.add(int(when // DAY_S) + 1, work, asset, commune, MINUTES[work])


def cabinets_by_commune(inventory: Inventory) -> Ints:
    """Return how many cabinets each commune has."""
    return np.bincount(inventory.cabinets.commune, minlength=len(inventory.communes))
