"""Random small instances: bins spread over some villages, the depot apart, gamma fills.

Variation 0.65 and lognormal rates, sigma 0.6, median 8.5 % of a bin a day (packaging), are those
of the reference prototype [U]. The truck holds half the bins, so that it binds [U]. Prices [U]:
1.2 EUR/km, 8 EUR a stop, 0.1 EUR a litre overflowed: 34 EUR for a median day's fill beside a full
column.
"""

from __future__ import annotations

import numpy as np

from models.waste.inventory.collection import Collection
from models.waste.inventory.waste import WasteInstance
from twin.streams import Streams

CAPACITY_L = 4_000.0
"""A drop-off column: 2 to 4 m3 [V]."""

VARIATION = 0.65
MEDIAN_SHARE = 0.085
_SIGMA = 0.6
_SHARES = (0.02, 0.5)
_RADIUS_KM, _DEPOT_KM, _WINDING = 12.0, 20.0, 1.3


def random_instances(
    seed: int,
    n: int,
    *,
    bins: int = 8,
    days: int = 10,
    loads: int = 1,
    median_share: float = MEDIAN_SHARE,
    eur_per_l_over: float = 0.1,
) -> list[WasteInstance]:
    """Return n instances; instance i of a seed is the same whatever n.

    Bins lie uniformly in a disc of 12 km, the depot 20 km from its centre; road km = 1.3 x
    straight line [U]. The first levels are uniform between empty and full. `median_share` is the
    median rate, as a share of a bin a day; rates stay between 2 and 50 %.
    """
    return [
        _instance(Streams(seed, i), bins, days, loads, median_share, eur_per_l_over)
        for i in range(n)
    ]


def _instance(
    streams: Streams,
    bins: int,
    days: int,
    loads: int,
    median_share: float,
    eur_per_l_over: float,
) -> WasteInstance:
    places = streams.generator("waste", "inventory places")
    radius = _RADIUS_KM * np.sqrt(places.random(bins))
    angle = 2.0 * np.pi * places.random(bins)
    x = np.append(-_DEPOT_KM, radius * np.cos(angle))
    y = np.append(0.0, radius * np.sin(angle))
    rates = streams.generator("waste", "inventory rates")
    share = np.clip(rates.lognormal(np.log(median_share), _SIGMA, bins), *_SHARES)
    fills = streams.generator("waste", "inventory fills")
    rate_l = CAPACITY_L * share
    collection = Collection(
        distance_km=_WINDING * np.hypot(x[:, None] - x, y[:, None] - y),
        capacity_l=np.full(bins, CAPACITY_L),
        rate_l=rate_l,
        variation=VARIATION,
        truck_l=max(1, bins // 2) * CAPACITY_L,
        loads=loads,
        eur_per_km=1.2,
        eur_per_stop=8.0,
        eur_per_l_over=eur_per_l_over,
    )
    return WasteInstance(
        collection,
        CAPACITY_L * streams.generator("waste", "inventory levels").random(bins),
        fills.gamma(1.0 / VARIATION**2, rate_l * VARIATION**2, (days, bins)),
    )
