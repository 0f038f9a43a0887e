"""The desk of heartbeats over real links: it sees what arrived and nothing else."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from models.lighting.policies.silence import SilenceRule
from models.lighting.policies.silence_desk import HEARTBEAT, SilenceDesk
from models.links.constant import ConstantLink
from models.links.ideal import IdealLink
from models.links.none import NoLink
from twin.clock import Calendar, Clock
from twin.ports import Link
from twin.signals import AssetId, Fleet
from twin.streams import Streams

PERIOD_S, WINDOW_S, DEVICES = 86_400.0, 3_600.0, 300
DEAD = 7


def lived(link: Link, beats: int, dies_at: int | None) -> list[list[int]]:
    """Return the alarms of each beat of a fleet, one device of which loses power before a beat."""
    clock = Clock(Calendar(datetime(2027, 1, 4)))  # noqa: DTZ001 - local by definition
    phase = np.linspace(0.0, 0.9 * PERIOD_S, DEVICES)
    none = np.zeros(DEVICES)
    link.uplink.register(
        Fleet("nodes", HEARTBEAT, none, none, none, PERIOD_S, phase, 24, use_case="lamp")
    )
    around = np.zeros((DEVICES, 1), dtype=np.int32)
    desk = SilenceDesk("nodes", around, PERIOD_S, SilenceRule(3, gated=False))
    desk.attach(link.inbox, link.downlink)
    link.start(clock)
    alarms = []
    for beat in range(beats):
        if beat == dies_at:
            link.power(AssetId(f"nodes/{DEAD}"), on=False)
        # What was received in a window is handed over at its end.
        clock.run((beat + 1) * PERIOD_S + 1.0)
        alarms.append(list(desk.close_beat(beat)))
    return alarms


def test_perfect_link_tells_the_truth() -> None:
    """Over a perfect link the dead node alone is in alarm, at its third missed beat."""
    alarms = lived(IdealLink(Streams(1, 0), WINDOW_S), 12, 5)
    assert alarms == [[DEAD] if beat == 7 else [] for beat in range(12)]


@pytest.mark.parametrize("dies_at", [None, 5])
def test_dead_link_tells_nothing(dies_at: int | None) -> None:
    """Over a dead link nobody is ever in alarm, whoever dies: patrols and calls alone are left."""
    assert lived(NoLink(Streams(1, 0), WINDOW_S), 12, dies_at) == [[]] * 12


def test_losses_raise_false_alarms() -> None:
    """With half the beats lost a live fleet raises alarms; the same dice, the same alarms."""
    alarms = lived(ConstantLink(Streams(1, 0), 0.5, 0.0, WINDOW_S), 12, None)
    assert sum(map(len, alarms)) > 20
    again = lived(ConstantLink(Streams(1, 0), 0.5, 0.0, WINDOW_S), 12, None)
    assert alarms == again
