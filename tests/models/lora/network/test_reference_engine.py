"""The reference engine on cases small enough to work out by hand, one rule each."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from models.lora.duty import free_at_s
from models.lora.network.draws import ARRIVAL, BACK_OFF, JOIN, PERIODIC, message_key, unit
from models.lora.network.fates import (
    COLLISION,
    DELIVERED,
    GATEWAY_DEAF,
    GATEWAY_DOWN,
    NO_DEMODULATOR,
    NOT_SENT,
    OUT_OF_REACH,
    FrameLog,
)
from models.lora.network.reference.engine import ReferenceEngine
from models.lora.network.rows import picked
from models.lora.network.setup import (
    ALARM_ORDER,
    CHANNEL_ORDER,
    CLASS_C,
    COMMAND_ORDER,
    GATEWAY_ORDER,
    MULTICAST_ORDER,
    POISSON_ARRIVAL,
    POWER_ORDER,
    Groups,
    Network,
    Orders,
)
from tests.models.lora.network.little_network import (
    BAND_P,
    UPLINK_S,
    airtimes_s,
    little_network,
    little_orders,
)

ONCE_S = 1.0e6
"""A period after which the tests have ended: one reading a device."""

NO_DUTY = (1.0, 1.0, 1.0)
SF7_S = float(UPLINK_S[5])
EMPTY_SF12_S = 8 * 4096 / 125_000


def play(network: Network, until_s: float, orders: Orders | None = None) -> FrameLog:
    """Return the frames of a run."""
    return ReferenceEngine(network).run(until_s, orders)[0]


def groups_of(*members: list[int]) -> Groups:
    """Return multicast groups from their members."""
    sizes = [0, *(len(group) for group in members)]
    return Groups(np.cumsum(sizes), np.array([d for group in members for d in group]))


def test_the_stronger_of_two_frames_survives() -> None:
    """Of two overlapping frames of one factor the one 10 dB stronger is decoded, the other lost."""
    frames = play(little_network([[-80.0], [-90.0]], channels=1, period_s=ONCE_S), 200.0)
    assert frames.fate.tolist() == [DELIVERED, COLLISION]
    assert frames.start_s.tolist() == [100.0, 100.0]
    assert frames.level_dbm[0] == -80.0
    assert frames.best_gateway.tolist() == [0, -1]


def test_neither_of_two_equal_frames_survives() -> None:
    """Under 6 dB apart, both are lost, unless the matrix is none or the channels differ."""
    levels = [[-80.0], [-85.9]]
    frames = play(little_network(levels, channels=1, period_s=ONCE_S), 200.0)
    assert frames.fate.tolist() == [COLLISION, COLLISION]
    calm = little_network(levels, channels=1, period_s=ONCE_S, interference="none")
    assert play(calm, 200.0).fate.tolist() == [DELIVERED, DELIVERED]


def test_energy_counts_the_overlap_only() -> None:
    """A tenth of a frame overlapped by an equal one leaves 10 dB: both survive; by power, none."""
    case: dict[str, Any] = {
        "levels_dbm": [[-80.0], [-80.0]],
        "channels": 1,
        "period_s": ONCE_S,
        "phase_s": [100.0, 100.0 + 0.9 * SF7_S],
    }
    assert play(little_network(**case), 200.0).fate.tolist() == [DELIVERED, DELIVERED]
    by_power = little_network(**case, radio={"energy": False})
    assert play(by_power, 200.0).fate.tolist() == [COLLISION, COLLISION]


@pytest.mark.parametrize(("grace_symbols", "fate"), [(0.0, COLLISION), (5.0, DELIVERED)])
def test_grace(grace_symbols: float, fate: int) -> None:
    """What ends within a frame's grace does it no harm, however strong: 2 of 5 symbols here."""
    network = little_network(
        [[-80.0], [-120.0]],
        channels=1,
        period_s=ONCE_S,
        phase_s=[100.0, 100.0 + SF7_S - 0.002],
        radio={"grace_symbols": grace_symbols},
    )
    assert play(network, 200.0).fate.tolist() == [DELIVERED, fate]


def test_out_of_reach_disturbs() -> None:
    """A frame under the sensitivity is lost, yet still disturbs one 3 dB above it."""
    network = little_network([[-126.0], [-128.0]], channels=1, period_s=ONCE_S)
    assert play(network, 200.0).fate.tolist() == [COLLISION, OUT_OF_REACH]
    alone = little_network([[-126.0], [-141.0]], channels=1, period_s=ONCE_S)
    assert play(alone, 200.0).fate.tolist() == [DELIVERED, OUT_OF_REACH]


