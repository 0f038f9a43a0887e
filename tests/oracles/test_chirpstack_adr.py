"""Adaptive data rate against the test vectors of ChirpStack and the table of LoRaWAN 1.0.4.

Vectors (numbers only):
[R] chirpstack/chirpstack, chirpstack/src/adr/default.rs, module `test`;
[G] brocaar/chirpstack-network-server, internal/adr/default_test.go;
[O] the same, internal/adr/adr_test.go at 04a9919 (margin 5 dB);
[L] chirpstack/chirpstack, chirpstack/src/maccommand/link_adr.rs, module `test`;
[T] LoRa Alliance TS001-1.0.4, table 9.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from models.lora import adr
from models.lora.region import DATA_RATES
from models.lora.sensitivity import snr_floor_db


class History(NamedTuple):
    """The arrays a simulation owns, for three devices of which the middle one is used."""

    f_cnts: np.ndarray
    snrs: np.ndarray
    tx_indices: np.ndarray
    counts: np.ndarray


D = 1


def history(entries: Iterable[tuple[int, float, int]] = ()) -> History:
    """Return a history into which the (f_cnt, SNR, power index) entries were noted."""
    made = History(
        np.zeros((3, adr.HISTORY), np.int64),
        np.zeros((3, adr.HISTORY), np.float32),
        np.zeros((3, adr.HISTORY), np.int8),
        np.zeros(3, np.int64),
    )
    for f_cnt, snr_db, tx_index in entries:
        adr.note_uplink(D, f_cnt, snr_db, tx_index, *made)
    return made


IDEAL = [
    # n_step, tx_index, dr, max_tx_index, max_dr, expected tx_index, expected dr
    (0, 1, 3, 5, 5, 1, 3),  # R G
    (1, 1, 4, 5, 5, 1, 5),  # R G
    (1, 1, 5, 5, 5, 2, 5),  # R G
    (2, 1, 3, 5, 5, 1, 5),  # R G
    (2, 1, 4, 5, 5, 2, 5),  # R G
    (2, 1, 5, 5, 5, 3, 5),  # R G
    (2, 5, 5, 5, 5, 5, 5),  # R
    (2, 4, 5, 5, 5, 5, 5),  # G
    (-1, 1, 5, 5, 5, 0, 5),  # R G
    (-1, 0, 4, 5, 5, 0, 4),  # R G
    (-10, 0, 4, 5, 5, 0, 4),  # R G
    (0, 1, 3, 7, 5, 1, 3),  # O, from here on
    (1, 1, 4, 7, 5, 1, 5),
    (1, 1, 5, 7, 5, 2, 5),
    (2, 1, 3, 7, 5, 1, 5),
    (2, 1, 3, 7, 4, 2, 4),
    (2, 1, 4, 7, 5, 2, 5),
    (2, 1, 5, 7, 5, 3, 5),
    (2, 1, 5, 2, 5, 2, 5),
    (-1, 1, 4, 7, 5, 0, 4),
    (-1, 0, 4, 7, 5, 0, 4),
]


@pytest.mark.parametrize("case", IDEAL)
def test_ideal_data_rate_and_power(case: tuple[int, ...]) -> None:
    """Steps raise the data rate, then lower the power; negative ones only raise the power."""
    n_step, tx_index, dr, max_tx_index, max_dr, tx_expected, dr_expected = case
    answer = adr.ideal_dr_and_power(n_step, tx_index, dr, max_tx_index, max_dr)
    assert answer == (dr_expected, tx_expected)


@pytest.mark.parametrize(
    ("loss_percent", "current", "expected"),
    [
        (4.99, 3, 2),  # R G O
        (9.99, 2, 2),  # R G O
        (29.99, 1, 2),  # G O
        (30.0, 3, 3),  # R G O
    ],
)
def test_nb_trans(loss_percent: float, current: int, expected: int) -> None:
    """Loss and the present number of transmissions give the next one."""
    assert adr.nb_trans_for(loss_percent, current) == expected


def test_nb_trans_table() -> None:
    """Each class of loss starts at its lower end, and counts outside 1..3 are taken as the ends."""
    rows = [[adr.nb_trans_for(x, n) for n in (1, 2, 3)] for x in (0.0, 5.0, 10.0, 30.0, 1e9)]
    assert rows == [[1, 1, 2], [1, 2, 3], [2, 3, 3], [3, 3, 3], [3, 3, 3]]
    assert adr.nb_trans_for(7.0, 0) == 1
    assert adr.nb_trans_for(7.0, 15) == 3


def test_loss_percent() -> None:
    """Two frames missing among twenty received are 10 %; nineteen entries say nothing [R G]."""
    received = [*range(5), *range(6, 11), *range(12, 22)]
    full = history((f_cnt, 0.0, 0) for f_cnt in received)
    assert adr.loss_percent(D, full.f_cnts, full.counts) == 10.0
    short = history((f_cnt, 0.0, 0) for f_cnt in received[:-1])
    assert adr.loss_percent(D, short.f_cnts, short.counts) == 0.0


def test_loss_of_the_newest() -> None:
    """The loss is that of the newest twenty, whichever column of the ring holds the oldest."""
    for extra in range(1, 45):
        # One frame is missing before the last ten, whatever came before with a gap each.
        received = [*range(0, 2 * extra, 2), *range(200, 210), *range(211, 221)]
        made = history((f_cnt, 0.0, 0) for f_cnt in received)
        assert adr.loss_percent(D, made.f_cnts, made.counts) == 5.0


def test_best_snr_counts() -> None:
    """The best of the remembered SNRs decides, wherever it stands: 4 of 3, 4, 2 [R G]."""
    # 4 dB at DR5, margin -0.5 dB: 12 dB too good, four steps; 3 dB would be 11 dB, three steps.
    mixed = history([(0, 3.0, 0), (1, 4.0, 0), (2, 2.0, 0)])
    assert adr.decide(D, 5, 0, 1, 5, 7, -0.5, *mixed) == (5, 4, 1)
    without = history([(0, 3.0, 0), (2, 2.0, 0)])
    assert adr.decide(D, 5, 0, 1, 5, 7, -0.5, *without) == (5, 3, 1)


@pytest.mark.parametrize(
    ("state", "bounds", "margin_db", "entries", "expected"),
    [
        # R G: above the highest data rate allowed (their required SNR is 0: -7.5 + 7.5)
        ((5, 0, 1), (4, 5), 7.5, [(0, 0.0, 0)], (4, 0, 1)),
        # R G: data rate up by one
        ((0, 0, 1), (5, 5), 0.0, [(0, -15.0, 0)], (1, 0, 1)),
        # O, from here on: data rate up by one
        ((2, 0, 1), (5, 7), 5.0, [(0, -7.0, 0)], (3, 0, 1)),
        # data rate up by one, best of two
        ((2, 0, 1), (5, 7), 5.0, [(0, -7.0, 0), (1, -15.0, 0)], (3, 0, 1)),
        # power down by one
        ((5, 3, 1), (5, 7), 5.0, [(0, 1.0, 3)], (5, 4, 1)),
        # one transmission less: an unfilled history counts as no loss; -2.5 dB is no step
        ((5, 4, 3), (5, 7), 5.0, [(0, -5.0, 4)], (5, 4, 2)),
        # power not up: one of twenty entries was sent at another power
        (
            (5, 3, 1),
            (5, 7),
            5.0,
            [(i, -20.0, 0 if i == 0 else 3) for i in range(20)],
            (5, 3, 1),
        ),
        # power up to the full
        ((5, 3, 1), (5, 7), 5.0, [(i, -20.0, 3) for i in range(20)], (5, 0, 1)),
    ],
)
def test_decisions(
    state: tuple[int, int, int],
    bounds: tuple[int, int],
    margin_db: float,
    entries: list[tuple[int, float, int]],
    expected: tuple[int, int, int],
) -> None:
    """Whole decisions come out as ChirpStack's."""
    assert adr.decide(D, *state, *bounds, margin_db, *history(entries)) == expected


