"""What changes while the network lives: records the compiled engine keeps, one row a thing.

Rows are records, not columns: an uplink touches nearly every field of its device once, and one
row is a few cache lines where forty columns would be forty.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.lora.adr import HISTORY
from models.lora.duty import gateway_ledger
from models.lora.network.setup import Network

NOBODY = -1
MOST_PLANNED = 32
"""Downlinks a gateway can hold planned, as the packet forwarder's queue does [V]."""

MARGIN_BINS = 40
"""Receptions are counted by whole dB above the sensitivity, the last bin takes the rest."""

DEVICE = np.dtype(
    [
        ("key", "u8"),
        ("period_s", "f8"),
        ("phase_s", "f8"),
        ("first_link", "i8"),
        ("last_link", "i8"),
        ("fleet", "i8"),
        # the radio's state
        ("rate", "i8"),
        ("tx_index", "i8"),
        ("nb_trans", "i8"),
        ("f_cnt", "i8"),
        ("uplinks_since", "i8"),
        # the readings to come
        ("reading", "i8"),
        ("due_s", "f8"),
        ("waiting", "i8"),
        ("waiting_due_s", "f8"),
        # the message in hand
        ("engaged", "?"),
        ("powered", "?"),
        ("joined", "?"),
        ("asks", "?"),
        ("delivered", "?"),
        ("kind", "i8"),
        ("number", "i8"),
        ("alarm", "i8"),
        ("attempt", "i8"),
        ("message_rate", "i8"),
        ("message_tx", "i8"),
        ("message_trans", "i8"),
        ("message_due_s", "f8"),
        ("last_fate", "i8"),
        ("cycle_at_s", "f8"),
        ("busy_until_s", "f8"),
        ("air_until_s", "f8"),
        ("to_acknowledge", "i8"),
        ("carrying", "?"),
        ("session", "i8"),
        ("nonce", "i8"),
        ("join_start_s", "f8"),
        ("answers", "i8"),
        ("alarm_head", "i8"),
        ("alarm_tail", "i8"),
        # what the server knows of it
        ("best", "i8"),
        ("known_rate", "i8"),
        ("command_head", "i8"),
        ("command_tail", "i8"),
        ("command_at_s", "f8"),
        ("commands", "i8"),
    ],
    align=True,
)

TALLY = np.dtype(
    [
        ("tx_s", "f8", (8,)),
        ("rx_s", "f8"),
        ("frames", "i4", (8,)),
        ("factors", "i4", (6,)),
        ("messages", "i4"),
        ("delivered", "i4"),
        ("lost", "i4", (8,)),
        ("day", "i4"),
        ("days", "i4"),
        ("gateways", "i8"),
        ("gateways_squared", "i8"),
        ("delay_s", "f8"),
        ("longest_delay_s", "f8"),
    ],
    align=True,
)
"""Counts of one device: airtime by power index, reception time, frames by fate, by factor, messages
begun, delivered and lost by their last frame's fate, last day and days with a delivered reading,
gateways per frame on the air (sum, sum of squares), delay of delivered messages (sum, longest)."""

FRAME = np.dtype(
    [
        ("device", "i8"),
        ("kind", "i8"),
        ("number", "i8"),
        ("attempt", "i8"),
        ("key", "u8"),
        ("due_s", "f8"),
        ("start_s", "f8"),
        ("airtime_s", "f8"),
        ("rate", "i8"),
        ("tx_index", "i8"),
        ("channel", "i8"),
        ("session", "i8"),
        ("carried", "i8"),
        ("f_cnt", "i8"),
        ("asks", "?"),
        ("delivered_before", "?"),
        ("confirmed", "?"),
        ("first_rx", "i8"),
        ("last_rx", "i8"),
        ("next_free", "i8"),
    ],
    align=True,
)

RECEPTION = np.dtype(
    [
        ("power_mw", "f8"),
        ("need_mw", "f8"),
        ("level_dbm", "f8"),
        ("start_s", "f8"),
        ("end_s", "f8"),
        ("safe_s", "f8"),
        ("sums", "f8", (6,)),
        ("gateway", "i4"),
        ("channel", "i4"),
        ("factor", "i4"),
        ("state", "i4"),
        ("pool", "i4"),
        ("next", "i4"),
        ("previous", "i4"),
        ("sibling", "i4"),
    ],
    align=True,
)

