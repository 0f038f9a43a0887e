"""The desk: what it is told becomes what a joint normal law says, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from models.waste.policies.belief import GATE, ROUGH
from models.waste.policies.desk import DAY_S, FILL, Desk, Facts
from twin.signals import AssetId, DeliveredBatch

Floats = NDArray[np.float64]
DAYS = 60


def facts(points: int = 3, **given: object) -> Facts:
    """Return what is on file of points of 1,000 litres that fill by 40, 60, 80, ... a day."""
    rate_l = 40.0 + 20.0 * np.arange(points)
    base = Facts(
        capacity_l=np.full(points, 1_000.0),
        rate_l=rate_l,
        rate_sd_l=0.3 * rate_l,
        cv=np.full(points, 0.5),
        level_l=100.0 + 10.0 * np.arange(points),
        level_sd_l=np.full(points, 30.0),
        sensor_sd_l=np.full(points, 50.0),
        drift=0.0,
        visit_eur=np.full(points, 20.0),
        usual_days=np.arange(24 * DAYS + 1) / 24.0,
    )
    return replace(base, **given)  # type: ignore[arg-type]


def told(desk: Desk, rows: list[tuple[int, float, float]], fleet: str = "fills") -> None:
    """Hand over readings: (device, share of the capacity, day)."""
    devices, values, days = (np.array(column) for column in zip(*rows, strict=True))
    when = days * DAY_S
    desk.read(
        DeliveredBatch(
            FILL,
            devices.astype(np.int32),
            values.astype(np.float64),
            when,
            when,
            np.ones(len(rows), dtype=np.int16),
            fleet,
            [AssetId(f"p{device}") for device in range(3)],
        )
    )


def joint(known: Facts, days: float) -> tuple[Floats, Floats]:
    """Return mean and covariance of (levels, rates) after so many days without news."""
    count = len(known.rate_l)
    mean = np.concatenate([known.level_l + days * known.rate_l, known.rate_l])
    covariance = np.zeros((2 * count, 2 * count))
    level, rate = np.arange(count), count + np.arange(count)
    var_rate = known.rate_sd_l**2
    noisy = (known.cv * known.rate_l) ** 2 * days
    covariance[level, level] = known.level_sd_l**2 + days**2 * var_rate + noisy
    covariance[level, rate] = covariance[rate, level] = days * var_rate
    covariance[rate, rate] = var_rate
    return mean, covariance


def given(
    mean: Floats, cov: Floats, row: Floats, value: float, var: float
) -> tuple[Floats, Floats]:
    """Return the normal law conditioned on row . x + noise = value."""
    gain = cov @ row / (row @ cov @ row + var)
    return mean + gain * (value - row @ mean), cov - np.outer(gain, row @ cov)


@pytest.mark.parametrize("words", [False, True])
def test_the_weighbridge_is_the_exact_conditional_of_a_sum(words: bool) -> None:
    """Rates after a weighed load are those of the joint normal law given the sum of the levels.

    With drivers' words too, each of which tells one level first. What the load says of two rates
    together is let go: means and variances are exact, covariances are not kept.
    """
    known = facts()
    desk, days = Desk(known), 5.0
    mean, cov = joint(known, days)
    said, said_sd = np.array([350.0, 380.0, 610.0]), 72.0
    loads = []
    for point in range(3):
        seen = said[point] if words else np.nan
        loads.append(desk.emptied(point, days * DAY_S, seen, said_sd))
        if words:
            mean, cov = given(mean, cov, np.eye(6)[point], said[point], said_sd**2)
    assert [each[0] for each in loads] == pytest.approx(mean[:3].tolist(), rel=1e-12)
    mean, cov = given(mean, cov, np.repeat([1.0, 0.0], 3), 1_290.0, 0.0)
    desk.weighed([0, 1, 2], loads, 1_290.0)
    assert desk.belief.rate_l == pytest.approx(mean[3:], rel=1e-11)
    assert desk.belief.var_rate == pytest.approx(np.diag(cov)[3:], rel=1e-11)
    assert desk.belief.level_l.tolist() == [0.0, 0.0, 0.0]


def test_a_certain_load_says_nothing() -> None:
    """Where every level was certain, a weighing moves no rate."""
    known = facts(level_sd_l=np.zeros(3), cv=np.zeros(3), rate_sd_l=np.zeros(3))
    desk = Desk(known)
    loads = [desk.emptied(point, 2.0 * DAY_S, np.nan, 0.0) for point in range(3)]
    desk.weighed([0, 1, 2], loads, 5_000.0)
    assert desk.belief.rate_l.tolist() == known.rate_l.tolist()


def test_usual_days_are_read_between_hours() -> None:
    """One instant and many give the same usual days, hours interpolated."""
    known = facts(usual_days=np.cumsum(np.linspace(0.0, 0.1, 24 * DAYS + 1)))
    desk = Desk(known)
    when = np.array([0.0, 1_800.0, 3_600.0, 100_000.0, 24 * 3_600.0 * DAYS])
    many = desk.usual(when)
    assert many == pytest.approx([desk.usual_at(float(each)) for each in when], rel=1e-12)
    assert many[1] == pytest.approx(0.5 * known.usual_days[1])


def test_readings_of_others_are_not_heard() -> None:
    """A batch of a fleet the desk does not know changes nothing."""
    desk = Desk(facts())
    desk.knows("fills", np.arange(3))
    told(desk, [(0, 0.9, 1.0)], fleet="another")
    assert desk.belief.told_s.tolist() == [0.0, 0.0, 0.0]
    told(desk, [(1, 0.2, 1.0)])
    assert desk.belief.told_s.tolist() == [0.0, DAY_S, 0.0]


def test_a_call_is_remembered_until_the_point_is_emptied() -> None:
    """A call raises the belief to full and stands in the outlook until a crew has come."""
    desk = Desk(facts())
    desk.called(1, 3.0 * DAY_S)
    before = desk.outlook(3.0 * DAY_S, 4.0 * DAY_S)
    assert before.reported.tolist() == [False, True, False]
    assert before.level_l[1] > 800.0
    desk.emptied(1, 3.2 * DAY_S, np.nan, 0.0)
    after = desk.outlook(4.0 * DAY_S, 5.0 * DAY_S)
    assert not after.reported.any()
    assert after.age_days[1] == pytest.approx(0.8)
    assert before.reported.tolist() == [False, True, False]


def test_a_stuck_sensor_is_not_believed_that_nothing_comes() -> None:
    """A word that never changes leaves the belief where no word at all would leave it."""
    fitted, bare = Desk(facts()), Desk(facts())
    for desk in (fitted, bare):
        desk.knows("fills", np.arange(3))
        told(desk, [(0, 0.15, 1.0)])
    told(fitted, [(0, 0.15, 1.0 + 0.5 * k) for k in range(1, 20)])
    seen, blind = (desk.outlook(11.0 * DAY_S, 12.0 * DAY_S) for desk in (fitted, bare))
    assert seen.level_l[0] == pytest.approx(blind.level_l[0], rel=1e-12)
    assert seen.level_sd_l[0] == pytest.approx(blind.level_sd_l[0], rel=1e-12)
    fitted.emptied(0, 11.0 * DAY_S, np.nan, 0.0)
    told(fitted, [(0, 0.15, 11.5), (0, 0.15, 12.0)])
    assert fitted.outlook(12.0 * DAY_S, 13.0 * DAY_S).level_l[0] < 100.0


def test_a_sensor_that_says_anything_is_set_aside_and_heard_again() -> None:
    """Leaps without a bin in them stop being heard within days; words that follow bring it back."""
    dice = np.random.default_rng(3)
    desk = Desk(facts(rate_sd_l=np.full(3, 5.0)))
    desk.knows("fills", np.arange(3))
    told(desk, [(0, float(dice.random()), 0.5 * k) for k in range(1, 17)])
    assert desk.belief.aside[0] == 1
    refused = desk.refused
    level, days = desk.belief.level_l[0], 8.0
    told(desk, [(0, 0.95, 8.5)])
    assert desk.refused == refused + 1
    assert desk.belief.level_l[0] == pytest.approx(level + 0.5 * desk.belief.rate_l[0])
    desk.emptied(0, 9.0 * DAY_S, np.nan, 0.0)
    for k in range(1, 17):
        days = 9.0 + 0.5 * k
        told(desk, [(0, (days - 9.0) * 0.04 + 0.05 * dice.standard_normal(), days)])
    assert desk.belief.aside[0] == 0
    assert desk.belief.level_l[0] == pytest.approx(8.0 * 40.0, abs=100.0)


def test_an_honest_sensor_is_hardly_ever_set_aside() -> None:
    """Of readings as the data sheet says, with one echo in a hundred, under 5 % go unheard."""
    dice = np.random.default_rng(11)
    desk = Desk(facts())
    desk.knows("fills", np.arange(3))
    level, rows = 0.1, 0
    for k in range(1, 2 * DAYS):
        level += 0.02 * dice.gamma(2.0, 0.5)
        if level > 0.8:
            desk.emptied(0, (0.5 * k - 0.1) * DAY_S, np.nan, 0.0)
            level = 0.0
        word = dice.random() if dice.random() < 0.01 else level + 0.05 * dice.standard_normal()
        told(desk, [(0, float(np.clip(word, 0.0, 1.0)), 0.5 * k)])
        rows += 1
    assert desk.refused <= 0.05 * rows
    assert GATE > ROUGH


def test_an_exact_sensor_may_repeat_itself() -> None:
    """Where the data sheet knows no noise, the same word again says that nothing came."""
    desk = Desk(facts(sensor_sd_l=np.zeros(3)))
    desk.knows("fills", np.arange(3))
    told(desk, [(0, 0.15, 1.0), (0, 0.15, 1.25)])
    assert desk.belief.level_l[0] == 150.0
    assert desk.belief.usual_days[0] == 1.25


class Known:
    """Levels and futures known exactly."""

    def levels_l(self, _now_s: float) -> Floats:
        """Return the levels."""
        return np.array([1.0, 2.0, 3.0])

    def levels_sd_l(self) -> Floats:
        """Return no doubt."""
        return np.zeros(3)

    def coming_l(self, _now_s: float, _next_s: float) -> Floats | None:
        """Return what comes."""
        return np.array([7.0, 8.0, 9.0])


def test_foresight_replaces_belief() -> None:
    """A desk given a look into the bins tells what it saw, without doubt."""
    seen = Desk(facts(), Known()).outlook(DAY_S, 2.0 * DAY_S)
    assert seen.level_l.tolist() == [1.0, 2.0, 3.0]
    assert seen.coming_l.tolist() == [7.0, 8.0, 9.0]
    assert not seen.level_sd_l.any()
    assert not seen.coming_sd_l.any()
