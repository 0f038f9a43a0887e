"""What travels is frozen, and every lost frame has exactly one cause."""

from __future__ import annotations

import dataclasses

import pytest

from twin import signals
from twin.signals import Ack, AssetId, Command, Delivered, Fate, Lost, Reading, Signal

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
        if isinstance(kind, type) and dataclasses.is_dataclass(kind)
    ]
    assert len(kinds) == 8
    assert all(kind.__dataclass_params__.frozen for kind in kinds)


def test_value_is_kept() -> None:
    """A delivery carries the reading itself, unchanged."""
    assert Delivered(READING, 3_601.5, 2).reading is READING


def test_fates_are_distinct_words() -> None:
    """Each fate has its own name for tables; a command given up names one of them."""
    assert len({fate.value for fate in Fate}) == len(Fate) == 8
    assert Lost(COMMAND, 99.0, Fate.COLLISION).cause == "collision"
