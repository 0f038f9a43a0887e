"""What a world's link lets through of an option's clocks or nodes, and of orders to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import numpy as np
from numpy.typing import NDArray

from models.lighting.hearing.campaign import change_hours
from models.lighting.hearing.listen import GatewayCut, listen
from models.lighting.hearing.record import Hearing
from models.lighting.inventory.inventory import Inventory
from models.lighting.policies.silence import SilenceRule, neighbours_of
from models.lighting.policies.silence_desk import HEARTBEAT
from models.lighting.settings import ClocksSection, NodesSection, Settings
from twin.clock import Calendar, Clock
from twin.device_keys import mix, name_words
from twin.ports import Link
from twin.signals import AssetId, Fleet
from twin.units import DAY_S, YEAR_S

NEIGHBOURS = 24
CAMPAIGN_FROM_S, CAMPAIGN_UNTIL_S = 1.0 * DAY_S, 4.0 * DAY_S


@dataclass(frozen=True, eq=False)
class Heard:
    """Numbers and arrays of a :class:`~models.lighting.hearing.record.Hearing`, and who obeyed.

    `acknowledged` is by device: a cabinet's clock, or the one node of each cabinet that is played.
    """

    period_s: float
    heard: NDArray[np.bool_]
    held: NDArray[np.bool_]
    misses: NDArray[np.int64]
    alarms: NDArray[np.int64]
    sent: float
    delivered: float
    acknowledged: NDArray[np.bool_]

    def hearing(self) -> Hearing:
        """Return the record of the beats."""
        return Hearing(
            self.period_s, self.heard, self.held, self.misses, self.alarms, self.sent,
            self.delivered,
        )  # fmt: skip


def fleet_of(inventory: Inventory, settings: Settings) -> Fleet:
    """Return an option's devices that are played: clocks, or the first node of each cabinet.

    Phases follow from names alone; a contactor-fed node speaks at night, hence within the evening.
    """
    node = settings.control == "node"
    section: ClocksSection | NodesSection = settings.nodes if node else settings.clocks
    first = np.searchsorted(inventory.lamps.cabinet, np.arange(len(inventory.cabinets)))
    names = [inventory.lamps.ids[row] for row in first] if node else inventory.cabinets.ids
    ids = tuple(AssetId(f"{settings.control}/{name}") for name in names)
    part = (mix(name_words(ids)) >> np.uint64(11)) * 2.0**-53
    phase = (19.0 + 2.0 * part) * 3_600.0 if node else section.period_s * part
    return Fleet(
        name=settings.control,
        signal=HEARTBEAT,
        x_m=inventory.lamps.x_m[first] if node else inventory.cabinets.x_m,
        y_m=inventory.lamps.y_m[first] if node else inventory.cabinets.y_m,
        height_m=np.full(len(ids), section.height_m),
        period_s=section.period_s,
        phase_s=np.asarray(phase),
        payload_bytes=section.payload_bytes,
        device_class="C",
        use_case=section.use_case,
        asset_ids=ids,
    )


def play_hearing(
    inventory: Inventory,
    settings: Settings,
    start: date,
    make_link: Callable[[], Link],
    cuts_of: Callable[[Sequence[AssetId], int], Sequence[GatewayCut]],
) -> Heard:
    """Return what the link of one world lets through, played twice: beats, then orders.

    `cuts_of` gives the outages of named gateways over some days; orders are sent while all work.
    """
    fleet = fleet_of(inventory, settings)
    section = settings.nodes if settings.control == "node" else settings.clocks
    rule = SilenceRule(
        misses=section.misses,
        false_alarms_a_year=settings.hearing.false_alarms_per_year,
        beats_a_year=YEAR_S / section.period_s,
        gated=settings.hearing.gated,
    )
    count = min(NEIGHBOURS, fleet.size - 1)
    around = neighbours_of(fleet.x_m, fleet.y_m, np.arange(fleet.size), count)
    beats = round(settings.hearing.days * DAY_S / fleet.period_s)
    link = make_link()
    cuts = cuts_of(link.gateways, settings.hearing.days)
    told = listen(_clock(start), link, fleet, beats, around, rule, cuts)
    obeyed = change_hours(
        _clock(start), make_link(), fleet, settings.hearing.tries, CAMPAIGN_FROM_S,
        CAMPAIGN_UNTIL_S,
    )  # fmt: skip
    return Heard(
        told.period_s, told.heard, told.held, told.misses, told.alarms, told.sent,
        told.delivered, obeyed.acknowledged,
    )  # fmt: skip


def _clock(start: date) -> Clock:
    return Clock(Calendar(datetime.combine(start, time())))
