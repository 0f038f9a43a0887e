"""Laws of made-up networks, whatever the places, the people and the dice."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial.distance import cdist

from models.water.rural.dwellings import _people
from models.water.rural.gather import gather
from models.water.rural.loops import close_loops, on_loops
from models.water.rural.mains import MIX, PERIODS, SHARES, laid, roughness
from models.water.rural.settings import PeopleSection, ShapeSection
from models.water.rural.sizing import CATALOGUE_M, head_loss_m, largest_below, sum_down, sum_up
from models.water.rural.tree import _fermat, grow, topological
from twin.streams import Streams

seeds = st.integers(0, 2**32 - 1)


def places(seed: int, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return places of a village and its country, and their ground."""
    rng = np.random.default_rng(seed)
    spread = np.where(rng.random(count) < 0.5, 300.0, 2_500.0)
    return (*(spread * rng.standard_normal((2, count))), 100.0 + 20.0 * rng.random(count))


def length(x: np.ndarray, y: np.ndarray, parent: np.ndarray) -> float:
    """Return the length of a tree."""
    below = np.flatnonzero(parent >= 0)
    return float(np.hypot(x[below] - x[parent[below]], y[below] - y[parent[below]]).sum())


@given(seeds, st.integers(1, 3_000), st.floats(1.0, 5.0), st.floats(0.0, 1.0))
def test_people_are_conserved(seed: int, population: int, per_home: float, empty: float) -> None:
    """Inhabitants of homes sum to the population exactly, in whole persons, none below zero."""
    section = PeopleSection(inhabitants_per_home=per_home, empty_share=empty)
    homes = max(round(population / 1.8), 1)
    people = _people(homes, population, section, np.random.default_rng(seed))
    assert people.sum() == population
    assert (people >= 0.0).all()
    assert (people == np.rint(people)).all()


@given(seeds, st.integers(1, 120), st.integers(1, 60))
@settings(deadline=None)
def test_every_home_hangs_on_its_nearest_place(seed: int, homes: int, count: int) -> None:
    """No more places than asked for, each with a home; homes of a cell stay together."""
    x, y, _ = places(seed, homes)
    found = gather(x, y, (0.0, 0.0), count)
    assert len(found.x_m) <= count
    assert set(found.place.tolist()) == set(range(len(found.x_m)))


@given(seeds, st.integers(3, 60), st.floats(0.0, 1.0))
@settings(deadline=None)
def test_a_tree_joins_all_and_tees_only_shorten(seed: int, count: int, straight: float) -> None:
    """All nodes reach the root, each tee joins three pipes, and the tree is no longer for tees."""
    x, y, z = places(seed, count)
    tree = grow(x, y, z, count - 1, straight)
    order = topological(tree.parent)
    assert sorted(order.tolist()) == list(range(len(tree.parent)))
    assert (tree.parent < 0).sum() == 1
    degree = np.bincount(tree.parent[tree.parent >= 0], minlength=len(tree.parent)) + 1
    assert (degree[count:] >= 3).all()
    assert np.array_equal(tree.x_m[:count], x)


@given(seeds, st.integers(3, 40))
@settings(deadline=None)
def test_on_flat_ground_the_tree_is_no_longer_than_the_shortest(seed: int, count: int) -> None:
    """With straightness 0 and no climb it is the minimum spanning tree, less what tees save."""
    x, y, _ = places(seed, count)
    tree = grow(x, y, np.zeros(count), 0, 0.0)
    away = cdist(np.stack([x, y], 1), np.stack([x, y], 1))
    shortest = minimum_spanning_tree(away).sum()
    assert length(tree.x_m, tree.y_m, tree.parent) <= shortest * (1.0 + 1e-9)
    assert length(tree.x_m, tree.y_m, tree.parent) >= 0.5 * shortest


def test_fermats_point_of_an_equilateral_triangle() -> None:
    """It is the centre, at 1/sqrt(3) of the side from each corner."""
    x, y = _fermat(0.0, 0.0, 1.0, 0.0, 0.5, np.sqrt(0.75))
    assert np.hypot(x - 0.5, y - np.sqrt(0.75) / 3.0) < 1e-9


