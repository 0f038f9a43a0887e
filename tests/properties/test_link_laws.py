"""The laws of every link: what is sent is accounted for, and nothing is altered on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

import numpy as np
import pytest
import simpy
from hypothesis import example, given, settings
from hypothesis import strategies as st
from link_factories import CASES, LinkCase
from numpy.typing import NDArray

from twin.clock import Calendar, Clock
from twin.ports import Downlink, Inbox, Link
from twin.signals import AssetId, Command, DeliveredBatch, Fate, Fleet, Reading, Signal
from twin.streams import Streams

CALENDAR = Calendar(datetime(2025, 1, 1))  # noqa: DTZ001 - local time
LEVEL = Signal("level", "m")
ALARM = Signal("alarm", "1")
LONGEST_WINDOW_S = 1_800.0
HORIZON_S = 6_000.0

every_link = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
few = settings(max_examples=15, deadline=None)
seeds = st.integers(0, 2**63 - 1)
losses = st.floats(0.0, 1.0)
windows = st.sampled_from([33.3, 77.7, 450.0, 900.0, LONGEST_WINDOW_S])


def truth(devices: NDArray[np.int32], times_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what a device measures: any pure function of device and time."""
    return np.asarray(np.sin(times_s * 1e-3 + devices) + times_s * 1e-4)


def fleet_of(
    name: str, phase_s: Sequence[float], period_s: float = 600.0, *, arrival: str = "periodic"
) -> Fleet:
    """Return a fleet around one place."""
    phase = np.array(phase_s)
    x_m = 1_000.0 + 10.0 * np.arange(len(phase))
    return Fleet(
        name=name,
        signal=LEVEL,
        x_m=x_m,
        y_m=np.zeros(len(phase)),
        height_m=np.full(len(phase), 1.5),
        period_s=period_s,
        phase_s=phase,
        payload_bytes=12,
        sample=truth,
        arrival=arrival,  # type: ignore[arg-type]
    )


@st.composite
def some_fleets(draw: st.DrawFn) -> list[Fleet]:
    """Draw one or two fleets, periodic, jittered or Poisson."""
    made = []
    for number in range(draw(st.integers(1, 2))):
        period_s = draw(st.sampled_from([45.0, 100.1, 600.0, 3_600.0]))
        phase_s = draw(st.lists(st.floats(0.0, 2.0 * period_s), min_size=1, max_size=5))
        arrival = draw(st.sampled_from(["periodic", "poisson"]))
        fleet = fleet_of(f"fleet{number}", phase_s, period_s, arrival=arrival)
        jitter_s = draw(st.sampled_from([0.0, 10.0, 2_000.0]))
        made.append(replace(fleet, jitter_s=jitter_s if arrival == "periodic" else 0.0))
    return made


class Alarm(NamedTuple):
    """An alarm of the first fleet's first device."""

    at_s: float
    value: float


some_alarms = st.lists(
    st.builds(Alarm, st.floats(0.0, HORIZON_S - 1.0), st.floats(-1e6, 1e6)),
    max_size=4,
    unique_by=lambda alarm: alarm.at_s,
)


class Row(NamedTuple):
    """One delivery as a subscriber saw it."""

    asset: str
    signal: str
    value: float
    sampled_s: float
    received_s: float


@dataclass
class Lived:
    """What came of one run: deliveries received before the horizon, and the tally at it."""

    rows: list[Row] = field(default_factory=list)
    last: dict[str, Row] = field(default_factory=dict)
    handed_s: list[float] = field(default_factory=list)
    tally: dict[str, dict[Fate, int]] = field(default_factory=dict)
    link: Link | None = None


