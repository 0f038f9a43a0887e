"""EPANET at the caller's pace: changes between steps, volumes that balance, solutions refused."""

from __future__ import annotations

import math
import resource
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tower import written
from water_networks import wntr_network

from models.water.epanet.stepping import Engine
from models.water.network.network import NodeKind
from twin.errors import InputError


@pytest.fixture
def tower(tmp_path: Path) -> Path:
    """Return a tower filled by a pump between two levels, and two customers."""
    return written(tmp_path)


def test_a_year_balances_and_keeps_its_tank(tower: Path) -> None:
    """Over 8,760 hours produced = consumed + stored to 1e-6, each step and in all; levels hold."""
    with Engine(tower) as engine:
        for _ in range(8_760):
            assert engine.solve() == ()
            engine.advance(3_600)
            assert 0.9 <= engine.levels_m()[0] <= 5.0
        volumes = engine.volumes
        ledger = volumes.ledger("tower")
    ledger.check()
    assert engine.now_s == 8_760 * 3_600
    assert volumes.worst_gap < 1e-6
    assert abs(ledger.gap()) < 1e-6 * volumes.produced_m3
    mean_m3h = 5 + 18 * 0.95
    assert volumes.consumed_m3 == pytest.approx(8_760 * mean_m3h, rel=1e-4)
    assert volumes.leaked_m3 == volumes.drawn_in_m3 == 0.0
    assert volumes.returned_m3 < 1.0  # seeps through the pump while it stands


def test_demands_given_in_bulk_replace_the_patterns(tower: Path) -> None:
    """What is given for each node is what is consumed there, whatever the file's categories."""
    with Engine(tower) as engine:
        demand = np.zeros(len(engine.network.nodes))
        demand[[engine.network.node("a"), engine.network.node("b")]] = 0.001, 0.002
        for scale in (1.0, 0.5, 0.0):
            engine.change.demands(demand * scale)
            engine.solve()
            np.testing.assert_allclose(engine.consumed_m3s(), demand * scale, atol=1e-12)
            engine.advance(900)
    assert engine.volumes.consumed_m3 == pytest.approx(0.003 * 900 * 1.5)


def test_bulk_demands_equal_the_network_s_own_patterns() -> None:
    """Net3 fed hour by hour with its own demands, in bulk, has the heads of its own patterns."""
    file = wntr_network("Net3")
    with Engine(file) as own, Engine(file) as fed:
        for _ in range(24):
            own.solve()
            fed.change.demands(own.consumed_m3s())
            fed.solve()
            np.testing.assert_allclose(fed.heads_m(), own.heads_m(), atol=1e-6)
            own.advance(3_600)
            fed.advance(3_600)


def test_a_leak_follows_the_square_root_and_leaves_no_trace(tower: Path) -> None:
    """An emitter leaks C sqrt(p); taken off, it leaks nothing and heads are as they were."""
    with Engine(tower) as engine:
        node = engine.network.node("b")
        engine.solve()
        before = engine.heads_m()
        engine.change.emitter(node, 2e-4)
        engine.solve()
        pressure = engine.pressures_m()[node]
        assert engine.leaks_m3s()[node] == pytest.approx(2e-4 * math.sqrt(pressure), rel=1e-6)
        assert engine.leaks_m3s().sum() == engine.leaks_m3s()[node]
        assert engine.heads_m()[node] < before[node]
        engine.advance(3_600)
        leaked = engine.volumes.leaked_m3
        assert leaked == pytest.approx(2e-4 * math.sqrt(pressure) * 3_600, rel=1e-2)
        engine.change.emitter(node, 0.0)
        engine.solve()
        assert engine.leaks_m3s().sum() == 0.0
        engine.advance(3_600)
        assert engine.volumes.leaked_m3 == leaked
        engine.volumes.ledger("tower").check()
        engine.restart()
        engine.solve()
        np.testing.assert_allclose(engine.heads_m(), before, atol=1e-9)


def test_a_pipe_leaks_by_favad_and_stops(tower: Path) -> None:
    """FAVAD on a running pipe: half at each end, Cd 0.6, to 0.03 %; then nothing."""
    with Engine(tower) as engine:
        pipe = engine.network.link("n")
        engine.change.leak(pipe, 1e-7, 5e-9)
        engine.solve()
        p = engine.pressures_m()[[engine.network.node("a"), engine.network.node("b")]]
        expected = 0.6 * math.sqrt(2 * 9.81) * 250.0 * (1e-7 * p**0.5 + 5e-9 * p**1.5)
        leaks = engine.leaks_m3s()[[engine.network.node("a"), engine.network.node("b")]]
        np.testing.assert_allclose(leaks, expected, rtol=3e-4)
        engine.advance(3_600)
        assert engine.volumes.leaked_m3 == pytest.approx(leaks.sum() * 3_600, rel=1e-2)
        engine.change.leak(pipe, 0.0, 0.0)
        engine.solve()
        assert engine.leaks_m3s().sum() == 0.0


def test_a_power_cut_empties_the_tower_and_ends(tower: Path) -> None:
    """Pumps stay off through a cut whatever the controls say, and come back after it."""
    with Engine(tower) as engine:
        pump = engine.network.link("u")
        for _ in range(3):
            engine.solve()
            engine.advance(3_600)
        engine.change.power(is_on=False)
        levels = []
        for _ in range(3):
            engine.solve()
            assert engine.flows_m3s()[pump] == 0.0
            engine.advance(3_600)
            levels.append(engine.levels_m()[0])
        assert levels == sorted(levels, reverse=True)
        assert levels[-1] < 2.0  # a control would have started the pump
        engine.change.power(is_on=True)
        engine.solve()
        assert engine.flows_m3s()[pump] > 0.01
        engine.advance(3_600)
        assert engine.levels_m()[0] > levels[-1]


