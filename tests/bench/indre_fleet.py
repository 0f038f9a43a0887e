"""A year's fleet for benchmarks, of the Indre's size: 124,800 devices, 150 gateways, ADR on.

=========  =======  ========  ======  =====  ========================================
fleet      devices  period    jitter  bytes  entry loss, dB
=========  =======  ========  ======  =====  ========================================
meters     120,000  1 day     60 s    20     60 % in pits: 8, the others indoors: 4
bins         2,000  6 hours   60 s    15     2
cabinets     2,800  1 hour    10 s    30     2; class C, on mains
=========  =======  ========  ======  =====  ========================================

(71.2 million readings a year.) The square has sides of 82.4 km (6,790 km2); its opposite sides
meet, so that no device stands at an edge. Devices stand anywhere in it, gateways evenly (the R2
sequence of the plastic number), as a plan would place them. Level = 14 dBm ERP + 6 dB of antenna
- Oulu's loss (128.95 + 23.2 lg d_km [V]) - entry loss + shadowing of 7.8 dB [V], half of its
variance common to the device's links; no link beyond 15 km, where Oulu's drives on land ended [V].
Slow term 3 dB, 0.7 of it common; fading 3 dB. SX1303 gateways in 2 dB of noise rise. The server's
ADR keeps 15 dB in hand: with ChirpStack's 10 dB, under slow terms of 3 dB, it drives devices so
near the edge that one frame in ten is lost. Entry losses, noise rise, margin and the split of the
shadowing are chosen [U] so that 97 to 99 % of the meters' readings arrive.

A fleet of `scale` has so many times the devices *and* the gateways in so many times the area: what
one gateway hears stays the same (4 is a department of the Vendée's size, 480,000 meters). Links
are made chunk by chunk: no table of devices x gateways ever stands in memory.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.lora.log_distance import OULU
from models.lora.network.eu868 import bands, channels, rules
from models.lora.network.field import (
    FleetPlan,
    devices_table,
    fleets_table,
    gateways_table,
    least_level_dbm,
    links_table,
    planned_rate,
    radio,
)
from models.lora.network.setup import Links, Network
from models.lora.region import ERP_LIMIT_DBM
from twin.streams import Streams

METERS, BINS, CABINETS = 0, 1, 2
NAMES = ("meters", "bins", "cabinets")
COUNTS = (120_000, 2_000, 2_800)
PLANS = (
    FleetPlan("meters", 20, 86_400.0, jitter_s=60.0),
    FleetPlan("bins", 15, 21_600.0, jitter_s=60.0),
    FleetPlan("cabinets", 30, 3_600.0, jitter_s=10.0, device_class="C"),
)
GATEWAYS, SIDE_M, ZONE_ROWS = 150, 82_400.0, 4
PIT_SHARE, PIT_DB, INDOOR_DB, OUTDOOR_DB = 0.6, 8.0, 4.0, 2.0
ANTENNA_DB, NOISE_RISE_DB = 6.0, 2.0
NEAREST_M, FARTHEST_M = 50.0, 15_000.0
ADR_MARGIN_DB = 15.0
COMMON_VARIANCE = 0.5
SLOW_DB, SLOW_RHO, FADING_DB = 3.0, 0.7, 3.0
CHUNK_PAIRS = 1_500_000
"""Pairs of device and gateway looked at together: 12 MB a column."""
PLASTIC = 1.324717957244746
DAY_S = 86_400.0


class IndreFleet(NamedTuple):
    """A network, and the square (0..15) of the 4 x 4 each device stands in."""

    network: Network
    zone: NDArray[np.int64]


def indre_fleet(scale: float = 1.0, seed: int = 1) -> IndreFleet:
    """Return the fleet at a scale; the same seed gives the same tables."""
    streams = Streams(seed, 0)
    counts = [max(1, round(scale * count)) for count in COUNTS]
    fleet = np.repeat(np.arange(len(counts)), counts)
    devices, side_m = len(fleet), SIDE_M * math.sqrt(scale)
    stations = max(1, round(scale * GATEWAYS))
    places_m = side_m * streams.generator("bench", "place").random((devices, 2))
    stand_m = side_m * evenly(stations)
    pits = streams.generator("bench", "pit").random(devices) < PIT_SHARE
    entry_db = np.where(fleet == METERS, np.where(pits, PIT_DB, INDOOR_DB), OUTDOOR_DB)
    physics = radio(fading_sigma_db=FADING_DB, slow_sigma_db=SLOW_DB, slow_rho=SLOW_RHO)
    keys = streams.generator("bench", "gateway").integers(0, 2**64, stations, dtype=np.uint64)
    gateways = gateways_table(keys, noise_rise_db=NOISE_RISE_DB)
    least_dbm = least_level_dbm(gateways, physics)
    links = _stacked(list(_chunks(places_m, stand_m, side_m, entry_db, least_dbm, streams)))
    fleets = fleets_table(PLANS)
    period_s = np.array([plan.period_s for plan in PLANS])[fleet]
    dice = streams.generator("bench", "device").integers(0, 2**64, devices, dtype=np.uint64)
    phase_s = period_s * streams.generator("bench", "phase").random(devices)
    rate = planned_rate(links, gateways, fleets.lowest_rate[fleet])
    network = Network(
        fleets=fleets,
        devices=devices_table(dice, fleet, PLANS, phase_s, rate),
        links=links,
        gateways=gateways,
        channels=channels(),
        bands=bands(),
        radio=physics,
        rules=rules(adr_margin_db=ADR_MARGIN_DB),
    )
    zone = (ZONE_ROWS * places_m / side_m).astype(np.int64)
    return IndreFleet(network, zone[:, 0] * ZONE_ROWS + zone[:, 1])


def readings_a_day(network: Network) -> float:
    """Return how many readings all the devices take in a day."""
    return float(np.sum(DAY_S / network.devices.period_s))


def evenly(count: int) -> NDArray[np.float64]:
    """Return points spread evenly over the unit square, shape (count, 2): the R2 sequence."""
    steps = np.arange(1, count + 1)[:, None] / np.array([PLASTIC, PLASTIC**2])
    return np.asarray((0.5 + steps) % 1.0)


def _chunks(
    places_m: NDArray[np.float64],
    stand_m: NDArray[np.float64],
    side_m: float,
    entry_db: NDArray[np.float64],
    least_dbm: float,
    streams: Streams,
) -> Iterator[Links]:
    """Yield the links of one chunk of devices after the other."""
    dice = streams.generator("bench", "shadowing")
    rows = max(1, CHUNK_PAIRS // len(stand_m))
    for first in range(0, len(places_m), rows):
        here_m = places_m[first : first + rows]
        away_m = np.abs(here_m[:, None, :] - stand_m)
        away_m = np.minimum(away_m, side_m - away_m)
        far_m = np.hypot(away_m[..., 0], away_m[..., 1])
        device, gateway = np.nonzero(far_m <= FARTHEST_M)
        common = dice.standard_normal(len(here_m))[device]
        own = dice.standard_normal(len(device))
        shadow = math.sqrt(COMMON_VARIANCE) * common + math.sqrt(1.0 - COMMON_VARIANCE) * own
        loss_db = OULU.loss_db(np.maximum(far_m[device, gateway], NEAREST_M))
        level_dbm = ERP_LIMIT_DBM + ANTENNA_DB - loss_db - entry_db[first + device]
        level_dbm += OULU.sigma_db * shadow
        yield links_table(len(here_m), device, gateway, level_dbm, least_dbm)


def _stacked(parts: list[Links]) -> Links:
    """Return the links of all chunks as one table."""
    counts = np.concatenate([np.diff(part.indptr) for part in parts])
    return Links(
        indptr=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        gateway=np.concatenate([part.gateway for part in parts]),
        level_dbm=np.concatenate([part.level_dbm for part in parts]),
    )
