"""From frames to night flows and inflows: what the desk knows of each district, day by day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from models.water.policies.cusum import Counts, Floats, Mask
from models.water.policies.district import District
from models.water.policies.indices import Boundaries, Indices
from models.water.policies.night_flow import minimum_hour_m3h, window_flow_m3h
from models.water.policies.rules import DAY_S, DeskRules
from twin.signals import DeliveredBatch

Contents = Callable[[NDArray[np.int32], Floats], Floats]
"""The indices that frames of meters sampled at given times carry: shape (frames, history)."""

Midnight = Callable[[int], float]
"""Seconds since the start at which a day begins."""


def elapsed_midnight(day: int) -> float:
    """Return the start of a day that knows no change of clock."""
    return day * DAY_S


class NightFlows:
    """Frames that arrived, and the flows they tell of; districts in the order given."""

    def __init__(
        self,
        districts: Sequence[District],
        meters: int,
        rules: DeskRules,
        contents: Contents | None,
        midnight_s: Midnight,
    ) -> None:
        self.rules, self._contents, self._midnight_s = rules, contents, midnight_s
        # A history that reaches back further tells of older nights.
        self.look_back = 2 + int(rules.history * rules.step_s // DAY_S)
        width = int((self.look_back + 2) * DAY_S / rules.step_s)
        self._indices = Indices(meters, width, rules.step_s)
        self._bounds = Boundaries(districts)
        self._frames: list[tuple[NDArray[np.int32], Floats, Floats, Floats]] = []
        self._untold: dict[int, Mask] = {}
        self.asked: Counts = np.zeros(len(districts), dtype=np.int64)
        self.known: Counts = np.zeros(len(districts), dtype=np.int64)

    def read(self, batch: DeliveredBatch) -> None:
        """Keep frames until the desk opens."""
        if len(batch):
            self._frames.append((batch.assets, batch.values, batch.sampled_s, batch.received_s))

    def open_day(self, day: int, closes_s: float) -> None:
        """Take in the frames received before `closes_s` on day `day`."""
        oldest = max(0, day - self.look_back + 1)
        self._indices.roll(self._step(self._midnight_s(oldest)))
        metered = self._bounds.metered
        untold = np.zeros(len(self.asked), dtype=np.bool_)
        untold[metered] = True
        self._untold[day] = untold
        self.asked[metered] += 1
        for old in [each for each in self._untold if each <= day - self.look_back]:
            del self._untold[old]
        if not self._frames:
            return
        meters, values, sampled, received = (
            np.concatenate([frames[part] for frames in self._frames]) for part in range(4)
        )
        now = received < closes_s
        self._frames = []
        if not now.all():
            late = ~now
            self._frames.append((meters[late], values[late], sampled[late], received[late]))
            meters, values, sampled = meters[now], values[now], sampled[now]
        steps = self._indices.steps_of(sampled)
        if self._contents is None or self.rules.history == 1:
            self._indices.take(meters, steps, values)
        else:
            self._indices.take_history(meters, steps, self._contents(meters, sampled))

    def new_nights(self) -> Iterator[tuple[int, Floats]]:
        """Yield days and their night flows, m3/h, where a night has become known only now.

        NaN elsewhere. A night that comes late, in the history of a later frame, comes all the same.
        """
        for day, untold in sorted(self._untold.items()):
            if not untold.any():
                continue
            flows = np.where(untold, self.night_m3h(day), np.nan)
            told = ~np.isnan(flows)
            if told.any():
                self._untold[day] = untold & ~told
                self.known += told
                yield day, flows

    def night_m3h(self, day: int) -> Floats:
        """Return the night flow of a day of the last few, NaN where it is not known."""
        rules = self.rules
        step_h = rules.step_s / 3600.0
        start = self._step(self._midnight_s(day))
        first = start + round(rules.night_from_h / step_h)
        last = start + round(rules.night_to_h / step_h)
        net = self._bounds.net_m3(self._indices, np.arange(first, last + 1))
        flow = window_flow_m3h if rules.statistic == "window" else minimum_hour_m3h
        return flow(net, step_h, rules.valid_share)

    def inflow_m3(self, day: int) -> Floats:
        """Return a whole day's net inflow, m3, NaN where one of its two ends is not known."""
        ends = np.array([self._step(self._midnight_s(each)) for each in (day, day + 1)])
        net = self._bounds.net_m3(self._indices, ends)
        return np.asarray(net[:, 1] - net[:, 0])

    def remembers(self, day: int) -> bool:
        """Tell whether the indices still reach back to the start of a day."""
        return self._step(self._midnight_s(day)) >= self._indices.first

    def _step(self, time_s: float) -> int:
        return int(np.floor(time_s / self.rules.step_s + 1e-9))
