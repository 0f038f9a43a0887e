"""Measure a relief: slopes, steps across borders, and how it keeps each commune's range."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.terrain.conditioning import extremes
from twin.terrain.grid import Terrain


@dataclass(frozen=True)
class ReliefFigures:
    """What a relief measures inside its communes.

    Slopes are m/m between adjacent cells; steps are |dz| (m) between adjacent cells of two communes
    (border) or of one (inner); `inside` counts communes whose every cell keeps [zmin, zmax], and
    `touching` those that also reach both ends within the tolerance; `communes` have a cell at all.
    """

    communes: int
    inside: int
    touching: int
    slope_median: float
    slope_p90: float
    slope_p99: float
    slope_rms: float
    border_step_median_m: float
    border_step_p99_m: float
    inner_step_median_m: float
    inner_step_p99_m: float


def relief_figures(
    terrain: Terrain,
    owner: NDArray[np.int16],
    zmin_m: NDArray[np.float64],
    zmax_m: NDArray[np.float64],
    tolerance_m: float = 1.0,
) -> ReliefFigures:
    """Return the figures of `terrain` over the communes of `owner` (same grid, -1 outside).

    `zmin_m`, `zmax_m` have shape (communes,). Figures that have no sample (no border, say) are NaN.
    """
    heights = terrain.heights_m.astype(np.float64)
    low, high, _ = extremes(heights, owner, zmin_m.size)
    present = np.isfinite(low)
    inside = present & (low >= zmin_m) & (high <= zmax_m)
    touching = inside & (low <= zmin_m + tolerance_m) & (high >= zmax_m - tolerance_m)
    down, right = np.diff(heights, axis=0), np.diff(heights, axis=1)
    slope = np.hypot(down[:, :-1], right[:-1])[owner[:-1, :-1] >= 0] / terrain.resolution_m
    border, inner = _steps(down, right, owner)
    return ReliefFigures(
        communes=int(present.sum()),
        inside=int(inside.sum()),
        touching=int(touching.sum()),
        slope_median=_quantile(slope, 0.50),
        slope_p90=_quantile(slope, 0.90),
        slope_p99=_quantile(slope, 0.99),
        slope_rms=float(np.sqrt(np.nanmean(slope**2))) if slope.size else float("nan"),
        border_step_median_m=_quantile(border, 0.50),
        border_step_p99_m=_quantile(border, 0.99),
        inner_step_median_m=_quantile(inner, 0.50),
        inner_step_p99_m=_quantile(inner, 0.99),
    )


def _steps(
    down: NDArray[np.float64], right: NDArray[np.float64], owner: NDArray[np.int16]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return |dz| across borders and inside communes, both directions together."""
    steps = np.abs(np.concatenate([down.ravel(), right.ravel()]))
    one = np.concatenate([owner[:-1].ravel(), owner[:, :-1].ravel()])
    other = np.concatenate([owner[1:].ravel(), owner[:, 1:].ravel()])
    owned = (one >= 0) & (other >= 0)
    return steps[owned & (one != other)], steps[owned & (one == other)]


def _quantile(values: NDArray[np.float64], share: float) -> float:
    finite = values[np.isfinite(values)]
    return float(np.quantile(finite, share)) if finite.size else float("nan")