def test_power_index_lowers_the_level() -> None:
    """Power index 3 takes 6 dB off the level."""
    frames = play(little_network(tx_index=3, period_s=ONCE_S), 200.0)
    assert frames.level_dbm.tolist() == [-86.0]


def test_third_frame_finds_no_demodulator() -> None:
    """With two demodulators the third frame at a time is refused."""
    network = little_network(
        [[-80.0]] * 3, demodulators=(2, 0), interference="none", period_s=ONCE_S
    )
    assert play(network, 200.0).fate.tolist() == [DELIVERED, DELIVERED, NO_DEMODULATOR]


def test_slow_frames_use_the_first_kind_only() -> None:
    """SF12 fits one of (1, 1) demodulators, SF7 takes the second kind first, then the first."""
    case: dict[str, Any] = {"demodulators": (1, 1), "interference": "none", "period_s": ONCE_S}
    slow = play(little_network([[-80.0]] * 3, data_rate=[5, 0, 0], **case), 200.0)
    assert slow.fate.tolist() == [DELIVERED, DELIVERED, NO_DEMODULATOR]
    fast = play(little_network([[-80.0]] * 3, data_rate=[5, 5, 0], **case), 200.0)
    assert fast.fate.tolist() == [DELIVERED, DELIVERED, NO_DEMODULATOR]


def test_a_sending_gateway_is_deaf() -> None:
    """A downlink loses the frame it cuts off and the one that begins during it, not the next."""
    rx1_s = 100.0 + SF7_S + 1.0
    network = little_network(
        [[-80.0]] * 4,
        interference="none",
        fleet=[0, 1, 1, 1],
        fleets={"confirmed": [True, False]},
        period_s=ONCE_S,
        phase_s=[100.0, rx1_s - 0.05, rx1_s + 0.01, rx1_s + 0.2],
    )
    frames = play(network, 200.0)
    assert frames.device.tolist() == [0, 1, 2, 3]
    assert frames.fate.tolist() == [DELIVERED, GATEWAY_DEAF, GATEWAY_DEAF, DELIVERED]


def test_confirmed_uplink_is_acknowledged_once() -> None:
    """A confirmed reading whose acknowledgement is heard costs one frame and one downlink."""
    engine = ReferenceEngine(little_network(fleets={"confirmed": True}, period_s=ONCE_S))
    frames = engine.run(500.0)[0]
    assert frames.fate.tolist() == [DELIVERED]
    acknowledgement_s = airtimes_s(12, crc=False)[5]
    assert engine.gateway_airtime_s.sum() == acknowledgement_s
    assert engine.rx_s.tolist() == [acknowledgement_s]


def test_confirmed_retries_and_lowers_its_rate() -> None:
    """Unheard acknowledgements: eight attempts, a rate lower every second one, 3 to 5 s apart."""
    network = little_network(
        fleets={"confirmed": True},
        gateways={"rx1_gain_db": -100.0, "rx2_gain_db": -100.0},
        device_duty=NO_DUTY,
        period_s=ONCE_S,
    )
    frames = play(network, 1_000.0)
    assert frames.attempt.tolist() == list(range(8))
    assert frames.data_rate.tolist() == [5, 5, 4, 4, 3, 3, 2, 2]
    assert frames.first.tolist() == [True] + [False] * 7
    assert frames.fate.tolist() == [DELIVERED] * 8
    for a in range(7):
        u = unit(message_key(int(network.devices.key[0]), PERIODIC, 0, a), BACK_OFF, 0)
        end_s = float(frames.start_s[a]) + float(UPLINK_S[frames.data_rate[a]])
        assert frames.start_s[a + 1] == end_s + 2.0 + 1.0 + 2.0 * u


def test_lowest_rate_bounds_the_retries() -> None:
    """A payload that no rate below 4 carries is retried at 4."""
    network = little_network(
        [[-200.0]],
        fleets={"confirmed": True, "lowest_rate": 4},
        device_duty=NO_DUTY,
        period_s=ONCE_S,
    )
    frames = play(network, 1_000.0)
    assert frames.data_rate.tolist() == [5, 5, 4, 4, 4, 4, 4, 4]
    assert set(frames.fate.tolist()) == {OUT_OF_REACH}


