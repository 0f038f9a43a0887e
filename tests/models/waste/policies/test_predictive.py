"""The predictive rule visits what may overflow, and neighbours that are due soon."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from outlook_case import outlook

from models.waste.policies.predictive import Predictive

ALONE = np.full((4, 1), -1, dtype=np.int32)


def test_above_the_risk_and_not_at_it() -> None:
    """With a deviation of 10, a room of 2.05 deviations is 2 %: more is left, less is visited."""
    rule = Predictive(0.02, ALONE, 4.0)
    chosen = rule.select(outlook([79.4, 79.5, 0.0, 0.0], level_sd_l=10.0, reported=(3,)))
    # The quantile of 98 % is 2.0537 deviations.
    assert chosen.required.tolist() == [False, True, False, True]
    assert not chosen.prize_eur.any()


def test_neighbours_that_are_due_soon_come_along() -> None:
    """A neighbour is taken along when full within so many usual days, and only beside a must."""
    near = np.array([[1, 2], [0, -1], [-1, -1], [-1, -1]], dtype=np.int32)
    rule = Predictive(0.02, near, 4.0)
    levels = [100.0, 61.0, 59.0, 61.0]
    assert rule.select(outlook(levels)).required.tolist() == [True, True, False, False]
    levels[0] = 20.0
    assert not rule.select(outlook(levels)).required.any()


def test_no_neighbour_is_no_point() -> None:
    """The mark of a missing neighbour is not taken for the last point."""
    rule = Predictive(0.02, ALONE, 4.0)
    assert rule.select(outlook([100.0, 0.0, 0.0, 90.0])).required.tolist() == [
        True,
        False,
        False,
        False,
    ]


@given(st.lists(st.floats(0.0, 120.0), min_size=4, max_size=4), st.floats(0.001, 0.4))
def test_more_boldness_visits_a_part(levels: list[float], risk: float) -> None:
    """Without neighbours, whoever is visited at a higher risk is visited at a lower one."""
    seen = outlook(levels, level_sd_l=12.0, coming_l=5.0)
    bold = Predictive(2.0 * risk, ALONE, 4.0).select(seen).required
    shy = Predictive(risk, ALONE, 4.0).select(seen).required
    assert not np.any(bold & ~shy)
