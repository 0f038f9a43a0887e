"""What travels is frozen, and every lost frame has exactly one cause."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from twin import signals
from twin.errors import InputError
from twin.signals import (
    Ack,
    AssetId,
    Command,
    Delivered,
    DeliveredBatch,
    Fate,
    Fleet,
    Lost,
    Reading,
    Signal,
)

READING = Reading(AssetId("meter-1"), Signal("water_index", "m3"), 12.5, 3_600.0, 12)
COMMAND = Command(AssetId("meter-1"), "close", 4, 10.0)


@pytest.mark.parametrize(
    "message", [READING, Delivered(READING, 3_601.5, 2), COMMAND, Ack(COMMAND, 12.0)]
)
def test_frozen(message: object) -> None:
    """No link and no policy can alter what a model sent."""
    for field in dataclasses.fields(message):  # type: ignore[arg-type]
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(message, field.name, None)


def test_all_messages_are_frozen() -> None:
    """Every dataclass of the module is frozen, also those added later."""
    kinds = [
        kind
        for kind in vars(signals).values()
        if isinstance(kind, type)
        and dataclasses.is_dataclass(kind)
        and kind.__module__ == signals.__name__
    ]
    assert len(kinds) == 8
    assert all(kind.__dataclass_params__.frozen for kind in kinds)


def test_value_is_kept() -> None:
    """A delivery carries the reading itself, unchanged."""
    assert Delivered(READING, 3_601.5, 2).reading is READING


def test_fates_are_distinct_words() -> None:
    """Each fate has its own name for tables; a command given up names one of them."""
    assert len({fate.value for fate in Fate}) == len(Fate) == 9
    assert Lost(COMMAND, 99.0, Fate.COLLISION).cause == "collision"


def fleet(**changes: Any) -> Fleet:
    """Return a sound fleet of two meters, with changes."""
    two = np.zeros(2)
    sound: dict[str, Any] = {
        "name": "meters",
        "signal": READING.signal,
        "x_m": two,
        "y_m": two,
        "height_m": two + 1.0,
        "period_s": 86_400.0,
        "phase_s": np.array([0.0, 60.0]),
        "payload_bytes": 12,
    }
    return Fleet(**(sound | changes))


def test_devices_have_names() -> None:
    """A device is called by its fleet and its place, unless the fleet names it."""
    assert tuple(fleet().ids) == ("meters/0", "meters/1")
    assert fleet(asset_ids=["a", "b"]).ids == ["a", "b"]
    assert fleet().size == 2
    assert fleet(use_case=["bin", "lamp"]).use_case == ["bin", "lamp"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("x_m", np.zeros(3)),
        ("y_m", np.zeros((2, 1))),
        ("height_m", np.array([1.0, np.nan])),
        ("phase_s", np.array([np.inf, 0.0])),
        ("period_s", 0.0),
        ("period_s", np.nan),
        ("jitter_s", -1.0),
        ("payload_bytes", -1),
        ("device_class", "D"),
        ("arrival", "sometimes"),
        ("use_case", ["bin"]),
        ("asset_ids", ["a"]),
        ("asset_ids", ["a", "a"]),
    ],
)
def test_an_unsound_fleet_is_refused(key: str, value: object) -> None:
    """Each unsound field is refused by an error that names the fleet and the field."""
    with pytest.raises(InputError) as caught:
        fleet(**{key: value})
    assert [fault.key.split("[")[0] for fault in caught.value.faults] == [f"meters.{key}"]
    assert "meters" in caught.value.faults[0].remedy.fr


def test_every_fault_of_a_fleet_is_told_at_once() -> None:
    """A fleet with three faults names the three."""
    with pytest.raises(InputError) as caught:
        fleet(period_s=-1.0, payload_bytes=-1, x_m=np.zeros(1))
    keys = {fault.key for fault in caught.value.faults}
    assert keys == {"meters.period_s", "meters.payload_bytes", "meters.x_m"}


def test_a_batch_names_its_assets() -> None:
    """A row of a batch leads to the name of its asset through the fleet's index."""
    one = np.ones(1)
    batch = DeliveredBatch(
        signal=READING.signal,
        assets=np.array([1], np.int32),
        values=one,
        sampled_s=one,
        received_s=one,
        gateways=np.ones(1, np.int16),
        fleet="meters",
        asset_ids=fleet().ids,
    )
    assert (len(batch), batch.asset(0)) == (1, "meters/1")
