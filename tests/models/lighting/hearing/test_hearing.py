"""What a link lets through, and what follows for devices that speak or die at some beat."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from models.lighting.detection.heartbeat import mean_delay_beats
from models.lighting.hearing.campaign import Campaign, change_hours
from models.lighting.hearing.listen import listen
from models.lighting.hearing.outages import draw_cuts
from models.lighting.hearing.record import Hearing, heard_after, silence_after
from models.lighting.policies.silence import SilenceRule
from models.lighting.policies.silence_desk import HEARTBEAT
from models.links.constant import ConstantLink
from models.links.ideal import IdealLink
from models.links.none import NoLink
from twin.clock import Calendar, Clock
from twin.ports import Link
from twin.signals import AssetId, Fleet
from twin.streams import Streams

PERIOD_S, DEVICES = 86_400.0, 400


def played(link: Link, beats: int = 40, misses: int = 3) -> Hearing:
    """Return what a link lets through of a fleet of daily beats."""
    none = np.zeros(DEVICES)
    phase = np.linspace(0.0, 0.9 * PERIOD_S, DEVICES)
    fleet = Fleet("nodes", HEARTBEAT, none, none, none, PERIOD_S, phase, 24, use_case="lamp")
    clock = Clock(Calendar(datetime(2027, 1, 4)))  # noqa: DTZ001 - local by definition
    rule = SilenceRule(misses, gated=False)
    return listen(clock, link, fleet, beats, np.zeros((DEVICES, 1), dtype=np.int32), rule)


def record(heard: np.ndarray, misses: int, held: np.ndarray | None = None) -> Hearing:
    """Return a record made by hand."""
    none = np.zeros_like(heard) if held is None else held
    limits = np.full(len(heard), misses)
    return Hearing(1.0, heard, none, limits, limits * 0, float(heard.size), float(heard.sum()))


def test_ideal_link_is_the_truth() -> None:
    """Over a perfect link every beat is heard, and a dead device is told of at its k-th miss."""
    hearing = played(IdealLink(Streams(1, 0), 3_600.0))
    assert hearing.heard.all()
    assert hearing.share == 1.0
    assert not hearing.alarms.any()
    device, beat = np.arange(DEVICES), np.full(DEVICES, 17)
    assert (heard_after(hearing, device, beat) == 0.0).all()
    assert (silence_after(hearing, device, beat) == 2.0).all()


def test_dead_link_tells_nothing_ever() -> None:
    """Over a dead link nothing is heard, nobody is in alarm, and no death is ever told of."""
    hearing = played(NoLink(Streams(1, 0), 3_600.0))
    device, beat = np.arange(DEVICES), np.full(DEVICES, 17)
    assert not hearing.heard.any()
    assert not hearing.alarms.any()
    assert np.isinf(heard_after(hearing, device, beat)).all()
    assert np.isinf(silence_after(hearing, device, beat)).all()


def test_less_loss_hears_no_less() -> None:
    """On the same dice every beat heard at 30 % of loss is heard at 10 %."""
    few, many = (
        played(ConstantLink(Streams(1, 0), loss, 0.0, 3_600.0)).heard for loss in (0.3, 0.1)
    )
    assert (many >= few).all()
    assert many.sum() > few.sum()


@pytest.mark.parametrize(("p", "misses"), [(0.9, 3), (0.7, 2)])
def test_delay_from_a_record(p: float, misses: int) -> None:
    """Deaths at any beat of a lossy record are told of after the closed form's delay."""
    dice = np.random.default_rng(1)
    hearing = record(dice.random((4_000, 97)) < p, misses)
    device, beat = dice.integers(0, 4_000, 200_000), dice.integers(0, 1_000, 200_000)
    told = silence_after(hearing, device, beat)
    # Death falls before the beat, half a period on average.
    assert told.mean() + 0.5 == pytest.approx(mean_delay_beats(p, misses), rel=0.02)
    waits = heard_after(hearing, device, beat)
    assert waits.mean() == pytest.approx((1.0 - p) / p, rel=0.03)


def test_held_beats_do_not_count() -> None:
    """While a gateway is down nothing is counted: the alarm comes as many beats later."""
    heard, held = np.ones((1, 20), dtype=np.bool_), np.zeros((1, 20), dtype=np.bool_)
    held[0, 10:14] = True
    heard[0, 10:14] = False
    device = np.zeros(3, dtype=np.int64)
    told = silence_after(record(heard, 3, held), device, np.array([4, 9, 12]))
    assert told.tolist() == [2.0, 6.0, 4.0]


def campaign_over(link: Link) -> Campaign:
    """Return what comes of new hours sent to forty devices, three tries each."""
    none = np.zeros(40)
    fleet = Fleet(
        "clocks", HEARTBEAT, none, none, none, PERIOD_S / 4, none, 20, "C", use_case="cabinet"
    )
    clock = Clock(Calendar(datetime(2027, 1, 4)))  # noqa: DTZ001 - local by definition
    return change_hours(clock, link, fleet, 3, 3_600.0, 3.0 * PERIOD_S)


def test_new_hours_by_radio() -> None:
    """A perfect link brings them at the first try, a dead one never, a lossy one mostly."""
    ideal = campaign_over(IdealLink(Streams(1, 0), 3_600.0))
    assert ideal.acknowledged.all()
    assert (ideal.tries == 1).all()
    dead = campaign_over(NoLink(Streams(1, 0), 3_600.0))
    assert not dead.acknowledged.any()
    assert (dead.tries == 3).all()
    lossy = campaign_over(ConstantLink(Streams(1, 0), 0.3, 5.0, 3_600.0))
    assert 0.8 < lossy.acknowledged.mean() <= 1.0
    assert 1.0 < lossy.tries.mean() < 2.0


def test_outages_are_each_gateways_own() -> None:
    """Two a year and gateway, of six hours: their count and length, and none moved by another."""
    names = tuple(AssetId(f"g{number}") for number in range(300))
    cuts = draw_cuts(Streams(1, 0), names, 2.0, 6.0, 365)
    assert len(cuts) == pytest.approx(600, abs=4.0 * 600**0.5)
    hours = np.array([(cut.end_s - cut.begin_s) / 3_600.0 for cut in cuts])
    assert hours.mean() == pytest.approx(6.0, rel=0.2)
    few = draw_cuts(Streams(1, 0), names[100:200], 2.0, 6.0, 365)
    assert few == [cut for cut in cuts if cut.gateway in names[100:200]]
    assert draw_cuts(Streams(1, 0), (), 2.0, 6.0, 365) == []
