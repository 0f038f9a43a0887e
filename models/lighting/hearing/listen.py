"""Playing a fleet over a link, nobody failing, to learn what it lets through."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import NamedTuple

import numpy as np
import simpy
from numpy.typing import NDArray

from models.lighting.hearing.record import Hearing
from models.lighting.policies.silence import SilenceRule
from models.lighting.policies.silence_desk import SilenceDesk
from twin.clock import Clock
from twin.ports import Link
from twin.signals import AssetId, Fate, Fleet


class GatewayCut(NamedTuple):
    """A gateway without power or backhaul from one moment to another, s."""

    gateway: AssetId
    begin_s: float
    end_s: float


def listen(
    clock: Clock,
    link: Link,
    fleet: Fleet,
    beats: int,
    neighbours: NDArray[np.int32],
    rule: SilenceRule | None = None,
    cuts: Sequence[GatewayCut] = (),
) -> Hearing:
    """Return what a fresh link let through of a fleet in so many beats.

    `clock` is fresh too. A beat is judged when the next one is due and what was received by then
    has been handed over.
    """
    period_s = fleet.period_s
    desk = SilenceDesk(fleet.name, neighbours, period_s, rule)
    heard = np.zeros((fleet.size, beats), dtype=np.bool_)
    held = np.zeros((fleet.size, beats), dtype=np.bool_)
    alarms = np.zeros(fleet.size, dtype=np.int64)
    link.uplink.register(fleet)
    desk.attach(link.inbox, link.downlink)
    link.start(clock)

    def days() -> Generator[simpy.Event, object, None]:
        for beat in range(beats):
            # What is received in a window is handed over at its end, which may be this instant.
            yield clock.until((beat + 2) * period_s - 1.0)
            told = desk.arrived(beat)
            heard[:, beat] = told
            held[:, beat] = ~told & desk.watch.gate(told) if desk.watch.rule.gated else False
            alarms[list(desk.close_beat(beat))] += 1

    clock.process(days(), "heartbeats")
    if cuts:
        clock.process(_cut(clock, link, cuts), "gateways cut")
    clock.run((beats + 2) * period_s)
    tally = link.tally()[fleet.name]
    sent = float(sum(tally.values()))
    return Hearing(
        period_s, heard, held, desk.watch.limits(), alarms, sent, float(tally[Fate.DELIVERED])
    )


def _cut(
    clock: Clock, link: Link, cuts: Sequence[GatewayCut]
) -> Generator[simpy.Event, object, None]:
    """Take gateways down and up."""
    changes = sorted(
        [(cut.begin_s, cut.gateway, False) for cut in cuts]
        + [(cut.end_s, cut.gateway, True) for cut in cuts]
    )
    for when_s, gateway, up in changes:
        if when_s > clock.now:
            yield clock.until(when_s)
        link.gateway(gateway, up=up)
