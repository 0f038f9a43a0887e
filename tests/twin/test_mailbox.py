"""The inbox keeps the latest delivery of each asset and reads values only for who reads them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from twin.errors import InputError
from twin.mailbox import Mailbox
from twin.ports import Inbox
from twin.signals import AssetId, Delivered, DeliveredBatch, Fleet, Reading, Signal

LEVEL = Signal("level", "m")
ALARM = Signal("alarm", "1")
Asked = list[tuple[list[int], list[float]]]


def bins(asked: Asked | None = None, name: str = "bins", *, dumb: bool = False) -> Fleet:
    """Return three bins whose level is 100 a device plus the time, noting what was asked."""

    def sample(devices: NDArray[np.int32], times_s: NDArray[np.float64]) -> NDArray[np.float64]:
        if asked is not None:
            asked.append((devices.tolist(), times_s.tolist()))
        return np.asarray(100.0 * devices + times_s)

    zero = np.zeros(3)
    return Fleet(name, LEVEL, zero, zero, zero, 600.0, zero, 9, sample=None if dumb else sample)


def arrive(box: Mailbox, devices: list[int], sampled_s: list[float], late_s: float = 2.0) -> None:
    """Hand over readings of the bins, heard by two gateways."""
    times_s = np.array(sampled_s)
    two = np.full(len(devices), 2, np.int16)
    box.arrive("bins", np.array(devices, np.int32), times_s, times_s + late_s, two)


def test_batches_come_in_order_of_reception() -> None:
    """Whatever the order handed over, a subscriber sees receptions in order, values beside them."""
    box, seen = Mailbox(), list[DeliveredBatch]()
    box.register(bins())
    box.subscribe(LEVEL, seen.append)
    arrive(box, [2, 0, 1], [30.0, 10.0, 20.0])
    (batch,) = seen
    assert batch.assets.tolist() == [0, 1, 2]
    assert batch.received_s.tolist() == [12.0, 22.0, 32.0]
    assert batch.values.tolist() == [10.0, 120.0, 230.0]
    assert (batch.fleet, batch.signal, batch.asset(2)) == ("bins", LEVEL, "bins/2")


def test_nobody_reading_costs_no_value() -> None:
    """Values are asked of the fleet only once somebody subscribed or asked, and never twice."""
    asked: Asked = []
    box = Mailbox()
    box.register(bins(asked))
    assert not box.wanted(LEVEL)
    arrive(box, [0, 1], [10.0, 20.0])
    assert asked == []
    first = box.latest(AssetId("bins/1"), LEVEL)
    assert first == Delivered(Reading(AssetId("bins/1"), LEVEL, 120.0, 20.0, 9), 22.0, 2)
    assert asked == [([1], [20.0])]
    assert box.latest(AssetId("bins/1"), LEVEL) == first
    assert len(asked) == 1
    assert box.wanted(LEVEL)
    arrive(box, [0], [700.0])
    assert asked[1:] == [([0], [700.0])]


def test_the_latest_is_the_same_whoever_read_before() -> None:
    """A first look at a signal nobody read shows what a subscriber from the start would see."""
    told = []
    for early in (True, False):
        box = Mailbox()
        box.register(bins())
        if early:
            box.subscribe(LEVEL, lambda _: None)
        arrive(box, [1, 0, 1], [5.0, 10.0, 20.0])
        arrive(box, [0], [9.0], late_s=100.0)  # sampled before, received after
        arrive(box, [1], [21.0], late_s=0.0)  # sampled after, received before
        told.append([box.latest(asset, LEVEL) for asset in bins().ids])
    assert told[0] == told[1]
    assert [each and each.reading.sampled_s for each in told[0]] == [9.0, 20.0, None]


def test_an_alarm_is_delivered_itself() -> None:
    """The inbox holds the very reading that was sent, and hands it over as a batch of one."""
    box, seen = Mailbox(), list[DeliveredBatch]()
    box.register(bins())
    box.subscribe(ALARM, seen.append)
    reading = Reading(AssetId("bins/1"), ALARM, 0.1 + 0.2, 7.0, 1)
    box.deliver_reading(Delivered(reading, 9.0, 3))
    latest = box.latest(AssetId("bins/1"), ALARM)
    assert latest is not None
    assert latest.reading is reading
    assert seen[0].values.tolist() == [0.1 + 0.2]
    assert (seen[0].assets.tolist(), seen[0].gateways.tolist()) == ([1], [3])
    box.deliver_reading(Delivered(Reading(AssetId("bins/1"), ALARM, 5.0, 6.0, 1), 8.0, 1))
    assert box.latest(AssetId("bins/1"), ALARM) is latest


def test_an_alarm_and_a_periodic_reading_share_one_latest() -> None:
    """Of one signal sent both ways, the latest is the last received."""
    box = Mailbox()
    box.register(bins())
    asset = AssetId("bins/0")
    arrive(box, [0], [10.0])
    box.deliver_reading(Delivered(Reading(asset, LEVEL, 55.0, 15.0, 1), 16.0, 1))
    values = [box.latest(asset, LEVEL)]
    arrive(box, [0], [610.0])
    values.append(box.latest(asset, LEVEL))
    assert [each and each.reading.value for each in values] == [55.0, 610.0]


def test_values_already_known_are_kept() -> None:
    """A batch that brings its values is handed over and kept as it is."""
    box, seen = Mailbox(), list[DeliveredBatch]()
    box.register(bins())
    box.subscribe(ALARM, seen.append)
    times_s = np.array([4.0, 3.0])
    devices, heard = np.array([0, 1], np.int32), np.ones(2, np.int16)
    values = np.array([0.25, 0.5])
    batch = DeliveredBatch(ALARM, devices, values, times_s, times_s, heard, "bins", bins().ids)
    box.deliver(batch)
    assert seen[0].values.tolist() == [0.5, 0.25]
    latest = box.latest(AssetId("bins/0"), ALARM)
    assert latest is not None
    assert (latest.reading.value, latest.received_s) == (0.25, 4.0)


def test_a_fleet_that_samples_nothing_says_so() -> None:
    """Without a sampler the value is NaN, never a made-up number."""
    box, seen = Mailbox(), list[DeliveredBatch]()
    box.register(bins(dumb=True))
    box.subscribe(LEVEL, seen.append)
    arrive(box, [0], [10.0])
    assert np.isnan(seen[0].values).all()


def test_a_sampler_that_miscounts_is_refused() -> None:
    """A sampler that answers with another number of values stops the run, named."""
    box = Mailbox()
    zero = np.zeros(3)
    box.register(
        Fleet("bins", LEVEL, zero, zero, zero, 600.0, zero, 9, sample=lambda *_: np.zeros(1))
    )
    box.subscribe(LEVEL, lambda _: None)
    with pytest.raises(ValueError, match="'bins'"):
        arrive(box, [0, 1], [10.0, 20.0])


def test_names_are_taken_once() -> None:
    """A fleet or an asset registered twice, and an asset nobody registered, are refused."""
    box: Mailbox = Mailbox()
    box.register(bins())
    with pytest.raises(InputError, match="bins"):
        box.register(bins())
    zero = np.zeros(1)
    thief = Fleet("x", LEVEL, zero, zero, zero, 1.0, zero, 1, asset_ids=[AssetId("bins/2")])
    with pytest.raises(InputError, match="bins/2"):
        box.register(thief)
    inbox: Inbox = box
    with pytest.raises(InputError, match="lamp"):
        inbox.latest(AssetId("lamp"), LEVEL)
