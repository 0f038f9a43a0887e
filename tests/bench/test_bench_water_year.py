"""A year of the Indre's water: 241 zones hour by hour, leaks, meters, desk and crews."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from models.links.ideal import IdealLink
from models.water.belief import belief_of
from models.water.figures import nominal_dice
from models.water.left import left_of
from models.water.settings import ServiceSection, Settings
from models.water.stage import load_stage
from models.water.year import WaterYear, live_year
from tests.bench.record import Bar, cpu_s, record
from twin.scenario import load_scenario
from twin.workspace import Workspace

INDRE = Path(__file__).resolve().parents[2] / "scenarios" / "indre" / "water.toml"
METERS, DAYS, MOST_S = 240, 365, 60.0


@pytest.mark.bench
def test_a_year_of_241_zones_takes_a_minute(benchmark: BenchmarkFixture, tmp_path: Path) -> None:
    """2.1 million hourly hydraulic states, a thousand leaks and 2 million readings in 60 CPU s."""
    scenario = load_scenario(INDRE)
    settings = scenario.option("meters-240").settings["water"]
    assert isinstance(settings, Settings)
    service = ServiceSection(days=DAYS, settling_days=0)
    settings = settings.model_copy(update={"service": service})
    stage = load_stage(scenario, settings, Workspace(tmp_path, tmp_path), lambda *_: None)
    belief = belief_of(scenario, settings, stage, service)
    dice = nominal_dice(scenario)
    years: list[WaterYear] = []

    def live() -> None:
        link = IdealLink(dice.streams, 3600.0)
        start = scenario.study.start
        years.append(live_year(stage, settings, dice, belief, start, lambda: link))

    short = settings.model_copy(update={"service": ServiceSection(days=14, settling_days=0)})
    live_year(
        stage, short, dice, belief, scenario.study.start, lambda: IdealLink(dice.streams, 3600.0)
    )  # compiles
    spent_s = cpu_s(lambda: benchmark.pedantic(live, rounds=1), rounds=1)
    left = left_of(years[0])
    produced = left.produced_m3.sum() + left.opening_m3.sum()
    went = left.consumed_m3.sum() + left.lost_m3.sum() + left.stored_m3.sum()
    nodes = np.mean([len(each.gravity.zone.network.nodes) for each in stage.zones])
    assert len(stage.zones) == 241
    assert left.meters == METERS
    assert left.delivered == left.sent > 0.9 * METERS * DAYS * 24
    assert left.searches > 100
    assert left.repairs > 800
    states = len(stage.zones) * DAYS * 24
    record(
        benchmark,
        work=states,
        unit="hourly states of a zone",
        spent_s=spent_s,
        bars=(
            Bar("CPU seconds of the year", spent_s, at_most=MOST_S),
            Bar("gap of the water balance", abs(produced - went) / produced, at_most=1e-6),
        ),
        peers="water-year",
        notes={
            "nodes a zone": float(nodes),
            "hidden leaks begun": float(left.hidden_begun),
            "yield": float(left.consumed_m3.sum() / left.produced_m3.sum()),
        },
    )
