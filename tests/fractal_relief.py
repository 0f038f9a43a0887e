"""Rough ground for tests and benchmarks of propagation."""

from __future__ import annotations

import numpy as np

from twin.lang import same
from twin.terrain.grid import Terrain

WEST_M, NORTH_M = 600_000.0, 6_640_000.0
"""Upper left corner of the ground, Lambert-93."""


def fractal(size: int, spread_m: float, cell_m: float = 50.0, seed: int = 1) -> Terrain:
    """Return fractal relief of a given standard deviation, spectral slope 3.2."""
    rng = np.random.default_rng(seed)
    frequency = np.fft.fftfreq(size)
    wave = np.hypot(frequency[:, None], frequency[None, :])
    wave[0, 0] = 1.0
    noise = np.fft.fft2(rng.standard_normal((size, size)))
    relief = np.fft.ifft2(noise * wave**-1.6).real
    heights = (relief / relief.std() * spread_m + 200.0).astype(np.float32)
    return Terrain(heights, WEST_M, NORTH_M, cell_m, same("fractal"), synthetic=True)
