"""What the batched solver refuses, it names."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.water.batched.refusal import NotBatched, check_batched
from models.water.batched.solver import BatchedSolver
from models.water.network.network import (
    Control,
    ControlKind,
    Curve,
    LinkKind,
    Network,
    PumpLaw,
    Pumps,
)
from tests.models.water.tree_network import tree_network


def refused(network: Network) -> str:
    """Return what is said of a network that is refused."""
    with pytest.raises(NotBatched) as caught:
        check_batched(network)
    return str(caught.value)


def with_links(network: Network, **columns: np.ndarray) -> Network:
    """Return a network of other links."""
    return replace(network, links=replace(network.links, **columns))


def test_a_sound_network_passes() -> None:
    """A network of pipes under a tower is taken."""
    check_batched(tree_network())


def test_a_control_by_pressure_is_left_to_epanet() -> None:
    """A control by the pressure of a junction names its link and node; one by a tank passes."""
    network = tree_network()
    pressure = Control(ControlKind.LEVEL_BELOW, link=3, opens=False, node=7, level_m=10.0)
    tank = replace(pressure, node=100)
    said = refused(replace(network, controls=(tank, pressure)))
    assert "LINK P3" in said
    assert "NODE N7" in said
    assert "--engine epanet" in said
    check_batched(replace(network, controls=(tank,)))


def test_every_fault_is_told_at_once() -> None:
    """Bad options, pipes and islands come in one refusal, each by name."""
    network = tree_network(10, 0, headloss="X-Y", emitter_exponent=0.0)
    length, diameter = network.links.length_m.copy(), network.links.diameter_m.copy()
    end = network.links.end.copy()
    length[2], diameter[4], end[9] = 0.0, -1.0, network.links.start[9]
    said = refused(with_links(network, length_m=length, diameter_m=diameter, end=end))
    for part in ("X-Y", "EMITTER EXPONENT", "PIPE P2, length_m", "PIPE P4, diameter_m",
                 "PIPE P9", "N9"):  # fmt: skip
        assert part in said, part


def test_a_valve_on_a_tank_is_refused() -> None:
    """A reducing valve without a pipe between it and the tower names both, as EPANET would."""
    network = tree_network()
    kind, setting = network.links.kind.copy(), network.links.setting.copy()
    kind[0], setting[0] = LinkKind.PRV, 20.0
    said = refused(with_links(network, kind=kind, setting=setting))
    assert "PRV P0" in said
    assert "tower" in said


def test_two_valves_for_one_node_are_refused() -> None:
    """Two reducing valves that feed the same node are told apart by name."""
    network = tree_network(12, 0)
    kind, setting = network.links.kind.copy(), network.links.setting.copy()
    end = network.links.end.copy()
    kind[[8, 9]], setting[[8, 9]], end[9] = LinkKind.PRV, 20.0, end[8]
    said = refused(with_links(network, kind=kind, setting=setting, end=end))
    assert "PRV P8" in said
    assert "PRV P9" in said


def test_a_pump_without_a_falling_curve_is_refused() -> None:
    """A custom curve that rises, a power of zero and a flat power law name their pumps."""
    network = tree_network()
    kind = network.links.kind.copy()
    kind[[5, 6, 7]] = LinkKind.PUMP
    pumps = Pumps(
        link=np.array([5, 6, 7], dtype=np.int32),
        law=np.array(
            [PumpLaw.CUSTOM_CURVE, PumpLaw.CONSTANT_POWER, PumpLaw.POWER_FUNCTION], dtype=np.int8
        ),
        h0_m=np.array([np.nan, np.nan, 40.0]),
        r=np.array([np.nan, np.nan, 0.0]),
        n=np.array([np.nan, np.nan, 2.0]),
        power_w=np.array([np.nan, 0.0, np.nan]),
        curve=np.array([0, -1, -1], dtype=np.int32),
        speed_pattern=np.full(3, -1, dtype=np.int32),
    )
    curve = Curve("up", np.array([0.0, 0.01]), np.array([10.0, 20.0]))
    network = replace(with_links(network, kind=kind), pumps=pumps, curves=(curve,))
    said = refused(network)
    for part in ("PUMP P5", "CURVE up", "PUMP P6", "PUMP P7"):
        assert part in said
    with pytest.raises(NotBatched):
        BatchedSolver(network)
