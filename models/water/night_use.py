"""What a service expects its customers to use at night: its own figures, never the world's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from models.water.demand.figures import DemandFigures
from models.water.demand.model import DemandModel
from models.water.demand.timetable import Timetable, timetable
from models.water.districts import DistrictPlan
from models.water.network.network import Floats
from models.water.stage import WaterStage
from models.water.zone_flow import HOURS
from twin.streams import Streams

STEP_DAYS = 14
"""Nights looked at; between them the season is taken as straight."""


@dataclass(frozen=True, eq=False)
class NightUse:
    """Expected night use, m3/h: by zone, shape (nodes, nights), on the days `days`."""

    days: Floats
    by_zone: tuple[Floats, ...]

    def mean(self) -> list[Floats]:
        """Return the year's mean by zone, shape (nodes,) each."""
        return [values.mean(axis=1) for values in self.by_zone]

    def by_district(self, plan: DistrictPlan) -> Callable[[int], Floats]:
        """Return what the desk asks: the use of every district on a day, shape (districts,)."""
        whole = np.array([values.sum(axis=0) for values in self.by_zone])
        parts = [whole]
        for zone, values in enumerate(self.by_zone):
            columns = [plan.by_district(zone, column) for column in values.T]
            parts.append(
                np.array(columns).T.reshape(plan.zones[zone].sectors.count, len(self.days))
            )
        table = np.concatenate(parts)

        def on(day: int) -> Floats:
            place = float(np.interp(day, self.days, np.arange(len(self.days))))
            low = min(int(place), len(self.days) - 2)
            share = place - low
            return np.asarray((1.0 - share) * table[:, low] + share * table[:, low + 1])

        return on


def expected_night_use(
    stage: WaterStage, figures: DemandFigures, streams: Streams, start: date, days: int
) -> NightUse:
    """Return what each node is expected to use in the nights of a horizon."""
    table = timetable(start, days, figures, streams)
    nights = np.unique(np.append(np.arange(0, days, STEP_DAYS), days - 1))
    if len(nights) == 1:
        nights = np.array([nights[0], nights[0] + 1])
    return NightUse(
        nights.astype(np.float64),
        tuple(
            _nights(DemandModel(each.gravity.zone, table, figures, streams), table, nights)
            for each in stage.zones
        ),
    )


def _nights(model: DemandModel, table: Timetable, nights: Floats) -> Floats:
    found = []
    for day in np.minimum(nights, table.days - 1).tolist():
        values = model.expected(HOURS * int(day), HOURS)
        at_night = table.at_night[HOURS * int(day) : HOURS * (int(day) + 1)]
        found.append(values[:, at_night].mean(axis=1) * 3600.0)
    return np.array(found).T
