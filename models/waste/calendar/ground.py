"""The constant side of the search, gathered once: legs, trucks, and the patterns of each point.

Points are numbered as given to :func:`gather`. The search plans *loads*: a truck leaves its start,
visits points until full, unloads (at its cheapest dump when it has some, else at its end) and comes
home. A truck with dumps may carry several loads in a shift; the search then bounds the sum of their
times by the fleet's, and the router packs them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.waste.calendar.inputs import CalendarInputs, Floats, Ints
from models.waste.calendar.patterns import Patterns, gaps_days
from twin.routing.problem import Vehicle

NEIGHBOURS = 100
MOST_LOADS_A_SHIFT = 4
"""Loads of one truck a day the search makes room for [U: crane trucks do 1 to 3]."""


class Ground(NamedTuple):
    """Arrays the compiled search reads; T kinds of truck, n points, S loads a day, G cost rates."""

    cost: np.ndarray  # (G, n, n), and with rows and columns exchanged
    cost_to: np.ndarray
    time_s: np.ndarray  # (n, n)
    time_to_s: np.ndarray
    rate_of: np.ndarray  # (T,): which of the G cost rates
    out: np.ndarray  # (T, n): cost from the start to a point
    back: np.ndarray  # (T, n): cost home from it, unloading included
    out_s: np.ndarray
    back_s: np.ndarray
    serve: np.ndarray  # (T, n): cost of the time of a visit
    service_s: np.ndarray  # (n,)
    capacity: np.ndarray  # (T,)
    work_s: np.ndarray  # (T,): longest load
    fleet_s: np.ndarray  # (T,): longest sum of loads a day
    fixed: np.ndarray  # (T,)
    serves: np.ndarray  # (T, n)
    kind: np.ndarray  # (S,): kind of truck of each load of a day, in blocks
    demand: np.ndarray  # (n,) a day
    far: np.ndarray  # (n,): cost from the depot of the point
    near: np.ndarray  # (n, K): nearest points, there and back


class Choice(NamedTuple):
    """The patterns each point may have, by number of visits; working days are numbered from 0."""

    first: np.ndarray  # (n + 1,): where each point's list begins
    pattern: np.ndarray
    extra: np.ndarray  # cost of visits that come too late, per pattern of the list
    begin: np.ndarray  # (patterns + 1,): where each pattern's visits begin
    day: np.ndarray  # working day of each visit
    gap_days: np.ndarray  # how long it has waited


def gather(inputs: CalendarInputs, loads_a_day: Ints, *, work_share: float = 1.0) -> Ground:
    """Return the arrays of `inputs`; `loads_a_day` gives each kind of truck its loads."""
    travel, where = inputs.travel, inputs.location
    time_s = np.ascontiguousarray(travel.time_s[np.ix_(where, where)])
    distance_m = travel.distance_m[np.ix_(where, where)]
    rates = sorted({(v.cost_per_m, v.cost_per_s) for v in inputs.vehicles})
    cost = np.stack([per_m * distance_m + per_s * time_s for per_m, per_s in rates])
    ends = [_ends(inputs, vehicle) for vehicle in inputs.vehicles]
    serves = np.stack([inputs.depot == v.start for v in inputs.vehicles])
    out = np.stack([e[0] for e in ends])
    several = np.array([bool(v.dumps) for v in inputs.vehicles])
    work_s = np.array([v.work_s for v in inputs.vehicles]) * work_share
    count = np.array([v.count for v in inputs.vehicles])
    per_s = np.array([v.cost_per_s for v in inputs.vehicles])
    there_and_back = distance_m + distance_m.T
    np.fill_diagonal(there_and_back, -1.0)
    kept = min(NEIGHBOURS, len(where) - 1)
    return Ground(
        cost=cost,
        cost_to=np.ascontiguousarray(cost.transpose(0, 2, 1)),
        time_s=time_s,
        time_to_s=np.ascontiguousarray(time_s.T),
        rate_of=np.array([rates.index((v.cost_per_m, v.cost_per_s)) for v in inputs.vehicles]),
        out=out,
        back=np.stack([e[1] for e in ends]),
        out_s=np.stack([e[2] for e in ends]),
        back_s=np.stack([e[3] for e in ends]),
        serve=per_s[:, None] * inputs.service_s[None, :],
        service_s=np.asarray(inputs.service_s, dtype=np.float64),
        capacity=np.array([v.capacity for v in inputs.vehicles]) * inputs.load_share,
        work_s=work_s,
        fleet_s=np.where(several & np.isfinite(work_s), count * work_s, np.inf),
        fixed=np.array([float(v.fixed_cost) for v in inputs.vehicles]),
        serves=serves,
        kind=np.repeat(np.arange(len(inputs.vehicles)), loads_a_day),
        demand=inputs.demand(),
        far=np.where(serves, out, np.inf).min(axis=0),
        near=np.argsort(there_and_back, axis=1, kind="stable")[:, 1 : 1 + kept].astype(np.int32),
    )


def most_loads(inputs: CalendarInputs) -> Ints:
    """Return the loads a day each kind of truck can carry: one, or several where it has dumps."""
    return np.array(
        [v.count * (MOST_LOADS_A_SHIFT if v.dumps else 1) for v in inputs.vehicles], dtype=np.int64
    )


def choose(
    patterns: Patterns, longest_days: Ints, full: Floats, full_cost: float, raised: float = 2.0
) -> Choice:
    """Return the patterns within each point's longest wait.

    A pattern of more than `raised` times the fewest visits is left out: extra visits never shorten
    a round, they only buy a better day or a lower risk.

    Parameters
    ----------
    patterns
        The cycle's.
    longest_days
        Longest wait, (points,); at least one pattern must be within it.
    full
        P(full) by point and days waited.
    full_cost
        Cost of one visit that comes too late.
    raised
        See above.
    """
    visits = patterns.visits
    gaps = [gaps_days(days, patterns.cycle_days) for days in patterns.sets]
    begin = np.concatenate([[0], np.cumsum(visits)])
    flat = np.concatenate(gaps)
    lists = []
    for longest in longest_days:
        allowed = np.flatnonzero(patterns.worst_gap_days <= longest)
        fewest = visits[allowed].min()
        lists.append(allowed[visits[allowed] <= max(raised * fewest, fewest + 1)])
    late = full[:, flat]
    totals = np.add.reduceat(late, begin[:-1], axis=1) * full_cost
    return Choice(
        first=np.concatenate([[0], np.cumsum([len(one) for one in lists])]),
        pattern=np.concatenate(lists).astype(np.int32),
        extra=np.concatenate([totals[p, one] for p, one in enumerate(lists)]),
        begin=begin,
        day=np.searchsorted(patterns.working, np.concatenate(patterns.sets)).astype(np.int32),
        gap_days=flat.astype(np.float64),
    )


def _ends(inputs: CalendarInputs, vehicle: Vehicle) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the cost and time from the start to each point, and home from it by way of a dump."""
    metres, seconds, where = inputs.travel.distance_m, inputs.travel.time_s, inputs.location

    def cost(distance_m: NDArray[np.float64], time_s: NDArray[np.float64]) -> Floats:
        return np.asarray(vehicle.cost_per_m * distance_m + vehicle.cost_per_s * time_s)

    out_m, out_s = metres[vehicle.start, where], seconds[vehicle.start, where]
    back_m, back_s = metres[where, vehicle.end], seconds[where, vehicle.end]
    if vehicle.dumps:
        dumps = np.array(vehicle.dumps)
        by_m = metres[np.ix_(where, dumps)] + metres[dumps, vehicle.end]
        by_s = seconds[np.ix_(where, dumps)] + seconds[dumps, vehicle.end] + vehicle.dump_s
        best = np.argmin(cost(by_m, by_s), axis=1)
        rows = np.arange(len(where))
        back_m, back_s = by_m[rows, best], by_s[rows, best]
    return cost(out_m, out_s), cost(back_m, back_s), out_s, back_s
