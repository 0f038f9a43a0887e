"""Bring a made-up relief inside every commune's known lowest and highest ground, without cliffs."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

_FAR_M = 1.0e9


@njit(cache=True, nogil=True)
def extremes(
    heights_m: NDArray[np.float64], owner: NDArray[np.int16], communes: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return each commune's lowest, highest and mean height: +inf, -inf and 0 where it owns none.

    `owner` has the shape of `heights_m`, -1 where nobody owns the cell. All three results have
    shape (communes,).
    """
    low = np.full(communes, np.inf)
    total = np.zeros(communes)
    count = np.zeros(communes)
    high = np.full(communes, -np.inf)
    for i in range(heights_m.shape[0]):
        for j in range(heights_m.shape[1]):
            c = owner[i, j]
            if c >= 0:
                total[c] += heights_m[i, j]
                count[c] += 1.0
                low[c] = min(low[c], heights_m[i, j])
                high[c] = max(high[c], heights_m[i, j])
    return low, high, total / np.maximum(count, 1.0)


@njit(cache=True, nogil=True)
def _eikonal(ceiling_m: NDArray[np.float64], rise_m: NDArray[np.float64]) -> None:
    """Lower `ceiling_m` in place until it rises no faster than `rise_m` (metres per cell).

    Fast sweeping (Zhao 2005, 10.1090/S0025-5718-04-01678-3): four sweeps, repeated until still.
    """
    rows, columns = ceiling_m.shape
    for _ in range(8):
        moved = 0.0
        for sweep in range(4):
            for a in range(rows):
                i = a if sweep < 2 else rows - 1 - a  # noqa: PLR2004 - two of the four sweeps
                for b in range(columns):
                    j = b if sweep % 2 == 0 else columns - 1 - b
                    west = ceiling_m[i, j - 1] if j > 0 else _FAR_M
                    east = ceiling_m[i, j + 1] if j < columns - 1 else _FAR_M
                    north = ceiling_m[i - 1, j] if i > 0 else _FAR_M
                    south = ceiling_m[i + 1, j] if i < rows - 1 else _FAR_M
                    p, q, f = min(west, east), min(north, south), rise_m[i, j]
                    if abs(p - q) >= f:
                        reached = min(p, q) + f
                    else:
                        reached = 0.5 * (p + q + np.sqrt(2.0 * f * f - (p - q) ** 2))
                    if reached < ceiling_m[i, j]:
                        moved = max(moved, min(ceiling_m[i, j] - reached, _FAR_M))
                        ceiling_m[i, j] = reached
        if moved < 1e-3:  # noqa: PLR2004 - a millimetre
            return


def ceiling_field(
    owner: NDArray[np.int16],
    claimed: NDArray[np.int16],
    top_m: NDArray[np.float64],
    cell_m: float,
    gentlest: float = 0.05,
    steepest: float = 1.0,
) -> NDArray[np.float64]:
    """Return the highest surface that no commune's top forbids and no border turns into a cliff.

    The surface lies at or below `top_m` of each cell's owner and climbs away from a lower
    neighbour no faster than the commune's slope: `gentlest`, raised commune by commune, up to
    `steepest`, where the commune is too small for the surface to reach its own top. The floor
    is the same surface upside down.

    Parameters
    ----------
    owner
        Shape (rows, columns), -1 where nobody owns the cell.
    claimed
        `owner` with the cells of nobody given to the nearest commune.
    top_m
        Shape (communes,).
    cell_m
        Side of a cell.
    gentlest, steepest
        Slopes, m/m.
    """
    communes = top_m.size
    slope = np.full(communes, gentlest)
    start = top_m[claimed]
    while True:
        ceiling = start.copy()
        _eikonal(ceiling, (slope * cell_m)[claimed])
        _, reached, _ = extremes(ceiling, owner, communes)
        short = (reached < top_m - 0.01) & np.isfinite(reached) & (slope < steepest)
        if not short.any():
            return ceiling
        slope[short] = np.minimum(slope[short] * 1.4, steepest)