def test_copies() -> None:
    """NbTrans 3 sends three copies on channels of their own; the first one delivers."""
    engine = ReferenceEngine(little_network(nb_trans=3, device_duty=NO_DUTY, period_s=ONCE_S))
    frames = engine.run(500.0)[0]
    assert frames.attempt.tolist() == [0, 1, 2]
    assert frames.first.tolist() == [True, False, False]
    assert np.all(np.diff(frames.start_s) > 3.0)
    assert engine.frames_sent.tolist() == [3]
    assert engine.tx_s[0].tolist() == [SF7_S + SF7_S + SF7_S, *[0.0] * 7]
    assert engine.rx_s[0] == pytest.approx(3 * (8 * 128 / 125_000 + EMPTY_SF12_S))


def test_duty_cycle_drops_readings() -> None:
    """With one channel, readings every 2 s go out only when the duty cycle allows: one in four."""
    frames = play(little_network(channels=1, period_s=2.0), 109.0)
    assert frames.fate.tolist() == [DELIVERED, NOT_SENT, NOT_SENT, NOT_SENT, DELIVERED]
    busy_until_s = 100.0 + SF7_S + 2.0 + EMPTY_SF12_S
    assert frames.start_s.tolist() == [100.0, busy_until_s, 104.0, 106.0, 108.0]
    assert frames.due_s.tolist() == [100.0, 102.0, 104.0, 106.0, 108.0]
    assert frames.airtime_s.tolist() == [SF7_S, 0.0, 0.0, 0.0, SF7_S]


def test_an_alarm_waits_for_the_duty_cycle() -> None:
    """An alarm is sent at the very instant its channel is free again."""
    network = little_network(channels=1, period_s=ONCE_S)
    frames = play(network, 200.0, little_orders((103.0, ALARM_ORDER, 0, 7)))
    alarm_s = float(airtimes_s(17)[5])
    assert frames.number.tolist() == [0, 7]
    assert frames.start_s[1] == free_at_s(100.0 + SF7_S, SF7_S, alarm_s, 0.01)


def test_an_idle_device_sends_an_alarm_at_once() -> None:
    """An alarm ordered at 50 starts at 50; one ordered during another message starts after it."""
    orders = little_orders((50.0, ALARM_ORDER, 0, 0), (100.01, ALARM_ORDER, 0, 1))
    frames = play(little_network(device_duty=NO_DUTY, period_s=ONCE_S), 200.0, orders)
    assert frames.start_s.tolist() == [50.0, 100.0, 100.0 + SF7_S + 2.0 + EMPTY_SF12_S]


def test_second_window_when_the_first_is_taken() -> None:
    """Two acknowledgements due at one time: the second goes out in RX2, at SF12 in band P."""
    network = little_network(
        [[-80.0]] * 2, fleets={"confirmed": True}, interference="none", period_s=ONCE_S
    )
    engine = ReferenceEngine(network)
    frames = engine.run(500.0)[0]
    assert frames.attempt.tolist() == [0, 0]
    acknowledgement_s = airtimes_s(12, crc=False)
    assert engine.gateway_airtime_s[0, BAND_P] == acknowledgement_s[0]
    assert engine.gateway_airtime_s[0, :BAND_P].sum() == acknowledgement_s[5]
    assert engine.rx_s[1] == 8 * 128 / 125_000 + acknowledgement_s[0]


def test_another_gateway_answers_when_the_best_is_down() -> None:
    """The downlink leaves from the next gateway that decoded when the best one is silenced."""
    network = little_network([[-80.0, -90.0]] * 2, fleets={"confirmed": True}, period_s=ONCE_S)
    orders = little_orders((50.0, GATEWAY_ORDER, 0, 0))
    engine = ReferenceEngine(network)
    frames = engine.run(500.0, orders)[0]
    assert set(frames.best_gateway[frames.fate == DELIVERED].tolist()) <= {1}
    assert engine.gateway_airtime_s[0].sum() == 0.0


def test_join_then_reading() -> None:
    """A join-accept begins the session, at the request's rate; the reading that waited follows."""
    network = little_network(joined=False, data_rate=3, device_duty=NO_DUTY, period_s=ONCE_S)
    engine = ReferenceEngine(network)
    frames = engine.run(500.0)[0]
    assert frames.kind.tolist() == [JOIN, PERIODIC]
    request_s, accept_s = airtimes_s(23)[3], airtimes_s(33, crc=False)[3]
    assert frames.start_s.tolist() == [100.0, 100.0 + request_s + 5.0 + accept_s]
    assert engine.joined.tolist() == [True]
    assert engine.data_rate.tolist() == [3]


