"""How small a leak is seen in three days, district by district, on what the desk has learnt.

A district's nights scatter as its baseline says; a night is known as often as it was. A leak that
begins at once and stays is then seen within three nights, nine times in ten, above so many standard
deviations (`policies.run_length`), which depends on the share of known nights alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from models.water.network.network import Floats
from models.water.policies.run_length import smallest_leak_m3h
from models.water.policies.watch import WatchRule
from models.water.year import WaterYear

NIGHTS = 3
CHANCE = 0.9
STEP = 0.02
"""Shares of known nights are rounded down to it."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What the desk sees; arrays over metered districts, in the desk's order.

    `smallest_m3h` is infinite where too few nights are known; `km` and `zone` of each.
    """

    smallest_m3h: Floats
    km: Floats
    zone: Floats


def seen_within(year: WaterYear) -> Seen:
    """Return the smallest leak of each metered district."""
    desk, zones = year.desk, len(year.stage.zones)
    metered = slice(zones, len(desk.districts))
    rule = desk.rules.night
    desk.night.baseline.refresh()
    spread = desk.night.baseline.spread[metered]
    asked = np.maximum(desk.flows.asked[metered], 1)
    known = np.floor(desk.flows.known[metered] / asked / STEP + 1e-9) * STEP
    factor = np.array([_deviations(share, rule) for share in known.tolist()])
    return Seen(
        smallest_m3h=np.where(np.isnan(spread), np.inf, factor * spread),
        km=np.array([one.km for one in desk.districts[metered]]),
        zone=year.plan.zone_of[metered].astype(np.float64),
    )


@lru_cache(maxsize=256)  # a pure function, asked for by every district
def _deviations(known_share: float, rule: WatchRule) -> float:
    """Return the smallest leak seen in time, in standard deviations as they were learnt."""
    if known_share <= 0.0:
        return float("inf")
    return smallest_leak_m3h(
        1.0,
        NIGHTS,
        CHANCE,
        rule.k,
        rule.h,
        cap=rule.cap,
        known_share=min(known_share, 1.0),
        learnt=rule.nights,
        method=rule.method,
    )
