"""Laws of the duty cycle: no sliding hour holds too much airtime, and little of it is wasted."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.lora.duty import (
    HOUR_S,
    RING_SLOTS,
    SLOT_S,
    free_at_s,
    gateway_ledger,
    gateway_may_send,
    gateway_note_sent,
    hour_budget_ns,
    off_s,
)

AIRTIMES_S = st.one_of(st.floats(0.03, 2.8), st.sampled_from([0.03, 0.056576, 1.318912, 2.793472]))
PATTERNS_S = st.lists(AIRTIMES_S, min_size=1, max_size=9)
DUTIES = st.sampled_from([0.001, 0.01, 0.1])
MOST_FRAMES = 2_500
Frames = tuple[NDArray[np.float64], NDArray[np.float64]]


def worst_hour_s(frames: Frames) -> float:
    """Return the most airtime any hour holds, frames counted by the part inside it.

    What an hour holds is piecewise linear in its start, and turns down only where the hour starts
    with a frame or ends with one.
    """
    start_s, airtime_s = (np.asarray(part) for part in frames)
    order = np.argsort(start_s)
    start_s, airtime_s = start_s[order], airtime_s[order]
    end_s = start_s + airtime_s
    edges_s = np.column_stack([start_s, end_s]).ravel()
    assert np.all(np.diff(edges_s) >= -1e-9)
    sent_s = np.concatenate([[0.0], np.cumsum(airtime_s)])
    amounts_s = np.column_stack([sent_s[:-1], sent_s[1:]]).ravel()

    def before(instant_s: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.interp(instant_s, edges_s, amounts_s)

    starting = before(start_s + HOUR_S) - before(start_s)
    ending = before(end_s) - before(end_s - HOUR_S)
    return float(max(starting.max(), ending.max()))


def repeated(pattern_s: Sequence[float], total_s: float) -> list[float]:
    """Return the pattern over and over until it sums to `total_s`, in a bounded number."""
    rounds = math.ceil(total_s / sum(pattern_s))
    return (list(pattern_s) * rounds)[:MOST_FRAMES]


def device(airtimes_s: Iterable[float], duty: float, pauses_s: Sequence[float] = (0.0,)) -> Frames:
    """Return the frames of a device that sends as early as allowed, after the pauses in turn."""
    starts, sizes = [], []
    last_end_s, last_s = -math.inf, 0.0
    for i, airtime_s in enumerate(airtimes_s):
        start_s = max(free_at_s(last_end_s, last_s, airtime_s, duty), 0.0)
        start_s += pauses_s[i % len(pauses_s)]
        if start_s == math.inf:
            continue
        starts.append(start_s)
        sizes.append(airtime_s)
        last_end_s, last_s = start_s + airtime_s, airtime_s
    return np.array(starts), np.array(sizes)


def gateway(airtimes_s: Iterable[float], duty: float, pauses_s: Sequence[float] = (0.0,)) -> Frames:
    """Return the frames of a gateway that sends each as early as allowed, one after the other."""
    slots_ns, slot_of = gateway_ledger()
    budget = hour_budget_ns(duty)
    starts, sizes, now_s = [], [], 0.0
    for i, airtime_s in enumerate(airtimes_s):
        end_s = now_s + pauses_s[i % len(pauses_s)] + airtime_s
        while not gateway_may_send(slots_ns, slot_of, end_s, airtime_s, budget):
            end_s = (math.floor(end_s / SLOT_S) + 1.0) * SLOT_S
        gateway_note_sent(slots_ns, slot_of, end_s, airtime_s)
        starts.append(end_s - airtime_s)
        sizes.append(airtime_s)
        now_s = end_s
    return np.array(starts), np.array(sizes)


@settings(deadline=None, max_examples=80)
@given(PATTERNS_S, DUTIES, st.lists(st.floats(0.0, 900.0), max_size=3))
@example([2.8, 0.03], 0.01, [])
@example([0.03] * 8 + [2.8], 0.01, [])
@example([2.8, 2.8, 0.03, 0.9], 0.001, [])
@example([1.9, 0.03], 0.001, [])
def test_device_never_exceeds_an_hour(
    pattern_s: list[float], duty: float, pauses_s: list[float]
) -> None:
    """Whatever airtimes a device mixes, no sliding hour holds more than its share of airtime."""
    airtimes_s = repeated(pattern_s, 3.0 * duty * HOUR_S)
    frames = device(airtimes_s, duty, [0.0, *pauses_s])
    assert len(frames[0]) == len(airtimes_s)
    assert worst_hour_s(frames) <= duty * HOUR_S + 1e-6


@pytest.mark.parametrize(
    ("airtime_s", "share"),
    [(0.03, 0.99), (0.056576, 0.99), (0.36, 0.99), (1.318912, 0.9), (2.8, 0.9)],
)
def test_device_wastes_little(airtime_s: float, share: float) -> None:
    """Equal frames use 90 % of a legal 1 %, 99 % up to 0.36 s."""
    period_s = airtime_s + off_s(airtime_s, 0.01)
    assert share <= airtime_s / period_s / 0.01 <= 1.0
    expected = (1 - airtime_s / 36.0) / (1 - airtime_s / 3600.0)
    assert airtime_s / period_s / 0.01 == pytest.approx(expected)


def test_device_rule_is_the_printed_formula() -> None:
    """The silence is T ((H - T) / (d H - T) - 1), and n equal frames of W / n just fit an hour."""
    for airtime_s in (0.03, 0.5, 2.793472):
        for duty in (0.001, 0.01, 0.1):
            printed = airtime_s * ((3600 - airtime_s) / (duty * 3600 - airtime_s) - 1)
            assert off_s(airtime_s, duty) == pytest.approx(printed, rel=1e-12)
    period_s = 1.5 + off_s(1.5, 0.01)
    assert 23 * period_s + 1.5 == pytest.approx(3600.0)


def test_the_usual_rule_would_exceed() -> None:
    """LoRaWAN's T/d - T puts 38 s of 2.6 s frames in an hour at 1 %: the check can see it."""
    starts_s = np.arange(40) * 2.6 / 0.01
    worst = worst_hour_s((starts_s, np.full(40, 2.6)))
    assert worst == pytest.approx(14 * 2.6)
    assert worst > 36.0


