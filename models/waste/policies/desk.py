"""The planning desk: hears what arrives, keeps a belief of every point, tells a policy its outlook.

It sees the inbox of a link, what crews say, the weighbridge and the telephone. Never the bins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.waste.policies.belief import (
    Belief,
    Noise,
    believe,
    first_belief,
    found_and_emptied,
    grow,
    grown,
    take_readings,
)
from models.waste.policies.outlook import Floats, Mask, Outlook
from twin.ports import Downlink, Inbox
from twin.signals import DeliveredBatch, Signal

DAY_S = 86_400.0

FILL = Signal("fill", "1")
"""The share of its capacity that a sensor sees in a bin."""


class Foresight(Protocol):
    """What nobody has: a look into the bins, or into the days to come. For bounds only."""

    def levels_l(self, now_s: float) -> Floats:
        """Return what is in every bin now."""
        ...

    def levels_sd_l(self) -> Floats:
        """Return how far off those figures may be."""
        ...

    def coming_l(self, now_s: float, next_s: float) -> Floats | None:
        """Return what people will bring, or None where the future stays unknown."""
        ...


@dataclass(frozen=True, eq=False)
class Facts:
    """What any planner has on file, arrays of shape (points,) but the last.

    `rate_sd_l` is how wrong the file may be; `cv` the daily variation; `sensor_sd_l` what the data
    sheet says of a reading; `usual_days` the usual days since the start at each hour (weekdays and
    season are no secret), shape (hours + 1,).
    """

    capacity_l: Floats
    rate_l: Floats
    rate_sd_l: Floats
    cv: Floats
    level_l: Floats
    level_sd_l: Floats
    sensor_sd_l: Floats
    drift: float
    visit_eur: Floats
    usual_days: Floats


class Desk:
    """The desk of one stream; satisfies :class:`twin.ports.Policy`'s `attach`."""

    def __init__(self, facts: Facts, foresight: Foresight | None = None) -> None:
        self.facts = facts
        self.refused = 0
        self._foresight = foresight
        self._hours = np.arange(len(facts.usual_days), dtype=np.float64)
        self._reported: Mask = np.zeros(len(facts.rate_l), dtype=np.bool_)
        self._fleet_points: dict[str, NDArray[np.int64]] = {}
        self.belief: Belief = first_belief(
            facts.rate_l, facts.rate_sd_l, facts.level_l, facts.level_sd_l
        )
        self.noise = Noise(
            var_per_day=(facts.cv * facts.rate_l) ** 2,
            drift_per_day=(facts.drift * facts.rate_l) ** 2,
            floor_l=0.02 * facts.rate_l,
            capacity_l=facts.capacity_l,
            var_sensor=facts.sensor_sd_l**2,
        )

    def knows(self, fleet: str, points: NDArray[np.int64]) -> None:
        """Note which point each device of a fleet sits in."""
        self._fleet_points[fleet] = points

    def attach(self, inbox: Inbox, downlink: Downlink) -> None:  # noqa: ARG002 - fill sensors take no orders
        """Listen to fill readings."""
        inbox.subscribe(FILL, self.read)

    def read(self, batch: DeliveredBatch) -> None:
        """Take in fill readings; those of other desks' fleets are not for this one."""
        points = self._fleet_points.get(batch.fleet)
        if points is None or not len(batch):
            return
        which = points[batch.assets]
        self.refused += take_readings(
            self.belief,
            self.noise,
            which,
            batch.values * self.facts.capacity_l[which],
            batch.sampled_s,
            self.usual(batch.sampled_s),
        )

    def usual(self, times_s: Floats) -> Floats:
        """Return the usual days from the start to each instant."""
        hours = np.asarray(times_s, dtype=np.float64) / 3600.0
        return np.asarray(np.interp(hours, self._hours, self.facts.usual_days))

    def usual_at(self, now_s: float) -> float:
        """Return the usual days from the start to one instant."""
        hours = now_s / 3600.0
        hour = min(int(hours), len(self.facts.usual_days) - 2)
        here, there = self.facts.usual_days[hour], self.facts.usual_days[hour + 1]
        return float(here + (hours - hour) * (there - here))

    def emptied(
        self, point: int, now_s: float, seen_l: float, seen_sd_l: float
    ) -> tuple[float, float, float]:
        """Note that a crew has emptied a point, having seen `seen_l` in it (NaN: nobody looked).

        Return what is now believed to have been in it, for the weighbridge: the level, its
        variance, and its covariance with the rate.
        """
        self._reported[point] = False
        usual = self.usual_at(now_s)
        level_l, var_level, cov = found_and_emptied(
            self.belief, self.noise, point, usual, now_s, seen_l, seen_sd_l**2
        )
        return float(level_l), float(var_level), float(cov)

    def weighed(
        self, points: list[int], expected: list[tuple[float, float, float]], total_l: float
    ) -> None:
        """Take in what a load weighed: all its points together held `total_l`.

        The surplus goes to each point's rate by its share of the uncertainty, as a Kalman update of
        a sum of independent levels says.
        """
        variance = sum(each[1] for each in expected)
        if variance <= 0.0:
            return
        gap = total_l - sum(each[0] for each in expected)
        belief, floor = self.belief, self.noise.floor_l
        for point, (_, _, cov) in zip(points, expected, strict=True):
            gain = cov / variance
            belief.rate_l[point] = max(floor[point], belief.rate_l[point] + gain * gap)
            belief.var_rate[point] = max(0.0, belief.var_rate[point] - gain * cov)

    def called(self, point: int, now_s: float) -> None:
        """Take in a call: the point is full."""
        grow(self.belief, self.noise, point, self.usual_at(now_s))
        full_l = float(self.facts.capacity_l[point])
        believe(self.belief, self.noise, point, full_l, (0.05 * full_l) ** 2)
        self._reported[point] = True

    def outlook(self, now_s: float, next_s: float) -> Outlook:
        """Return the beliefs at the hour of planning; `next_s` is when the round after comes."""
        level, level_sd, coming, coming_sd = grown(
            self.belief, self.noise, self.usual_at(now_s), self.usual_at(next_s)
        )
        reported = self._reported.copy()
        if self._foresight is not None:
            level, level_sd = self._foresight.levels_l(now_s), self._foresight.levels_sd_l()
            known = self._foresight.coming_l(now_s, next_s)
            if known is not None:
                coming, coming_sd = known, np.zeros_like(known)
        return Outlook(
            day=int(now_s // DAY_S),
            ahead_days=(next_s - now_s) / DAY_S,
            level_l=level,
            level_sd_l=level_sd,
            coming_l=coming,
            coming_sd_l=coming_sd,
            rate_l=self.belief.rate_l.copy(),
            capacity_l=self.facts.capacity_l,
            age_days=(now_s - self.belief.emptied_s) / DAY_S,
            reported=reported,
            visit_eur=self.facts.visit_eur,
        )
