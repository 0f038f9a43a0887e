"""EPANET in process against values known of its example networks, and against closed forms.

Net1 and Net3: EPANET 2.3.6 at accuracy 1e-5 [D]; Net1's first hour is also in EPANET's manual [U].
"""

from __future__ import annotations

import math
from ctypes import byref, c_long
from pathlib import Path

import numpy as np
import pytest
from water_networks import wntr_network

from models.water.epanet.codes import Count, LinkValue, NodeValue, Option, Start, Time
from models.water.epanet.project import Project
from models.water.epanet.stepping import Engine
from models.water.epanet.units import M3_PER_FT3

NET1_NODES = ("10", "11", "12", "13", "21", "22", "23", "31", "32", "2")
NET1_PSI = {
    0: "127.54072 119.25732 117.02125 118.66902 117.66116 118.75815 120.73697 115.86078 110.79019 "
    "51.996",
    6: "130.67297 122.82035 122.35404 122.65949 120.05044 121.99712 123.90924 116.27645 110.86949 "
    "57.35883",
    12: "133.88681 126.47817 125.06097 126.67233 125.40691 126.71569 128.70816 123.65496 118.65177 "
    "60.04321",
    24: "125.96844 117.46948 115.0309 116.68717 115.74357 116.78665 118.76214 113.93079 108.84261 "
    "50.00371",
}
NET1_PUMP_GPM = {0: 1866.17583, 6: 1813.12858, 12: 1757.03557, 24: 1892.24324}
NET1_TANK_PIPE_GPM = {0: -766.17583, 6: -53.12858, 12: -657.03557, 24: -792.24324}

NET3_NODES = ("15", "105", "119", "163", "253", "1", "2", "3")
NET3_HEAD_FT = {
    0: "125.81122 146.82941 157.55309 149.02279 139.21882 145 140 158",
    6: "150.76001 170.18226 162.21473 156.15914 141.77684 152.46823 141.31301 163.12232",
    12: "149.80376 168.09965 161.57977 156.12261 144.09579 153.81448 144.13642 163.26256",
    24: "127.98803 148.99544 159.69445 151.17759 139.2562 147.68553 139.45895 160.26689",
}
NET3_LINK_20_GPM = {0: -2246.30197, 6: -869.36529, 12: 841.11503, 24: -2184.27654}

PRINTED = 0.6e-5
"""Half the last digit printed, and a rounding."""

Values = dict[int, dict[str, float]]


def by_hour(path: Path, node_value: NodeValue) -> tuple[Values, Values]:
    """Return what EPANET finds at whole hours by node and by link, in the file's own units."""
    nodes: Values = {}
    flows: Values = {}
    now, length = c_long(), c_long(1)
    with Project(path) as project:
        project.open_solver()
        project.set_option(Option.ACCURACY, 1e-5)
        project.set_time(Time.DURATION, 24 * 3600)
        project.call("initH", int(Start.FRESH_FLOWS))
        node_ids = project.texts("getnodeid", project.count(Count.NODES))
        link_ids = project.texts("getlinkid", project.count(Count.LINKS))
        while length.value > 0:
            assert project.call("runH", byref(now)) == 0
            if now.value % 3600 == 0:
                hour = now.value // 3600
                nodes[hour] = dict(zip(node_ids, project.node_values(node_value), strict=True))
                flows[hour] = dict(zip(link_ids, project.link_values(LinkValue.FLOW), strict=True))
            project.call("nextH", byref(length))
    return nodes, flows


def test_net1_pressures_and_flows() -> None:
    """Net1's pressures in psi and flows in gpm come out to the last digit printed, over a day."""
    pressures, flows = by_hour(wntr_network("Net1"), NodeValue.PRESSURE)
    for hour, printed in NET1_PSI.items():
        for node, value in zip(NET1_NODES, printed.split(), strict=True):
            assert pressures[hour][node] == pytest.approx(float(value), abs=PRINTED), (hour, node)
        assert flows[hour]["9"] == pytest.approx(NET1_PUMP_GPM[hour], abs=PRINTED)
        assert flows[hour]["110"] == pytest.approx(NET1_TANK_PIPE_GPM[hour], abs=PRINTED)


def test_net3_heads_and_flow() -> None:
    """Net3's heads in feet, tanks included, come out to the last digit; a flow to 1e-4 gpm."""
    heads, flows = by_hour(wntr_network("Net3"), NodeValue.HEAD)
    for hour, printed in NET3_HEAD_FT.items():
        for node, value in zip(NET3_NODES, printed.split(), strict=True):
            assert heads[hour][node] == pytest.approx(float(value), abs=PRINTED), (hour, node)
        assert flows[hour]["20"] == pytest.approx(NET3_LINK_20_GPM[hour], abs=1e-4)
    assert heads[0]["10"] == pytest.approx(145.52341, abs=PRINTED)


def test_the_engine_finds_the_same_heads_as_epanet_alone() -> None:
    """Stepping hour by hour in SI gives Net3's heads of EPANET's own run, over a day."""
    heads, _ = by_hour(wntr_network("Net3"), NodeValue.HEAD)
    with Engine(wntr_network("Net3")) as engine:
        ids = engine.network.nodes.ids
        for hour in range(25):
            engine.solve()
            expected = np.array([heads[hour][name] for name in ids]) * 0.3048
            np.testing.assert_allclose(engine.heads_m(), expected, atol=1e-9)
            engine.advance(3600)


