"""The level at which a gateway receives one frame: what stands still, what drifts, what flickers.

level = static level - 2 dB x power index + slow(t) + fading

* *static*: path loss, entry, antennas, and the shadowing of the place, correlated in space and
  between gateways (`models.lora.shadowing`).
* *slow*: what changes within days (a car on the pit, wet leaves, snow): a Gaussian process of
  standard deviation `slow_sigma_db` [U], part of it common to all the links of a device
  (`slow_rho` [U]: what hides a meter hides it from all), read off nodes `slow_tau_s` apart
  and interpolated with unit variance: correlation 1, 0.74, 0.28, 0.03 and 0 at 0, 0.5, 1, 1.5 and
  2 nodes [D].
* *fading*: drawn once per frame and gateway: normal in dB, or Rayleigh.

Real multi-gateway traces show that independent links understate losses by more than an order of
magnitude [V]; the split into these terms is an engineering form [U], to calibrate by a campaign.
"""

from __future__ import annotations

import math

from numba import njit

from models.lora.network.draws import DOWN_FADING, FADING, SLOW, SLOW_PHASE, normal, unit
from twin.splitmix import mix64

TX_STEP_DB = 2.0
"""What one TXPower index takes off the radiated power, dB [V]."""


@njit("float64(uint64, float64, float64)", cache=True)
def slow_place(device_key: int, t_s: float, tau_s: float) -> float:
    """Return where on the device's lattice of slow nodes the time `t_s` falls, in nodes."""
    return t_s / tau_s + unit(device_key, SLOW_PHASE, 0)


@njit("float64(uint64, uint64, int64)", cache=True)
def slow_node(device_key: int, gateway_key: int, node: int) -> float:
    """Return the normal value of a slow term at one node."""
    return normal(device_key, SLOW, mix64(node) ^ gateway_key)


@njit("float64(uint64, uint64, float64)", cache=True)
def slow_term(device_key: int, gateway_key: int, place: float) -> float:
    """Return a unit-variance slow term: of one link, or common to a device's (gateway key 0)."""
    node = math.floor(place)
    after = place - node
    before = 1.0 - after
    low = slow_node(device_key, gateway_key, int(node))
    high = slow_node(device_key, gateway_key, int(node) + 1)
    return (before * low + after * high) / math.sqrt(before * before + after * after)


@njit("float64(uint64, uint64, float64, float64, float64, float64)", cache=True)
def slow_db(
    device_key: int,
    gateway_key: int,
    place: float,
    common: float,
    sigma_db: float,
    rho: float,
) -> float:
    """Return the slow term of a link, dB; `common` is the device's own, of unit variance."""
    if sigma_db == 0.0:
        return 0.0
    own = slow_term(device_key, gateway_key, place) if rho < 1.0 else 0.0
    return sigma_db * (math.sqrt(rho) * common + math.sqrt(1.0 - rho) * own)


@njit("float64(uint64, uint64, float64, boolean, boolean)", cache=True)
def fading_db(
    message_key: int, gateway_key: int, sigma_db: float, rayleigh: bool, down: bool
) -> float:
    """Return the fading of one frame at one gateway (or from it: `down`), dB."""
    purpose = DOWN_FADING if down else FADING
    if rayleigh:
        return 10.0 * math.log10(-math.log(unit(message_key, purpose, gateway_key)))
    if sigma_db == 0.0:
        return 0.0
    return sigma_db * normal(message_key, purpose, gateway_key)


@njit("float64(float64)", cache=True)
def milliwatt(level_dbm: float) -> float:
    """Return a level as power, mW."""
    return math.exp(level_dbm * 0.23025850929940457)
