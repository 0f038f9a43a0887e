"""Readings are due when the fleet says, however time is cut into spans."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.links.calendar import Due, calendar_of
from twin.device_keys import device_keys
from twin.signals import Arrival, Fleet, Signal
from twin.streams import Streams


def fleet(
    phase_s: list[float], period_s: float, jitter_s: float = 0.0, arrival: Arrival = "periodic"
) -> Fleet:
    """Return a fleet with these times."""
    zero = np.zeros(len(phase_s))
    return Fleet(
        "f",
        Signal("level", "m"),
        zero,
        zero,
        zero,
        period_s,
        np.array(phase_s),
        1,
        jitter_s=jitter_s,
        arrival=arrival,
    )


def readings(fleet: Fleet, cuts_s: list[float], seed: int = 1) -> list[tuple[int, int, float]]:
    """Return (device, number, time) of all readings over adjoining spans, sorted."""
    calendar = calendar_of(fleet, device_keys(Streams(seed, 0), fleet))
    rows: list[tuple[int, int, float]] = []
    for from_s, to_s in pairwise(cuts_s):
        due = calendar.due(from_s, to_s)
        assert np.all((due.due_s >= from_s) & (due.due_s < to_s))
        rows += zip(due.devices.tolist(), due.numbers.tolist(), due.due_s.tolist(), strict=True)
    return sorted(rows)


phases = st.lists(st.floats(-1e4, 1e6), max_size=6)
periods = st.floats(0.5, 1e5)


@given(phases, periods, st.floats(0.0, 1e6), st.integers(0, 200))
def test_periodic_readings_are_counted_one_by_one(
    phase_s: list[float], period_s: float, from_s: float, spans: int
) -> None:
    """The arrays hold exactly the readings found by going through each device's numbers."""
    to_s = from_s + spans * period_s / 3.0
    expected = [
        (device, m, phase + m * period_s)
        for device, phase in enumerate(phase_s)
        for m in range(
            max(0, math.floor((from_s - phase) / period_s) - 1),
            max(0, math.ceil((to_s - phase) / period_s) + 2),
        )
        if from_s <= phase + m * period_s < to_s
    ]
    assert readings(fleet(phase_s, period_s), [from_s, to_s]) == expected


def test_no_drift() -> None:
    """After 100,000 periods of a tenth of a second, a reading is due at phase + m period."""
    found = readings(fleet([0.05], 0.1), [9_999.9, 10_000.1])
    assert found == [(0, m, 0.05 + m * 0.1) for m in (99_999, 100_000)]


@settings(deadline=None)
@given(
    phases,
    st.floats(50.0, 5_000.0),
    st.sampled_from([0.0, 20.0, 9_000.0]),
    st.sampled_from(["periodic", "poisson"]),
    st.lists(st.floats(0.0, 20_000.0), max_size=6),
)
def test_cutting_changes_nothing(
    phase_s: list[float],
    period_s: float,
    jitter_s: float,
    arrival: Arrival,
    cuts_s: list[float],
) -> None:
    """The same readings come out of one span and of many."""
    some = fleet(phase_s, period_s, jitter_s, arrival)
    whole = readings(some, [0.0, 20_000.0])
    assert readings(some, [0.0, *sorted(cuts_s), 20_000.0]) == whole


def test_jitter_spreads_within_its_bounds() -> None:
    """Each reading of a jittered fleet is late by [0, jitter), evenly, and none is missing."""
    found = readings(fleet([0.0] * 20, 100.0, 250.0), [0.0, 100_000.0])
    late_s = np.array([due_s - 100.0 * m for _, m, due_s in found])
    assert late_s.min() >= 0.0
    assert late_s.max() < 250.0
    assert late_s.mean() == pytest.approx(125.0, abs=2.5)
    whole = [(device, m) for device, m, _ in found if m < 997]
    assert whole == [(device, m) for device in range(20) for m in range(997)]


def test_poisson_gaps_are_exponential() -> None:
    """Gaps have the period as mean and as deviation, and a memoryless tail."""
    found = readings(fleet([500.0] * 10, 100.0, arrival="poisson"), [0.0, 200_500.0])
    times_s = [np.array([t for d, _, t in found if d == device]) for device in range(10)]
    gaps_s = np.concatenate([np.diff(t, prepend=500.0) for t in times_s])
    assert gaps_s.mean() == pytest.approx(100.0, rel=0.03)
    assert gaps_s.std() == pytest.approx(100.0, rel=0.04)
    assert np.mean(gaps_s > 200.0) == pytest.approx(math.exp(-2.0), abs=0.01)
    assert all(np.all(t > 500.0) for t in times_s)


def test_order() -> None:
    """Readings are ordered by time, those of one time by device."""
    due = Due(np.array([2, 0, 1], np.int32), np.zeros(3, np.int64), np.array([5.0, 5.0, 1.0]))
    assert due.ordered().devices.tolist() == [1, 0, 2]