def test_nothing_known() -> None:
    """Without history nothing is ordered but the ceiling of the data rate."""
    assert adr.decide(D, 5, 2, 1, 3, 7, 10.0, *history()) == (3, 2, 1)


def test_ceiling_is_lora() -> None:
    """A ceiling of DR7 (FSK) is taken as DR5, the fastest 125 kHz LoRa."""
    assert adr.decide(D, 0, 0, 1, 7, 0, 10.0, *history([(0, 30.0, 0)]))[0] == 5


def test_required_snr() -> None:
    """The required SNR of each data rate is the floor of its spreading factor."""
    for rate in DATA_RATES[:7]:
        assert adr.required_snr_db(rate.index) == snr_floor_db(rate.spreading_factor)
    assert adr.required_snr_db(7) == 0.0


def test_repetition_is_no_entry() -> None:
    """A repeated frame counter adds nothing, even heard better; the next counter does."""
    made = history([(7, -10.0, 0), (7, 5.0, 0), (8, -11.0, 2)])
    assert made.counts.tolist() == [0, 2, 0]
    assert made.snrs[D, :2].tolist() == [-10.0, -11.0]
    assert made.tx_indices[D, :2].tolist() == [0, 2]


def test_newest_twenty_stay() -> None:
    """Of 50 uplinks the newest 20 are remembered, and neighbours' rows are untouched."""
    made = history((i, float(i), 0) for i in range(50))
    assert sorted(made.f_cnts[D].tolist()) == list(range(30, 50))
    assert not made.f_cnts[[0, 2]].any()