def test_nothing_leaks_memory() -> None:
    """Twenty thousand reads of whole arrays and a hundred openings leave memory as it was."""
    with Engine(wntr_network("Net3")) as engine:
        engine.solve()
        engine.heads_m()
        before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(10_000):
            engine.heads_m()
            engine.flows_m3s()
    for _ in range(100):
        with Engine(wntr_network("Net1")) as engine:
            engine.solve()
    after_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert after_kb - before_kb < 4_000  # a leak of one array a read would be 15 MB


def test_a_reservoir_s_head_and_a_valve_s_setting_can_change(tmp_path: Path) -> None:
    """A PRV holds the pressure it is set to, opens when told, and regulates again when set."""
    file = written(tmp_path, ("o b c 500 100 120\n", ""),
                   ("[DEMANDS]", "[VALVES]\nv b c 100 PRV 20\n[DEMANDS]"))  # fmt: skip
    with Engine(file) as engine:
        valve, c = engine.network.link("v"), engine.network.node("c")
        for setting in (20.0, 15.0):
            engine.change.setting(valve, setting)
            engine.solve()
            assert engine.pressures_m()[c] == pytest.approx(setting, abs=1e-6)
        engine.change.opened(valve, is_open=True)
        engine.solve()
        assert engine.pressures_m()[c] > 25.0
        engine.change.setting(valve, 18.0)
        engine.solve()
        assert engine.pressures_m()[c] == pytest.approx(18.0, abs=1e-6)
        r = engine.network.node("r")
        engine.change.head(r, 14.0)
        engine.solve()
        assert engine.heads_m()[r] == pytest.approx(14.0)


def test_changes_that_make_no_sense_are_refused(tower: Path) -> None:
    """Wrong kinds, negative figures and part seconds are input errors with the name."""
    with Engine(tower) as engine:
        change, at, link = engine.change, engine.network.node, engine.network.link
        for wrong in (
            lambda: change.emitter(at("t"), 1e-4),
            lambda: change.emitter(at("a"), -1.0),
            lambda: change.emitter(at("a"), math.nan),
            lambda: change.demands(np.full(len(engine.network.nodes), math.nan)),
            lambda: change.leak(link("u"), 1e-7, 0.0),
            lambda: change.setting(link("n"), 1.0),
            lambda: change.head(at("t"), 5.0),
            lambda: engine.advance(0),
            lambda: engine.advance(0.5),  # type: ignore[arg-type]
        ):
            with pytest.raises(InputError):
                wrong()
    with pytest.raises(RuntimeError, match="with block"):
        engine.restart()


def test_restart_gives_the_same_bits() -> None:
    """Played again from the start, a day of Net3 has the same heads and volumes to the bit."""
    with Engine(wntr_network("Net3")) as engine:

        def day() -> tuple[list[bytes], float]:
            heads = []
            for _ in range(24):
                engine.solve()
                heads.append(engine.heads_m().tobytes())
                engine.advance(3_600)
            return heads, engine.volumes.produced_m3

        first = day()
        engine.change.power(is_on=False)
        engine.restart()
        assert day() == first


def test_an_overflowing_tank_spills_into_the_ledger(tmp_path: Path) -> None:
    """A tank that may overflow spills what it cannot hold, and the ledger still balances."""
    file = written(tmp_path, ("t 50 3 1 5 8", "t 30 3 1 5 8 0 * YES"),
                   ("LINK u CLOSED IF NODE t ABOVE 4\n", ""))  # fmt: skip
    with Engine(file) as engine:
        for _ in range(48):
            engine.solve()
            engine.advance(3_600)
        ledger = engine.volumes.ledger("tower")
        ledger.check()
        assert engine.volumes.spilled_m3 > 100.0
        assert engine.levels_m()[0] == pytest.approx(5.0)


@given(
    demand=st.lists(st.floats(0.0, 5e-3), min_size=3, max_size=3),
    leak=st.floats(0.0, 5e-4),
    seconds=st.integers(1, 7_200),
)
@settings(max_examples=40, deadline=None)
def test_what_goes_in_comes_out(demand: list[float], leak: float, seconds: int) -> None:
    """Whatever is drawn and leaks, for however long: produced = consumed + leaked + stored."""
    with Engine(wntr_network("Net1")) as engine:
        nodes = np.flatnonzero(engine.network.nodes.kind == NodeKind.JUNCTION)
        whole = np.zeros(len(engine.network.nodes))
        whole[nodes[:3]] = demand
        engine.change.demands(whole)
        engine.change.emitter(int(nodes[4]), leak)
        engine.solve()
        engine.advance(seconds)
        volumes = engine.volumes
        volumes.ledger("Net1").check()
        stored = volumes.stored_m3 - volumes.opening_m3
        out = volumes.consumed_m3 + volumes.leaked_m3 + stored + volumes.spilled_m3
        into = volumes.produced_m3 + volumes.seeped_m3
        assert into == pytest.approx(out, rel=1e-6, abs=1e-5)
        assert volumes.consumed_m3 == pytest.approx(sum(demand) * seconds, rel=1e-9, abs=1e-9)
