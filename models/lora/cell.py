"""A stand-alone cell: a disc of alike devices, to compare with the papers' simulators.

Devices stand uniformly on a disc, one gateway at its centre or several spread evenly over it, the
loss is a line in lg d, readings come as a Poisson process. Everything else is the twin's own: EU868
channels and duty cycles, class A windows, and one of the two engines of `models.lora.network`.

The default line is LoRaSim's (Bor et al., MSWiM 2016 [V]), 127.41 dB at 40 m and exponent 2.08,
told at 1 m: 127.41 - 20.8 lg 40 = 94.09 dB [D]. Levels are 14 dBm minus the loss.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lora.cell_check import FIXED, OPTIMAL, cell_faults
from models.lora.log_distance import LORASIM
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
from twin.errors import InputError
from twin.streams import Streams

LORASIM_1M_DB = float(LORASIM.loss_db(1.0))
"""LoRaSim's loss at 1 m, 94.09 dB [D]."""

MODEL = "lora"
GOLDEN_ANGLE = math.pi * (3.0 - math.sqrt(5.0))


@dataclass(frozen=True)
class Cell:
    """What a cell is made of.

    `interval_s` is the mean time between readings, `payload_bytes` the application payload.
    `shadowing_db` is drawn once a link, `fading_db` once a frame and gateway. `demodulators` take
    any spreading factor and are those of one gateway. `same_factor_db` replaces the diagonal of the
    matrix `interference`; `capture` compares energies over the overlap or peak powers, and what
    ends within the first `grace_symbols` of a frame does it no harm. `sf` is "optimal" (each
    device's fastest that its best gateway hears, no margin) or "fixed:7" to "fixed:12".
    """

    devices: int
    gateways: int = 1
    interval_s: float = 1_000.0
    payload_bytes: int = 20
    days: float = 1.0
    radius_m: float = 500.0
    path_loss_exponent: float = LORASIM.exponent
    path_loss_1m_db: float = LORASIM_1M_DB
    shadowing_db: float = 0.0
    fading_db: float = 0.0
    channels: int = 8
    demodulators: int = 8
    interference: str = "goursaud"
    same_factor_db: float | None = None
    sf: str = OPTIMAL
    grace_symbols: float = 0.0
    capture: str = "energy"
    chip: str = "SX1303"
    confirmed: bool = False
    adr: bool = False
    seed: int = 1

    @property
    def span_s(self) -> float:
        """How long the cell lives, seconds."""
        return self.days * 86_400.0

    @property
    def fixed_rate(self) -> int | None:
        """Data rate of "fixed:S"; None where each device has its own."""
        return 12 - int(self.sf.removeprefix("fixed:")) if self.sf in FIXED else None


def network(cell: Cell) -> Network:
    """Return the cell as the engines' tables.

    A device's place, shadowing and dice do not depend on how many others there are; a gateway's
    place does (`gateway_places_m`).

    Raises
    ------
    InputError
        With every fault of the cell, by the name of the command's option.
    """
    faults = list(cell_faults(cell))
    if faults:
        raise InputError(*faults)
    streams = Streams(cell.seed, 0)
    plan = FleetPlan(
        "cell",
        cell.payload_bytes,
        float(cell.interval_s),
        arrival="poisson",
        confirmed=cell.confirmed,
        adr=cell.adr,
    )
    fleets = fleets_table([plan])
    physics = radio(
        cell.interference,
        same_factor_db=cell.same_factor_db,
        energy=cell.capture == "energy",
        grace_symbols=float(cell.grace_symbols),
        fading_sigma_db=float(cell.fading_db),
        slow_sigma_db=0.0,
    )
    stations = gateways_table(
        _keys(streams, "gateway", cell.gateways),
        cell.chip,
        demodulators=(cell.demodulators, 0),
    )
    links = _links(cell, streams, least_level_dbm(stations, physics))
    fleet = np.zeros(cell.devices, dtype=np.int64)
    rate = planned_rate(links, stations, fleets.lowest_rate[fleet], margin_db=0.0)
    if cell.fixed_rate is not None:
        rate = np.full(cell.devices, cell.fixed_rate, dtype=np.int64)
    return Network(
        fleets=fleets,
        devices=devices_table(
            _keys(streams, "device", cell.devices), fleet, [plan], np.zeros(cell.devices), rate
        ),
        links=links,
        gateways=stations,
        channels=channels(cell.channels),
        bands=bands(),
        radio=physics,
        rules=rules(join_channels=min(3, cell.channels)),
    )


def device_places_m(cell: Cell) -> NDArray[np.float64]:
    """Return where devices stand, uniform on the disc about (0, 0), shape (devices, 2), metres."""
    draws = Streams(cell.seed, 0).generator(MODEL, "cell-place").random((cell.devices, 2))
    radius_m = cell.radius_m * np.sqrt(draws[:, 0])
    angle = 2.0 * np.pi * draws[:, 1]
    return np.column_stack([radius_m * np.cos(angle), radius_m * np.sin(angle)])


def gateway_places_m(cell: Cell) -> NDArray[np.float64]:
    """Return where gateways stand, shape (gateways, 2), metres.

    One at the centre; several on the sunflower's spiral, sqrt((k + 1/2)/n) of the radius at k
    golden angles, which gives each an equal part of the disc (Vogel, Math. Biosciences 44, 1979).
    """
    if cell.gateways == 1:
        return np.zeros((1, 2))
    order = np.arange(cell.gateways)
    radius_m = cell.radius_m * np.sqrt((order + 0.5) / cell.gateways)
    angle = GOLDEN_ANGLE * order
    return np.column_stack([radius_m * np.cos(angle), radius_m * np.sin(angle)])


def _links(cell: Cell, streams: Streams, least_dbm: float) -> Links:
    places_m = device_places_m(cell)
    device, gateway, levels_dbm = [], [], []
    for g, (x_m, y_m) in enumerate(gateway_places_m(cell)):
        # Within 1 m the line has no meaning.
        far_m = np.maximum(np.hypot(places_m[:, 0] - x_m, places_m[:, 1] - y_m), 1.0)
        loss_db = cell.path_loss_1m_db + 10.0 * cell.path_loss_exponent * np.log10(far_m)
        level_dbm = ERP_LIMIT_DBM - loss_db
        if cell.shadowing_db > 0.0:
            dice = streams.generator(MODEL, "cell-shadowing", f"gateway-{g}")
            level_dbm += cell.shadowing_db * dice.standard_normal(cell.devices)
        kept = np.flatnonzero(level_dbm >= least_dbm)
        device.append(kept)
        gateway.append(np.full(len(kept), g, dtype=np.int64))
        levels_dbm.append(level_dbm[kept])
    return links_table(
        cell.devices,
        np.concatenate(device),
        np.concatenate(gateway),
        np.concatenate(levels_dbm),
        least_dbm,
    )


def _keys(streams: Streams, what: str, count: int) -> NDArray[np.uint64]:
    return np.array(
        [streams.key64(MODEL, f"cell-{what}", f"{what}-{i}") for i in range(count)],
        dtype=np.uint64,
    )
