"""Laws that hold in every network, whatever happens in it."""

from __future__ import annotations

import numpy as np
import pytest

from models.lora.network.draws import ALARM, JOIN, PERIODIC
from models.lora.network.fates import DELIVERED, NOT_SENT, FrameLog
from models.lora.network.rows import joined, picked
from models.lora.network.setup import POWER_ORDER, Network, Orders
from models.lora.network.window import WindowEngine
from tests.models.lora.network.random_network import random_network, random_orders

SEEDS = range(12)
SPAN_S = 900.0
SPANS = 6
HOUR_S = 3_600.0


def play(seed: int, cuts: int = 1) -> tuple[WindowEngine, FrameLog]:
    """Play a random network; `cuts` windows for each span of orders."""
    network, groups = random_network(seed)
    engine = WindowEngine(network, groups)
    parts = []
    for span in range(SPANS):
        orders = random_orders(seed, network, span * SPAN_S, (span + 1) * SPAN_S)
        for cut in range(cuts):
            until_s = span * SPAN_S + (cut + 1) * SPAN_S / cuts
            now = (orders.at_s >= engine.now_s) & (orders.at_s < until_s)
            parts.append(engine.run(until_s, picked(orders, now)).frames)
    return engine, joined(parts)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_frame_has_one_fate_and_nothing_is_lost_from_count(seed: int) -> None:
    """Messages = delivered + lost by cause + in flight, and tallies agree with the log."""
    engine, log = play(seed)
    tally, device = engine.state.tally, engine.state.device
    by_fate = np.bincount(log.fate, minlength=8)
    np.testing.assert_array_equal(tally["frames"].sum(axis=0), by_fate)
    name = np.stack([log.device, log.kind, log.number, log.attempt, log.fate == NOT_SENT])
    sent = log.kind != JOIN
    assert len(np.unique(name[:, sent], axis=1).T) == sent.sum(), "a frame has two fates"
    settled = tally["delivered"] + tally["lost"].sum(axis=1)
    pending = tally["messages"] - settled
    assert (pending >= 0).all()
    # At most the message in hand, one reading that waits, and queued alarms.
    waits = (device["waiting"] >= 0).astype(int) + device["engaged"]
    idle = (waits == 0) & (device["alarm_head"] < 0) & ~in_the_air(engine, log)
    assert (pending[idle] == 0).all()
    first = picked(log, log.first & ((log.kind == PERIODIC) | (log.kind == ALARM)))
    np.testing.assert_array_equal(
        np.bincount(first.device, minlength=len(tally)), tally["delivered"]
    )


def in_the_air(engine: WindowEngine, log: FrameLog) -> np.ndarray:
    """Return which devices have a frame on the air."""
    return np.asarray(engine.state.device["air_until_s"] >= engine.now_s)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_cut_into_windows_changes_nothing(seed: int) -> None:
    """Seven windows a span give the same frames as one, bit for bit."""
    (_, whole), (_, cut) = play(seed), play(seed, 7)
    for field in FrameLog._fields:
        np.testing.assert_array_equal(getattr(whole, field), getattr(cut, field))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_device_has_one_frame_on_the_air_and_keeps_its_duty_cycle(seed: int) -> None:
    """No two frames of a device overlap; no sliding hour holds more than its share of a band."""
    engine, log = play(seed)
    sent = picked(log, log.fate != NOT_SENT)
    order = np.lexsort((sent.start_s, sent.device))
    sent = picked(sent, order)
    end_s = sent.start_s + sent.airtime_s
    same = sent.device[1:] == sent.device[:-1]
    assert (sent.start_s[1:][same] >= end_s[:-1][same]).all()
    check_duty(engine.network, sent)


def check_duty(network: Network, sent: FrameLog) -> None:
    """Assert that no device uses more than its share of any sliding hour in any sub-band."""
    band = network.channels.band[sent.channel]
    for b, duty in enumerate(network.bands.device_duty):
        rows = picked(sent, band == b)
        for d in np.unique(rows.device):
            one = picked(rows, rows.device == d)
            start_s, end_s = one.start_s, one.start_s + one.airtime_s
            for from_s in start_s:
                inside = np.clip(
                    np.minimum(end_s, from_s + HOUR_S) - np.maximum(start_s, from_s), 0, None
                )
                assert inside.sum() <= duty * HOUR_S + 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_received_before_it_was_sent(seed: int) -> None:
    """A frame starts once its message is due; a gateway decodes only what it can hear."""
    engine, log = play(seed)
    assert (log.start_s >= log.due_s).all()
    delivered = picked(log, log.fate == DELIVERED)
    assert (delivered.gateways >= 1).all()
    factor = 5 - delivered.data_rate
    sensitivity = engine.network.gateways.sensitivity_dbm[delivered.best_gateway, factor]
    assert (delivered.level_dbm >= sensitivity).all()


def test_after_a_mains_cut_every_device_joins_or_still_tries() -> None:
    """A join storm: no duty-cycle violation, one fate a frame, everyone joined or still trying."""
    network, _ = random_network(5)
    count = len(network.devices.key)
    network = network._replace(
        devices=network.devices._replace(joined=np.ones(count, dtype=np.bool_))
    )
    engine = WindowEngine(network)
    everyone = np.arange(count)
    switch = [(600.0, 0), (1_200.0, 1)]
    orders = Orders(
        np.repeat([at_s for at_s, _ in switch], count),
        np.full(2 * count, POWER_ORDER),
        np.tile(everyone, 2),
        np.repeat([on for _, on in switch], count),
        np.zeros(2 * count),
        np.zeros((2 * count, 6)),
    )
    log = joined([engine.run(1_800.0, orders).frames, engine.run(12_000.0).frames])
    device = engine.state.device
    trying = device["engaged"] & (device["kind"] == JOIN)
    assert (device["joined"] | trying).all()
    assert device["joined"].sum() > 0
    requests = picked(log, log.kind == JOIN)
    assert len(np.unique(np.stack([requests.device, requests.number]), axis=1).T) == len(
        requests.device
    )
    assert not ((log.start_s > 600.0) & (log.start_s < 1_200.0) & (log.fate != NOT_SENT)).any()
    check_duty(network, picked(log, log.fate != NOT_SENT))


def test_gateways_keep_their_duty_cycle_when_everybody_wants_an_answer() -> None:
    """The airtime gateways send in an hour stays within the sub-bands' duty cycles."""
    for seed in SEEDS:
        network, _ = random_network(seed)
        confirmed = np.ones_like(network.fleets.confirmed)
        network = network._replace(fleets=network.fleets._replace(confirmed=confirmed))
        engine = WindowEngine(network)
        before = np.zeros_like(engine.state.gateway_airtime_s)
        for hour in range(3):
            engine.run((hour + 1) * HOUR_S)
            spent = engine.state.gateway_airtime_s - before
            before = engine.state.gateway_airtime_s.copy()
            # A downlink counts where it starts, so one may reach over the end of the hour.
            assert (spent <= network.bands.gateway_duty * HOUR_S + 2.8).all()
