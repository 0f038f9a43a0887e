"""Leaks behind the meter: when they start, what they let go, when they end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.water.metering.dice import exponentials, normals, units
from models.water.metering.figures import LeakFigures
from models.water.metering.meters import DAYS_A_YEAR, Meters
from twin.units import DAY_S

_REFERENCE_L_H = 20.0
"""Flow that :attr:`LeakFigures.self_notice_days` speaks of."""


@dataclass(frozen=True, eq=False)
class ConsumerLeaks:
    """Leaks behind the meters of homes, in order of meter and start; arrays of shape (leaks,).

    Attributes
    ----------
    meter : NDArray[np.int64]
        Row of the meter.
    start_s : NDArray[np.float64]
    flow_l_h : NDArray[np.float64]
        True flow, steady.
    on_pipe : NDArray[np.bool_]
        On a pipe, hence within the Warsmann law.
    noticed_s : NDArray[np.float64]
        When the occupant notices it by himself.
    repair_s : NDArray[np.float64]
        From knowing, by whichever means, to the end.
    """

    meter: NDArray[np.int64]
    start_s: NDArray[np.float64]
    flow_l_h: NDArray[np.float64]
    on_pipe: NDArray[np.bool_]
    noticed_s: NDArray[np.float64]
    repair_s: NDArray[np.float64]

    def __len__(self) -> int:
        """Return the number of leaks."""
        return len(self.meter)


def consumer_leaks(meters: Meters, figures: LeakFigures, days: float) -> ConsumerLeaks:
    """Return the leaks that start within `days` days from the start.

    Each home's starts are a Poisson process of dice of its own: a longer period keeps the leaks of
    a shorter one, and other homes move nothing.
    """
    homes = np.flatnonzero(meters.housing)
    key = meters.key[homes]
    begun_days = np.zeros(len(homes))
    found: list[tuple[NDArray[np.int64], NDArray[np.float64], int]] = []
    alive = np.arange(len(homes))
    number = 0
    while len(alive) and figures.per_home_year > 0.0:
        wait = exponentials(key[alive], "leak", number) * DAYS_A_YEAR / figures.per_home_year
        begun_days[alive] += wait
        alive = alive[begun_days[alive] < days]
        found.append((alive, begun_days[alive].copy(), number))
        number += 1
    parts = [_leaks(key[rows], homes[rows], start, which, figures) for rows, start, which in found]
    if not parts:
        none = np.zeros(0)
        return ConsumerLeaks(none.astype(np.int64), none, none, none.astype(bool), none, none)
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.lexsort((columns[1], columns[0]))
    meter, start_s, flow, pipe, noticed_s, repair_s = (column[order] for column in columns)
    return ConsumerLeaks(
        meter.astype(np.int64), start_s, flow, pipe.astype(np.bool_), noticed_s, repair_s
    )


def _leaks(
    key: NDArray[np.uint64],
    meter: NDArray[np.int64],
    start_days: NDArray[np.float64],
    number: int,
    figures: LeakFigures,
) -> tuple[NDArray[np.float64] | NDArray[np.int64] | NDArray[np.bool_], ...]:
    pipe = units(key, "leak-place", number) < figures.pipe_share
    median = np.where(pipe, figures.pipe_l_h, figures.fitting_l_h)
    flow = median * np.exp(figures.sigma * normals(key, "leak-flow", number))
    mean_days = figures.self_notice_days * (flow / _REFERENCE_L_H) ** -figures.notice_exponent
    start_s = start_days * DAY_S
    noticed_s = start_s + exponentials(key, "leak-notice", number) * mean_days * DAY_S
    repair_s = exponentials(key, "leak-repair", number) * figures.repair_days * DAY_S
    return meter, start_s, flow, pipe, noticed_s, repair_s


def ends_s(leaks: ConsumerLeaks, alert_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return when each leak ends: the first of own notice and alert, plus the repair; (leaks,).

    `alert_s` is NaN where nothing was told; an alert before the start counts for nothing.
    """
    told = np.where(np.isnan(alert_s) | (alert_s < leaks.start_s), np.inf, alert_s)
    return np.asarray(np.minimum(leaks.noticed_s, told) + leaks.repair_s)


def lost_m3(
    leaks: ConsumerLeaks, end_s: NDArray[np.float64], horizon_s: float
) -> NDArray[np.float64]:
    """Return the true volume each leak lets go before its end or the horizon, m3; (leaks,)."""
    length_s = np.maximum(np.minimum(end_s, horizon_s) - leaks.start_s, 0.0)
    return np.asarray(leaks.flow_l_h * length_s / 3600.0 / 1000.0)


def leak_steps_l(
    leaks: ConsumerLeaks,
    flow_l_h: NDArray[np.float64],
    end_s: NDArray[np.float64],
    meters: int,
    steps: int,
    step_s: float,
    first_s: float = 0.0,
) -> NDArray[np.float64]:
    """Return the leaks' volume by meter and step, L; shape (meters, steps).

    `flow_l_h`, shape (leaks,), is the true flow or what the meters register of it.
    """
    out = np.zeros((meters, steps))
    edges = first_s + step_s * np.arange(steps + 1)
    for leak in range(len(leaks)):
        inside = np.clip(edges, leaks.start_s[leak], end_s[leak])
        out[leaks.meter[leak]] += np.diff(inside) * flow_l_h[leak] / 3600.0
    return out
