"""Who hears of a leak by radio: the rule of the option, asked with what arrived alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from models.water.customers.airing import Heard
from models.water.customers.played import Floats, Played, Rows, taken
from models.water.customers.practice import Days, Practice
from models.water.customers.standstill import Standstill
from models.water.metering.daily_rule import daily_alerts
from models.water.metering.hourly_rule import Alerts, hourly_alerts, pulsed_l
from models.water.metering.index import index_m3
from models.water.metering.leaks import ConsumerLeaks, leak_steps_l
from models.water.metering.meters import L_PER_M3, Customer
from models.water.metering.volumes import hourly_l
from models.water.settings import Reading
from twin.units import DAY_S, HOUR_S

_HOURS = 24

Ask = Callable[[float, Floats | None], Alerts]
"""Asks the rule of what was received before a time; see `after_s` of the rules."""

Listener = Callable[[Rows, ConsumerLeaks, Floats, Floats], Ask]
"""Given rows of played meters and the leaks behind them, returns how to ask.

Leaks number their meters within the rows; their registered flows (L/h) and ends (s) follow, the end
being infinite for a leak that still runs.
"""


def listener_of(
    played: Played,
    reading: Reading,
    heard: Heard | None,
    still: Standstill,
    practice: Practice,
    days: Days,
) -> Listener | None:
    """Return who listens to a zone's meters, None where nobody does."""
    if heard is None or not len(played.meters):
        return None
    if reading == "hourly":
        return _hourly(played, heard, still, practice, days)
    return _daily(played, heard, still, practice, days)


def counted_alerts(ask: Ask, days: Days) -> NDArray[np.int64]:
    """Return the alerts of each meter in the days that count."""
    return np.asarray(ask(days.end_s, None).count - ask(days.begin_s, None).count)


def _daily(
    played: Played, heard: Heard, still: Standstill, practice: Practice, days: Days
) -> Listener:
    """Return who compares an index a day with the weeks before, of main homes."""
    run = slice(days.beyond, days.beyond + days.end)
    true_m3, turning = played.true_m3[:, run], still.turning[:, run]
    known_s = _of(played, heard.midnight_s, (Customer.HOME,))
    midnights_s = DAY_S * np.arange(days.end + 1)

    def listen(rows: Rows, leaks: ConsumerLeaks, flow_l_h: Floats, end_s: Floats) -> Ask:
        meters = taken(played.meters, rows)
        litres = leak_steps_l(leaks, flow_l_h, end_s, len(rows), days.end, DAY_S)
        registered = true_m3[rows] * (1.0 + meters.error[:, np.newaxis]) + litres / L_PER_M3
        moved = np.concatenate([np.zeros((len(rows), 1)), registered * turning[rows]], axis=1)
        dial = index_m3(meters.start_m3, moved, meters.pulse_l)
        received_s = known_s[rows]
        sampled_s = np.broadcast_to(midnights_s, dial.shape).copy()

        def ask(until_s: float, after_s: Floats | None) -> Alerts:
            came = received_s < until_s
            return daily_alerts(dial, sampled_s, came, received_s, practice.daily, after_s)

        return ask

    return listen


def _hourly(
    played: Played, heard: Heard, still: Standstill, practice: Practice, days: Days
) -> Listener:
    """Return who waits for an hour without flow, of all homes."""
    run = slice(days.beyond, days.beyond + days.end)
    true_m3 = np.ascontiguousarray(played.true_m3[:, run])
    turning = np.repeat(still.turning[:, run], _HOURS, axis=1)
    usual_l = hourly_l(played.around, played.rows, played.demand, 0, true_m3)
    usual_l *= (1.0 + played.meters.error[:, np.newaxis]) * turning
    frame_s = _of(played, heard.received_s, (Customer.HOME, Customer.SECOND))

    def listen(rows: Rows, leaks: ConsumerLeaks, flow_l_h: Floats, end_s: Floats) -> Ask:
        litres = usual_l[rows]
        if len(leaks):
            steps = leak_steps_l(leaks, flow_l_h, end_s, len(rows), litres.shape[1], HOUR_S)
            litres = litres + steps * turning[rows]
        litres = pulsed_l(litres, played.meters.pulse_l[rows])
        hour, received_s = heard.frame_hour[rows], frame_s[rows]

        def ask(until_s: float, after_s: Floats | None) -> Alerts:
            came = received_s < until_s
            return hourly_alerts(litres, hour, came, received_s, practice.hourly, after_s)

        return ask

    return listen


def _of(played: Played, received_s: Floats, customers: tuple[Customer, ...]) -> Floats:
    """Return reception times, never for customers of whom the rule is not asked."""
    asked = np.isin(played.meters.customer, customers)
    return np.where(asked[:, np.newaxis], received_s, np.inf)
