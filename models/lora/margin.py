"""The planning margin: the smallest at which the network solved for it reaches the target."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from twin.errors import UnreachableError

if TYPE_CHECKING:
    from models.lora.plan import Siting

MARGIN_STEP_DB = 0.5
LEAST_MARGIN_DB = -6.0
"""Half of the meters of a demand may lie above its margin: a negative margin is not absurd."""

CHECKED_ONE_IN = 4
MANY_METERS = 20_000
"""From this number on, one meter in so many is looked at during the search."""

COARSE_STEPS = 6
"""Every third decibel, where bisection has found no margin that reaches the target."""

OUT_OF_REACH = -1.0
"""The share of a margin at which no network is feasible: below any other."""


def what_to_ask(siting: Siting, seed: int, say: Callable[[float], None]) -> tuple[float, float]:
    """Return the smallest margin found to reach the target, and the share to ask at it.

    By bisection on the margin. It may end short, for a margin that puts demands out of reach
    lets less be asked: then everything within reach is asked at margins COARSE_STEPS apart,
    and the cheapest network that reaches the target is kept, else the one that serves most.
    """
    target = siting.settings.target
    steps = round((target.max_margin_db - LEAST_MARGIN_DB) / MARGIN_STEP_DB)
    margins = LEAST_MARGIN_DB + MARGIN_STEP_DB * np.arange(steps + 1)
    low, high, found = 0, steps, -1
    while low < high:
        middle = (low + high) // 2
        share, _ = drafted(siting, margins[middle], target.share, seed)
        if share >= target.share:
            high = found = middle
        elif share == OUT_OF_REACH:
            high = middle
        else:
            low = middle + 1
        say(0.7 * (1.0 - (high - low) / steps))
    if found == low:
        return float(margins[low]), target.share
    drafts = [(*drafted(siting, margin, 1.0, seed), margin) for margin in margins[::COARSE_STEPS]]
    best = max(drafts, key=lambda each: (min(each[0], target.share), -each[1], each[0]))
    # Where no margin leaves a feasible network, the least one says best what is missing.
    if best[0] == OUT_OF_REACH:
        return LEAST_MARGIN_DB, target.share
    return float(best[2]), 1.0


def drafted(siting: Siting, margin_db: float, share: float, seed: int) -> tuple[float, float]:
    """Return a draft's expected share and cost; OUT_OF_REACH where no network is feasible."""
    try:
        solution = siting.attempt(margin_db, share, seed, draft=True)
    except UnreachableError:
        return OUT_OF_REACH, 0.0
    return siting.expected(solution.sites, one_in=checked_one_in(siting))[1], float(
        solution.cost_eur
    )


def checked_one_in(siting: Siting) -> int:
    """Return one meter in how many tells what a network serves, during the search."""
    return CHECKED_ONE_IN if len(siting.demand) >= MANY_METERS else 1
