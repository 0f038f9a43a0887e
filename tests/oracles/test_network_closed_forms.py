"""The network against queueing theory: ALOHA, capture on a disc, Erlang's loss formula.

Each case plays two million frames. Over six seeds the share delivered spreads (one standard error)
by 0.0001 to 0.0004 for ALOHA and capture, 0.0003 to 0.0007 for blocking, where losses come in
bursts: the tolerance of 0.002 is about three of the largest. Duty cycles are lifted, since the
formulas know none.
Readings are Poisson; a device still listening makes one wait, which is seen by less than 0.3 % of
frames and moves their time only.

Sources: Abramson 1970 (ALOHA) and Erlang 1917 [V]; capture on a disc, the reference sheet's
section 7 [D], derived again below.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from models.lora.airtime import symbol_s, time_on_air_s
from models.lora.cell import Cell, network
from models.lora.network.fates import COLLISION, DELIVERED, NO_DEMODULATOR, NOT_SENT, OUT_OF_REACH
from models.lora.network.field import links_table
from models.lora.network.setup import PERIODIC_ARRIVAL, Network
from models.lora.network.window import WindowEngine
from twin.streams import Streams

FRAMES = 2_000_000
DEVICES = 2_000
TOLERANCE = 0.002
PLENTY = 100_000
"""Demodulators enough for everybody."""

MIX = (0.40, 0.20, 0.15, 0.10, 0.10, 0.05)
"""Shares of SF7 to SF12."""

APPLICATION_BYTES = 7
"""20 bytes on the air, as LoRaSim counts them."""

SF12_S = float(time_on_air_s(20, 12))
AIRTIMES_S = time_on_air_s(20, np.arange(7, 13))
EXPONENT, THRESHOLD_DB = 2.08, 6.0


def fates(net: Network, until_s: float) -> np.ndarray:
    """Return how many frames met each fate (numbers of `fates`)."""
    engine = WindowEngine(net)
    engine.run(until_s)
    counts: np.ndarray = engine.state.tally["frames"].sum(axis=0)
    return counts


def lawless(net: Network) -> Network:
    """Return a network whose devices have no duty cycle."""
    return net._replace(bands=net.bands._replace(device_duty=np.ones(3)))


def share_lost(net: Network, interval_s: float, cause: int) -> float:
    """Return the share of two million frames lost, all of them for one cause."""
    devices = len(net.devices.key)
    counts = fates(lawless(net), FRAMES * interval_s / devices)
    sent = counts[DELIVERED] + counts[cause]
    assert sent == pytest.approx(FRAMES, rel=0.005)
    # A device drops a reading that waits when the next one is due: a few in a million.
    assert counts.sum() - sent == counts[NOT_SENT]
    assert counts[NOT_SENT] < 1e-4 * sent
    return float(counts[cause] / sent)


def one_channel(interval_s: float, devices: int = DEVICES, **settings: object) -> Network:
    """Return a cell of one channel at SF12, demodulators without number."""
    cell = Cell(
        devices,
        interval_s=interval_s,
        payload_bytes=APPLICATION_BYTES,
        radius_m=100.0,
        path_loss_exponent=EXPONENT,
        channels=1,
        demodulators=PLENTY,
        sf="fixed:12",
        **settings,  # type: ignore[arg-type]
    )
    return network(cell)


@pytest.mark.parametrize("load", [0.1319, 0.6595, 1.3189])
def test_pure_aloha(load: float) -> None:
    """Where any overlap destroys both, e^(-2G) of the frames arrive.

    A device does not collide with itself: G counts the N - 1 others.
    """
    interval_s = DEVICES * SF12_S / load
    lost = share_lost(one_channel(interval_s, interference="aloha"), interval_s, COLLISION)
    others = load * (DEVICES - 1) / DEVICES
    assert 1.0 - lost == pytest.approx(math.exp(-2.0 * others), abs=TOLERANCE)


def delivered_on_a_disc(mean_others: float) -> float:
    """Return the share delivered on a disc where each frame meets Poisson(a) harmful others.

    With U = (r/R)^2 uniform, one other frame beats a wanted one by more than -h where U_other <
    k U_wanted, k = 10^(2h / 10 g). Peak powers: a frame survives if none of those it meets does,
    so the share is the mean of exp(-a min(1, k U)):
    (1 - e^-a) / (k a) + (1 - 1/k) e^-a [D].
    """
    k = 10.0 ** (2.0 * THRESHOLD_DB / (10.0 * EXPONENT))
    gone = math.exp(-mean_others)
    return (1.0 - gone) / (k * mean_others) + (1.0 - 1.0 / k) * gone


def on_a_disc(interval_s: float, grace_symbols: float, devices: int = DEVICES) -> Network:
    """Return a cell with capture by peak power, devices standing at the quantiles of the disc.

    Random places would spread the share by 0.3 / sqrt(N), more than the tolerance.
    """
    net = one_channel(
        interval_s,
        devices,
        interference="goursaud",
        same_factor_db=THRESHOLD_DB,
        capture="peak",
        grace_symbols=grace_symbols,
    )
    area = (np.arange(devices) + 0.5) / devices
    level_dbm = -120.0 - 10.0 * EXPONENT * np.log10(np.sqrt(area))
    dice = Streams(1, 0).generator("lora", "disc")
    everyone = np.arange(devices)
    gateway = np.zeros(devices, dtype=np.int64)
    return net._replace(
        links=links_table(devices, everyone, gateway, dice.permutation(level_dbm), -math.inf)
    )


@pytest.mark.parametrize("load", [0.1319, 0.6595, 1.3189])
@pytest.mark.parametrize("grace_symbols", [0.0, 3.0])
def test_capture_on_a_disc(load: float, grace_symbols: float) -> None:
    """With capture on a disc the share delivered is the closed form's, with and without grace.

    Grace here protects the wanted frame: what ends within its first symbols does it no harm, while
    a frame that begins later does, however late. Harmful are those that begin within
    (grace - T, T) of its start, so a = (N - 1) (2 T - grace) / interval [D].
    """
    interval_s = DEVICES * SF12_S / load
    net = on_a_disc(interval_s, grace_symbols)
    grace_s = grace_symbols * float(symbol_s(12))
    mean_others = (DEVICES - 1) * (2.0 * SF12_S - grace_s) / interval_s
    lost = share_lost(net, interval_s, COLLISION)
    assert 1.0 - lost == pytest.approx(delivered_on_a_disc(mean_others), abs=TOLERANCE)


def test_lorasim_example() -> None:
    """LoRaSim's example (experiment 4, 500 nodes, 1,000 s) delivers .3710, as its formula says.

    LoRaSim spares both frames of a pair whose overlap ends within three symbols, whichever was
    first, so a = 2 (N - 1) (T - 3 Ts) / (P + T): as many harmful frames as one-sided grace of six
    symbols leaves. Its nodes wait P after a frame has ended, hence P + T. Six of its own seeds gave
    .3688 +- .0018 and one .3717, random places included [V].
    """
    nodes, pause_s = 500, 1_000.0
    interval_s = pause_s + SF12_S
    mean_others = 2.0 * (nodes - 1) * (SF12_S - 3.0 * float(symbol_s(12))) / interval_s
    expected = delivered_on_a_disc(mean_others)
    assert expected == pytest.approx(0.3710, abs=5e-5)
    lost = share_lost(on_a_disc(interval_s, 6.0, nodes), interval_s, COLLISION)
    assert 1.0 - lost == pytest.approx(expected, abs=TOLERANCE)


def erlang_b(servers: int, load: float) -> float:
    """Return Erlang's loss probability, by its recursion."""
    blocked = 1.0
    for busy in range(1, servers + 1):
        blocked = load * blocked / (busy + load * blocked)
    return blocked


