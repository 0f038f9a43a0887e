"""Censored and truncated fits against the survivor-bias experiment and independent formulas.

Truth of the experiment (coverage reference, section 6): -100 dBm at 1 km, exponent 3.3, sigma 8 dB,
threshold -133 dBm, 20,000 points uniform in area between 0.3 and 25 km; about 26 % are heard.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import approx_fprime
from scipy.stats import norm

from models.lora.calibration.fit import calibrate
from models.lora.calibration.forms import decades_db, log_distance_form
from models.lora.calibration.likelihood import (
    Likelihood,
    Sample,
    hazard,
    log_likelihood,
    maximise,
    naive,
    scores,
)
from models.lora.calibration.observations import observations, signal_power_dbm

TRUTH = np.array([-100.0, 3.3, np.log(8.0)])
THRESHOLD = -133.0
BOTH = pytest.mark.parametrize("kind", list(Likelihood))


def experiment(rng: np.random.Generator, n: int) -> Sample:
    """Return one data set of the survivor-bias experiment."""
    decades = 10.0 * np.log10(np.sqrt(rng.uniform(0.3**2, 25.0**2, n)))
    level = -100.0 - 3.3 * decades + rng.normal(0.0, 8.0, n)
    heard = level >= THRESHOLD
    return Sample(
        design=np.column_stack([np.ones(n), -decades]),
        level_dbm=np.where(heard, level, np.nan),
        threshold_dbm=np.full(n, THRESHOLD),
        heard=heard.astype(np.float64),
        missed=(~heard).astype(np.float64),
        cluster=np.arange(n),
    )


def test_exponent_and_sigma_are_recovered_with_three_quarters_missed() -> None:
    """Censored: exponent within 0.1 and sigma within 0.3 dB; truncated near; least squares far."""
    sample = experiment(np.random.default_rng(0), 20_000)
    assert sample.heard.mean() == pytest.approx(0.26, abs=0.01)
    censored = maximise(sample, Likelihood.CENSORED)
    assert censored.beta[0] == pytest.approx(-100.0, abs=1.0)
    assert censored.beta[1] == pytest.approx(3.3, abs=0.1)
    assert censored.sigma_db == pytest.approx(8.0, abs=0.3)
    truncated = maximise(sample, Likelihood.TRUNCATED)
    assert truncated.beta[1] == pytest.approx(3.3, abs=0.25)
    assert truncated.sigma_db == pytest.approx(8.0, abs=0.6)
    beta, sigma = naive(sample)
    assert beta[1] == pytest.approx(1.74, abs=0.06)
    assert beta[0] == pytest.approx(-108.2, abs=0.6)
    assert sigma == pytest.approx(5.5, abs=0.1)


@BOTH
def test_ninety_percent_intervals_cover_nine_times_in_ten(kind: Likelihood) -> None:
    """Over 400 data sets of 800 points the intervals hold the truth 85 to 95 % of the time."""
    rng = np.random.default_rng(2024)
    inside = np.zeros(3)
    for _ in range(400):
        fit = maximise(experiment(rng, 800), kind)
        estimate = np.append(fit.beta, np.log(fit.sigma_db))
        inside += np.abs(estimate - TRUTH) < 1.645 * np.sqrt(np.diag(fit.covariance))
    assert ((inside / 400 >= 0.85) & (inside / 400 <= 0.95)).all(), inside / 400


@BOTH
def test_likelihood_is_the_textbook_formula(kind: Likelihood) -> None:
    """The value equals the sum of normal log densities and log tails written with scipy.stats."""
    sample = experiment(np.random.default_rng(1), 300)
    beta, sigma = np.array([-98.0, 3.0]), 7.0
    mean, heard = sample.design @ beta, sample.heard > 0.0
    expected = norm.logpdf(sample.level_dbm[heard], mean[heard], sigma).sum()
    if kind is Likelihood.CENSORED:
        expected += norm.logcdf(THRESHOLD, mean[~heard], sigma).sum()
    else:
        expected -= norm.logsf(THRESHOLD, mean[heard], sigma).sum()
    assert log_likelihood(sample, kind, np.append(beta, 1.0) / sigma) == pytest.approx(expected)


@BOTH
def test_gradient_and_hessian_are_exact(kind: Likelihood) -> None:
    """Analytic derivatives match finite differences."""
    sample = experiment(np.random.default_rng(5), 400)
    point = np.array([-97.0, 3.1, 1.0]) / 7.5

    def gradient(at: NDArray[np.float64]) -> NDArray[np.float64]:
        total: NDArray[np.float64] = scores(sample, kind, at)[0].sum(axis=0)
        return total

    rows, hessian = scores(sample, kind, point)
    slope = approx_fprime(point, lambda at: log_likelihood(sample, kind, at), 1e-7)
    assert rows.sum(axis=0) == pytest.approx(slope, rel=1e-3, abs=0.5)
    curvature = np.array(
        [approx_fprime(point, lambda at, i=i: gradient(at)[i], 1e-7) for i in range(3)]
    )
    assert hessian == pytest.approx(curvature, rel=1e-3, abs=5.0)


def test_nothing_missed_is_plain_regression() -> None:
    """Where every frame is heard the censored fit is least squares, errors included."""
    rng = np.random.default_rng(3)
    x = rng.uniform(0.0, 10.0, 200)
    y = -90.0 - 2.0 * x + rng.normal(0.0, 4.0, 200)
    design = np.column_stack([np.ones(200), -x])
    sample = Sample(design, y, np.full(200, -500.0), np.ones(200), np.zeros(200), np.arange(200))
    fit = maximise(sample, Likelihood.CENSORED)
    beta, rest, *_ = np.linalg.lstsq(design, y, rcond=None)
    assert fit.beta == pytest.approx(beta)
    assert fit.sigma_db == pytest.approx(np.sqrt(rest[0] / 200))
    errors = np.sqrt(np.diag(np.linalg.inv(design.T @ design)) * rest[0] / 200)
    assert np.sqrt(np.diag(fit.covariance))[:2] == pytest.approx(errors)


def test_counted_misses_equal_as_many_rows() -> None:
    """A row of 7 missed frames weighs exactly as seven rows of one."""
    sample = experiment(np.random.default_rng(6), 500)
    many = Sample(*(np.repeat(a, 7, axis=0) for a in sample.__dict__.values()))
    counted = Sample(
        sample.design, sample.level_dbm, sample.threshold_dbm, 7 * sample.heard,
        7 * sample.missed, sample.cluster,
    )  # fmt: skip
    for kind in Likelihood:
        one, other = maximise(many, kind), maximise(counted, kind)
        assert one.beta == pytest.approx(other.beta, rel=1e-9)
        assert one.covariance == pytest.approx(other.covariance, rel=1e-6)
        assert one.clustered
        assert other.clustered


def test_hazard_is_finite_in_both_tails() -> None:
    """Phi / Phi tends to -x on the left and to 0 on the right without overflow."""
    values = hazard(np.array([-1e4, -40.0, 0.0, 40.0, 1e4]))
    assert values == pytest.approx([1e4, 40.025, 0.797885, 0.0, 0.0], rel=1e-4)


def test_errors_by_place_cover_where_frames_share_their_shadowing() -> None:
    """With 5 frames per place sharing their shadowing, by-place intervals still cover."""
    rng = np.random.default_rng(77)
    sigma = np.hypot(7.0, 3.0)
    truth = np.array([-100.0, 3.3, np.log(sigma)])
    robust, plain = np.zeros(3), np.zeros(3)
    for _ in range(200):
        decades = 10.0 * np.log10(np.sqrt(rng.uniform(0.3**2, 25.0**2, 250)))
        shared = np.repeat(-3.3 * decades + rng.normal(0.0, 7.0, 250), 5)
        level = -100.0 + shared + rng.normal(0.0, 3.0, 1250)
        design = np.column_stack([np.ones(1250), -np.repeat(decades, 5)])
        level = np.where(level >= -140.0, level, np.nan)
        heard = np.isfinite(level).astype(np.float64)
        for inside, cluster in ((robust, np.repeat(np.arange(250), 5)), (plain, np.arange(1250))):
            fit = maximise(
                Sample(design, level, np.full(1250, -140.0), heard, 1.0 - heard, cluster),
                Likelihood.CENSORED,
            )
            estimate = np.append(fit.beta, np.log(fit.sigma_db))
            half = 1.645 * np.sqrt(np.diag(fit.covariance))
            inside[:] += np.abs(estimate - truth) < half
    assert ((robust / 200 >= 0.85) & (robust / 200 <= 0.95)).all(), robust / 200
    assert (plain / 200 < 0.75).all(), plain / 200


def test_brno_receptions(shared_data: Path) -> None:
    """On real receptions truncation turns n 1.37 (RSSI) into 2.5 and sigma 8.3 into 11.6 dB."""
    data = np.genfromtxt(shared_data / "lora" / "brno_receptions.csv", delimiter=",", names=True)
    loss = decades_db(1000.0 * data["Dist"])
    form = log_distance_form(-100.0, 2.32)
    _, place = np.unique(np.column_stack([data["Lat"], data["Lon"]]), axis=0, return_inverse=True)
    rssi = observations(data["RSSI"], -400.0, place=place)
    bare = calibrate(rssi, loss, form, leave_one_out=False)
    assert bare.naive_slope == pytest.approx(1.373, abs=0.001)
    assert bare.naive_sigma_db == pytest.approx(8.25, abs=0.01)
    power = signal_power_dbm(data["RSSI"], data["SNR"])
    fitted = calibrate(observations(power, -139.5, place=place), loss, form)
    assert fitted.likelihood is Likelihood.TRUNCATED
    assert fitted.clustered
    assert fitted.value("exponent") == pytest.approx(2.48, abs=0.05)
    assert fitted.value("sigma_db") == pytest.approx(11.64, abs=0.1)
    rows = {row.key: row for row in fitted.table}
    assert rows["leave_one_place_out"].rmse_heard_db < 1.1 * rows["after"].rmse_heard_db
