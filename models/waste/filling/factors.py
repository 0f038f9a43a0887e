"""What multiplies the mean of a day: weekday, season, public holidays, market days, events.

Weekday and season have mean 1 by construction, so a point's mean stays the mean of its year.
Holidays, markets and events add to it unless told otherwise; :func:`yearly_effect` says how much.
"""

from __future__ import annotations

import calendar as months
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from models.waste.filling.hours import HOUR_SHARES, check_shares
from models.waste.filling.places import Places
from twin.clock import french_holidays
from twin.errors import Fault, InputError
from twin.lang import Text

DAYS_A_WEEK, MONTHS_A_YEAR = 7, 12
MOST = 100.0
"""No factor above this: it would be a mistyped percentage."""

WEEKDAY = (1.1, 0.9, 0.9, 0.9, 1.0, 1.2, 1.0)
"""Monday to Sunday [U]; mean 1."""


@dataclass(frozen=True)
class Harmonic:
    """One smooth wave a year: 1 + amplitude cos(2 pi (day - peak_day) / days of the year).

    `amplitude` 0.15 [U]; `peak_day` counts from 1 on 1 January, 213 is 1 August [U]. Its mean over
    every calendar year is 1 exactly.
    """

    amplitude: float = 0.15
    peak_day: float = 213.0


@dataclass(frozen=True)
class Monthly:
    """Twelve factors, January to December, divided by their mean over the days of the year."""

    factors: tuple[float, ...]


@dataclass(frozen=True)
class Market:
    """A market or any other weekly habit of some points (none named: all).

    `weekday` 0 is Monday. With `keep_mean` the rest of the point's week is lowered so that its mean
    stays; otherwise the point's year gains about (factor - 1) / 7.
    """

    weekday: int
    factor: float
    points: tuple[str, ...] = ()
    keep_mean: bool = False


@dataclass(frozen=True)
class Event:
    """Days, both included, when some points (none named: all) receive `factor` times as much."""

    first: date
    last: date
    factor: float
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class Factors:
    """Every factor of the mean.

    Parameters
    ----------
    hour_shares
        Share of the day in each local hour, 24 values that sum to 1 [U].
    weekday
        Monday to Sunday, divided by their mean [U].
    season
        A wave or twelve months; None for none.
    holiday
        Factor of French public holidays, on top of the weekday's; 1 for no known effect [U].
    markets, events
        Per point; where several meet they multiply.

    Raises
    ------
    InputError
        With every factor that is negative, not finite, above 100 or miscounted.
    """

    hour_shares: tuple[float, ...] = HOUR_SHARES
    weekday: tuple[float, ...] = WEEKDAY
    season: Harmonic | Monthly | None = Harmonic()
    holiday: float = 1.0
    markets: tuple[Market, ...] = ()
    events: tuple[Event, ...] = ()

    def __post_init__(self) -> None:
        faults = check_shares(self.hour_shares)
        faults += _check("weekday", self.weekday, DAYS_A_WEEK)
        faults += _check("holiday", (self.holiday,), 1, may_be_zero=True)
        if isinstance(self.season, Monthly):
            faults += _check("season", self.season.factors, MONTHS_A_YEAR)
        elif isinstance(self.season, Harmonic) and not 0.0 <= self.season.amplitude <= 1.0:
            faults.append(
                Fault(
                    key="season.amplitude",
                    value=f"{self.season.amplitude:g}",
                    expected=Text("de 0 à 1 : rien ne se remplit à l'envers",
                                  "0 to 1: nothing fills backwards"),
                    remedy=Text("écrivez 0.15 pour ± 15 %", "write 0.15 for ± 15 %"),
                )
            )  # fmt: skip
        for row, market in enumerate(self.markets):
            faults += _check(f"markets[{row}].factor", (market.factor,), 1, may_be_zero=True)
            if market.weekday not in range(DAYS_A_WEEK):
                faults.append(_weekday_fault(f"markets[{row}].weekday", market.weekday))
        for row, event in enumerate(self.events):
            faults += _check(f"events[{row}].factor", (event.factor,), 1, may_be_zero=True)
            if event.last < event.first:
                faults.append(_order_fault(f"events[{row}]", event))
        if faults:
            raise InputError(*faults)


@dataclass(frozen=True, eq=False)
class YearlyEffect:
    """What each factor alone multiplies the mean of one calendar year by, and all together.

    Weekday and season are not exactly 1 for a calendar year that holds 53 of some weekday; the
    arrays have shape (points,).
    """

    weekday: float
    season: float
    holiday: float
    markets: NDArray[np.float64]
    events: NDArray[np.float64]
    together: NDArray[np.float64]


def day_factors(
    factors: Factors, places: Places, first_day: date, days: int
) -> NDArray[np.float64]:
    """Return what multiplies each point's mean on each day, shape (days, points).

    Raises
    ------
    InputError
        A market or an event names a point that is not there.
    """
    dates = [first_day + timedelta(days=day) for day in range(days)]
    common = _weekday(factors, dates) * _season(factors, dates) * _holiday(factors, dates)
    table = np.repeat(common[:, np.newaxis], len(places), axis=1)
    if factors.markets:
        week = _market_weeks(factors, places)
        table *= week[[day.weekday() for day in dates]]
    if factors.events:
        table *= _events(factors, places, dates)
    return table


