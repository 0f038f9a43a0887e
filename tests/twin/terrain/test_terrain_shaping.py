"""The tools that shape a relief: drainage, erosion, floor and ceiling, fractal noise, voids."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from twin.streams import Streams
from twin.terrain.conditioning import ceiling_field, extremes, press, raise_summits
from twin.terrain.erosion import drain, incise
from twin.terrain.figures import relief_figures
from twin.terrain.fractal import EXPONENTS, fractal_noise
from twin.terrain.grid import Terrain
from twin.terrain.synthetic import SOURCE
from twin.terrain.voids import fill_small_voids


def rough(seed: int, rows: int = 30, columns: int = 40) -> NDArray[np.float64]:
    """Return white noise around 100 m."""
    return 100.0 + 10.0 * np.random.default_rng(seed).standard_normal((rows, columns))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_water_reaches_the_edge_downhill(seed: int) -> None:
    """Every cell drains to the edge through cells of the filled surface that never rise."""
    heights = rough(seed)
    filled, receiver, order = drain(heights)
    assert (filled >= heights).all()
    assert sorted(order) == list(range(heights.size))
    flat = filled.ravel()
    assert (flat[receiver] <= flat).all()
    rank = np.empty_like(order)
    rank[order] = np.arange(order.size)
    sea = receiver == np.arange(receiver.size)
    assert sea.sum() == 2 * (30 + 40) - 4
    assert (rank[receiver[~sea]] < rank[~sea]).all()


def test_a_pit_is_filled_to_its_spill() -> None:
    """A closed hollow is filled to the lowest point of its rim (by hand)."""
    heights = np.full((5, 5), 9.0)
    heights[1:4, 1:4] = 5.0
    heights[2, 2] = 1.0
    heights[0, 2] = 6.0
    filled, _, _ = drain(heights)
    assert (filled[1:4, 1:4] == 6.0).all()


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10_000), erodibility=st.floats(0.01, 10.0))
def test_erosion_only_lowers_and_never_below_the_outlet(seed: int, erodibility: float) -> None:
    """No cell rises above the filled surface or falls below the lowest edge."""
    heights = rough(seed)
    filled, _, _ = drain(heights)
    cut = incise(heights, erodibility, 4.0)
    assert (cut <= filled + 1e-9).all()
    edge = np.concatenate([heights[0], heights[-1], heights[:, 0], heights[:, -1]])
    assert cut.min() >= edge.min() - 1e-9


def test_ceiling_is_a_cone_beside_a_lower_commune() -> None:
    """Beside a lower commune the ceiling climbs with the slope up to the top (closed form)."""
    owner = np.zeros((8, 60), dtype=np.int16)
    owner[:, 20:] = 1
    ceiling = ceiling_field(owner, owner, np.array([100.0, 150.0]), 100.0, gentlest=0.05)
    expected = np.minimum(100.0 + 5.0 * (np.arange(60) - 19), 150.0)
    expected[:20] = 100.0
    np.testing.assert_allclose(ceiling, np.broadcast_to(expected, (8, 60)), atol=1e-9)


def test_ceiling_steepens_where_a_commune_is_small() -> None:
    """A narrow high commune still reaches its top, by a steeper flank."""
    owner = np.zeros((41, 41), dtype=np.int16)
    owner[18:23, 18:23] = 1
    ceiling = ceiling_field(owner, owner, np.array([100.0, 180.0]), 100.0)
    assert ceiling[20, 20] == pytest.approx(180.0)
    assert (ceiling[owner == 0] == 100.0).all()


@given(
    height=st.floats(-1e4, 1e4),
    low=st.floats(0.0, 500.0),
    span=st.floats(0.0, 300.0),
    softness=st.floats(0.1, 20.0),
)
def test_press_keeps_between_and_keeps_order(
    height: float, low: float, span: float, softness: float
) -> None:
    """Pressed heights lie between floor and ceiling, and a higher cell is never pressed lower."""
    heights = np.array([[height, height + 1.0]])
    floor, ceiling = np.full((1, 2), low), np.full((1, 2), low + span)
    press(heights, floor, ceiling, softness)
    assert (heights >= floor - 1e-9).all()
    assert (heights <= ceiling + 1e-9).all()
    assert heights[0, 1] >= heights[0, 0] - 1e-9


def test_summit_is_lifted_smoothly_to_the_top() -> None:
    """A plain lifted to its commune's top gets one hill whose flanks keep near the slope."""
    heights, owner = np.full((101, 101), 100.0), np.zeros((101, 101), dtype=np.int16)
    ceiling = np.full(heights.shape, 140.0)
    lift = raise_summits(heights, owner, ceiling, np.array([140.0]), 100.0, 0.04)
    assert lift == 40.0
    assert heights.max() == 140.0
    assert np.abs(np.diff(heights, axis=0)).max() / 100.0 < 1.1 * 0.04


