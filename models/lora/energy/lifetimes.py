"""Lives of a fleet's batteries: from charges simulated to years, with the spread between cells.

Each battery's capacity is the rated one times a factor of mean 1: normal (lot-to-lot scatter) or
Weibull (early failures too). The factor of the j-th battery of a device is a hash of the device's
key and j, so that adding a device or a replacement moves no other draw.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import gamma, ndtri

from models.lora.energy.battery import Battery, life_years
from models.lora.energy.ranges import require
from twin.streams import Streams

MODEL = "lora"
PURPOSE = "battery-capacity"
LEAST_FACTOR = 0.05
"""No battery is fitted emptier than this: it would be seen on the day [U]."""

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True)
class CapacitySpread:
    """Scatter of capacity between batteries: its law and its coefficient of variation (5 % [U])."""

    law: Literal["normal", "weibull"] = "normal"
    variation: float = 0.05

    def __post_init__(self) -> None:
        require("variation", self.variation, 0.0, 1.0)


def capacity_factors(
    streams: Streams,
    device_keys: NDArray[np.uint64],
    spread: CapacitySpread,
    batteries: int = 1,
) -> NDArray[np.float64]:
    """Return the capacity factor of each battery of each device, shape (devices, batteries).

    Parameters
    ----------
    streams
        The dice of the replication.
    device_keys : shape (devices,)
        64 bits that name each device, whatever its place in the array.
    spread
        Law of the factor; its mean is 1 before the clip at `LEAST_FACTOR`.
    batteries
        How many successive batteries of a device; asking for more moves none of the others.
    """
    require("batteries", batteries, 1)
    keys = np.asarray(device_keys, dtype=np.uint64)
    with np.errstate(over="ignore"):
        root = np.uint64(streams.key64(MODEL, PURPOSE))
        turns = np.arange(1, batteries + 1, dtype=np.uint64)
        bits = _mix(_mix(keys ^ root)[:, None] + turns * _GOLDEN)
    uniform = ((bits >> np.uint64(12)).astype(np.float64) + 0.5) * 2.0**-52
    if spread.variation == 0.0:
        return np.ones_like(uniform)
    if spread.law == "normal":
        factors = 1.0 + spread.variation * ndtri(uniform)
    else:
        shape = weibull_shape(spread.variation)
        factors = (-np.log1p(-uniform)) ** (1.0 / shape) / gamma(1.0 + 1.0 / shape)
    return np.asarray(np.maximum(factors, LEAST_FACTOR), dtype=np.float64)


def weibull_shape(variation: float) -> float:
    """Return the shape of the Weibull law of a given coefficient of variation, 0.001 to 1."""
    require("variation", variation, 1e-3, 1.0)

    def excess(shape: float) -> float:
        mean = gamma(1.0 + 1.0 / shape)
        return float(gamma(1.0 + 2.0 / shape) / mean**2 - 1.0 - variation**2)

    return float(brentq(excess, 0.99, 2000.0))


def mean_current_ua(
    charge_uah: ArrayLike, span_s: float, extra_quiescent_ua: ArrayLike = 0.0
) -> NDArray[np.float64]:
    """Return the mean current of devices that drew `charge_uah` in `span_s`, µA."""
    require("charge_uah", charge_uah, 0.0)
    require("span_s", span_s, 1e-9)
    require("extra_quiescent_ua", extra_quiescent_ua, 0.0)
    drawn = np.asarray(charge_uah, dtype=np.float64) * (3600.0 / span_s)
    return np.asarray(drawn + np.asarray(extra_quiescent_ua), dtype=np.float64)


def life_from_charge(
    charge_uah: ArrayLike,
    span_s: float,
    extra_quiescent_ua: ArrayLike,
    battery: Battery,
    temperature_c: ArrayLike = 20.0,
    capacity_factor: ArrayLike = 1.0,
) -> NDArray[np.float64]:
    """Return the battery life of each device, years.

    Parameters
    ----------
    charge_uah : shape (devices,)
        All a device drew over the simulated span, its sleep included.
    span_s
        Length of the span; a week stands for the year only if its traffic does.
    extra_quiescent_ua
        What the charge does not count yet, µA: 0 if the tables had the meter's electronics.
    battery, temperature_c
        As in `life_years`.
    capacity_factor : scalar, shape (devices,) or (devices, batteries)
        From `capacity_factors`; with two dimensions the result has them too.

    Raises
    ------
    InputError
        Negative charge, span or current.
    """
    current = mean_current_ua(charge_uah, span_s, extra_quiescent_ua)
    factor = np.asarray(capacity_factor, dtype=np.float64)
    if factor.ndim == current.ndim + 1:
        current = current[..., None]
    return life_years(current, battery, temperature_c, factor)


def _mix(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the splitmix64 finaliser (Steele, Lea & Flood, OOPSLA 2014) of each element."""
    value = value + _GOLDEN
    value = (value ^ (value >> np.uint64(30))) * _MIX_1
    value = (value ^ (value >> np.uint64(27))) * _MIX_2
    return np.asarray(value ^ (value >> np.uint64(31)), dtype=np.uint64)
