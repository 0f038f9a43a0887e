"""What a file says at an instant becomes a state."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.water.batched.state import state_at
from models.water.network.network import Control, ControlKind, Demands, Pattern
from tests.models.water.tree_network import tree_network


def test_demands_follow_their_patterns() -> None:
    """Categories add up, each by its own pattern, shifted and repeated, times the multiplier."""
    network = tree_network(demand_multiplier=2.0, pattern_start_s=3600)
    demands = Demands(
        np.array([4, 4, 5], dtype=np.int32),
        np.array([1e-3, 2e-3, 4e-3]),
        np.array([0, -1, 0], dtype=np.int32),
    )
    network = replace(network, demands=demands, patterns=(Pattern("p", np.array([0.5, 1.5, 3.0])),))
    state = state_at(network, 3 * 3600)
    assert state.demand_m3s[4] == pytest.approx(2.0 * (1e-3 * 1.5 + 2e-3))
    assert state.demand_m3s[5] == pytest.approx(2.0 * 4e-3 * 1.5)
    assert state.demand_m3s.sum() == pytest.approx(state.demand_m3s[[4, 5]].sum())


def test_a_tank_starts_at_its_level() -> None:
    """The fixed head of a tower is its bottom and its initial level."""
    network = tree_network()
    assert state_at(network).fixed_head_m == pytest.approx([178.0])


@pytest.mark.parametrize(
    ("control", "time_s", "holds"),
    [
        (Control(ControlKind.TIME, 7, opens=False, time_s=7200.0), 7200, True),
        (Control(ControlKind.TIME, 7, opens=False, time_s=7200.0), 3600, False),
        (Control(ControlKind.CLOCK_TIME, 7, opens=False, time_s=3600.0), 86_400 + 3600, True),
        (Control(ControlKind.LEVEL_BELOW, 7, opens=False, node=100, level_m=3.5), 0, True),
        (Control(ControlKind.LEVEL_ABOVE, 7, opens=False, node=100, level_m=3.5), 0, False),
        (Control(ControlKind.LEVEL_BELOW, 7, opens=False, node=3, level_m=3.5), 0, False),
    ],
)
def test_controls_that_hold_act(control: Control, time_s: int, *, holds: bool) -> None:
    """Controls by time, clock and level of a tank act when they hold; those by pressure never."""
    network = replace(tree_network(), controls=(control,))
    assert state_at(network, time_s).open[7] == (not holds)
