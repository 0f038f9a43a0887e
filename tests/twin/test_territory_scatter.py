"""Scattered points: exact counts, inside their own commune, independent between communes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.errors import DataError
from twin.streams import Streams
from twin.territory.communes import Commune
from twin.territory.power import power_areas
from twin.territory.scatter import Scattered, Settlement, scatter

X0_M, Y0_M = 600_000.0, 6_630_000.0
DICE = Streams(seed=36, replication=0)


def lattice(count: int) -> list[Commune]:
    """Return communes on a 5 km lattice, each of a different size."""
    return [
        Commune(
            f"36{i:03d}", f"C{i}", 100 * (i + 1), "E", "E", 15.0 + i, 100.0, 200.0,
            X0_M + 5_000.0 * (i % 3), Y0_M + 5_000.0 * (i // 3),
        )
        for i in range(count)
    ]  # fmt: skip


def of(points: Scattered, index: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the positions of one commune's points, shape (n, 2)."""
    mine = points.commune == index
    return np.stack([points.x_m[mine], points.y_m[mine]], axis=1)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 300), min_size=6, max_size=6), st.integers(0, 2**32))
def test_counts_and_areas(counts: list[int], seed: int) -> None:
    """Every commune gets exactly its count, every point inside its own commune's area."""
    communes = lattice(6)
    areas = power_areas(communes)
    points = scatter(areas, communes, np.array(counts), Streams(seed, 0), "meters")
    assert np.bincount(points.commune, minlength=6).tolist() == counts
    np.testing.assert_array_equal(areas.at(points.x_m, points.y_m), points.commune)


def test_same_dice_same_points() -> None:
    """The same key gives the same bits; another purpose or replication gives other points."""
    communes = lattice(4)
    areas, counts = power_areas(communes), np.full(4, 50)
    first = scatter(areas, communes, counts, DICE, "meters")
    again = scatter(areas, communes, counts, DICE, "meters")
    np.testing.assert_array_equal(first.x_m, again.x_m)
    np.testing.assert_array_equal(first.y_m, again.y_m)
    for other in (
        scatter(areas, communes, counts, DICE, "lamps"),
        scatter(areas, communes, counts, Streams(36, 1), "meters"),
    ):
        assert not np.any(first.x_m == other.x_m)


def test_adding_a_commune_moves_no_other_point() -> None:
    """A commune added beyond reach leaves every other point bit for bit where it was."""
    few = lattice(5)
    far = Commune("36000", "Far", 9_000, "E", "E", 40.0, 1.0, 2.0, X0_M + 60_000.0, Y0_M)
    many = [far, *[Commune(**{**vars(c), "insee": f"37{i:03d}"}) for i, c in enumerate(few)]]
    few = many[1:]
    without = scatter(power_areas(few), few, np.full(5, 400), DICE, "meters")
    added = scatter(power_areas(many), many, np.full(6, 400), DICE, "meters")
    for index in range(5):
        np.testing.assert_array_equal(of(without, index), of(added, index + 1))


def test_more_points_keep_the_first() -> None:
    """Raising one commune's count appends to its points and leaves the others alone."""
    communes = lattice(4)
    areas = power_areas(communes)
    few = scatter(areas, communes, np.array([10, 200, 0, 30]), DICE, "meters")
    more = scatter(areas, communes, np.array([10, 5_000, 7, 30]), DICE, "meters")
    np.testing.assert_array_equal(of(few, 1), of(more, 1)[:200])
    for index in (0, 3):
        np.testing.assert_array_equal(of(few, index), of(more, index))


def test_bourg_alone_is_a_gaussian() -> None:
    """With everything in the bourg, positions have the declared mean and spread."""
    one = [Commune("36001", "A", 900, "E", "E", 400.0, 1.0, 2.0, X0_M, Y0_M)]
    pattern = Settlement(bourg_share=1.0, bourg_share_most=1.0)
    points = scatter(power_areas(one), one, np.array([40_000]), DICE, "meters", pattern)
    spread_m = 220.0 + 5.0 * 30.0
    assert points.x_m.std() == pytest.approx(spread_m, rel=0.02)
    assert points.y_m.std() == pytest.approx(spread_m, rel=0.02)
    assert points.x_m.mean() == pytest.approx(X0_M, abs=4.0 * spread_m / 200.0)


def test_isolated_alone_is_uniform() -> None:
    """With nothing but lone farms, points are uniform over the disc of the commune."""
    one = [Commune("36001", "A", 100, "E", "E", 50.0, 1.0, 2.0, X0_M, Y0_M)]
    pattern = Settlement(bourg_share=0.0, isolated_share=1.0)
    points = scatter(power_areas(one), one, np.array([40_000]), DICE, "meters", pattern)
    squared = (points.x_m - X0_M) ** 2 + (points.y_m - Y0_M) ** 2
    # Uniform on a disc: r² is uniform on [0, R²].
    quantiles = np.quantile(squared / (50e6 / np.pi), [0.1, 0.5, 0.9])
    np.testing.assert_allclose(quantiles, [0.1, 0.5, 0.9], atol=0.01)


def test_hamlets_are_clusters() -> None:
    """With nothing but hamlets, points gather: half have a neighbour far nearer than uniform."""
    from scipy.spatial import cKDTree

    one = [Commune("36001", "A", 100, "E", "E", 50.0, 1.0, 2.0, X0_M, Y0_M)]
    pattern = Settlement(bourg_share=0.0, isolated_share=0.0)
    points = scatter(power_areas(one), one, np.array([400]), DICE, "meters", pattern)
    positions = np.stack([points.x_m, points.y_m], axis=1)
    nearest_m = cKDTree(positions).query(positions, k=2)[0][:, 1]
    uniform_m = 0.5 / np.sqrt(400 / 50e6)  # mean nearest neighbour of a Poisson process
    assert np.median(nearest_m) < 0.3 * uniform_m


def test_shares_follow_population() -> None:
    """The bourg's share and spread grow with population and stay below their bound."""
    pattern = Settlement()
    shares = [pattern.bourg_share_of(p) for p in (0, 100, 1_000, 40_000, 10**7)]
    assert shares == sorted(shares)
    assert shares[0] == shares[1] == pytest.approx(0.40)
    assert shares[2] == pytest.approx(0.55)
    assert shares[-1] == 0.90
    assert pattern.bourg_sd_of(100) == pytest.approx(270.0)


def test_bad_counts() -> None:
    """Negative or missing counts are refused."""
    communes = lattice(2)
    areas = power_areas(communes)
    for counts in (np.array([1, -1]), np.array([1])):
        with pytest.raises(DataError, match="non-negative"):
            scatter(areas, communes, counts, DICE, "meters")
