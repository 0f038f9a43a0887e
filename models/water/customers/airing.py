"""A year of frames over a link: when each frame of each framed meter was received, if ever."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import numpy as np
import simpy
from numpy.typing import NDArray

from models.water.customers.played import Floats, Played, taken
from models.water.customers.practice import Days, Practice
from models.water.metering.dice import units
from models.water.metering.meters import Meters, Place
from models.water.settings import Reading
from twin.clock import Calendar, Clock
from twin.ports import Link
from twin.signals import AssetId, DeliveredBatch, Fleet, Signal
from twin.units import DAY_S, HOUR_S

FLEET = "customer-meters"
INDEX = Signal("customer_index", "m3")

USE_CASES = {Place.PIT: "meter-pit", Place.INDOORS: "meter-indoor", Place.WALL: "meter-outdoor"}
HEIGHTS_M = {Place.PIT: 0.2, Place.INDOORS: 1.0, Place.WALL: 1.0}
"""Antennas above ground, as for the gateways' question [U]."""

_LAST_WINDOW_S = 6.0 * HOUR_S
"""A link hands over at the end of its windows: time for the last one."""


@dataclass(frozen=True, eq=False)
class Heard:
    """What was heard of some meters; arrays of shape (meters, frames) unless said otherwise.

    Frame n of a meter is made n periods after its first.

    Attributes
    ----------
    received_s : NDArray[np.float64]
        Infinite where the frame never arrived.
    sent : NDArray[np.bool_]
        The module had power when it was due.
    frame_hour : NDArray[np.int64]
        Hours that had ended when it was made.
    due_s : NDArray[np.float64]
        When it was made, the jitter aside.
    midnight_s : NDArray[np.float64]
        When the index of each midnight was first known, infinite for never: shape (meters,
        midnights), the first being the start's.
    """

    received_s: Floats
    sent: NDArray[np.bool_]
    frame_hour: NDArray[np.int64]
    due_s: Floats
    midnight_s: Floats

    def of(self, rows: NDArray[np.int64]) -> Heard:
        """Return what was heard of these meters."""
        return Heard(
            self.received_s[rows], self.sent[rows], self.frame_hour[rows], self.due_s[rows],
            self.midnight_s[rows],
        )  # fmt: skip


def heard_year(
    played: Sequence[Played],
    reading: Reading,
    practice: Practice,
    start: date,
    days: Days,
    make_link: Callable[[], Link],
) -> Heard:
    """Return what is heard of all framed meters, zone after zone, over the run and a day more.

    The index of the last day is due on the day after. A module that fails is cut off; who was heard
    before is missed, and gets a new one.
    """
    clock = Clock(Calendar(datetime.combine(start, time())))
    meters = [taken(each.meters, np.flatnonzero(each.framed)) for each in played]
    fleet = _fleet(played, meters, reading, practice)
    frames = round((days.end + 1) * DAY_S / fleet.period_s)
    ear = _Ear(fleet, frames)
    link = make_link()
    link.uplink.register(fleet)
    link.inbox.subscribe(INDEX, ear.hear)
    link.start(clock)
    fails_s = DAY_S * np.concatenate([each.module_fails_day for each in meters])
    for device in np.flatnonzero(fails_s < (days.end + 1) * DAY_S).tolist():
        life = _death(clock, link, ear, practice, device, float(fails_s[device]))
        clock.process(life, f"module of {fleet.ids[device]}", may_wait=True)
    clock.run(until=(days.end + 1) * DAY_S + _LAST_WINDOW_S)
    hour = np.floor(ear.due_s / HOUR_S).astype(np.int64)
    return Heard(
        received_s=ear.received_s,
        sent=ear.powered,
        frame_hour=hour,
        due_s=ear.due_s,
        midnight_s=_midnights(ear.received_s, hour, days, reading, practice),
    )


def _fleet(
    played: Sequence[Played], meters: Sequence[Meters], reading: Reading, practice: Practice
) -> Fleet:
    key = np.concatenate([each.key for each in meters])
    place = np.concatenate([each.place for each in meters]).tolist()
    period_s = practice.period_s(reading)
    return Fleet(
        name=FLEET,
        signal=INDEX,
        x_m=np.concatenate([each.x_m[each.framed] for each in played]),
        y_m=np.concatenate([each.y_m[each.framed] for each in played]),
        height_m=np.array([HEIGHTS_M[Place(each)] for each in place]),
        period_s=period_s,
        phase_s=(period_s - practice.jitter_s) * units(key, "phase"),
        payload_bytes=practice.payload_bytes(reading),
        use_case=tuple(USE_CASES[Place(each)] for each in place),
        asset_ids=tuple(AssetId(name) for each in meters for name in each.ids),
        jitter_s=practice.jitter_s,
    )


class _Ear:
    """Keeps when each frame was received, as batches are handed over."""

    def __init__(self, fleet: Fleet, frames: int) -> None:
        self.fleet = fleet
        self.received_s = np.full((fleet.size, frames), np.inf)
        self.powered = np.ones((fleet.size, frames), dtype=np.bool_)
        self.due_s = fleet.phase_s[:, np.newaxis] + fleet.period_s * np.arange(frames)

    def hear(self, batch: DeliveredBatch) -> None:
        """Note a batch; of a frame heard twice the first."""
        device = batch.assets
        turns = (batch.sampled_s - self.fleet.phase_s[device]) / self.fleet.period_s
        frame = np.floor(turns + 1e-9).astype(np.int64)
        known = frame < self.received_s.shape[1]
        np.minimum.at(self.received_s, (device[known], frame[known]), batch.received_s[known])

    def usually_hears(self, device: int, practice: Practice, before_s: float) -> bool:
        """Tell whether enough of a device's last frames had come."""
        due = self.due_s[device]
        lately = (due < before_s) & (due >= before_s - practice.usual_days * DAY_S)
        if not lately.any():
            return False
        return bool(np.isfinite(self.received_s[device, lately]).mean() >= practice.usual_share)

    def silence(self, device: int, from_s: float, to_s: float) -> None:
        """Note that a device had no power."""
        due = self.due_s[device]
        self.powered[device] &= ~((due >= from_s) & (due < to_s))


def _death(
    clock: Clock, link: Link, ear: _Ear, practice: Practice, device: int, fails_s: float
) -> simpy.events.ProcessGenerator:
    """Let a module fall silent; whoever was used to hear it sends for another."""
    yield clock.until(fails_s)
    name = ear.fleet.ids[device]
    link.power(name, on=False)
    noticed_s = practice.silent_days * DAY_S
    yield clock.until(fails_s + noticed_s)
    if not ear.usually_hears(device, practice, fails_s):
        ear.silence(device, fails_s, np.inf)
        return
    back_s = fails_s + noticed_s + practice.module_days * DAY_S
    ear.silence(device, fails_s, back_s)
    yield clock.until(back_s)
    link.power(name, on=True)


def _midnights(
    received_s: Floats,
    frame_hour: NDArray[np.int64],
    days: Days,
    reading: Reading,
    practice: Practice,
) -> Floats:
    """Return when each midnight's index was first known, infinite for never."""
    midnight, since = np.divmod(frame_hour, 24)
    carried = received_s
    if reading == "hourly":
        carried = np.where(since <= practice.hourly.carried_hours, received_s, np.inf)
    known_s = np.full((len(received_s), days.end + 1), np.inf)
    meter = np.broadcast_to(np.arange(len(received_s))[:, np.newaxis], midnight.shape)
    np.minimum.at(known_s, (meter, midnight), carried)
    return known_s
