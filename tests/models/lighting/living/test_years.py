"""Years of the Indre's lighting: what adds up, what a dead radio is, what channels are worth."""

from __future__ import annotations

from dataclasses import fields, replace
from math import gamma

import numpy as np
import pytest

from models.lighting.figures import Figures, lived_rows
from models.lighting.living.due import DueHours
from models.lighting.living.knowing import Channel
from models.lighting.living.left import YearsLeft
from models.lighting.settings import Control, RenewalSection
from tests.models.lighting.living.department_case import (
    USUAL,
    ground,
    lived,
    without_devices,
)


def same(one: YearsLeft, other: YearsLeft, *, but: tuple[str, ...] = ()) -> bool:
    """Tell whether two years are alike to the bit, some columns aside."""
    return all(
        np.array_equal(getattr(one, each.name), getattr(other, each.name))
        for each in fields(YearsLeft)
        if each.name not in but
    )


def test_a_year_adds_up() -> None:
    """Lamps fail at their renewal rate, repairs follow failures, darkness is theirs."""
    left = lived("clock")
    inventory = ground().inventory
    led = np.array([each.technology == "led" for each in inventory.types])[inventory.lamps.type]
    life = np.array([each.life_h for each in inventory.types])[inventory.lamps.type]
    shape = np.array([each.life_shape for each in inventory.types])[inventory.lamps.type]
    mean_h = life * np.array([gamma(1.0 + 1.0 / k) for k in shape])
    burnt_h = 11.2 * 365.25
    sodium = float((burnt_h / mean_h)[~led].sum())
    lanterns = float(led.sum()) * 0.01 * burnt_h / 4_100.0
    assert left.lamp_failures == pytest.approx(sodium, rel=0.04)
    assert abs(left.lantern_failures - lanterns) < 4.0 * np.sqrt(lanterns)
    done = float((left.lamps_changed + left.lanterns_repaired).sum())
    assert done == left.repaired
    assert 0.85 * (left.lamp_failures + left.lantern_failures) < done
    assert done <= left.lamp_failures + left.lantern_failures
    mean_dark = left.repaired_days / left.repaired
    assert 8.0 < mean_dark < 40.0
    from_lamps = (left.lamp_failures + left.lantern_failures) * mean_dark * 11.2
    assert left.dark_h.sum() > 0.8 * from_lamps
    assert left.crew_h < 12 * 260 * 7.5 + left.trips


def test_a_dead_link_is_patrols_and_calls() -> None:
    """Over a dead link clocks and nodes leave the year of clocks nobody sets, bit for bit."""
    figures = replace(without_devices(), changes_year=0.0)
    by_hand = lived("clock", figures=figures, clock_visit_days=0)
    for control in ("remote-clock", "node"):
        dead = lived(control, 0.0, figures=figures)
        assert dead.known[Channel.METER].sum() == dead.known[Channel.NODE].sum() == 0.0
        assert same(dead, by_hand)


def test_an_ideal_link_is_the_truth() -> None:
    """Over a perfect link a node's word comes with the next beat: a day and a half at most."""
    left = lived("node", 1.0, figures=without_devices())
    failures = left.lamp_failures + left.lantern_failures
    assert left.known[Channel.NODE].sum() > 0.85 * failures
    assert left.known_days / left.known.sum() < 1.6
    assert left.known_days / left.known.sum() > 0.9


def test_channels_shorten_the_wait() -> None:
    """Failures are known sooner through cabinets' meters, and sooner still through nodes."""
    figures = without_devices()
    waits = [
        left.known_days / left.known.sum()
        for left in (
            lived("clock", figures=figures),
            lived("remote-clock", 0.95, figures=figures),
            lived("node", 0.95, figures=figures),
        )
    ]
    assert waits[0] > 10.0
    assert waits[0] > 1.5 * waits[1] > 1.5 * waits[2]
    dark = [lived(each, 0.95, figures=figures).dark_h.sum() for each in ("clock", "node")]
    assert dark[1] < 0.8 * dark[0]


def test_less_loss_knows_no_later() -> None:
    """On the same dice a link that hears more makes failures known no later."""
    figures = without_devices()
    waits = [lived("node", share, figures=figures).known_days for share in (0.3, 0.9, 1.0)]
    assert waits[0] > waits[1] > waits[2]


def test_same_seed_same_bits() -> None:
    """Lived twice, a year is the same to the bit; another seed is another year."""
    assert same(lived("remote-clock", 0.9), lived("remote-clock", 0.9))
    assert not same(lived("clock"), lived("clock", seed=37))


def test_renewal_ends_sodium() -> None:
    """A programme of one year leaves few sodium lamps to fail; afterwards none does."""
    years = {
        led: lived("clock", years=2, renewal=RenewalSection(led=led, years=0.5))
        for led in (False, True)
    }
    assert years[True].lamp_failures < 0.2 * years[False].lamp_failures
    assert years[True].lantern_failures > years[False].lantern_failures


def test_due_hours_between_any_moments() -> None:
    """Hours due add up over any cut of time, and nothing is due before or after."""
    dice = np.random.default_rng(1)
    due = DueHours(dice.uniform(8.0, 15.0, (3, 365)), 800)
    times = np.sort(dice.uniform(0.0, 800 * 86_400.0, 50))
    place = np.zeros(49, dtype=np.int64)
    parts = due.between(place, times[:-1], times[1:])
    whole = due.between(place[:1], times[:1], times[-1:])
    assert parts.sum() == pytest.approx(float(whole[0]))
    late = np.array([900.0, 1_000.0]) * 86_400.0
    assert due.between(place[:1], late[:1], late[1:])[0] == 0.0


@pytest.mark.parametrize("control", ["clock", "remote-clock", "node"])
def test_only_some_figures_touch_the_years(control: Control) -> None:
    """A figure outside `lived_rows` leaves the years as they are, to the bit; so may be kept."""
    lived_in = lived(control, 0.9)
    others = {each.name for each in fields(Figures)} - {
        row.removeprefix("lighting_") for row in lived_rows(control)
    }
    changed = replace(USUAL, **{name: 2.0 * getattr(USUAL, name) for name in sorted(others)})
    assert {"light_factor", "drift_min_month", "dst_share", "gateway_outage_h"} <= others
    assert same(lived(control, 0.9, figures=changed), lived_in)
