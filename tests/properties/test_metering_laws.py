"""Laws of metering: what a lossy radio costs in days, and that less loss never tells later."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.water.metering.completeness import daily_completeness
from models.water.metering.delivery import first_heard_s
from models.water.metering.hourly_rule import HourlyRule, hourly_alerts

DAY_S = 86_400.0


@pytest.mark.parametrize("loss", [0.1, 0.3, 0.5])
@pytest.mark.parametrize("period_s", [3_600.0, DAY_S])
def test_mean_extra_delay_is_t_p_over_one_minus_p(loss: float, period_s: float) -> None:
    """With independent losses p and period T the mean extra delay is T p/(1 - p) within 2 %."""
    meters, frames = 150_000, 60
    dice = np.random.default_rng(3)
    sent = period_s * (np.arange(1.0, frames + 1) + dice.random((meters, 1)))
    known = period_s * dice.random(meters)
    ideal = first_heard_s(known, sent, np.ones(sent.shape, dtype=bool), sent)
    lossy = first_heard_s(known, sent, dice.random(sent.shape) >= loss, sent)
    assert not np.isnan(lossy).any()
    assert np.mean(lossy - ideal) == pytest.approx(period_s * loss / (1.0 - loss), rel=0.02)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_less_loss_never_tells_later(seed: int, one: float, two: float) -> None:
    """On the same dice a smaller loss completes no day less and delays no plain alert."""
    dice = np.random.default_rng(seed)
    sent = np.tile(DAY_S * (np.arange(20) + 0.3), (12, 1))
    luck = dice.random(sent.shape)
    good, bad = luck >= min(one, two), luck >= max(one, two)
    known = 10 * DAY_S * dice.random(12)
    soon, late = (first_heard_s(known, sent, fate, sent + 5.0) for fate in (good, bad))
    assert (np.nan_to_num(soon, nan=np.inf) <= np.nan_to_num(late, nan=np.inf)).all()
    share = [daily_completeness(sent, fate, sent + 5.0, 20) for fate in (good, bad)]
    assert (share[0] >= share[1]).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.floats(0.0, 1.0), st.integers(1, 60))
def test_an_alert_needs_the_hours_it_claims(seed: int, loss: float, hours: int) -> None:
    """Whatever is lost, no alert comes before as many hours as the rule asks have flowed."""
    dice = np.random.default_rng(seed)
    begin = dice.integers(0, 100, 8)
    flow = (np.arange(240)[np.newaxis] >= begin[:, np.newaxis]).astype(np.float64)
    frames = np.tile(np.arange(12, 241, 12), (8, 1))
    fate = dice.random(frames.shape) >= loss
    rule = HourlyRule(hours, 24)
    first = hourly_alerts(flow, frames, fate, frames * 3600.0, rule).first_s
    assert (np.nan_to_num(first, nan=np.inf) >= (begin + hours) * 3600.0).all()
    ideal = hourly_alerts(flow, frames, np.ones_like(fate), frames * 3600.0, rule).first_s
    assert (np.nan_to_num(ideal, nan=np.inf) <= np.nan_to_num(first, nan=np.inf)).all()
