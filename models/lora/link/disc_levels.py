"""Levels without ground: a line in lg d on a disc around each gateway, with shadowing if asked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.lora.link.gateways import GatewaySites
from models.lora.link.level_model import PairLevels
from models.lora.log_distance import OULU, LogDistance
from models.lora.propagation import PropagationModel, basic_loss_db
from models.lora.region import MAX_EIRP_DBM
from models.lora.shadowing import ShadowingField, shadowing_db
from twin.signals import Fleet
from twin.streams import Streams


@dataclass(frozen=True)
class DiscLevels:
    """Level = EIRP + gain - loss(d) + shadowing, for devices within `radius_m` of a gateway.

    `line` is the median loss, never less than free space's; `gain_db` sums what else stands between
    radiator and receiver (gateway antenna 5 dBi, cable -1, device antenna -2 [U]; a pit or a wall
    would be negative). `shadowing` is correlated in space and between gateways; it needs the dice
    of the replication. For tests and simple studies: a real territory has a ground.
    """

    streams: Streams
    line: LogDistance = OULU
    radius_m: float = np.inf
    gain_db: float = 2.0
    shadowing: ShadowingField | None = None

    def links(self, fleet: Fleet, gateways: GatewaySites) -> PairLevels:
        """Return the levels of a fleet; see :class:`models.lora.link.level_model.LevelModel`."""
        devices, stations, levels = [], [], []
        for gateway in range(len(gateways)):
            east_m = np.asarray(fleet.x_m) - gateways.x_m[gateway]
            north_m = np.asarray(fleet.y_m) - gateways.y_m[gateway]
            distance_m = np.hypot(east_m, north_m)
            near = np.flatnonzero(distance_m <= self.radius_m)
            loss_db = basic_loss_db(
                PropagationModel.LOG_DISTANCE,
                distance_m[near],
                gateways.height_m[gateway],
                np.asarray(fleet.height_m)[near],
                log_distance=self.line,
            )
            devices.append(near)
            stations.append(np.full(len(near), gateway))
            levels.append(MAX_EIRP_DBM + self.gain_db - loss_db)
        device = np.concatenate(devices).astype(np.int64)
        station = np.concatenate(stations).astype(np.int64)
        level_dbm = np.concatenate(levels)
        if self.shadowing is not None:
            level_dbm = level_dbm + shadowing_db(
                self.shadowing,
                self.streams,
                gateways.ids,
                station.astype(np.int32),
                np.asarray(fleet.x_m, dtype=np.float64)[device],
                np.asarray(fleet.y_m, dtype=np.float64)[device],
            )
        return device, station, level_dbm