def test_too_long_a_frame_never_goes() -> None:
    """A frame as long as the hour's airtime is never allowed; a first frame always is, at once."""
    assert off_s(36.0, 0.01) == math.inf
    assert off_s(3.59, 0.001) < math.inf
    assert free_at_s(-math.inf, 0.0, 36.5, 0.01) == math.inf
    assert free_at_s(-math.inf, 0.0, 2.8, 0.01) == -math.inf
    assert free_at_s(100.0, 1.0, 2.0, 0.01) == pytest.approx(100.0 + off_s(2.0, 0.01))
    assert free_at_s(100.0, 2.0, 1.0, 0.01) == pytest.approx(100.0 + off_s(2.0, 0.01))
    assert off_s(0.0, 0.01) == 0.0
    assert off_s(5.0, 1.0) == 0.0


@settings(deadline=None, max_examples=80)
@given(PATTERNS_S, DUTIES, st.lists(st.floats(0.0, 900.0), max_size=3))
@example([2.8, 0.03], 0.01, [])
@example([2.8], 0.001, [9.99])
@example([2.5], 0.1, [0.0, 0.0, 3.3])
def test_gateway_never_exceeds_an_hour(
    pattern_s: list[float], duty: float, pauses_s: list[float]
) -> None:
    """Whatever a gateway sends, in bursts or not, no sliding hour holds more than its budget."""
    airtimes_s = repeated(pattern_s, 3.0 * duty * HOUR_S)
    frames = gateway(airtimes_s, duty, [0.0, *pauses_s])
    assert worst_hour_s(frames) <= duty * HOUR_S + 1e-6