def test_extremes_by_hand() -> None:
    """Lowest, highest and mean are taken over each commune's own cells."""
    heights = np.array([[1.0, 2.0, 30.0], [5.0, 9.0, 50.0]])
    owner = np.array([[0, 0, 2], [-1, 0, 2]], dtype=np.int16)
    low, high, mean = extremes(heights, owner, 3)
    np.testing.assert_array_equal(low, [1.0, np.inf, 30.0])
    np.testing.assert_array_equal(high, [9.0, -np.inf, 50.0])
    np.testing.assert_array_equal(mean, [4.0, 0.0, 40.0])


def test_fractal_noise_has_its_spectrum() -> None:
    """The radial spectrum falls with the stated exponents above 2 km and from 2 km to 500 m."""
    generator = Streams(1, 0).generator("terrain", "spectrum")
    field = fractal_noise((1024, 1024), 50.0, generator, 1e6)
    # A window keeps the open edges from leaking into the steep end.
    window = np.outer(np.hanning(1024), np.hanning(1024))
    power = np.abs(np.fft.fft2(field * window)) ** 2
    axis = np.fft.fftfreq(1024, 50.0)
    frequency = np.hypot(axis[:, None], axis[None, :])
    for exponent, band in zip(
        EXPONENTS, ((1 / 15_000, 1 / 2_500), (1 / 1_800, 1 / 550)), strict=False
    ):
        edges = np.geomspace(*band, 9)
        means = [
            power[(frequency >= low) & (frequency < high)].mean() for low, high in pairwise(edges)
        ]
        slope = np.polyfit(np.log(np.sqrt(edges[:-1] * edges[1:])), np.log(means), 1)[0]
        assert slope == pytest.approx(-exponent, abs=0.3)
    assert field.mean() == pytest.approx(0.0, abs=1e-9)
    assert field.std() == pytest.approx(1.0)


def test_figures_of_a_plane() -> None:
    """On a plane of 3 % and 4 % every slope figure is 5 % (3-4-5), each step 3 or 4 m."""
    y, x = np.mgrid[0:20, 0:20]
    terrain = Terrain(
        (3.0 * x + 4.0 * y).astype(np.float32), 0.0, 2e3, 100.0, SOURCE, synthetic=True
    )
    owner = np.zeros((20, 20), dtype=np.int16)
    owner[:, 10:] = 1
    figures = relief_figures(terrain, owner, np.array([0.0, 30.0]), np.array([103.0, 200.0]))
    assert figures.slope_median == figures.slope_p99 == pytest.approx(0.05)
    assert figures.slope_rms == pytest.approx(0.05)
    assert figures.border_step_median_m == 3.0
    assert figures.inner_step_p99_m == 4.0
    assert (figures.communes, figures.inside, figures.touching) == (2, 2, 1)


def test_void_filling_recovers_a_plane_within_its_rim() -> None:
    """Voids in a plane are filled with the plane; ground no file covers stays NaN."""
    y, x = np.mgrid[0:20, 0:20]
    plane = (x + y).astype(np.float32)
    plane[3:5, 3:5] = np.nan
    plane[7, 7], plane[15, 15] = np.nan, np.nan
    within = np.ones(plane.shape, dtype=np.bool_)
    within[15, 15] = False
    filled, count = fill_small_voids(plane, 5, within)
    assert count == 5
    np.testing.assert_allclose(filled[3:5, 3:5], (x + y)[3:5, 3:5], atol=1e-5)
    assert filled[7, 7] == pytest.approx(14.0, abs=1e-5)
    assert np.isnan(filled[15, 15])
    assert fill_small_voids(plane, 0)[1] == 0


def test_void_without_a_rim_stays_open() -> None:
    """A grid of nothing but voids is left as it is."""
    filled, count = fill_small_voids(np.full((2, 2), np.nan, dtype=np.float32), 10)
    assert count == 0
    assert np.isnan(filled).all()
