"""What the radio tells of failures, from what was heard over the link.

Clocks read the record of their own cabinet. Nodes read the record of the one node of their cabinet
that was played, from a beat of their own: alike in how well they are heard, apart in when.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.lighting import dice
from models.lighting.hearing.record import Hearing, heard_after, silence_after
from twin.device_keys import U8

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Ears:
    """The record of a link, asked by asset.

    Parameters
    ----------
    hearing
        What the link let through.
    device
        The played device of each asset, shape (assets,).
    keys
        One an asset: names the beat it reads the record from; None: each from its own first.
    """

    def __init__(self, hearing: Hearing, device: Ints, keys: U8 | None = None) -> None:
        self.hearing = hearing
        self.device = device
        beats = hearing.heard.shape[1]
        shift = np.zeros(len(device)) if keys is None else beats * dice.units(keys, "first beat")
        self.shift = np.floor(shift).astype(np.int64)

    def word_s(self, asset: Ints, from_s: Floats) -> Floats:
        """Return when the next word of each asset arrives; infinite where none ever does.

        An infinite `from_s` stays so.
        """
        known = np.isfinite(from_s)
        beat = self._beat(from_s, known)
        waited = heard_after(self.hearing, self.device[asset], beat + self.shift[asset])
        return np.where(known, (beat + waited + 1.0) * self.hearing.period_s, np.inf)

    def silence_s(self, asset: Ints, from_s: Floats) -> Floats:
        """Return when the silence of each asset, dead from then on, raises an alarm."""
        known = np.isfinite(from_s)
        beat = self._beat(from_s, known)
        waited = silence_after(self.hearing, self.device[asset], beat + self.shift[asset])
        return np.where(known, (beat + waited + 1.0) * self.hearing.period_s, np.inf)

    def _beat(self, from_s: Floats, known: NDArray[np.bool_]) -> Ints:
        """Return the first beat after a moment; a beat is known when the next one is due."""
        return np.ceil(np.where(known, from_s, 0.0) / self.hearing.period_s).astype(np.int64)
