"""The whole Indre: every network runs, and the sums are those the method page gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_up_ground import check_run, run_epanet

from models.water.rural.settings import RuralSettings
from models.water.rural.zones import build_zones
from twin.scenario.schema import TerritorySection
from twin.territory.communes import read_communes
from twin.territory.ground import read_ground
from twin.territory.territory import build_territory


@pytest.mark.slow
def test_every_network_of_the_indre_runs(root: Path, tmp_path: Path) -> None:
    """All 241 networks pass a peak day and a week without a warning; 8,000 km in all."""
    folder = root / "scenarios" / "indre"
    communes = read_communes(folder / "communes.csv", folder / "merged_communes.csv")
    territory = build_territory(communes)
    section = TerritorySection(name="Indre", communes=folder / "communes.csv")
    ground = read_ground(section, communes, tmp_path)
    zones = build_zones(territory, ground, RuralSettings(), 36)
    assert len(zones) == 241
    assert sum(zone.people.sum() for zone in zones) == territory.population.sum()
    assert sum(zone.network.length_km for zone in zones) == pytest.approx(8_000.0, rel=0.02)
    assert 70 <= np.median([len(zone.network.nodes) for zone in zones]) <= 110
    for zone in zones:
        check_run(zone, run_epanet(zone, tmp_path, hours=24, demand=1.5))
        check_run(zone, run_epanet(zone, tmp_path, hours=168, demand=1.0))
