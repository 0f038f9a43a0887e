"""The Indre fleet played by either engine in a process of its own.

`python -m tests.bench.indre_year ENGINE SCALE DAYS [TALLY.npy]` prints JSON and keeps the devices'
tallies. Days are cut into windows, the same for both engines: the surrogate looks at its laws at
the beginning of each.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.lora.network.fates import DELIVERED, FATES, NOT_SENT
from models.lora.network.surrogate import SurrogateEngine
from models.lora.network.window import WindowEngine
from tests.bench.indre_fleet import DAY_S, indre_fleet

WINDOW, SURROGATE = "window", "surrogate"
ENGINES: dict[str, type[WindowEngine | SurrogateEngine]] = {
    WINDOW: WindowEngine,
    SURROGATE: SurrogateEngine,
}
SETTLING_DAYS, SHORT_DAYS, LONG_DAYS = 60.0, 10.0, 61.0
WARM_SCALE = 0.01


def ends_of_windows(days: float) -> list[float]:
    """Return when each window ends, days: every ten while ADR settles, then every 61."""
    ends = np.concatenate(
        [
            np.arange(SHORT_DAYS, SETTLING_DAYS, SHORT_DAYS),
            np.arange(SETTLING_DAYS, days, LONG_DAYS),
        ]
    )
    return [*ends[ends < days].tolist(), days]


def played(name: str, scale: float, days: float, tally_to: Path | None = None) -> dict[str, Any]:
    """Return what became of the fleet, and what it cost.

    `tables_cpu_s` and `engine_cpu_s` are CPU seconds, compilation not among them, the surrogate's
    calibrations among the engine's; `peak_mib` is the most memory the process ever held,
    interpreter and compiled code included.
    """
    engine_of = ENGINES[name]
    engine_of(indre_fleet(WARM_SCALE).network).run(DAY_S)
    start = time.process_time()
    net = indre_fleet(scale).network
    made = time.process_time()
    tables_mib = _peak_mib()
    engine = engine_of(net)
    for until in ends_of_windows(days):
        engine.run(until * DAY_S)
    spent_s = time.process_time() - made
    tally = engine.state.tally
    if tally_to is not None:
        np.save(tally_to, tally)
    fates = tally["frames"].sum(axis=0, dtype=np.int64)
    return {
        "devices": len(tally),
        "messages": int(tally["messages"].sum(dtype=np.int64)),
        "uplinks": int(tally["factors"].sum(dtype=np.int64)),
        "not_sent": int(fates[NOT_SENT]),
        "on_air": engine.on_air,
        "causes": {FATES[i].value: int(n) for i, n in enumerate(fates) if n},
        "delivered_of_messages": float(
            tally["delivered"].sum(dtype=np.int64) / tally["messages"].sum(dtype=np.int64)
        ),
        "frame_delivery_rate": float(fates[DELIVERED] / fates[:NOT_SENT].sum()),
        "calibrations": getattr(engine, "calibrations", 0),
        "links": len(net.links.gateway),
        "tables_cpu_s": made - start,
        "tables_mib": tables_mib,
        "engine_cpu_s": spent_s,
        "peak_mib": _peak_mib(),
    }


def _peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def in_a_process(
    root: Path, name: str, scale: float, days: float, tally_to: Path | None = None
) -> dict[str, Any]:
    """Return what `played` says, from a process of its own."""
    words = [sys.executable, "-m", "tests.bench.indre_year", name, str(scale), str(days)]
    words += [] if tally_to is None else [str(tally_to)]
    done = subprocess.run(words, cwd=root, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main(arguments: Sequence[str]) -> int:
    """Print what became of the fleet."""
    name, scale, days, *target = arguments
    found = played(name, float(scale), float(days), Path(target[0]) if target else None)
    sys.stdout.write(json.dumps(found) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
