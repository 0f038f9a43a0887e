"""Outlooks for the tests of policies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.waste.policies.outlook import Outlook


def outlook(
    level_l: Sequence[float],
    *,
    day: int = 0,
    level_sd_l: float = 0.0,
    coming_l: float = 0.0,
    coming_sd_l: float = 0.0,
    rate_l: float = 10.0,
    age_days: Sequence[float] | None = None,
    reported: Sequence[int] = (),
    ahead_days: float = 1.0,
    visit_eur: float = 20.0,
) -> Outlook:
    """Return an outlook on points of 100 litres; `reported` lists those called about."""
    points = len(level_l)
    called = np.zeros(points, dtype=np.bool_)
    called[list(reported)] = True
    return Outlook(
        day=day,
        ahead_days=ahead_days,
        level_l=np.array(level_l, dtype=np.float64),
        level_sd_l=np.full(points, level_sd_l),
        coming_l=np.full(points, coming_l),
        coming_sd_l=np.full(points, coming_sd_l),
        rate_l=np.full(points, rate_l),
        capacity_l=np.full(points, 100.0),
        age_days=np.full(points, 1e3) if age_days is None else np.array(age_days, dtype=float),
        reported=called,
        visit_eur=np.full(points, visit_eur),
    )
