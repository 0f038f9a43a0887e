"""District meters as a fleet: what they send, how they fail, what a frame carries."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, NamedTuple

import numpy as np
import simpy
from numpy.typing import NDArray

from models.water.leak_lanes import HOUR_S
from models.water.mains import Mains
from models.water.network.network import Floats
from models.water.policies.desk import DISTRICT_METERS, WATER_INDEX
from models.water.settings import DistrictsSection
from models.water.stage import WaterStage
from twin.clock import Clock
from twin.ports import Link
from twin.signals import AssetId, Fleet
from twin.streams import Streams
from twin.units import DAY_S, YEAR_S

SPREAD_S = 600.0
"""Meters log at the full hour and send within the ten minutes that follow, each at its time."""

Contents = Callable[[NDArray[np.int32], Floats], Floats]


class Failure(NamedTuple):
    """A meter without word from one time to another."""

    meter: int
    begin_s: float
    end_s: float


def meter_ids(stage: WaterStage, mains: Mains) -> tuple[AssetId, ...]:
    """Return the name of each district meter: its commune and its link, whatever else is bought."""
    names = []
    for each, zone in zip(stage.zones, mains.plan.zones, strict=True):
        ids = each.gravity.zone.network.links.ids
        names += [AssetId(f"{each.id}/{ids[link]}") for link in zone.sectors.metered]
    return tuple(names)


def meters_fleet(
    stage: WaterStage, mains: Mains, section: DistrictsSection, streams: Streams
) -> Fleet:
    """Return the fleet; a reading is the index of the last full hour."""
    x_m, y_m = [], []
    for each, zone in zip(stage.zones, mains.plan.zones, strict=True):
        network = each.gravity.zone.network
        start = network.links.start[zone.sectors.metered]
        x_m.append(network.nodes.x_m[start])
        y_m.append(network.nodes.y_m[start])
    ids = meter_ids(stage, mains)
    phase = [SPREAD_S * streams.uniform("water", "meter-phase", name) for name in ids]
    return Fleet(
        name=DISTRICT_METERS,
        signal=WATER_INDEX,
        x_m=np.concatenate(x_m),
        y_m=np.concatenate(y_m),
        height_m=np.full(len(ids), section.height_m),
        period_s=section.period_s,
        phase_s=np.array(phase),
        payload_bytes=section.payload_bytes,
        sample=lambda meters, times: contents(mains, section, 1)(meters, times)[:, 0],
        use_case=section.use_case,
        asset_ids=ids,
    )


def contents(mains: Mains, section: DistrictsSection, history: int | None = None) -> Contents:
    """Return what frames carry: the last full hours' indices, the newest first."""
    back = np.arange(section.history if history is None else history)

    def carried(meters: NDArray[np.int32], sampled_s: Floats) -> Floats:
        hours = np.floor(sampled_s / HOUR_S + 1e-9).astype(np.int64)[:, None] - back
        index = mains.index_m3[np.asarray(meters)[:, None], np.maximum(hours, 0)]
        seen = np.floor(index / section.resolution_m3 + 1e-9) * section.resolution_m3
        return np.where(hours >= 0, seen, np.nan)

    return carried


def draw_failures(
    ids: tuple[AssetId, ...], section: DistrictsSection, streams: Streams, horizon_s: float
) -> list[Failure]:
    """Return when meters are dead: Poisson failures, each repaired after exponential days.

    Each meter has dice of its own, hence the same failures in every option that buys it.
    """
    found: list[Failure] = []
    if section.failures_per_year == 0.0:
        return found
    for number, name in enumerate(ids):
        dice = streams.generator("water", "meter-failures", name)
        now_s = float(dice.exponential()) * YEAR_S / section.failures_per_year
        while now_s < horizon_s:
            end_s = now_s + float(dice.exponential()) * section.repair_days * DAY_S
            found.append(Failure(number, now_s, end_s))
            now_s = end_s + float(dice.exponential()) * YEAR_S / section.failures_per_year
    return found


def play_failures(
    clock: Clock, link: Link, ids: tuple[AssetId, ...], failures: list[Failure]
) -> Generator[simpy.Event, Any, None]:
    """Cut and restore the power of meters that fail."""
    changes = sorted(
        [(each.begin_s, each.meter, False) for each in failures]
        + [(each.end_s, each.meter, True) for each in failures]
    )
    for when_s, meter, on in changes:
        if when_s > clock.now:
            yield clock.until(when_s)
        link.power(ids[meter], on=on)
