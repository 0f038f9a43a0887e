"""The surrogate tells what the window engine tells, device by device, and refuses the rest."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from models.lora.network.fates import COLLISION, DELIVERED, GATEWAY_DOWN, FrameLog
from models.lora.network.field import (
    FleetPlan,
    devices_table,
    fleets_table,
    gateways_table,
    least_level_dbm,
    links_table,
    radio,
)
from models.lora.network.setup import (
    ALARM_ORDER,
    CHANNEL_ORDER,
    COMMAND_ORDER,
    GATEWAY_ORDER,
    MULTICAST_ORDER,
    POWER_ORDER,
    Groups,
    Network,
    Orders,
)
from models.lora.network.state import Counters
from models.lora.network.surrogate import SurrogateEngine
from models.lora.network.window import WindowEngine
from tests.bench.agreement import Agreement, agreement
from tests.bench.department import CLASS_A
from tests.bench.department import department as department_of
from tests.bench.indre_fleet import CABINETS, DAY_S, NAMES, indre_fleet
from tests.models.lora.network.little_network import little_network, little_orders
from twin.errors import InputError

ENGINES = (WindowEngine, SurrogateEngine)
SCALE, DAYS = 0.02, 20
WINDOW_DAYS = 5
LEAST = 4_000
"""Readings that make a zone worth comparing here: a difference of shares deviates by 0.0038."""


@pytest.fixture(scope="module")
def department() -> tuple[WindowEngine, SurrogateEngine]:
    """Play a fiftieth of the Indre fleet for 20 days with either engine."""
    net = indre_fleet(SCALE).network
    played = WindowEngine(net), SurrogateEngine(net)
    for engine in played:
        for day in range(WINDOW_DAYS, DAYS + 1, WINDOW_DAYS):
            engine.run(day * DAY_S)
    return played


def test_it_agrees_with_every_uplink(department: tuple[WindowEngine, SurrogateEngine]) -> None:
    """Arrivals, their zones, gateways' variance and lives are the window engine's.

    A year's bounds are 0.005, 10 % and 2 %; here 40 bins stand for 2,000 and each fleet's zones
    hold a tenth of the readings, so zones have three deviations of 0.0038 instead.
    """
    first, second = (engine.state.tally for engine in department)
    assert np.array_equal(first["messages"], second["messages"])
    kind, zone = department[0].network.devices.fleet, indre_fleet(SCALE).zone
    quarter = zone // 8 * 2 + zone % 4 // 2
    for k, name in enumerate(NAMES):
        of = kind == k
        found: Agreement = agreement(first[of], second[of], quarter[of], DAYS * DAY_S, LEAST)
        assert abs(found.share) < 0.005, name
        assert found.zone_share < 0.0115, name
        assert found.zones == (0 if name == "bins" else 4 if name == "meters" else 3), name
        assert abs(found.variance) < 0.10, name
        if k != CABINETS:
            assert abs(found.life_median) < 0.02, name
            assert abs(found.life_low) < 0.02 if name == "meters" else 0.10, name


def test_laws_are_measured_again_when_the_load_moves(
    department: tuple[WindowEngine, SurrogateEngine],
) -> None:
    """ADR raises data rates, the load falls by more than a tenth, the laws are measured anew."""
    net = department[1].network
    assert department[1].calibrations > 1
    still = SurrogateEngine(net._replace(fleets=net.fleets._replace(adr=np.zeros(3, dtype=bool))))
    for day in (1, 2):
        still.run(day * DAY_S)
    assert still.calibrations == 1


def test_the_same_seed_gives_the_same_bits_however_time_is_cut() -> None:
    """Where no law is measured anew, one window or ten tell the same frame by frame."""
    net = indre_fleet(SCALE / 2.0).network
    fleets = net.fleets._replace(adr=np.zeros(3, dtype=bool), watched=np.ones(3, dtype=bool))
    net = net._replace(fleets=fleets)
    whole, again, cut = (SurrogateEngine(net) for _ in range(3))
    once = in_order(whole.run(3.0 * DAY_S).frames)
    twice = in_order(again.run(3.0 * DAY_S).frames)
    parts = [cut.run(until * DAY_S).frames for until in np.linspace(0.3, 3.0, 10)]
    assert cut.calibrations == 1
    pieces = in_order(FrameLog(*(np.concatenate(columns) for columns in zip(*parts, strict=True))))
    for name, one, two, many in zip(FrameLog._fields, once, twice, pieces, strict=True):
        assert np.array_equal(one, two, equal_nan=one.dtype.kind == "f"), name
        assert np.array_equal(one, many, equal_nan=one.dtype.kind == "f"), name
    assert np.array_equal(whole.state.tally, cut.state.tally)


def test_a_gateway_that_is_down_hears_nothing_until_it_is_up() -> None:
    """Frames that only it hears are lost as *gateway down*, those before and after arrive."""
    net = little_network([[-90.0, -np.inf], [-np.inf, -90.0]], phase_s=[100.0, 300.0])
    net = watching(net)
    orders = little_orders(
        (2_500.0, GATEWAY_ORDER, 0, 0), (5_500.0, GATEWAY_ORDER, 0, 1), (9_000.0, ALARM_ORDER, 1, 0)
    )
    logs = [in_order(engine(net).run(10_000.0, orders).frames) for engine in ENGINES]
    assert np.array_equal(logs[0].fate, logs[1].fate)
    ours = logs[1].device == 0
    down = (logs[1].start_s[ours] > 2_500.0) & (logs[1].start_s[ours] < 5_500.0)
    assert down.sum() == 3
    assert set(logs[1].fate[ours][down]) == {GATEWAY_DOWN}
    assert set(logs[1].fate[ours][~down]) == {DELIVERED}
    assert set(logs[1].fate[~ours]) == {DELIVERED}
    # An outage that outlives its window is remembered.
    engine = SurrogateEngine(net)
    frames = [
        engine.run(4_000.0, little_orders((2_500.0, GATEWAY_ORDER, 0, 0))).frames,
        engine.run(10_000.0, little_orders((5_500.0, GATEWAY_ORDER, 0, 1))).frames,
    ]
    fates = np.concatenate([log.fate[log.device == 0] for log in frames])
    assert np.array_equal(fates, logs[0].fate[logs[0].device == 0])


def test_alarms_are_sent_when_they_happen() -> None:
    """An alarm of an idle device starts at its very time, as in the window engine, and arrives."""
    net = watching(little_network([[-90.0]] * 3, period_s=np.inf))
    at_s = (123.456, 500.25, 500.25)
    orders = little_orders(*((t, ALARM_ORDER, d, d) for d, t in enumerate(at_s)))
    for engine in ENGINES:
        frames = in_order(engine(net).run(1_000.0, orders).frames)
        assert frames.start_s.tolist() == list(at_s)
        assert frames.due_s.tolist() == list(at_s)
        assert frames.device.tolist() == [0, 1, 2]
        assert frames.kind.tolist() == [1, 1, 1]


def test_somebody_else_on_the_channels_costs_both_engines_the_same() -> None:
    """Disturbance ordered from outside raises losses from then on, alike in both engines."""
    levels = np.full((400, 1), -110.0)
    outside = {"outside_level_dbm": -95.0, "outside_sigma_db": 3.0}
    rng = np.random.default_rng(2)
    net = watching(
        little_network(
            levels, phase_s=1_000.0 * rng.random(400), outside=outside, interference="none"
        )
    )
    until_s, from_s = 20_000.0, 10_000.0
    rows = [(from_s, CHANNEL_ORDER, c, 0) for c in range(8)]
    orders = little_orders(*rows)._replace(value=np.full(8, 0.5))
    lost = []
    for engine in ENGINES:
        frames = engine(net).run(until_s, orders).frames
        early = frames.start_s < from_s
        lost.append([np.mean(frames.fate[part] == COLLISION) for part in (early, ~early)])
    window, surrogate = np.array(lost)
    assert window[0] == pytest.approx(0.0, abs=1e-3)
    assert surrogate[0] == pytest.approx(0.0, abs=1e-3)
    assert window[1] > 0.05
    # Same dice: only frames that another device's frame also hit can differ.
    assert surrogate[1] == pytest.approx(window[1], abs=0.005)


def test_losses_of_one_device_follow_each_other_as_in_the_window_engine() -> None:
    """Lost today, likely lost tomorrow: the lag-1 correlation of losses is the engine's."""
    found = []
    for engine in ENGINES:
        net = meters_at_the_edge(slow_sigma_db=4.0)
        frames = in_order(engine(net).run(60.0 * DAY_S).frames)
        found.append(lag_1(frames, len(net.devices.key)))
    assert found[0] > 0.07
    assert found[1] == pytest.approx(found[0], abs=0.01)
    net = meters_at_the_edge(slow_sigma_db=0.0)
    frames = in_order(SurrogateEngine(net).run(60.0 * DAY_S).frames)
    assert abs(lag_1(frames, len(net.devices.key))) < 0.02


