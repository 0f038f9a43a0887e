"""The tank, and what fills it: a borehole with its pump, or bought water."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.water.rural.draw import SECONDS_A_DAY, Draw
from models.water.rural.layout import Layout
from models.water.rural.settings import DesignSection
from models.water.rural.siting import WATER_BELOW_M
from models.water.rural.sizing import CATALOGUE_M, Sized, head_loss_m

DEPTHS_M = ((0.0, 4.0), (300.0, 5.0), (1_000.0, 6.0))
"""Depth of water in a full tank by its volume [U]."""
LEAST_TANK_M3 = 100.0
RISING_SPEED_M_S = 0.7
RISING_C = 130.0
SPARE_HEAD_M = 3.0
STARTS, STOPS, AT_FIRST = 0.60, 0.95, 0.80
"""Levels where filling starts and stops, and at the start, over the full depth [U]."""
ON_THE_GROUND_M = 2.0


@dataclass(frozen=True)
class Supply:
    """The tank and its filling.

    `bottom_m` elevation of the tank's floor; `outlet_m`, `outlet_diameter_m` the pipe from the
    tank to the foot of the tower; `filling_m3s` the flow it is filled at with a half-full tank or
    so; `rising_diameter_m` of the main that brings it; `borehole` tells a pump from bought water;
    `source_m` the head of the borehole's water, or of the seller's main; `lift_m` what the pump
    adds at `filling_m3s` (0 for bought water).
    """

    bottom_m: float
    depth_m: float
    diameter_m: float
    outlet_m: float
    outlet_diameter_m: float
    filling_m3s: float
    rising_diameter_m: float
    borehole: bool
    source_m: float
    lift_m: float

    @property
    def top_m(self) -> float:
        """Return the head of the full tank."""
        return self.bottom_m + self.depth_m


def supply_of(
    layout: Layout, draw: Draw, sized: Sized, design: DesignSection, *, borehole: bool
) -> Supply:
    """Return the tank and its filling.

    The empty tank still gives the head the mains need at the peak. It holds `tank_days` of the
    peak day's demand plus the fire reserve; the source brings the peak day, leaks included, in
    `pump_hours`.
    """
    day_m3 = design.peak_day * float(draw.mean_m3s.sum()) * SECONDS_A_DAY
    leaks_m3 = design.peak_loss_m3_per_km_day * layout.length_m / 1e3
    volume = max(design.tank_days * day_m3 + design.fire_m3, LEAST_TANK_M3)
    depth = [deep for least, deep in DEPTHS_M if volume >= least][-1]
    outlet = max(sized.head_m - layout.tower.ground_m, 0.0) + 20.0
    wide = max(_bore(sized.peak_m3s, design.speed_m_s), float(sized.diameter_m.max(initial=0.1)))
    outlet_loss = float(head_loss_m(sized.peak_m3s, outlet, np.array(wide), RISING_C))
    bottom = max(sized.head_m + outlet_loss, layout.tower.ground_m + ON_THE_GROUND_M)
    filling = (day_m3 + leaks_m3) / design.pump_hours / 3_600.0
    rising = max(_bore(filling, RISING_SPEED_M_S), 0.06)
    friction = float(head_loss_m(filling, layout.rising_m, np.array(rising), RISING_C))
    arrives = bottom + depth + friction + SPARE_HEAD_M
    source = layout.source.ground_m - WATER_BELOW_M if borehole else arrives
    return Supply(
        bottom,
        depth,
        float(np.sqrt(4.0 * volume / np.pi / depth)),
        outlet,
        wide,
        filling,
        rising,
        borehole,
        source,
        max(arrives - source, 5.0) if borehole else 0.0,
    )


def _bore(flow_m3s: float, speed_m_s: float) -> float:
    wanted = np.sqrt(4.0 * flow_m3s / np.pi / speed_m_s)
    row = int(np.searchsorted(CATALOGUE_M, wanted))
    return float(CATALOGUE_M[min(row, len(CATALOGUE_M) - 1)])
