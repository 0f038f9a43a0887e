"""Prizes: the worth of a visit today, and the rule of Wouda and others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from outlook_case import outlook
from scipy import stats

from models.waste.policies.prize import OverflowPrize, PrizeCollecting, Worth
from models.waste.policies.risk import full_days

WORTH = Worth(full_day_eur=40.0)


def test_without_risk_a_visit_is_worth_its_share_of_the_cycle() -> None:
    """A point at 45, 81, 90 and 98 % of a cycle of 90 % is worth 1/2, 9/10, and all of a visit."""
    chosen = PrizeCollecting(WORTH).select(outlook([45.0, 81.0, 90.0, 98.0], visit_eur=20.0))
    assert chosen.prize_eur == pytest.approx([10.0, 18.0, 20.0, 20.0])
    assert not chosen.required.any()


def test_patience_waits() -> None:
    """Patience is a power of the cycle's share: it never raises a worth, and keeps a whole one."""
    seen = outlook([45.0, 67.5, 90.0], visit_eur=20.0)
    waiting = PrizeCollecting(Worth(40.0, patience=3.0)).select(seen).prize_eur
    assert waiting == pytest.approx([20.0 / 8.0, 20.0 * 0.75**3, 20.0])


def test_risk_is_worth_its_days() -> None:
    """Beside the cycle's share stands the price of the days expected to be full."""
    seen = outlook([70.0], coming_l=20.0, level_sd_l=10.0, visit_eur=20.0)
    prize = PrizeCollecting(WORTH).select(seen).prize_eur[0]
    assert prize == pytest.approx(20.0 * 70.0 / 90.0 + 40.0 * full_days(seen)[0])
    law = stats.norm()
    excess = 10.0 * (law.pdf(1.0) - law.sf(1.0))
    assert prize == pytest.approx(20.0 * 70.0 / 90.0 + 40.0 * excess / 20.0, rel=1e-9)


def test_required_where_certain_or_called_about() -> None:
    """Above 95 % (1.645 deviations beyond full), or after a call, the visit is required."""
    seen = outlook([116.4, 116.5, 10.0], level_sd_l=10.0, reported=(2,))
    chosen = PrizeCollecting(WORTH).select(seen)
    assert chosen.required.tolist() == [False, True, True]


def test_hardly_begun_cycles_are_no_candidates() -> None:
    """Under 45 % of a cycle a point is no candidate, unless it may be full all the same."""
    calm = PrizeCollecting(WORTH).select(outlook([40.0, 41.0], level_sd_l=1.0)).prize_eur
    assert calm[0] == 0.0
    assert calm[1] > 0.0
    doubtful = PrizeCollecting(WORTH).select(outlook([40.0], level_sd_l=40.0)).prize_eur
    assert doubtful[0] > 0.0


@given(st.floats(41.0, 100.0), st.floats(0.0, 30.0), st.floats(0.0, 20.0))
def test_a_fuller_bin_is_worth_no_less(level: float, more: float, doubt: float) -> None:
    """The worth of a candidate grows with its level."""
    low, high = (
        PrizeCollecting(WORTH)
        .select(outlook([each], level_sd_l=doubt, coming_l=8.0, coming_sd_l=3.0))
        .prize_eur[0]
        for each in (level, level + more)
    )
    assert high >= low - 1e-9


def test_the_overflow_rule() -> None:
    """A prize of rho P(full), nothing below one unit, required above 99 %: arXiv 2409.13386."""
    levels = [100.0, 100.0 - 10.0 * 2.326348, 60.0, 100.0 + 10.0 * 2.33, 0.0]
    chosen = OverflowPrize(64.0).select(outlook(levels, level_sd_l=10.0, reported=(4,)))
    assert chosen.prize_eur[0] == pytest.approx(32.0)
    assert chosen.prize_eur[1:3].tolist() == [0.0, 0.0]
    assert chosen.required.tolist() == [False, False, False, True, True]
    dear = OverflowPrize(4_096.0).select(outlook(levels, level_sd_l=10.0))
    assert dear.prize_eur[1] == pytest.approx(40.96, rel=1e-4)
    assert np.all(dear.prize_eur[[2, 4]] == 0.0)