def test_an_emitter_at_node_105_of_net3() -> None:
    """C = 1 gpm/psi^0.5 at node 105 leaves 51.25295 psi and draws 188.55492 gpm there."""
    psi_m = 0.3048 / 0.4333
    gpm_m3s = M3_PER_FT3 / 448.831
    with Engine(wntr_network("Net3")) as engine:
        node = engine.network.node("105")
        engine.solve()
        alone = engine.consumed_m3s()[node] / gpm_m3s
        engine.change.emitter(node, gpm_m3s / math.sqrt(psi_m))
        engine.restart()
        engine.solve()
        pressure = engine.pressures_m()[node] / psi_m
        drawn = (engine.consumed_m3s() + engine.leaks_m3s())[node] / gpm_m3s
    assert alone == pytest.approx(181.3958, abs=5e-5)
    assert pressure == pytest.approx(51.25295, abs=PRINTED)
    assert drawn == pytest.approx(188.55492, abs=PRINTED)


@pytest.mark.parametrize(("units", "per_length_m"), [("CMH", 1.0), ("LPS", 1.0), ("GPM", 0.3048)])
def test_favad_on_one_pipe(tmp_path: Path, units: str, per_length_m: float) -> None:
    """A kilometre of pipe at 50 m leaks 6.5774 L/s by FAVAD, in any units of file, to 0.03 %.

    Cd sqrt(2 g) (A0 h^0.5 + m h^1.5) with Cd 0.6, A0 1e-4 m2 and m 5e-6 m (10 mm2 and 0.5 mm2 a
    metre of pressure by 100 m).
    """
    analytic_m3s = 0.6 * math.sqrt(2 * 9.81) * (1e-4 * 50**0.5 + 5e-6 * 50**1.5)
    assert analytic_m3s == pytest.approx(6.5774e-3, rel=1e-4)
    metre = 1.0 / per_length_m
    area, growth = (value * per_length_m for value in (10.0, 0.5))
    diameter = 5000.0 if per_length_m == 1.0 else 5000.0 / 25.4
    file = tmp_path / "favad.inp"
    file.write_text(
        f"[JUNCTIONS]\na 0\nb 0\n[RESERVOIRS]\nr {50 * metre!r}\n[PIPES]\n"
        f"p r a 1 {diameter!r} 140 0 Open\nq a b {1000 * metre!r} {diameter!r} 140 0 Open\n"
        f"[LEAKAGE]\nq {area!r} {growth!r}\n[OPTIONS]\nUNITS {units}\n"
    )
    with Engine(file) as engine:
        engine.solve()
        leak_m3s = float(engine.leaks_m3s().sum())
        pipe = engine.network.link("q")
        links = engine.network.links
        assert links.leak_area_m2_per_m[pipe] * 1000 == pytest.approx(1e-4, rel=1e-9)
        assert links.leak_expansion_m2_per_m2[pipe] * 1000 == pytest.approx(5e-6, rel=1e-9)
    assert leak_m3s == pytest.approx(analytic_m3s, rel=3e-4)


def test_a_pump_of_ten_kilowatts_gives_ten_kilowatts(tmp_path: Path) -> None:
    """Constant power is water power, rho g q h = 10 kW to 0.1 %, in metric units too.

    EPANET 2.3.6 by itself gives 13.4 kW to the water of a metric file; 62.4 lb/ft3, 550 ft lb/s a
    horsepower are EPANET's.
    """
    for units, power, head, flow in (
        ("CMH", 10.0, 50.0, 100.0),
        ("GPM", 10 / 0.7457, 164.0, 440.0),
    ):
        file = tmp_path / f"{units}.inp"
        file.write_text(
            f"[JUNCTIONS]\na 0\nb 0 {flow}\n[RESERVOIRS]\nr {head}\n[PIPES]\n"
            f"p r a 100 100 100\n[PUMPS]\npump a b POWER {power!r}\n[OPTIONS]\nUNITS {units}\n"
        )
        with Engine(file) as engine:
            engine.solve()
            heads, at = engine.heads_m(), engine.network.node
            lift_m = heads[at("b")] - heads[at("a")]
            flow_m3s = engine.flows_m3s()[engine.network.link("pump")]
            assert engine.network.pumps.power_w[0] == pytest.approx(10_000.0, rel=1e-6)
        assert 1000.0 * 9.80665 * flow_m3s * lift_m == pytest.approx(10_000.0, rel=1e-3)


def test_wagner_demand(tmp_path: Path) -> None:
    """Under pressure-dependent demand a node at 5 m of 20 required takes sqrt(5/20), half."""
    file = tmp_path / "wagner.inp"
    file.write_text(
        "[JUNCTIONS]\na 0 36\n[RESERVOIRS]\nr 5\n[PIPES]\np r a 1 5000 140\n[OPTIONS]\nUNITS CMH\n"
    )
    with Engine(file) as engine:
        engine.change.pressure_dependent_demands(0.0, 20.0)
        notices = engine.solve()
        taken = float(engine.consumed_m3s()[0])
    assert taken == pytest.approx(0.01 * 0.5, rel=1e-4)
    assert [notice.kind for notice in notices] == ["unsupplied"]
    assert notices[0].worst == pytest.approx(50.0, rel=1e-4)
