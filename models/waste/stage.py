"""What every replication shares: points, roads, depots, calendars, what a visit costs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.waste.bill import Prices
from models.waste.crews import Shift
from models.waste.depots import Yards, read_yards
from models.waste.feasible import cut_to_truck, refuse_unreachable
from models.waste.figures import nominal_dice
from models.waste.points import StreamPoints, read_stream_points, synthetic_points
from models.waste.rounds import Depot, Roads, Service
from models.waste.settings import Settings, ShiftSection, StreamSection
from twin.lang import Text
from twin.ports import Say
from twin.roads.cache import cached_travel
from twin.roads.graph import RoadGraph
from twin.roads.matrix import Rows, TravelSettings
from twin.roads.travel import Travel
from twin.routing.problem import Vehicle
from twin.routing.shift import working_time_s
from twin.scenario import Scenario
from twin.territory.communes import Commune, read_communes
from twin.territory.limits import territory_areas
from twin.workspace import Workspace

Floats = NDArray[np.float64]
NEAREST = 4
"""Neighbours a person may carry on to, and that a rule looks at."""
USUAL_FILL = 0.8
"""Share of its capacity a point is emptied at when a visit's usual cost is counted [U]."""


@dataclass(frozen=True, eq=False)
class StreamStage:
    """The fixed part of one stream.

    `carry` and `near` list neighbours, shape (points, NEAREST), -1 where there is none close
    enough; `visit_eur` is what emptying a point usually costs, shape (points,).
    """

    name: str
    section: StreamSection
    points: StreamPoints
    depots: tuple[Depot, ...]
    service: Service
    shift: Shift
    carry: NDArray[np.int32]
    near: NDArray[np.int32]
    visit_eur: Floats
    bound_m_per_l: Floats

    @property
    def kg_per_l(self) -> float:
        """Return the density in the bin, kg per litre."""
        return self.section.density_kg_m3 / 1e3


@dataclass(frozen=True, eq=False)
class WasteStage:
    """The fixed part of an option's world."""

    communes: tuple[Commune, ...]
    travel: Travel
    yards: Yards
    streams: tuple[StreamStage, ...]

    @property
    def roads(self) -> Roads:
        """Return the matrices the rounds run on."""
        return Roads(self.travel.distance_m, self.travel.time_s)


def load_stage(
    scenario: Scenario, settings: Settings, workspace: Workspace, say: Say
) -> WasteStage:
    """Return the stage; the travel matrix is computed once and kept in the workspace's cache."""
    territory = scenario.territory
    communes = read_communes(territory.communes, territory.merged_communes)
    points = read_points_of(scenario, settings, communes)
    yards = read_yards(settings.depots, settings.streams)
    where = _places(points, yards)
    graph = roads_of(settings.roads, communes, settings.points.seed)
    what = Text(
        f"matrice routière de {len(where[0])} lieux ({graph.source})",
        f"road matrix of {len(where[0])} places ({graph.source})",
    )
    say(what, 0.0)
    table = settings.points.table
    yard_names = (f"{each} ({settings.depots.name})" for each in yards.ids)
    names = [*where[3], *yard_names]
    rows = Rows(file="points" if table is None else table.name, places=names)
    limit = TravelSettings(limit_m=settings.snap_limit_m)
    if settings.roads is None:
        # Made-up roads miss most hamlets: whatever the way to them, it is driven.
        limit = TravelSettings(limit_m=20_000.0, access_kmh=40.0, access_detour=1.3)
    travel = cached_travel(workspace.cache, graph, where[0], where[1], limit, rows)
    say(what, 1.0)
    prices = nominal_dice(scenario).prices
    first_yard = len(where[0]) - len(yards.ids)
    streams = tuple(
        stream_stage(
            name,
            section,
            points[name],
            where[2][name],
            yards,
            first_yard,
            travel,
            settings,
            prices,
        )
        for name, section in settings.streams.items()
    )
    return WasteStage(communes, travel, yards, streams)


def read_points_of(
    scenario: Scenario, settings: Settings, communes: tuple[Commune, ...]
) -> dict[str, StreamPoints]:
    """Return the points of every stream."""
    areas = territory_areas(scenario.territory, communes)
    if settings.points.table is not None:
        return read_stream_points(settings.points.table, settings.streams, areas)
    return synthetic_points(settings.points, settings.streams, communes, areas)


@lru_cache(maxsize=1)  # a pure function of frozen inputs, asked for by every option in turn
def roads_of(roads: Path | None, communes: tuple[Commune, ...], seed: int) -> RoadGraph:
    """Return the planner's roads, or made-up ones between the communes."""
    if roads is not None:
        from twin.roads.read import read_roads

        return read_roads(roads)
    from twin.roads.synthetic import synthetic_roads

    return synthetic_roads(communes, seed).graph


def _places(
    points: dict[str, StreamPoints], yards: Yards
) -> tuple[Floats, Floats, dict[str, NDArray[np.int64]], list[str]]:
    """Return all places once (points, then yards), each stream's rows, and points' names."""
    rows: dict[tuple[float, float], int] = {}
    names: list[str] = []
    where: dict[str, NDArray[np.int64]] = {}
    for name, own in points.items():
        found = np.empty(len(own), dtype=np.int64)
        for i, place in enumerate(zip(own.x_m.tolist(), own.y_m.tolist(), strict=True)):
            if place not in rows:
                rows[place] = len(rows)
                names.append(own.ids[i])
            found[i] = rows[place]
        where[name] = found
    x_m = np.concatenate([np.array([place[0] for place in rows]), yards.x_m])
    y_m = np.concatenate([np.array([place[1] for place in rows]), yards.y_m])
    return x_m, y_m, where, names