DOWNLINK = np.dtype(
    [
        ("gateway", "i8"),
        ("device", "i8"),
        ("session", "i8"),
        ("start_s", "f8"),
        ("airtime_s", "f8"),
        ("band", "i8"),
        ("window", "i8"),
        ("rate", "i8"),
        ("key", "u8"),
        ("sent", "?"),
        ("new_rate", "i8"),
        ("new_tx_index", "i8"),
        ("new_nb_trans", "i8"),
        ("command", "i8"),
        ("uplink_end_s", "f8"),
        ("uplink_airtime_s", "f8"),
        ("uplink_rate", "i8"),
        ("uplink_key", "u8"),
        ("multicast", "i8"),
        ("next_free", "i8"),
    ],
    align=True,
)

ALARM = np.dtype(
    [("number", "i8"), ("kind", "i8"), ("due_s", "f8"), ("airtime_s", "f8", (6,)), ("next", "i8")],
    align=True,
)

COMMAND = np.dtype(
    [
        ("number", "i8"),
        ("device", "i8"),
        ("serial", "i8"),
        ("tries", "i8"),
        ("cause", "i8"),
        ("airtime_s", "f8", (6,)),
        ("next", "i8"),
        ("open", "?"),
    ],
    align=True,
)

GATEWAY = np.dtype(
    [
        ("up", "?"),
        ("sending", "?"),
        ("free_any", "i8"),
        ("free_low", "i8"),
        ("planned", "i8"),
        ("plan_start_s", "f8", (MOST_PLANNED,)),
        ("plan_end_s", "f8", (MOST_PLANNED,)),
    ],
    align=True,
)


class Counters:
    """Places in the `counters` array."""

    DEVICE_HEAP, AIR_HEAP, FREE_FRAME, FREE_RX, FREE_DOWN, FRAMES_FREE, RX_FREE, DOWN_FREE = range(
        8
    )
    ORDER, LOG, COMMAND_LOG, HEARING_LOG, ON_AIR, REFUSED, EVENTS, ALARMS = range(8, 16)
    PLANNED, HEARD = 16, 17
    SIZE = 18


class State(NamedTuple):
    """All that changes. `counters` holds sizes and cursors (places: `Counters`).

    `receptions_by` counts receptions per gateway, factor, margin in dB and state, shape
    (gateways, 6, MARGIN_BINS, 6); `gateway_airtime_s` what gateways sent, (gateways, bands);
    `heard_gateway` and `heard_level` hold, for each frame in the log in order, the gateways that
    decoded it, best first.
    """

    device: NDArray[Any]
    tally: NDArray[Any]
    last_end_s: NDArray[np.float64]
    last_airtime_s: NDArray[np.float64]
    history_f_cnt: NDArray[np.int64]
    history_snr_db: NDArray[np.float64]
    history_tx: NDArray[np.int8]
    history_count: NDArray[np.int64]
    gateway: NDArray[Any]
    slots_ns: NDArray[np.int64]
    slot_of: NDArray[np.int64]
    gateway_airtime_s: NDArray[np.float64]
    receptions_by: NDArray[np.int64]
    outside_per_s: NDArray[np.float64]
    heads: NDArray[np.int32]
    tails: NDArray[np.int32]
    frame: NDArray[Any]
    reception: NDArray[Any]
    downlink: NDArray[Any]
    alarm: NDArray[Any]
    command: NDArray[Any]
    heap_s: NDArray[np.float64]
    heap_code: NDArray[np.int64]
    air_s: NDArray[np.float64]
    air_code: NDArray[np.int64]
    counters: NDArray[np.int64]
    rank_gateway: NDArray[np.int64]
    rank_level: NDArray[np.float64]
    best_sensitivity_dbm: NDArray[np.float64]
    heard_gateway: NDArray[np.int32]
    heard_level: NDArray[np.float64]


