"""Background leakage meets its target, and is the leakage EPANET computes."""

from __future__ import annotations

import ctypes
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_up_ground import Floats, run_epanet, zones

from models.water.epanet.codes import NodeValue
from models.water.epanet.project import Project
from models.water.network.network import NodeKind
from models.water.rural.calibrate import (
    Background,
    Target,
    calibrate,
    leaky,
    mean_demand_m3s,
    settle,
)
from models.water.zone import Zone
from twin.errors import InputError


def still(zone: Zone) -> Floats:
    """Return the pressures under a half-full tank and no flow; valves are not seen."""
    nodes = zone.network.nodes
    head = nodes.elevation_m[-1] + 0.5 * zone.network.tanks.maximum_m[0]
    return np.where(nodes.kind == NodeKind.JUNCTION, head - nodes.elevation_m, 0.0)


def test_favad_of_the_sheet() -> None:
    """One kilometre with 1e-7 m2 and 5e-9 m2/m a metre loses 6.5774 L/s at 50 m (water.md 11)."""
    zone = zones()[0]
    links = zone.network.links
    pipe = int(np.argmax(links.length_m))
    found = calibrate([zone], [still(zone)], Target(ilp_m3_per_km_day=1.0))[0]
    factor = 0.6 * np.sqrt(2.0 * 9.81)
    area, growth = found.area_m2_per_m[pipe], found.expansion_m2_per_m2[pipe]
    half, three = factor * area * 1e3, factor * growth * 1e3
    scale_area, scale_growth = 1e-7 / area, 5e-9 / growth
    one = Background(np.array([half * scale_area]), np.array([three * scale_growth]),
                     np.zeros(1), np.zeros(1))  # fmt: skip
    assert 1e3 * one.flow_m3s(np.array([50.0]))[0] == pytest.approx(6.5774, abs=5e-5)


@pytest.mark.parametrize("target", [Target(ilp_m3_per_km_day=1.47), Target(yield_share=0.75),
                                    Target(yield_share=0.75, share=0.4)])  # fmt: skip
def test_the_target_is_met_exactly(target: Target) -> None:
    """At the pressures given, the zones together lose what the target says."""
    pressures = [still(zone) for zone in zones()]
    found = calibrate(zones(), pressures, target)
    lost = sum(each.flow_m3s(p).sum() for each, p in zip(found, pressures, strict=True))
    demand = sum(mean_demand_m3s(zone) for zone in zones())
    km = sum(zone.network.length_km for zone in zones())
    if target.yield_share is None:
        assert lost * 86_400.0 / km == pytest.approx(1.47)
    else:
        assert demand / (demand + lost / target.share) == pytest.approx(0.75)


def test_hours_are_averaged() -> None:
    """Pressures by hour give the mean of the hours' leakage, not leakage at the mean."""
    zone = zones()[1]
    day = np.stack([still(zone) * f for f in (0.6, 1.0, 1.3)])
    found = calibrate([zone], [day], Target(ilp_m3_per_km_day=2.0))[0]
    lost = found.flow_m3s(day).sum(axis=1).mean()
    assert lost * 86_400.0 / zone.network.length_km == pytest.approx(2.0)


def test_old_iron_leaks_more_than_new_plastic() -> None:
    """By metre, the oldest iron seeps more under 40 m than the newest plastic."""
    zone = zones()[3]
    found = calibrate([zone], [still(zone)], Target(ilp_m3_per_km_day=1.0))[0]
    rate = found.area_m2_per_m + 40.0 * found.expansion_m2_per_m2
    pipes = zone.network.pipes
    iron = pipes & (zone.material == 0)
    plastic = pipes & (zone.material == 2) & (zone.laid_year > 1990)
    assert rate[iron].min() > rate[plastic].max()


def test_epanet_loses_as_much(tmp_path: Path) -> None:
    """EPANET, given the pipes' areas, loses at its own pressures what the nodes' law says.

    To 0.1 %: EPANET reckons with g = 32.2 ft/s2, 0.02 % more in the flow.
    """
    zone = next(each for each in zones() if not (each.network.links.kind == 3).any())
    found = calibrate([zone], [still(zone)], Target(yield_share=0.75))[0]
    run = run_epanet(leaky(zone, found), tmp_path, hours=0, demand=1.0)
    pressure = run.pressure_m[0]

    now = ctypes.c_long()
    with Project(tmp_path / f"{zone.id}.inp") as project:
        project.open_solver()
        project.call("initH", 10)
        project.call("runH", ctypes.byref(now))
        leaked = project.node_values(NodeValue.LEAKAGE_FLOW) / 3_600.0
    junction = zone.network.nodes.kind == NodeKind.JUNCTION
    expected = found.flow_m3s(pressure)[junction]
    assert leaked[junction].sum() == pytest.approx(expected.sum(), rel=1e-3)


def test_settling_takes_in_what_leakage_does_to_pressure(tmp_path: Path) -> None:
    """With pressures solved anew while it leaks, the yield of a zone comes out as asked."""
    zone = zones()[2]

    def solved(each: Zone) -> Floats:
        return run_epanet(each, tmp_path, hours=24, demand=1.0).pressure_m

    found = settle([zone], solved, Target(yield_share=0.75))[0]
    lost = found.flow_m3s(solved(leaky(zone, found))).sum(axis=1).mean()
    demand = mean_demand_m3s(zone)
    assert demand / (demand + lost) == pytest.approx(0.75, abs=2e-4)


def test_a_target_is_one_thing() -> None:
    """Neither two targets nor none, nor a yield above 1, is taken."""
    for wrong in ({}, {"ilp_m3_per_km_day": 1.0, "yield_share": 0.7}, {"yield_share": 1.2},
                  {"ilp_m3_per_km_day": -1.0}, {"yield_share": 0.7, "share": 2.0}):  # fmt: skip
        with pytest.raises(InputError, match="target"):
            Target(**wrong)


def test_nothing_leaks_where_nothing_is_to() -> None:
    """A yield of 1 gives no leakage at all."""
    zone = zones()[0]
    found = calibrate([zone], [still(zone)], Target(yield_share=1.0))[0]
    assert not found.half.any()
    assert not found.area_m2_per_m.any()
    assert np.array_equal(leaky(zone, found).network.links.leak_area_m2_per_m,
                          replace(zone.network.links).leak_area_m2_per_m)  # fmt: skip
