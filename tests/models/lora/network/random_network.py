"""Networks drawn at random, with everything that can happen in them."""

from __future__ import annotations

from typing import Any

import numpy as np

from models.lora.network import eu868
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


def random_network(seed: int) -> tuple[Network, Groups]:
    """Return a network of 25 to 400 devices and 1 to 5 gateways, and two multicast groups."""
    rng = np.random.default_rng(seed)
    devices, gateways = int(rng.choice([25, 80, 400])), int(rng.integers(1, 6))
    plans = [_random_fleet(rng, number) for number in range(int(rng.integers(1, 4)))]
    physics = radio(
        str(rng.choice(["goursaud", "croce", "none", "aloha"], p=[0.45, 0.45, 0.05, 0.05])),
        energy=bool(rng.random() < 0.7),
        grace_symbols=float(rng.choice([0.0, 3.0])),
        fading_sigma_db=float(rng.choice([0.0, 3.0])),
        rayleigh=bool(rng.random() < 0.3),
        slow_sigma_db=float(rng.choice([0.0, 5.0])),
        slow_rho=float(rng.choice([0.0, 0.7, 1.0])),
        slow_tau_s=float(rng.choice([600.0, 86_400.0])),
    )
    towers = gateways_table(
        rng.integers(0, 2**63, gateways).astype(np.uint64),
        demodulators=(int(rng.choice([1, 2, 8])), int(rng.choice([0, 1, 8]))),
    )
    pairs = devices * gateways
    links = links_table(
        devices,
        np.repeat(np.arange(devices), gateways),
        np.tile(np.arange(gateways), devices),
        rng.uniform(-150.0, float(rng.choice([-90.0, -110.0, -125.0])), pairs),
        least_level_dbm(towers, physics),
    )
    fleet = rng.integers(0, len(plans), devices)
    table = fleets_table(plans)
    rate = planned_rate(links, towers, table.lowest_rate[fleet], float(rng.choice([0.0, 10.0])))
    table_of = devices_table(
        rng.integers(0, 2**63, devices).astype(np.uint64),
        fleet,
        plans,
        rng.random(devices) * 120.0,
        rate,
    )
    table_of = table_of._replace(
        joined=rng.random(devices) < float(rng.choice([0.0, 0.9, 1.0])),
        nb_trans=rng.integers(1, int(rng.choice([2, 4])), devices),
        tx_index=rng.integers(0, int(rng.choice([1, 8])), devices),
    )
    channels = eu868.channels(int(rng.integers(1, 9)))
    if rng.random() < 0.4:
        channels = channels._replace(
            outside_per_s=rng.random(len(channels.band)) * 2.0,
            outside_airtime_s=np.full(len(channels.band), 0.3),
            outside_level_dbm=np.full(len(channels.band), -115.0),
            outside_sigma_db=np.full(len(channels.band), 8.0),
        )
    rules = eu868.rules(rx2_rate=int(rng.choice([0, 3])), join_channels=min(3, len(channels.band)))
    bands = eu868.bands()
    if rng.random() < 0.3:  # so that gateways run out of airtime
        bands = bands._replace(gateway_duty=np.array([0.001, 0.001, 0.002]))
    members = np.flatnonzero(rng.random(devices) < 0.5)
    half = len(members) // 2
    groups = Groups(np.array([0, half, len(members)]), members)
    return Network(table, table_of, links, towers, channels, bands, physics, rules), groups


def _random_fleet(rng: np.random.Generator, number: int) -> FleetPlan:
    return FleetPlan(
        name=f"fleet {number}",
        application_bytes=int(rng.choice([1, 20, 51, 100])),
        period_s=float(rng.choice([30.0, 120.0, 600.0])),
        arrival=str(rng.choice(["periodic", "poisson"])),
        jitter_s=float(rng.choice([0.0, 5.0])),
        confirmed=bool(rng.random() < 0.4),
        adr=bool(rng.random() < 0.6),
        device_class=str(rng.choice(["A", "B", "C"])),
        watched=True,
    )


def random_orders(seed: int, network: Network, from_s: float, to_s: float) -> Orders:
    """Return some of every kind of order within a span, sorted by time."""
    rng = np.random.default_rng((seed, int(from_s)))
    devices, gateways = len(network.devices.key), len(network.gateways.key)
    rows: list[tuple[Any, ...]] = []
    for kind, who, often in (
        (ALARM_ORDER, devices, 0.02),
        (COMMAND_ORDER, devices, 0.02),
        (GATEWAY_ORDER, gateways, 0.003),
        (POWER_ORDER, devices, 0.01),
        (CHANNEL_ORDER, len(network.channels.band), 0.002),
        (MULTICAST_ORDER, 2, 0.002),
    ):
        for at_s in rng.uniform(from_s, to_s, rng.poisson(often * (to_s - from_s))):
            number = len(rows) + int(from_s) * 1000
            if kind in {GATEWAY_ORDER, POWER_ORDER}:
                number = int(rng.random() < 0.6)
            value = float(rng.choice([0, 3])) if kind == MULTICAST_ORDER else rng.random()
            rows.append((at_s, kind, int(rng.integers(0, who)), number, value))
    rows.sort()
    airtime_s = np.stack([eu868.command_airtimes_s(10)] * max(1, len(rows)))[: len(rows)]
    columns = list(zip(*rows, strict=True)) if rows else [()] * 5
    return Orders(
        np.array(columns[0], dtype=np.float64),
        *(np.array(column, dtype=np.int64) for column in columns[1:4]),
        np.array(columns[4], dtype=np.float64),
        airtime_s,
    )
