"""Charges of a day as the study counts them, against the charge of one exchange in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from models.lora.airtime import MAC_OVERHEAD_BYTES, time_on_air_s
from models.lora.energy.charge import empty_window_s, frame_charge_uah
from models.lora.energy.published_currents import current_profile
from models.lora.load.batteries import charge_uah
from models.lora.network.state import TALLY


@pytest.mark.parametrize("profile", ["sx1272", "casals", "flora"])
@pytest.mark.parametrize("factor", [7, 10, 12])
def test_a_frame_costs_what_its_exchange_costs(profile: str, factor: int) -> None:
    """One empty exchange in the tally costs `frame_charge_uah`, and a day of sleep besides.

    A profile that waits awake between its windows is charged that wait to the hundredth.
    """
    known = current_profile(profile, 8.0)
    airtime_s = float(time_on_air_s(20 + MAC_OVERHEAD_BYTES, factor))
    rx1_s, rx2_s = (float(empty_window_s(each)) for each in (factor, 12))
    tally = np.zeros(1, dtype=TALLY)
    tally["tx_s"][0, 0] = airtime_s
    tally["rx_s"] = rx1_s + rx2_s
    tally["factors"][0, factor - 7] = 1
    day_s = 86_400.0
    asleep = known.asleep_ua * day_s / 3600.0
    expected = float(frame_charge_uah(known, airtime_s, 14.0, rx1_s, rx2_s))
    found = float(charge_uah(known, tally, 20, day_s)[0]) - asleep
    assert found == pytest.approx(expected, rel=0.01)


def test_lower_power_and_fewer_frames_never_cost_more() -> None:
    """A frame at TXPower 7 costs no more than at TXPower 0; no frame costs sleep alone."""
    known = current_profile("sx1272", 8.0)
    tally = np.zeros(3, dtype=TALLY)
    tally["tx_s"][0, 0] = tally["tx_s"][1, 7] = 1.0
    tally["factors"][:2, 5] = 1
    loud, soft, silent = charge_uah(known, tally, 20, 86_400.0)
    assert silent < soft < loud
    assert silent == pytest.approx(known.asleep_ua * 24.0)
