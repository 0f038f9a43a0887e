"""The leaks of a world, drawn once: no option, no horizon and no other zone moves one of them.

Leaks of mains and of connections come as Poisson processes. Time is cut into years of 365 days
counted from the first day, before and after; each (zone, year) has its own named streams, so the
leaks of a year are the same whatever end or lead is asked for. The season thins them. A year's
weather is one factor common to all zones.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from models.water.leaks.events import LeakEvents, LeakKind
from models.water.leaks.figures import LARGEST_M3H, LeakFigures
from models.water.leaks.laws import FIXED_N1, favad_split
from models.water.leaks.past_surveys import heard_before
from models.water.leaks.rates import Rates, leak_rates
from models.water.leaks.run_time import YEAR_DAYS, lognormal, repair_s
from models.water.leaks.season import peak, season, weather
from models.water.network.network import NONE, Floats, Ints
from models.water.zone import Zone
from twin.errors import Fault, InputError
from twin.lang import Text
from twin.streams import Streams
from twin.units import DAY_S, HOUR_S, YEAR_S

MODEL = "water"
LEAD_DAYS = 6 * 365
"""Lead in which the stock of the first day forms: with the usual figures one leak in 2,000 is
older [D]."""

_BLOCK_DAYS = 365
_TIME, _THIN, _PLACE, _ALONG, _HIDDEN, _SIZE, _N1, _GROWTH, _SURFACE = range(9)
_PAST, _FIND, _LOCATE, _REPAIR = range(9, 13)
_DRAWS = 13
_EDGE = 1e-12
"""Keeps a uniform draw off 0 where its normal quantile would be infinite."""


def draw_leaks(
    zones: Sequence[Zone],
    figures: LeakFigures,
    streams: Streams,
    days: int,
    first_day: dt.date,
    lead_days: int = LEAD_DAYS,
) -> LeakEvents:
    """Return the leaks that run on the first day, and those that start within the horizon.

    Leaks that began in the lead and were reported or heard, and repaired, before the first day are
    left out; those known but not yet repaired have `surfaces_s` before 0.

    Parameters
    ----------
    zones
        Zones, each with an id of its own: it names its dice.
    figures
        The world's figures.
    streams
        The world's dice.
    days
        Horizon, days.
    first_day
        Date of second 0: season and ages of pipes.
    lead_days
        How far back leaks may have begun.

    Raises
    ------
    InputError
        If two zones have one id, or the horizon or lead is negative.
    """
    _check(zones, days, lead_days)
    every = draw_every_leak(zones, figures, streams, days, first_day, lead_days)
    gone = every.surfaces_s + repair_s(every, figures) < 0.0
    return every.take(~gone)


def draw_every_leak(
    zones: Sequence[Zone],
    figures: LeakFigures,
    streams: Streams,
    days: int,
    first_day: dt.date,
    lead_days: int,
) -> LeakEvents:
    """Return all leaks that start from `lead_days` before to `days` after, repaired or not."""
    rates = leak_rates(zones, figures, first_day.year)
    blocks = range(-math.ceil(lead_days / _BLOCK_DAYS), math.ceil(days / _BLOCK_DAYS))
    parts = []
    for connection in (False, True):
        zone, block, u = _throw(zones, rates, figures, streams, blocks, connection=connection)
        start_s = (block + u[:, _TIME]) * (_BLOCK_DAYS * DAY_S)
        within = (start_s >= -lead_days * DAY_S) & (start_s < days * DAY_S)
        parts.append(
            _events(
                zone[within], start_s[within], u[within], rates, figures, first_day,
                connection=connection,
            )
        )  # fmt: skip
    both = [np.concatenate(columns) for columns in zip(*parts, strict=True)]
    order = np.lexsort((both[4], both[0]))
    events = LeakEvents(*(column[order] for column in both[:-1]))
    heard_s = heard_before(events, both[-1][order], zones, figures, streams)
    known_s = np.where(heard_s < 0.0, np.minimum(events.surfaces_s, heard_s), events.surfaces_s)
    columns_ = vars(events) | {"surfaces_s": known_s}
    return LeakEvents(**columns_)


def _throw(
    zones: Sequence[Zone],
    rates: Rates,
    figures: LeakFigures,
    streams: Streams,
    blocks: range,
    *,
    connection: bool,
) -> tuple[Ints, NDArray[np.float64], Floats]:
    """Return zone, block and uniform draws of each candidate, before the season thins them."""
    purpose = "leaks-connections" if connection else "leaks-mains"
    yearly = rates.zone_totals(connection=connection) * peak(figures) * _BLOCK_DAYS / YEAR_DAYS
    common = {block: weather(figures, streams, block) for block in blocks}
    tables, zone_of, block_of = [np.zeros((0, _DRAWS))], [], []
    for row, zone in enumerate(zones):
        if yearly[row] == 0.0:
            continue
        for block in blocks:
            dice = streams.generator(MODEL, purpose, f"{zone.id}/{block}")
            count = int(dice.poisson(yearly[row] * common[block]))
            tables.append(dice.random((count, _DRAWS)))
            zone_of.append(np.full(count, row))
            block_of.append(np.full(count, block))
    none = [np.zeros(0)]
    return (
        np.concatenate(none + zone_of).astype(np.int32),
        np.concatenate(none + block_of),
        np.concatenate(tables),
    )


def _events(
    zone: Ints,
    start_s: Floats,
    u: Floats,
    rates: Rates,
    figures: LeakFigures,
    first_day: dt.date,
    *,
    connection: bool,
) -> tuple[NDArray[np.generic], ...]:
    """Return the columns of LeakEvents, and the draw of past surveys, of candidates that stay."""
    weights, first = (
        (rates.connections, rates.first_node) if connection else (rates.mains, rates.first_link)
    )
    where = _pick(weights, first, zone, u[:, _PLACE])
    plastic = np.ones(len(where), dtype=np.bool_) if connection else rates.plastic[where]
    stays = u[:, _THIN] * peak(figures) < season(
        start_s, plastic, figures, first_day, connection=connection
    )
    zone, start_s, u = zone[stays], start_s[stays], u[stays]
    where, plastic = where[stays], plastic[stays]
    hidden = u[:, _HIDDEN] < figures.hidden_share(connection=connection)
    kind = hidden + (LeakKind.REPORTED_CONNECTION if connection else 0)
    link, node, place = _places(rates, zone, where, u[:, _ALONG], connection=connection)
    half, three_halves = _coefficients(u, plastic, hidden, figures, connection=connection)
    growth = figures.growth_days * np.exp(figures.growth_log_sd * _normal(u[:, _GROWTH]))
    aware_days = figures.connection_aware_days if connection else figures.mains_aware_days
    mean_s = np.where(hidden, figures.surfacing_years * YEAR_S, aware_days * DAY_S)
    surfaces_s = start_s - mean_s * np.log1p(-u[:, _SURFACE])
    return (
        zone, link, node, place, start_s, half, three_halves,
        np.where(hidden, growth * DAY_S, 0.0), kind.astype(np.int8), surfaces_s,
        u[:, _FIND], u[:, _LOCATE], u[:, _REPAIR], u[:, _PAST],
    )  # fmt: skip


def _normal(u: Floats) -> Floats:
    return np.asarray(ndtri(np.maximum(u, _EDGE)))


def _pick(weights: Floats, first: Ints, zone: Ints, u: Floats) -> NDArray[np.int64]:
    """Return the place of each candidate among its zone's, by weight; candidates in zone order."""
    where = np.empty(len(zone), dtype=np.int64)
    for row in np.unique(zone).tolist():
        low, high = np.searchsorted(zone, [row, row + 1])
        # A sum of the zone's own weights, so that its dice do not feel the others' rounding.
        total = np.cumsum(weights[first[row] : first[row + 1]])
        found = np.searchsorted(total, u[low:high] * total[-1], side="right")
        last = np.searchsorted(total, total[-1])
        where[low:high] = first[row] + np.minimum(found, last)
    return where


