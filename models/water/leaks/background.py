"""Background leakage: what seeps at joints and fittings, too little to be found, all the time.

Unavoidable: 20 L/h a km of mains and 1.25 L/h a connection at 50 m, growing as p^1.5 (Lambert et
al. 1999; exponent McKenzie 1999); times an infrastructure condition factor.
"""

from __future__ import annotations

import numpy as np

from models.water.leaks.figures import LeakFigures
from models.water.leaks.laws import STANDARD_PRESSURE_M
from models.water.leaks.published import (
    BACKGROUND_N1,
    CONNECTION,
    LITRES_PER_M3,
    MAINS_KM,
    PRIVATE_PIPE,
)
from models.water.leaks.rates import junction_ends
from models.water.network.network import Floats
from models.water.zone import Zone
from twin.units import HOUR_S

_M_PER_KM = 1000.0


def background_coefficients(zone: Zone, figures: LeakFigures) -> Floats:
    """Return the coefficient of h^1.5 by node, m3/s per m^1.5, shape (nodes,).

    Half of each pipe's metres counts at each end; where one end is a tank or a reservoir, all at
    the other. The coefficient of h^0.5 is zero.
    """
    start, end, leaks = junction_ends(zone)
    half_km = zone.network.links.length_m[leaks] / (2.0 * _M_PER_KM)
    nodes = len(zone.network.nodes)
    mains_km = np.bincount(start[leaks], weights=half_km, minlength=nodes)
    mains_km += np.bincount(end[leaks], weights=half_km, minlength=nodes)
    litres_h = MAINS_KM.background_l_h * mains_km + connection_l_h(figures) * zone.connections
    flow_m3s = figures.background_condition * litres_h / (LITRES_PER_M3 * HOUR_S)
    return np.asarray(flow_m3s / STANDARD_PRESSURE_M**BACKGROUND_N1)


def connection_l_h(figures: LeakFigures) -> float:
    """Return the unavoidable background of a connection at 50 m, L/h."""
    private = PRIVATE_PIPE.background_l_h if figures.private_pipes else 0.0
    return CONNECTION.background_l_h + private
