"""What the LoRaWAN link refuses, and that it says which fleet and what to do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from models.lora.link import engines
from models.lora.link.disc_levels import DiscLevels
from models.lora.link.gateways import GatewaySites
from models.lora.link.link import LoraLink
from models.lora.link.network_settings import NetworkSettings
from tests.models.lora.link.lora_world import living, masts, meters
from twin.errors import InputError
from twin.signals import AssetId, Command, Fate
from twin.streams import Streams

METER = AssetId("meters/0")


def refused(*fleets: Any, **settings: Any) -> list[tuple[str, str]]:
    """Return key and value of each fault of a link that is not started."""
    with pytest.raises(InputError) as caught:
        living(*fleets, **settings)
    for fault in caught.value.faults:
        assert fault.remedy.fr != fault.remedy.en
    return [(fault.key, fault.value) for fault in caught.value.faults]


def test_every_fault_of_every_fleet_is_told_at_once() -> None:
    """A payload nobody carries, a period beyond the duty cycle, a wide jitter, a negative phase."""
    assert refused(
        meters(payload_bytes=300),
        meters(1, "pumps", period_s=1.0),
        meters(1, "bins", jitter_s=601.0),
        meters(1, "lamps", phase_s=np.array([-1.0])),
    ) == [
        ("meters.payload_bytes", "300"),
        ("pumps.period_s", "1"),
        ("bins.jitter_s", "601"),
        ("lamps.phase_s", "-1"),
    ]


def test_a_data_rate_too_slow_for_a_payload_is_refused() -> None:
    """100 bytes do not travel at SF12."""
    found = refused(meters(payload_bytes=100), data_rate=0)
    assert found == [("meters.payload_bytes", "100, data_rate 0")]


def test_a_fleet_that_comes_late_is_refused() -> None:
    """Once the network lives nothing joins its tables; the remedy is a later phase."""
    life = living(meters())
    with pytest.raises(InputError, match="later phase"):
        life.link.uplink.register(meters(1, "late"))
    with pytest.raises(InputError, match="later phase"):
        life.link.group("late", [METER])


def test_names_are_told_apart() -> None:
    """A device named like a gateway, two fleets of a name, an unknown gateway or asset."""
    assert refused(meters(asset_ids=("mast/0",))) == [("meters.asset_ids", "mast/0")]
    assert refused(meters(), meters()) == [("fleet", "meters")]
    life = living(meters())
    with pytest.raises(InputError, match="mast/0"):
        life.link.gateway(AssetId("mast/9"), up=False)
    with pytest.raises(InputError, match="register its fleet"):
        life.link.power(AssetId("ghost"), on=False)


def test_long_messages_are_refused_when_sent() -> None:
    """An alarm or a command longer than the slowest data rate it may travel at carries."""
    life = living(meters())
    with pytest.raises(InputError, match=r"meters\.alarm\.payload_bytes.*'52'.*0 to 51"):
        life.ring(METER, payload_bytes=52)
    with pytest.raises(InputError, match=r"meters\.valve\.payload_bytes"):
        life.link.downlink.send(Command(METER, "valve", 60, 0.0))


@pytest.mark.parametrize(
    "bad",
    [
        {"chip": "SX1272"},
        {"region": "US915"},
        {"engine": "ns-3"},
        {"interference": "all"},
        {"rx2_rate": 1},
        {"window_s": 0.0},
        {"outside": {"per_s": (0.1, 0.2)}},
        {"outside": {"per_s": (-0.1,)}},
        {"chips": "SX1303"},
    ],
)
def test_settings_refuse_what_they_do_not_know(bad: dict[str, Any]) -> None:
    """Chips, regions, engines and misspelled keys."""
    with pytest.raises(ValidationError):
        NetworkSettings(**bad)


def test_a_missing_engine_is_never_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for an engine that is not at hand, the link refuses."""
    monkeypatch.setattr(engines, "SURROGATE", "models.lora.network.no_such_engine")
    assert refused(meters(), engine="surrogate") == [("engine", "surrogate")]


def test_the_surrogate_is_asked_for_no_command() -> None:
    """What it does not model is refused when it is asked, by name."""
    pytest.importorskip(engines.SURROGATE)
    life = living(meters(), engine="surrogate")
    with pytest.raises(InputError, match=r"engine\.command"):
        life.link.downlink.send(Command(METER, "valve", 1, 0.0))
    with pytest.raises(InputError, match=r"engine\.power"):
        life.link.power(METER, on=False)
    with pytest.raises(InputError, match=r"engine\.power"):
        life.link.cut([AssetId("mast/0"), METER])
    life.link.cut([AssetId("mast/0")])
    life.clock.run(200.0)
    assert life.link.tally()["meters"][Fate.GATEWAY_DOWN] == 1


def test_gateways_are_checked() -> None:
    """No gateway, two of a name, a place that is no number."""
    zero = np.zeros(2)
    twice = (AssetId("a"), AssetId("a"))
    with pytest.raises(InputError) as caught:
        GatewaySites(twice, zero, zero + np.nan, np.zeros(1))
    keys = [fault.key for fault in caught.value.faults]
    assert keys == ["gateways.ids", "gateways.y_m", "gateways.height_m"]
    with pytest.raises(InputError, match="at least one"):
        GatewaySites((), zero[:0], zero[:0], zero[:0])


def test_a_link_without_fleets_does_nothing() -> None:
    """It starts, tallies nothing, and its gateways may fail."""
    life = living()
    life.link.gateway(AssetId("mast/0"), up=False)
    life.link.disturb(868_100_000, 1.0)
    life.clock.run(1_000.0)
    assert life.link.tally() == {}
    assert life.link.unheard == {}


def test_a_link_is_started_once() -> None:
    """A second start is a mistake of the program."""
    life = living(meters())
    with pytest.raises(ValueError, match="once"):
        life.link.start(life.clock)
    streams = Streams(1, 0)
    idle = LoraLink(streams, masts(), DiscLevels(streams), NetworkSettings())
    with pytest.raises(ValueError, match="not been started"):
        idle.tally()