@pytest.mark.parametrize(
    ("servers", "load", "published"),
    [
        (8, 1.24, 4.0e-5),
        (8, 4.96, 0.0682),
        (8, 12.41, 0.4378),
        (16, 4.96, 4.5e-5),
        (16, 12.41, 0.0705),
    ],
)
def test_erlang_values_of_the_reference(servers: int, load: float, published: float) -> None:
    """The recursion gives the reference sheet's values to their last digit."""
    assert float(f"{erlang_b(servers, load):.2g}") == pytest.approx(published, rel=0.03)
    assert erlang_b(servers, load) == pytest.approx(published, abs=6e-5)


def mixed(
    loads: tuple[float, ...], demodulators: tuple[int, int], devices: int = 5 * DEVICES
) -> tuple[Network, float]:
    """Return a cell without interference that offers so many erlangs by SF7..SF12, its interval.

    Many devices, so that those on the air are missed by nobody (Engset's correction, E/N).
    """
    per_s = np.array(loads) / AIRTIMES_S
    factor = np.searchsorted(
        np.cumsum(per_s) / per_s.sum(), (np.arange(devices) + 0.5) / devices, side="left"
    )
    interval_s = devices / float(per_s.sum())
    cell = Cell(
        devices,
        interval_s=interval_s,
        payload_bytes=APPLICATION_BYTES,
        radius_m=100.0,
        interference="none",
    )
    net = network(cell)
    return net._replace(
        devices=net.devices._replace(data_rate=5 - factor),
        gateways=net.gateways._replace(demodulators=np.array([demodulators])),
    ), interval_s


