"""A year of a department the size of the Indre: every uplink, the surrogate, how they agree."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pytest_benchmark.fixture import BenchmarkFixture

from tests.bench.agreement import Agreement, agreement
from tests.bench.growth_figure import SCALES, drawn, measured
from tests.bench.indre_fleet import CABINETS, COUNTS, DAY_S, NAMES, PLANS, ZONE_ROWS, indre_fleet
from tests.bench.indre_year import SURROGATE, WINDOW, in_a_process
from tests.bench.record import Bar, record

pytestmark = pytest.mark.bench

DAYS = 365.0
READINGS = int(sum(n * DAYS * DAY_S / p.period_s for n, p in zip(COUNTS, PLANS, strict=True)))
"""71,248,000; a reading whose jitter carries it over the year's end is not one of them."""

CPU_BARS_S = {WINDOW: 400.0, SURROGATE: 30.0}
PEAK_BAR_MIB = 2_048.0
TABLES_BAR_MIB = 1_229.0
SHARE_BAR, LIFE_BAR, VARIANCE_BAR = 0.005, 0.02, 0.10
GROWTH_BAR = 1.75
"""The dearest over the cheapest uplink of fleets whose sizes are 1 to 40; exact proportion would be
1. The window engine misses it in most runs (1.48 to 1.86): tables that no longer fit the caches."""


class Years:
    """The year as each engine played it; each is played once, when it is first asked for."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder = root, folder
        self.told: dict[str, dict[str, Any]] = {}

    def play(self, engine: str) -> dict[str, Any]:
        """Return what a process of its own says of the year."""
        if engine not in self.told:
            self.told[engine] = in_a_process(self.root, engine, 1.0, DAYS, self._file(engine))
        return self.told[engine]

    def tally(self, engine: str) -> NDArray[Any]:
        """Return the devices' tallies at the end of the year."""
        self.play(engine)
        tally: NDArray[Any] = np.load(self._file(engine))
        return tally

    def _file(self, engine: str) -> Path:
        return self.folder / f"{engine}.npy"


@pytest.fixture(scope="module")
def years(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Years:
    """Return the years, shared by the tests of this file."""
    return Years(root, tmp_path_factory.mktemp("years"))


@pytest.mark.parametrize("engine", [WINDOW, SURROGATE])
def test_a_year_of_the_indre(benchmark: BenchmarkFixture, years: Years, engine: str) -> None:
    """71 million readings of a year: every uplink in 400 CPU s, the surrogate in 30; 2 GiB.

    The surrogate's calibrations are among its seconds. 97 to 99 % of the readings arrive.
    """
    found: dict[str, Any] = benchmark.pedantic(years.play, (engine,), rounds=1)
    assert READINGS - 2_000 <= found["messages"] <= READINGS
    assert found["uplinks"] + found["not_sent"] >= found["messages"]
    assert sum(found["causes"].values()) + found["on_air"] == found["uplinks"] + found["not_sent"]
    assert 0.97 <= found["delivered_of_messages"] <= 0.99
    assert (found["calibrations"] > 1) is (engine == SURROGATE)
    record(
        benchmark,
        work=found["uplinks"],
        unit="uplinks",
        spent_s=found["engine_cpu_s"],
        bars=(
            Bar("CPU s", found["engine_cpu_s"], at_most=CPU_BARS_S[engine]),
            Bar("peak MiB", found["peak_mib"], at_most=PEAK_BAR_MIB),
            Bar("peak MiB of the tables alone", found["tables_mib"], at_most=TABLES_BAR_MIB),
        ),
        notes={
            "readings": found["messages"],
            "share of readings that arrive": found["delivered_of_messages"],
            "CPU s for the tables": found["tables_cpu_s"],
            "links": found["links"],
            "calibrations": found["calibrations"],
        },
    )


def test_the_surrogate_agrees(benchmark: BenchmarkFixture, years: Years) -> None:
    """Same dice: arrivals per fleet and zone within 0.005, lives 2 %, gateways' variance 10 %."""
    fleet = indre_fleet()
    kind, zone = fleet.network.devices.fleet, fleet.zone
    first, second = years.tally(WINDOW), years.tally(SURROGATE)

    def compare() -> list[Agreement]:
        return [
            agreement(first[kind == k], second[kind == k], zone[kind == k], DAYS * DAY_S)
            for k in range(len(NAMES))
        ]

    found = benchmark.pedantic(compare, rounds=1)
    assert all(each.zones == ZONE_ROWS**2 for each in found)
    bars = []
    for k, (name, each) in enumerate(zip(NAMES, found, strict=True)):
        bars += [
            Bar(f"{name}: share", abs(each.share), at_most=SHARE_BAR),
            Bar(f"{name}: share, worst zone", each.zone_share, at_most=SHARE_BAR),
            Bar(f"{name}: variance of gateways", abs(each.variance), at_most=VARIANCE_BAR),
        ]
        if k != CABINETS:
            bars += [
                Bar(f"{name}: median life", abs(each.life_median), at_most=LIFE_BAR),
                Bar(f"{name}: 5th percentile of life", abs(each.life_low), at_most=LIFE_BAR),
            ]
    record(
        benchmark,
        work=years.play(SURROGATE)["uplinks"],
        unit="uplinks",
        spent_s=years.play(SURROGATE)["engine_cpu_s"],
        reference=(
            "every uplink",
            years.play(WINDOW)["uplinks"] / years.play(WINDOW)["engine_cpu_s"],
        ),
        bars=tuple(bars),
    )


@pytest.mark.parametrize("engine", [WINDOW, SURROGATE])
def test_cost_is_linear(
    benchmark: BenchmarkFixture, root: Path, tmp_path: Path, engine: str
) -> None:
    """At 1/10, 1 and 4 times the Indre a day's CPU goes with the devices, density being equal.

    The window engine's dearest uplink costs at most twice its cheapest, over 40 times the devices.
    The surrogate's uplinks get cheaper as the fleet grows, for its calibrations are of one size; so
    for it the bound concerns growth from the Indre's size on.
    """
    points = benchmark.pedantic(measured, (root, engine), rounds=1)
    assert [point.scale for point in points] == list(SCALES)
    devices = np.array([point.devices for point in points])
    assert np.allclose(devices / devices[1], SCALES, rtol=1e-3)
    each_s = [point.per_uplink_s for point in points]
    growth = max(each_s) / min(each_s) if engine == WINDOW else max(each_s[1:]) / each_s[1]
    assert drawn(points).write(tmp_path / "growth.svg").stat().st_size > 2_000
    record(
        benchmark,
        work=sum(point.uplinks for point in points),
        unit="uplinks",
        spent_s=sum(point.cpu_s for point in points),
        bars=(Bar("growth of CPU per uplink", growth, at_most=GROWTH_BAR),),
        notes={f"CPU s a day, {point.devices:,} devices": point.per_day_s for point in points},
    )
