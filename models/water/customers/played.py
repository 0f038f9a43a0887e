"""The meters that are played: some of each zone, what they truly draw, their leaks.

Frames are played of few meters, as a radio link costs by frame. Leaks and stopped meters are rarer
and cheaper: those of more meters are played, each such meter sharing the frames' luck of one of the
few, in the same kind of place where there is one.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from models.water.customers.practice import Days
from models.water.demand.figures import DemandFigures
from models.water.demand.model import DemandModel
from models.water.demand.timetable import FARM, GARDEN, INDUSTRY, PERSON, Timetable
from models.water.metering.dice import units
from models.water.metering.figures import LeakFigures, MeterFigures
from models.water.metering.index import registered_leak_l_h
from models.water.metering.leaks import ConsumerLeaks, consumer_leaks
from models.water.metering.meters import L_PER_M3, Customer, Meters, meters_of
from models.water.metering.volumes import daily_m3
from models.water.network.network import Demands, Links, Nodes, Pumps, Tanks
from models.water.zone import Zone
from twin.streams import Streams
from twin.units import DAY_S

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Columns = TypeVar("Columns", Nodes, Demands, Links, Tanks, Pumps, Meters)

LEAST_PLAYED = 3
"""Meters a zone, so that each has luck to share."""

_HOURS = 24.0


@dataclass(frozen=True, eq=False)
class Played:
    """The played meters of one zone, the same whatever the option; arrays by played meter.

    Attributes
    ----------
    zone : str
    size : int
        Meters of the whole zone.
    round_share : float
        When in a cycle the rounds pass, in [0, 1).
    demand : DemandModel
        Of the nodes that have a played meter, with the same dice as in the whole zone.
    around : Meters
        All meters of those nodes.
    rows : NDArray[np.int64]
        Which of them are played.
    framed : NDArray[np.bool_]
        Whose frames are played: a sample of the zone's meters. The others have a leak or a stop
        that is followed.
    luck : NDArray[np.int64]
        Whose frames each shares: a place among the framed ones.
    followed : int
        Meters of the zone whose leaks and stops are played, most of them having none.
    meters : Meters
        The played ones.
    x_m, y_m : NDArray[np.float64]
        Of their nodes, Lambert-93.
    true_m3, usual_m3 : NDArray[np.float64]
        What each draws, leaks aside, and what is expected of it day by day: shape (meters, all
        days), from `beyond` days before the start. Outside the run both are the mean.
    leaks : ConsumerLeaks
    leak_l_h : NDArray[np.float64]
        What the meters register of each leak's flow.
    """

    zone: str
    size: int
    round_share: float
    demand: DemandModel
    around: Meters
    rows: Rows
    framed: NDArray[np.bool_]
    luck: Rows
    followed: int
    meters: Meters
    x_m: Floats
    y_m: Floats
    true_m3: Floats
    usual_m3: Floats
    leaks: ConsumerLeaks
    leak_l_h: Floats

    @property
    def weight(self) -> float:
        """How many meters each framed one stands for; 0 in a zone without any."""
        return self.size / max(int(self.framed.sum()), 1)

    @property
    def leak_weight(self) -> float:
        """How many leaks or stops each followed one stands for."""
        return self.size / max(self.followed, 1)


def chosen_meters(meters: Meters, share: float) -> Rows:
    """Return the meters whose die falls below `share`, three at least, by that die.

    Each meter has its own die: another zone, or a larger share, takes none away.
    """
    dice = units(meters.key, "customer-sample")
    order = np.argsort(dice, kind="stable")
    count = max(int((dice < share).sum()), min(LEAST_PLAYED, len(meters)))
    return order[:count].astype(np.int64)


def played_zone(
    zone: Zone,
    timetable: Timetable,
    demand_figures: DemandFigures,
    leak_figures: LeakFigures,
    streams: Streams,
    *,
    share: float,
    leaks_per_frame: float,
    days: Days,
) -> Played:
    """Return the played meters of a zone.

    Volumes are drawn for the nodes of played meters alone: names make dice, hence nothing changes.
    """
    figures = MeterFigures()
    whole = meters_of(zone, DemandModel(zone, timetable, demand_figures, streams), figures, streams)
    framed = chosen_meters(whole, share)
    followed = chosen_meters(whole, min(share * leaks_per_frame, 1.0))
    begins = _begins(taken(whole, followed), leak_figures, days)
    chosen = np.union1d(framed, followed[begins])
    nodes = np.unique(whole.node[chosen]).astype(np.int64)
    part = _part(zone, nodes)
    demand = DemandModel(part, timetable, demand_figures, streams)
    around = meters_of(part, demand, figures, streams)
    # Both list homes, farms, workshops by node and rank: the order among those chosen is the same.
    rows = np.flatnonzero(np.isin(around.key, whole.key[chosen])).astype(np.int64)
    meters = taken(around, rows)
    is_framed = np.isin(chosen, framed)
    drawn = np.zeros((0, days.end))
    if len(rows):
        drawn = daily_m3(around, demand, 0, demand.daily(0, days.end))[rows]
    usual = _expected(demand, part, around, rows, days)
    leaks = consumer_leaks(meters, leak_figures, days.end)
    place = part.network.nodes
    return Played(
        zone=zone.id,
        size=len(whole),
        round_share=streams.uniform("water", "customer-rounds", zone.id),
        demand=demand,
        around=around,
        rows=rows,
        framed=is_framed,
        luck=_luck(meters, is_framed),
        followed=len(followed),
        meters=meters,
        x_m=place.x_m[meters.node],
        y_m=place.y_m[meters.node],
        true_m3=_prolonged(drawn, meters.mean_m3_day, days.beyond),
        usual_m3=_prolonged(usual, meters.mean_m3_day, days.beyond),
        leaks=leaks,
        leak_l_h=registered_leak_l_h(taken(meters, leaks.meter), leaks.flow_l_h),
    )


def _begins(meters: Meters, figures: LeakFigures, days: Days) -> NDArray[np.bool_]:
    """Tell behind which meters something begins that is followed: a leak or a stop."""
    leaks = consumer_leaks(meters, figures, days.end)
    begins = days.follows(meters.stops_day * DAY_S)
    begins[leaks.meter[days.follows(leaks.start_s)]] = True
    return begins


def _luck(meters: Meters, framed: NDArray[np.bool_]) -> Rows:
    """Return whose frames each meter shares: its own, or of one in the same kind of place."""
    luck = np.cumsum(framed) - 1
    dice = units(meters.key, "customer-luck")
    for row in np.flatnonzero(~framed).tolist():
        like = np.flatnonzero(meters.place[framed] == meters.place[row])
        some = like if len(like) else np.arange(int(framed.sum()))
        luck[row] = some[int(dice[row] * len(some))]
    return luck.astype(np.int64)


def taken(columns: Columns, rows: NDArray[Any]) -> Columns:
    """Return the rows of a table of columns; what is no column stays."""
    found: dict[str, Any] = {}
    for each in fields(columns):
        values = getattr(columns, each.name)
        if isinstance(values, np.ndarray):
            found[each.name] = values[rows]
        elif isinstance(values, tuple):
            found[each.name] = tuple(values[row] for row in rows.tolist())
        else:
            found[each.name] = values
    return type(columns)(**found)


def leaks_of(leaks: ConsumerLeaks, rows: NDArray[Any], meter: NDArray[np.int64]) -> ConsumerLeaks:
    """Return some leaks, their meters renumbered to `meter`."""
    return ConsumerLeaks(
        meter, leaks.start_s[rows], leaks.flow_l_h[rows], leaks.on_pipe[rows],
        leaks.noticed_s[rows], leaks.repair_s[rows],
    )  # fmt: skip


def _prolonged(values: Floats, mean: Floats, beyond: int) -> Floats:
    more = np.repeat(mean[:, np.newaxis], beyond, axis=1)
    return np.concatenate([more, values, more], axis=1)


def _expected(demand: DemandModel, zone: Zone, around: Meters, rows: Rows, days: Days) -> Floats:
    """Return the expected volume of each day of the run, m3: no dice but the seasons'."""
    table, span = demand.timetable, slice(0, days.end)
    customer, node = around.customer[rows], around.node[rows]
    home = customer <= Customer.SECOND
    own = rows[home]  # homes come first among meters, in their own order
    homes = demand.homes
    present = np.where(
        homes.second[own, np.newaxis], table.second_share[span], 1.0 - table.absent_share[span]
    )
    litres = homes.people[own, np.newaxis] * present * table.daily(PERSON)[span]
    litres += np.outer(homes.garden[own], table.daily(GARDEN)[span])
    out = np.empty((len(rows), days.end))
    out[home] = litres / L_PER_M3
    for kind, mean, row in (
        (Customer.FARM, zone.farm_m3_per_day, FARM),
        (Customer.INDUSTRY, zone.industry_m3_per_day, INDUSTRY),
    ):
        mine = customer == kind
        out[mine] = np.outer(mean[node[mine]], table.daily(row)[span] / _HOURS)
    return out


def _part(zone: Zone, nodes: Rows) -> Zone:
    """Return the zone of these nodes alone, without pipes."""
    network, none = zone.network, np.zeros(0, dtype=np.int64)
    return replace(
        zone,
        network=replace(
            network,
            nodes=taken(network.nodes, nodes),
            demands=taken(network.demands, none),
            links=taken(network.links, none),
            tanks=taken(network.tanks, none),
            pumps=taken(network.pumps, none),
            controls=(),
        ),
        people=zone.people[nodes],
        homes=zone.homes[nodes],
        farm_m3_per_day=zone.farm_m3_per_day[nodes],
        industry_m3_per_day=zone.industry_m3_per_day[nodes],
        connections=zone.connections[nodes],
        material=zone.material[none],
        laid_year=zone.laid_year[none],
    )