def fresh_state(network: Network, frames: int = 64, heard: int = 0) -> State:
    """Return the state at t = 0, before the engine has put the first events on its heap.

    `frames` is how many may be on the air before the pools grow; `heard` the rows kept of which
    gateway decoded a logged frame (0: not kept).
    """
    devices, gateways = len(network.devices.key), len(network.gateways.key)
    bands, channels = len(network.bands.device_duty), len(network.channels.band)
    widest = int(np.diff(network.links.indptr).max(initial=0))
    receptions = max(64, frames * min(widest, 16) + widest)
    slots_ns, slot_of = gateway_ledger(gateways, bands)
    return State(
        device=_devices(network),
        tally=_tallies(devices),
        last_end_s=np.full((devices, bands), -np.inf),
        last_airtime_s=np.zeros((devices, bands)),
        history_f_cnt=np.zeros((devices, HISTORY), dtype=np.int64),
        history_snr_db=np.zeros((devices, HISTORY)),
        history_tx=np.zeros((devices, HISTORY), dtype=np.int8),
        history_count=np.zeros(devices, dtype=np.int64),
        gateway=_gateways(network),
        slots_ns=slots_ns,
        slot_of=slot_of,
        gateway_airtime_s=np.zeros((gateways, bands)),
        receptions_by=np.zeros((gateways, 6, MARGIN_BINS, 6), dtype=np.int64),
        outside_per_s=network.channels.outside_per_s.copy(),
        heads=np.full((gateways, channels), NOBODY, dtype=np.int32),
        tails=np.full((gateways, channels), NOBODY, dtype=np.int32),
        frame=_pool(FRAME, frames, "next_free"),
        reception=_pool(RECEPTION, receptions, "next"),
        downlink=_pool(DOWNLINK, max(64, gateways + 8), "next_free"),
        alarm=np.zeros(0, dtype=ALARM),
        command=np.zeros(0, dtype=COMMAND),
        heap_s=np.zeros(2 * devices + 64),
        heap_code=np.zeros(2 * devices + 64, dtype=np.int64),
        air_s=np.zeros(256),
        air_code=np.zeros(256, dtype=np.int64),
        counters=_counters(frames, receptions, max(64, gateways + 8)),
        rank_gateway=np.zeros(max(widest, 1), dtype=np.int64),
        rank_level=np.zeros(max(widest, 1)),
        heard_gateway=np.zeros(heard, dtype=np.int32),
        heard_level=np.zeros(heard),
        best_sensitivity_dbm=network.gateways.sensitivity_dbm.min(axis=0, initial=np.inf),
    )


def grown_pool(pool: NDArray[Any], link: str, free_head: int) -> tuple[NDArray[Any], int]:
    """Return a pool of twice the size and the new head of its free list."""
    old = len(pool)
    bigger = np.zeros(2 * old, dtype=pool.dtype)
    bigger[:old] = pool
    bigger[link][old:] = np.arange(old + 1, 2 * old + 1)
    bigger[link][-1] = free_head
    return bigger, old


def _pool(kind: np.dtype[Any], size: int, link: str) -> NDArray[Any]:
    pool = np.zeros(size, dtype=kind)
    pool[link] = np.arange(1, size + 1)
    pool[link][-1] = NOBODY
    return pool


def _counters(frames: int, receptions: int, downlinks: int) -> NDArray[np.int64]:
    counters = np.zeros(Counters.SIZE, dtype=np.int64)
    counters[Counters.FRAMES_FREE] = frames
    counters[Counters.RX_FREE] = receptions
    counters[Counters.DOWN_FREE] = downlinks
    return counters


def _tallies(devices: int) -> NDArray[Any]:
    tally = np.zeros(devices, dtype=TALLY)
    tally["day"] = -1
    return tally


def _gateways(network: Network) -> NDArray[Any]:
    gateway = np.zeros(len(network.gateways.key), dtype=GATEWAY)
    gateway["up"] = True
    gateway["free_any"] = network.gateways.demodulators[:, 0]
    gateway["free_low"] = network.gateways.demodulators[:, 1]
    return gateway


def _devices(network: Network) -> NDArray[Any]:
    given = network.devices
    device = np.zeros(len(given.key), dtype=DEVICE)
    device["key"] = given.key
    device["period_s"] = given.period_s
    device["phase_s"] = given.phase_s
    device["first_link"] = network.links.indptr[:-1]
    device["last_link"] = network.links.indptr[1:]
    device["fleet"] = given.fleet
    device["rate"] = device["known_rate"] = given.data_rate
    device["tx_index"] = given.tx_index
    device["nb_trans"] = given.nb_trans
    device["joined"] = given.joined
    device["powered"] = True
    device["busy_until_s"] = -np.inf
    device["air_until_s"] = -np.inf
    device["cycle_at_s"] = np.inf
    device["command_at_s"] = np.inf
    for name in ("waiting", "alarm", "to_acknowledge", "alarm_head", "alarm_tail"):
        device[name] = NOBODY
    for name in ("best", "command_head", "command_tail"):
        device[name] = NOBODY
    return device
