"""Diameters of the mains and the head of the tower."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.water.rural.draw import DOMESTIC, SECONDS_A_DAY, Draw
from models.water.rural.layout import Layout
from models.water.rural.mains import roughness, widened
from models.water.rural.settings import DesignSection
from models.water.rural.tree import topological

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CATALOGUE_M = np.array([40, 50, 60, 80, 100, 125, 150, 200, 250, 300, 400, 500, 600]) / 1e3
"""Inside diameters, PVC and ductile iron, rounded to the nominal ones."""
LEAST_BY_CONNECTIONS = ((0, 0.04), (3, 0.05), (8, 0.06), (20, 0.08), (50, 0.10))
"""Least diameter by connections downstream [U]."""
VILLAGE_LEAST_M = 0.08
HYDRANT_CONNECTIONS = 8
HYDRANT_M = 0.10
"""A village main that serves so many carries a hydrant: 60 m3/h asks for 100 mm [U]."""
IDLE_PRESSURE_M = 5.0
"""Least pressure where nobody draws."""
TIGHTER, TRIES = 0.6, 7


@dataclass(frozen=True, eq=False)
class Sized:
    """Diameters and materials of the pipe above each node, then of the loops; heads of nodes.

    `diameter_m`, `material`, `laid_year`, `roughness` have shape (nodes + loops,); `loss_m` is the
    head lost from the tower's foot to each node at the peak, `least_m` the pressure wanted there,
    shape (nodes,); `head_m` what the foot needs at the peak, `peak_m3s` the flow leaving it.
    """

    diameter_m: Floats
    material: NDArray[np.int8]
    laid_year: NDArray[np.int16]
    roughness: Floats
    loss_m: Floats
    least_m: Floats
    head_m: float
    peak_m3s: float
    order: Ints


def head_loss_m(
    flow_m3s: Floats | float, length_m: Floats | float, diameter_m: Floats, c: Floats | float
) -> Floats:
    """Return the head lost along full pipes, m: Hazen-Williams, 10.667 L (q/C)^1.852 / D^4.871."""
    lost = 10.667 * np.asarray(length_m) * (np.asarray(flow_m3s) / c) ** 1.852 / diameter_m**4.871
    return np.asarray(lost, dtype=np.float64)


def size(
    layout: Layout,
    draw: Draw,
    laid_year: NDArray[np.int16],
    material: NDArray[np.int8],
    design: DesignSection,
) -> Sized:
    """Return diameters that carry the peak, and the head the tower then needs.

    Each pipe of the tree takes the smallest diameter whose gradient and speed at the peak keep to
    the design, and no smaller than its customers ask for. Where the tower would be too tall, the
    gradient is tightened and all are sized anew. The peak: mean demand times peak day, peak hour
    and the simultaneity of few connections, 1 + 2/sqrt(n) [U], plus leaks by length.
    """
    nodes = len(layout.x_m)
    order = topological(layout.parent)
    q, below = _peaks(layout, draw, order, design)
    least = _least_diameters(layout, below)
    pressure = np.where(draw.homes > 0.0, design.least_pressure_m, IDLE_PRESSURE_M)
    gradient = design.gradient_m_per_km / 1e3
    for _ in range(TRIES):
        diameter = _diameters(q, roughness(material[:nodes], laid_year[:nodes], design.year),
                              gradient, design.speed_m_s, least)  # fmt: skip
        diameter = largest_below(layout.parent, order, diameter)
        across = np.maximum(least[layout.loops].max(axis=1, initial=VILLAGE_LEAST_M), 0.0)
        both = np.minimum(diameter[layout.loops[:, 0]], diameter[layout.loops[:, 1]])
        diameters = np.concatenate(
            [diameter, np.maximum(np.minimum(across, both), VILLAGE_LEAST_M)]
        )
        kind = widened(material, diameters)
        c = roughness(kind, laid_year, design.year)
        loss = sum_down(layout.parent, order, head_loss_m(q, layout.way_m, diameter, c[:nodes]))
        head = float(np.max(layout.ground_m + pressure + loss))
        if head - layout.tower.ground_m <= design.tallest_tower_m:
            break
        gradient *= TIGHTER
    return Sized(diameters, kind, laid_year, c, loss, pressure, head, float(q[layout.root]), order)


def _peaks(layout: Layout, draw: Draw, order: Ints, design: DesignSection) -> tuple[Floats, Floats]:
    """Return flow above each node at the peak, m3/s, and connections below; shape (nodes,)."""
    mean = sum_up(layout.parent, order, draw.mean_m3s)
    below = sum_up(layout.parent, order, draw.connections.astype(np.float64))
    length = sum_up(layout.parent, order, layout.way_m) + layout.loop_m.sum() * (
        below / max(float(draw.connections.sum()), 1.0)
    )
    together = 1.0 + 2.0 / np.sqrt(np.maximum(below, 1.0))
    leaks = design.peak_loss_m3_per_km_day * length / 1e3 / SECONDS_A_DAY
    hour = float(DOMESTIC.values.max())
    return mean * design.peak_day * hour * together + leaks, below


def _least_diameters(layout: Layout, below: Floats) -> Floats:
    steps, sizes = (np.array(each) for each in zip(*LEAST_BY_CONNECTIONS, strict=True))
    least = sizes[np.searchsorted(steps, below, side="right") - 1]
    least = np.where(layout.village, np.maximum(least, VILLAGE_LEAST_M), least)
    hydrant = layout.village & (below >= HYDRANT_CONNECTIONS)
    return np.asarray(np.where(hydrant, np.maximum(least, HYDRANT_M), least), dtype=np.float64)


def _diameters(q: Floats, c: Floats, gradient: float, speed_m_s: float, least: Floats) -> Floats:
    """Return the smallest diameter of the catalogue that keeps within gradient and speed."""
    wanted = np.maximum(
        (10.667 * (q / c) ** 1.852 / gradient) ** (1.0 / 4.871),
        np.sqrt(4.0 * q / np.pi / speed_m_s),
    )
    wanted = np.maximum(wanted, least) * (1.0 - 1e-9)
    return CATALOGUE_M[np.minimum(np.searchsorted(CATALOGUE_M, wanted), len(CATALOGUE_M) - 1)]


@njit(cache=True)
def sum_up(parent: Ints, order: Ints, values: Floats) -> Floats:
    """Return each node's value plus those of all below it; shape (nodes,)."""
    total = values.copy()
    for k in range(len(order) - 1, -1, -1):
        i = order[k]
        if parent[i] >= 0:
            total[parent[i]] += total[i]
    return total


@njit(cache=True)
def sum_down(parent: Ints, order: Ints, values: Floats) -> Floats:
    """Return each node's value plus those of all above it; shape (nodes,)."""
    total = values.copy()
    for i in order:
        if parent[i] >= 0:
            total[i] += total[parent[i]]
    return total


@njit(cache=True)
def largest_below(parent: Ints, order: Ints, values: Floats) -> Floats:
    """Return the largest of each node's value and those of all below it; shape (nodes,)."""
    most = values.copy()
    for k in range(len(order) - 1, -1, -1):
        i = order[k]
        if parent[i] >= 0:
            most[parent[i]] = max(most[parent[i]], most[i])
    return most
