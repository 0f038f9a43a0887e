"""What the LoRaWAN link does beyond the laws common to all links."""

from __future__ import annotations

import numpy as np
import pytest

from models.links.ideal import IdealLink
from models.lora.network.eu868 import command_airtimes_s, uplink_airtimes_s
from tests.models.lora.link.lora_world import (
    ALARM,
    LEVEL,
    GivenLevels,
    living,
    meters,
)
from twin.clock import Clock
from twin.errors import InputError
from twin.signals import Ack, AssetId, Command, Fate, Lost
from twin.streams import Streams

METER = AssetId("meters/0")
MAST = AssetId("mast/0")
AIRTIME_S = float(uplink_airtimes_s(12 + 13)[5])


def test_a_reading_is_received_at_the_end_of_its_frame() -> None:
    """One meter in reach: each reading arrives one airtime after it is due, told at the window."""
    life = living(meters())
    life.clock.run(800.0)
    due = [100.0, 700.0]
    assert [(row[2], row[3]) for row in life.rows] == [(t, t + AIRTIME_S) for t in due]
    assert [row[1] for row in life.rows] == due  # the sampler of device 0 gives the time
    assert life.handed_s == [120.0, 720.0]


def test_the_backhaul_delays_who_reads() -> None:
    """With 30 s of backhaul a reading is received 30 s later, and in flight until then."""
    life = living(meters(), backhaul_s=30.0)
    life.clock.run(125.0)
    assert life.link.tally()["meters"][Fate.IN_FLIGHT] == 1
    life.clock.run(135.0)
    assert life.link.tally()["meters"][Fate.DELIVERED] == 1
    life.clock.run(200.0)
    assert life.rows[0][3] == 100.0 + AIRTIME_S + 30.0
    assert life.handed_s == [180.0]


def test_an_alarm_leaves_at_once_and_keeps_its_times() -> None:
    """An alarm in the middle of a window is received one airtime later, with its own value."""
    life = living(meters(), window_s=900.0)
    life.at(333.25, life.ring, METER, 7.5)
    life.clock.run(1_000.0)
    airtime_s = float(uplink_airtimes_s(3 + 13)[5])
    alarms = [row for row in life.rows if row[1] == 7.5]
    assert alarms == [(METER, 7.5, 333.25, 333.25 + airtime_s)]
    told = life.link.inbox.latest(METER, ALARM)
    assert told is not None
    assert told.reading.payload_bytes == 3
    assert life.link.tally()["meters"][Fate.DELIVERED] == 3


def test_a_class_a_command_waits_for_an_uplink_and_is_acknowledged_by_the_next() -> None:
    """Sent at 300 s, it goes with the reading of 700 s; the reading of 1,300 s acknowledges it."""
    life = living(meters())
    life.clock.run(300.0)
    command = Command(METER, "valve", 4, 300.0)
    event = life.link.downlink.send(command)
    assert life.clock.run(event) == Ack(command, 1_300.0 + AIRTIME_S)
    assert life.clock.now == 1_320.0


def test_a_class_c_command_is_answered_at_once() -> None:
    """A lamp heard before takes a command and answers within seconds."""
    life = living(meters(device_class="C"), window_s=5.0)
    life.clock.run(200.0)
    event = life.link.downlink.send(Command(METER, "dim", 4, 200.0))
    answer = life.clock.run(event)
    assert isinstance(answer, Ack)
    assert 200.0 + command_airtimes_s(4)[0] < answer.received_s < 204.0


def test_a_command_that_nobody_hears_is_lost_with_its_cause() -> None:
    """Three tries from a gateway that is down: lost, gateway down; never heard: out of reach."""
    life = living(meters(device_class="C"))
    life.clock.run(200.0)
    life.link.gateway(MAST, up=False)
    command = Command(METER, "dim", 4, 200.0)
    answer = life.clock.run(life.link.downlink.send(command))
    assert isinstance(answer, Lost)
    assert (answer.command, answer.cause) == (command, Fate.GATEWAY_DOWN)
    deaf = living(meters(device_class="C"), levels=GivenLevels(-150.0))
    answer = deaf.clock.run(deaf.link.downlink.send(Command(METER, "dim", 4, 0.0)))
    assert isinstance(answer, Lost)
    assert answer.cause == Fate.OUT_OF_REACH


def test_a_command_to_a_device_nobody_hears_is_lost_in_the_end() -> None:
    """Class A out of reach: after the patience of an hour the command is lost, out of reach."""
    life = living(meters(), levels=GivenLevels(-150.0), command_patience_s=3_600.0)
    command = Command(METER, "valve", 4, 0.0)
    answer = life.clock.run(life.link.downlink.send(command))
    assert answer == Lost(command, 3_600.0, Fate.OUT_OF_REACH)


def test_an_outage_is_seen_as_one() -> None:
    """Readings of a gateway's outage are lost to it, and to nothing where another hears them."""
    for gateways, expected in ((1, (2, 3)), (2, (5, 0))):
        life = living(meters(), gateways=gateways)
        life.at(650.0, life.link.gateway, MAST, up=False)
        life.at(2_000.0, life.link.gateway, MAST, up=True)
        life.clock.run(2_600.0)
        counts = life.link.tally()["meters"]
        assert (counts[Fate.DELIVERED], counts[Fate.GATEWAY_DOWN]) == expected


