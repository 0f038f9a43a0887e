"""Networks read from files, written to files, and drawn as graphs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from water_networks import wntr_network

from models.water.epanet.stepping import Engine
from models.water.network.graph import as_graph
from models.water.network.network import (
    NONE,
    ControlKind,
    LinkKind,
    Network,
    NodeKind,
    PumpLaw,
)
from models.water.network.read import fit_power_function, read_network
from models.water.network.write import save_as, write_network
from twin.errors import InputError

EVERYTHING = """[TITLE]
every kind
[JUNCTIONS]
a 10
b 12
c 14
d 16
e 18
f 20
[RESERVOIRS]
r 60 swing
[TANKS]
t 40 3 1 5 10 0 * YES
w 42 2 1 3 8 0 shape
[PIPES]
p1 r a 500 200 110 0.5
p2 a b 400 150 120 0 CV
p3 b c 300 150 120
p4 c d 300 150 120 0 CLOSED
p5 e t 200 150 120
p6 f w 200 150 120
p7 a d 600 100 100
[PUMPS]
u1 b e HEAD one SPEED 1.1 PATTERN day
u2 c f HEAD many
u3 d e POWER 2.5
[VALVES]
v1 c e 150 TCV 12 0.3
v2 d f 150 FCV 5
v3 a c 150 GPV loss
v4 b d 150 PCV 40 3 opening
v5 a f 100 PRV 35
[DEMANDS]
a 3 day ;homes
a 2 ;farms
b 4 other
c 1
[EMITTERS]
d 0.4
[LEAKAGE]
p3 2 0.1
[STATUS]
v1 OPEN
u2 CLOSED
[PATTERNS]
day 0.5 1.5
other 1
swing 1 0.98
1 2 3
[CURVES]
one 20 20
many 0 40
many 10 38
many 20 34
many 40 20
shape 0 0
shape 1 40
shape 4 300
loss 0 0
loss 50 3
opening 0 0
opening 100 100
[CONTROLS]
LINK u2 OPEN IF NODE w BELOW 1.5
LINK u2 0.9 IF NODE w ABOVE 2.5
LINK p4 OPEN AT TIME 5:30
LINK v5 30 AT CLOCKTIME 6 AM
LINK p7 CLOSED IF NODE a BELOW 12
[TIMES]
DURATION 24
PATTERN TIMESTEP 2:00
START CLOCKTIME 3 AM
[OPTIONS]
UNITS LPS
EMITTER EXPONENT 0.6
DEMAND MULTIPLIER 1.2
VISCOSITY 1.1
BACKFLOW ALLOWED NO
PATTERN other
DEMAND MODEL PDA
MINIMUM PRESSURE 1
REQUIRED PRESSURE 15
[COORDINATES]
a 1.5 2.5
[END]
"""


@pytest.fixture
def everything(tmp_path: Path) -> Network:
    """Return a network with every kind of thing."""
    file = tmp_path / "everything.inp"
    file.write_text(EVERYTHING)
    return read_network(file)


def test_units_and_kinds(everything: Network) -> None:
    """A file in litres a second comes out in SI, with every kind of object in its place."""
    nodes, links, pumps = everything.nodes, everything.links, everything.pumps
    ids = dict(zip(links.ids, range(len(links)), strict=True))
    lps = 0.3048**3 / 28.317
    assert [LinkKind(links.kind[ids[name]]).name for name in ("p2", "u1", "v1", "v5")] == [
        "CHECK_VALVE_PIPE",
        "PUMP",
        "TCV",
        "PRV",
    ]
    assert everything.demands.base_m3s.sum() == pytest.approx(10 * lps)
    assert [everything.patterns[p].id for p in everything.demands.pattern] == [
        "day", "other", "other", "other",
    ]  # fmt: skip
    assert nodes.emitter[everything.node("d")] == pytest.approx(0.4 * lps)
    assert np.isnan(links.setting[ids["v1"]])
    assert links.setting[ids["v2"]] == pytest.approx(5 * lps)
    assert links.setting[ids["v5"]] == pytest.approx(35.0)
    assert links.leak_area_m2_per_m[ids["p3"]] == pytest.approx(2e-8)
    assert not links.open[ids["p4"]]
    assert [PumpLaw(law).name for law in pumps.law] == [
        "POWER_FUNCTION", "CUSTOM_CURVE", "CONSTANT_POWER",
    ]  # fmt: skip
    assert pumps.power_w[2] == pytest.approx(2500.0)
    assert pumps.h0_m[0] - pumps.r[0] * (20 * lps) ** pumps.n[0] == pytest.approx(20.0)
    assert everything.tanks.can_overflow.tolist() == [True, False]
    kinds = [control.kind for control in everything.controls]
    assert kinds == [
        ControlKind.LEVEL_BELOW,
        ControlKind.LEVEL_ABOVE,
        ControlKind.TIME,
        ControlKind.CLOCK_TIME,
        ControlKind.LEVEL_BELOW,
    ]
    assert everything.controls[2].time_s == 5.5 * 3600
    assert everything.controls[3].setting == pytest.approx(30.0)
    assert everything.controls[4].level_m == pytest.approx(12.0)
    options = everything.options
    assert options.pressure_dependent
    assert (options.minimum_m, options.required_m) == pytest.approx((1.0, 15.0))
    assert (options.accuracy, options.trials, options.start_clock_s) == (1e-5, 200, 3 * 3600)


def assert_same(first: Network, second: Network) -> None:
    """Assert that two networks agree to 1e-12, whatever the units of the files."""
    for part in ("nodes", "demands", "links", "tanks", "pumps"):
        for name, value in vars(getattr(first, part)).items():
            other = getattr(getattr(second, part), name)
            if name == "ids":
                assert value == other
            else:
                np.testing.assert_allclose(value, other, rtol=1e-12, atol=1e-12, err_msg=name)
    assert len(first.controls) == len(second.controls)
    for one, two in zip(first.controls, second.controls, strict=True):
        assert one.level_m == pytest.approx(two.level_m)
        assert replace(one, level_m=0.0, setting=None) == replace(two, level_m=0.0, setting=None)
        assert (one.setting is None) == (two.setting is None)
    assert replace(first.options, flow_units="CMH") == second.options


def test_what_is_written_reads_back(everything: Network, tmp_path: Path) -> None:
    """A network with every kind of thing is the same once written and read again."""
    written = write_network(everything, tmp_path / "again.inp")
    again = read_network(written)

    # Curves come in the order of their use: compare what points to them by name.
    def named(network: Network, index: int) -> str:
        return "" if index == NONE else network.curves[index].id

    for part, name in (("links", "curve"), ("tanks", "volume_curve"), ("pumps", "curve")):
        first = [named(everything, i) for i in getattr(getattr(everything, part), name)]
        assert first == [named(again, i) for i in getattr(getattr(again, part), name)]
    aligned = replace(
        again,
        links=replace(again.links, curve=everything.links.curve),
        tanks=replace(again.tanks, volume_curve=everything.tanks.volume_curve),
        pumps=replace(again.pumps, curve=everything.pumps.curve),
    )
    assert_same(everything, aligned)


@pytest.mark.parametrize("name", ["Net1", "Net2", "Net3", "Net6", "ky4"])
def test_heads_survive_writing(name: str, tmp_path: Path) -> None:
    """EPANET finds the same heads, to 1e-6 m, in a network and in what was written of it."""
    file = wntr_network(name)
    network = read_network(file)
    with Engine(file) as first, Engine(network) as second:
        first.solve()
        second.solve()
        np.testing.assert_allclose(first.heads_m(), second.heads_m(), atol=1e-6)
        flows = first.flows_m3s()
        np.testing.assert_allclose(flows, second.flows_m3s(), atol=1e-6 * abs(flows).max())


def test_a_year_of_names_in_any_order(everything: Network) -> None:
    """A network whose reservoirs stand between its junctions is solved in its own order."""
    order = np.array([6, 2, 0, 7, 1, 3, 8, 5, 4])
    back = np.argsort(order)
    nodes = everything.nodes
    moved = replace(
        everything,
        nodes=replace(
            nodes,
            **{
                name: tuple(value[i] for i in order) if name == "ids" else value[order]
                for name, value in vars(nodes).items()
            },
        ),
        links=replace(
            everything.links,
            start=back[everything.links.start].astype(np.int32),
            end=back[everything.links.end].astype(np.int32),
        ),
        demands=replace(everything.demands, node=back[everything.demands.node].astype(np.int32)),
        tanks=replace(everything.tanks, node=back[everything.tanks.node].astype(np.int32)),
        controls=tuple(
            replace(each, node=int(back[each.node]) if each.node >= 0 else NONE)
            for each in everything.controls
        ),
    )
    with Engine(everything) as first, Engine(moved) as second:
        first.solve()
        second.solve()
        np.testing.assert_allclose(second.heads_m(), first.heads_m()[order], atol=1e-6)
        np.testing.assert_allclose(second.flows_m3s(), first.flows_m3s(), atol=1e-9)
        assert second.levels_m() == pytest.approx(first.levels_m())


def test_rules_are_never_dropped(tmp_path: Path) -> None:
    """A network read with rules is refused by name; EPANET itself saves its file, rules kept."""
    file = tmp_path / "ruled.inp"
    rule = "[RULES]\nRULE night\nIF SYSTEM CLOCKTIME >= 10 PM\nTHEN PUMP u2 STATUS = OPEN\n"
    file.write_text(EVERYTHING.replace("[END]", rule + "[END]"))
    network = read_network(file)
    assert network.rules == 1
    with pytest.raises(InputError, match="rules") as caught:
        write_network(network, tmp_path / "copy.inp")
    assert "save_as" in str(caught.value)
    assert not (tmp_path / "copy.inp").exists()
    copy = save_as(file, tmp_path / "copy.inp")
    assert read_network(copy).rules == 1


def test_what_cannot_be_written_is_named(everything: Network, tmp_path: Path) -> None:
    """Bad names, figures and pumps are refused together, each by its name."""
    ids = ("a b", "b" * 32, *everything.nodes.ids[2:])
    length = everything.links.length_m.copy()
    length[2] = np.nan
    law = np.full(3, PumpLaw.NO_CURVE, dtype=np.int8)
    bad = replace(
        everything,
        nodes=replace(everything.nodes, ids=ids),
        links=replace(everything.links, length_m=length),
        pumps=replace(everything.pumps, law=law),
    )
    with pytest.raises(InputError) as caught:
        write_network(bad, tmp_path / "bad.inp")
    said = [(fault.key, fault.value) for fault in caught.value.faults]
    assert ("nodes.ids", "a b") in said
    assert ("nodes.ids", "b" * 32) in said
    assert ("length_m p3", "nan") in said
    assert ("pumps", "u1") in said


def test_a_pump_without_a_curve_is_written_by_its_law(everything: Network, tmp_path: Path) -> None:
    """h0, r, n alone make three points, through which EPANET finds h0, r, n again."""
    pumps = everything.pumps
    bare = replace(pumps, curve=np.array([NONE, *pumps.curve[1:]], dtype=np.int32))
    again = read_network(write_network(replace(everything, pumps=bare), tmp_path / "bare.inp"))
    for name in ("h0_m", "r", "n"):
        assert getattr(again.pumps, name)[0] == pytest.approx(getattr(pumps, name)[0], rel=1e-9)


@given(
    h0=st.floats(10, 200), share=st.floats(0.5, 0.95), q=st.floats(1e-3, 1.0), n=st.floats(1.1, 3)
)
@settings(max_examples=50, deadline=None)
def test_three_points_give_the_law(h0: float, share: float, q: float, n: float) -> None:
    """A pump curve through three points of h0 - r q^n gives h0, r and n back."""
    r = h0 * (1 - share) / q**n
    x = np.array([0.0, q, 1.2 * q])
    y = h0 - r * x**n
    if y[2] > 0.0:
        assert fit_power_function(x, y) == pytest.approx((h0, r, n), rel=1e-6)


def test_the_graph(everything: Network) -> None:
    """The graph has every node and link, parallel ones too, under their ids and with lengths."""
    graph = as_graph(everything)
    assert graph.number_of_nodes() == len(everything.nodes)
    assert graph.number_of_edges() == len(everything.links)
    assert graph.nodes["t"]["kind"] is NodeKind.TANK
    assert (graph.nodes["a"]["x_m"], graph.nodes["a"]["elevation_m"]) == (1.5, 10.0)
    edge = graph.edges["a", "d", "p7"]
    assert (edge["length_m"], edge["diameter_m"], edge["kind"]) == (600.0, 0.1, LinkKind.PIPE)
    assert edge["start"] == "a"
