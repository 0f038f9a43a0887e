"""Calibration: parameters, table, use cases, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from models.lora.calibration.fit import Calibration, calibrate
from models.lora.calibration.forms import decades_db, log_distance_form, terrain_form
from models.lora.calibration.likelihood import Likelihood
from models.lora.calibration.observations import Observations, observations, signal_power_dbm
from twin.errors import InputError

GAIN = 20.0


def campaign(n: int = 3_000, seed: int = 0) -> tuple[Observations, NDArray[np.float64]]:
    """Return a campaign whose model is 6 dB too optimistic, slope 1.1, pit 15 dB, sigma 7 dB."""
    rng = np.random.default_rng(seed)
    loss = rng.uniform(110.0, 160.0, n)
    case = rng.choice(["outdoor", "pit"], n, p=[0.7, 0.3])
    level = GAIN - 6.0 - 130.0 - 1.1 * (loss - 130.0) - 15.0 * (case == "pit")
    level = level + rng.normal(0.0, 7.0, n)
    threshold = np.where(rng.random(n) < 0.5, -137.0, -130.0)
    heard = np.where(level >= threshold, level, np.nan)
    gateway = rng.choice(["a", "b", "c"], n).tolist()
    place = np.arange(n) // 4
    return observations(
        heard, threshold, place=place, gateway=gateway, use_case=case.tolist()
    ), loss


@pytest.fixture(scope="module")
def fitted() -> Calibration:
    """Return one calibrated campaign."""
    observed, loss = campaign()
    return calibrate(observed, loss, terrain_form(GAIN))


def test_every_parameter_is_inside_its_neighbourhood(fitted: Calibration) -> None:
    """Offset, slope, pit loss and sigma fall within 3.5 standard errors of the truth."""
    pivot = fitted.form.pivot_db
    assert pivot is not None
    truth = {
        "offset_db": -6.0 - 0.1 * (pivot - 130.0),
        "slope": 1.1,
        "use_case_pit_db": 15.0,
        "sigma_db": 7.0,
    }
    assert [p.key for p in fitted.parameters] == list(truth)
    for p in fitted.parameters:
        assert abs(p.estimate - truth[p.key]) < 3.5 * p.standard_error, p
        assert p.low < p.estimate < p.high
        assert 0.0 < p.standard_error < 1.0
    assert fitted.reference_use_case == "outdoor"
    assert fitted.naive_slope < 1.0


def test_table_shows_the_gain_of_calibrating(fitted: Calibration) -> None:
    """Given heard, bias falls to zero and leaving places or gateways out changes little."""
    rows = {row.key: row for row in fitted.table}
    assert list(rows) == ["before", "after", "leave_one_place_out", "leave_one_gateway_out"]
    assert abs(rows["before"].bias_heard_db) > 3.0
    assert abs(rows["after"].bias_heard_db) < 0.3
    assert rows["after"].bias_db > 1.0  # survivors: an exact model looks too low
    for key in ("leave_one_place_out", "leave_one_gateway_out"):
        assert rows[key].n == rows["after"].n == fitted.frames_heard
        assert rows[key].rmse_heard_db == pytest.approx(rows["after"].rmse_heard_db, rel=0.03)
        assert rows[key].predicted_share == pytest.approx(rows[key].observed_share, abs=0.02)
    predicted, observed = rows["before"].predicted_share, rows["before"].observed_share
    assert predicted is not None
    assert observed is not None
    assert predicted > 1.2 * observed


def test_slope_can_be_held() -> None:
    """With a fixed slope only the offset moves, and there is no slope parameter."""
    rng = np.random.default_rng(1)
    loss = rng.uniform(110.0, 160.0, 2_000)
    level = GAIN - loss - 4.0 + rng.normal(0.0, 8.0, 2_000)
    observed = observations(np.where(level >= -137.0, level, np.nan), -137.0)
    held = calibrate(observed, loss, terrain_form(GAIN), fit_slope=False, leave_one_out=False)
    assert [p.key for p in held.parameters] == ["offset_db", "sigma_db"]
    assert held.value("offset_db") == pytest.approx(-4.0, abs=0.8)
    assert held.value("sigma_db") == pytest.approx(8.0, abs=0.5)


def test_misses_unknown_means_truncated() -> None:
    """Receptions alone are fitted by the truncated likelihood, without shares."""
    observed, loss = campaign(6_000)
    kept = (observed.heard > 0.0) & (observed.use_case == observed.use_cases.index("outdoor"))
    alone = observations(observed.level_dbm[kept], observed.threshold_dbm[kept])
    fit = calibrate(alone, loss[kept], terrain_form(GAIN))
    assert fit.likelihood is Likelihood.TRUNCATED
    assert fit.value("slope") == pytest.approx(1.1, abs=0.12)
    assert fit.table[1].predicted_share is None


def test_a_level_read_below_its_threshold_is_kept() -> None:
    """Receptions a little under the sensitivity neither vanish nor break the truncated fit."""
    rng = np.random.default_rng(8)
    z = decades_db(rng.uniform(300.0, 12_000.0, 3_000))
    level = -100.0 - 3.0 * z + rng.normal(0.0, 7.0, 3_000)
    heard = level > -133.0
    read = level[heard] + rng.normal(0.0, 0.5, heard.sum())
    assert (read < -133.0).any()
    form = log_distance_form(-113.0, 2.32)
    fit = calibrate(observations(read, -133.0), z[heard], form, leave_one_out=False)
    assert fit.frames_heard == heard.sum()
    assert fit.value("exponent") == pytest.approx(3.0, abs=0.25)


def test_same_data_same_bits() -> None:
    """Calibrating twice gives the same numbers, bit for bit."""
    observed, loss = campaign(800)
    one = calibrate(observed, loss, terrain_form(GAIN), leave_one_out=False)
    assert one == calibrate(observed, loss, terrain_form(GAIN), leave_one_out=False)


def faults_of(level: list[float], loss: list[float], **columns: object) -> set[str]:
    """Return the keys of the faults a refused calibration names."""
    observed = observations(np.array(level), -133.0, **columns)  # type: ignore[arg-type]
    with pytest.raises(InputError) as caught:
        calibrate(observed, np.array(loss), terrain_form(GAIN))
    assert all(fault.remedy.fr and fault.remedy.en for fault in caught.value.faults)
    return {fault.key for fault in caught.value.faults}


def test_data_that_determine_nothing_are_refused_with_a_remedy() -> None:
    """All missed, one distance, two places, an unheard use case, unknown loss: each is named."""
    nan = float("nan")
    assert faults_of([nan] * 5, [120.0] * 5) == {"frames"}
    assert faults_of([-100.0, -101.0, -99.0, -98.0], [120.0] * 4) == {"distance"}
    assert faults_of([-100.0, -110.0], [110.0, 120.0]) == {"place"}
    assert faults_of(
        [-100.0, -110.0, -120.0, nan],
        [110.0, 120.0, 130.0, 130.0],
        use_case=["a", "a", "a", "pit"],
    ) == {"use_case"}
    assert "predicted_loss_db" in faults_of([-100.0, -110.0, -120.0], [110.0, 120.0, nan])


def test_a_likelihood_without_a_top_is_refused() -> None:
    """Levels that pile up at the threshold like an exponential determine no sigma: an error."""
    quantiles = (np.arange(400) + 0.5) / 400
    level = -133.0 - 3.0 * np.log1p(-np.tile(quantiles, 2)) * 1.5
    level = -133.0 + (level + 133.0) ** 1.3
    loss = np.repeat([110.0, 160.0], 400)
    with pytest.raises(InputError) as caught:
        calibrate(observations(level, -133.0), loss, terrain_form(GAIN), leave_one_out=False)
    assert caught.value.faults[0].key == "calibration"


def test_signal_power_follows_the_formula() -> None:
    """ESP = RSSI + SNR - 10 lg(1 + 10^(SNR/10)); without SNR the RSSI stands."""
    power = signal_power_dbm(np.array([-110.0, -120.0, -90.0]), np.array([0.0, -20.0, np.nan]))
    assert power == pytest.approx([-113.0103, -140.0432, -90.0], abs=1e-4)
