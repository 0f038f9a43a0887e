"""What is usual: centres and spreads against numpy's, nights that count, levels that move."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats.mstats import winsorize

from models.water.policies.baseline import CARRIED, Baseline, Method

ALL = np.array([True])


def fed(values: np.ndarray, method: Method, nights: int = 40) -> Baseline:
    """Return the baseline of one district that has learnt `values`."""
    baseline = Baseline(1, nights, 3, method)
    for value in values:
        baseline.learn(np.array([value]), ALL)
    baseline.refresh()
    return baseline


@pytest.mark.parametrize("count", [9, 10, 25, 40, 55])
def test_centres_and_spreads(count: int) -> None:
    """Centre and spread of the last nights are those of numpy and scipy, whatever their number."""
    values = np.random.default_rng(count).normal(3.0, 0.5, count)
    last = values[-40:]
    mean = fed(values, "mean")
    assert mean.centre[0] == pytest.approx(last.mean())
    assert mean.spread[0] == pytest.approx(last.std(ddof=1))
    median = fed(values, "median")
    assert median.centre[0] == pytest.approx(np.median(last))
    mad = np.median(np.abs(last - np.median(last)))
    assert median.spread[0] == pytest.approx(1.4826 * mad, rel=1e-4)
    drawn = np.asarray(winsorize(last, limits=(0.1, 0.1)))
    assert fed(values, "winsorised").centre[0] == pytest.approx(drawn.mean())


@pytest.mark.parametrize("method", ["mean", "median", "winsorised"])
def test_spreads_of_a_normal_law(method: Method) -> None:
    """Of many normal nights each spread is the standard deviation, within 4 %."""
    values = np.random.default_rng(1).normal(0.0, 2.0, 5_000)
    assert fed(values, method, 5_000).spread[0] == pytest.approx(2.0, rel=0.04)


def test_nothing_known_is_no_night() -> None:
    """An undefined night is not learnt, nor judged; before the fewest nights nothing is judged."""
    baseline = Baseline(2, 10, 3)
    for night in ([1.0, np.nan], [1.1, np.nan], [1.2, 5.0]):
        baseline.learn(np.array(night), np.array([True, True]))
    assert baseline.count.tolist() == [3, 1]
    z = baseline.standardise(np.array([1.3, 5.0]))
    assert z[0] > 0.0
    assert np.isnan(z[1])
    assert np.isnan(baseline.standardise(np.array([np.nan, np.nan]))).all()


def test_students_law_is_turned() -> None:
    """The mean's deviates are normal once the share carried is undone: no trace of few nights."""
    rng = np.random.default_rng(3)
    size, nights = 50_000, 12
    baseline = Baseline(size, nights, nights, "mean")
    for _ in range(nights):
        baseline.learn(rng.standard_normal(size), np.ones(size, bool))
    baseline.refresh()
    carried = np.sqrt((1.0 + CARRIED["mean"] / nights) / (1.0 + 1.0 / nights))
    off = rng.standard_normal(size) - baseline.centre
    z = baseline.standardise(baseline.centre + carried * off)
    assert z.std() == pytest.approx(1.0, abs=0.01)
    assert np.mean(np.abs(z) > 3.0) == pytest.approx(0.0027, abs=0.0008)


def test_a_level_that_moves() -> None:
    """After a move the new nights make the centre, the old ones still tell the spread."""
    values = np.random.default_rng(5).normal(0.0, 0.5, 30)
    baseline = fed(values, "mean")
    before = baseline.spread[0]
    baseline.move(0)
    assert baseline.centre[0] == pytest.approx(values.mean())
    for value in (7.0, 7.2, 7.4):
        baseline.learn(np.array([value]), ALL)
    baseline.refresh()
    assert baseline.centre[0] == pytest.approx(7.2)
    assert baseline.since_move[0] == 3
    assert baseline.spread[0] == pytest.approx(before, rel=0.1)


def test_a_move_some_nights_ago() -> None:
    """A move noticed late leaves to the new level the nights learnt since."""
    baseline = fed(np.concatenate([np.tile([1.0, 1.2], 10), np.full(4, 5.0)]), "mean")
    baseline.move(0, 4)
    baseline.refresh()
    assert baseline.centre[0] == pytest.approx(5.0)
    # Old nights are pushed out one by one, and the spread becomes that of the new level.
    for _ in range(40):
        baseline.learn(np.array([5.0]), ALL)
    baseline.refresh()
    assert (baseline.centre[0], baseline.spread[0]) == pytest.approx((5.0, 0.0))


def test_a_level_that_never_varies() -> None:
    """With identical nights the same again says nothing, and any change is as large as can be."""
    baseline = fed(np.full(12, 2.0), "winsorised")
    assert baseline.standardise(np.array([2.0]))[0] == 0.0
    assert baseline.standardise(np.array([2.1]))[0] == np.inf
    floored = Baseline(1, 40, 3, floor=0.1)
    for _ in range(12):
        floored.learn(np.array([2.0]), ALL)
    assert 0.0 < floored.standardise(np.array([2.1]))[0] < 1.0


def test_bad_settings_are_named() -> None:
    """An unknown method and too few nights are refused together."""
    with pytest.raises(ValueError, match=r"method: found 'mode'.*fewest: found 9"):
        Baseline(1, 5, 9, "mode")  # type: ignore[arg-type]
