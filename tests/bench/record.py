"""What a benchmark leaves for the table: the work asserted, its rate, its reference, its bars.

Times are CPU seconds: wall time on a shared machine measures the neighbours.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from pytest_benchmark.fixture import BenchmarkFixture


@dataclass(frozen=True)
class Bar:
    """One promise, and what was measured.

    `at_most` and `at_least` bound `measured`, both limits included; infinite where there is none.
    """

    what: str
    measured: float
    at_most: float = math.inf
    at_least: float = -math.inf

    @property
    def met(self) -> bool:
        """Whether the promise was kept; a NaN keeps none."""
        return self.at_least <= self.measured <= self.at_most


def cpu_s(work: Callable[[], object], rounds: int = 5) -> float:
    """Return the least CPU seconds of several calls."""
    best = math.inf
    for _ in range(rounds):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def record(
    benchmark: BenchmarkFixture,
    *,
    work: int,
    unit: str,
    spent_s: float,
    bars: tuple[Bar, ...] = (),
    reference: tuple[str, float] | None = None,
    peers: str = "",
    notes: Mapping[str, float | str] | None = None,
) -> None:
    """Keep what `tests.bench.table` prints, then assert every bar.

    Parameters
    ----------
    work
        Count of things done in `spent_s` CPU seconds, asserted by the caller.
    unit
        What is counted, in the plural.
    bars
        Kept before they are asserted, so that the table also tells of the ones missed.
    reference
        Name of the reference implementation run here and now, and its things per CPU second.
    peers
        Key into `tests.bench.peers.PEERS`; empty where nobody has published a figure.
    notes
        Other figures worth a line: accuracy, memory, gap.
    """
    benchmark.extra_info.update(
        work=work,
        unit=unit,
        cpu_s=spent_s,
        rate_per_cpu_s=work / spent_s,
        bars=[
            {name: value for name, value in asdict(bar).items() if value not in NO_LIMIT}
            | {"met": bar.met}
            for bar in bars
        ],
        peers=peers,
        notes=dict(notes or {}),
    )
    if reference is not None:
        benchmark.extra_info.update(
            reference=reference[0],
            reference_rate_per_cpu_s=reference[1],
        )
    missed = [bar for bar in bars if not bar.met]
    assert not missed, missed


NO_LIMIT = (math.inf, -math.inf)