def test_join_back_off() -> None:
    """Unanswered requests slow down, and wait airtime / 1 % x (1.25 + u) in the first hour."""
    network = little_network([[-200.0]], joined=False, device_duty=NO_DUTY, period_s=ONCE_S)
    frames = play(network, 50_000.0)
    joins = frames.kind == JOIN
    assert np.array_equal(frames.number[joins], np.arange(joins.sum()))
    assert frames.data_rate[joins][:8].tolist() == [5, 5, 4, 4, 3, 3, 2, 2]
    start_s, airtime_s = frames.start_s[joins], frames.airtime_s[joins]
    end_s = start_s + airtime_s
    key = int(network.devices.key[0])
    for n in range(len(start_s) - 1):
        u = unit(message_key(key, JOIN, n, 0), BACK_OFF, 0)
        since_s = end_s[n] - 100.0
        duty = 0.01 if since_s < 3_600.0 else 0.001 if since_s < 39_600.0 else 0.0001
        assert start_s[n + 1] == end_s[n] + max(7.0, airtime_s[n] / duty * (1.25 + u))


def test_adr_order_is_obeyed() -> None:
    """A strong SF12 device gets the highest rate and lowest power with its first downlink."""
    network = little_network(data_rate=0, fleets={"adr": True}, device_duty=NO_DUTY)
    engine = ReferenceEngine(network)
    frames = engine.run(1_500.0)[0]
    assert engine.data_rate.tolist() == [5]
    assert engine.tx_index.tolist() == [5]
    assert frames.data_rate.tolist() == [0, 5]
    assert frames.tx_index.tolist() == [0, 5]


def test_unanswered_adr_device_steps_back() -> None:
    """After 96 uplinks without downlink full power comes back, after 128 a lower rate."""
    network = little_network(
        [[-200.0]], tx_index=2, fleets={"adr": True}, device_duty=NO_DUTY, period_s=10.0
    )
    frames = play(network, 100.0 + 10.0 * 129)
    assert np.flatnonzero(np.diff(frames.tx_index)).tolist() == [95]
    assert np.flatnonzero(np.diff(frames.data_rate)).tolist() == [127]


def test_class_a_command_waits_for_uplinks() -> None:
    """A command goes down after the first reading and is acknowledged by the second."""
    engine = ReferenceEngine(little_network(device_duty=NO_DUTY))
    _, commands, _ = engine.run(1_500.0, little_orders((50.0, COMMAND_ORDER, 0, 4)))
    assert commands.number.tolist() == [4]
    assert commands.at_s.tolist() == [1_100.0 + SF7_S]
    assert commands.acknowledged.tolist() == [True]


def test_unheard_class_a_command_is_lost() -> None:
    """Sent with three readings and never heard, it is lost at the fourth."""
    network = little_network(gateways={"rx1_gain_db": -100.0, "rx2_gain_db": -100.0})
    engine = ReferenceEngine(network)
    _, commands, _ = engine.run(5_000.0, little_orders((50.0, COMMAND_ORDER, 0, 4)))
    assert commands.at_s.tolist() == [3_100.0 + SF7_S]
    assert commands.acknowledged.tolist() == [False]
    assert commands.cause.tolist() == [OUT_OF_REACH]


def test_class_c_command_is_answered_at_once() -> None:
    """Class C: the command goes out when ordered, the answer when it ends."""
    network = little_network(fleets={"device_class": CLASS_C}, period_s=ONCE_S)
    engine = ReferenceEngine(network)
    frames, commands, _ = engine.run(500.0, little_orders((200.0, COMMAND_ORDER, 0, 4)))
    answer_s, end_s = float(airtimes_s(14)[5]), 200.0 + float(airtimes_s(17)[0])
    assert frames.start_s.tolist() == [100.0, end_s]
    assert commands.at_s.tolist() == [end_s + answer_s]
    assert commands.acknowledged.tolist() == [True]


def test_class_c_command_is_lost() -> None:
    """Never heard by any gateway: three tries 8 s apart. Deaf: three airtimes more. Then lost."""
    unknown = little_network(fleets={"device_class": CLASS_C}, phase_s=ONCE_S)
    order = little_orders((200.0, COMMAND_ORDER, 0, 4))
    _, commands, _ = ReferenceEngine(unknown).run(500.0, order)
    assert commands.at_s.tolist() == [224.0]
    assert commands.acknowledged.tolist() == [False]
    deaf = little_network(
        fleets={"device_class": CLASS_C}, gateways={"rx2_gain_db": -100.0}, period_s=ONCE_S
    )
    _, commands, _ = ReferenceEngine(deaf).run(500.0, order)
    assert commands.at_s.tolist() == pytest.approx([224.0 + 3.0 * airtimes_s(17)[0]])