@pytest.mark.parametrize(
    ("servers", "load"), [(8, 1.24), (8, 4.96), (8, 12.41), (16, 4.96), (16, 12.41)]
)
def test_demodulators_lose_as_erlang_says(servers: int, load: float) -> None:
    """Without interference the share lost for want of a demodulator is Erlang-B's, SFs mixed."""
    share = np.array(MIX) * AIRTIMES_S
    net, interval_s = mixed(tuple(load * share / share.sum()), (servers, 0))
    lost = share_lost(net, interval_s, NO_DEMODULATOR)
    assert lost == pytest.approx(erlang_b(servers, load), abs=TOLERANCE)


def test_second_kind_of_demodulators() -> None:
    """On an SX1302, SF11/12 alone find 8 demodulators, SF7..10 alone 16, each as Erlang-B."""
    slow, interval_s = mixed((0.0, 0.0, 0.0, 0.0, 3.0, 3.0), (8, 8))
    lost = share_lost(slow, interval_s, NO_DEMODULATOR)
    assert lost == pytest.approx(erlang_b(8, 6.0), abs=TOLERANCE)
    fast, interval_s = mixed((3.0, 3.0, 3.0, 3.0, 0.0, 0.0), (8, 8))
    lost = share_lost(fast, interval_s, NO_DEMODULATOR)
    assert lost == pytest.approx(erlang_b(16, 12.0), abs=TOLERANCE)


def test_fast_frames_leave_the_first_kind_free() -> None:
    """1.24 E of SF7..10 stay in the second pool: 6 E of SF11/12 lose B(8, 6), not B(16, 7.24)."""
    net, interval_s = mixed((0.31, 0.31, 0.31, 0.31, 3.0, 3.0), (8, 8))
    engine = WindowEngine(lawless(net))
    engine.run(FRAMES * interval_s / len(net.devices.key))
    slow = net.devices.data_rate <= 1
    frames = engine.state.tally["frames"]
    lost = frames[slow, NO_DEMODULATOR].sum() / frames[slow].sum()
    assert lost == pytest.approx(erlang_b(8, 6.0), abs=TOLERANCE)
    assert frames[~slow, NO_DEMODULATOR].sum() / frames[~slow].sum() < 1e-4


@pytest.mark.parametrize(
    ("factors", "lost"),
    [
        ([12] * 9, [8]),
        ([11] * 8 + [12], [8]),
        ([7] * 17, [16]),
        ([10] * 8 + [12] * 8, []),
        ([10] * 16 + [12], [16]),
        ([12] * 8 + [10] * 8, []),
        ([12] * 8 + [10] * 9, [16]),
        ([10] * 9 + [12] * 8, [16]),
    ],
)
def test_pools_one_by_one(factors: list[int], lost: list[int]) -> None:
    """Frames a millisecond apart fill the SX1302's two pools in the order the chip would."""
    count = len(factors)
    net = network(Cell(count, payload_bytes=20, radius_m=100.0, interference="none"))
    net = net._replace(
        fleets=net.fleets._replace(arrival=np.array([PERIODIC_ARRIVAL])),
        devices=net.devices._replace(
            data_rate=12 - np.array(factors),
            phase_s=0.001 * np.arange(count),
            period_s=np.full(count, 1.0e6),
        ),
        gateways=net.gateways._replace(demodulators=np.array([[8, 8]])),
    )
    engine = WindowEngine(net)
    engine.run(100.0)
    found = engine.state.tally["frames"]
    assert np.flatnonzero(found[:, NO_DEMODULATOR]).tolist() == lost
    assert found[:, DELIVERED].sum() == count - len(lost)
    assert found[:, [OUT_OF_REACH, COLLISION, NOT_SENT]].sum() == 0