@njit(cache=True, nogil=True)
def stretch(
    heights_m: NDArray[np.float64],
    fields_m: NDArray[np.float64],
    ratio: float,
) -> None:
    """Shift lows and highs in place by smooth corrections.

    Parameters
    ----------
    heights_m
        Shape (rows, columns), changed in place.
    fields_m
        Shape (5, coarse rows, coarse columns): low now, high now, correction of the low, of the
        high, and bend; read bilinearly. A cell at share t between low and high takes
        (1 - t) low + t high + 4 t (1 - t) bend.
    ratio
        Coarse cell over fine cell; both grids share their north-west corner.
    """
    _, m, n = fields_m.shape
    value = np.empty(5)
    for i in range(heights_m.shape[0]):
        y = min(max((i + 0.5) / ratio - 0.5, 0.0), m - 1.0)
        p = min(int(y), m - 2)
        v = y - p
        for j in range(heights_m.shape[1]):
            x = min(max((j + 0.5) / ratio - 0.5, 0.0), n - 1.0)
            q = min(int(x), n - 2)
            u = x - q
            for k in range(5):
                f = fields_m[k]
                top = f[p, q] * (1.0 - u) + f[p, q + 1] * u
                bottom = f[p + 1, q] * (1.0 - u) + f[p + 1, q + 1] * u
                value[k] = top * (1.0 - v) + bottom * v
            share = (heights_m[i, j] - value[0]) / max(value[1] - value[0], 1.0)
            share = min(max(share, 0.0), 1.0)
            straight = value[2] * (1.0 - share) + value[3] * share
            heights_m[i, j] += straight + 4.0 * value[4] * share * (1.0 - share)


@njit(cache=True, nogil=True)
def press(
    heights_m: NDArray[np.float64],
    floor_m: NDArray[np.float64],
    ceiling_m: NDArray[np.float64],
    softness_m: float,
) -> None:
    """Press heights between floor and ceiling in place, bending within `softness_m` of either.

    Identity away from both; the bend is an exponential, so slopes stay continuous. Where floor and
    ceiling are closer than four times the softness, the bend shrinks in proportion.
    """
    for i in range(heights_m.shape[0]):
        for j in range(heights_m.shape[1]):
            low, high, h = floor_m[i, j], ceiling_m[i, j], heights_m[i, j]
            soft = min(softness_m, 0.25 * (high - low))
            if soft <= 0.0:
                heights_m[i, j] = 0.5 * (low + high)
            elif h > high - soft:
                heights_m[i, j] = high - soft * np.exp(-(h - high + soft) / soft)
            elif h < low + soft:
                heights_m[i, j] = low + soft * np.exp(-(low + soft - h) / soft)


@njit(cache=True, nogil=True)
def raise_summits(
    heights_m: NDArray[np.float64],
    owner: NDArray[np.int16],
    ceiling_m: NDArray[np.float64],
    top_m: NDArray[np.float64],
    cell_m: float,
    slope: float,
) -> float:
    """Lift each commune's best summit to its top with a smooth hill, in place.

    The summit is the commune's highest cell among those where the ceiling lets the top be reached.
    The hill is (1 - (d/R)²)² high, R chosen so that its flanks stay near `slope`, cut by the
    ceiling. Call it on the negated surface to deepen valleys.

    Returns
    -------
    float
        The largest lift made (m).
    """
    rows, columns = heights_m.shape
    best = np.full(top_m.size, -np.inf)
    where = np.full(top_m.size, -1, np.int64)
    for i in range(rows):
        for j in range(columns):
            c = owner[i, j]
            if c >= 0 and ceiling_m[i, j] >= top_m[c] - 0.02 and heights_m[i, j] > best[c]:
                best[c] = heights_m[i, j]
                where[c] = i * columns + j
    largest = 0.0
    for c in range(top_m.size):
        if where[c] < 0:
            continue
        i, j = where[c] // columns, where[c] % columns
        lift = top_m[c] - heights_m[i, j]
        if lift <= 0.0:
            continue
        largest = max(largest, lift)
        radius = max(1.5 * lift / slope / cell_m, 4.0)
        span = int(radius) + 1
        for p in range(max(i - span, 0), min(i + span + 1, rows)):
            for q in range(max(j - span, 0), min(j + span + 1, columns)):
                inside = 1.0 - ((p - i) ** 2 + (q - j) ** 2) / (radius * radius)
                if inside > 0.0:
                    lifted = heights_m[p, q] + lift * inside * inside
                    heights_m[p, q] = max(heights_m[p, q], min(lifted, ceiling_m[p, q]))
    return largest
