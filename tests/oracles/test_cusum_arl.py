"""Run lengths of a CUSUM: published table, integral equation, simulation of the detector itself."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from models.water.policies.cusum import Cusum
from models.water.policies.run_length import (
    average_run_length,
    signal_probability,
    smallest_leak_m3h,
)

TWO_SIDED = {0.0: 167.7, 0.5: 26.6, 1.0: 8.38, 2.0: 3.34}
"""k 0.5, h 4, by shift."""
ONE_SIDED_AT_REST = 335.4


@pytest.mark.parametrize(("shift", "nights"), TWO_SIDED.items())
def test_published_two_sided(shift: float, nights: float) -> None:
    """The published table of two-sided run lengths comes out to its last digit but one."""
    assert average_run_length(shift, two_sided=True) == pytest.approx(nights, rel=2e-3)


def test_published_one_sided() -> None:
    """One side alone runs twice as long without a shift: 335.4 nights."""
    assert average_run_length(0.0) == pytest.approx(ONE_SIDED_AT_REST, rel=3e-4)
    assert average_run_length(0.0) == pytest.approx(by_integral_equation(0.0, 0.5, 4.0), rel=1e-4)


def by_integral_equation(shift: float, k: float, h: float, nodes: int = 40) -> float:
    """Return Page's run length from zero, the integral solved on Gauss-Legendre nodes."""
    x, w = np.polynomial.legendre.leggauss(nodes)
    s, w = 0.5 * h * (x + 1.0), 0.5 * h * w
    # L(s) = 1 + L(0) P(sum falls to zero) + integral of L(y) f(y - s + k - shift)
    starts = np.concatenate([[0.0], s])
    kernel = np.empty((nodes + 1, nodes + 1))
    kernel[:, 0] = norm.cdf(k - shift - starts)
    kernel[:, 1:] = w * norm.pdf(s[None, :] - starts[:, None] + k - shift)
    return float(np.linalg.solve(np.eye(nodes + 1) - kernel, np.ones(nodes + 1))[0])


@pytest.mark.parametrize("shift", [-0.5, 0.0, 0.5, 1.0, 2.0, 3.0])
@pytest.mark.parametrize(("k", "h"), [(0.5, 4.0), (0.5, 5.0), (0.25, 8.0), (1.0, 2.5)])
def test_markov_chain_and_integral_equation(shift: float, k: float, h: float) -> None:
    """Brook and Evans's chain and Page's integral equation agree within 0.15 %."""
    assert average_run_length(shift, k, h) == pytest.approx(
        by_integral_equation(shift, k, h), rel=1.5e-3
    )


@pytest.mark.parametrize("shift", TWO_SIDED)
def test_the_detector_itself(shift: float) -> None:
    """The detector, fed normal nights, runs as long as the table says, within 3 %."""
    size, nights = 4_000, 1_500 if shift == 0.0 else 300
    rng = np.random.default_rng(20_260_101)
    both, up = Cusum(size), Cusum(size)
    signals_both = signals_up = 0
    for _ in range(nights):
        z = rng.standard_normal(size) + shift
        high, low = both.feed(z)
        both.reset(high | low)
        signals_both += int((high | low).sum())
        high, _ = up.feed(z)
        up.reset(high)
        signals_up += int(high.sum())
    assert size * nights / signals_both == pytest.approx(TWO_SIDED[shift], rel=0.03)
    assert size * nights / signals_up == pytest.approx(average_run_length(shift), rel=0.03)


@pytest.mark.parametrize(("cap", "known"), [(np.inf, 1.0), (4.0, 1.0), (2.0, 0.7)])
def test_time_to_a_signal(cap: float, known: float) -> None:
    """The chance of a signal within n nights is that of the detector, lost nights and cap too."""
    size, shift = 60_000, 1.5
    rng = np.random.default_rng(7)
    cusum = Cusum(size)
    seen = np.zeros(size, dtype=bool)
    for night in range(1, 9):
        z = np.clip(rng.standard_normal(size) + shift, -cap, cap)
        z[rng.random(size) >= known] = np.nan
        seen |= cusum.feed(z)[0]
        expected = signal_probability(shift, night, cap=cap, known_share=known)
        assert seen.mean() == pytest.approx(expected, abs=0.006)


def test_smallest_leak() -> None:
    """The smallest leak signals with just the probability asked, and is proportional to noise."""
    leak = smallest_leak_m3h(0.4, 3, 0.9)
    assert leak == pytest.approx(1.024, abs=1e-3)
    assert signal_probability(leak / 0.4, 3) == pytest.approx(0.9, abs=1e-5)
    assert smallest_leak_m3h(0.8, 3, 0.9) == pytest.approx(2.0 * leak, rel=1e-6)
    assert smallest_leak_m3h(0.4, 3, 0.9, known_share=0.8) > leak


def test_one_capped_night_is_never_enough() -> None:
    """With a cap of h no leak, however large, signals after a single night."""
    assert smallest_leak_m3h(1.0, 1, cap=4.0) == np.inf
    assert smallest_leak_m3h(1.0, 2, cap=4.0) < 4.0


def test_bad_arguments_are_named() -> None:
    """Bad noise, days and probability are refused together."""
    with pytest.raises(ValueError, match=r"sigma_m3h.*days.*probability"):
        smallest_leak_m3h(-1.0, 0, 1.0)
    with pytest.raises(ValueError, match=r"k: found -1.0.*h: found 0.0"):
        Cusum(3, k=-1.0, h=0.0)
