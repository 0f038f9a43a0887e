"""From counts of devices to shares of zones."""

from __future__ import annotations

import numpy as np
import pytest

from models.lora.load.live import Day
from models.lora.load.measure import Groups, collection, delivery, losses
from models.lora.load.storm import Storm
from models.lora.network.fates import COLLISION, OUT_OF_REACH
from models.lora.network.state import TALLY


def _day() -> Day:
    """Return four devices: three meters (two pits, one outdoors) and one bin."""
    tally = np.zeros(4, dtype=TALLY)
    tally["messages"] = [2, 1, 1, 4]
    tally["delivered"] = [1, 0, 1, 3]
    tally["lost"][0, OUT_OF_REACH] = tally["lost"][1, COLLISION] = tally["lost"][3, COLLISION] = 1
    none = np.zeros(4, dtype=np.int64)
    return Day(np.arange(4), tally, none, none, np.zeros((1, 1, 3)), 86_400.0)


def _groups() -> Groups:
    meters = np.array([True, True, True, False])
    return Groups(
        fleets={"meters": meters, "bins": ~meters},
        main=meters,
        epci=np.array([0, 0, 1, 1]),
        epcis=("200000001", "200000002"),
        commune=np.array([0, 0, 1, 1]),
        communes=("36901", "36902"),
        placement=np.array([2, 2, 0, 0], dtype=np.uint8),
    )


def test_delivered_counts_messages_and_read_counts_devices() -> None:
    """Of four meters' messages two arrive; of three meters two are read."""
    of, day = _groups(), _day()
    assert delivery(of, day).get("") == pytest.approx(2 / 4)
    assert collection(of, day).get("") == pytest.approx(2 / 3)
    assert delivery(of, day).get("bins") == pytest.approx(3 / 4)
    assert collection(of, day).get("bins") == 1.0


def test_places_are_those_of_the_meters_alone() -> None:
    """Pits, communes and EPCI tell the meters; a zone without any is not told."""
    read = collection(_groups(), _day())
    assert read.get("pit") == pytest.approx(1 / 2)
    assert read.get("36902") == 1.0
    assert read.get("200000001") == pytest.approx(1 / 2)
    assert read.get("indoor") is None


def test_a_device_with_nothing_due_is_not_counted() -> None:
    """A device whose period is longer than the span neither helps nor harms what is read."""
    day = _day()
    day.tally["messages"][1] = day.tally["lost"][1] = 0
    assert collection(_groups(), day).get("") == 1.0


def test_losses_and_deliveries_add_up() -> None:
    """Every message settled was delivered or lost to one cause."""
    of, day = _groups(), _day()
    lost = losses(of, day)
    for fleet in ("meters", "bins"):
        parts = [
            value
            for zone, value in zip(lost.zones, lost.values.tolist(), strict=True)
            if zone.endswith(f"/{fleet}")
        ]
        assert sum(parts) + (delivery(of, day).get(fleet) or 0.0) == pytest.approx(1.0)


def test_minutes_until_a_share_is_back() -> None:
    """The first minute at whose end the share is back counts; NaN where it never is."""
    storm = Storm(np.array([0.2, 0.5, 0.9]), 10, np.array([3]), _day(), 0.1)
    assert storm.minutes_until(0.5) == 2.0
    assert np.isnan(storm.minutes_until(0.95))
