"""M/M/c queues through the whole kernel: clock, dice, recorder, executor, store, interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from twin.decide.intervals import mean_interval
from twin.oracles.queues import erlang_wait_s, play_queue, wait_error_s, waits_s
from twin.recorder import Part
from twin.study.executors import InlineExecutor
from twin.study.outcomes import values
from twin.study.plan import StudyPlan, Task
from twin.study.replicate import run_study
from twin.study.store import Store

REPLICATIONS = 20


@dataclass(frozen=True)
class MakeQueue:
    """Makes the work of a queue; importable by workers."""

    servers: int
    arrivals: float
    customers: int

    def __call__(self) -> Callable[[Task], Part]:
        """Return the work."""
        return lambda task: play_queue(
            self.servers, self.arrivals, self.customers, task.replication
        )


@pytest.mark.parametrize(
    ("customers", "precise"), [(6_000, 0.16), pytest.param(60_000, 0.05, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize(
    ("servers", "arrivals", "known_s"), [(1, 0.8, 4.0), (2, 1.6, 1.777778), (10, 9.0, 0.668732)]
)
def test_the_closed_form_lies_inside_the_interval(
    tmp_path: Path, servers: int, arrivals: float, known_s: float, customers: int, precise: float
) -> None:
    """Twenty replications, their starts cut by MSER-5: Erlang's wait is inside the interval."""
    assert erlang_wait_s(servers, arrivals) == pytest.approx(known_s, abs=5e-7)
    store = Store(tmp_path, "queue")
    plan = StudyPlan(("queue",), REPLICATIONS)
    result = run_study(plan, store, InlineExecutor(), MakeQueue(servers, arrivals, customers))
    assert not result.failures
    interval = mean_interval(values(store.table(), "queue", "wait_s"))
    print(f"M/M/{servers}: {interval}")  # noqa: T201 - shown with -s
    assert known_s in interval
    assert interval.half_width < precise * known_s


def test_the_error_of_one_run_is_daley_s() -> None:
    """Means of 40 runs of M/M/1 at half load spread as the asymptotic variance says."""
    import numpy as np

    means = [waits_s(1, 0.5, 2_000, replication).mean() for replication in range(40)]
    assert np.std(means, ddof=1) == pytest.approx(
        wait_error_s(1, 0.5) * np.sqrt(20_000 / 2_000), rel=0.35
    )
