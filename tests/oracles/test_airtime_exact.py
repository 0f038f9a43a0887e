"""Time on air against a count made block by block in exact fractions, for every setting.

The count follows how a frame is built rather than the datasheets' ceiling: a header block always
sent at 8 symbols, filled first, then blocks of 4 bits a row until nothing is left to carry.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from models.lora.airtime import (
    frame_symbols,
    fsk_time_on_air_s,
    lora_bit_rate,
    low_data_rate_needed,
    time_on_air_s,
)
from models.lora.region import DATA_RATES
from twin.errors import InputError

FACTORS = range(5, 13)
WIDTHS_HZ = (125_000, 250_000, 500_000)
SIZES = np.arange(256)
FIRST_BLOCK_SYMBOLS = 8


@cache
def blocks_after_the_first(nibbles_left: int, rows: int) -> int:
    """Return how many blocks of `rows` nibbles it takes, taking one block away at a time."""
    blocks = 0
    while nibbles_left > 0:
        nibbles_left -= rows
        blocks += 1
    return blocks


def counted_symbols(
    size: int, factor: int, rate: int, *, crc: bool, implicit: bool, slow: bool, preamble: int = 8
) -> Fraction:
    """Return a frame's length in symbols, counted in nibbles.

    The first block has SF - 2 rows of one nibble from SF7 on (it is sent at the reduced rate),
    SF rows at SF5 and SF6; an explicit header takes 5 of them, the payload CRC 4 nibbles. Later
    blocks have SF rows, SF - 2 under the low-data-rate optimisation, which SF5-6 do not have.
    """
    nibbles = 2 * size + (4 if crc else 0) + (0 if implicit else 5)
    if factor in {5, 6}:
        first_rows, rows = factor, factor
        sync = Fraction(25, 4)
    else:
        first_rows, rows = factor - 2, factor - 2 if slow else factor
        sync = Fraction(17, 4)
    later = blocks_after_the_first(nibbles - first_rows, rows)
    return preamble + sync + FIRST_BLOCK_SYMBOLS + later * (4 + rate)


def symbol_of(factor: int, width_hz: int) -> Fraction:
    """Return the exact duration of a symbol, seconds."""
    return Fraction(2**factor, width_hz)


@pytest.mark.parametrize("factor", FACTORS)
def test_whole_grid(factor: int) -> None:
    """Every payload, bandwidth, coding rate, header, CRC and optimisation agrees to 1e-12 s."""
    settings = itertools.product(
        WIDTHS_HZ, (1, 2, 3, 4), (False, True), (False, True), (None, False, True)
    )
    for width_hz, rate, crc, implicit, slow in settings:
        one = symbol_of(factor, width_hz)
        is_slow = one > Fraction(16, 1000) if slow is None else slow
        counts = [
            counted_symbols(n, factor, rate, crc=crc, implicit=implicit, slow=is_slow)
            for n in range(256)
        ]
        got = time_on_air_s(
            SIZES, factor, width_hz, rate, crc=crc, implicit_header=implicit, low_data_rate=slow
        )
        # Durations are multiples of a quarter symbol: an integer quotient, exact in float64.
        exact = [4 * count * 2**factor for count in counts]
        assert all(value.denominator == 1 for value in exact)
        expected = np.array([int(value) for value in exact]) / (4 * width_hz)
        np.testing.assert_allclose(got, expected, rtol=0.0, atol=1e-12)


@pytest.mark.parametrize("preamble", [0, 6, 8, 10, 12, 65_535])
def test_preamble_lengths(preamble: int) -> None:
    """A preamble of any length adds that many whole symbols, exactly."""
    for factor, size in itertools.product(FACTORS, (0, 1, 17, 64, 255)):
        exact = counted_symbols(
            size, factor, 1, crc=True, implicit=False, slow=factor > 10, preamble=preamble
        )
        assert Fraction(float(frame_symbols(size, factor, preamble_symbols=preamble))) == exact
        got = float(time_on_air_s(size, factor, preamble_symbols=preamble))
        assert abs(got - float(exact * symbol_of(factor, 125_000))) <= 1e-12


def test_settings_broadcast() -> None:
    """CRC, header and optimisation may differ from frame to frame in one call."""
    crc = np.array([True, False])[:, None]
    implicit = np.array([False, True, False])
    slow = np.array([False, True, True])
    got = frame_symbols(33, 9, 125_000, 2, crc=crc, implicit_header=implicit, low_data_rate=slow)
    for (i, c), (j, h) in itertools.product(
        enumerate((True, False)), enumerate((False, True, False))
    ):
        exact = counted_symbols(33, 9, 2, crc=c, implicit=h, slow=bool(slow[j]))
        assert Fraction(float(got[i, j])) == exact


def test_low_data_rate_symbols() -> None:
    """The optimisation is due at SF11-12 with 125 kHz, SF12 with 250 kHz, never with 500 kHz."""
    due = low_data_rate_needed(np.arange(5, 13), np.array(WIDTHS_HZ)[:, None])
    assert [np.flatnonzero(row).tolist() for row in due] == [[6, 7], [7], []]


def test_short_factors_by_hand() -> None:
    """10 B at SF5: 8 + 6.25 + 8 + ceil(96 / 20) 5 = 47.25 symbols; SF6: ceil(92 / 24) gives 42.25.

    SX1261/2 datasheet section 6.1.4, 12.096 ms and 21.632 ms at 125 kHz [D].
    """
    assert float(frame_symbols(10, 5)) == 47.25
    assert float(frame_symbols(10, 6)) == 42.25
    assert np.asarray(time_on_air_s(10, [5, 6])) == pytest.approx([0.012096, 0.021632], abs=1e-12)
    forced = frame_symbols(np.arange(256), 6, low_data_rate=True)
    assert forced.tolist() == frame_symbols(np.arange(256), 6).tolist()


def test_fsk_is_exact() -> None:
    """An FSK frame lasts 160 microseconds a byte, eleven of them around the payload."""
    exact = [float(Fraction(8 * (11 + n), 50_000)) for n in range(256)]
    np.testing.assert_allclose(fsk_time_on_air_s(SIZES), exact, rtol=0.0, atol=1e-15)


def test_bit_rates_are_those_of_the_regional_table() -> None:
    """The payload rate inside a frame is RP002's indicative rate, rounded, for every data rate."""
    for row in DATA_RATES:
        if row.modulation == "LoRa":
            rate = float(lora_bit_rate(row.spreading_factor, row.bandwidth_hz))
            assert rate == pytest.approx(row.bit_rate, rel=0.025)


@pytest.mark.parametrize(
    "settings",
    [
        {"phy_payload_bytes": 20.5},
        {"phy_payload_bytes": float("nan")},
        {"bandwidth_hz": 0},
        {"bandwidth_hz": float("inf")},
        {"preamble_symbols": -1},
        {"coding_rate": [1, 0]},
    ],
)
def test_nonsense_is_refused(settings: dict[str, float]) -> None:
    """A fraction of a byte, an absent bandwidth or a negative preamble is refused by name."""
    with pytest.raises(InputError) as caught:
        time_on_air_s(**({"phy_payload_bytes": 20, "spreading_factor": 7} | settings))
    assert caught.value.faults[0].key == next(iter(settings))
