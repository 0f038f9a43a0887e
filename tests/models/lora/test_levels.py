"""Margins of the gateway model: the same budget, figure for figure, as the printed one."""

from __future__ import annotations

import numpy as np
import pytest

from models.lora.levels import Losses, fixed_gain_db, placement_loss_db
from models.lora.link_budget import Direction, link_budget
from models.lora.meters import INDOOR, OUTDOOR, PIT
from models.lora.settings import RadioSection
from models.lora.use_cases import NEAR_GROUND_CLUTTER_DB

CENTRAL = Losses(
    pit_db=20.0,
    clutter_db=NEAR_GROUND_CLUTTER_DB,
    antenna_db=2.0,
    noise_rise_db=3.0,
    bias_db=0.0,
    entry_probability=0.5,
)
"""The central values of the printed link budget."""

RADIOS = (
    RadioSection(),
    RadioSection(
        chip="SX1301",
        spreading_factor=9,
        erp_dbm=11.0,
        gateway_gain_dbi=-1.5,
        cable_loss_db=2.5,
        building="thermally-efficient",
        frequency_mhz=867.1,
    ),
)


@pytest.mark.parametrize("radio", RADIOS, ids=["default", "other"])
@pytest.mark.parametrize(
    ("use_case", "place"),
    [("meter-pit", PIT), ("meter-indoor", INDOOR), ("meter-outdoor", OUTDOOR)],
)
def test_margin_is_the_link_budgets(radio: RadioSection, use_case: str, place: int) -> None:
    """At the same central values the margin equals the link budget's uplink margin to 1e-9 dB."""
    budget = link_budget(
        use_case,
        radio.frequency_mhz,
        radio.building,
        erp_dbm=radio.erp_dbm,
        device_antenna_loss_db=CENTRAL.antenna_db,
        gateway_gain_dbi=radio.gateway_gain_dbi,
        cable_loss_db=radio.cable_loss_db,
        noise_rise_db=CENTRAL.noise_rise_db,
        gateway_chip=radio.chip,
    )
    loss = placement_loss_db(radio, np.array([place], dtype=np.uint8), CENTRAL)
    margin = fixed_gain_db(radio) - 133.7 - loss[0]
    expected = budget.margin_db(133.7, radio.spreading_factor, Direction.UPLINK)
    assert margin == pytest.approx(expected, abs=1e-9)


def test_fixed_gain_by_hand() -> None:
    """14 + 2.15 + 5 - 1 - (-141) = 161.15 dB stand before any uncertain loss at SF12."""
    assert fixed_gain_db(RadioSection()) == pytest.approx(161.15, abs=1e-12)


def test_each_loss_weakens_by_itself() -> None:
    """One more dB of any loss takes exactly one dB from the meters it concerns, and no other."""
    place = np.array([OUTDOOR, INDOOR, PIT], dtype=np.uint8)
    base = placement_loss_db(RadioSection(), place, CENTRAL)
    for name, touched in (
        ("pit_db", [0.0, 0.0, 1.0]),
        ("clutter_db", [1.0, 1.0, 1.0]),
        ("antenna_db", [1.0, 1.0, 1.0]),
        ("noise_rise_db", [1.0, 1.0, 1.0]),
        ("bias_db", [1.0, 1.0, 1.0]),
    ):
        worse = Losses(**{**vars(CENTRAL), name: getattr(CENTRAL, name) + 1.0})
        more = placement_loss_db(RadioSection(), place, worse) - base
        np.testing.assert_allclose(more, touched, atol=1e-12)


def test_indoor_loss_follows_each_meters_place_in_its_building() -> None:
    """Indoor entry loss is P.2109's at each meter's own probability (5.720, 14.219, 25.044 dB)."""
    place = np.full(3, INDOOR, dtype=np.uint8)
    outside = placement_loss_db(RadioSection(), np.full(3, OUTDOOR, dtype=np.uint8), CENTRAL)
    spread = Losses(**{**vars(CENTRAL), "entry_probability": np.array([0.1, 0.5, 0.9])})
    entry = placement_loss_db(RadioSection(), place, spread) - outside
    np.testing.assert_allclose(entry, [5.720, 14.219, 25.044], atol=5e-4)
