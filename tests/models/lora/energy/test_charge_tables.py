"""Tables of charges: they add up to the formula."""

from __future__ import annotations

import numpy as np
import pytest

from models.lora.airtime import time_on_air_s
from models.lora.energy.charge import (
    CONDUCTED_DBM,
    empty_exchange,
    empty_window_s,
    frame_charge_uah,
    join_charge_uah,
    received_charge_uah,
)
from models.lora.energy.charge_tables import charge_tables
from models.lora.energy.published_currents import PROFILES, current_profile
from twin.errors import InputError

SIZES = np.array([20, 33, 64], dtype=np.int64)


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_tables_add_up(name: str) -> None:
    """An uplink's tables sum to its formula, for every fleet, data rate and power."""
    profile = PROFILES[name]
    tables = charge_tables(profile, SIZES)
    factor = 12 - np.arange(6)[:, None]
    formula = frame_charge_uah(
        profile,
        time_on_air_s(SIZES[:, None, None], factor),
        CONDUCTED_DBM,
        empty_window_s(factor),
        empty_window_s(12),
    )
    windows = tables.rx1_empty_uah + tables.rx2_empty_uah
    assert tables.tx_uah.shape == (3, 6, 8)
    np.testing.assert_allclose(tables.tx_uah + windows[:, None], formula, rtol=1e-12)


def test_downlink_in_each_window() -> None:
    """A downlink pays its airtime; in RX1 it spares RX2, in RX2 the wait is still paid."""
    profile = PROFILES["casals"]
    tables = charge_tables(profile, SIZES)
    airtime, down_s = time_on_air_s(20, 9), time_on_air_s(17, 9, crc=False)
    tx, down = tables.tx_uah[0, 3, 0], down_s * tables.rx_uah_per_s
    in_rx1 = frame_charge_uah(profile, airtime, 14.0, down_s, 0.0)
    in_rx2 = frame_charge_uah(profile, airtime, 14.0, empty_window_s(9), down_s)
    assert tx + down == pytest.approx(float(in_rx1))
    total = tx + tables.rx1_empty_uah[3] + tables.rx2_wait_uah[3] + down
    assert total == pytest.approx(float(in_rx2))


def test_join_rows() -> None:
    """A join-request's row and two empty windows are a join left unanswered, at every data rate."""
    for profile in PROFILES.values():
        tables = charge_tables(profile, SIZES)
        row = tables.join_request_uah + tables.rx1_empty_uah + tables.rx2_empty_uah
        np.testing.assert_allclose(row, join_charge_uah(profile, np.arange(6), "nothing"))


def test_offset_and_rx2_rate() -> None:
    """RX1 listens at the uplink's data rate less the offset; RX2 at its own."""
    profile = current_profile()
    tables = charge_tables(profile, SIZES, rx1_offset=2, rx2_data_rate=3)
    plain = charge_tables(profile, SIZES)
    assert tables.rx1_empty_uah.tolist() == plain.rx1_empty_uah[[0, 0, 0, 1, 2, 3]].tolist()
    assert tables.rx2_empty_uah[0] == pytest.approx(
        float(received_charge_uah(profile, empty_window_s(9)))
    )


def test_sleep_counts_the_electronics() -> None:
    """Sleep is the radio's 1.8 µA and the meter's own current."""
    tables = charge_tables(current_profile("sx1272", 8.2), SIZES)
    assert tables.sleep_uah_per_s * 3600.0 == pytest.approx(10.0)


def test_tables_are_what_a_kernel_takes() -> None:
    """Arrays are float64 and contiguous, scalars are floats."""
    for value in charge_tables(current_profile(), SIZES):
        if isinstance(value, np.ndarray):
            assert value.dtype == np.float64
            assert value.flags.c_contiguous
        else:
            assert type(value) is float


def test_measured_windows() -> None:
    """Measured windows are used where the source has them and refused where it has none."""
    measured = charge_tables(PROFILES["loraenergysim"], SIZES, windows="measured")
    assert measured.rx1_empty_uah[5] * 3.3 * 3.6 == pytest.approx(0.5)
    with pytest.raises(InputError, match="measured"):
        charge_tables(PROFILES["flora"], SIZES, windows="measured")


def test_bad_input() -> None:
    """Negative durations and data rates out of range are refused."""
    profile = current_profile()
    with pytest.raises(InputError, match="rx1_open_s"):
        frame_charge_uah(profile, 0.1, 14.0, -0.1, 0.0)
    with pytest.raises(InputError, match="rx1_data_rate"):
        empty_exchange(profile, 6)
    with pytest.raises(InputError, match="rx1_offset"):
        charge_tables(profile, SIZES, rx1_offset=6)
