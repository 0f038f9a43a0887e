"""Who heard the frames of a log and at what level, row by row of its traffic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lora.calibration.network_logs import frames_of_device
from models.lora.calibration.observations import signal_power_dbm
from models.lora.calibration.uplinks import Uplink


@dataclass(frozen=True)
class Receptions:
    """Receptions in compressed rows: `indptr[i]:indptr[i + 1]` are those of the traffic's frame i.

    `gateway` numbers `gateway_ids`, which are sorted; `level_dbm` is the power of the signal alone,
    the RSSI corrected by the SNR (`signal_power_dbm` [V]).
    """

    gateway_ids: tuple[str, ...]
    indptr: NDArray[np.int64]
    gateway: NDArray[np.int64]
    level_dbm: NDArray[np.float64]

    @property
    def frame(self) -> NDArray[np.int64]:
        """The frame of each reception, shape (receptions,)."""
        return np.repeat(np.arange(len(self.indptr) - 1), np.diff(self.indptr))


def receptions_of(uplinks: Sequence[Uplink]) -> Receptions:
    """Return the receptions of uplinks, rows as in `models.lora.logs.replay.traffic_of` of them."""
    by_device: dict[str, list[Uplink]] = defaultdict(list)
    for uplink in uplinks:
        by_device[uplink.device].append(uplink)
    frames = [f for name in sorted(by_device) for f in frames_of_device(by_device[name])]
    # A gateway with two antennas may tell a frame twice: the better reception counts.
    strongest: list[dict[str, tuple[float, float]]] = []
    for frame in frames:
        levels: dict[str, tuple[float, float]] = {}
        for each in frame.receptions:
            here = (each.rssi_dbm, each.snr_db)
            levels[each.gateway] = max(levels.get(each.gateway, here), here)
        strongest.append(levels)
    names = tuple(sorted({name for levels in strongest for name in levels}))
    number = {name: n for n, name in enumerate(names)}
    told = [(number[name], *level) for levels in strongest for name, level in levels.items()]
    columns = np.array(told, dtype=np.float64).reshape(-1, 3)
    return Receptions(
        gateway_ids=names,
        indptr=np.concatenate([[0], np.cumsum([len(levels) for levels in strongest])]).astype(
            np.int64
        ),
        gateway=columns[:, 0].astype(np.int64),
        level_dbm=signal_power_dbm(columns[:, 1], columns[:, 2]),
    )
