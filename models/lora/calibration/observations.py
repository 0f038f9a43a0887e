"""Measured receptions as arrays: what a calibration is fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


def signal_power_dbm(
    rssi_dbm: NDArray[np.float64], snr_db: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the power of the signal alone: ESP = RSSI + SNR - 10 lg(1 + 10^(SNR/10)).

    RSSI counts signal and noise; below the noise floor it says almost nothing about the signal,
    ESP does [V]. Where `snr_db` is NaN the RSSI is returned unchanged.
    """
    with np.errstate(over="ignore"):
        power = rssi_dbm + snr_db - 10.0 * np.log10(1.0 + 10.0 ** (snr_db / 10.0))
    return np.where(np.isnan(snr_db), rssi_dbm, power)


@dataclass(frozen=True)
class Observations:
    """Measurements, one row per (place, gateway, spreading factor, level); all arrays (rows,).

    `place` numbers the positions: frames sent from one place share their shadowing. `gateway` and
    `use_case` are numbers into `gateways` and `use_cases`. `heard` and `missed` count the frames
    of the row. `level_dbm` is the signal power of the heard frames, NaN where none was;
    `threshold_dbm` the level below which that gateway cannot decode that spreading factor.
    """

    place: NDArray[np.int64]
    gateway: NDArray[np.int64]
    use_case: NDArray[np.int64]
    level_dbm: NDArray[np.float64]
    threshold_dbm: NDArray[np.float64]
    heard: NDArray[np.float64]
    missed: NDArray[np.float64]
    gateways: tuple[str, ...]
    use_cases: tuple[str, ...]

    def __len__(self) -> int:
        return int(self.place.size)

    @property
    def misses_known(self) -> bool:
        """Tell whether any missed frame was recorded."""
        return bool(self.missed.sum() > 0.0)

    @property
    def places(self) -> int:
        """Return the number of places where something was heard."""
        return int(np.unique(self.place[self.heard > 0.0]).size)


def observations(
    level_dbm: NDArray[np.float64],
    threshold_dbm: float | NDArray[np.float64],
    *,
    place: NDArray[np.int64] | None = None,
    gateway: Sequence[str] | None = None,
    use_case: Sequence[str] | None = None,
    heard: NDArray[np.float64] | None = None,
    missed: NDArray[np.float64] | None = None,
) -> Observations:
    """Return observations from plain columns, shape (rows,).

    A NaN level is one missed frame and a number one heard frame, unless `heard` and `missed` give
    the counts. Without `place` every row is a place of its own; without `gateway` or `use_case`
    all rows share one. The first use case met is the reference.
    """
    level = np.asarray(level_dbm, dtype=np.float64)
    rows = level.size
    gateways, gateway_number = _numbered(gateway, rows)
    use_cases, use_case_number = _numbered(use_case, rows)
    silent = np.isnan(level)
    counts_heard = np.where(silent, 0.0, 1.0) if heard is None else np.asarray(heard, np.float64)
    counts_missed = np.where(silent, 1.0, 0.0) if missed is None else np.asarray(missed, np.float64)
    return Observations(
        place=np.arange(rows) if place is None else np.asarray(place, dtype=np.int64),
        gateway=gateway_number,
        use_case=use_case_number,
        level_dbm=level,
        threshold_dbm=np.broadcast_to(np.asarray(threshold_dbm, np.float64), (rows,)).copy(),
        heard=counts_heard,
        missed=counts_missed,
        gateways=gateways,
        use_cases=use_cases,
    )


def _numbered(names: Sequence[str] | None, rows: int) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    if names is None:
        return ("",), np.zeros(rows, dtype=np.int64)
    order = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return tuple(order), np.array([order[name] for name in names], dtype=np.int64)
