"""Levels on a disc follow the published line, and shadowing its law."""

from __future__ import annotations

import numpy as np
import pytest

from models.lora.link.disc_levels import DiscLevels
from models.lora.shadowing import ShadowingField
from tests.models.lora.link.lora_world import masts, meters
from twin.streams import Streams


def test_a_kilometre_away_is_oulu_less_the_power() -> None:
    """16 dBm EIRP + 2 dB - 128.95 dB at 1 km; 23.2 dB less ten times farther [V]."""
    fleet = meters(2, x_m=np.array([1_000.0, 10_000.0]))
    device, gateway, level_dbm = DiscLevels(Streams(1, 0)).links(fleet, masts())
    assert device.tolist() == [0, 1]
    assert gateway.tolist() == [0, 0]
    assert level_dbm == pytest.approx([18.0 - 128.95, 18.0 - 128.95 - 23.2])


def test_beyond_the_radius_there_is_no_link() -> None:
    """The device a hair farther is left out."""
    fleet = meters(2, x_m=np.array([500.0, 500.1]))
    device, gateway, _ = DiscLevels(Streams(1, 0), radius_m=500.0).links(fleet, masts(2))
    assert (device.tolist(), gateway.tolist()) == ([0, 0], [0, 1])


def test_shadowing_spreads_the_levels() -> None:
    """Of 4,000 devices on a circle the spread is sigma, and two gateways share half of it."""
    angle = np.linspace(0.0, 2.0 * np.pi, 4_000, endpoint=False)
    radius_m = 40_000.0
    fleet = meters(4_000, x_m=radius_m * np.cos(angle), y_m=radius_m * np.sin(angle))
    levels = DiscLevels(Streams(1, 0), shadowing=ShadowingField(8.0, rho=0.5, decorrelation_m=20.0))
    _, gateway, level_dbm = levels.links(fleet, masts(2))
    one, two = level_dbm[gateway == 0], level_dbm[gateway == 1]
    assert np.std(one) == pytest.approx(8.0, abs=0.4)
    assert np.corrcoef(one, two)[0, 1] == pytest.approx(0.5, abs=0.06)