def test_class_c_commands_go_one_by_one() -> None:
    """A second command to a device waits until the first is acknowledged."""
    network = little_network(fleets={"device_class": CLASS_C}, device_duty=NO_DUTY, period_s=ONCE_S)
    orders = little_orders((200.0, COMMAND_ORDER, 0, 1), (200.0, COMMAND_ORDER, 0, 2))
    _, commands, _ = ReferenceEngine(network).run(500.0, orders)
    assert commands.number.tolist() == [1, 2]
    assert commands.at_s[1] > commands.at_s[0] + airtimes_s(17)[0]


def test_class_c_command_waits_for_a_busy_gateway() -> None:
    """A command ordered during another's downlink goes out at its end, and drowns its answer."""
    network = little_network(
        [[-80.0]] * 2, fleets={"device_class": CLASS_C}, interference="none", period_s=ONCE_S
    )
    orders = little_orders((200.0, COMMAND_ORDER, 0, 1), (200.5, COMMAND_ORDER, 1, 2))
    frames = ReferenceEngine(network).run(500.0, orders)[0]
    command_s = float(airtimes_s(17)[0])
    first_s = 200.0 + command_s
    again_s = first_s + 8.0 + command_s
    assert frames.start_s[2:].tolist() == [first_s, first_s + command_s, again_s]
    assert frames.device[2:].tolist() == [0, 1, 0]
    assert frames.fate[2:].tolist() == [GATEWAY_DEAF, DELIVERED, DELIVERED]


def test_class_c_command_waits_for_the_duty_cycle() -> None:
    """Out of budget, a command is tried every ten seconds until the hour has moved on."""
    network = little_network(
        fleets={"device_class": CLASS_C}, duty=(0.01, 0.01, 0.0005), period_s=ONCE_S
    )
    orders = little_orders((200.0, COMMAND_ORDER, 0, 1), (205.0, COMMAND_ORDER, 0, 2))
    _, commands, _ = ReferenceEngine(network).run(5_000.0, orders)
    assert commands.acknowledged.tolist() == [True, True]
    assert 3_600.0 < commands.at_s[1] - commands.at_s[0] < 3_622.0


@pytest.mark.parametrize("down_s", [101.0, 101.08])
def test_a_gateway_that_goes_down_is_not_heard(down_s: float) -> None:
    """Down before its downlink's start or before its end: the device repeats its message."""
    network = little_network(fleets={"confirmed": True}, device_duty=NO_DUTY, period_s=ONCE_S)
    orders = little_orders((down_s, GATEWAY_ORDER, 0, 0), (102.0, GATEWAY_ORDER, 0, 1))
    engine = ReferenceEngine(network)
    frames = engine.run(500.0, orders)[0]
    assert frames.attempt.tolist() == [0, 1]
    acknowledgement_s = float(airtimes_s(12, crc=False)[5])
    assert 100.0 + SF7_S + 1.0 < 101.08 < 100.0 + SF7_S + 1.0 + acknowledgement_s
    sent = 1 if down_s < 101.0 + SF7_S else 2
    assert engine.gateway_airtime_s.sum() == pytest.approx(sent * acknowledgement_s)


def test_a_device_that_sends_does_not_hear() -> None:
    """A class C device whose reading is on the air when a command ends does not hear it."""
    end_s = 200.0 + float(airtimes_s(17)[0])
    network = little_network(
        fleets={"device_class": CLASS_C}, period_s=end_s - 0.01 - 100.0, device_duty=NO_DUTY
    )
    frames, commands, _ = ReferenceEngine(network).run(
        300.0, little_orders((200.0, COMMAND_ORDER, 0, 1))
    )
    retry_end_s = end_s + 8.0 + float(airtimes_s(17)[0])
    assert frames.start_s.tolist() == [100.0, pytest.approx(end_s - 0.01), retry_end_s]
    assert commands.acknowledged.tolist() == [True]


def test_multicast() -> None:
    """Members in reach of a gateway that sends hear it; others, and those without power, do not."""
    network = little_network([[-80.0], [-200.0], [-80.0]], phase_s=ONCE_S)
    orders = little_orders((50.0, POWER_ORDER, 2, 0), (60.0, MULTICAST_ORDER, 0, 9))
    engine = ReferenceEngine(network, groups_of([0, 1, 2]))
    _, _, hearings = engine.run(100.0, orders)
    assert hearings.heard.tolist() == [True, False, False]
    assert hearings.at_s.tolist() == [60.0 + airtimes_s(17)[0]] * 3
    assert engine.gateway_airtime_s[0, BAND_P] == airtimes_s(17)[0]


