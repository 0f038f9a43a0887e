"""Solutions that may not be used, and what is told of those that may."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from tower import written
from water_networks import wntr_network

from models.water.epanet.codes import Status
from models.water.epanet.stepping import Engine
from models.water.epanet.steps import run_steps
from models.water.epanet.trouble import NoticeKind, UnsolvedError
from models.water.network.read import read_network


@pytest.fixture
def tower(tmp_path: Path) -> Path:
    """Return a tower filled by a pump between two levels, and two customers."""
    return written(tmp_path)


def test_a_closed_pipe_cuts_consumers_off_by_name(tower: Path) -> None:
    """Customers behind a closed pipe are an error with their names and the pipe's."""
    with Engine(tower) as engine:
        engine.solve()
        engine.change.opened(engine.network.link("n"), is_open=False)
        with pytest.raises(UnsolvedError) as caught:
            engine.solve()
        fault = caught.value.faults[0]
        assert fault.value == "b, c"
        assert " n" in fault.expected.en
        engine.change.opened(engine.network.link("n"), is_open=True)
        assert engine.solve() == ()
        engine.advance(3_600)
        assert engine.now_s == 3_600


def test_cut_off_under_pressure_dependence_takes_nothing(tower: Path) -> None:
    """With demands that depend on pressure the same customers get nothing, and it is said."""
    with Engine(tower) as engine:
        engine.change.pressure_dependent_demands(0.0, 10.0)
        engine.solve()
        engine.change.opened(engine.network.link("n"), is_open=False)
        (notice,) = engine.solve()
        assert notice.kind is NoticeKind.UNSUPPLIED
        assert set(notice.names) == {"b", "c"}
        assert engine.consumed_m3s().sum() == pytest.approx(0.0, abs=1e-6)
        engine.change.demand_driven()
        engine.change.opened(engine.network.link("n"), is_open=True)
        assert engine.solve() == ()


def test_an_empty_tower_is_named(tmp_path: Path) -> None:
    """A tower that runs dry with its pump off cuts its customers off: it is named as empty."""
    file = written(tmp_path, ("[CONTROLS]\nLINK u OPEN IF NODE t BELOW 2\n", "[CONTROLS]\n"),
                   ("[CONTROLS]", "[STATUS]\nu CLOSED\n[CONTROLS]"))  # fmt: skip
    with Engine(file) as engine:

        def play() -> None:
            for _ in range(48):
                engine.solve()
                engine.advance(3_600)

        with pytest.raises(UnsolvedError, match="empty tanks: t"):
            play()
        assert 3_600 < engine.now_s < 48 * 3_600
        held_m3 = 2.0 * math.pi * 16.0
        assert engine.volumes.consumed_m3 == pytest.approx(held_m3, abs=0.02)


def test_demand_beyond_the_source_is_told(tmp_path: Path) -> None:
    """Ten times what the mains can carry gives negative pressures, worst first."""
    file = written(tmp_path, ("c 8 day", "c 300 day"))
    with Engine(file) as engine:
        notices = engine.solve()
    (below,) = [n for n in notices if n.kind is NoticeKind.NEGATIVE_PRESSURE]
    assert below.names[0] == "c"
    assert below.worst < -10.3
    assert "vacuum" in below.say().en


def test_a_pump_that_cannot_lift_is_told(tmp_path: Path) -> None:
    """A pump below its tower's head, or run past its curve, is named."""
    weak = written(tmp_path, ("one 60 55", "one 60 20"))
    with Engine(weak) as engine:
        (notice,) = engine.solve()
        assert notice.kind is NoticeKind.PUMP_OUT_OF_RANGE
        assert notice.names == ("u",)
        assert engine.status()[engine.network.link("u")] == Status.PUMP_CANNOT_LIFT


def test_controls_that_toggle_without_end_are_named(tmp_path: Path) -> None:
    """A pump that fills a tank of a few litres every second or two is named with its controls."""
    file = written(
        tmp_path,
        ("t 50 3 1 5 8", "t 50 3 1 5 0.5"),
        ("BELOW 2", "BELOW 2.95"),
        ("ABOVE 4", "ABOVE 3.05"),
    )
    with Engine(file) as engine:
        engine.solve()
        with pytest.raises(UnsolvedError) as caught:
            engine.advance(3_600)
    fault = caught.value.faults[0]
    assert fault.value == "u"
    assert "LINK u OPEN IF t BELOW" in fault.expected.en
    assert "LINK u CLOSED IF t ABOVE" in fault.expected.fr


def test_controls_by_pressure_that_contradict_each_other(tmp_path: Path) -> None:
    """A valve that its own effect closes and opens leaves no balance: refused, and named."""
    file = written(
        tmp_path,
        (
            "LINK u OPEN IF NODE t BELOW 2\nLINK u CLOSED IF NODE t ABOVE 4",
            "LINK n CLOSED IF NODE b ABOVE 20\nLINK n OPEN IF NODE b BELOW 20",
        ),
    )
    with Engine(file) as engine, pytest.raises(UnsolvedError):
        engine.solve()


def test_ky10_is_called_ill_conditioned() -> None:
    """ky10 is solved, and told to be ill-conditioned; Net1, Net3 and ky4 are not."""
    run = run_steps(wntr_network("ky10"), duration_s=0)
    assert [notice.kind for notice in run.notices] == [NoticeKind.ILL_CONDITIONED]
    for name in ("Net1", "Net3", "ky4"):
        assert run_steps(wntr_network(name), duration_s=0).notices == ()


def test_too_few_trials_are_refused() -> None:
    """A network that does not balance in its trials is an error with the time, never used."""
    network = read_network(wntr_network("Net3"))
    starved = replace(network, options=replace(network.options, trials=2))
    with Engine(starved) as engine, pytest.raises(UnsolvedError) as caught:
        engine.solve()
    fault = caught.value.faults[0]
    assert fault.key == "t = 0:00"
    assert "2 iterations" in fault.expected.en