@settings(deadline=None, max_examples=60)
@given(
    PATTERNS_S,
    st.sampled_from([0.001, 0.01]),
    st.lists(st.floats(0.0, 4.0), min_size=1, max_size=5),
    st.lists(st.floats(0.0, 9.99), min_size=1, max_size=7),
)
def test_gateway_decisions_out_of_order(
    pattern_s: list[float], duty: float, pauses_s: list[float], delays_s: list[float]
) -> None:
    """Decisions up to ten seconds out of order exceed no hour either, over two hours."""
    airtime_s = np.resize(pattern_s, MOST_FRAMES)
    end_s = np.cumsum(airtime_s + np.resize(pauses_s, MOST_FRAMES) + 7_500.0 / MOST_FRAMES)
    slots_ns, slot_of = gateway_ledger()
    budget = hour_budget_ns(duty)
    sent = []
    for i in np.argsort(end_s + np.resize(delays_s, end_s.size)):
        if gateway_may_send(slots_ns, slot_of, end_s[i], airtime_s[i], budget):
            gateway_note_sent(slots_ns, slot_of, end_s[i], airtime_s[i])
            sent.append(i)
    frames = (end_s[sent] - airtime_s[sent], airtime_s[sent])
    assert len(sent) > 0
    assert worst_hour_s(frames) <= duty * HOUR_S + 1e-6


def test_a_late_frame_still_finds_its_whole_hour() -> None:
    """A frame decided after a later one counts what ended an hour before it, and that later one."""
    slots_ns, slot_of = gateway_ledger()
    budget = 3_600_000_000
    for end_s, airtime_s in ((8.0, 2.0), (3610.5, 1.0)):
        assert gateway_may_send(slots_ns, slot_of, end_s, airtime_s, budget)
        gateway_note_sent(slots_ns, slot_of, end_s, airtime_s)
    assert not gateway_may_send(slots_ns, slot_of, 3607.0, 0.7, budget)
    assert gateway_may_send(slots_ns, slot_of, 3607.0, 0.6, budget)
    assert gateway_may_send(slots_ns, slot_of, 3613.5, 2.6, budget)


def test_old_entries_count_for_nothing() -> None:
    """An entry an hour and ten seconds old is forgotten, read or written over."""
    slots_ns, slot_of = gateway_ledger(2, 3)
    assert slots_ns.shape == (2, 3, RING_SLOTS)
    book = slots_ns[1, 2], slot_of[1, 2]
    gateway_note_sent(*book, 5.0, 3.0)
    assert not gateway_may_send(*book, 3609.0, 1.0, hour_budget_ns(0.001))
    assert gateway_may_send(*book, 3610.0, 3.6, hour_budget_ns(0.001))
    gateway_note_sent(*book, 5.0 + RING_SLOTS * SLOT_S, 1.0)
    gateway_note_sent(*book, 5.0, 3.0)
    assert slots_ns.sum() == 1_000_000_000
    assert not slots_ns[0].any()


@pytest.mark.parametrize(
    ("airtime_s", "duty"), [(0.056576, 0.01), (0.25, 0.01), (0.56, 0.1), (2.793472, 0.1)]
)
def test_gateway_wastes_little(airtime_s: float, duty: float) -> None:
    """In the long run a gateway may use 99 % of its legal airtime."""
    frames = gateway([airtime_s] * math.ceil(4.0 * duty * HOUR_S / airtime_s), duty)
    start_s = np.asarray(frames[0])
    # Bursts come back alike: what lies between the first starts of two bursts is one turn.
    first = np.flatnonzero(np.diff(start_s) > HOUR_S / 2) + 1
    turns = len(first) - 1
    rate = (first[-1] - first[0]) * airtime_s / (start_s[first[-1]] - start_s[first[0]])
    assert turns >= 1
    assert 0.99 <= rate / duty <= 1.0


def test_budgets_are_whole() -> None:
    """An hour's airtime is a whole number of nanoseconds: 3.6, 36 and 360 s."""
    assert [hour_budget_ns(d) for d in (0.001, 0.01, 0.1)] == [
        3_600_000_000 * k for k in (1, 10, 100)
    ]
    slots_ns, slot_of = gateway_ledger()
    gateway_note_sent(slots_ns, slot_of, 1.0, 0.056576)
    assert slots_ns[0] == 56_576_000