def test_gateway_duty_cycle() -> None:
    """A gateway out of budget in band P sends no further multicast in the hour."""
    network = little_network(phase_s=ONCE_S, duty=(0.01, 0.01, 0.0005))
    orders = little_orders(*[(60.0 + 10.0 * i, MULTICAST_ORDER, 0, i) for i in range(3)])
    _, _, hearings = ReferenceEngine(network, groups_of([0])).run(200.0, orders)
    assert airtimes_s(17)[0] < 1.8 < 2.0 * airtimes_s(17)[0]
    assert hearings.heard.tolist() == [True, False, False]


def test_power_cut() -> None:
    """The frame on the air goes on; then no readings, a new join, and readings again."""
    network = little_network(period_s=100.0, device_duty=NO_DUTY)
    off_s, on_s = 200.01, 450.0
    orders = little_orders((off_s, POWER_ORDER, 0, 0), (on_s, POWER_ORDER, 0, 1))
    engine = ReferenceEngine(network)
    frames = engine.run(650.0, orders)[0]
    spread_s = 60.0 * unit(message_key(int(network.devices.key[0]), JOIN, 0, 0), ARRIVAL, 0)
    assert frames.kind.tolist()[:3] == [PERIODIC, PERIODIC, JOIN]
    assert frames.fate.tolist()[:3] == [DELIVERED] * 3
    assert frames.start_s[2] == on_s + spread_s
    assert frames.number[frames.kind == PERIODIC].tolist() == [0, 1, 4, 5]


def test_power_cut_drops_what_waits() -> None:
    """Messages in hand or waiting at the cut, and alarms ordered without power, are not sent."""
    network = little_network([[-200.0]], fleets={"confirmed": True}, period_s=10.0, phase_s=100.0)
    orders = little_orders(
        (101.0, ALARM_ORDER, 0, 0),
        (115.0, POWER_ORDER, 0, 0),
        (116.0, ALARM_ORDER, 0, 1),
    )
    frames = play(network, 200.0, orders)
    lost = frames.fate == NOT_SENT
    assert frames.start_s[lost].tolist() == [115.0, 115.0, 116.0]
    assert frames.number[lost].tolist() == [0, 1, 1]
    assert set(frames.number[~lost].tolist()) == {0}


def test_outage() -> None:
    """A gateway that goes down loses what it receives and hears nothing until it is back."""
    network = little_network(period_s=100.0)
    orders = little_orders((100.03, GATEWAY_ORDER, 0, 0), (250.0, GATEWAY_ORDER, 0, 1))
    frames = play(network, 350.0, orders)
    assert frames.fate.tolist() == [GATEWAY_DOWN, GATEWAY_DOWN, DELIVERED]


def test_an_infinite_period_makes_no_reading() -> None:
    """A device of infinite period sends its alarms and nothing else."""
    network = little_network([[-80.0]] * 2, period_s=np.inf)
    frames = play(network, 500.0, little_orders((50.0, ALARM_ORDER, 0, 3)))
    assert frames.number.tolist() == [3]


def test_a_frame_spares_an_older_one_in_its_grace() -> None:
    """What ends within the older frame's grace spares it too: it began first, on the air for long.

    The newcomer of SF7 lies wholly within the first 12 symbols of an SF12 frame 40 dB weaker.
    """
    case: dict[str, Any] = {
        "levels_dbm": [[-120.0], [-80.0]],
        "channels": 1,
        "data_rate": [0, 5],
        "period_s": ONCE_S,
        "phase_s": [100.0, 100.1],
        "interference": "aloha",
    }
    equal = np.full((6, 6), np.inf)
    for symbols, fate in ((0.0, COLLISION), (12.0, DELIVERED)):
        network = little_network(**case, radio={"grace_symbols": symbols})
        network = network._replace(radio=network.radio._replace(sir=equal))
        fates = dict(zip(*(play(network, 200.0)[i].tolist() for i in (0, 10)), strict=True))
        assert fates[0] == fate


def test_join_waits_for_the_old_frame() -> None:
    """Power back while the old frame is on the air: the join begins when it has ended."""
    network = little_network(data_rate=0, period_s=ONCE_S, rules={"join_spread_s": 0.0})
    orders = little_orders((100.5, POWER_ORDER, 0, 0), (101.0, POWER_ORDER, 0, 1))
    network = network._replace(bands=network.bands._replace(device_duty=np.array(NO_DUTY)))
    frames = play(network, 200.0, orders)
    assert frames.kind.tolist() == [PERIODIC, JOIN]
    assert frames.start_s[1] == 100.0 + float(UPLINK_S[0])