def live(
    case: LinkCase,
    fleets: Sequence[Fleet],
    *,
    seed: int = 1,
    loss: float = 0.0,
    window_s: float = 900.0,
    alarms: Sequence[Alarm] = (),
) -> Lived:
    """Run a link for the horizon, then long enough to be told of all that arrived before it."""
    clock = Clock(CALENDAR)
    link = case.make(clock, Streams(seed, 0), fleets, loss, window_s)
    lived = Lived(link=link)

    def note(batch: DeliveredBatch) -> None:
        assert np.all(np.diff(batch.received_s) >= 0.0)
        for row in range(len(batch)):
            received_s = float(batch.received_s[row])
            value, sampled_s = float(batch.values[row]), float(batch.sampled_s[row])
            seen = Row(batch.asset(row), batch.signal.name, value, sampled_s, received_s)
            lived.last[seen.asset] = seen
            if received_s < HORIZON_S:
                lived.rows.append(seen)
                lived.handed_s.append(float(clock.now))

    def ring(alarm: Alarm) -> simpy.events.ProcessGenerator:
        yield clock.until(alarm.at_s)
        reading = Reading(fleets[0].ids[0], ALARM, alarm.value, clock.now, 3)
        link.uplink.send(reading)

    link.inbox.subscribe(LEVEL, note)
    link.inbox.subscribe(ALARM, note)
    for alarm in alarms:
        clock.process(ring(alarm))
    clock.run(HORIZON_S)
    lived.tally = {name: dict(counts) for name, counts in link.tally().items()}
    clock.run(HORIZON_S + 2.0 * window_s + 1.0)
    return lived


@every_link
@few
@given(some_fleets(), some_alarms, seeds, losses, windows)
def test_all_that_is_sent_is_accounted_for(
    case: LinkCase,
    fleets: list[Fleet],
    alarms: list[Alarm],
    seed: int,
    loss: float,
    window_s: float,
) -> None:
    """Sent = delivered + lost + in flight, per fleet; delivered is what subscribers received."""
    lived = live(case, fleets, seed=seed, loss=loss, window_s=window_s, alarms=alarms)
    seen = Counter(row.asset.split("/")[0] for row in lived.rows)
    for number, fleet in enumerate(fleets):
        counts = lived.tally[fleet.name]
        assert set(counts) == set(Fate)
        assert min(counts.values()) >= 0
        if case.crowded:
            continue
        assert counts[Fate.DELIVERED] == seen[fleet.name]
        if fleet.arrival == "periodic" and fleet.jitter_s == 0.0:
            readings = sum(
                phase + m * fleet.period_s < HORIZON_S
                for phase in fleet.phase_s
                for m in range(int(HORIZON_S / fleet.period_s) + 2)
            )
            assert sum(counts.values()) == readings + (len(alarms) if number == 0 else 0)


@every_link
@few
@given(some_fleets(), some_alarms, seeds, losses, windows)
def test_nothing_is_altered_nor_early(
    case: LinkCase,
    fleets: list[Fleet],
    alarms: list[Alarm],
    seed: int,
    loss: float,
    window_s: float,
) -> None:
    """Received >= sampled + airtime, handed over within a window after, value and time its own."""
    lived = live(case, fleets, seed=seed, loss=loss, window_s=window_s, alarms=alarms)
    rung = {(alarm.at_s, alarm.value) for alarm in alarms}
    for row, handed_s in zip(lived.rows, lived.handed_s, strict=True):
        assert row.received_s >= row.sampled_s + case.airtime_s
        assert row.received_s <= handed_s <= row.received_s + window_s + 1e-9 * HORIZON_S
        if row.signal == ALARM.name:
            assert (row.sampled_s, row.value) in rung
        else:
            device = np.array([int(row.asset.split("/")[1])], np.int32)
            assert row.value == truth(device, np.array([row.sampled_s]))[0]


