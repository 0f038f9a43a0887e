"""Exact time: SimPy's queue, entered at absolute instants and in the order the rules set for ties.

`env.timeout(t - env.now)` would place an event at now + (t - now), which is not always t. Here an
event stands at t itself, so `now` is exact, and its rank decides what goes first at one instant.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappush
from typing import Any, cast

import simpy
from simpy.events import Event

Callback = Callable[["Moment"], None]

_STOP = -1
_FIRST_RANK = 2
"""SimPy's own immediate events (a process starting, an interrupt) have ranks 0 and 1."""


class Moment(Event):
    """An event that happens at `t_s`, about something; `callback` is called before all others."""

    def __init__(
        self, timeline: Timeline, t_s: float, rank: int, callback: Callback | None, about: Any
    ) -> None:
        self.env = timeline
        self.callbacks = [] if callback is None else [cast("Callable[[Any], None]", callback)]
        self.about = about
        self._ok = True
        self._value = None
        timeline.enter(t_s, rank, self)


class Timeline(simpy.Environment):
    """SimPy's environment with the rules' order of ties (section Ties).

    At equal times: orders, ends of frames by device, ends and starts of downlinks by gateway, then
    devices by index; what remains equal goes in the order it was scheduled.
    """

    def __init__(self, devices: int, gateways: int) -> None:
        super().__init__(0.0)
        self.order_rank = _FIRST_RANK
        self.frame_end_rank = self.order_rank + 1
        self.downlink_end_rank = self.frame_end_rank + devices
        self.downlink_start_rank = self.downlink_end_rank + gateways
        self.device_rank = self.downlink_start_rank + gateways

    def at(
        self, t_s: float, rank: int, callback: Callback | None = None, about: Any = None
    ) -> Moment:
        """Return an event that happens at `t_s` with a rank among those of that instant."""
        return Moment(self, t_s, rank, callback, about)

    def enter(self, t_s: float, rank: int, moment: Event) -> None:
        """Put an event in SimPy's queue at an instant: SimPy itself schedules by delay only."""
        place = cast("tuple[float, Any, int, Event]", (t_s, rank, next(self._eid), moment))
        heappush(self._queue, place)

    def advance(self, until_s: float) -> None:
        """Let everything before `until_s` happen, and nothing at it."""
        self.run(self.at(until_s, _STOP))
