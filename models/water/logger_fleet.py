"""Pressure loggers as a fleet: what they read of the mains, with noise and in steps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.water.leak_lanes import HOUR_S
from models.water.mains import Mains
from models.water.network.network import Floats
from models.water.policies.desk import PRESSURE, PRESSURE_LOGGERS
from models.water.settings import Settings
from models.water.stage import WaterStage
from twin.device_keys import U8, mix, name_words
from twin.signals import AssetId, Fleet, Sampler
from twin.streams import Streams

SPREAD_S = 600.0
"""Loggers read and send within the ten minutes after the full hour, each at its time."""


def loggers_fleet(stage: WaterStage, mains: Mains, settings: Settings, streams: Streams) -> Fleet:
    """Return the fleet; a reading is the pressure of the hour it is taken in, metres."""
    section, meters = settings.loggers, settings.districts
    where = list(zip(mains.loggers.zone.tolist(), mains.loggers.node.tolist(), strict=True))
    networks = [each.gravity.zone.network for each in stage.zones]
    ids = tuple(
        AssetId(f"{stage.zones[zone].id}/pressure/{networks[zone].nodes.ids[node]}")
        for zone, node in where
    )
    phase = [SPREAD_S * streams.uniform("water", "logger-phase", name) for name in ids]
    elevation = np.array([networks[zone].nodes.elevation_m[node] for zone, node in where])
    keys = mix(streams.key64("water", "logger-noise") ^ mix(name_words(ids)))
    return Fleet(
        name=PRESSURE_LOGGERS,
        signal=PRESSURE,
        x_m=np.array([networks[zone].nodes.x_m[node] for zone, node in where]),
        y_m=np.array([networks[zone].nodes.y_m[node] for zone, node in where]),
        height_m=np.full(len(ids), meters.height_m),
        period_s=section.period_s,
        phase_s=np.array(phase),
        payload_bytes=meters.payload_bytes,
        sample=_pressures(mains, elevation, keys, section.noise_m, section.resolution_m),
        use_case=meters.use_case,
        asset_ids=ids,
    )


def _pressures(
    mains: Mains, elevation_m: Floats, keys: U8, noise_m: float, step_m: float
) -> Sampler:
    """Return what loggers read; the noise of a reading is named by the logger and its second."""

    def read(loggers: NDArray[np.int32], sampled_s: Floats) -> Floats:
        hour = np.floor(sampled_s / HOUR_S + 1e-9).astype(np.int64)
        hour = np.minimum(hour, mains.logger_m.shape[1] - 1)
        true_m = mains.logger_m[loggers, hour] - elevation_m[loggers]
        noisy = true_m + noise_m * _normal(keys[loggers], sampled_s)
        return np.asarray(np.floor(noisy / step_m + 0.5) * step_m)

    return read


def _normal(keys: U8, sampled_s: Floats) -> Floats:
    """Return normal deviates by key and time (Box and Muller 1958)."""
    word = mix(keys ^ mix(np.floor(sampled_s + 1e-6).astype(np.uint64)))
    one = ((word >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    other = (mix(word) >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return np.asarray(np.sqrt(-2.0 * np.log(one)) * np.cos(2.0 * np.pi * other))