def _places(
    rates: Rates, zone: Ints, where: NDArray[np.int64], along: Floats, *, connection: bool
) -> tuple[Ints, Ints, Floats]:
    """Return link and node within the zone, and the share of the link's length."""
    if connection:
        node = where - rates.first_node[zone]
        place = np.where(rates.at_start[where] | (rates.node_link[where] == NONE), 0.0, 1.0)
        return rates.node_link[where], node.astype(np.int32), place
    link = (where - rates.first_link[zone]).astype(np.int32)
    node = np.where(along < 0.5, rates.start[where], rates.end[where])  # noqa: PLR2004 - halfway
    return link, node.astype(np.int32), along


def _coefficients(
    u: Floats,
    plastic: NDArray[np.bool_],
    hidden: NDArray[np.bool_],
    figures: LeakFigures,
    *,
    connection: bool,
) -> tuple[Floats, Floats]:
    """Return the full FAVAD coefficients of each leak."""
    reported = figures.connection_m3h if connection else figures.mains_m3h
    mean = np.where(hidden, figures.hidden_m3h, reported)
    flow_m3h = lognormal(np.maximum(u[:, _SIZE], _EDGE), mean, figures.log_sd)
    low, high = figures.plastic_n1_low, figures.plastic_n1_high
    n1 = np.where(plastic, low + u[:, _N1] * (high - low), FIXED_N1)
    return favad_split(np.minimum(flow_m3h, LARGEST_M3H) / HOUR_S, n1)


def _check(zones: Sequence[Zone], days: int, lead_days: int) -> None:
    faults = [
        Fault(
            key=key,
            value=str(value),
            expected=Text("zéro jour ou plus", "zero days or more"),
            remedy=Text("corrigez la durée", "mend the duration"),
        )
        for key, value in (("days", days), ("lead_days", lead_days))
        if value < 0
    ]
    seen: set[str] = set()
    for zone in zones:
        if zone.id in seen:
            faults.append(
                Fault(
                    key="zone",
                    value=zone.id,
                    expected=Text("un identifiant par zone", "one id a zone"),
                    remedy=Text("renommez l'une des deux", "rename one of the two"),
                )
            )
        seen.add(zone.id)
    if faults:
        raise InputError(*faults)