def test_an_answer_starts_the_count_anew() -> None:
    """A device at its best asks for an answer at every 64th uplink, not at each one after it."""
    network = little_network(
        fleets={"adr": True}, rules={"max_tx_index": 0}, device_duty=NO_DUTY, period_s=10.0
    )
    engine = ReferenceEngine(network)
    frames = engine.run(100.0 + 10.0 * 200 - 1.0)[0]
    assert len(frames.fate) == 200
    acknowledgement_s = float(airtimes_s(12, crc=False)[5])
    assert engine.gateway_airtime_s.sum() == pytest.approx(3 * acknowledgement_s)


def test_a_retry_waits_for_the_end_of_an_unheard_downlink() -> None:
    """A long command in RX2 that is not heard delays the next attempt to its end."""
    network = little_network(
        fleets={"confirmed": True},
        gateways={"rx2_gain_db": -100.0},
        duty=(0.0, 0.0, 0.1),
        device_duty=NO_DUTY,
        period_s=ONCE_S,
        rules={"most_confirmed": 2},
    )
    orders = little_orders((50.0, COMMAND_ORDER, 0, 1), phy_bytes=120)
    frames = play(network, 200.0, orders)
    downlink_end_s = 100.0 + SF7_S + 2.0 + float(airtimes_s(120)[0])
    assert downlink_end_s > 100.0 + SF7_S + 5.0
    assert frames.start_s.tolist() == [100.0, downlink_end_s]


def test_an_acknowledgement_is_carried_by_one_message() -> None:
    """When the message that carries it is lost, the command is sent again and answered again."""
    network = little_network(period_s=100.0, device_duty=NO_DUTY)
    orders = little_orders(
        (50.0, COMMAND_ORDER, 0, 1), (150.0, GATEWAY_ORDER, 0, 0), (250.0, GATEWAY_ORDER, 0, 1)
    )
    _, commands, _ = ReferenceEngine(network).run(600.0, orders)
    assert commands.acknowledged.tolist() == [True]
    assert commands.at_s.tolist() == [400.0 + SF7_S]


@pytest.mark.parametrize("off_s", [150.0, 200.5])
def test_without_session_no_command_is_heard(off_s: float) -> None:
    """A class C device without power, before the command or before its end, makes no answer."""
    network = little_network(fleets={"device_class": CLASS_C}, period_s=ONCE_S)
    orders = little_orders((200.0, COMMAND_ORDER, 0, 4), (off_s, POWER_ORDER, 0, 0))
    frames, commands, _ = ReferenceEngine(network).run(500.0, orders)
    assert frames.kind.tolist() == [PERIODIC]
    assert commands.acknowledged.tolist() == [False]


def test_an_order_obeyed_empties_the_history() -> None:
    """Losses raise NbTrans; once obeyed they are forgotten, and NbTrans falls back."""
    network = little_network(
        fleets={"adr": True},
        rules={"max_tx_index": 0, "join_spread_s": 0.0},
        device_duty=NO_DUTY,
        period_s=10.0,
    )
    engine = ReferenceEngine(network)
    orders = little_orders((345.0, GATEWAY_ORDER, 0, 0), (395.0, GATEWAY_ORDER, 0, 1))
    seen = []
    for until_s in (344.0, 402.0, 412.0):
        now = (orders.at_s >= until_s - 60.0) & (orders.at_s < until_s)
        seen.append(engine.run(until_s, picked(orders, now)) and engine.nb_trans.tolist())
    assert seen == [[1], [2], [1]]


def test_waiting_slot() -> None:
    """While a message is repeated one reading waits; each newer one takes its place."""
    network = little_network(
        [[-200.0]],
        fleets={"confirmed": True},
        device_duty=NO_DUTY,
        period_s=10.0,
        rules={"most_confirmed": 8},
    )
    frames = play(network, 128.0)
    dropped = frames.fate == NOT_SENT
    assert frames.number[dropped].tolist() == [1]
    assert frames.start_s[dropped].tolist() == [120.0]
    assert set(frames.number[~dropped].tolist()) == {0}


