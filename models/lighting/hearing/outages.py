"""Gateways without power or backhaul while a fleet is listened to, drawn gateway by gateway."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.lighting import dice
from models.lighting.hearing.listen import GatewayCut
from models.lighting.living.faults import arrivals
from twin.signals import AssetId
from twin.streams import Streams
from twin.units import HOUR_S


def draw_cuts(
    streams: Streams, gateways: Sequence[AssetId], per_year: float, mean_h: float, days: int
) -> list[GatewayCut]:
    """Return the outages of a horizon: Poisson a gateway, of exponential length.

    Each gateway has dice of its own. One that is down does not go down again.
    """
    if not gateways:
        return []
    keys = dice.keys_of(streams, "gateways", dice.words_of(gateways))
    which, begin_s = arrivals(keys, "outage", per_year, days)
    order = np.lexsort((begin_s, which))
    which, begin_s = which[order], begin_s[order]
    number = np.arange(len(which)) - np.searchsorted(which, which)
    length_s = HOUR_S * mean_h * dice.exponentials(keys[which], "outage length", number)
    found: list[GatewayCut] = []
    for gateway, first_s, lasts_s in zip(
        which.tolist(), begin_s.tolist(), length_s.tolist(), strict=True
    ):
        cut = GatewayCut(gateways[gateway], first_s, first_s + lasts_s)
        if not found or found[-1].gateway != cut.gateway or cut.begin_s > found[-1].end_s:
            found.append(cut)
    return found