def test_acknowledgements_come_in_either_window_as_often_as_in_the_engine() -> None:
    """Confirmed readings are repeated as often, though gateways short of airtime answer in RX2."""
    net = department_of(CLASS_A, 10_000)
    repeats, heard_s = [], []
    for engine in ENGINES:
        played = engine(net)
        for hour in (2, 4, 6):
            played.run(3_600.0 * hour)
        tally = played.state.tally[net.devices.fleet == 1]
        repeats.append(tally["factors"].sum() / tally["messages"].sum())
        heard_s.append(tally["rx_s"].sum())
    assert played.state.gateway_airtime_s[:, net.rules.rx2_band].sum() > 0.0
    assert repeats[0] > 1.2
    assert repeats[1] == pytest.approx(repeats[0], rel=0.05)
    assert heard_s[1] == pytest.approx(heard_s[0], rel=0.10)


def test_no_law_without_others() -> None:
    """A device alone in the world is heard by both engines alike, frame by frame."""
    net = meters_at_the_edge(slow_sigma_db=4.0, devices=1)
    logs = [in_order(engine(net).run(200.0 * DAY_S).frames) for engine in ENGINES]
    assert 0 < np.sum(logs[0].fate != DELIVERED) < len(logs[0].fate)
    for name in ("start_s", "fate", "gateways", "best_gateway", "first"):
        assert np.array_equal(getattr(logs[0], name), getattr(logs[1], name)), name
    assert np.allclose(logs[0].level_dbm, logs[1].level_dbm, atol=1e-5, equal_nan=True)


