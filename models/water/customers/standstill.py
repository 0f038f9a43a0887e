"""Meters that stop turning: noticed by an index that stands still, then replaced."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.water.customers.airing import Heard
from models.water.customers.played import Floats, Played
from models.water.customers.practice import Days, Practice
from models.water.customers.rounds import Rounds
from models.water.metering.meters import Customer
from models.water.metering.stopped import noticed_s, unregistered_m3
from twin.units import DAY_S


@dataclass(frozen=True, eq=False)
class Standstill:
    """Of the played meters of a zone, shape (meters,) unless said otherwise.

    Attributes
    ----------
    turning : NDArray[np.float64]
        Share of each day that the meter turns; shape (meters, all days).
    noticed_s : NDArray[np.float64]
        When a stopped one is noticed; NaN where none is.
    unregistered_m3 : NDArray[np.float64]
        True use from the stop to the replacement, of the stops that are followed.
    """

    turning: Floats
    noticed_s: Floats
    unregistered_m3: Floats


def standstill_of(
    played: Played, rounds: Rounds, heard: Heard | None, practice: Practice, days: Days
) -> Standstill:
    """Return which meters stood still and until when, by any index that came."""
    stops = played.meters.stops_day
    from_s = (stops * DAY_S)[:, np.newaxis]
    found = np.full(len(stops), np.nan)
    dials = [_dial(rounds)]
    if heard is not None:
        dials.append((_midnight_times(heard), np.isfinite(heard.midnight_s), heard.midnight_s))
    for sampled_s, came, received_s in dials:
        # Nothing moves after the stop: what came since then is all alike.
        seen = first_still_s(
            played, np.zeros(sampled_s.shape), sampled_s, came & (sampled_s >= from_s),
            received_s, practice,
        )  # fmt: skip
        found = np.fmin(found, seen)
    back = np.where(np.isnan(found), np.inf, found / DAY_S + practice.meter_days)[:, np.newaxis]
    begin = np.arange(-days.beyond, days.end + days.beyond)
    still = np.minimum(begin + 1, back) - np.maximum(begin, stops[:, np.newaxis])
    stood_m3 = unregistered_m3(played.true_m3[:, days.beyond :], stops, found, practice.meter_days)
    return Standstill(
        turning=1.0 - np.clip(still, 0.0, 1.0),
        noticed_s=found,
        unregistered_m3=np.where(days.follows(stops * DAY_S), stood_m3, 0.0),
    )


def false_stills(
    played: Played,
    registered_m3: Floats,
    rounds: Rounds,
    heard: Heard | None,
    practice: Practice,
    days: Days,
) -> int:
    """Return how many sound framed meters were looked at in vain in the days that count.

    Their homes were empty. Each meter once at most: it is known from then on.
    """
    index = np.concatenate(
        [np.zeros((len(registered_m3), 1)), np.cumsum(registered_m3, axis=1)], axis=1
    )
    first = np.full(len(index), np.nan)
    sampled_s, came, received_s = _dial(rounds)
    at = np.clip(rounds.day + days.beyond, 0, index.shape[1] - 1)
    dials = [(np.take_along_axis(index, at, axis=1), sampled_s, came, received_s)]
    if heard is not None:
        nights = index[:, days.beyond : days.beyond + days.end + 1]
        known_s = heard.midnight_s
        dials.append((nights, _midnight_times(heard), np.isfinite(known_s), known_s))
    for shown, sampled_s, came, received_s in dials:
        before = came & (sampled_s <= (played.meters.stops_day * DAY_S)[:, np.newaxis])
        seen = first_still_s(played, shown, sampled_s, before, received_s, practice)
        first = np.fmin(first, seen)
    return int((days.counts(first) & played.framed).sum())


def first_still_s(
    played: Played,
    index_m3: Floats,
    sampled_s: Floats,
    came: NDArray[np.bool_],
    received_s: Floats,
    practice: Practice,
) -> Floats:
    """Return when an index is first seen to stand still too long for its kind of customer."""
    second = played.meters.customer == Customer.SECOND
    found = np.full(len(second), np.nan)
    for mine, still_days in ((second, practice.second_still_days), (~second, practice.still_days)):
        found[mine] = noticed_s(
            index_m3[mine], sampled_s[mine], came[mine], received_s[mine], still_days
        )
    return found


def _dial(rounds: Rounds) -> tuple[Floats, NDArray[np.bool_], Floats]:
    """Return when indices were read on rounds, and whether."""
    read_s = rounds.day.astype(np.float64) * DAY_S
    return read_s, rounds.made, read_s


def _midnight_times(heard: Heard) -> Floats:
    nights = np.arange(heard.midnight_s.shape[1]) * DAY_S
    return np.broadcast_to(nights, heard.midnight_s.shape)
