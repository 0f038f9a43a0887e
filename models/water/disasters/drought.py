"""A dry year: a catchment's flow, the level of restrictions, and what people then draw.

One linear reservoir a catchment: dS/dt = R - S/K, flow S/K; with recharge R constant within a day
the step is exact, S' = S exp(-dt/K) + R K (1 - exp(-dt/K)), and a catchment without recharge falls
by exp(-t/K). Four levels (vigilance, alert, heightened alert, crisis) are those of French orders
[V, Ministry, as quoted by placedupro.com]. On 13 August 2022 every catchment of the Indre was in
crisis [V, francebleu.fr]. Thresholds, recharge and the effect on drinking water: [U].
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from models.water.network.network import Floats
from twin.errors import Fault, InputError
from twin.lang import Text
from twin.streams import Streams

_WARM_UP_DAYS = 3 * 365
_MODEL = "water"
_MONTHS = 12


class Restriction(IntEnum):
    """Levels of restriction, in French law's order."""

    NONE = 0
    VIGILANCE = 1
    ALERT = 2
    HEIGHTENED = 3
    CRISIS = 4


@dataclass(frozen=True)
class Catchment:
    """Figures of a catchment, all [U].

    Attributes
    ----------
    recession_days : float
        K: without recharge, days for the flow to fall by 63 %.
    recharge : tuple of float
        Usual recharge by month, January first, in any unit: only ratios count.
    wetness_sigma : float
        Deviation of the logarithm of a month's recharge.
    wetness_memory : float
        Correlation of that from one month to the next, in [0, 1).
    thresholds : tuple of float
        Flows below which vigilance, alert, heightened alert and crisis begin, over the mean flow.
    review_days : int
        Days between two decisions. One that eases goes down one level at a time.
    demand_factor : tuple of float
        Domestic demand over the usual, by :class:`Restriction`.
    """

    recession_days: float = 50.0
    recharge: tuple[float, ...] = (2.4, 2.1, 1.6, 0.9, 0.45, 0.2, 0.1, 0.1, 0.25, 0.7, 1.5, 2.2)
    wetness_sigma: float = 0.6
    wetness_memory: float = 0.5
    thresholds: tuple[float, float, float, float] = (0.34, 0.26, 0.20, 0.15)
    review_days: int = 7
    demand_factor: tuple[float, float, float, float, float] = (1.0, 0.99, 0.96, 0.92, 0.85)

    def __post_init__(self) -> None:
        """Refuse figures that make no catchment."""
        rules = (
            ("recession_days", self.recession_days > 0.0),
            ("recharge", len(self.recharge) == _MONTHS and min(self.recharge) >= 0.0),
            ("recharge", sum(self.recharge) > 0.0),
            ("wetness_sigma", self.wetness_sigma >= 0.0),
            ("wetness_memory", 0.0 <= self.wetness_memory < 1.0),
            ("thresholds", list(self.thresholds) == sorted(self.thresholds, reverse=True)),
            ("review_days", self.review_days >= 1),
            ("demand_factor", len(self.demand_factor) == len(Restriction)),
        )
        faults = [
            Fault(
                Text("une valeur permise (voir Catchment)", "an allowed value (see Catchment)"),
                Text(f"corriger {key}", f"correct {key}"),
                key=key,
                value=str(getattr(self, key)),
            )
            for key, holds in rules
            if not holds
        ]
        if faults:
            raise InputError(*faults)


@dataclass(frozen=True, eq=False)
class Drought:
    """Day by day: `flow` over the mean flow, `level` of restriction, `factor` on demand."""

    flow: Floats
    level: NDArray[np.int8]
    factor: Floats


def recession(flow: float, recharge: Floats, recession_days: float) -> Floats:
    """Return the flow at the end of each day, from `flow`, under a recharge by day; same unit."""
    keep = math.exp(-1.0 / recession_days)
    flows = np.empty(recharge.size)
    for day, enters in enumerate(recharge.tolist()):
        flow = flow * keep + enters * (1.0 - keep)
        flows[day] = flow
    return flows


def restrictions(flow: Floats, catchment: Catchment) -> NDArray[np.int8]:
    """Return the level in force each day, from the flow over the mean flow.

    Decided every `review_days` on the mean flow of the days since the last decision.
    """
    every = catchment.review_days
    level = np.zeros(flow.size, dtype=np.int8)
    now = int(Restriction.NONE)
    for day in range(flow.size):
        if day and day % every == 0:
            mean = float(flow[day - every : day].mean())
            due = sum(mean < threshold for threshold in catchment.thresholds)
            now = max(due, now - 1)
        level[day] = now
    return level


@dataclass(frozen=True)
class DryYears:
    """Droughts of named catchments on the dice of one replication."""

    streams: Streams
    catchment: Catchment = field(default_factory=Catchment)

    def play(self, name: str, start: date, days: int) -> Drought:
        """Return the drought of one catchment; the same dice for every option.

        A month's wetness has a draw of its own name, so a longer study changes no earlier day. The
        reservoir is filled over three years before the start.

        Raises
        ------
        InputError
            No days.
        """
        if days < 1:
            raise InputError(
                Fault(
                    Text("au moins un jour", "at least a day"),
                    Text("allonger l'étude", "lengthen the study"),
                    key="days",
                    value=str(days),
                )
            )
        begin = start - timedelta(days=_WARM_UP_DAYS)
        flow = recession(
            1.0, self._recharge(name, begin, _WARM_UP_DAYS + days), self.catchment.recession_days
        )
        level = restrictions(flow, self.catchment)[_WARM_UP_DAYS:]
        factor = np.array(self.catchment.demand_factor)[level]
        return Drought(flow[_WARM_UP_DAYS:], level, factor)

    def _recharge(self, name: str, begin: date, days: int) -> Floats:
        """Return recharge by day over the mean recharge."""
        usual, sigma = self.catchment.recharge, self.catchment.wetness_sigma
        memory = self.catchment.wetness_memory
        fresh = math.sqrt(1.0 - memory * memory)
        mean = sum(usual) / len(usual)
        values = np.empty(days)
        wet, month = 0.0, (0, 0)
        for at in range(days):
            day = begin + timedelta(days=at)
            if (day.year, day.month) != month:
                month = (day.year, day.month)
                asset = f"{name}/{day.year}-{day.month:02d}"
                draw = self.streams.generator(_MODEL, "recharge", asset).standard_normal()
                wet = draw if at == 0 else memory * wet + fresh * draw
            # The mean of a lognormal is one: a more uncertain catchment is not a wetter one.
            values[at] = usual[day.month - 1] / mean * math.exp(sigma * wet - 0.5 * sigma * sigma)
        return values
