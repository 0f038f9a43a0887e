"""Free space and log-distance losses against their published values."""

from __future__ import annotations

import numpy as np
import pytest

from models.lora.free_space import free_space_db
from models.lora.log_distance import LORASIM, OULU, log_distance_db
from models.lora.propagation import PropagationModel, basic_loss_db
from models.lora.sensitivity import noise_floor_dbm, sensitivity_dbm, snr_floor_db
from twin.errors import InputError


def test_one_kilometre_at_868_mhz() -> None:
    """FSPL(868 MHz, 1 km) is 91.2182 dB."""
    assert round(float(free_space_db(1000.0, 868.0)), 4) == 91.2182


def test_doubling_the_distance_costs_six_decibels() -> None:
    """Twice as far or twice the frequency costs 20 lg 2 = 6.0206 dB."""
    step = free_space_db([1e3, 2e3], 868.0)
    assert step[1] - step[0] == pytest.approx(20 * np.log10(2), abs=1e-12)
    assert free_space_db(1e3, 1736.0) - step[0] == pytest.approx(20 * np.log10(2), abs=1e-12)


def test_never_a_gain() -> None:
    """Antennas that touch lose nothing rather than gaining, and unknown stays unknown."""
    assert free_space_db([0.0, 1e-4], 868.0).tolist() == [0.0, 0.0]
    assert np.isnan(free_space_db(np.nan, 868.0))


def test_oulu() -> None:
    """Oulu's line gives 145.166, 152.150 and 156.235 dB at 5, 10 and 15 km, sigma 7.8 dB."""
    losses = log_distance_db(np.array([5e3, 10e3, 15e3]))
    assert np.round(losses, 3).tolist() == [145.166, 152.150, 156.235]
    assert OULU.sigma_db == 7.8


def test_lorasim_uses_decimal_logarithms() -> None:
    """LoRaSim's line is 127.41 dB at 40 m and 20.8 dB a decade, not 47.9."""
    assert LORASIM.loss_db([40.0, 400.0]).tolist() == pytest.approx([127.41, 148.21])


@pytest.mark.parametrize("model", ["free-space", "okumura-hata", "log-distance"])
def test_no_model_beats_free_space(model: str) -> None:
    """No model, extrapolated to any distance, falls under free space."""
    distance = np.geomspace(0.1, 1e5, 200)
    slant = np.hypot(distance, 28.5)
    losses = basic_loss_db(model, distance, 30.0, 1.5)
    assert np.all(losses >= free_space_db(slant, 868.0) - 1e-12)
    assert np.all(np.isfinite(losses))


def test_models_without_terrain_are_named() -> None:
    """Delta-Bullington without terrain and an unknown model are refused with a remedy."""
    with pytest.raises(InputError, match="terrain"):
        basic_loss_db(PropagationModel.DELTA_BULLINGTON, 1e3, 30.0, 1.5)
    with pytest.raises(InputError, match="one of"):
        basic_loss_db("hata", 1e3, 30.0, 1.5)


def test_receiver_figures() -> None:
    """Noise is -117.03 dBm at NF 6; sensitivities and SNR floors are those of the sheet."""
    assert round(noise_floor_dbm(), 2) == -117.03
    factors = np.arange(7, 13)
    assert sensitivity_dbm("SX1301", factors).tolist() == [-130, -132.5, -135, -137.5, -140, -142.5]
    assert sensitivity_dbm("SX1303", factors).tolist() == [-127, -129, -132.5, -135.5, -138, -141]
    assert sensitivity_dbm("SX1272", factors).tolist() == [-124, -127, -130, -133, -135, -137]
    assert snr_floor_db(factors).tolist() == [-7.5, -10, -12.5, -15, -17.5, -20]
    with pytest.raises(InputError, match="SX9999"):
        sensitivity_dbm("SX9999", 12)
    with pytest.raises(InputError):
        sensitivity_dbm("SX1301", 6)
