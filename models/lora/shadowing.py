"""Log-normal shadowing, correlated between gateways and in space, computed and never stored.

The shadowing of the link from gateway i to a device at x is ::

    S_i(x) = sigma (sqrt(rho) C(x) + sqrt(1 - rho) G_i(x))

where C is one field common to all gateways (the clutter around the device: a wall, a hedge, a
parked lorry hides every gateway at once) and G_i is the field of gateway i. Every field is a
unit-variance Gaussian field made from a keyed hash of lattice nodes: the value at a point depends
on the key and the point alone, so adding a gateway or a device moves no other draw, two devices at
the same place meet the same shadowing, and a million links need no memory but their result.

Between the nodes the field is a quadratic B-spline of the nine nearest node values, divided by the
root of the sum of squared weights so that its variance is one at every point. The lattice of each
field is shifted at random by its key. Over keys the correlation is then stationary: 1, 0.80, 0.37,
0.11 and 0.01 at 0, 0.5, 1, 1.5 and 2 decorrelation distances [D], close to a Gaussian curve; the
exponential of Gudmundson (1991) falls faster near zero, which `nugget_share` can imitate.

Sources: spatial correlation, Gudmundson, Electronics Letters 27(23), 1991,
10.1049/el:19911328 (decorrelation 50-500 m according to the surroundings [U]); correlation of
0.5 between the sites of one network, 3GPP TR 36.942 and TR 25.942 simulations [U]; real
multi-gateway LoRaWAN traces show that independence understates losses by more than tenfold [V].
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from twin.errors import Fault, InputError
from twin.lang import Text, same
from twin.streams import Streams

MODEL = "lora"
COMMON = "shadowing-common"
OWN = "shadowing"
DECORRELATION_PER_SPACING = 1.04
"""Distance, in lattice spacings, at which the correlation of a field falls to 1/e [D]."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_NUGGET = np.uint64(0xD1B54A32D192ED03)


@dataclass(frozen=True)
class ShadowingField:
    """The law of the shadowing of one territory.

    `sigma_db` is the standard deviation of a link (Oulu measurements 7.8 dB [V]), `rho` the
    correlation between two gateways heard at one place (0.5 [U], 3GPP's custom between sites;
    0 is independence, 1 one common fate), `decorrelation_m` the distance at which the correlation
    of a link with itself falls to 1/e (100 m [U]), `nugget_share` the share of each gateway's own
    variance that changes from one position to the next, however near (0 by default).
    """

    sigma_db: float
    rho: float = 0.5
    decorrelation_m: float = 100.0
    nugget_share: float = 0.0

    def __post_init__(self) -> None:
        faults = [
            *_range_fault("sigma_db", self.sigma_db, 0.0, math.inf),
            *_range_fault("rho", self.rho, 0.0, 1.0),
            *_range_fault("decorrelation_m", self.decorrelation_m, 1e-3, math.inf),
            *_range_fault("nugget_share", self.nugget_share, 0.0, 1.0),
        ]
        if faults:
            raise InputError(*faults)


def _range_fault(key: str, value: float, low: float, high: float) -> list[Fault]:
    if math.isfinite(value) and low <= value <= high:
        return []
    bounds = f"{low:g} <= {key}" + (f" <= {high:g}" if math.isfinite(high) else "")
    remedy = Text("corriger cette valeur du champ d'ombrage", "correct this shadowing value")
    return [Fault(same(bounds), remedy, key=key, value=f"{value:g}")]


