"""A day of the crews: the tours of :mod:`models.lighting.crews`, worked out at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from models.lighting.crews.crews import WITHIN_KM
from models.lighting.crews.tour import MOST_STOPS, SETTLE_S, write_tour
from models.lighting.living.fast.book import take
from models.lighting.living.fast.lamps import end_fault
from models.lighting.living.fast.world import KM, STOPS, TRIPS, WORKED_S
from models.lighting.living.work import Work
from twin.units import DAY_S

_LANTERN, _LAST_FAULT = int(Work.LANTERN), int(Work.CLOCK)


@njit(cache=True, error_model="numpy")
def send_crews(world: Any, now: Any, day: int) -> None:
    """Send each crew in turn; no two go to the same commune in a day."""
    crews, book = world.crews, now.book
    free = np.ones(len(crews.owner), dtype=np.bool_)
    tour = np.empty(MOST_STOPS, dtype=np.int64)
    for depot in crews.depots:
        mine = free & (crews.owner == depot)
        stops = write_tour(
            crews.time_s, book.waiting_s, book.due_s, mine, depot, crews.work_s,
            (day + 1) * DAY_S, crews.least_s, tour,
        )  # fmt: skip
        for i in range(stops):
            free[tour[i]] = False
        if stops:
            _trip(world, now, depot, tour[:stops], day * DAY_S + crews.start_s)


@njit(cache=True, error_model="numpy")
def _trip(world: Any, now: Any, depot: int, tour: Any, begun_s: float) -> None:
    """Drive a tour (see :class:`models.lighting.crews.crews.CrewRoom`)."""
    crews, one = world.crews, now.sums.one
    at, now_s, end_s = depot, begun_s, begun_s + crews.work_s
    least_s = crews.work_s / 2.0
    one[TRIPS] += 1.0
    for i in range(len(tour)):
        commune = tour[i]
        way_s = crews.time_s[at, commune] + SETTLE_S
        left_s = end_s - now_s - way_s - crews.time_s[commune, depot]
        if left_s <= 0.0 and i > 0:
            break
        now_s += way_s
        one[KM] += crews.distance_m[at, commune] / 1e3
        at = commune
        taken = take(now.book, commune, max(left_s, least_s))
        least_s = 0.0
        if taken == 0:
            continue
        for k in range(taken):
            place = now.book.taken[k]
            now_s += now.book.site_s[place]
            now.sums.site_s[commune] += now.book.site_s[place]
            now.sums.done[now.book.kind[place], commune] += 1
        one[STOPS] += 1.0
        one[KM] += WITHIN_KM * taken
        for k in range(taken):
            _done(world, now, now.book.taken[k], now_s)
    now_s += crews.time_s[at, depot]
    one[KM] += crews.distance_m[at, depot] / 1e3
    one[WORKED_S] += now_s - begun_s


@njit(cache=True, error_model="numpy", inline="always")
def _done(world: Any, now: Any, place: int, when_s: float) -> None:
    """Note what a piece of work has made good."""
    work = now.book.kind[place]
    if work <= _LANTERN:
        count = now.relit_count[0]
        now.relit[count], now.relit_s[count] = place, when_s
        now.relit_count[0] = count + 1
    elif work <= _LAST_FAULT:
        fault = place - len(now.type)
        now.open[fault] = False
        end_fault(world, now, fault, when_s)
