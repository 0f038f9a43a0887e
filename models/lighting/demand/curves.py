"""Half-hourly load curves of cabinets: what each draws at every half-hour of a year.

A cabinet's power is that of its lamps at the level of the moment, what nodes draw while they are
fed, losses in its cables, and its own clock. Lamps of one schedule and one way of dimming are one
number a cabinet: their watts; the schedule's half-hours are one row a commune.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from models.lighting.schedules.nights import Profile

Floats = NDArray[np.float64]
HALF_HOUR = 0.5


@dataclass(frozen=True, eq=False)
class Load:
    """Lamps of one schedule: how their cabinets draw on it.

    Attributes
    ----------
    profile : Profile
        The schedule's year, a row a commune.
    on_w : float64, shape (cabinets,)
        Drawn whenever there is light, whatever the level.
    level_w : float64, shape (cabinets,)
        Drawn in proportion to the level.
    fed_w : float64, shape (cabinets,)
        Drawn from dusk to dawn whatever is lit: nodes behind a contactor.
    """

    profile: Profile
    on_w: Floats
    level_w: Floats
    fed_w: Floats


@dataclass(frozen=True)
class Losses:
    """What is drawn beside the lamps.

    `cable_share` is lost in cables, of what lamps draw: 3 % [U]; `clock_w` is drawn by a cabinet's
    clock day and night: 2 W [U].
    """

    cable_share: float = 0.03
    clock_w: float = 2.0


def load_curves_w(
    commune: NDArray[np.int32], loads: Sequence[Load], losses: Losses | None = None
) -> NDArray[np.float32]:
    """Return what every cabinet draws at every half-hour, W, shape (cabinets, slots).

    `commune` is each cabinet's row of the profiles.
    """
    losses = losses or Losses()
    slots = loads[0].profile.on_share.shape[1]
    curves = np.full((len(commune), slots), np.float32(losses.clock_w), dtype=np.float32)
    gain = 1.0 + losses.cable_share
    for load in loads:
        _add(
            commune, load.profile.on_share, load.profile.mean_level, gain * load.on_w,
            gain * load.level_w, curves,
        )  # fmt: skip
        if load.fed_w.any():
            _add_fed(commune, load.profile.night_share, gain * load.fed_w, curves)
    return curves


def yearly_kwh(
    commune: NDArray[np.int32], loads: Sequence[Load], losses: Losses | None = None
) -> Floats:
    """Return what every cabinet draws in the year, kWh, from hours that were never cut into slots.

    The other way to the sum of :func:`load_curves_w`.
    """
    losses = losses or Losses()
    year_h = HALF_HOUR * loads[0].profile.on_share.shape[1]
    wh = np.full(len(commune), losses.clock_w * year_h)
    for load in loads:
        hours = load.profile
        wh += (1.0 + losses.cable_share) * (
            load.on_w * hours.on_h[commune]
            + load.level_w * hours.level_h[commune]
            + load.fed_w * hours.night_h[commune]
        )
    return wh / 1e3


@njit(cache=True, error_model="numpy")
def _add(commune: Any, on: Any, level: Any, on_w: Any, level_w: Any, curves: Any) -> None:
    """Add one schedule's draw to every cabinet."""
    for c in range(curves.shape[0]):
        if on_w[c] == 0.0 and level_w[c] == 0.0:
            continue
        p = commune[c]
        a, b = np.float32(on_w[c]), np.float32(level_w[c])
        if level_w[c] == 0.0:
            for s in range(curves.shape[1]):
                curves[c, s] += a * on[p, s]
        else:
            for s in range(curves.shape[1]):
                curves[c, s] += a * on[p, s] + b * level[p, s]


@njit(cache=True, error_model="numpy")
def _add_fed(commune: Any, night: Any, fed_w: Any, curves: Any) -> None:
    """Add what is drawn from dusk to dawn."""
    for c in range(curves.shape[0]):
        w = np.float32(fed_w[c])
        for s in range(curves.shape[1]):
            curves[c, s] += w * night[commune[c], s]
