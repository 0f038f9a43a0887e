"""Rolling country cut by valleys: the shape of a made-up relief before it meets its bounds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.terrain.conditioning import extremes, stretch
from twin.terrain.erosion import incise
from twin.terrain.fractal import fractal_noise
from twin.terrain.ownership import claim, thin

# Valleys are cut on this grid whatever the resolution asked, so they keep their spacing.
CONTROL_M = 250.0
# (mean - zmin) / (zmax - zmin), median of the 241 communes of Indre on SRTM30+ [D]: a plateau that
# valleys cut, not a cone.
PLATEAU_SHARE = 0.65
# Local standard deviation over relief, before the ranges stretch it [D on N50E010, U elsewhere].
VALLEY_SHARE = 0.20
# Standard deviation of wavelengths under 1 km over the commune's relief; with it the residuals
# from Gaussian means of 100 to 1600 m, over the median relief per 28 km2, are within 20 % of those
# of N50E010 (0.019 for 0.023 at 100 m, 0.191 for 0.191 at 1600 m) [D there, U elsewhere].
ROUGHNESS = 0.03
# Erosion, chosen by eye and by the spectrum of N50E010 [U].
STEPS = 14
UPLIFT_M = 3.0
ERODIBILITY = 0.12
HILLSLOPE_CELLS = 6.0
CREEP_CELLS = 0.55


def country(
    owner: NDArray[np.int16],
    zmin_m: NDArray[np.float64],
    zmax_m: NDArray[np.float64],
    resolution_m: float,
    generator: np.random.Generator,
) -> NDArray[np.float64]:
    """Return a relief near every commune's range: regional trend, valleys, fine roughness.

    The trend interpolates the communes' plateau heights (zmin + 0.65 relief); rivers cut it on a
    250 m grid by stream power with uplift in proportion to the relief; the result is stretched
    towards each commune's range, refined by a bicubic spline and roughened below 1 km.

    Parameters
    ----------
    owner
        Shape (rows, columns), index of the commune, -1 outside.
    zmin_m, zmax_m
        Shape (communes,).
    resolution_m
        Side of a cell.
    generator
        The dice.
    """
    from scipy import ndimage

    ratio = CONTROL_M / resolution_m
    claimed = thin(claim(owner), ratio)
    sigma = 2_500.0 / CONTROL_M
    relief = ndimage.gaussian_filter((zmax_m - zmin_m)[claimed], sigma)
    plateau = zmin_m + PLATEAU_SHARE * (zmax_m - zmin_m)
    trend = ndimage.gaussian_filter(plateau[claimed], sigma)
    coarse = trend + relief * VALLEY_SHARE * _valleys(trend, relief, generator)
    coarse_owner = thin(owner, ratio)
    for sigma_m in (2500.0, 2000.0, 2000.0, 1500.0, 1500.0, 1000.0, 1000.0):
        approach_ranges(coarse, coarse_owner, claimed, zmin_m, zmax_m, CONTROL_M, sigma_m)
    fine = fractal_noise(owner.shape, resolution_m, generator, 1_000.0, 2.0 * resolution_m)
    rough = ROUGHNESS * _refine(relief, owner.shape, ratio)
    return _refine(coarse, owner.shape, ratio) + rough * fine


def approach_ranges(
    heights_m: NDArray[np.float64],
    owner: NDArray[np.int16],
    claimed: NDArray[np.int16],
    zmin_m: NDArray[np.float64],
    zmax_m: NDArray[np.float64],
    resolution_m: float,
    sigma_m: float,
) -> None:
    """Move every commune's low, high and mean towards their targets in place, smoothly.

    One projection: the errors of each commune are spread as fields smoothed over `sigma_m`, so the
    move is continuous across borders and therefore only approximate. `claimed` is the coarse
    (250 m) owner grid without cells of nobody.
    """
    from scipy import ndimage

    low, high, mean = extremes(heights_m, owner, zmin_m.size)
    absent = ~np.isfinite(low)
    low[absent], high[absent] = zmin_m[absent], zmax_m[absent]
    mean[absent] = (zmin_m + PLATEAU_SHARE * (zmax_m - zmin_m))[absent]
    share = (mean - low) / np.maximum(high - low, 1.0)
    # The bend 4 t (1 - t) adds 2/3 of its height to the mean of an even spread of t; below 1/4 it
    # keeps the stretch monotone.
    bend = np.clip(1.5 * (PLATEAU_SHARE - share), -0.2, 0.2) * (zmax_m - zmin_m)
    table = np.stack([low, high, zmin_m - low, zmax_m - high, bend])
    fields = np.stack([ndimage.gaussian_filter(row[claimed], sigma_m / CONTROL_M) for row in table])
    stretch(heights_m, fields, CONTROL_M / resolution_m)


def _valleys(
    trend_m: NDArray[np.float64], relief_m: NDArray[np.float64], generator: np.random.Generator
) -> NDArray[np.float64]:
    """Return the eroded detail, zero on average over 2.5 km and of unit spread over 5 km."""
    from scipy import ndimage

    noise = fractal_noise(trend_m.shape, CONTROL_M, generator, 12_000.0, 600.0)
    z = trend_m + VALLEY_SHARE * relief_m * noise
    uplift = relief_m / max(float(relief_m.mean()), 1.0)
    for _ in range(STEPS):
        # Uneven uplift keeps rivers from running along the grid's diagonals.
        uneven = fractal_noise(trend_m.shape, CONTROL_M, generator, 3_000.0)
        z = incise(z + uplift * (UPLIFT_M + uneven), ERODIBILITY, HILLSLOPE_CELLS)
        z = ndimage.gaussian_filter(z, CREEP_CELLS)
    detail = z - ndimage.gaussian_filter(z, 2_500.0 / CONTROL_M)
    spread = np.sqrt(ndimage.gaussian_filter(detail**2, 5_000.0 / CONTROL_M))
    return np.asarray(detail / np.maximum(spread, 1e-6), dtype=np.float64)


def _refine(
    coarse: NDArray[np.float64], shape: tuple[int, ...], ratio: float
) -> NDArray[np.float64]:
    """Return `coarse` on the finer grid by a bicubic spline through its cell centres."""
    from scipy.interpolate import RectBivariateSpline

    rows, columns = ((np.arange(n) + 0.5) / ratio - 0.5 for n in shape)
    spline = RectBivariateSpline(np.arange(coarse.shape[0]), np.arange(coarse.shape[1]), coarse)
    return np.asarray(spline(rows, columns), dtype=np.float64)
