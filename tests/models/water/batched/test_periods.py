"""Tanks, controls and clocks of the batched solver's lanes: closed forms, and EPANET's rules."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.water.batched.periods.events import Closed, LaneEvents
from models.water.batched.periods.run import LaneStoppedError, run_lanes
from models.water.batched.periods.simulation import Simulation, Why
from models.water.batched.refusal import NotBatched
from models.water.batched.steps import run_steps
from models.water.epanet.leak_table import Leak
from models.water.epanet.trouble import NoticeKind, UnsolvedError
from models.water.hydraulics import EngineName, run_hydraulics
from models.water.network.network import Floats, Network
from models.water.network.read import read_network
from twin.errors import InputError

HOUR_S, DAY_S = 3600, 86_400
AREA_M2 = math.pi * 8.0**2 / 4.0

TOWER = """[JUNCTIONS]
pump 5
a 10
b 12
c 14
d 8
[RESERVOIRS]
r 10
[TANKS]
t 50 3 1 5 {wide} 0{tank}
[PIPES]
s r pump 50 200 120
m a t 400 200 120 {minor} {status}
n a b 500 150 120
o b c 500 100 120
{link}
[PUMPS]
u pump {to} {pump}
{more}
[DEMANDS]
b 10 day
b 5
c 8 day
d 2 day
[PATTERNS]
day {day}
speed {speed}
[CURVES]
one 60 55
held 0 0
held 2 80
held 6 280
[CONTROLS]
{controls}
[TIMES]
DURATION 24
{times}
[OPTIONS]
UNITS CMH
{options}
[END]
"""
SECOND_TANK = "[TANKS]\nt2 47 2 1 4 6\n[PIPES]\n"
LEVELS = "LINK u OPEN IF NODE t BELOW 2\nLINK u CLOSED IF NODE t ABOVE 4"


def tower(folder: Path, **values: str) -> Network:
    """Return a tower filled by a pump between two levels, with two customers."""
    known = {
        "tank": "",
        "wide": "8",
        "minor": "0",
        "status": "Open",
        "to": "a",
        "pump": "HEAD one",
        "more": "",
        "link": "q c d 300 60 120",
        "day": "0.5 1.5 1 0.8",
        "speed": "1 0.9 0 0.8",
        "controls": LEVELS,
        "times": "",
        "options": "",
    }
    path = folder / "tower.inp"
    path.write_text(TOWER.format(**(known | values)))
    return read_network(path)


def levels_m(network: Network, heads_m: Floats) -> Floats:
    """Return the levels in the only tank."""
    tank = network.tanks.node[0]
    found: Floats = heads_m[:, tank] - network.nodes.elevation_m[tank]
    return found


def assert_as_epanet(network: Network, leaks: Sequence[Leak] = (), bar_m: float = 1e-3) -> None:
    """Fail unless both engines say the same, hour by hour and in cubic metres."""
    one = run_hydraulics(network, leaks=leaks)
    other = run_hydraulics(network, engine=EngineName.BATCHED, leaks=leaks)
    np.testing.assert_allclose(other.heads_m, one.heads_m, atol=bar_m)
    np.testing.assert_allclose(other.flows_m3s, one.flows_m3s, atol=1e-6)
    np.testing.assert_allclose(other.consumed_m3s, one.consumed_m3s, atol=1e-7)
    np.testing.assert_allclose(other.leaks_m3s, one.leaks_m3s, atol=1e-7)
    assert set(other.ledger.entered) == set(one.ledger.entered)
    assert other.ledger.stored == pytest.approx(one.ledger.stored, abs=0.02)
    for cause, volume_m3 in one.ledger.left.items():
        assert other.ledger.left[cause] == pytest.approx(volume_m3, abs=0.02), cause
    assert [(n.kind, n.time_s) for n in other.notices if n.names] == [
        (n.kind, n.time_s) for n in one.notices if n.names
    ]


def test_a_tank_gives_what_is_asked_for(tmp_path: Path) -> None:
    """Without its pump a tank's level falls by demand over area.

    Within 0.1 mm: EPANET's closed links seep, 3e-6 m3/h by metre of head [D].
    """
    network = tower(tmp_path, controls="LINK u CLOSED AT TIME 0", day="1")
    run = run_lanes(network, [LaneEvents()], duration_s=4 * HOUR_S)
    per_hour_m = sum(network.demands.base_m3s) * HOUR_S / AREA_M2
    assert levels_m(network, run.heads_m[:, :, 0]) == pytest.approx(
        3.0 - per_hour_m * np.arange(5), abs=1e-4
    )


def test_an_empty_tank_stops_a_lane_and_no_other(tmp_path: Path) -> None:
    """A lane whose only tank runs dry stops at that second; one that asks for half goes on."""
    network = tower(tmp_path, controls="LINK u CLOSED AT TIME 0", day="1")
    lanes = [LaneEvents(), LaneEvents(demand_factor=0.4), LaneEvents(demand_factor=0.0)]
    run = run_lanes(network, lanes, duration_s=8 * HOUR_S, allow_stopped=True)
    dry_s = 2.0 * AREA_M2 / sum(network.demands.base_m3s)
    assert run.stopped_s[0] == pytest.approx(dry_s, abs=2.0)
    assert run.why.tolist() == [Why.CUT_OFF, Why.GOES_ON, Why.GOES_ON]
    assert np.isnan(run.heads_m[-1, :, 0]).all()
    assert np.isfinite(run.heads_m[:, :, 1:]).all()
    assert levels_m(network, run.heads_m[:, :, 2]) == pytest.approx(3.0, abs=1e-4)
    with pytest.raises(LaneStoppedError, match=r"0 \(\d+ s, consumers cut off\)"):
        run_lanes(network, lanes, duration_s=8 * HOUR_S)
    with pytest.raises(UnsolvedError, match="t"):
        run_steps(network, duration_s=8 * HOUR_S)


def test_a_level_control_acts_at_the_nearest_second(tmp_path: Path) -> None:
    """A falling tank starts its pump at the whole second nearest to the level's own time."""
    network = tower(tmp_path, day="1", controls="LINK u CLOSED AT TIME 0\n" + LEVELS)
    rounds = [
        (int(found.time_s[0]), float(found.solution.flows_m3s[network.link("u"), 0]))
        for found in Simulation(network, [LaneEvents()], HOUR_S, 4 * HOUR_S).rounds()
    ]
    falls_s = (3.0 - 2.0) * AREA_M2 / sum(network.demands.base_m3s)
    assert next(time_s for time_s, flow in rounds if flow > 1e-3) == round(falls_s)


