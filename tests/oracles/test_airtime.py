"""Time on air against published test vectors and the reference table."""

from __future__ import annotations

import numpy as np
import pytest

from models.lora.airtime import (
    frames_per_hour,
    fsk_time_on_air_s,
    phy_payload_bytes,
    time_on_air_s,
)
from models.lora.region import DATA_RATES
from twin.errors import InputError


@pytest.mark.parametrize(
    ("size", "factor", "settings", "milliseconds"),
    [
        (10, 7, {}, 41.216),
        (10, 10, {}, 288.768),
        (10, 11, {}, 577.536),
        (10, 12, {}, 991.232),
        (10, 7, {"bandwidth_hz": 250_000}, 20.608),
        (10, 7, {"coding_rate": 4}, 53.504),
        (17, 7, {}, 51.456),
        (13, 12, {"low_data_rate": False}, 1155.072),
        (20, 12, {"coding_rate": 4}, 1712.128),
        (20, 7, {"bandwidth_hz": 250_000}, 28.288),
        (17, 9, {"implicit_header": True, "crc": False, "preamble_symbols": 10}, 152.576),
    ],
)
def test_published_vectors(
    size: int, factor: int, settings: dict[str, float], milliseconds: float
) -> None:
    """Vectors of The Things Stack and ChirpStack, and the class-B beacon, match exactly."""
    seconds = time_on_air_s(size, factor, **settings)  # type: ignore[arg-type]
    assert float(seconds) * 1000 == pytest.approx(milliseconds, abs=5e-7)


TABLE = {
    17: [51.456, 92.672, 164.864, 329.728, 659.456, 1318.912],
    20: [56.576, 102.912, 185.344, 370.688, 741.376, 1318.912],
    23: [61.696, 113.152, 205.824, 370.688, 823.296, 1482.752],
    33: [71.936, 133.632, 246.784, 452.608, 987.136, 1810.432],
    64: [118.016, 215.552, 390.144, 698.368, 1560.576, 2793.472],
    128: [215.296, 379.392, 676.864],
    235: [368.896, 655.872],
}


@pytest.mark.parametrize("size", list(TABLE))
def test_reference_table(size: int) -> None:
    """The whole reference table (125 kHz, 4/5, CRC) comes out to the last printed digit."""
    factors = np.arange(7, 7 + len(TABLE[size]))
    assert np.round(time_on_air_s(size, factors) * 1000, 3).tolist() == TABLE[size]


def test_uplinks_per_hour() -> None:
    """At 1 % and 20 bytes a device may send 636.3 to 27.3 frames an hour, SF7 to SF12."""
    rates = frames_per_hour(time_on_air_s(20, np.arange(7, 13)))
    assert np.round(rates, 1).tolist() == [636.3, 349.8, 194.2, 97.1, 48.6, 27.3]


def test_downlink_without_crc_may_drop_a_block() -> None:
    """Without its CRC a 33-byte SF11 frame is one block of five symbols shorter."""
    difference = time_on_air_s(33, 11) - time_on_air_s(33, 11, crc=False)
    assert float(difference) == pytest.approx(5 * 2**11 / 125_000)


def test_fsk() -> None:
    """A 20-byte FSK frame at 50 kbit/s takes 4.96 ms, preamble to CRC."""
    assert float(fsk_time_on_air_s(20)) == pytest.approx(0.00496)


def test_longest_legal_frame() -> None:
    """The longest legal EU868 frame is 51 application bytes at SF12: 2.793 s."""
    longest = max(
        float(time_on_air_s(phy_payload_bytes(rate.application_bytes), rate.spreading_factor))
        for rate in DATA_RATES
        if rate.bandwidth_hz == 125_000
    )
    assert longest == pytest.approx(2.793472)


def test_broadcasts_and_grows_with_size() -> None:
    """Sizes and spreading factors broadcast; a longer payload never takes less time."""
    table = time_on_air_s(np.arange(256)[:, None], np.arange(7, 13))
    assert table.shape == (256, 6)
    assert np.all(np.diff(table, axis=0) >= 0)
    assert np.all(np.diff(table, axis=1) > 0)


@pytest.mark.parametrize(
    ("size", "factor", "rate"), [(256, 7, 1), (-1, 7, 1), (20, 4, 1), (20, 13, 1), (20, 7, 5)]
)
def test_out_of_range_is_refused(size: int, factor: int, rate: int) -> None:
    """A size over 255, an unknown spreading factor or 4/9 coding is refused, not computed."""
    with pytest.raises(InputError):
        time_on_air_s(size, factor, coding_rate=rate)