def shadowing_db(
    field: ShadowingField,
    streams: Streams,
    gateway_ids: Sequence[str],
    gateway_index: NDArray[np.int32],
    x_m: NDArray[np.float64],
    y_m: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Return the shadowing of each link in dB; add it to the received level.

    Parameters
    ----------
    field
        The law of the shadowing.
    streams
        The dice of the replication; the draws are keyed by the gateways' names.
    gateway_ids
        Names of the gateways.
    gateway_index : shape (links,)
        For each link the place of its gateway in `gateway_ids`.
    x_m, y_m : shape (links,)
        Position of the link's device, metres. Links sorted by device are faster: the common field
        is then computed once per device.

    Returns
    -------
    NDArray[np.float32], shape (links,)
        Mean 0, standard deviation `field.sigma_db`.

    Raises
    ------
    ValueError
        If the arrays differ in length or an index has no gateway.

    """
    index = np.ascontiguousarray(gateway_index, dtype=np.int32)
    east = np.ascontiguousarray(x_m, dtype=np.float64)
    north = np.ascontiguousarray(y_m, dtype=np.float64)
    if not index.shape == east.shape == north.shape:
        raise ValueError("gateway_index, x_m and y_m must have one value per link")
    if index.size and not 0 <= int(index.min()) <= int(index.max()) < len(gateway_ids):
        raise ValueError("gateway_index points outside gateway_ids")
    if not (np.isfinite(east).all() and np.isfinite(north).all()):
        raise ValueError("x_m and y_m must be finite")
    keys = np.array([streams.key64(MODEL, OWN, name) for name in gateway_ids], dtype=np.uint64)
    out = np.empty(index.size, dtype=np.float32)
    _links(
        streams.key64(MODEL, COMMON),
        keys,
        index,
        east,
        north,
        DECORRELATION_PER_SPACING / field.decorrelation_m,
        field.sigma_db * math.sqrt(field.rho),
        field.sigma_db * math.sqrt((1.0 - field.rho) * (1.0 - field.nugget_share)),
        field.sigma_db * math.sqrt((1.0 - field.rho) * field.nugget_share),
        out,
    )
    return out


@njit(cache=True, nogil=True, inline="always")
def _mix(z: np.uint64) -> np.uint64:
    """Scramble 64 bits: the SplitMix64 finaliser (Steele, Lea, Flood, OOPSLA 2014)."""
    z = (z ^ (z >> np.uint64(30))) * _MIX_1
    z = (z ^ (z >> np.uint64(27))) * _MIX_2
    return z ^ (z >> np.uint64(31))


@njit(cache=True, nogil=True, inline="always")
def _unit(bits: np.uint64) -> float:
    """Return a uniform in (0, 1) from the 52 high bits, never 0 nor 1."""
    return (float(np.int64(bits >> np.uint64(12))) + 0.5) * (1.0 / 4503599627370496.0)


@njit(cache=True, nogil=True)
def _tail(p: float) -> float:
    """Return the normal quantile of a probability p < 0.02425 (Acklam, lower region)."""
    q = math.sqrt(-2.0 * math.log(p))
    top = -7.784894002430293e-03 * q - 3.223964580411365e-01
    top = ((top * q - 2.400758277161838) * q - 2.549732539343734) * q + 4.374664141464968
    bottom = (7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996
    return (top * q + 2.938163982698783) / ((bottom * q + 3.754408661907416) * q + 1.0)


@njit(cache=True, nogil=True, inline="always")
def _normal(bits: np.uint64) -> float:
    """Return a standard normal by the inverse of its distribution.

    Rational approximation of P. J. Acklam (2003), relative error below 1.15e-9; its central
    region holds 95 % of the draws, so the compiled loop seldom branches.
    """
    p = _unit(bits)
    if p < 0.02425:  # noqa: PLR2004 - break point of the approximation
        return _tail(p)
    if p > 0.97575:  # noqa: PLR2004
        return -_tail(1.0 - p)
    q = p - 0.5
    r = q * q
    top = (-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02
    top = ((top * r + 1.383577518672690e02) * r - 3.066479806614716e01) * r + 2.506628277459239
    bottom = (-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02
    bottom = ((bottom * r + 6.680131188771972e01) * r - 1.328068155288572e01) * r + 1.0
    return q * top / bottom


@njit(cache=True, nogil=True)
def _field(key: np.uint64, u: float, v: float) -> float:
    """Return the unit-variance field of `key` at (u, v), in lattice spacings."""
    u += _unit(_mix(key ^ _MIX_1))
    v += _unit(_mix(key ^ _MIX_2))
    near_u = math.floor(u + 0.5)
    near_v = math.floor(v + 0.5)
    a = u - near_u
    b = v - near_v
    a0, a1, a2 = 0.5 * (0.5 - a) ** 2, 0.75 - a * a, 0.5 * (0.5 + a) ** 2
    b0, b1, b2 = 0.5 * (0.5 - b) ** 2, 0.75 - b * b, 0.5 * (0.5 + b) ** 2
    column = np.uint64(np.int64(near_u) - 1) * _GOLDEN + key
    row = np.uint64(np.int64(near_v) - 1) * _GOLDEN
    total = 0.0
    for i in range(3):
        start = _mix(column) + row
        along = (
            b0 * _normal(_mix(start))
            + b1 * _normal(_mix(start + _GOLDEN))
            + b2 * _normal(_mix(start + _GOLDEN + _GOLDEN))
        )
        total += (a0 if i == 0 else a1 if i == 1 else a2) * along
        column += _GOLDEN
    norm = (a0 * a0 + a1 * a1 + a2 * a2) * (b0 * b0 + b1 * b1 + b2 * b2)
    return total / math.sqrt(norm)


@njit(cache=True, nogil=True)
def _links(
    common_key: np.uint64,
    keys: NDArray[np.uint64],
    index: NDArray[np.int32],
    x_m: NDArray[np.float64],
    y_m: NDArray[np.float64],
    per_m: float,
    common_db: float,
    own_db: float,
    nugget_db: float,
    out: NDArray[np.float32],
) -> None:
    common = 0.0
    here_x = math.nan
    here_y = math.nan
    for k in range(index.size):
        x = x_m[k]
        y = y_m[k]
        if common_db > 0.0 and not (x == here_x and y == here_y):
            common = common_db * _field(common_key, x * per_m, y * per_m)
            here_x = x
            here_y = y
        total = common
        key = keys[index[k]]
        if own_db > 0.0:
            total += own_db * _field(key, x * per_m, y * per_m)
        if nugget_db > 0.0:
            # A centimetre tells two positions apart without trusting the last bits of a projection.
            place = np.uint64(np.int64(math.floor(x * 100.0))) * _GOLDEN + (key ^ _NUGGET)
            place = _mix(place) + np.uint64(np.int64(math.floor(y * 100.0))) * _GOLDEN
            total += nugget_db * _normal(_mix(place))
        out[k] = total
