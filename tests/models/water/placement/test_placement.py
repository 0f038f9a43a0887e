"""Pressure sensors: what they see, where they go, on a real network."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from water_networks import wntr_network

from models.water.network.read import read_network
from models.water.placement import (
    PlacementProblem,
    best_places,
    days_to_see,
    detection,
    greedy,
    lost_m3,
    swapped,
)
from tests.models.water.epanet_snapshots import Snapshots, plus_library
from twin.errors import InputError

LEAK_M3H = 2.2
SURVEY_DAYS = 365.0


@pytest.fixture(scope="module")
def net3() -> PlacementProblem:
    """Return where sensors may stand on Net3, for a leak of 2.2 m3/h at any junction."""
    path = wntr_network("Net3")
    network = read_network(path)
    junctions = np.flatnonzero(network.nodes.kind == 0)
    with Snapshots(plus_library(), path) as epanet:
        epanet.run()
        before = epanet.heads_m()
        pressure = np.maximum(before - network.nodes.elevation_m, 1.0)
        falls = []
        for node in junctions:
            epanet.set_half(node, LEAK_M3H / 3600.0 / np.sqrt(pressure[node]))
            epanet.run()
            falls.append((before - epanet.heads_m())[junctions])
            epanet.set_half(node, 0.0)
    days = days_to_see(np.array(falls).T, 0.02)
    flow = np.full(junctions.size, LEAK_M3H)
    nothing = LEAK_M3H * 24.0 * SURVEY_DAYS
    return PlacementProblem.create(lost_m3(flow, days, SURVEY_DAYS), nothing)


def test_net3_against_every_pair(net3: PlacementProblem) -> None:
    """On Net3 the program's one and two sensors are the best of all 92 places and 4,186 pairs."""
    for k in (1, 2):
        found = best_places(net3, k)
        best = min(net3.value(chosen) for chosen in combinations(range(net3.places), k))
        assert found.proven
        assert found.value == pytest.approx(best)


def test_net3_bounds_enclose_the_best(net3: PlacementProblem) -> None:
    """On Net3 each greedy bound lies below the proven best, each greedy value above it."""
    nested = greedy(net3, 8).chosen
    last = net3.value(())
    for k in (3, 5, 8):
        first, best = greedy(net3, k), best_places(net3, k)
        second = swapped(net3, first)
        assert first.chosen == nested[:k]
        assert first.bound <= best.value + 1e-6
        assert best.value <= second.value + 1e-6 <= first.value + 2e-6
        assert best.proven
        assert best.value < last
        assert net3.value(best.chosen) == pytest.approx(best.value)
        last = best.value


def test_what_a_sensor_sees() -> None:
    """A sensor sees falls at or above its own threshold, whatever their sign."""
    seen = detection([[0.2, -0.05], [0.1, -0.4]], [0.1, 0.2])
    assert seen.tolist() == [[True, False], [False, True]]


def test_nights_until_a_leak_stands_out() -> None:
    """Noise of n nights falls by sqrt(n): a third of the fall needed takes nine nights."""
    days = days_to_see([[0.3, 0.1, -0.1, 0.01, 0.0]], 0.1, most_days=60)
    assert days.tolist() == [[1.0, 9.0, 9.0, np.inf, np.inf]]
    assert lost_m3([2.0] * 5, days, 10.0).tolist() == [[48.0, 432.0, 432.0, 480.0, 480.0]]


def test_covering_is_a_placement() -> None:
    """With impacts of nought and one the objective is the weight of what nobody sees."""
    seen = np.array([[1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 0, 1]], dtype=bool)
    problem = PlacementProblem.create(np.where(seen, 0.0, 1.0), 1.0, [1.0, 2.0, 4.0, 8.0])
    found = best_places(problem, 2)
    assert found.chosen == (1, 2)
    assert found.value == 1.0
    assert best_places(problem, 3).value == 0.0


def test_a_place_too_many_does_no_harm() -> None:
    """More sensors than useful places are still k sensors, and proven."""
    problem = PlacementProblem.create([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]], 9.0)
    found = best_places(problem, 2)
    assert (found.chosen, found.value, found.proven) == ((0, 1), 1.0, True)


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: PlacementProblem.create([[1.0], [np.nan]], 1.0), "impact"),
        (lambda: PlacementProblem.create([[1.0]], [1.0, 2.0]), "nothing"),
        (lambda: PlacementProblem.create([[1.0]], np.inf), "nothing"),
        (lambda: greedy(PlacementProblem.create([[1.0]], 1.0), 2), "k; found '2'"),
        (lambda: detection([[np.nan]], 0.1), "dh_m"),
        (lambda: detection([[0.1]], 0.0), "threshold_m"),
        (lambda: days_to_see([[0.1]], [0.1, 0.2]), "noise_m"),
        (lambda: lost_m3([1.0], [[1.0, 2.0]], 5.0), "flow_m3h"),
        (lambda: lost_m3([-1.0], [[1.0]], 5.0), "flow_m3h"),
    ],
)
def test_bad_input_is_named(make: object, named: str) -> None:
    """What is no number, of the wrong shape or out of bounds is refused by name."""
    with pytest.raises(InputError, match=named):
        make()  # type: ignore[operator]
