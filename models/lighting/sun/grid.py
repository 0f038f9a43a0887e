"""The sun's altitude at many places every minute."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from models.lighting.sun.position import observer
from models.lighting.sun.shared_sun import STEP_S, shared_sun

Floats = NDArray[np.float64]
MINUTE_S = 60.0
NODE = 8
"""Minutes from one altitude computed to the next. A quintic through six of them is within 1e-6
degree where the sun stays 20 degrees from zenith and nadir; nearer, the error grows fast."""
HIGH_DEG = 68.0
"""Above, and as far below the horizon, every minute is computed."""
BLOCK = 2_048
"""Minutes done for all places at a time: their share of the tables stays in the cache."""

BEFORE = 2
"""Nodes that interpolation needs before the first minute; it needs three beyond the last."""


def _lagrange() -> Floats:
    """Return the weights of the nodes -2 to 3 at the minutes from node 0 to node 1, (6, NODE)."""
    nodes = np.arange(-BEFORE, 4.0)
    at = np.arange(NODE) / NODE
    weights = np.ones((len(nodes), NODE))
    for row, own in enumerate(nodes):
        for other in nodes[nodes != own]:
            weights[row] *= (at - other) / (own - other)
    return weights


WEIGHTS = _lagrange()
W = tuple(tuple(float(each) for each in column) for column in WEIGHTS.T)


def altitudes_deg(
    lat_deg: ArrayLike,
    lon_deg: ArrayLike,
    height_m: ArrayLike,
    begin_s: float,
    minutes: int,
    into: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """Return the geometric altitude of the sun's centre, shape (places, minutes), degrees.

    Parameters
    ----------
    lat_deg, lon_deg, height_m : array of float, shape (places,)
    begin_s : float
        Unix time of minute 0.
    minutes : int
    into : float32, shape (places, minutes), optional
        Written over and returned: memory taken anew costs as much as the computation.

    Notes
    -----
    Topocentric, without refraction: what NREL's algorithm calls e0. Within 1e-5 degree of it [D].
    """
    lat = np.deg2rad(np.atleast_1d(np.asarray(lat_deg, dtype=np.float64)))
    lon = np.deg2rad(np.broadcast_to(np.asarray(lon_deg, dtype=np.float64), lat.shape))
    x, y = observer(np.rad2deg(lat), np.broadcast_to(height_m, lat.shape))
    before_s = BEFORE * NODE * MINUTE_S
    sun = shared_sun(begin_s - before_s, begin_s + (minutes + 4 * NODE) * MINUTE_S)
    tables = np.empty((4, (-(-minutes // NODE) + len(WEIGHTS) - 1) * NODE))
    start = (begin_s - before_s - sun.begin_s) / STEP_S
    _minutes(start, sun.hour_angle, sun.declination, sun.parallax, tables)
    out = np.empty((len(lat), minutes), dtype=np.float32) if into is None else into
    places = np.stack(
        [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat),
         x * np.cos(lat) + y * np.sin(lat), x * np.cos(lon), x * np.sin(lon), y]
    )  # fmt: skip
    _fill(places, tables, np.ascontiguousarray(tables[:, ::NODE]), out)
    return out


@njit(cache=True, error_model="numpy", fastmath=True)
def _minutes(start: float, hour_angle: Any, declination: Any, parallax: Any, tables: Any) -> None:
    """Write cos d cos H, cos d sin H, sin d and the parallax of every minute at Greenwich."""
    for m in range(tables.shape[1]):
        at = start + m * (MINUTE_S / STEP_S)
        i = int(at)
        t = at - i
        # Lagrange's cubic through the steps i-1, i, i+1 and i+2.
        a = -t * (t - 1.0) * (t - 2.0) / 6.0
        b = (t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0
        c = -(t + 1.0) * t * (t - 2.0) / 2.0
        d = (t + 1.0) * t * (t - 1.0) / 6.0
        h = (
            a * hour_angle[i - 1] + b * hour_angle[i] + c * hour_angle[i + 1]
            + d * hour_angle[i + 2]
        )  # fmt: skip
        dec = (
            a * declination[i - 1] + b * declination[i] + c * declination[i + 1]
            + d * declination[i + 2]
        )  # fmt: skip
        tables[0, m] = np.cos(dec) * np.cos(h)
        tables[1, m] = np.cos(dec) * np.sin(h)
        tables[2, m] = np.sin(dec)
        tables[3, m] = parallax[i] + t * (parallax[i + 1] - parallax[i])


@njit(cache=True, error_model="numpy", fastmath=True)
def _altitude(place: Any, p: int, tables: Any, m: int) -> float:
    """Return the altitude of a place at a column of the tables, degrees."""
    across, aside, up, xi = tables[0, m], tables[1, m], tables[2, m], tables[3, m]
    # cos(H + lon) = cos H cos lon - sin H sin lon.
    toward = across * place[4, p] - aside * place[5, p] + up * place[6, p]
    seen = across * place[0, p] - aside * place[1, p] + up * place[2, p]
    s = (seen - xi * place[3, p]) * (1.0 + xi * toward)
    # asin by halving twice: asin z = 2 asin(z / sqrt(2 (1 + sqrt(1 - z^2)))), then its series.
    half = s / np.sqrt(2.0 + 2.0 * np.sqrt(max(0.0, 1.0 - s * s)))
    u = half / np.sqrt(2.0 + 2.0 * np.sqrt(1.0 - half * half))
    q = u * u
    series = 105.0 / 3456.0 + q * (
        945.0 / 42240.0 + q * (10395.0 / 599040.0 + q * 135135.0 / 9676800.0)
    )
    series = 1.0 + q * (1.0 / 6.0 + q * (3.0 / 40.0 + q * (15.0 / 336.0 + q * series)))
    return float(4.0 * u * series * 180.0 / np.pi)


@njit(cache=True, error_model="numpy", fastmath=True, inline="always")
def _weighed(w: Any, a: float, b: float, c: float, d: float, e: float, f: float) -> Any:
    return w[0] * a + w[1] * b + w[2] * c + w[3] * d + w[4] * e + w[5] * f


@njit(cache=True, error_model="numpy", fastmath=True)
def _spread(node: Any, spans: int, row: Any) -> None:
    """Write the minutes of whole spans between nodes; the weights are constants to the compiler."""
    for k in range(spans):
        a, b, c = node[k], node[k + 1], node[k + 2]
        d, e, f = node[k + 3], node[k + 4], node[k + 5]
        row[k, 0] = c
        row[k, 1] = _weighed(W[1], a, b, c, d, e, f)
        row[k, 2] = _weighed(W[2], a, b, c, d, e, f)
        row[k, 3] = _weighed(W[3], a, b, c, d, e, f)
        row[k, 4] = _weighed(W[4], a, b, c, d, e, f)
        row[k, 5] = _weighed(W[5], a, b, c, d, e, f)
        row[k, 6] = _weighed(W[6], a, b, c, d, e, f)
        row[k, 7] = _weighed(W[7], a, b, c, d, e, f)


@njit(cache=True, error_model="numpy", fastmath=True)
def _fill(place: Any, minute_tables: Any, node_tables: Any, out: Any) -> None:
    """Write altitudes, a block of minutes for all places at a time."""
    places, minutes = out.shape
    node = np.empty(BLOCK // NODE + 6)
    for begin in range(0, minutes, BLOCK):
        first, end = begin // NODE, min(begin + BLOCK, minutes)
        spans = -(-(end - begin) // NODE)
        whole = (end - begin) // NODE
        for p in range(places):
            for k in range(spans + 5):
                node[k] = _altitude(place, p, node_tables, first + k)
            _spread(node, whole, out[p, begin : begin + whole * NODE].reshape(whole, NODE))
            for k in range(spans):
                if k == whole or max(abs(node[k + 2]), abs(node[k + 3])) > HIGH_DEG:
                    for j in range(begin + k * NODE, min(begin + (k + 1) * NODE, end)):
                        out[p, j] = _altitude(place, p, minute_tables, j + BEFORE * NODE)