@every_link
@few
@given(some_fleets(), some_alarms, seeds, losses, windows, windows)
@example([fleet_of("fleet0", [0.0] * 5, 45.0, arrival="poisson")], [], 1, 0.0, 33.3, 77.7)
def test_the_window_changes_nothing(
    case: LinkCase,
    fleets: list[Fleet],
    alarms: list[Alarm],
    seed: int,
    loss: float,
    one_s: float,
    other_s: float,
) -> None:
    """The same deliveries at the same times, and the same tally, whatever the window."""
    one = live(case, fleets, seed=seed, loss=loss, window_s=one_s, alarms=alarms)
    other = live(case, fleets, seed=seed, loss=loss, window_s=other_s, alarms=alarms)
    assert sorted(one.rows) == sorted(other.rows)
    assert one.tally == other.tally


@every_link
@few
@given(some_fleets(), some_alarms, seeds, losses, losses)
def test_less_loss_never_delivers_less(
    case: LinkCase, fleets: list[Fleet], alarms: list[Alarm], seed: int, p: float, q: float
) -> None:
    """On the same dice, what passes under more loss passes under less, at the same time."""
    if case.crowded:
        pytest.skip("a frame that is heard may drown another")
    more, less = (
        live(case, fleets, seed=seed, loss=loss, alarms=alarms) for loss in (max(p, q), min(p, q))
    )
    assert set(more.rows) <= set(less.rows)


@every_link
@few
@given(some_fleets(), some_alarms, seeds, losses)
def test_adding_changes_no_other_delivery(
    case: LinkCase, fleets: list[Fleet], alarms: list[Alarm], seed: int, loss: float
) -> None:
    """A fleet more, and a device more in front of the others, leave every other delivery alone."""
    if case.crowded:
        pytest.skip("devices share the air")
    if case.engages:
        alarms = []
    before = live(case, fleets, seed=seed, loss=loss, alarms=alarms)
    named = [replace(fleet, asset_ids=fleet.ids, sample=None) for fleet in fleets]
    first = named[0]
    longer = replace(
        first,
        asset_ids=(AssetId("new/0"), *first.ids),
        phase_s=np.concatenate([[3.0], first.phase_s]),
        **{key: np.concatenate([[0.0], getattr(first, key)]) for key in ("x_m", "y_m", "height_m")},
    )
    more = [fleet_of("another", [1.0, 2.0]), longer, *named[1:]]
    clocked = live(case, more, seed=seed, loss=loss)
    known = {name for fleet in fleets for name in fleet.ids}
    kept = sorted((r.asset, r.sampled_s, r.received_s) for r in clocked.rows if r.asset in known)
    rows = [row for row in before.rows if row.signal != ALARM.name]
    assert kept == sorted((r.asset, r.sampled_s, r.received_s) for r in rows)


@every_link
@few
@given(some_fleets(), some_alarms, seeds)
def test_an_ideal_link_makes_inbox_and_truth_equal(
    case: LinkCase, fleets: list[Fleet], alarms: list[Alarm], seed: int
) -> None:
    """Every reading due is there at its own time with its own value, every alarm too."""
    if not case.ideal:
        pytest.skip("not ideal")
    lived = live(case, fleets, seed=seed, loss=1.0, alarms=alarms)
    assert all(row.received_s == row.sampled_s for row in lived.rows)
    rung = {(r.sampled_s, r.value) for r in lived.rows if r.signal == ALARM.name}
    assert rung == {(alarm.at_s, alarm.value) for alarm in alarms}
    for fleet in fleets:
        counts = lived.tally[fleet.name]
        assert sum(counts.values()) == counts[Fate.DELIVERED]
        if fleet.arrival == "periodic" and fleet.jitter_s == 0.0:
            due = {
                (name, phase + m * fleet.period_s)
                for name, phase in zip(fleet.ids, fleet.phase_s, strict=True)
                for m in range(int(HORIZON_S / fleet.period_s) + 2)
                if phase + m * fleet.period_s < HORIZON_S
            }
            here = {
                (r.asset, r.sampled_s)
                for r in lived.rows
                if r.asset in fleet.ids and r.signal == LEVEL.name
            }
            assert here == due


