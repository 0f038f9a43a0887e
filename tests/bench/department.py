"""A department of meters for benchmarks: 100,000 devices, 36 gateways, 82.4 km square, hourly.

Loss 128.95 + 23.2 lg d_km (Oulu, [V]), shadowing 7.8 dB once a link, fading 3 dB once a frame and
gateway; 14 dBm ERP, 20 application bytes, phases uniform over the hour, gateways SX1303 at the
centres of a 6 x 6 grid. Each device begins at the fastest data rate that its best link bears with
10 dB of margin, as a server would have set it. Goursaud's matrix, energy capture.

`UPLINK` sends and forgets. `CLASS_A` is the whole MAC: ADR everywhere, every tenth device
confirmed, slow shadowing (4 dB, 0.7 of it common to a device's links).

`python -m tests.bench.department KIND HOURS` plays one in a process of its own and prints JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Mapping, Sequence

import numpy as np

from models.lora.cell_play import warm_up
from models.lora.log_distance import OULU
from models.lora.network.eu868 import bands, channels, rules
from models.lora.network.fates import DELIVERED, FATES, NOT_SENT
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
from models.lora.network.setup import Network
from models.lora.network.window import WindowEngine
from models.lora.region import ERP_LIMIT_DBM
from twin.streams import Streams

UPLINK, CLASS_A = "uplink", "class-a"
DEVICES, SIDE_M, ROWS = 100_000, 82_400.0, 6
PERIOD_S, WINDOW_S = 3_600.0, 900.0
CONFIRMED_SHARE = 10
"""One device in so many wants its readings acknowledged (`CLASS_A`)."""


def department(kind: str = UPLINK, devices: int = DEVICES, seed: int = 1) -> Network:
    """Return the department's tables; the density falls with `devices`, the square stays."""
    mac = kind == CLASS_A
    streams = Streams(seed, 0)
    plans = [
        FleetPlan("meter", 20, PERIOD_S, adr=mac),
        FleetPlan("confirmed", 20, PERIOD_S, adr=mac, confirmed=True),
    ]
    fleets = fleets_table(plans)
    fleet = np.zeros(devices, dtype=np.int64)
    if mac:
        fleet[::CONFIRMED_SHARE] = 1
    physics = radio(slow_sigma_db=4.0 if mac else 0.0)
    keys = np.array(
        [streams.key64("bench", "gateway", str(i)) for i in range(ROWS**2)], dtype=np.uint64
    )
    stations = gateways_table(keys)
    places_m = SIDE_M * streams.generator("bench", "place").random((devices, 2))
    middle_m = SIDE_M * (np.arange(ROWS) + 0.5) / ROWS
    stand_m = np.stack(np.meshgrid(middle_m, middle_m), axis=-1).reshape(-1, 2)
    far_m = np.linalg.norm(places_m[:, None, :] - stand_m[None, :, :], axis=2)
    level_dbm = ERP_LIMIT_DBM - OULU.loss_db(np.maximum(far_m, 1.0))
    shadowing = streams.generator("bench", "shadowing").standard_normal(level_dbm.shape)
    level_dbm += OULU.sigma_db * shadowing
    device, gateway = np.indices(level_dbm.shape)
    links = links_table(
        devices,
        device.ravel(),
        gateway.ravel(),
        level_dbm.ravel(),
        least_level_dbm(stations, physics),
    )
    rate = planned_rate(links, stations, fleets.lowest_rate[fleet])
    phase_s = PERIOD_S * streams.generator("bench", "phase").random(devices)
    dice = streams.generator("bench", "device").integers(0, 2**64, devices, dtype=np.uint64)
    return Network(
        fleets=fleets,
        devices=devices_table(dice, fleet, plans, phase_s, rate),
        links=links,
        gateways=stations,
        channels=channels(),
        bands=bands(),
        radio=physics,
        rules=rules(),
    )


def played(kind: str, hours: float, devices: int = DEVICES) -> dict[str, object]:
    """Return what became of a department within so many hours, and what it cost.

    `tables_cpu_s` and `engine_cpu_s` are CPU seconds, compilation not among them; `peak_mib` is the
    most memory the process ever held, interpreter and compiled code included.
    """
    warm_up()
    start = time.process_time()
    net = department(kind, devices)
    made = time.process_time()
    engine = WindowEngine(net)
    for until_s in np.arange(WINDOW_S, 3_600.0 * hours + 1.0, WINDOW_S):
        engine.run(float(until_s))
    ended = time.process_time()
    tally, state = engine.state.tally, engine.state
    fates = tally["frames"].sum(axis=0, dtype=np.int64)
    return {
        "messages": int(tally["messages"].sum()),
        "packets": int(tally["factors"].sum()),
        "not_sent": int(fates[NOT_SENT]),
        "on_air": engine.on_air,
        "receptions": int(state.receptions_by.sum()),
        "causes": {FATES[i].value: int(n) for i, n in enumerate(fates) if n},
        "factors": tally["factors"].sum(axis=0, dtype=np.int64).tolist(),
        "delivered": int(tally["delivered"].sum()),
        "frame_delivery_rate": float(fates[DELIVERED] / fates[:NOT_SENT].sum()),
        "downlink_s": float(state.gateway_airtime_s.sum()),
        "events": engine.events,
        "links": len(net.links.gateway),
        "tables_cpu_s": made - start,
        "engine_cpu_s": ended - made,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0,
    }


def main(arguments: Sequence[str]) -> int:
    """Print what became of the department named."""
    kind, hours = arguments
    found: Mapping[str, object] = played(kind, float(hours))
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
