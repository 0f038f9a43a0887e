"""How each leak behind a meter ends: by own notice, by radio, or by a high reading."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.water.customers.listeners import Listener
from models.water.customers.played import Floats, Played, Rows, leaks_of
from models.water.customers.practice import Days
from models.water.customers.rounds import Rounds, periods_of
from models.water.customers.standstill import Standstill
from models.water.metering.leaks import ConsumerLeaks, ends_s, leak_steps_l
from models.water.metering.meters import L_PER_M3
from twin.units import DAY_S


@dataclass(frozen=True, eq=False)
class Told:
    """Of each leak, shape (leaks,).

    `rung_s` is the first alert by radio after its start, NaN for none before its end; `told_s` when
    the service told the customer, by whichever means, NaN where he noticed first or nobody ever
    did; `end_s` when the leak ends.
    """

    rung_s: Floats
    told_s: Floats
    end_s: Floats


def told_of(
    played: Played,
    rounds: Rounds,
    still: Standstill,
    listener: Listener | None,
    days: Days,
) -> Told:
    """Play the leaks of a zone, the first of every meter, then the second, and so on.

    What a rule says at a time depends on what came before alone: a leak that runs for ever until it
    is told gives the right first alert. A later leak of the same meter is met without knowing of
    those after it, which matters only where two begin within one delay.
    """
    leaks = played.leaks
    end_s = np.full(len(leaks), np.inf)
    told_s = np.full(len(leaks), np.nan)
    rung_s = np.full(len(leaks), np.nan)
    rank = np.arange(len(leaks)) - np.searchsorted(leaks.meter, leaks.meter)
    for turn in range(int(rank.max(initial=-1)) + 1):
        now = np.flatnonzero(rank == turn)
        rows = leaks.meter[now]
        involved = np.flatnonzero((rank <= turn) & np.isin(leaks.meter, rows))
        some = leaks_of(leaks, involved, np.searchsorted(rows, leaks.meter[involved]))
        ours = leaks_of(leaks, now, np.arange(len(now)))
        flow = played.leak_l_h[involved]
        alert_s = _by_reading(played, rounds, still, rows, some, flow, end_s[involved], ours, days)
        if listener is not None:
            ask = listener(rows, some, flow, end_s[involved])
            rung_s[now] = ask(np.inf, ours.start_s).first_s
            alert_s = np.fmin(alert_s, rung_s[now])
        end_s[now] = ends_s(ours, alert_s)
        told_s[now] = np.where(alert_s < ours.noticed_s, alert_s, np.nan)
    return Told(np.where(rung_s < end_s, rung_s, np.nan), told_s, end_s)


def leak_days_m3(
    still: Standstill,
    rows: Rows,
    leaks: ConsumerLeaks,
    flow_l_h: Floats,
    end_s: Floats,
    days: Days,
) -> Floats:
    """Return what meters register of leaks day by day, m3; shape (rows, all days)."""
    litres = leak_steps_l(
        leaks, flow_l_h, end_s, len(rows), days.all, DAY_S, first_s=-days.beyond * DAY_S
    )
    return np.asarray(litres / L_PER_M3 * still.turning[rows])


def usual_days_m3(played: Played, still: Standstill) -> tuple[Floats, Floats]:
    """Return what meters register leaks aside, and what is expected of them; (meters, all days)."""
    factor = 1.0 + played.meters.error[:, np.newaxis]
    return played.true_m3 * factor * still.turning, played.usual_m3 * factor


def _by_reading(
    played: Played,
    rounds: Rounds,
    still: Standstill,
    rows: Rows,
    leaks: ConsumerLeaks,
    flow_l_h: Floats,
    end_s: Floats,
    ours: ConsumerLeaks,
    days: Days,
) -> Floats:
    """Return when a high reading after its start first tells of each of `ours`, one a row."""
    factor = 1.0 + played.meters.error[rows, np.newaxis]
    registered = played.true_m3[rows] * factor * still.turning[rows]
    registered = registered + leak_days_m3(still, rows, leaks, flow_l_h, end_s, days)
    periods = periods_of(
        rounds, rows, registered, played.usual_m3[rows] * factor, played.meters.housing[rows], days
    )
    tells: NDArray[np.bool_] = periods.abnormal & (
        periods.end * DAY_S > ours.start_s[:, np.newaxis]
    )
    told_s = np.where(tells, periods.told_s, np.inf).min(axis=1, initial=np.inf)
    return np.where(np.isfinite(told_s), told_s, np.nan)