class Emptying:
    """A policy: visit a bin by the calendar, and at once when its level passes a threshold."""

    EVERY_S = 2_000.0

    def __init__(self, clock: Clock, assets: Sequence[AssetId]) -> None:
        self.clock = clock
        self.assets = assets
        self.visits: list[tuple[float, AssetId]] = []
        self.answers: list[object] = []
        self.last_s = dict.fromkeys(assets, 0.0)

    def attach(self, inbox: Inbox, downlink: Downlink) -> None:
        """Read levels; flash the lamp of a bin that is visited."""
        self.inbox, self.downlink = inbox, downlink
        inbox.subscribe(LEVEL, self.react)

    def react(self, batch: DeliveredBatch) -> None:
        """Visit every bin whose level is high, command it, and skip its next calendar visit."""
        for row in np.flatnonzero(batch.values > 0.9):
            asset = batch.asset(int(row))
            self.visit(asset)
            sent = self.downlink.send(Command(asset, "flash", 1, self.clock.now))
            sent.callbacks.append(lambda event: self.answers.append(event.value))

    def visit(self, asset: AssetId) -> None:
        """Note a visit."""
        self.visits.append((self.clock.now, asset))
        self.last_s[asset] = self.clock.now

    def round(self) -> simpy.events.ProcessGenerator:
        """Visit each bin whose last visit is old and whose last known level is not low."""
        while True:
            yield self.clock.timeout(self.EVERY_S / 4.0)
            for asset in self.assets:
                known = self.inbox.latest(asset, LEVEL) if hasattr(self, "inbox") else None
                low = known is not None and known.reading.value < 0.0
                if self.clock.now - self.last_s[asset] >= self.EVERY_S and not low:
                    self.visit(asset)


def emptied(case: LinkCase | None, fleet: Fleet, *, seed: int, loss: float) -> Emptying:
    """Live with the policy on a link, or without any link."""
    clock = Clock(CALENDAR)
    policy = Emptying(clock, fleet.ids)
    if case is not None:
        link = case.make(clock, Streams(seed, 0), [fleet], loss, 450.0)
        policy.attach(link.inbox, link.downlink)
    clock.process(policy.round())
    clock.run(4.0 * HORIZON_S)
    return policy


@every_link
@few
@given(some_fleets(), seeds)
def test_a_dead_link_is_no_sensor(case: LinkCase, fleets: list[Fleet], seed: int) -> None:
    """Where nothing passes, a policy does bit for bit what it does without sensors."""
    if case.ideal:
        pytest.skip("never dead")
    baseline = emptied(None, fleets[0], seed=seed, loss=1.0)
    assert emptied(case, fleets[0], seed=seed, loss=1.0).visits == baseline.visits


@every_link
def test_a_living_link_moves_the_policy(case: LinkCase) -> None:
    """The policy of the law above does react where readings pass, so the law has teeth."""
    if not case.commands:
        pytest.skip("the policy commands what it visits")
    fleet = fleet_of("bins", [1.0, 2.0, 3.0])
    baseline = emptied(None, fleet, seed=1, loss=0.0)
    living = emptied(case, fleet, seed=1, loss=0.0)
    assert (living.visits == baseline.visits) == (case.name == "none")
    assert bool(living.answers) == (case.name != "none")


@every_link
def test_the_latest_is_the_last_received(case: LinkCase) -> None:
    """Asked afterwards, the inbox shows each asset's last delivery, or none if none arrived."""
    fleet = fleet_of("bins", [1.0, 250.0, 9_000.0])
    lived = live(case, [fleet], loss=0.3, window_s=50.0)
    assert lived.link is not None
    for asset in fleet.ids:
        told = lived.link.inbox.latest(asset, LEVEL)
        seen = lived.last.get(asset)
        assert (told is None) == (seen is None)
        if told is not None and seen is not None:
            assert (told.reading.value, told.received_s) == (seen.value, seen.received_s)
            assert (told.reading.payload_bytes, told.reading.asset) == (12, asset)