@given(seeds, st.integers(5, 60), st.integers(50, 50_000))
@settings(deadline=None)
def test_loops_cross_nothing_and_lie_in_the_village(seed: int, count: int, people: int) -> None:
    """Loops join village nodes that were not joined, and the pipes above them are marked."""
    x, y, z = places(seed, count)
    tree = grow(x, y, z, 0, 0.25)
    inside = np.hypot(tree.x_m, tree.y_m) < 600.0
    heights = np.full(len(tree.x_m), 100.0)
    pairs = close_loops(tree.x_m, tree.y_m, heights, tree.parent, inside, people, ShapeSection())
    assert inside[pairs].all()
    for a, b in pairs.tolist():
        assert b not in (a, tree.parent[a])
        assert tree.parent[b] != a
    looped = on_loops(tree.parent, topological(tree.parent), pairs)
    assert bool(looped.any()) == bool(len(pairs))
    assert len({tuple(sorted(pair)) for pair in pairs.tolist()}) == len(pairs)


@given(seeds, st.integers(2, 50))
@settings(deadline=None)
def test_sums_along_a_tree(seed: int, count: int) -> None:
    """The root gathers everything; a leaf's way is the sum of its ancestors; maxima grow up."""
    x, y, z = places(seed, count)
    tree = grow(x, y, z, 0, 0.5)
    order = topological(tree.parent)
    values = np.random.default_rng(seed).random(len(order))
    assert np.isclose(sum_up(tree.parent, order, values)[0], values.sum())
    leaf, total = int(order[-1]), 0.0
    at = leaf
    while at >= 0:
        total += values[at]
        at = int(tree.parent[at])
    assert np.isclose(sum_down(tree.parent, order, values)[leaf], total)
    most = largest_below(tree.parent, order, values)
    assert most[0] == values.max()
    assert (most[tree.parent[order[1:]]] >= most[order[1:]]).all()


@given(seeds, st.integers(30, 200))
def test_laying_keeps_its_shares(seed: int, count: int) -> None:
    """Years lie in the periods, materials are those of their period, order follows distance."""
    rng = np.random.default_rng(seed)
    metres, away = 50.0 + 500.0 * rng.random(count), 5_000.0 * rng.random(count)
    year, material = laid(metres, away, "36001", Streams(seed, 0))
    assert year.min() >= PERIODS[0]
    assert year.max() <= PERIODS[-1]
    period = np.searchsorted(PERIODS, year, side="right") - 1
    period = np.minimum(period, len(SHARES) - 1)
    assert (np.array(MIX)[period, material] > 0.0).all()
    near, far = year[away < 1_500.0].mean(), year[away > 3_500.0].mean()
    assert near < far + 10.0
    now, later = roughness(material, year, 2026), roughness(material, year, 2056)
    assert (later <= now).all()


def test_shares_are_shares() -> None:
    """Periods and materials each sum to 1, and less than 40 % was laid before 1970."""
    assert np.isclose(sum(SHARES), 1.0)
    assert np.allclose(np.array(MIX).sum(axis=1), 1.0)
    assert sum(SHARES[:3]) < 0.40
    assert len(SHARES) == len(MIX) == len(PERIODS) - 1


def test_head_loss_is_hazen_williams() -> None:
    """10 L/s through 1 km of 100 mm at C 140 lose 16.9 m, as EPANET's own law in feet gives."""
    feet = 4.727 * (1_000.0 / 0.3048) / (140.0**1.852 * (0.1 / 0.3048) ** 4.871)
    cfs = 0.010 / 0.3048**3
    expected = 0.3048 * feet * cfs**1.852
    assert np.isclose(head_loss_m(0.010, 1_000.0, np.array(0.1), 140.0), expected, rtol=2e-3)
    assert (np.diff(CATALOGUE_M) > 0.0).all()
