"""When what fails becomes known in an option: people always, meters and nodes where they speak."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.lighting.figures import Figures
from models.lighting.living.ears import Ears
from models.lighting.living.faults import Fault, Faults
from models.lighting.living.knowing import (
    MOST_NIGHTS,
    Channel,
    Failing,
    Known,
    NextPatrol,
    by_people,
    metered_nights,
    sooner,
)
from models.lighting.living.place import Place
from models.lighting.settings import Control
from twin.units import DAY_S

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SEEN_BY_PEOPLE = (Fault.CABINET_DARK, Fault.CABLE)


@dataclass(frozen=True)
class Senses:
    """What tells of failures in an option.

    `clocks` and `nodes` are the records of the link, None where the option has none.
    """

    place: Place
    figures: Figures
    control: Control
    patrol: NextPatrol
    clocks: Ears | None = None
    nodes: Ears | None = None

    def lamps(self, failing: Failing, lamps: Ints) -> Known:
        """Return when these lamps, dark since they failed, become known."""
        known = by_people(failing, self.figures.call_days, self.patrol)
        if self.nodes is not None:
            told_s = self.nodes.word_s(lamps, failing.begin_s)
            known = sooner(known, told_s, Channel.NODE)
        if self.clocks is not None:
            cabinet = self.place.cabinet[lamps]
            share = self.place.w[lamps] / self.place.cabinet_w[cabinet]
            known = sooner(known, self._metered_s(failing, cabinet, share), Channel.METER)
        return known

    def things(self, rows: Ints, faults: Faults) -> Known:
        """Return when these faults become known; rows of `faults`, all begun by now."""
        what, asset, begin_s = faults.what[rows], faults.asset[rows], faults.begin_s[rows]
        of_lamp = (what == Fault.CABLE) | (what == Fault.NODE)
        own = np.where(of_lamp, asset, 0)
        cabinet = np.where(of_lamp, self.place.cabinet[own], asset)
        keys = np.where(
            of_lamp,
            self.place.lamp_keys[own],
            self.place.cabinet_keys[np.where(of_lamp, 0, asset)],
        )
        number = what.astype(np.int64) * 1_000_000_000 + begin_s.astype(np.int64)
        failing = Failing(keys, number, self.place.cabinet_commune[cabinet], begin_s)
        known = self._people_see(failing, what)
        if self.clocks is not None:
            known = self._clocks_tell(known, failing, rows, faults, cabinet)
        if self.nodes is not None:
            known = self._nodes_tell(known, what, asset, cabinet, begin_s)
        return known

    def _people_see(self, failing: Failing, what: NDArray[np.int8]) -> Known:
        """Streets that are dark are called in soon, lamps burning by day late, the rest never."""
        street = by_people(failing, self.figures.street_call_days, self.patrol)
        lazy = by_people(failing, self.figures.call_days, self.patrol)
        dark = np.isin(what, _SEEN_BY_PEOPLE)
        when_s = np.where(dark, street.when_s, lazy.when_s)
        when_s = np.where(np.isin(what, (Fault.NODE, Fault.CLOCK)), np.inf, when_s)
        return Known(when_s, np.where(dark, street.channel, lazy.channel).astype(np.int8))

    def _clocks_tell(
        self, known: Known, failing: Failing, rows: Ints, faults: Faults, cabinet: Ints
    ) -> Known:
        assert self.clocks is not None  # noqa: S101 - asked for where there are clocks
        what = faults.what[rows]
        share = np.ones(len(rows))
        for i in np.flatnonzero(what == Fault.CABLE).tolist():
            _, w = self.place.behind(faults, int(rows[i]))
            share[i] = w / self.place.cabinet_w[cabinet[i]]
        told_s = self._metered_s(failing, cabinet, share)
        silent_s = self.clocks.silence_s(cabinet, failing.begin_s)
        known = sooner(known, np.where(what == Fault.CLOCK, np.inf, told_s), Channel.METER)
        return sooner(known, np.where(what == Fault.CLOCK, silent_s, np.inf), Channel.SILENCE)

    def _nodes_tell(
        self, known: Known, what: NDArray[np.int8], asset: Ints, cabinet: Ints, begin_s: Floats
    ) -> Known:
        """Nodes without power fall silent; nodes that burn by day say so."""
        assert self.nodes is not None  # noqa: S101 - asked for where there are nodes
        first = np.searchsorted(self.place.cabinet, cabinet)
        lamp = np.where((what == Fault.CABLE) | (what == Fault.NODE), asset, first)
        silent_s = self.nodes.silence_s(lamp, begin_s)
        word_s = self.nodes.word_s(lamp, begin_s)
        stuck = what == Fault.CABINET_STUCK
        known = sooner(known, np.where(stuck, word_s, np.inf), Channel.NODE)
        return sooner(known, np.where(stuck, np.inf, silent_s), Channel.SILENCE)

    def _metered_s(self, failing: Failing, cabinet: Ints, share: Floats) -> Floats:
        """Return when the meters of cabinets have shown it and somebody has heard."""
        assert self.clocks is not None  # noqa: S101 - asked for where there are clocks
        nights = metered_nights(failing, share, self.figures.meter_noise)
        shown_s = (np.floor(failing.begin_s / DAY_S) + np.minimum(nights, MOST_NIGHTS)) * DAY_S
        return self.clocks.word_s(cabinet, np.maximum(shown_s, failing.begin_s))