def test_accepted_order_empties() -> None:
    """After an accepted change the history starts anew [L]; no loss, no power up until full."""
    made = history((3 * i, -20.0, 3) for i in range(20))
    assert adr.decide(D, 5, 3, 1, 5, 7, 10.0, *made) == (5, 0, 3)
    adr.forget(D, made.counts)
    assert made.counts[D] == 0
    assert adr.decide(D, 5, 3, 1, 5, 7, 10.0, *made) == (5, 3, 1)


def test_device_moved_by_itself() -> None:
    """Another data rate than known means full power and an empty history; the same, nothing."""
    made = history([(0, 0.0, 4)])
    assert adr.follow_data_rate(D, 5, 5, 4, made.counts) == 4
    assert made.counts[D] == 1
    assert adr.follow_data_rate(D, 4, 5, 4, made.counts) == 0
    assert made.counts[D] == 0


def test_back_off_table() -> None:
    """DR1, reduced power, 3 transmissions: power at 96, DR0 at 128, one transmission at 160 [T]."""
    state = (1, 4, 3)
    seen = {}
    for uplinks in range(1, 400):
        after = adr.node_back_off(uplinks, *state, 0)
        if after != state:
            seen[uplinks] = after
        state = after
    assert seen == {96: (1, 0, 3), 128: (0, 0, 3), 160: (0, 0, 1)}


def test_back_off_from_full_power() -> None:
    """At full power the first step is a data rate, and the lowest one allowed is kept."""
    state = (5, 0, 1)
    steps = [state := adr.node_back_off(96 + 32 * k, *state, 2) for k in range(6)]
    assert [dr for dr, _, _ in steps] == [4, 3, 2, 2, 2, 2]


def test_request_for_an_answer() -> None:
    """The device asks from the 64th uplink without a downlink on [T]."""
    assert [adr.wants_answer(n) for n in (0, 63, 64, 95, 400)] == [False, False, True, True, True]


# A second computation, written from the description of the algorithm: lists, one step at a time,
# gaps between neighbours, single precision.

FLOORS_DB = {0: -20.0, 1: -17.5, 2: -15.0, 3: -12.5, 4: -10.0, 5: -7.5}


def remember(entries: list[tuple[int, float, int]]) -> list[tuple[int, float, int]]:
    """Return what a server would remember of these uplinks, oldest first."""
    kept: list[tuple[int, float, int]] = []
    for entry in entries:
        if not kept or kept[-1][0] != entry[0]:
            kept.append(entry)
        kept = kept[-20:]
    return kept


