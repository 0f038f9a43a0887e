"""Up to what price a sensor pays, world by world.

In one world a sensor at price p costs `p * sensor_price_per_year + sensor_other_eur` a year, and
saves (operation of the option without sensors - operation of the option) / sensors. They meet at

    p = ((operation_0 - operation) / sensors - sensor_other_eur) / sensor_price_per_year

A negative price means that a sensor given for nothing would still cost more than it saves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.waste.answer.cells import twin_of
from models.waste.answer.judged import Judged
from twin.decide.intervals import Interval, mean_interval, outcome_interval
from twin.study.judged import LEVEL

_NEEDED = ("operation_eur", "sensors", "sensor_other_eur", "sensor_price_per_year")


@dataclass(frozen=True)
class BreakEven:
    """The prices at which an option's sensors pay for themselves, one a world, euros.

    `saves` is the share of worlds in which the option costs less than its twin at the price drawn
    there, NaN where the total was not recorded.
    """

    judged: Judged
    twin: Judged
    zone: str
    prices_eur: NDArray[np.float64]
    saves: float

    @property
    def mean(self) -> Interval:
        """Return the mean price and its 95% confidence interval."""
        return mean_interval(self.prices_eur, LEVEL)

    @property
    def outcome(self) -> Interval:
        """Return where nine worlds in ten fall."""
        return outcome_interval(self.prices_eur)

    def chance(self, price_eur: float) -> float:
        """Return the share of worlds in which a sensor at this price pays."""
        return float(np.mean(self.prices_eur >= price_eur))


def break_even(judged: Judged, options: Mapping[str, Judged], zone: str = "") -> BreakEven | None:
    """Return the break-even prices of an option's sensors.

    None where no option without sensors is alike in all else, or where no sensor was fitted.

    Raises
    ------
    ValueError
        The two options were not met by the same replications.
    """
    twin = twin_of(judged, options)
    if twin is None:
        return None
    own = [judged.series.get((kpi, zone)) for kpi in _NEEDED]
    bare = twin.series.get(("operation_eur", zone))
    if bare is None or any(each is None for each in own):
        return None
    operation, sensors, other, per_year = (each for each in own if each is not None)
    if set(bare) != set(operation):
        raise ValueError(f"{judged.id} and {twin.id} were not met by the same replications")
    worlds = sorted(operation)
    if any(sensors[world] <= 0.0 for world in worlds):
        return None
    prices = np.array(
        [((bare[w] - operation[w]) / sensors[w] - other[w]) / per_year[w] for w in worlds]
    )
    return BreakEven(judged, twin, zone, prices, _saves(judged, twin, zone))


def _saves(judged: Judged, twin: Judged, zone: str) -> float:
    one, other = judged.series.get(("total_eur", zone)), twin.series.get(("total_eur", zone))
    if one is None or other is None:
        return float("nan")
    return float(np.mean([one[world] < other[world] for world in one]))
