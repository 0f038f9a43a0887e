"""Under a tower of known level, a zone's heads are those of its whole network in EPANET."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_water import SmallYear, small_year

from models.water.batched.state import state_at
from models.water.epanet.stepping import Engine
from models.water.gravity import gravity_of
from models.water.network.network import NodeKind
from models.water.rural.store import load_zones
from models.water.zone import Zone
from twin.territory.communes import read_communes
from twin.territory.ground import read_ground
from twin.territory.limits import territory_areas
from twin.territory.territory import build_territory


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> SmallYear:
    """Return the small territory."""
    return small_year(tmp_path_factory.mktemp("gravity"))


def _zones(small: SmallYear) -> tuple[Zone, ...]:
    section = small.scenario.territory
    communes = read_communes(section.communes, section.merged_communes)
    areas = territory_areas(section, communes)
    cache: Path = small.workspace.cache
    terrain = read_ground(section, communes, cache)
    territory = build_territory(communes, areas)
    return load_zones(territory, terrain, small.settings.rural, small.scenario.study.seed, cache)


def test_nothing_that_fills_the_tower_is_left(small: SmallYear) -> None:
    """No reservoir, no pump, one tank, every inhabitant, and all mains but the rising one."""
    for zone, each in zip(_zones(small), small.stage.zones, strict=True):
        below = each.gravity.zone
        assert (below.network.nodes.kind == NodeKind.TANK).sum() == 1
        assert (below.network.nodes.kind != NodeKind.RESERVOIR).all()
        assert len(below.network.pumps.link) == 0
        assert below.people.sum() == pytest.approx(zone.people.sum(), rel=1e-12)
        gone = set(zone.network.links.ids) - set(below.network.links.ids)
        assert gone <= {"rising", "PU1"}


def test_heads_are_those_of_the_whole_network_in_epanet(small: SmallYear) -> None:
    """At the same level, demand and leak, each node's head is EPANET's within a millimetre."""
    for zone, each in zip(_zones(small), small.stage.zones, strict=True):
        gravity = gravity_of(zone)
        network = gravity.zone.network
        node = int(np.argmax(gravity.zone.people))
        state = state_at(network)
        half = np.zeros(len(network.nodes))
        half[node] = 2.2 / 3600.0 / np.sqrt(40.0)
        found = each.solver.solve(replace(state, half=half)).heads_m[:, 0]
        with Engine(zone.network) as engine:
            engine.change.emitter(zone.network.node(network.nodes.ids[node]), half[node])
            engine.solve()
            whole = dict(zip(zone.network.nodes.ids, engine.heads_m(), strict=True))
        truth = [whole[name] for name in network.nodes.ids]
        np.testing.assert_allclose(found, truth, atol=1e-3)


def test_the_tank_is_filled_at_the_flow_epanet_finds(small: SmallYear) -> None:
    """What fills the tower is within 15 % of what pump or main bring at the first level."""
    for zone, each in zip(_zones(small), small.stage.zones, strict=True):
        links = zone.network.links
        rising = links.ids.index("rising")
        filling = zone.network.controls[0].link
        with Engine(zone.network) as engine:
            engine.change.opened(filling, is_open=True)
            engine.solve()
            flow = abs(float(engine.flows_m3s()[rising]))
        assert each.gravity.filling_m3s == pytest.approx(flow, rel=0.15)
