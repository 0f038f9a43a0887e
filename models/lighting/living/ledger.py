"""Stretches of darkness as they end, counted once all are known."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.lighting.living.due import DueHours
from twin.units import HOUR_S

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Darkness(NamedTuple):
    """Lamp-hours due and dark, and the energy they did not use, by commune."""

    hours: Floats
    kwh: Floats


class DarkLedger:
    """Notes who was dark from when to when."""

    def __init__(self) -> None:
        self._commune: list[Ints] = []
        self._from_s: list[Floats] = []
        self._to_s: list[Floats] = []
        self._lamps: list[Floats] = []
        self._w: list[Floats] = []

    def note(
        self, commune: Ints, from_s: Floats, to_s: Floats | float, lamps: Floats, w: Floats
    ) -> None:
        """Note stretches that have ended; `w` is the power of all their lamps together."""
        self._commune.append(np.atleast_1d(commune).astype(np.int64))
        shape = self._commune[-1].shape
        for column, values in (
            (self._from_s, from_s), (self._to_s, to_s), (self._lamps, lamps), (self._w, w),
        ):  # fmt: skip
            column.append(np.broadcast_to(np.asarray(values, dtype=np.float64), shape))

    def count_by_day(self, due: DueHours, communes: int) -> Darkness:
        """Return the hours outside those due, of the stretches noted, and their energy."""
        if not self._commune:
            return Darkness(np.zeros(communes), np.zeros(communes))
        commune = np.concatenate(self._commune)
        from_s, to_s = np.concatenate(self._from_s), np.concatenate(self._to_s)
        hours = (to_s - from_s) / HOUR_S - due.between(commune, from_s, to_s)
        return self._summed(commune, hours, communes)

    def count(self, due: DueHours, communes: int) -> Darkness:
        """Return the darkness of all stretches noted."""
        if not self._commune:
            return Darkness(np.zeros(communes), np.zeros(communes))
        commune = np.concatenate(self._commune)
        hours = due.between(commune, np.concatenate(self._from_s), np.concatenate(self._to_s))
        return self._summed(commune, hours, communes)

    def _summed(self, commune: Ints, hours: Floats, communes: int) -> Darkness:
        lamp_h, wh = hours * np.concatenate(self._lamps), hours * np.concatenate(self._w)
        return Darkness(
            np.asarray(np.bincount(commune, lamp_h, communes), dtype=np.float64),
            np.asarray(np.bincount(commune, wh / 1e3, communes), dtype=np.float64),
        )