def rayleigh() -> None:
    """Ask for fading that the surrogate's levels do not have."""
    SurrogateEngine(little_network(radio={"rayleigh": True}))


def joins() -> None:
    """Ask for devices that have yet to join."""
    SurrogateEngine(little_network(joined=False))


def groups() -> None:
    """Ask for multicast groups."""
    SurrogateEngine(little_network(), Groups(np.array([0, 1]), np.array([0])))


def ordering(kind: int) -> Callable[[], None]:
    """Return what gives the surrogate an order of a kind."""

    def ask() -> None:
        engine = SurrogateEngine(little_network())
        orders: Orders = little_orders((50.0, kind, 0, 0))
        engine.run(1_000.0, orders)

    return ask


@pytest.mark.parametrize(
    ("ask", "key"),
    [
        (rayleigh, "radio.rayleigh"),
        (joins, "joined"),
        (groups, "groups"),
        (ordering(COMMAND_ORDER), "orders"),
        (ordering(POWER_ORDER), "orders"),
        (ordering(MULTICAST_ORDER), "orders"),
    ],
)
def test_what_it_cannot_do_it_refuses(ask: Callable[[], None], key: str) -> None:
    """Joins, power cuts, commands, multicast, Rayleigh: refused by key, the remedy named."""
    with pytest.raises(InputError) as caught:
        ask()
    (fault,) = caught.value.faults
    assert fault.key == key
    assert 'engine = "window"' in fault.remedy.en
    assert 'engine = "window"' in fault.remedy.fr


def test_nothing_stays_in_the_log() -> None:
    """A frame on the air at the end of a window is told in the next, once."""
    net = watching(little_network([[-90.0]], data_rate=0, phase_s=100.0))
    engine = SurrogateEngine(net)
    assert len(engine.run(100.5).frames.fate) == 0
    assert engine.run(200.0).frames.start_s.tolist() == [100.0]
    assert len(engine.run(300.0).frames.fate) == 0
    assert engine.state.counters[Counters.LOG] == 0
    assert engine.on_air == 0


def in_order(frames: FrameLog) -> FrameLog:
    """Return a log ordered by device and start."""
    order = np.lexsort((frames.start_s, frames.device))
    return FrameLog(*(column[order] for column in frames))


def watching(net: Network) -> Network:
    """Return the network with every fleet's frames logged."""
    return net._replace(fleets=net.fleets._replace(watched=np.ones_like(net.fleets.watched)))


def meters_at_the_edge(slow_sigma_db: float, devices: int = 1_500) -> Network:
    """Return daily meters that two gateways hear with a margin of 3 dB, without ADR."""
    plans = [FleetPlan("meters", 20, DAY_S, adr=False, watched=True)]
    towers = gateways_table(np.arange(1, 3, dtype=np.uint64))
    physics = radio(slow_sigma_db=slow_sigma_db)
    rng = np.random.default_rng(3)
    device, gateway = np.repeat(np.arange(devices), 2), np.tile(np.arange(2), devices)
    level_dbm = np.full(2 * devices, towers.sensitivity_dbm[0, 2] + 3.0)
    base = little_network()
    return base._replace(
        fleets=fleets_table(plans),
        devices=devices_table(
            rng.integers(1, 2**63, devices).astype(np.uint64),
            np.zeros(devices, dtype=np.int64),
            plans,
            DAY_S * rng.random(devices),
            np.full(devices, 3),
        ),
        links=links_table(devices, device, gateway, level_dbm, least_level_dbm(towers, physics)),
        gateways=towers,
        radio=physics,
    )


def lag_1(frames: FrameLog, devices: int) -> float:
    """Return the correlation of loss on consecutive days, over devices alike."""
    days = len(frames.fate) // devices
    assert days * devices == len(frames.fate)
    lost: NDArray[np.float64] = (frames.fate != DELIVERED).astype(float).reshape(devices, days)
    return float(np.corrcoef(lost[:, :-1].ravel(), lost[:, 1:].ravel())[0, 1])
