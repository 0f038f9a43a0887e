"""One message to a group: who hears it, when, and what is refused."""

from __future__ import annotations

import pytest

from models.lora.link.multicast import Multicast
from models.lora.link.ping_slots import next_ping_slot_s
from models.lora.network.eu868 import command_airtimes_s
from tests.models.lora.link.lora_world import GivenLevels, Life, living, meters
from twin.errors import InputError
from twin.signals import AssetId
from twin.streams import Streams

MAST = AssetId("mast/0")


def lamps(device_class: str, **settings: object) -> Life:
    """Return three lamps, the last out of reach of everything, in the group "street"."""
    return living(
        meters(3, "lamps", device_class=device_class, period_s=86_400.0),
        levels=GivenLevels((-90.0, -100.0, -160.0)),
        groups={"street": ["lamps/2", "lamps/0", "lamps/1"]},
        **settings,
    )


def cast(life: Life, at_s: float) -> Multicast:
    """Send 8 bytes to the street and return what came of it."""
    life.clock.run(at_s)
    told = life.clock.run(life.link.multicast("street", "dim", 8))
    assert isinstance(told, Multicast)
    return told


def test_class_c_hears_at_once() -> None:
    """The frame begins when it is asked for, at RX2's data rate; each member is told of."""
    told = cast(lamps("C"), 1_000.0)
    assert told.ended_s == 1_000.0 + command_airtimes_s(8)[0]
    assert told.heard == {"lamps/0": True, "lamps/1": True, "lamps/2": False}


def test_class_b_hears_at_its_next_ping_slot() -> None:
    """The frame begins with the group's slot, at SF9."""
    told = cast(lamps("B", ping_periodicity=3), 1_000.0)
    key = Streams(1, 0).key64("link", "group", "street")
    assert told.ended_s == next_ping_slot_s(1_000.0, key, 3) + command_airtimes_s(8)[3]
    assert told.heard == {"lamps/0": True, "lamps/1": True, "lamps/2": False}


def test_nobody_hears_a_gateway_that_is_down() -> None:
    """The members are told of all the same."""
    life = lamps("C")
    life.at(900.0, life.link.gateway, MAST, up=False)
    assert not any(cast(life, 1_000.0).heard.values())


def test_a_member_without_power_hears_nothing() -> None:
    """The others do."""
    life = lamps("C")
    life.at(900.0, life.link.power, AssetId("lamps/1"), on=False)
    assert cast(life, 1_000.0).heard == {"lamps/0": True, "lamps/1": False, "lamps/2": False}


def test_two_multicasts_at_one_instant_are_two() -> None:
    """One gateway sends the first; the second finds it busy; each event tells of its own."""
    life = lamps("C")
    life.clock.run(1_000.0)
    first, second = (life.link.multicast("street", "dim", 8) for _ in range(2))
    life.clock.run(1_100.0)
    assert sum(first.value.heard.values()) == 2
    assert sum(second.value.heard.values()) == 0


@pytest.mark.parametrize(
    ("members", "remedy"),
    [(["meters/0"], "class A"), (["meters/0", "lamps/0"], "class A"), ([], "list")],
)
def test_a_group_that_cannot_hear_is_refused(members: list[str], remedy: str) -> None:
    """Class A listens to nobody it has not spoken to."""
    with pytest.raises(InputError, match=remedy):
        living(meters(), meters(1, "lamps", device_class="C"), groups={"some": members})


def test_unknown_groups_and_long_messages_are_refused() -> None:
    """52 bytes do not fit RX2's SF12."""
    life = lamps("C")
    with pytest.raises(InputError, match="street"):
        life.link.multicast("avenue", "dim", 8)
    with pytest.raises(InputError, match="0 to 51"):
        life.link.multicast("street", "dim", 52)
