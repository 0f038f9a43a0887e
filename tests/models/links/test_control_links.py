"""What the control links do beyond the laws common to all links."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest
from pydantic import ValidationError

from models.links.constant import ConstantLink
from models.links.ideal import IdealLink
from models.links.make import make_link
from models.links.none import NoLink
from models.links.settings import Settings
from twin.clock import Calendar, Clock
from twin.errors import InputError
from twin.links import LinkContext
from twin.ports import Link
from twin.signals import Ack, AssetId, Command, DeliveredBatch, Fate, Fleet, Lost, Reading, Signal
from twin.streams import Streams

LEVEL = Signal("level", "m")
STREAMS = Streams(3, 0)
BIN = AssetId("bins/0")


def bins(size: int = 2, name: str = "bins") -> Fleet:
    """Return bins that send at 10, 110, 210, ... s."""
    zero = np.zeros(size)
    return Fleet(name, LEVEL, zero, zero, zero, 100.0, zero + 10.0, 9)


def begun(link: Link, fleet: Fleet | None = None) -> Clock:
    """Register the bins, start the link and return its clock."""
    clock = Clock(Calendar(datetime(2025, 1, 1)))  # noqa: DTZ001 - local time
    link.uplink.register(fleet or bins())
    link.start(clock)
    return clock


def test_the_share_lost_is_the_share_asked_for() -> None:
    """Of 100,000 readings a link with 20 % of loss loses 20 %, within four deviations."""
    link = ConstantLink(STREAMS, 0.2)
    clock = begun(link, bins(1_000))
    clock.run(10_000.0)
    counts = link.tally()["bins"]
    assert sum(counts.values()) == 100_000
    assert counts[Fate.UNEXPLAINED] == pytest.approx(20_000, abs=4 * 126.5)


def test_losses_of_one_device_are_independent() -> None:
    """The lag-one correlation of a device's losses is zero, unlike a real meter's."""
    link = ConstantLink(STREAMS, 0.5, window_s=1e5)
    seen: list[DeliveredBatch] = []
    link.inbox.subscribe(LEVEL, seen.append)
    begun(link, bins(50)).run(150_000.0)
    heard = np.zeros((50, 1_000), dtype=np.bool_)
    heard[seen[0].assets, np.rint((seen[0].sampled_s - 10.0) / 100.0).astype(int)] = True
    assert abs(np.corrcoef(heard[:, 1:].ravel(), heard[:, :-1].ravel())[0, 1]) < 0.02


def test_what_is_on_its_way_is_told() -> None:
    """A reading sent 5 s ago with a delay of 30 s is in flight; 30 s later it is delivered."""
    link = ConstantLink(STREAMS, 0.0, delay_s=30.0)
    clock = begun(link)
    clock.run(15.0)
    assert link.tally()["bins"][Fate.IN_FLIGHT] == 2
    clock.run(45.0)
    counts = link.tally()["bins"]
    assert (counts[Fate.IN_FLIGHT], counts[Fate.DELIVERED]) == (0, 2)


def test_asking_for_the_tally_changes_nothing() -> None:
    """Deliveries are handed over at the same times whether or not somebody counts."""
    handed: list[list[tuple[float, int]]] = []
    for asks in (False, True):
        link = ConstantLink(STREAMS, 0.3, delay_s=5.0, window_s=70.0)
        clock = begun(link)
        log: list[tuple[float, int]] = []
        link.inbox.subscribe(
            LEVEL, lambda batch, log=log, clock=clock: log.append((clock.now, len(batch)))
        )
        for until_s in (33.0, 140.0, 1_000.0):
            clock.run(until_s)
            if asks:
                link.tally()
        handed.append(log)
    assert handed[0] == handed[1] != []


def test_a_device_without_power_is_silent() -> None:
    """Readings due between a cut and its end are not made; an alarm meanwhile is not sent."""
    link = IdealLink(STREAMS)
    clock = begun(link)
    clock.run(150.0)
    link.power(BIN, on=False)
    clock.run(350.0)
    link.uplink.send(Reading(BIN, Signal("alarm", "1"), 1.0, 350.0, 1))
    link.power(BIN, on=True)
    clock.run(500.0)
    counts = link.tally()["bins"]
    assert (counts[Fate.DELIVERED], counts[Fate.DUTY_CYCLE]) == (10 - 2, 1)
    link.gateway(AssetId("mast"), up=False)  # has none
    assert link.tally()["bins"] == counts


@pytest.mark.parametrize("arrival", ["periodic", "poisson"])
def test_a_fleet_may_come_later(arrival: str) -> None:
    """A fleet registered at 1,000 s sends from then on, at the times it would have sent anyway."""
    fleet = replace(bins(5), arrival=arrival)
    times: list[set[tuple[int, float]]] = []
    for begin_s in (0.0, 1_000.0):
        link = IdealLink(STREAMS)
        clock = begun(link, bins(1, "others"))
        if begin_s > 0.0:
            clock.run(begin_s)
        link.uplink.register(fleet)
        rows: set[tuple[int, float]] = set()

        def note(batch: DeliveredBatch, rows: set[tuple[int, float]] = rows) -> None:
            if batch.fleet == "bins":
                rows |= set(zip(batch.assets.tolist(), batch.sampled_s.tolist(), strict=True))

        link.inbox.subscribe(LEVEL, note)
        clock.run(5_000.0)
        times.append(rows)
    assert times[1] == {(device, t_s) for device, t_s in times[0] if t_s >= 1_000.0}
    assert times[1]


@pytest.mark.parametrize(
    ("link", "answer"),
    [
        (NoLink(STREAMS), Lost(Command(BIN, "open", 1, 50.0), 50.0, Fate.OUT_OF_REACH)),
        (IdealLink(STREAMS), Ack(Command(BIN, "open", 1, 50.0), 50.0)),
        (ConstantLink(STREAMS, 0.0, 3.0), Ack(Command(BIN, "open", 1, 50.0), 56.0)),
        (ConstantLink(STREAMS, 1.0, 3.0), Lost(Command(BIN, "open", 1, 50.0), 56.0, "unexplained")),
    ],
    ids=["none", "ideal", "constant", "deaf"],
)
def test_a_command_is_answered(link: Link, answer: Ack | Lost) -> None:
    """The answer comes after the way there and back, lost or acknowledged."""
    clock = begun(link)
    clock.run(50.0)
    event = link.downlink.send(answer.command)
    assert clock.run(event) == answer
    assert clock.now == (answer.received_s if isinstance(answer, Ack) else answer.given_up_s)


def test_less_loss_acknowledges_no_fewer_commands() -> None:
    """Commands too keep their dice when the loss changes."""
    heard: list[set[float]] = []
    for loss_share in (0.7, 0.4):
        link = ConstantLink(STREAMS, loss_share)
        clock = begun(link)
        answers = [link.downlink.send(Command(BIN, "open", 1, float(t))) for t in range(200)]
        clock.run(1.0)
        values = [event.value for event in answers]
        heard.append({each.command.sent_s for each in values if isinstance(each, Ack)})
    assert heard[0] < heard[1]
    assert len(heard[0]) == pytest.approx(60, abs=26)


def test_each_alarm_has_dice_of_its_own() -> None:
    """Of 400 alarms of one device half are lost; one more in front of them moves no other."""
    heard: list[set[float]] = []
    for begin in (1, 0):
        link = ConstantLink(STREAMS, 0.5)
        clock = begun(link)
        seen: set[float] = set()
        link.inbox.subscribe(
            Signal("alarm", "1"), lambda batch, seen=seen: seen.update(batch.sampled_s.tolist())
        )
        for second in range(begin, 401):
            clock.run(second + 0.5)
            link.uplink.send(Reading(BIN, Signal("alarm", "1"), 1.0, clock.now, 1))
        clock.run(1_000.0)
        heard.append(seen)
    assert len(heard[0]) == pytest.approx(200, abs=40)
    assert heard[1] - {0.5} == heard[0]


def test_misuse_is_refused() -> None:
    """An unknown asset, a reading of the future, a second start, a link not started."""
    link = IdealLink(STREAMS)
    with pytest.raises(ValueError, match="not been started"):
        assert link.now_s == 0.0
    clock = begun(link)
    with pytest.raises(InputError, match="lamp"):
        link.uplink.send(Reading(AssetId("lamp"), LEVEL, 1.0, 0.0, 1))
    with pytest.raises(InputError, match="lamp"):
        link.downlink.send(Command(AssetId("lamp"), "on", 1, 0.0))
    with pytest.raises(ValueError, match="5"):
        link.uplink.send(Reading(BIN, LEVEL, 1.0, 5.0, 1))
    with pytest.raises(ValueError, match="once"):
        link.start(clock)


@pytest.mark.parametrize(
    ("words", "kind", "window_s"),
    [
        ({}, NoLink, 900.0),
        ({"kind": "ideal", "window_s": 60.0}, IdealLink, 60.0),
        ({"kind": "constant", "loss_share": 0.1, "delay_s": 2.0}, ConstantLink, 900.0),
    ],
)
def test_a_scenario_names_its_link(
    words: dict[str, object], kind: type[object], window_s: float
) -> None:
    """The section says which link is made; nothing said is nothing bought."""
    context = LinkContext(None, STREAMS, lambda _name: 0.0)  # type: ignore[arg-type] # no scenario
    link = make_link(Settings.model_validate(words), context)
    assert isinstance(link, kind)
    assert link.window_s == window_s  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "words",
    [
        {"kind": "pigeon"},
        {"loss_share": 1.5},
        {"delay_s": -1.0},
        {"window_s": 0.0},
        {"losses": 0.1},
        {"kind": "ideal", "loss_share": 0.1},
        {"kind": "none", "delay_s": 1.0},
    ],
)
def test_a_scenario_at_fault_is_refused(words: dict[str, object]) -> None:
    """Unknown kinds and keys, shares outside [0, 1], and figures the kind would ignore."""
    with pytest.raises(ValidationError):
        Settings.model_validate(words)