CASES = {
    "level controls": {},
    "a full tank": {"controls": ""},
    "a tank that overflows": {"controls": "", "tank": " * YES"},
    "a volume curve": {"tank": " held"},
    "a full tank of a volume curve": {"tank": " held", "controls": ""},
    "controls by time": {
        "controls": "LINK u CLOSED AT TIME 3.3\nLINK u OPEN AT TIME 7\nLINK n CLOSED AT TIME 2\n"
        "LINK n OPEN AT TIME 2.5",
        "options": "DEMAND MODEL PDA\nREQUIRED PRESSURE 20",
    },
    "controls by the clock": {
        "controls": "LINK u CLOSED AT CLOCKTIME 6:10 AM\nLINK u OPEN AT CLOCKTIME 1 PM\n" + LEVELS,
        "times": "START CLOCKTIME 5 AM",
    },
    "a speed by a control": {
        "controls": "LINK u 0.95 IF NODE t ABOVE 3.5\nLINK u 1.05 IF NODE t BELOW 2.5"
    },
    "a speed pattern": {"pump": "HEAD one PATTERN speed", "controls": ""},
    "a constant-power pump": {"pump": "POWER 6"},
    "patterns of 20 minutes, late": {"times": "PATTERN TIMESTEP 0:20\nPATTERN START 0:10"},
    "patterns of 7 hours": {"times": "PATTERN TIMESTEP 7:00"},
    "demand on pressure": {"options": "DEMAND MODEL PDA\nREQUIRED PRESSURE 45"},
    "a slow tank pipe": {"minor": "40", "controls": ""},
    "a check valve at the tank": {"status": "CV", "controls": ""},
    "a pump into the tank": {"to": "t"},
    "a constant-power pump into the tank": {"to": "t", "pump": "POWER 6"},
    "two tanks": {"more": f"{SECOND_TANK}x c t2 300 100 120"},
    "two tanks joined": {"more": f"{SECOND_TANK}x t t2 300 100 120 0 CV\ny t2 c 200 100 120"},
    "two dry tanks": {
        "more": f"{SECOND_TANK}x c t2 300 100 120",
        "controls": "LINK u CLOSED AT TIME 3\nLINK u OPEN AT TIME 20",
        "options": "DEMAND MODEL PDA\nREQUIRED PRESSURE 20",
    },
    "a reducing valve set by controls": {
        "link": "",
        "more": "[VALVES]\nv b d 100 PRV 25 0",
        "controls": f"{LEVELS}\nLINK v 30 AT TIME 5\nLINK v OPEN AT TIME 9.5\n"
        "LINK v 28 IF NODE t ABOVE 3.5",
    },
    "a flow valve set by controls": {
        "link": "",
        "more": "[VALVES]\nv b d 100 FCV 1 0\n[PIPES]\nz c d 300 40 120",
        "controls": f"{LEVELS}\nLINK v 2 AT TIME 5\nLINK v CLOSED AT TIME 6.5\n"
        "LINK v OPEN AT TIME 9.5\nLINK v 1.5 IF NODE t ABOVE 3.5",
    },
    "a throttle set by controls": {
        "link": "",
        "more": "[VALVES]\nv b d 100 TCV 8 0",
        "controls": f"{LEVELS}\nLINK v 400 AT TIME 5\nLINK v 20 IF NODE t ABOVE 3.5",
    },
    "emitters of exponent 1.2": {"more": "[EMITTERS]\nc 0.05", "options": "EMITTER EXPONENT 1.2"},
    "a junction that feeds in": {"more": "[DEMANDS]\na -6 day"},
}


