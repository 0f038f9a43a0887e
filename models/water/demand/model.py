"""The demand of one zone's nodes, hour by hour: drawn, or expected.

Synthetic: places, people and farms are the zone's, uses are dice. Equations and figures:
docs/method/water-demand.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.water.demand.figures import DemandFigures
from models.water.demand.homes import homes_of, node_keys
from models.water.demand.kernel import FARM, HOUSEHOLD, INDUSTRY, draw_hours
from models.water.demand.patterns import HOURS_A_DAY
from models.water.demand.spread import spread_table, squared_cv
from models.water.demand.timetable import FARM as FARM_ROW
from models.water.demand.timetable import GARDEN, PERSON, Timetable
from models.water.demand.timetable import INDUSTRY as INDUSTRY_ROW
from models.water.zone import Zone
from twin.device_keys import mix
from twin.errors import Fault, InputError
from twin.lang import Text
from twin.streams import Streams

_M3S_OF_L_H = 1e-3 / 3600.0
_HOUR_S = 3600.0
_L_OF_M3 = 1000.0
_SURE = 1e6
"""Uses that stand for no dice at all: a cv of 0.1 %."""


@dataclass(frozen=True, eq=False)
class DailyDemand:
    """Volumes by node and day, m3; arrays of shape (nodes, days)."""

    household: NDArray[np.float64]
    farm: NDArray[np.float64]
    industry: NDArray[np.float64]

    @property
    def total(self) -> NDArray[np.float64]:
        """All kinds together."""
        return self.household + self.farm + self.industry


class DemandModel:
    """What a zone's nodes draw.

    Parameters
    ----------
    zone : Zone
    timetable : Timetable
        The same object for every zone: see :func:`models.water.demand.timetable.timetable`.
    figures : DemandFigures
    streams : Streams
        The dice of the replication.

    Attributes
    ----------
    homes : Homes
        The dwellings behind the nodes.

    Raises
    ------
    InputError
        Inhabitants, dwellings or means of farms and industry that are negative or not finite.
    """

    def __init__(
        self, zone: Zone, timetable: Timetable, figures: DemandFigures, streams: Streams
    ) -> None:
        means = np.stack([zone.farm_m3_per_day, zone.industry_m3_per_day])
        if not (np.isfinite(means).all() and (means >= 0.0).all()):
            raise InputError(
                Fault(
                    key=f"{zone.id}: farm_m3_per_day, industry_m3_per_day",
                    value=f"min = {np.min(means):g}",
                    expected=Text("des moyennes finies, positives ou nulles", "finite means >= 0"),
                    remedy=Text("corrigez la zone", "mend the zone"),
                )
            )
        self.timetable = timetable
        self.figures = figures
        self.homes = homes = homes_of(zone, figures, streams)
        self.nodes = len(zone.network.nodes)
        self._node_l_h = np.ascontiguousarray(means * _L_OF_M3 / HOURS_A_DAY)
        days = np.stack(
            [
                timetable.absent_share,
                timetable.second_share,
                timetable.restricted.astype(np.float64),
                _zone_days(zone.id, timetable, figures, streams),
            ]
        )
        spreads = np.array(
            [_uses(figures.home_day_cv), _uses(figures.farm_day_cv), _uses(figures.industry_day_cv),
             figures.farm_event_l, figures.industry_event_l]
        )  # fmt: skip
        self._fixed = (
            timetable.hour_words, timetable.day_words, timetable.week_words,
            node_keys(zone, streams), homes.first, homes.key, homes.values, self._node_l_h,
            timetable.rates, timetable.event_l, days, spreads, spread_table(),
        )  # fmt: skip

    def hours(self, first_hour: int, n: int) -> NDArray[np.float64]:
        """Return the demand of n hours from `first_hour`, m3/s; shape (nodes, n).

        The same bits whatever block is asked for.

        Raises
        ------
        InputError
            Hours outside the timetable.
        """
        self._check(first_hour, n)
        out = np.empty((1, self.nodes, n))
        draw_hours(out, first_hour, *self._fixed)
        return np.asarray(out[0])

    def daily(self, first_day: int, days: int) -> DailyDemand:
        """Return the volumes of whole days by kind: the same draws as :meth:`hours`.

        Raises
        ------
        InputError
            Days outside the timetable.
        """
        n = HOURS_A_DAY * days
        self._check(HOURS_A_DAY * first_day, n)
        out = np.empty((3, self.nodes, n))
        draw_hours(out, HOURS_A_DAY * first_day, *self._fixed)
        m3 = out.reshape(3, self.nodes, days, HOURS_A_DAY).sum(axis=3) * _HOUR_S
        return DailyDemand(m3[HOUSEHOLD], m3[FARM], m3[INDUSTRY])

    def expected(self, first_hour: int, n: int) -> NDArray[np.float64]:
        """Return the mean over all dice but those that made homes and seasons; m3/s, (nodes, n).

        Raises
        ------
        InputError
            Hours outside the timetable.
        """
        self._check(first_hour, n)
        table = self.timetable
        span = slice(first_hour, first_hour + n)
        day = np.arange(first_hour, first_hour + n) // HOURS_A_DAY
        second = self.homes.second
        main, away, free, held = (
            self._by_node(values)
            for values in (
                np.where(second, 0.0, self.homes.people),
                np.where(second, self.homes.people, 0.0),
                self.homes.values[2],
                self.homes.values[3],
            )
        )
        inside = np.outer(main, 1.0 - table.absent_share[day])
        inside += np.outer(away, table.second_share[day])
        garden = np.where(table.restricted[day], held[:, np.newaxis], free[:, np.newaxis])
        l_h = inside * table.rates[PERSON, span] + garden * table.rates[GARDEN, span]
        for row, kind in enumerate((FARM_ROW, INDUSTRY_ROW)):
            l_h += np.outer(self._node_l_h[row], table.rates[kind, span])
        return np.asarray(l_h * _M3S_OF_L_H)

    def legitimate_night_m3s(
        self, first_day: int = 0, days: int | None = None
    ) -> NDArray[np.float64]:
        """Return the mean expected demand of local 02:00 to 04:00 by node, m3/s; shape (nodes,).

        Over `days` days from `first_day`, or all that follow.

        Raises
        ------
        InputError
            Days outside the timetable.
        """
        count = self.timetable.days - first_day if days is None else days
        span = slice(HOURS_A_DAY * first_day, HOURS_A_DAY * (first_day + count))
        values = self.expected(span.start, span.stop - span.start)
        return np.asarray(values[:, self.timetable.at_night[span]].mean(axis=1))

    def _by_node(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(self.homes.node, values, self.nodes).astype(np.float64)

    def _check(self, first_hour: int, n: int) -> None:
        if first_hour >= 0 and n >= 1 and first_hour + n <= self.timetable.hours:
            return
        raise InputError(
            Fault(
                key="first_hour, n",
                value=f"{first_hour}, {n}",
                expected=Text(f"des heures de 0 à {self.timetable.hours}",
                              f"hours within 0 to {self.timetable.hours}"),
                remedy=Text("allongez le calendrier de la demande", "lengthen the timetable"),
            )
        )  # fmt: skip


def _uses(cv: float) -> float:
    """Return how many uses make a sum of that coefficient of variation."""
    return min(squared_cv(1.0) / cv**2, _SURE) if cv > 0.0 else _SURE


def _zone_days(
    zone: str, timetable: Timetable, figures: DemandFigures, streams: Streams
) -> NDArray[np.float64]:
    """Return what all nodes of a zone share on each day: lognormal factors of mean 1."""
    from scipy.special import ndtri

    bits = mix(streams.key64("water", "demand-day", zone) ^ timetable.day_words)
    normal = ndtri((bits >> np.uint64(11)) * 2.0**-53 + 2.0**-54)
    sigma2 = np.log1p(figures.zone_day_cv**2)
    return np.asarray(np.exp(np.sqrt(sigma2) * normal - 0.5 * sigma2))
