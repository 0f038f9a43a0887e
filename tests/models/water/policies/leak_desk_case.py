"""A few districts, their true flows, and a desk fed by hand: what arrives is chosen by the test."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.water.policies.alarm import Alarm
from models.water.policies.desk import DISTRICT_METERS, WATER_INDEX, LeakDesk
from models.water.policies.district import District
from models.water.policies.rules import DeskRules
from twin.signals import AssetId, DeliveredBatch

Floats = NDArray[np.float64]
HOUR_S, DAY_S = 3_600.0, 86_400.0
NIGHT = 1.2
"""Usual night flow of every district, m3/h."""
LEGITIMATE = 0.4
NO_ECONOMY = DeskRules(economic_m3h=np.inf)


def districts(count: int) -> list[District]:
    """Return districts of one meter each."""
    return [District(f"d{i}", (i,), (), 150.0, 10.0, LEGITIMATE, 0.3) for i in range(count)]


def flows(count: int, days: int, sigma: float = 0.1, seed: int = 1) -> Floats:
    """Return hourly inflows, m3/h, shape (count, 24 days): the night's noise is `sigma`."""
    rng = np.random.default_rng(seed)
    flow = rng.uniform(2.0, 4.0, (count, days, 24))
    # Both hours of the night alike: their mean has the deviation asked for.
    flow[:, :, 2:4] = NIGHT + sigma * rng.standard_normal((count, days, 1))
    return flow.reshape(count, -1)


def indices(flow: Floats) -> Floats:
    """Return cumulative indices at each whole hour, shape (count, hours + 1)."""
    return np.concatenate([np.zeros((len(flow), 1)), np.cumsum(flow, axis=1)], axis=1)


def frames(
    index: Floats, hours: Sequence[int] | NDArray[np.int64], lost: NDArray[np.bool_] | None = None
) -> DeliveredBatch:
    """Return every meter's frames of some hours, those of the mask `lost` (meters, hours) apart."""
    meter, hour = np.meshgrid(np.arange(len(index)), np.asarray(hours), indexing="ij")
    kept = np.ones(meter.shape, bool) if lost is None else ~lost[:, np.asarray(hours)]
    meter, hour = meter[kept], hour[kept]
    order = np.argsort(hour, kind="stable")
    meter, hour = meter[order], hour[order]
    sampled_s = hour * HOUR_S + 60.0
    return DeliveredBatch(
        WATER_INDEX,
        meter.astype(np.int32),
        index[meter, hour],
        sampled_s,
        sampled_s + 2.0,
        np.ones(len(meter), np.int16),
        DISTRICT_METERS,
        [AssetId(f"m{i}") for i in range(len(index))],
    )


def live(
    desk: LeakDesk,
    index: Floats,
    days: range,
    lost: NDArray[np.bool_] | None = None,
) -> list[Alarm]:
    """Hand over the frames of each day until 07:00, then open the desk; return all alarms."""
    alarms: list[Alarm] = []
    for day in days:
        since = 0 if day == 0 else 24 * (day - 1) + 7
        desk.read(frames(index, np.arange(since, 24 * day + 7), lost))
        alarms += desk.close_day(day)
    return alarms