def test_a_common_cut_takes_devices_and_gateways_and_they_come_back() -> None:
    """One feeder: no reading is made nor heard meanwhile; with power back each device joins."""
    pumps = meters(2, "pumps", device_class="C", phase_s=np.array([110.0, 130.0]))
    life = living(meters(3), pumps, gateways=2, join_spread_s=60.0)
    feeder = [MAST, AssetId("pumps/0"), METER]
    life.at(650.0, life.link.cut, feeder)
    life.at(1_500.0, life.link.cut, feeder, on=True)
    life.clock.run(2_600.0)
    seen: dict[str, list[float]] = {}
    for asset, _, sampled_s, _ in life.rows:
        seen.setdefault(asset, []).append(sampled_s)
    assert seen[METER] == [100.0, 1_900.0, 2_500.0]
    assert seen["pumps/0"] == [110.0, 1_910.0, 2_510.0]
    assert seen["meters/1"] == [120.0, 720.0, 1_320.0, 1_920.0, 2_520.0]
    counts = life.link.tally()
    assert sum(counts["meters"].values()) == 3 + 5 + 5


def test_a_cut_of_an_unknown_asset_cuts_nothing() -> None:
    """Every unknown name is told, and nobody loses power."""
    life = living(meters())
    with pytest.raises(InputError) as caught:
        life.link.cut([METER, AssetId("ghost"), MAST, AssetId("other")])
    assert [fault.value for fault in caught.value.faults] == ["ghost", "other"]
    life.clock.run(200.0)
    assert len(life.rows) == 1


def test_a_disturbance_loses_frames_until_it_ends() -> None:
    """Jammed on every channel a frame is lost to collision; afterwards it passes again."""
    life = living(meters(), outside={"level_dbm": -60.0, "sigma_db": 0.0})
    for frequency_hz in life.link.network.channels.frequency_hz.tolist():
        life.at(50.0, life.link.disturb, frequency_hz, 1_000.0)
        life.at(200.0, life.link.disturb, frequency_hz, 0.0)
    life.clock.run(1_000.0)
    counts = life.link.tally()["meters"]
    assert (counts[Fate.COLLISION], counts[Fate.DELIVERED]) == (1, 1)


def test_devices_nobody_hears_are_reported_and_stay() -> None:
    """Of three meters two are under the sensitivity: they are counted, and lost out of reach."""
    life = living(meters(3), levels=GivenLevels((-90.0, -128.0, -200.0)))
    assert life.link.unheard == {"meters": 2}
    life.clock.run(200.0)
    counts = life.link.tally()["meters"]
    assert (counts[Fate.DELIVERED], counts[Fate.OUT_OF_REACH]) == (1, 2)
    # With ADR the slowest data rate is within reach of the second.
    adaptive = living(meters(3), levels=GivenLevels((-90.0, -128.0, -200.0)), adr=True)
    assert adaptive.link.unheard == {"meters": 1}


def test_swapping_the_link_moves_no_reading() -> None:
    """What LoRaWAN delivers was sampled at times the ideal link knows, jitter and Poisson too."""
    fleets = (meters(5, jitter_s=300.0), meters(5, "bins", arrival="poisson"))
    life = living(*fleets, levels=GivenLevels(-90.0))
    life.clock.run(30_000.0)
    ideal = IdealLink(Streams(1, 0))
    clock = Clock(life.clock.calendar)
    there: dict[str, list[float]] = {}

    def note(batch: object) -> None:
        for row in range(len(batch)):  # type: ignore[arg-type]
            there.setdefault(batch.asset(row), []).append(float(batch.sampled_s[row]))  # type: ignore[attr-defined]

    ideal.inbox.subscribe(LEVEL, note)
    for fleet in fleets:
        ideal.register(fleet)
    ideal.start(clock)
    clock.run(31_000.0)
    assert len(life.rows) > 400
    for asset, _, sampled_s, _ in life.rows:
        near = min(there[asset], key=lambda t, s=sampled_s: abs(t - s))
        assert near == pytest.approx(sampled_s, abs=1e-8)


def test_one_alarm_more_throws_no_other_dice() -> None:
    """An alarm of long before changes neither the fate nor the time of later ones."""
    rows = []
    for extra in (False, True):
        life = living(
            meters(period_s=1e6), levels=GivenLevels(-127.0), fading_sigma_db=6.0, data_rate=5
        )
        if extra:
            life.at(10.0, life.ring, METER, -1.0)
        for number in range(100):
            life.at(1_000.0 + 50.0 * number, life.ring, METER, float(number))
        life.clock.run(10_000.0)
        rows.append([row for row in life.rows if row[1] >= 0.0])
    assert rows[0] == rows[1]
    assert 20 < len(rows[0]) < 80


def test_the_latest_value_can_be_asked_long_after() -> None:
    """A signal nobody subscribed to is known all the same when a policy asks."""
    life = living(meters(2))
    life.link.inbox._handlers.clear()
    life.clock.run(1_000.0)
    assert life.rows == []
    told = life.link.inbox.latest(AssetId("meters/1"), LEVEL)
    assert told is not None
    assert (told.reading.value, told.reading.sampled_s, told.gateways) == (721.0, 720.0, 1)


def test_fates_cover_every_message_of_a_crowded_cell() -> None:
    """500 devices on one channel at SF12: all fates sum to the readings made, most collide."""
    fleet = meters(500, period_s=3_600.0, phase_s=np.linspace(0.0, 600.0, 500))
    life = living(fleet, channels=1, data_rate=0)
    life.clock.run(3_000.0)
    counts = life.link.tally()["meters"]
    assert sum(counts.values()) == 500
    assert counts[Fate.COLLISION] > counts[Fate.DELIVERED] > 0
