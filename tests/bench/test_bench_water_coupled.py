"""Coupled hydraulics: a year of hours in SimPy, leaks coming and going, demand from patterns.

The reference is the same EPANET, opened and run whole a day at a time: what a caller does who can
only run files.
"""

from __future__ import annotations

import time

import numpy as np
import pytest
import simpy
from pytest_benchmark.fixture import BenchmarkFixture
from water_networks import wntr_network

from models.water.epanet.process import HydraulicProcess
from models.water.epanet.stepping import Engine
from models.water.network.network import NodeKind
from tests.bench.record import Bar, cpu_s, record

pytestmark = pytest.mark.bench

HOURS, LEAKS, HOUR_S = 8_760, 20, 3_600
LEAK_M3S = 2.2 / 3_600.0
"""An unreported leak [V Gironde guide], at about 50 m of pressure."""


class Year:
    """A year of one network with twenty leaks, and what was seen of it."""

    def __init__(self, engine: Engine) -> None:
        engine.restart()
        self.engine = engine
        self.env = simpy.Environment()
        self.process = HydraulicProcess(self.env, engine, step_s=HOUR_S)
        self.seen: set[int] = set()
        self.leaking_steps = 0
        rng = np.random.default_rng(20)
        junctions = np.flatnonzero(engine.network.nodes.kind == NodeKind.JUNCTION)
        self.nodes = rng.choice(junctions, LEAKS, replace=False)
        starts = np.sort(rng.integers(1, HOURS - 2_000, LEAKS))
        for number, (node, start) in enumerate(zip(self.nodes, starts, strict=True)):
            self.env.process(self._life(str(number), int(node), int(start), 1_500))
        self.process.listen(lambda _: self._look())

    def play(self) -> None:
        """Play the whole year."""
        self.env.run(until=HOURS * HOUR_S)

    def _life(
        self, name: str, node: int, start_h: int, hours: int
    ) -> simpy.events.ProcessGenerator:
        yield self.env.timeout(start_h * HOUR_S - 1_800)
        self.process.start_leak(name, node, LEAK_M3S / 50.0**0.5)
        yield self.env.timeout(hours * HOUR_S)
        self.process.end_leak(name)

    def _look(self) -> None:
        """Read heads, flows and leaks, whole."""
        leaks = self.engine.leaks_m3s()
        self.engine.heads_m()
        self.engine.flows_m3s()
        leaking = np.flatnonzero(leaks)
        self.seen.update(leaking.tolist())
        self.leaking_steps += len(leaking)


@pytest.mark.parametrize(("name", "most_s"), [("Net3", 1.0), ("ky4", 10.0)])
def test_a_coupled_year(benchmark: BenchmarkFixture, name: str, most_s: float) -> None:
    """A year of hourly steps with 20 leaks, every head, flow and leak read, within the bar."""
    with Engine(wntr_network(name)) as engine:
        spent: list[float] = []
        years: list[Year] = []

        def work() -> None:
            year = Year(engine)
            began = time.process_time()
            year.play()
            spent.append(time.process_time() - began)
            years.append(year)

        benchmark.pedantic(work, rounds=3)
        year = years[-1]
        assert year.process.steps == HOURS
        assert engine.volumes.steps >= HOURS - 1
        assert year.seen == set(year.nodes.tolist())
        assert year.leaking_steps == LEAKS * 1_500
        ledger = engine.volumes.ledger(name)
        ledger.check()
        assert ledger.left["leaked"] > 1_000.0
        whole_day_s = cpu_s(lambda: _day(name), rounds=3)
    least = min(spent)
    notes = {
        "us an hour": least / HOURS * 1e6,
        "leaked m3": ledger.left["leaked"],
        "worst step's imbalance": engine.volumes.worst_gap,
    }
    record(
        benchmark,
        work=HOURS,
        unit="hours",
        spent_s=least,
        bars=(Bar(f"CPU s a year of {name}", least, most_s),),
        reference=("opening the file each day", 24 / whole_day_s),
        notes=notes,
    )


def _day(name: str) -> None:
    """Open, run and read one day, as who can only run files must."""
    with Engine(wntr_network(name)) as engine:
        for _ in range(24):
            engine.solve()
            engine.heads_m()
            engine.flows_m3s()
            engine.advance(HOUR_S)
