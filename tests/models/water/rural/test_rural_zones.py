"""Made-up zones: whose people they serve, how they hang together, and that EPANET likes them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_up_ground import PEOPLE, check_run, four_communes, hills, run_epanet, zones

from models.water.network.network import LinkKind, NodeKind
from models.water.rural.calibrate import mean_demand_m3s
from models.water.rural.settings import RuralSettings, ShapeSection
from models.water.rural.zones import build_zones
from models.water.zone import Zone
from twin.errors import DataError, InputError


def connected(zone: Zone) -> bool:
    """Tell whether every node is joined to every other."""
    links = zone.network.links
    group = np.arange(len(zone.network.nodes))
    for _ in range(len(group)):
        least = np.minimum(group[links.start], group[links.end])
        before = group.copy()
        np.minimum.at(group, links.start, least)
        np.minimum.at(group, links.end, least)
        if np.array_equal(before, group):
            break
    return bool((group == 0).all())


def test_everyone_has_water_and_nobody_twice() -> None:
    """The people of a zone's nodes are the commune's inhabitants, exactly."""
    assert [zone.people.sum() for zone in zones()] == list(PEOPLE)
    assert all((zone.homes[zone.people > 0] > 0).all() for zone in zones())
    assert all((zone.connections[zone.homes > 0] > 0).all() for zone in zones())


def test_a_zone_hangs_together() -> None:
    """Every node is joined to the tank; pipes have length, diameter, roughness and a year."""
    for zone in zones():
        links = zone.network.links
        assert connected(zone)
        pipes = zone.network.pipes
        assert (links.length_m[pipes] > 0.0).all()
        assert (links.diameter_m[links.kind != LinkKind.PUMP] > 0.0).all()
        assert (links.roughness[pipes] > 60.0).all()
        assert ((zone.laid_year[pipes] >= 1930) & (zone.laid_year[pipes] <= 2025)).all()
        assert (zone.network.nodes.kind == NodeKind.TANK).sum() == 1
        assert (zone.network.nodes.kind == NodeKind.RESERVOIR).sum() == 1


def test_arrays_have_the_shapes_the_contract_says() -> None:
    """What a zone says by node and by link has one entry a node and a link."""
    for zone in zones():
        nodes, links = len(zone.network.nodes), len(zone.network.links)
        for name in ("people", "homes", "farm_m3_per_day", "industry_m3_per_day", "connections"):
            assert getattr(zone, name).shape == (nodes,), name
        assert zone.material.shape == zone.laid_year.shape == (links,)
        assert zone.material.dtype == np.int8
        assert zone.laid_year.dtype == np.int16
        assert zone.connections.dtype == np.int32


def test_demand_is_what_people_farms_and_industry_draw() -> None:
    """A zone's mean demand is 148 L a person, 20 L an empty home, and its farms and industry."""
    section = RuralSettings().people
    for zone in zones():
        network = zone.network
        by_node = np.bincount(
            network.demands.node, weights=network.demands.base_m3s, minlength=len(network.nodes)
        )
        fixed = zone.farm_m3_per_day + zone.industry_m3_per_day
        drawn = 86_400.0 * by_node - fixed - 0.148 * zone.people
        assert drawn.min() > -1e-9
        assert (drawn <= section.litres_per_empty_home_day / 1e3 * zone.homes + 1e-9).all()
        assert 86_400.0 * mean_demand_m3s(zone) == pytest.approx(86_400.0 * by_node.sum())
        assert zone.farm_m3_per_day.sum() == pytest.approx(24.0 * section.farm_m3_per_km2_day)


@pytest.mark.parametrize("row", range(len(PEOPLE)))
def test_the_peak_day_runs_in_epanet(row: int, tmp_path: Path) -> None:
    """Over a peak day EPANET warns of nothing, and every customer has between 10 and 100 m."""
    zone = zones()[row]
    check_run(zone, run_epanet(zone, tmp_path, hours=24, demand=1.5))


def test_a_week_runs_by_itself(tmp_path: Path) -> None:
    """Over a week of peak days and one of mean days the controls keep the tank between limits."""
    for zone in zones():
        for demand in (1.0, 1.5):
            run = run_epanet(zone, tmp_path, hours=168, demand=demand)
            check_run(zone, run)
            assert np.ptp(run.level_m) > 0.2 * zone.network.tanks.maximum_m[0]


def test_pressure_is_cut_where_the_ground_falls_away() -> None:
    """On hills with a valley 90 m deep some zone has pressure reducing valves, on bridges only."""
    valves = [np.flatnonzero(zone.network.links.kind == LinkKind.PRV) for zone in zones()]
    assert sum(map(len, valves)) > 0
    for zone, rows in zip(zones(), valves, strict=True):
        links = zone.network.links
        for row in rows:
            keep = np.arange(len(links)) != row
            without = replace(links, start=links.start[keep], end=links.end[keep])
            cut = replace(zone, network=replace(zone.network, links=without))
            assert not connected(cut)


def test_the_same_seed_gives_the_same_bits_and_another_does_not() -> None:
    """A zone is a pure function of its inputs; another seed lays other mains."""
    again = build_zones(four_communes(), hills(), RuralSettings(), 7)
    other = build_zones(four_communes(), hills(), RuralSettings(), 8)
    for one, two, three in zip(zones(), again, other, strict=True):
        for part in ("nodes.elevation_m", "links.length_m", "links.diameter_m", "demands.base_m3s"):
            table, name = part.split(".")
            first, second = (getattr(getattr(z.network, table), name) for z in (one, two))
            assert np.array_equal(first, second), part
        assert not np.array_equal(one.laid_year[:20], three.laid_year[:20])


def test_a_commune_does_not_depend_on_the_others() -> None:
    """Built alone or among others, with the same areas, a commune has the same network."""
    alone = build_zones(four_communes(), hills(), RuralSettings(), 7, only=["36902"])
    assert [zone.id for zone in alone] == ["36902"]
    among = zones()[2]
    assert np.array_equal(alone[0].network.links.length_m, among.network.links.length_m)
    assert np.array_equal(alone[0].people, among.people)
    assert np.array_equal(alone[0].material, among.material)


def test_km_total_is_met_and_too_little_is_refused() -> None:
    """A planner's own length of mains is met; one under the straight lines is an error."""
    now = sum(zone.network.length_km for zone in zones())
    wanted = 1.2 * now
    settings = RuralSettings(shape=ShapeSection(km_total=wanted))
    longer = build_zones(four_communes(), hills(), settings, 7)
    # Outlets of towers, tens of metres each, are not stretched.
    assert sum(zone.network.length_km for zone in longer) == pytest.approx(wanted, rel=0.01)
    with pytest.raises(InputError, match="km_total"):
        build_zones(four_communes(), hills(), RuralSettings(shape=ShapeSection(km_total=5.0)), 7)


def test_missing_ground_is_an_error_that_names_the_commune() -> None:
    """Where the terrain has a void under a commune, the message says which commune."""
    ground = hills()
    heights = ground.heights_m.copy()
    heights[:, : heights.shape[1] // 3] = np.nan
    with pytest.raises(DataError, match="Village"):
        build_zones(four_communes(), replace(ground, heights_m=heights), RuralSettings(), 7)


def test_a_deserted_commune_has_no_zone() -> None:
    """Nobody lives there: no network is made up."""
    territory = four_communes()
    empty = replace(territory.communes[1], population=0)
    communes = (territory.communes[0], empty, *territory.communes[2:])
    found = build_zones(replace(territory, communes=communes), hills(), RuralSettings(), 7)
    assert [zone.id for zone in found] == ["36900", "36902", "36903"]