@pytest.mark.parametrize("case", CASES)
def test_a_day_is_epanets(tmp_path: Path, case: str) -> None:
    """Heads, flows, volumes and notices of a day are EPANET's, whatever cuts its steps."""
    network = tower(tmp_path, **CASES[case])
    leak = Leak("l", network.node("c"), 2e-4, 2.0 * HOUR_S, 9.0 * HOUR_S)
    assert_as_epanet(network)
    assert_as_epanet(network, [leak])


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    low=st.floats(1.2, 2.5),
    gap=st.floats(0.3, 2.0),
    coefficient=st.floats(0.0, 1e-3),
    start_h=st.integers(0, 12),
    hours=st.integers(1, 12),
    day=st.lists(st.floats(0.2, 2.0), min_size=1, max_size=6),
)
def test_any_tower_is_epanets(
    tmp_path: Path,
    low: float,
    gap: float,
    coefficient: float,
    start_h: int,
    hours: int,
    day: list[float],
) -> None:
    """Whatever levels, patterns and leaks, both engines agree within 1e-3 m; ledgers close."""
    controls = f"LINK u OPEN IF NODE t BELOW {low}\nLINK u CLOSED IF NODE t ABOVE {low + gap}"
    network = tower(tmp_path, controls=controls, day=" ".join(f"{value:.6f}" for value in day))
    leak = Leak("l", network.node("b"), coefficient, start_h * HOUR_S, (start_h + hours) * HOUR_S)
    one = run_hydraulics(network, leaks=[leak])
    other = run_hydraulics(network, engine=EngineName.BATCHED, leaks=[leak])
    assert np.abs(one.heads_m - other.heads_m).max() < 1e-3


def test_a_lane_does_not_depend_on_its_neighbours(tmp_path: Path) -> None:
    """Lanes alone, together and in another order give the same bits."""
    network = tower(tmp_path)
    lanes = [
        LaneEvents(leaks=(Leak("l", 2, 1e-4 * lane, HOUR_S * lane, 20.0 * HOUR_S),))
        for lane in range(11)
    ]
    together = run_lanes(network, lanes).heads_m
    backwards = run_lanes(network, lanes[::-1]).heads_m[:, :, ::-1]
    np.testing.assert_array_equal(together, backwards)
    for lane in (0, 4, 10):
        alone = run_lanes(network, [lanes[lane]]).heads_m[:, :, 0]
        np.testing.assert_array_equal(together[:, :, lane], alone)


def test_leaks_act_from_the_step_after_their_start(tmp_path: Path) -> None:
    """A leak from 1.5 h to 3.2 h leaks at 2 h and 3 h, and not at 1 h or 4 h."""
    network = tower(tmp_path)
    node = network.node("c")
    leak = Leak("l", node, 3e-4, 1.5 * HOUR_S, 3.2 * HOUR_S)
    run = run_steps(network, leaks=[leak], duration_s=6 * HOUR_S)
    assert np.flatnonzero(run.leaks_m3s[:, node] > 0.0).tolist() == [2, 3]
    lanes = run_lanes(network, [LaneEvents(leaks=(leak,))], duration_s=6 * HOUR_S)
    assert lanes.leaked_m3[0] == pytest.approx(run.ledger.left["leaked"], rel=1e-9)
    late = run_steps(network, leaks=[replace(leak, start_s=1e6)], duration_s=HOUR_S)
    assert [notice.kind for notice in late.notices] == [NoticeKind.LEAK_OUTSIDE]


