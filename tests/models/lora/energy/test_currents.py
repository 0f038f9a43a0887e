"""Profiles of currents: by name, by power, refused when wrong."""

from __future__ import annotations

import pytest

from models.lora.energy.currents import CurrentProfile, tx_current_ma
from models.lora.energy.published_currents import (
    LORAENERGYSIM,
    LORASIM,
    LORAWAN_SIM,
    PROFILES,
    current_profile,
)
from twin.errors import InputError


def test_unknown_profile_lists_the_known() -> None:
    """An unknown name is refused with the list of the known ones."""
    with pytest.raises(InputError, match="sx1272, flora, lorasim") as caught:
        current_profile("sx9999")
    assert caught.value.faults[0].value == "sx9999"


def test_every_profile_tells_its_source() -> None:
    """Every published profile has a source and a status."""
    for name, profile in PROFILES.items():
        assert profile.name == name
        assert profile.source
        assert profile.status in {"V", "D", "U"}


def test_quiescent_adds_to_sleep() -> None:
    """The meter's electronics add to the current asleep, and change nothing else."""
    meter = current_profile("sx1272", quiescent_ua=8.0)
    assert meter.asleep_ua == pytest.approx(9.8)
    assert float(tx_current_ma(meter, 14.0)) == 44.0


def test_powers_between_below_and_above() -> None:
    """Currents are interpolated, held below the table, and refused above it."""
    assert tx_current_ma(LORASIM, [13.5, -10.0, 20.0]).tolist() == [39.5, 22.0, 125.0]
    with pytest.raises(InputError, match="16"):
        tx_current_ma(LORAENERGYSIM, [14.0, 16.0])


def test_awake_microcontroller_is_paid_while_sending() -> None:
    """LoRaWAN-SIM's 30 mA of microcontroller come on top of its 76 mA at 14 dBm."""
    assert float(tx_current_ma(LORAWAN_SIM, 14.0)) == 106.0


@pytest.mark.parametrize(
    ("powers", "currents"), [((), ()), ((2.0, 2.0), (1.0, 1.0)), ((2.0,), (1.0, 2.0))]
)
def test_crooked_tables_are_refused(powers: tuple[float, ...], currents: tuple[float, ...]) -> None:
    """An empty, unsorted or unequal table is refused."""
    with pytest.raises(InputError):
        CurrentProfile("x", "s", "U", 3.3, powers, currents, 10.0, 1.0)


def test_negative_current_is_refused() -> None:
    """A negative current is refused by name."""
    with pytest.raises(InputError, match="quiescent_ua"):
        current_profile("sx1272", -1.0)
