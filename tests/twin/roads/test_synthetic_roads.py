"""Made-up roads: deterministic, calibrated, connected, and labelled as what they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from twin.errors import InputError
from twin.roads.matrix import TravelSettings, measure
from twin.roads.synthetic import (
    RoadStyle,
    SyntheticRoads,
    gabriel,
    mean_detour,
    synthetic_roads,
)
from twin.territory.communes import Commune, read_communes


def commune(code: int, x_m: float, y_m: float, population: int = 500) -> Commune:
    """Return a commune at a place."""
    return Commune(f"{code:05d}", f"C{code}", population, "1", "E", 20.0, 100.0, 200.0, x_m, y_m)


def some(count: int = 20) -> list[Commune]:
    """Return communes strewn over 30 km, every fifth a town."""
    dice = np.random.default_rng(2)
    places = dice.uniform(0.0, 30_000.0, (count, 2))
    return [commune(i, *places[i], 5_000 if i % 5 == 0 else 300) for i in range(count)]


@pytest.fixture(scope="module")
def indre(root: Path) -> tuple[tuple[Commune, ...], SyntheticRoads]:
    """Return the communes of the Indre and roads made up for them."""
    communes = read_communes(root / "scenarios" / "indre" / "communes.csv")
    return communes, synthetic_roads(communes, 36)


def test_gabriel_graph_of_a_square_and_its_middle() -> None:
    """A middle point takes the sides' place at none, the diagonals' at both."""
    square = np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0], [1.0, 0.9]])
    assert sorted(map(tuple, gabriel(square).tolist())) == [
        (0, 3), (0, 4), (1, 2), (1, 4), (2, 3), (2, 4), (3, 4),
    ]  # fmt: skip


def test_gabriel_graph_equals_its_definition() -> None:
    """Two of 60 places are joined exactly where no third lies in the disc between them."""
    places = np.random.default_rng(8).random((60, 2))
    a, b = np.triu_indices(60, 1)
    middle = (places[a] + places[b]) / 2.0
    half = np.hypot(*(places[a] - places[b]).T) / 2.0
    away = np.hypot(*(places[None, :] - middle[:, None]).transpose(2, 0, 1))
    away[np.arange(len(a)), a] = away[np.arange(len(a)), b] = np.inf
    alone = away.min(axis=1) >= half
    expected = set(zip(a[alone].tolist(), b[alone].tolist(), strict=True))
    assert set(map(tuple, gabriel(places).tolist())) == expected


def test_places_on_a_line_are_joined_in_order() -> None:
    """Where no triangle exists, neighbours on the line are joined."""
    line = np.column_stack([[0.0, 3.0, 1.0, 2.0], np.zeros(4)])
    assert sorted(map(tuple, gabriel(line).tolist())) == [(0, 2), (1, 3), (2, 3)]


def test_indre_detour_is_calibrated(indre: tuple[tuple[Commune, ...], SyntheticRoads]) -> None:
    """Over the 241 communes, road over crow distance has the mean asked for, 1.30."""
    communes, roads = indre
    assert len(communes) == 241
    assert roads.detour == pytest.approx(1.30, abs=1e-6)
    assert mean_detour(roads.graph, roads.commune) == roads.detour
    crow_m = np.hypot(
        roads.graph.x_m[roads.graph.tail] - roads.graph.x_m[roads.graph.head],
        roads.graph.y_m[roads.graph.tail] - roads.graph.y_m[roads.graph.head],
    )
    assert (roads.graph.length_m >= crow_m - 1e-5).all()


def test_indre_roads_are_of_a_likely_length(
    indre: tuple[tuple[Commune, ...], SyntheticRoads],
) -> None:
    """The department's roads measure some 10,000 km in one connected piece, at three speeds."""
    graph = indre[1].graph
    assert 8_000.0 < graph.length_m.sum() / 2e3 < 14_000.0
    assert graph.connected().nodes == graph.nodes
    assert graph.source == "synthetic"
    kmh = np.unique((graph.length_m / graph.time_s * 3.6).round(2))
    assert kmh.tolist() == [40.0, 60.0, 65.0]


def test_points_of_the_indre_find_a_road(
    indre: tuple[tuple[Commune, ...], SyntheticRoads],
) -> None:
    """Points around every commune are put on these roads, and the answer says synthetic."""
    communes, roads = indre
    dice = np.random.default_rng(1)
    x_m = np.array([c.x_m for c in communes]) + dice.normal(0.0, 500.0, 241)
    y_m = np.array([c.y_m for c in communes]) + dice.normal(0.0, 500.0, 241)
    found = measure(roads.graph, x_m, y_m, TravelSettings(limit_m=3_000.0)).travel
    assert found.source == "synthetic"
    assert np.isfinite(found.time_s).all()
    assert float(np.median(found.snapped_m)) < 500.0


def test_same_seed_same_roads() -> None:
    """Communes, seed and style decide every bit; another seed gives other roads."""
    assert synthetic_roads(some(), 1).graph.digest == synthetic_roads(some(), 1).graph.digest
    assert synthetic_roads(some(), 1).graph.digest != synthetic_roads(some(), 2).graph.digest


def test_another_commune_moves_no_hamlet_far_from_it() -> None:
    """A commune added far away leaves every place there was where it was."""
    before = synthetic_roads(some(), 1).graph
    after = synthetic_roads([*some(), commune(99, 90_000.0, 90_000.0)], 1).graph
    there = set(zip(after.x_m.tolist(), after.y_m.tolist(), strict=True))
    assert set(zip(before.x_m.tolist(), before.y_m.tolist(), strict=True)) <= there


def test_two_communes_are_enough() -> None:
    """Two communes without hamlet get one road of exactly the detour asked for."""
    pair = [commune(1, 0.0, 0.0), commune(2, 10_000.0, 0.0)]
    roads = synthetic_roads(pair, 1, RoadStyle(hamlet_every_km2=1e9))
    assert roads.graph.length_m == pytest.approx([13_000.0, 13_000.0], abs=1e-5)


@pytest.mark.parametrize("detour", [1.01, 1.25, 1.6])
def test_detours_are_reached_or_told(detour: float) -> None:
    """More and less than the roads' own detour is reached; what straight roads exceed is told."""
    roads = synthetic_roads(some(), 1, RoadStyle(detour=detour))
    graph = roads.graph
    crow_m = np.hypot(
        graph.x_m[graph.tail] - graph.x_m[graph.head], graph.y_m[graph.tail] - graph.y_m[graph.head]
    )
    assert (graph.length_m >= crow_m - 1e-5).all()
    if detour > 1.1:
        assert roads.detour == pytest.approx(detour, abs=1e-4)
    else:
        assert graph.length_m == pytest.approx(crow_m, abs=1e-5)
        assert roads.detour > detour


@pytest.mark.parametrize(
    ("style", "key"),
    [
        ({"detour": 0.9}, "detour"),
        ({"local_kmh": 0.0}, "local_kmh"),
        ({"reach_m": float("nan")}, "reach_m"),
    ],
)
def test_styles_out_of_bounds_are_refused(style: dict[str, Any], key: str) -> None:
    """A figure of the style that is out of bounds is named."""
    with pytest.raises(InputError, match=key):
        synthetic_roads(some(), 1, RoadStyle(**style))


def test_one_commune_is_refused() -> None:
    """A single commune has nowhere to go."""
    with pytest.raises(InputError, match="communes"):
        synthetic_roads(some(1), 1)