def test_a_closed_link_stays_closed_whatever_controls_say(tmp_path: Path) -> None:
    """A pump without power does not start at its level; it does once power is back."""
    network = tower(tmp_path)
    pump = network.link("u")
    lanes = [LaneEvents(), LaneEvents(closed=(Closed(pump, 0.0, 2.0 * HOUR_S),))]
    run = run_lanes(network, lanes, duration_s=6 * HOUR_S, links=[pump])
    assert run.flows_m3s[0, 0, 0] > 1e-3
    assert np.abs(run.flows_m3s[:2, 0, 1]).max() < 1e-6
    assert run.flows_m3s[2, 0, 1] > 1e-3


def test_demand_may_be_a_lanes_own(tmp_path: Path) -> None:
    """Demand given by pattern step replaces patterns; the same demand gives the same heads."""
    network = tower(tmp_path)
    demand = np.zeros((25, len(network.nodes)))
    pattern = np.array([0.5, 1.5, 1.0, 0.8])[np.arange(25) % 4]
    day = [network.patterns[p].id == "day" for p in network.demands.pattern]
    for node, base, moves in zip(network.demands.node, network.demands.base_m3s, day, strict=True):
        demand[:, node] += base * (pattern if moves else 1.0)
    lanes = [LaneEvents(), LaneEvents(demand_m3s=demand), LaneEvents(demand_factor=1.1)]
    heads = run_lanes(network, lanes).heads_m
    np.testing.assert_allclose(heads[:, :, 1], heads[:, :, 0], atol=1e-9)
    network = replace(network, options=replace(network.options, demand_multiplier=1.1))
    np.testing.assert_allclose(
        run_lanes(network, [LaneEvents()]).heads_m[:, :, 0], heads[:, :, 2], atol=1e-9
    )


def test_only_what_is_asked_for_is_kept(tmp_path: Path) -> None:
    """Observed nodes and links are rows of the whole."""
    network = tower(tmp_path)
    lanes = [LaneEvents(), LaneEvents(demand_factor=0.7)]
    whole = run_lanes(network, lanes, links=range(len(network.links)))
    part = run_lanes(network, lanes, nodes=[3, 1], links=[2])
    np.testing.assert_array_equal(part.heads_m, whole.heads_m[:, [3, 1]])
    np.testing.assert_array_equal(part.flows_m3s, whole.flows_m3s[:, [2]])
    assert part.times_s.tolist() == list(range(0, DAY_S + 1, HOUR_S))


def test_what_only_epanet_follows_is_refused(tmp_path: Path) -> None:
    """Rules and controls by pressure are refused together, by name."""
    network = tower(tmp_path, controls="LINK u OPEN IF NODE b BELOW 20")
    with pytest.raises(NotBatched) as refused:
        run_lanes(replace(network, rules=2), [LaneEvents()])
    assert {(fault.key, fault.value) for fault in refused.value.faults} == {
        ("LINK u", "NODE b"),
        ("RULES", "2"),
    }


def test_faults_of_lanes_are_named_together(tmp_path: Path) -> None:
    """A leak at a tank, a link that is none, demand below zero and of a wrong shape: all told."""
    network = tower(tmp_path)
    lanes = [
        LaneEvents(leaks=(Leak("x", int(network.tanks.node[0]), 1e-4),)),
        LaneEvents(closed=(Closed(99),)),
        LaneEvents(demand_factor=-1.0, demand_m3s=np.zeros((3, 2))),
    ]
    with pytest.raises(InputError) as refused:
        run_lanes(network, lanes)
    assert [fault.key for fault in refused.value.faults] == [
        "lane 0, leak x",
        "lane 1, closed",
        "lane 2, demand_factor",
        "lane 2, demand_m3s",
    ]
    for bad in ({"step_s": 0}, {"duration_s": -1}, {"nodes": [99]}, {"links": [-1]}):
        with pytest.raises(InputError):
            run_lanes(network, [LaneEvents()], **bad)


def test_controls_that_toggle_are_named(tmp_path: Path) -> None:
    """A pump that fills a tank of a few litres every second or two ends the run, with its name."""
    controls = "LINK u OPEN IF NODE t BELOW 2.95\nLINK u CLOSED IF NODE t ABOVE 3.05"
    network = tower(tmp_path, controls=controls, wide="0.5")
    with pytest.raises(UnsolvedError, match=r"'u'; expected: under 60 changes"):
        run_steps(network)
    run = run_lanes(network, [LaneEvents()], allow_stopped=True)
    assert run.why.tolist() == [Why.TOGGLES]
