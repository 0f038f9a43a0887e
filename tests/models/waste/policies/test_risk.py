"""The risk of a full point is the normal law's: tail, loss function, bounds."""

from __future__ import annotations

from math import erfc, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from outlook_case import outlook
from scipy import integrate, stats

from models.waste.policies.risk import expected_load_l, full_days, full_probability, spread_l


@given(st.floats(0.0, 200.0), st.floats(0.0, 50.0), st.floats(0.1, 40.0), st.floats(0.1, 40.0))
def test_full_probability_is_the_normal_tail(
    level: float, coming: float, level_sd: float, coming_sd: float
) -> None:
    """P(full) is the complementary error function of the room over the joint deviation."""
    seen = outlook([level], coming_l=coming, level_sd_l=level_sd, coming_sd_l=coming_sd)
    sd = sqrt(level_sd**2 + coming_sd**2)
    assert spread_l(seen)[0] == pytest.approx(sd, rel=1e-12)
    wanted = 0.5 * erfc((100.0 - level - coming) / sd / sqrt(2.0))
    assert full_probability(seen)[0] == pytest.approx(wanted, rel=1e-9, abs=1e-15)


def test_published_points_of_the_tail() -> None:
    """At 1.6449 and 2.3263 deviations of room P(full) is 5 % and 1 % (normal tables)."""
    for deviations, share in ((1.644854, 0.05), (2.326348, 0.01), (0.0, 0.5)):
        seen = outlook([100.0 - 10.0 * deviations], level_sd_l=10.0)
        assert full_probability(seen)[0] == pytest.approx(share, abs=1e-6)


def test_without_doubt_it_is_yes_or_no() -> None:
    """A level known exactly is full before the next round, or it is not."""
    seen = outlook([50.0, 89.9, 90.1, 100.0], coming_l=10.0)
    assert full_probability(seen).tolist() == [0.0, 0.0, 1.0, 1.0]


@pytest.mark.parametrize("level", [40.0, 80.0, 95.0, 110.0])
def test_full_days_is_the_integral_of_the_excess(level: float) -> None:
    """Days of fullness are E[(X - capacity)+] over the daily rate, by quadrature and by dice."""
    seen = outlook([level], coming_l=12.0, level_sd_l=8.0, coming_sd_l=6.0, ahead_days=3.0)
    law = stats.norm(level + 12.0, 10.0)
    excess, _ = integrate.quad(lambda x: (x - 100.0) * law.pdf(x), 100.0, 250.0, epsabs=1e-12)
    wanted = min(excess / (12.0 / 3.0), 3.0)
    assert full_days(seen)[0] == pytest.approx(wanted, rel=1e-7, abs=1e-9)
    thrown = np.maximum(law.rvs(200_000, random_state=7) - 100.0, 0.0) / 4.0
    error = thrown.std() / np.sqrt(len(thrown))
    assert full_days(seen)[0] == pytest.approx(min(thrown.mean(), 3.0), abs=5.0 * error + 1e-9)


@given(st.floats(-1e3, 1e4), st.floats(0.0, 1e3), st.floats(0.0, 1e3))
def test_full_days_lie_between_none_and_all(level: float, spread: float, coming: float) -> None:
    """No belief, however odd, gives fewer days than none or more than there are."""
    seen = outlook([level], coming_l=coming, level_sd_l=spread, ahead_days=2.5)
    assert 0.0 <= full_days(seen)[0] <= 2.5


@given(st.floats(0.0, 100.0), st.floats(0.0, 20.0))
def test_a_fuller_bin_is_never_less_at_risk(level: float, more: float) -> None:
    """Both measures grow with the level."""
    low, high = (
        outlook([each], coming_l=10.0, level_sd_l=9.0, coming_sd_l=4.0)
        for each in (level, level + more)
    )
    assert full_probability(high)[0] >= full_probability(low)[0]
    assert full_days(high)[0] >= full_days(low)[0] - 1e-12


def test_a_truck_expects_no_more_than_a_bin_holds() -> None:
    """The load expected lies between nothing and the capacity, for the points asked for."""
    seen = outlook([-5.0, 30.0, 140.0])
    assert expected_load_l(seen, np.array([2, 0, 1])).tolist() == [100.0, 0.0, 30.0]