def test_outside_frames_raise_the_noise() -> None:
    """Somebody else's long, strong frames on every channel hide a weak frame, not a strong one."""
    network = little_network(
        [[-120.0], [-60.0]],
        period_s=100.0,
        phase_s=[100.0, 150.0],
        outside={"outside_airtime_s": 1.0, "outside_level_dbm": -80.0},
    )
    orders = little_orders(*[(160.0, CHANNEL_ORDER, c, 1_000) for c in range(8)])
    frames = play(network, 260.0, orders)
    assert frames.device.tolist() == [0, 1, 0, 1]
    assert frames.fate.tolist() == [DELIVERED, DELIVERED, COLLISION, DELIVERED]


def busy_network() -> tuple[Network, Orders]:
    """Return a network in which everything happens: joins, ADR, class C, cuts, fading, noise."""
    rng = np.random.default_rng(5)
    devices = 60
    network = little_network(
        rng.uniform(-140.0, -90.0, (devices, 3)),
        data_rate=rng.integers(0, 6, devices),
        joined=rng.random(devices) < 0.7,
        period_s=60.0,
        phase_s=rng.uniform(0.0, 60.0, devices),
        fleet=rng.integers(0, 3, devices),
        demodulators=(1, 1),
        channels=3,
        fleets={
            "arrival": [0, POISSON_ARRIVAL, 0],
            "jitter_s": [20.0, 0.0, 0.0],
            "confirmed": [True, False, False],
            "adr": [True, True, False],
            "device_class": [0, 0, CLASS_C],
        },
        outside={"outside_per_s": 0.3},
        radio={"fading_sigma_db": 3.0, "slow_sigma_db": 4.0, "grace_symbols": 3.0},
    )
    at_s = np.sort(rng.uniform(0.0, 3_000.0, 300))
    kind = rng.choice(
        [ALARM_ORDER, COMMAND_ORDER, GATEWAY_ORDER, POWER_ORDER, MULTICAST_ORDER], at_s.size
    )
    who = np.where(kind == GATEWAY_ORDER, rng.integers(0, 3, at_s.size), 0)
    who = np.where(kind < GATEWAY_ORDER, rng.integers(0, devices, at_s.size), who)
    who = np.where(kind == POWER_ORDER, rng.integers(0, devices, at_s.size), who)
    switch = (kind == GATEWAY_ORDER) | (kind == POWER_ORDER)
    number = np.where(switch, rng.random(at_s.size) < 0.6, np.arange(at_s.size))
    return network, little_orders(
        *zip(at_s.tolist(), kind.tolist(), who.tolist(), number.tolist(), strict=True)
    )


def test_cuts_change_nothing() -> None:
    """One run and many short ones, each with its own orders, write the same logs to the bit."""
    network, orders = busy_network()
    groups = groups_of(list(range(0, 60, 3)))
    whole = ReferenceEngine(network, groups).run(3_000.0, orders)
    engine = ReferenceEngine(network, groups)
    cuts = [0.0, 0.5, 31.0, float(whole[0].start_s[50]), 900.0, 901.0, 2_222.2, 3_000.0]
    parts = []
    for begin_s, end_s in pairwise(cuts):
        inside = (orders.at_s >= begin_s) & (orders.at_s < end_s)
        parts.append(engine.run(end_s, Orders(*(column[inside] for column in orders))))
    assert len(whole[0].fate) > 2_500
    assert set(whole[0].fate.tolist()) == set(range(NOT_SENT + 1))
    for log, columns in zip(whole, zip(*parts, strict=True), strict=True):
        assert len(log[0]) > 10
        for together, pieces in zip(log, zip(*columns, strict=True), strict=True):
            np.testing.assert_array_equal(together, np.concatenate(pieces))


def test_every_frame_has_one_fate() -> None:
    """No frame is written twice, every message is delivered first once, and airtimes add up."""
    network, orders = busy_network()
    engine = ReferenceEngine(network, groups_of(list(range(0, 60, 3))))
    frames = engine.run(3_000.0, orders)[0]
    joins = frames.kind == JOIN
    names = set(
        zip(
            frames.device.tolist(),
            frames.kind.tolist(),
            frames.number.tolist(),
            np.where(joins, 0, frames.attempt).tolist(),
            strict=True,
        )
    )
    assert len(names) == len(frames.fate)
    sent = frames.fate != NOT_SENT
    in_flight = engine.frames_sent.sum() - sent.sum()
    assert 0 <= in_flight <= 60
    assert engine.tx_s.sum() == pytest.approx(frames.airtime_s.sum(), rel=0.01)
    assert np.all(np.diff(frames.start_s + frames.airtime_s) >= 0.0)
    for device in range(60):
        mine = sent & (frames.device == device)
        assert np.all(np.diff(frames.start_s[mine]) >= frames.airtime_s[mine][:-1])
