"""The compiled fleet against renewal theory, its SimPy twin, and the sheet's table of darkness."""

from __future__ import annotations

import math

import numpy as np
import pytest

from models.lighting.failures.fleet import play_fleet
from models.lighting.failures.laws import Darkness, Life
from models.lighting.failures.reference import live_fleet
from models.lighting.failures.theory import expected, exponential_dark_share
from twin.device_keys import name_words
from twin.streams import Streams

YEAR_DAYS = 365.25
POINTS = 56_420
NIGHT_H = 11.76
"""Hours of a mean night of 4,292.8 h a year [D]."""
SODIUM, LED = Life(10.0 * YEAR_DAYS), Life(100.0 * YEAR_DAYS)


def words_of(count: int) -> np.ndarray:
    """Return the words that name some lamps."""
    return name_words([f"lamp/{number}" for number in range(count)])


CASES = {
    "calls": (SODIUM, Darkness(call_days=15.0)),
    "cabinet meters": (SODIUM, Darkness(night_share=1.0 / 3.6)),
    "nodes": (SODIUM, Darkness(heard_share=0.9, misses=3)),
    "ageing": (Life(1_700.0, 3.0), Darkness(call_days=15.0)),
    "all at once": (Life(1_700.0, 3.0), Darkness(15.0, math.inf, 1.0, 0.9, 3, 0.2, 7.0)),
}


@pytest.mark.parametrize("case", CASES)
def test_fleet_agrees_with_renewal_theory(case: str) -> None:
    """Failures and dark lamp-days of ten years are within three standard errors of theory."""
    life, darkness = CASES[case]
    days, lamps, times = 10.0 * YEAR_DAYS, 4_000, 40
    group = np.zeros(lamps, dtype=np.int32)
    left = play_fleet(Streams(36, 0), words_of(lamps), group, [(life, darkness)], days, times)
    told = expected(life, darkness, days, step_days=0.5)
    for values, mean in (
        (left.failures[:, 0], told.failures), (left.dark_days[:, 0], told.dark_days),
    ):  # fmt: skip
        error = values.std(ddof=1) / math.sqrt(times)
        assert abs(values.mean() - lamps * mean) < 3.0 * error


def test_the_sheet_s_fleet() -> None:
    """200 times 15 years of 56,420 LED lamps and calls: 0.1 % of theory, transient included."""
    days, times = 15.0 * YEAR_DAYS, 20
    group = np.zeros(POINTS, dtype=np.int32)
    darkness = Darkness(call_days=39.4)  # with 5 days of repair: 44.4, as 374,794 lamp-days say
    left = play_fleet(Streams(1, 0), words_of(POINTS), group, [(LED, darkness)], days, times)
    told = POINTS * expected(LED, darkness, days, step_days=1.0).dark_days
    assert abs(left.dark_days[:, 0].mean() / told - 1.0) < 0.005


def test_theory_has_its_closed_form() -> None:
    """Exponential lives: in the long run dark for D / (1/rate + D), failures as often."""
    darkness = Darkness(call_days=15.0)
    told = expected(SODIUM, darkness, 60.0 * YEAR_DAYS, steady=True, step_days=2.0)
    share = exponential_dark_share(1.0 / SODIUM.scale_days, darkness.mean_days())
    assert abs(darkness.mean_days() - 20.0) < 1e-3
    assert told.dark_days / (60.0 * YEAR_DAYS) == pytest.approx(share, rel=2e-3)
    assert told.failures == pytest.approx(60.0 * YEAR_DAYS / (SODIUM.scale_days + 20.0), rel=1e-2)


def test_fleet_follows_the_law_of_simpy() -> None:
    """Dark days and failures of replications follow one law in both: KS p above 0.01."""
    from scipy.stats import ks_2samp

    laws = [CASES["all at once"], (SODIUM, Darkness(call_days=15.0, patrol_days=90.0))]
    days, lamps, times = 12.0 * YEAR_DAYS, 60, 120
    group = np.arange(lamps, dtype=np.int32) % 2
    left = play_fleet(Streams(7, 0), words_of(lamps), group, laws, days, times)
    slow = [
        live_fleet(np.random.default_rng([7, number]), group, laws, days) for number in range(times)
    ]
    for number in range(2):
        other = np.array([each.dark_days[number] for each in slow])
        assert ks_2samp(left.dark_days[:, number], other).pvalue > 0.01
        failed = np.array([each.failures[number] for each in slow])
        assert ks_2samp(left.failures[:, number], failed).pvalue > 0.01


@pytest.mark.parametrize(
    ("darkness", "million_h"),
    [
        (Darkness(patrol_days=90.0), 3.32),
        (Darkness(call_days=15.0), 1.33),
        (Darkness(night_share=1.0 / 3.6), 0.57),
        (Darkness(heard_share=0.9, misses=3), 0.49),
    ],
)
@pytest.mark.parametrize(("per_year", "share"), [(0.10, 1.0), (0.01, 0.1)])
def test_dark_lamp_hours_of_the_sheet(
    darkness: Darkness, million_h: float, per_year: float, share: float
) -> None:
    """Points x rate x (delay + 5 d) x 11.76 h: 3.32, 1.33, 0.57, 0.49 million, a tenth for LED."""
    whole = POINTS * per_year * darkness.mean_days() * NIGHT_H / 1e6
    assert whole == pytest.approx(share * million_h, rel=0.015)
    # Played: lives begin anew after a repair, so that a little less than the rate fails.
    life, days, times = Life(YEAR_DAYS / per_year), 5.0 * YEAR_DAYS, 20
    lamps = 8_000
    group = np.zeros(lamps, dtype=np.int32)
    left = play_fleet(Streams(5, 0), words_of(lamps), group, [(life, darkness)], days, times)
    yearly_h = left.dark_days[:, 0] / 5.0 * POINTS / lamps * NIGHT_H / 1e6
    told = expected(life, darkness, days, step_days=0.5).dark_days / 5.0 * POINTS * NIGHT_H / 1e6
    error = yearly_h.std(ddof=1) / math.sqrt(times)
    assert abs(yearly_h.mean() - told) < 3.0 * error
    assert told == pytest.approx(whole, rel=0.05)


def test_more_lamps_move_no_draw() -> None:
    """A lamp added, or a replication more, leaves the others as they were, to the bit."""
    laws, days = [CASES["all at once"]], 10.0 * YEAR_DAYS
    few, many = words_of(50), words_of(51)
    small = play_fleet(Streams(3, 0), few, np.zeros(50, np.int32), laws, days, 3)
    large = play_fleet(Streams(3, 0), many, np.zeros(51, np.int32), laws, days, 5)
    alone = play_fleet(Streams(3, 0), many[50:], np.zeros(1, np.int32), laws, days, 5)
    assert (small.failures == large.failures[:3] - alone.failures[:3]).all()
    assert np.allclose(small.dark_days, large.dark_days[:3] - alone.dark_days[:3], rtol=1e-12)
