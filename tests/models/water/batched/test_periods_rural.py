"""The made-up networks of the territory over a day: pump, tank and levels, in both engines."""

from __future__ import annotations

import importlib.util
import math
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from models.water.batched.periods.events import LaneEvents
from models.water.batched.periods.run import run_lanes
from models.water.epanet.leak_table import Leak, coefficients_at
from models.water.epanet.stepping import Engine
from models.water.network.network import Floats, Network, NodeKind
from models.water.rural.settings import RuralSettings
from models.water.rural.zones import build_zones
from models.water.zone import Zone
from twin.scenario.schema import TerritorySection
from twin.territory.communes import read_communes
from twin.territory.ground import read_ground
from twin.territory.territory import build_territory

HOUR_S, DAY_S = 3600, 86_400
BAR_M = 1e-3
LEAK = 2.2 / 3600.0 / math.sqrt(50.0)
"""2.2 m3/h at 50 m."""


def by_epanet(network: Network, leaks: Sequence[Leak]) -> Floats:
    """Return EPANET's heads by hour, (hours, nodes)."""
    heads = []
    current = network.nodes.emitter.copy()
    with Engine(network) as engine:
        for now in range(0, DAY_S + 1, HOUR_S):
            wanted = coefficients_at(leaks, now, network.nodes.emitter)
            for node in np.flatnonzero(wanted != current).tolist():
                engine.change.emitter(node, float(wanted[node]))
            current = wanted
            engine.solve()
            heads.append(engine.heads_m())
            if now < DAY_S:
                engine.advance(HOUR_S)
    return np.array(heads)


def worst_m(zone: Zone, rng: np.random.Generator) -> float:
    """Return the largest difference of head of a zone, without a leak and with one somewhere."""
    network = zone.network
    junctions = np.flatnonzero(network.nodes.kind == NodeKind.JUNCTION)
    leak = Leak("leak", int(rng.choice(junctions)), LEAK, 2.0 * HOUR_S, 14.0 * HOUR_S)
    lanes: tuple[tuple[Leak, ...], ...] = ((), (leak,))
    run = run_lanes(network, [LaneEvents(leaks=each) for each in lanes], duration_s=DAY_S)
    return max(
        float(np.abs(by_epanet(network, each) - run.heads_m[:, :, lane]).max())
        for lane, each in enumerate(lanes)
    )


def test_four_made_up_networks_are_epanets() -> None:
    """Four zones of 60 to 6,000 inhabitants: heads of a day are EPANET's within 1e-3 m."""
    file = Path(__file__).parents[1] / "rural" / "made_up_ground.py"
    spec = importlib.util.spec_from_file_location("ground_of_four_communes", file)
    assert spec is not None
    assert spec.loader is not None
    ground = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = ground  # its dataclasses look themselves up
    spec.loader.exec_module(ground)
    rng = np.random.default_rng(4)
    assert max(worst_m(zone, rng) for zone in ground.zones()) < BAR_M


@pytest.mark.slow
def test_every_network_of_the_indre_is_epanets(root: Path, tmp_path: Path) -> None:
    """All 241 networks: heads of a day are EPANET's within 1e-3 m, with a leak and without."""
    folder = root / "scenarios" / "indre"
    communes = read_communes(folder / "communes.csv", folder / "merged_communes.csv")
    section = TerritorySection(name="Indre", communes=folder / "communes.csv")
    ground = read_ground(section, communes, tmp_path)
    zones = build_zones(build_territory(communes), ground, RuralSettings(), 36)
    assert len(zones) == 241
    rng = np.random.default_rng(5)
    found = {zone.id: worst_m(zone, rng) for zone in zones}
    assert {name: value for name, value in found.items() if not value < BAR_M} == {}
