"""Traffic rebuilt from logs: times, counters, sizes, losses, periods."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_logs import START, frame, log_of

from models.lora.calibration.network_logs import LONGEST_GAP
from models.lora.calibration.uplinks import Reception, Uplink
from models.lora.logs.export import write_uplinks
from models.lora.logs.replay import ReplayedTraffic, read_traffic, traffic_of
from twin.errors import DataError, InputError

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def heard(counter: int, after_s: float, **changes: Any) -> Uplink:
    """Return an uplink of meter-1 received some seconds after noon."""
    made: dict[str, Any] = {
        "device": "meter-1",
        "counter": counter,
        "spreading_factor": 10,
        "frequency_mhz": 868.1,
        "receptions": (Reception("ge-1", -110.0, -3.0),),
        "position_deg": None,
        "received_at": (NOON + timedelta(seconds=after_s)).isoformat(),
        "place": f"l. {counter}",
    }
    return Uplink(**(made | changes))


def told(traffic: ReplayedTraffic) -> tuple[int, int, int]:
    """Return frames sent, sessions and outages of the only device."""
    return (
        int(traffic.estimated_sent[0]),
        int(traffic.sessions[0]),
        int(traffic.outages[0]),
    )


@pytest.mark.parametrize("style", ["chirpstack", "things-stack"])
def test_an_exported_log_is_replayed_as_it_was_sent(tmp_path: Path, style: Any) -> None:
    """Transmissions of a simulated log come back to the microsecond: the time on air is off."""
    frames = [
        frame(device=n % 2, f_cnt=n // 2, start_s=100.0 + 900.25 * n, data_rate=n % 7)
        for n in range(14)
    ]
    write_uplinks(log_of(frames), tmp_path / "log.ndjson", style)
    traffic = read_traffic(tmp_path / "log.ndjson", start=START)
    assert traffic.start == START
    assert len(traffic.devices) == 2
    assert len(traffic) == 14
    order = np.argsort(traffic.sent_s)
    np.testing.assert_allclose(
        traffic.sent_s[order], [f["start_s"] for f in frames], rtol=0, atol=2e-6
    )
    assert traffic.counter[order].tolist() == [f["f_cnt"] for f in frames]
    assert set(traffic.payload_bytes.tolist()) == {3}
    assert traffic.spreading_factor[order].tolist() == [12, 11, 10, 9, 8, 7, 7] * 2
    assert traffic.gateways.tolist() == [2] * 14
    np.testing.assert_allclose(traffic.period_s, 1800.5, atol=1e-5)
    assert traffic.loss_share.tolist() == [0.0, 0.0]
    assert traffic.notices == ()


def test_time_starts_with_the_first_transmission() -> None:
    """Without a start t = 0 is the first transmission of any device."""
    traffic = traffic_of([heard(3, 700.0), heard(4, 1_300.0), heard(9, 100.0, device="a")])
    assert traffic.devices == ("a", "meter-1")
    assert traffic.start == NOON + timedelta(seconds=100)
    assert traffic.sent_s.tolist() == [0.0, 600.0, 1200.0]
    assert traffic.sent_s[traffic.rows(1)].tolist() == [600.0, 1200.0]


def test_a_start_without_zone_is_refused() -> None:
    """A start whose zone is unknown is an error, not a guess."""
    with pytest.raises(InputError) as caught:
        traffic_of([heard(3, 0.0)], NOON.replace(tzinfo=None))
    assert caught.value.faults[0].key == "start"


def test_gaps_are_losses_and_the_period_is_that_of_the_counter() -> None:
    """Counters 1, 2, 5 heard at 0, 1 and 4 hours: five sent, two lost, period one hour."""
    traffic = traffic_of([heard(1, 0.0), heard(2, 3_600.0), heard(5, 14_400.0)])
    assert told(traffic) == (5, 1, 0)
    assert traffic.loss_share[0] == pytest.approx(2 / 5)
    assert traffic.period_s[0] == 3_600.0


def test_rejoins_outages_and_copies_are_not_losses() -> None:
    """A fall of the counter, a gap of 400 frames and a copied frame add no lost frame."""
    traffic = traffic_of(
        [heard(9, 0.0), heard(1, 10.0), heard(2, 20.0), heard(2, 21.0), heard(402, 4_020.0)]
    )
    assert told(traffic) == (4, 2, 1)
    assert traffic.period_s[0] == 10.0
    notices = " | ".join(notice.en for notice in traffic.notices)
    assert "1 falls of the counter" in notices
    assert "1 gaps of more than 50" in notices


def test_copies_join_their_receptions() -> None:
    """A frame logged once a gateway is one frame heard by two."""
    other = (Reception("ge-2", -100.0, 1.0),)
    traffic = traffic_of([heard(1, 0.0), heard(1, 0.2, receptions=other)])
    assert traffic.gateways.tolist() == [2]


def test_a_device_heard_once_has_no_period() -> None:
    """One frame tells no period and no loss."""
    traffic = traffic_of([heard(1, 0.0)])
    assert np.isnan(traffic.period_s[0])
    assert traffic.loss_share.tolist() == [0.0]


def test_order_is_that_of_time_not_of_text() -> None:
    """12:00:01.7Z comes before 12:00:01.787Z although its text sorts after it."""
    late = heard(2, 0.0, received_at="2026-03-01T12:00:01.787Z")
    early = heard(1, 0.0, received_at="2026-03-01T12:00:01.7Z")
    assert told(traffic_of([late, early])) == (2, 1, 0)


@given(
    steps=st.lists(st.integers(1, LONGEST_GAP + 1), min_size=1, max_size=30),
    first=st.integers(0, 1_000),
    shuffle=st.randoms(use_true_random=False),
)
def test_sent_is_the_span_of_the_counter(steps: list[int], first: int, shuffle: Any) -> None:
    """Within a session, heard plus lost is last minus first plus one, in any order of the log."""
    counters = np.cumsum([first, *steps]).tolist()
    uplinks = [heard(c, 60.0 * c) for c in counters]
    shuffle.shuffle(uplinks)
    traffic = traffic_of(uplinks)
    assert told(traffic) == (counters[-1] - first + 1, 1, 0)
    assert traffic.period_s[0] == pytest.approx(60.0)
    assert traffic.counter.tolist() == counters


def test_unknown_sizes_are_told_and_take_no_time_off() -> None:
    """A frame without payload keeps its time of reception; the notice says how many."""
    traffic = traffic_of([heard(1, 5.0), heard(2, 10.0, payload_bytes=7)], NOON)
    assert traffic.sent_s[0] == 5.0
    assert traffic.sent_s[1] == pytest.approx(10.0 - 0.370688)
    assert "1 frames without a payload" in traffic.notices[0].en


def test_times_without_zone_are_refused_with_their_place() -> None:
    """A missing time and one without zone are told by line, field and value."""
    with pytest.raises(DataError) as caught:
        traffic_of(
            [heard(1, 0.0, received_at=""), heard(2, 0.0, received_at="2026-03-01T12:00:01")],
            file="log.json",
        )
    first, second = caught.value.faults
    assert (first.file, first.key, first.value) == ("log.json", "l. 1", "absent")
    assert (second.key, second.value) == ("l. 2", "2026-03-01T12:00:01")
    assert "time, received_at" in first.expected.en


def test_a_log_without_any_counter_is_refused(tmp_path: Path) -> None:
    """One zero counter is left out of JSON; a log where none is there has lost its counters."""
    log = log_of([frame(f_cnt=0), frame(f_cnt=0, device=1, start_s=90.0)])
    path = tmp_path / "log.ndjson"
    write_uplinks(log, path, "things-stack")
    with pytest.raises(DataError) as caught:
        read_traffic(path)
    assert "f_cnt" in caught.value.faults[0].expected.fr
    (tmp_path / "one.json").write_text(path.read_text("ascii").splitlines()[0], "ascii")
    assert read_traffic(tmp_path / "one.json").counter.tolist() == [0]


def test_a_device_without_counters_among_others_is_told() -> None:
    """Three frames without a counter beside a sound device are one frame, and a notice."""
    mute = [heard(0, 10.0 * n, device="mute", counter_told=False) for n in range(3)]
    traffic = traffic_of([*mute, heard(4, 50.0)])
    assert len(traffic) == 2
    assert any("1 devices without any counter" in notice.en for notice in traffic.notices)


def test_other_events_are_counted(tmp_path: Path) -> None:
    """Joins and acknowledgements are passed over, and told."""
    path = tmp_path / "log.ndjson"
    write_uplinks(log_of([frame()]), path, "chirpstack")
    joined = json.dumps({"join_accept": {}})
    path.write_text(f"{path.read_text('ascii')}{joined}\n", "ascii")
    assert read_traffic(path).notices[0].en.startswith("1 objects that are not uplinks")
