"""How far two engines agree on the same fleet: the shares, spreads and lives their tallies show.

Zones are compared where a fleet has `least` readings or more. Of 20,000 readings, 97 % of which
arrive, the difference of two shares drawn independently has a binomial deviation of 0.0017, so
that 0.005 is three of them; of fewer readings a difference would say nothing.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.lora.energy.battery import battery_of, life_years
from models.lora.energy.charge import CONDUCTED_DBM, received_charge_uah
from models.lora.energy.currents import UAH_PER_MA_S, tx_current_ma
from models.lora.energy.published_currents import current_profile

LEAST_READINGS = 20_000
BATTERY = "ideal-2400"
"""No ageing and no longest life: they would hide that two engines drew different charges."""


class Agreement(NamedTuple):
    """Differences between two engines for one fleet: the second against the first.

    `share` and `zone_share` are absolute (the latter the worst of `zones` zones compared), the
    others relative: variance of gateways per frame, median and 5th percentile of battery life.
    """

    share: float
    zone_share: float
    zones: int
    variance: float
    life_median: float
    life_low: float


def agreement(
    first: NDArray[Any],
    second: NDArray[Any],
    zone: NDArray[np.int64],
    span_s: float,
    least: int = LEAST_READINGS,
) -> Agreement:
    """Compare the tallies (`state.TALLY`) of the same devices of one fleet, in the same order."""
    worst, compared = 0.0, 0
    for square in np.unique(zone):
        rows = zone == square
        if first["messages"][rows].sum() >= least:
            gap = abs(share(second[rows]) - share(first[rows]))
            worst, compared = max(worst, gap), compared + 1
    lives = [lives_years(tally, span_s) for tally in (first, second)]
    low, high = (np.percentile(life, [5.0, 50.0]) for life in lives)
    life_low, life_median = high / low - 1.0
    return Agreement(
        share=share(second) - share(first),
        zone_share=worst,
        zones=compared,
        variance=variance(second) / variance(first) - 1.0,
        life_median=float(life_median),
        life_low=float(life_low),
    )


def share(tally: NDArray[Any]) -> float:
    """Return the share of readings that arrived."""
    return float(tally["delivered"].sum(dtype=np.int64) / tally["messages"].sum(dtype=np.int64))


def variance(tally: NDArray[Any]) -> float:
    """Return the variance over frames of how many gateways decoded them."""
    frames = float(tally["factors"].sum(dtype=np.int64))
    mean = float(tally["gateways"].sum(dtype=np.int64)) / frames
    return float(tally["gateways_squared"].sum(dtype=np.int64)) / frames - mean**2


def lives_years(tally: NDArray[Any], span_s: float) -> NDArray[np.float64]:
    """Return how long each device's battery would last at what it drew in the span, years."""
    profile = current_profile()
    frames = tally["factors"].sum(axis=1)
    charge_uah = (
        tally["tx_s"] @ (UAH_PER_MA_S * tx_current_ma(profile, CONDUCTED_DBM))
        + received_charge_uah(profile, tally["rx_s"])
        + frames * profile.phases_uah
        + profile.asleep_ua * span_s / 3_600.0
    )
    return life_years(charge_uah * 3_600.0 / span_s, battery_of(BATTERY))
