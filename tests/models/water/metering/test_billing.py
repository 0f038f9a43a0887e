"""Bills, completeness, stopped meters and drought caps, seen through what arrived."""

from __future__ import annotations

import numpy as np
import pytest

from models.water.metering.completeness import daily_completeness, quarter_bills
from models.water.metering.restriction import compliance
from models.water.metering.stopped import noticed_s, unregistered_m3

DAY_S = 86_400.0


def frames(meters: int, days: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return indices rising 0.3 m3 a day, one frame at noon, received at once."""
    sampled = np.tile(DAY_S * (np.arange(days) + 0.5), (meters, 1))
    return 0.3 * sampled / DAY_S, sampled, np.ones((meters, days), dtype=bool), sampled + 3.0


def test_completeness_by_the_next_evening() -> None:
    """What comes two days late does not count, what comes the next evening does."""
    _, sampled, delivered, received = frames(4, 5)
    delivered[0, 2] = False
    received[1, 2] = 3.99 * DAY_S
    received[2, 2] = 4.01 * DAY_S
    share = daily_completeness(sampled, delivered, received, 6)
    assert share.tolist() == [1.0, 1.0, 0.5, 1.0, 1.0, 0.0]


def test_several_frames_a_day_repair_a_loss() -> None:
    """With two frames a day, a day is complete if either arrives."""
    sampled = np.array([[0.2, 0.7, 1.2, 1.7]]) * DAY_S
    delivered = np.array([[False, True, False, False]])
    assert daily_completeness(sampled, delivered, sampled, 2).tolist() == [1.0, 0.0]


def test_true_and_estimated_bills() -> None:
    """A quarter with an index near both ends is billed as used; else prolonged and said so."""
    index, sampled, delivered, received = frames(3, 200)
    delivered[1, 60:] = False
    delivered[2, :] = False
    ends = np.array([1.0, 91.0, 181.0]) * DAY_S
    bills = quarter_bills(index, sampled, delivered, received, ends, 3 * DAY_S, 10 * DAY_S)
    assert bills.complete.tolist() == [[True] * 3, [True, False, False], [False] * 3]
    assert bills.estimated.tolist() == [[False] * 2, [True] * 2, [True] * 2]
    assert bills.billed_m3[0] == pytest.approx([27.0, 27.0], abs=0.2)
    assert bills.billed_m3[1] == pytest.approx([27.0, 27.0], abs=0.2)
    assert np.isnan(bills.billed_m3[2]).all()


def test_an_estimate_misses_what_changed_in_silence() -> None:
    """A leak that starts after the last frame is not in the estimated bill."""
    index, sampled, delivered, received = frames(1, 100)
    index[0, 60:] += np.arange(40.0)
    delivered[0, 60:] = False
    ends = np.array([0.5, 95.0]) * DAY_S
    bills = quarter_bills(index, sampled, delivered, received, ends, 2 * DAY_S, DAY_S)
    assert bills.billed_m3[0, 0] == pytest.approx(0.3 * 94.5)


def test_without_any_frame() -> None:
    """A link that carries nothing at all leaves no completeness, no bill and nobody seen."""
    none = np.zeros((3, 0))
    fates = np.zeros((3, 0), dtype=bool)
    ends = np.array([0.0, 90.0]) * DAY_S
    assert daily_completeness(none, fates, none, 2).tolist() == [0.0, 0.0]
    bills = quarter_bills(none, none, fates, none, ends, DAY_S, DAY_S)
    assert bills.estimated.all()
    seen = compliance(np.ones(3), none, none, fates, none, first_s=0.0, days=7.0, cap_m3=2.0)
    assert (seen.true_share, seen.seeable_share) == (0.0, 0.0)
    assert np.isnan(seen.seen_share)


def test_a_stopped_meter_is_noticed_after_its_stillness() -> None:
    """A dial still for ten days is told at the first frame after them, and its loss is counted."""
    index, sampled, delivered, received = frames(3, 60)
    index[:2, 20:] = index[0, 19]
    delivered[1, 25:35] = False
    found = noticed_s(index, sampled, delivered, received, 10.0)
    assert found[0] == pytest.approx(29.5 * DAY_S + 3.0)
    assert found[1] == pytest.approx(35.5 * DAY_S + 3.0)
    assert np.isnan(found[2])
    lost = unregistered_m3(
        np.full((3, 60), 0.3), np.array([20.0, 20.0, np.inf]), found, replaced_after_days=5.0
    )
    assert lost == pytest.approx([0.3 * 14.5, 0.3 * 20.5, 0.0], abs=1e-3)


def test_a_stop_nobody_notices_costs_to_the_end() -> None:
    """Without notice, or with one from before the stop, all days after the stop are lost."""
    lost = unregistered_m3(
        np.ones((2, 10)), np.array([2.5, 2.5]), np.array([np.nan, 1.0 * DAY_S]), 0.0
    )
    assert lost.tolist() == [7.5, 7.5]


def test_compliance_seen_and_true() -> None:
    """Who draws over the cap is counted among those seen; a meter without frames is not seen."""
    index, sampled, delivered, received = frames(4, 30)
    index[0] *= 3.0
    delivered[1, :] = False
    true = np.array([6.3, 2.1, 2.1, 2.1])
    seen = compliance(
        true, index, sampled, delivered, received, first_s=7 * DAY_S, days=7.0, cap_m3=3.5
    )
    assert seen.true_share == 0.25
    assert seen.seen_share == pytest.approx(1.0 / 3.0)
    assert seen.seeable_share == 0.75
