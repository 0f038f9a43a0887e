"""Class B listens in slots of its beacon period, as LoRaWAN lays them out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.lora.link.ping_slots import next_ping_slot_s, ping_offset
from twin.errors import InputError

KEY = np.uint64(0xDEADBEEF)
keys = st.integers(0, 2**64 - 1).map(np.uint64)


@given(st.floats(0.0, 1e7), keys, st.integers(0, 7))
def test_the_next_slot_is_a_slot(after_s: float, key: np.uint64, periodicity: int) -> None:
    """It comes no earlier, inside the beacon window, a whole number of 30 ms slots after it opens.

    It is late by two beacon periods at most, and asking at a slot returns that slot.
    """
    at_s = next_ping_slot_s(after_s, key, periodicity)
    assert after_s <= at_s < after_s + 256.0
    beacon = int(at_s // 128.0)
    slots = (at_s - beacon * 128.0 - 2.120) / 0.030
    assert slots == pytest.approx(round(slots), abs=1e-5)
    assert 0 <= round(slots) < 4_096
    assert round(slots) % 2 ** (5 + periodicity) == ping_offset(key, beacon, periodicity)
    assert next_ping_slot_s(at_s, key, periodicity) == at_s


@pytest.mark.parametrize(("periodicity", "slots"), [(0, 128), (4, 8), (7, 1)])
def test_a_beacon_period_has_its_slots(periodicity: int, slots: int) -> None:
    """Periodicity p opens 2^(7 - p) slots between two beacons [V]."""
    found = set()
    at_s = 128.0
    while (at_s := next_ping_slot_s(at_s, KEY, periodicity)) < 256.0:
        found.add(at_s)
        at_s += 1e-3
    assert len(found) == slots


def test_offsets_are_even_and_change_with_beacon_and_group() -> None:
    """Over 4,096 beacons a group's first slot falls evenly; another group's falls elsewhere."""
    offsets = np.array([ping_offset(KEY, beacon, 2) for beacon in range(4_096)])
    assert offsets.min() == 0
    assert offsets.max() == 127
    assert offsets.mean() == pytest.approx(63.5, abs=4 * 37.0 / 64)
    others = np.array([ping_offset(np.uint64(7), beacon, 2) for beacon in range(4_096)])
    assert np.mean(offsets == others) < 0.02


def test_an_unknown_periodicity_is_refused() -> None:
    """Periodicities are 0 to 7."""
    with pytest.raises(InputError):
        next_ping_slot_s(0.0, KEY, 8)
