"""A tower fills between two levels and gives back what it holds, to the litre."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from models.water.tower import tower_day

IDLE, FILLING = False, True
ALWAYS = np.ones(24, dtype=np.bool_)


def test_a_tower_fills_to_its_upper_level_and_waits_for_the_lower() -> None:
    """10 m2, 1 m3/h drawn, filled at 10 m3/h between 2 and 4 m: a saw of known teeth."""
    drawn = np.ones(24)
    levels, filled, short, filling = tower_day(
        2.0, IDLE, drawn, ALWAYS, 10.0, 5.0, 2.0, 4.0, 10.0 / 3600.0
    )
    np.testing.assert_allclose(levels[:4], [2.0, 2.9, 3.8, 4.7])
    np.testing.assert_allclose(levels[4:7], [4.6, 4.5, 4.4])
    assert filled[:3].sum() == 30.0
    assert filled[3:].sum() == 0.0
    assert short.sum() == 0.0
    assert not filling


def test_a_power_cut_empties_it_at_the_rate_it_is_drawn() -> None:
    """3 m in 10 m2 hold 30 m3: at 4 m3/h seven hours are served whole, the eighth for half."""
    drawn, off = np.full(24, 4.0), np.zeros(24, dtype=np.bool_)
    levels, filled, short, _ = tower_day(3.0, FILLING, drawn, off, 10.0, 5.0, 2.0, 4.0, 1.0)
    assert filled.sum() == 0.0
    np.testing.assert_allclose(short[:8], [0.0] * 7 + [2.0])
    np.testing.assert_allclose(short[8:], 4.0)
    np.testing.assert_allclose(levels[8:], 0.0)


@given(
    level=st.floats(0.0, 5.0),
    drawn=st.lists(st.floats(0.0, 200.0), min_size=24, max_size=24),
    power=st.lists(st.booleans(), min_size=24, max_size=24),
    inflow=st.floats(0.0, 0.05),
    filling=st.booleans(),
)
@example(
    level=0.0,
    drawn=[0.0] * 5 + [18.0, 28.92265817984081] + [0.0] * 17,
    power=[False] * 5 + [True] * 2 + [False] * 17,
    inflow=0.03125,
    filling=False,
)
def test_filled_is_served_plus_stored(
    level: float, drawn: list[float], power: list[bool], inflow: float, filling: bool
) -> None:
    """Whatever is drawn and cut, volumes balance and the level stays within the tank."""
    asked = np.array(drawn)
    levels, filled, short, _ = tower_day(
        level, filling, asked, np.array(power), 20.0, 5.0, 3.0, 4.75, inflow
    )
    served = asked - short
    np.testing.assert_allclose(20.0 * np.diff(levels), filled - served, atol=1e-9)
    assert (levels >= -1e-9).all()
    assert (levels <= 5.0 + 1e-9).all()
    assert (short >= 0.0).all()
    assert (filled >= -1e-9).all()
    assert (filled[~np.array(power)] == 0.0).all()
