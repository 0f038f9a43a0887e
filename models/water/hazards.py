"""What strikes a whole territory at once: power cuts and droughts, in the time of a year."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from datetime import date
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray

from models.water.disasters.drought import Catchment, DryYears, Restriction
from models.water.settings import CutSection, HazardsSection
from models.water.zone_flow import HOURS
from twin.clock import Clock
from twin.errors import Fault
from twin.lang import Text
from twin.ports import Link
from twin.signals import AssetId
from twin.streams import Streams
from twin.units import HOUR_S

Bools = NDArray[np.bool_]
CATCHMENT = "territory"
"""One catchment for the whole territory: its zones are dry together [U]."""


def restricted_days(
    hazards: HazardsSection, streams: Streams, start: date, days: int
) -> Bools | None:
    """Return on which days an order to save water holds (alert or above); None without droughts."""
    if not hazards.droughts:
        return None
    drought = DryYears(streams, Catchment()).play(CATCHMENT, start, days)
    return np.asarray(drought.level >= Restriction.ALERT)


class PowerCuts:
    """Cuts as hours without filling, by zone.

    Parameters
    ----------
    cuts
        As the scenario has them.
    zones
        INSEE code of each zone.
    start
        Date of the first day.
    """

    def __init__(self, cuts: Sequence[CutSection], zones: Sequence[str], start: date) -> None:
        self.cuts = tuple(cuts)
        self._start = start
        self._struck = [
            np.array([not cut.communes or name in cut.communes for name in zones])
            for cut in self.cuts
        ]

    def power(self, day: int) -> Bools | None:
        """Return where and when towers may be filled on a day, shape (zones, 24); None: always."""
        on: Bools | None = None
        for cut, struck in zip(self.cuts, self._struck, strict=True):
            first = self._first_hour(cut) - HOURS * day
            begin, end = max(first, 0), min(first + cut.hours, HOURS)
            if begin < end:
                on = np.ones((len(struck), HOURS), dtype=np.bool_) if on is None else on
                on[struck, begin:end] = False
        return on

    def silence(self, clock: Clock, link: Link) -> Generator[simpy.Event, Any, None]:
        """Take the gateways of each cut down for as long as it lasts."""
        changes = sorted(
            (self._first_hour(cut) + hours, name, up)
            for cut in self.cuts
            for name in cut.gateways
            for hours, up in ((0, False), (cut.hours, True))
        )
        for hour, name, up in changes:
            if hour * HOUR_S > clock.now:
                yield clock.until(hour * HOUR_S)
            link.gateway(AssetId(name), up=up)

    def _first_hour(self, cut: CutSection) -> int:
        return HOURS * (cut.day - self._start).days + cut.hour


def cut_faults(hazards: HazardsSection, communes: Sequence[str]) -> list[Fault]:
    """Return a fault for each commune of a cut that is none of the territory's."""
    known = set(communes)
    return [
        Fault(
            key=f"water.hazards.cuts[{number}].communes",
            value=name,
            expected=Text("le code INSEE d'une commune du territoire",
                          "the INSEE code of a commune of the territory"),
            remedy=Text("corriger le code", "correct the code"),
        )
        for number, cut in enumerate(hazards.cuts)
        for name in cut.communes
        if name not in known
    ]  # fmt: skip