def shift_of(section: ShiftSection) -> Shift:
    """Return a shift in seconds after midnight."""

    def seconds(moment: object) -> float:
        return float(moment.hour * 3600 + moment.minute * 60 + moment.second)  # type: ignore[attr-defined]

    return Shift(
        seconds(section.start),
        seconds(section.end),
        tuple((seconds(each.due), 60.0 * each.minutes) for each in section.breaks),
        60.0 * section.overtime_minutes,
    )


def stream_stage(
    name: str,
    section: StreamSection,
    points: StreamPoints,
    location: NDArray[np.int64],
    yards: Yards,
    first_yard: int,
    travel: Travel,
    settings: Settings,
    prices: Prices,
) -> StreamStage:
    """Return the fixed part of one stream; `location` are its points' rows of the matrices."""
    shift = shift_of(section.shift)
    minutes = section.stop_minutes + section.lift_minutes * points.containers
    service_s = np.asarray(60.0 * minutes, dtype=np.float64)
    capacity_l = truck_l(section)
    points = cut_to_truck(points, capacity_l)
    rows = yards.depots(name)
    starts = np.array([first_yard + row for row in rows], dtype=np.int64)
    dumps = tuple(first_yard + row for row in yards.dumps(name))
    owner = np.argmin(
        travel.time_s[np.ix_(starts, location)] + travel.time_s[np.ix_(location, starts)].T, axis=0
    )
    work_s = working_time_s(shift.start_s, shift.end_s, shift.breaks)
    depots = tuple(
        Depot(
            yards.ids[row],
            np.flatnonzero(owner == k),
            Vehicle(
                start=int(starts[k]),
                end=int(starts[k]),
                count=int(yards.trucks[row]),
                capacity=capacity_l,
                work_s=work_s,
                dumps=tuple(first_yard + dump for dump in yards.dumps_of(row)),
                dump_s=60.0 * section.truck.unload_minutes,
                ends_empty=True,
                cost_per_m=prices.truck_eur_km / 1e3,
                cost_per_s=prices.crew_eur_h / 3600.0,
            ),
        )
        for k, row in enumerate(rows)
    )
    table, service = settings.points.table, Service(location, service_s)
    file = "points" if table is None else table.name
    refuse_unreachable(name, points, depots, service, travel, file)
    between = travel.distance_m[np.ix_(location, location)]
    away_m, away_s = _home(travel, location, starts[owner], dumps)
    share = USUAL_FILL * points.capacity_l / capacity_l
    aside_m = np.sort(between + np.where(np.eye(len(points)) > 0.0, np.inf, 0.0), axis=1)
    detour_m = aside_m[:, : min(2, len(points) - 1)].mean(axis=1) if len(points) > 1 else 0.0
    mean_speed = away_m.sum() / max(away_s.sum(), 1.0)
    visit_eur = (share * away_m + detour_m) * prices.truck_eur_km / 1e3 + (
        share * (away_s + 60.0 * section.truck.unload_minutes)
        + detour_m / max(mean_speed, 1.0)
        + service_s
    ) * prices.crew_eur_h / 3600.0
    return StreamStage(
        name,
        section,
        points,
        depots,
        service,
        shift,
        _neighbours(between, settings.filling.carry_km * 1e3),
        _neighbours(between, settings.policy.near_km * 1e3),
        visit_eur,
        away_m / capacity_l,
    )


def truck_l(section: StreamSection) -> float:
    """Return what a truck takes, in litres as they lie in bins: by weight or by volume."""
    truck = section.truck
    by_weight_m3 = truck.payload_kg / section.density_kg_m3
    return 1e3 * min(by_weight_m3, truck.volume_m3 * truck.compaction)


def _home(
    travel: Travel, location: NDArray[np.int64], start: NDArray[np.int64], dumps: tuple[int, ...]
) -> tuple[Floats, Floats]:
    """Return metres and seconds of the shortest way a load of one point can take, by point.

    Out from its depot or from a dump, whichever is nearer, and to the nearest dump: no load can do
    with less, which makes it the tonnage bound.
    """
    sources = np.array(sorted({*dumps}), dtype=np.int64)
    out_m = np.minimum(
        travel.distance_m[start, location], travel.distance_m[np.ix_(sources, location)].min(axis=0)
    )
    out_s = np.minimum(
        travel.time_s[start, location], travel.time_s[np.ix_(sources, location)].min(axis=0)
    )
    back_m = travel.distance_m[np.ix_(location, sources)].min(axis=1)
    back_s = travel.time_s[np.ix_(location, sources)].min(axis=1)
    return out_m + back_m, out_s + back_s


def _neighbours(between_m: Floats, limit_m: float) -> NDArray[np.int32]:
    """Return the nearest points within a limit, nearest first, -1 beyond."""
    away = between_m + np.where(np.eye(len(between_m)) > 0.0, np.inf, 0.0)
    order = np.argsort(away, axis=1, kind="stable")[:, :NEAREST]
    close = np.take_along_axis(away, order, axis=1) <= limit_m
    return np.where(close, order, -1).astype(np.int32)
