"""The threshold visits what is believed that full."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from outlook_case import outlook

from models.waste.policies.threshold import Threshold


def test_at_or_above_the_share() -> None:
    """A point at the threshold is visited, one below it is not, one called about always."""
    chosen = Threshold(0.75).select(outlook([74.9, 75.0, 130.0, 1.0, 2.0], reported=(4,)))
    assert chosen.required.tolist() == [False, True, True, False, True]
    assert not chosen.prize_eur.any()


@given(st.lists(st.floats(0.0, 150.0), min_size=1, max_size=20), st.floats(0.05, 0.95))
def test_a_higher_threshold_visits_a_part(levels: list[float], share: float) -> None:
    """Whoever is visited at a higher threshold is visited at a lower one."""
    high = Threshold(share + 0.05).select(outlook(levels)).required
    low = Threshold(share).select(outlook(levels)).required
    assert not np.any(high & ~low)