def slow_decide(
    kept: list[tuple[int, float, int]],
    state: tuple[int, int, int],
    bounds: tuple[int, int],
    margin_db: float,
) -> tuple[int, int, int]:
    """Return the server's decision, the slow way."""
    (dr, tx_index, nb_trans), (max_dr, max_tx_index) = state, bounds
    lost = np.float32(0.0)
    if len(kept) == 20:
        gaps = [b[0] - a[0] - 1 for a, b in pairwise(kept)]
        lost = np.float32(sum(gaps)) / np.float32(20.0) * np.float32(100.0)
    by_loss = {5: "112", 10: "123", 30: "233"}
    row = next((columns for end, columns in by_loss.items() if lost < end), "333")
    wanted = int(row[nb_trans - 1])
    best = max((np.float32(snr) for _, snr, _ in kept), default=np.float32(-999.0))
    surplus = best - np.float32(FLOORS_DB[dr]) - np.float32(margin_db)
    steps = int(surplus / np.float32(3.0))
    dr = min(dr, max_dr)
    alike = [entry for entry in kept if entry[2] == tx_index]
    if steps < 0 and len(alike) != 20:
        return dr, tx_index, wanted
    while steps != 0:
        if steps < 0:
            tx_index -= tx_index > 0
            steps += 1
            continue
        if dr < max_dr:
            dr += 1
        elif tx_index < max_tx_index:
            tx_index += 1
        steps -= 1
    return dr, tx_index, wanted


@njit(cache=True)
def _in_kernel(
    state: tuple[int, int, int],
    bounds: tuple[int, int],
    margin_db: float,
    made: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
) -> tuple[int, int, int]:
    """Return the decision as a kernel sees it."""
    return adr.decide(
        D, state[0], state[1], state[2], bounds[0], bounds[1], margin_db,
        made[0], made[1], made[2], made[3],
    )  # fmt: skip


UPLINKS = st.builds(
    lambda gaps, snrs, power: [
        (int(f_cnt), snr / 4, tx)
        for f_cnt, snr, tx in zip(np.cumsum(gaps), snrs, power, strict=False)
    ],
    st.integers(0, 60).flatmap(
        lambda n: st.lists(st.sampled_from([0, 1, 1, 1, 1, 1, 1, 2, 3]), min_size=n, max_size=n)
    ),
    st.lists(st.integers(-100, 60), min_size=60, max_size=60) | st.just([-72] * 60),
    st.lists(st.integers(2, 3), min_size=60, max_size=60) | st.just([2] * 60),
)
STATES = st.tuples(st.integers(0, 5), st.integers(0, 7), st.integers(1, 3)) | st.just((5, 2, 2))


@settings(max_examples=300, deadline=None)
@given(
    UPLINKS, STATES, st.tuples(st.integers(0, 5), st.integers(0, 7)), st.sampled_from([0, 5, 10])
)
def test_second_computation(
    uplinks: list[tuple[int, float, int]],
    state: tuple[int, int, int],
    bounds: tuple[int, int],
    margin: int,
) -> None:
    """An independent computation decides alike on random histories, in and out of a kernel."""
    made = history(uplinks)
    expected = slow_decide(remember(uplinks), state, bounds, margin)
    assert adr.decide(D, *state, *bounds, float(margin), *made) == expected
    assert _in_kernel(state, bounds, float(margin), tuple(made)) == expected


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 500), st.integers(0, 5), st.integers(0, 7), st.integers(1, 3), st.integers(0, 5)
)
def test_back_off_only_strengthens(
    uplinks: int, dr: int, tx_index: int, nb_trans: int, lowest: int
) -> None:
    """Stepping back changes one thing at most, and never towards a faster or softer uplink."""
    after = adr.node_back_off(uplinks, dr, tx_index, nb_trans, lowest)
    assert after[0] in {dr, max(dr - 1, lowest)}
    assert after[1] in {tx_index, 0}
    assert after[2] in {nb_trans, 1}
    assert sum(a != b for a, b in zip(after, (dr, tx_index, nb_trans), strict=True)) <= 1
