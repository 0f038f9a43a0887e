"""Bins fill, refuse, pass on, are emptied; nothing appears and nothing vanishes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from models.waste.bins import HOUR_S, Bins, Manners


def make_bins(
    hourly_l: NDArray[np.float32],
    capacity_l: list[float],
    neighbours: list[list[int]] | None = None,
    manners: Manners | None = None,
    level_l: list[float] | None = None,
) -> Bins:
    """Return bins, without neighbours unless some are given."""
    points = hourly_l.shape[1]
    return Bins(
        np.array(capacity_l),
        hourly_l,
        np.array(neighbours or [[-1]] * points, dtype=np.int32),
        manners or Manners(0.0, 1.0),
        np.array(level_l or [0.0] * points),
    )


def test_what_an_hour_brings_lands_at_its_end() -> None:
    """A level changes on the hour: what is brought in hour h is there from h + 1 on."""
    bins = make_bins(np.array([[5.0], [7.0]], dtype=np.float32), [100.0])
    when = np.array([0.0, 3599.0, 3600.0, 7199.0, 7200.0])
    points = np.zeros(5, dtype=np.int32)
    assert bins.sample_l(points, when).tolist() == [0.0, 0.0, 5.0, 5.0, 12.0]


def test_a_full_point_takes_nothing() -> None:
    """Beyond its capacity a point refuses: left beside and elsewhere in the shares of manners."""
    bins = make_bins(np.full((3, 1), 40.0, dtype=np.float32), [100.0], manners=Manners(0.0, 0.25))
    bins.advance(3 * HOUR_S)
    assert bins.level_l[0] == 100.0
    assert bins.flows.refused_l[0] == 20.0
    assert bins.flows.left_l[0] == 5.0
    assert bins.flows.elsewhere_l[0] == 15.0
    assert bins.flows.full_h[0] == 1.0


def test_the_nearest_neighbour_with_room_receives() -> None:
    """What is carried on goes to the nearest point with room, and beside the first if none has."""
    hourly = np.array([[50.0, 0.0, 0.0]], dtype=np.float32)
    bins = make_bins(
        hourly,
        [20.0, 10.0, 100.0],
        [[1, 2], [-1, -1], [-1, -1]],
        Manners(1.0, 0.0),
        [0.0, 4.0, 0.0],
    )
    bins.advance(HOUR_S)
    assert bins.level_l.tolist() == [20.0, 10.0, 24.0]
    assert bins.flows.received_l.tolist() == [0.0, 6.0, 24.0]
    assert bins.beside_l[0] == 0.0


def test_an_emptying_is_seen_by_samples_after_it_only() -> None:
    """A sample before an emptying of the same hour sees the level, one at or after it sees none."""
    bins = make_bins(np.array([[8.0], [2.0]], dtype=np.float32), [100.0])
    taken = bins.empty(0, 5000.0)
    assert taken == (8.0, 0.0)
    points = np.zeros(4, dtype=np.int32)
    bins.advance(7200.0)
    seen = bins.sample_l(points, np.array([4999.0, 5000.0, 7000.0, 7200.0]))
    assert seen.tolist() == [8.0, 0.0, 0.0, 2.0]


def test_what_lies_beside_is_picked_up() -> None:
    """A crew takes what was left beside along with what is inside."""
    bins = make_bins(np.array([[30.0]], dtype=np.float32), [20.0])
    taken = bins.empty(0, HOUR_S)
    assert taken == (20.0, 10.0)
    assert bins.beside_l[0] == 0.0


@pytest.mark.parametrize("cut", [1, 2, 5])
def test_time_may_be_cut_anywhere(cut: int) -> None:
    """Living the hours one by one, by twos or at once gives the same bits."""
    rng = np.random.default_rng(3)
    hourly = rng.gamma(0.5, 30.0, (10, 6)).astype(np.float32)
    near = rng.integers(-1, 6, (6, 2)).tolist()
    whole = make_bins(hourly, [80.0] * 6, near, Manners(0.5, 0.3))
    parts = make_bins(hourly, [80.0] * 6, near, Manners(0.5, 0.3))
    whole.advance(10 * HOUR_S)
    for hour in range(0, 11, cut):
        parts.advance(hour * HOUR_S)
    parts.advance(10 * HOUR_S)
    assert whole.level_l.tobytes() == parts.level_l.tobytes()
    for a, b in zip(whole.flows, parts.flows, strict=True):
        assert a.tobytes() == b.tobytes()


@settings(max_examples=60, deadline=None)
@given(
    hourly=arrays(np.float32, (12, 4), elements=st.floats(0.0, 200.0, width=32)),
    carried=st.floats(0.0, 1.0),
    share=st.floats(0.0, 1.0),
    emptyings=st.lists(st.tuples(st.integers(0, 3), st.floats(0.0, 12.0)), max_size=8),
)
def test_litres_are_conserved(
    hourly: NDArray[np.float32],
    carried: float,
    share: float,
    emptyings: list[tuple[int, float]],
) -> None:
    """Brought = in bins + beside + elsewhere + taken, whatever people do, whenever crews come."""
    near = [[1, 2], [0, 3], [3, -1], [-1, -1]]
    manners = Manners(carried, (1.0 - carried) * share)
    bins = make_bins(hourly, [150.0, 90.0, 300.0, 50.0], near, manners)
    taken = 0.0
    for point, hour in sorted(emptyings, key=lambda each: each[1]):
        took = bins.empty(point, hour * HOUR_S)
        taken += took.inside_l + took.beside_l
    bins.advance(12 * HOUR_S)
    stored = bins.level_l.sum() + bins.beside_l.sum()
    out = taken + bins.flows.elsewhere_l.sum()
    assert bins.flows.brought_l.sum() == pytest.approx(stored + out, rel=1e-9, abs=1e-6)
    assert bins.flows.carried_l.sum() == pytest.approx(bins.flows.received_l.sum(), abs=1e-6)
    assert np.all(bins.level_l <= bins.capacity_l + 1e-9)
    assert np.all(bins.level_l >= 0.0)
    assert all(np.all(each >= 0.0) for each in bins.flows)