def yearly_effect(factors: Factors, places: Places, year: int) -> YearlyEffect:
    """Return the effect of every factor on the mean of a calendar year."""
    first = date(year, 1, 1)
    dates = [first + timedelta(days=day) for day in range(_days_in(year))]
    week = _market_weeks(factors, places)[[day.weekday() for day in dates]]
    return YearlyEffect(
        weekday=float(_weekday(factors, dates).mean()),
        season=float(_season(factors, dates).mean()),
        holiday=float(_holiday(factors, dates).mean()),
        markets=week.mean(axis=0),
        events=_events(factors, places, dates).mean(axis=0),
        together=day_factors(factors, places, first, len(dates)).mean(axis=0),
    )


def _weekday(factors: Factors, dates: Sequence[date]) -> NDArray[np.float64]:
    week = np.asarray(factors.weekday) / np.mean(factors.weekday)
    return np.asarray(week[[day.weekday() for day in dates]], dtype=np.float64)


def _season(factors: Factors, dates: Sequence[date]) -> NDArray[np.float64]:
    season = factors.season
    if season is None:
        return np.ones(len(dates))
    if isinstance(season, Monthly):
        means = {year: _monthly_mean(season, year) for year in {day.year for day in dates}}
        return np.array([season.factors[day.month - 1] / means[day.year] for day in dates])
    turns = [(day.timetuple().tm_yday - season.peak_day) / _days_in(day.year) for day in dates]
    return np.asarray(1.0 + season.amplitude * np.cos(2.0 * math.pi * np.array(turns)))


def _monthly_mean(season: Monthly, year: int) -> float:
    days = [months.monthrange(year, month)[1] for month in range(1, MONTHS_A_YEAR + 1)]
    return float(np.average(season.factors, weights=days))


def _holiday(factors: Factors, dates: Sequence[date]) -> NDArray[np.float64]:
    if factors.holiday == 1.0:
        return np.ones(len(dates))
    known = {day for year in {day.year for day in dates} for day in french_holidays(year)}
    return np.array([factors.holiday if day in known else 1.0 for day in dates])


def _market_weeks(factors: Factors, places: Places) -> NDArray[np.float64]:
    """Return the markets' factor per weekday and point, shape (7, points)."""
    week = np.ones((DAYS_A_WEEK, len(places)))
    usual = np.asarray(factors.weekday) / np.sum(factors.weekday)
    for row, market in enumerate(factors.markets):
        own = np.ones(DAYS_A_WEEK)
        own[market.weekday] = market.factor
        if market.keep_mean:
            own /= usual @ own
        rows = places.rows(market.points, f"markets[{row}].points")
        week[:, rows] *= own[:, np.newaxis]
    return week


def _events(factors: Factors, places: Places, dates: Sequence[date]) -> NDArray[np.float64]:
    table = np.ones((len(dates), len(places)))
    for row, event in enumerate(factors.events):
        rows = places.rows(event.points, f"events[{row}].points")
        during = [day for day, when in enumerate(dates) if event.first <= when <= event.last]
        table[np.ix_(during, rows)] *= event.factor
    return table


def _days_in(year: int) -> int:
    return 366 if months.isleap(year) else 365


def _check(
    key: str, values: tuple[float, ...], count: int, *, may_be_zero: bool = False
) -> list[Fault]:
    """Return a fault where factors are not `count` numbers of 0 to 100, one of them positive."""
    sound = all(math.isfinite(value) and 0.0 <= value <= MOST for value in values)
    if len(values) == count and sound and (may_be_zero or sum(values) > 0.0):
        return []
    return [
        Fault(
            key=key,
            value=", ".join(f"{value:g}" for value in values),
            expected=Text(f"{count} facteur(s) de 0 à {MOST:g}",
                          f"{count} factor(s), 0 to {MOST:g}"),
            remedy=Text("1 est un jour ordinaire, 2 un jour double",
                        "1 is an ordinary day, 2 a double one"),
        )
    ]  # fmt: skip


def _weekday_fault(key: str, value: int) -> Fault:
    return Fault(
        key=key,
        value=str(value),
        expected=Text("de 0 (lundi) à 6 (dimanche)", "0 (Monday) to 6 (Sunday)"),
        remedy=Text("corrigez le jour", "mend the day"),
    )


def _order_fault(key: str, event: Event) -> Fault:
    return Fault(
        key=key,
        value=f"{event.first} → {event.last}",
        expected=Text("un dernier jour après le premier", "a last day after the first"),
        remedy=Text("échangez les deux dates", "swap the two dates"),
    )


PLAIN = Factors(
    hour_shares=(1.0 / 24.0,) * 24, weekday=(1.0,) * DAYS_A_WEEK, season=None
)  # fmt: skip
"""No factor at all: every hour of every day alike."""
