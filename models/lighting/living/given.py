"""What a play of years is given, drawn or decided before the first morning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from models.lighting.crews.crews import Roads, Shift
from models.lighting.figures import Figures
from models.lighting.inventory.inventory import Inventory
from models.lighting.living.ears import Ears
from models.lighting.living.errands import Errand
from models.lighting.living.false_alarms import FalseAlarms
from models.lighting.living.faults import Faults, downstream
from models.lighting.living.patrols import Patrols
from models.lighting.living.place import Laws
from models.lighting.living.work import Work
from models.lighting.policies.promises import Promises
from models.lighting.renewal import Renewal
from models.lighting.settings import Control, CrewsSection
from twin.clock import Calendar
from twin.device_keys import U8

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ground:
    """What every replication shares.

    Attributes
    ----------
    inventory : Inventory
    roads : Roads
        Communes first, depots after them.
    depots : tuple of int
        The row of each crew's depot.
    owner : int64, shape (communes,)
        The depot row that serves each commune.
    lamp_words, cabinet_words, commune_words : uint64
        What names each thing's dice.
    """

    inventory: Inventory
    roads: Roads
    depots: tuple[int, ...]
    owner: NDArray[np.int64]
    lamp_words: U8
    cabinet_words: U8
    commune_words: U8

    @cached_property
    def behind(self) -> tuple[NDArray[np.int64], Floats]:
        """Return how many lamps a cut before each lamp darkens, and their power."""
        return downstream(self.inventory)


@dataclass(frozen=True, eq=False)
class Told:
    """What the link lets through in one world, None where nothing speaks.

    `clocks` of cabinets or `nodes` of lamps; `checks` silences of devices that live; `orders`
    commands that a change of hours takes in a commune, `lost` those that do not arrive, `by_hand`
    cabinets that somebody must then visit.
    """

    clocks: Ears | None = None
    nodes: Ears | None = None
    checks: FalseAlarms | None = None
    orders: NDArray[np.int64] | None = None
    lost: NDArray[np.int64] | None = None
    by_hand: NDArray[np.int64] | None = None


@dataclass(frozen=True, eq=False)
class Given:
    """Everything a play of years takes.

    `keys` are the dice of lamps and cabinets, `first_shares` what is left of the lives under way;
    `errands` work that is ordered whatever fails, by morning; `working` says on which days crews
    work; `daily_h` are hours of light due, shape (communes, days of a year).
    """

    ground: Ground
    figures: Figures
    control: Control
    laws: Laws
    renewal: Renewal
    keys: tuple[U8, U8]
    first_shares: Floats
    faults: Faults
    patrols: Patrols
    told: Told
    errands: Sequence[Sequence[Errand]]
    working: NDArray[np.bool_]
    within_days: dict[int, int]
    start: date
    daily_h: Floats
    shift: Shift = field(default_factory=Shift)

    @property
    def days(self) -> int:
        """Return the horizon."""
        return len(self.errands)

    @property
    def promises(self) -> Promises:
        """Return how soon work is due."""
        return Promises(self.working, self.within_days)


@lru_cache(maxsize=4)  # asked for by every world
def working_days(start: date, days: int) -> NDArray[np.bool_]:
    """Return whether crews work on each day from a date on."""
    calendar = Calendar(datetime.combine(start, time()))
    return np.array([calendar.is_working_day(start + timedelta(days=day)) for day in range(days)])


def within_days(crews: CrewsSection) -> dict[int, int]:
    """Return working days within which each kind of work is due."""
    soon = {Work.CABINET: crews.street_days, Work.CABLE: crews.street_days}
    late = {Work.CHECK_NODE: crews.check_days, Work.CHECK_CLOCK: crews.check_days,
            Work.VISIT_CLOCKS: 4 * crews.check_days}  # fmt: skip
    return {int(work): {**soon, **late}.get(work, crews.lamp_days) for work in Work}
