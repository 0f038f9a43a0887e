"""A made-up city of Groningen's size, shared by a benchmark and an everyday test.

The study: Wouda, Aerts-Veenstra & Van Foreest, "An integrated selection and routing policy for
urban waste collection", arXiv 2409.13386; its code and notebooks are public
(github.com/N-Wouda/Urban-Waste-Collection), its data are not. Costs are metres driven, as there;
rules and router count them in tens of metres, so that a required visit stays dearer to leave out
than any prize. `python -m tests.bench.groningen` prints the table of docs/method/collection.md.
"""

from __future__ import annotations

import sys
import time as stopwatch
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, time
from pathlib import Path

import numpy as np
from scipy.stats import t as student

from models.waste.bill import Prices
from models.waste.depots import Yards
from models.waste.figures import Figures, WorldDice
from models.waste.points import StreamPoints
from models.waste.settings import (
    BreakSection,
    FillingSection,
    Knowledge,
    PolicySection,
    ServiceSection,
    Settings,
    ShiftSection,
    StreamSection,
    TruckSection,
)
from models.waste.stage import StreamStage, WasteStage, stream_stage
from models.waste.year import live_year
from twin.ports import Link
from twin.roads.travel import Travel
from twin.streams import Streams

METRES_A_UNIT = 10.0
NAME = "waste"
START = datetime(2030, 1, 7)  # noqa: DTZ001 - local time; a Monday, 14 weeks before any holiday
PARTS_S = ((7.0 * 3600.0, 10.0 * 3600.0), (10.5 * 3600.0, 12.0 * 3600.0),
           (12.5 * 3600.0, 14.0 * 3600.0))  # fmt: skip
"""What the breaks leave of the shift. The study's code plans each from depot to depot for its
prizes [V]; the same is taken for its baseline [D]."""

PRICES = Prices(
    truck_eur_km=1e3 / METRES_A_UNIT,
    crew_eur_h=0.0,
    fuel_l_km=0.0,
    fuel_l_lift=0.0,
    full_day_eur=0.0,
    sensor_eur=0.0,
    sensor_fitting_eur=0.0,
    sensor_year_eur=0.0,
    sensor_repair_eur=0.0,
    sensor_life_years=10.0,
)


@dataclass(frozen=True)
class City:
    """The setting. [V] the study or its public code, [D] derived from them, [U] assumed.

    Attributes
    ----------
    clusters, containers : int
        850 and 1,120 [V]; which cluster has several is drawn [U].
    container_l : float
        4,000 L: what the test data of the study's code hold [V], taken for all [U].
    fulls_a_day : float
        Capacities brought a day, all clusters together: 250 x 48.9 % and 153.1 x 79.9 % emptied a
        day agree on 122.3 [D].
    spread : float
        Log-deviation of clusters' rates over their capacities: 0.6 [U]; the baseline then serves
        99.9 % as published (0.8 would serve 99.4 %).
    core_m, outer_share, area_km2 : float
        Clusters are normal around the centre, 8 % are spread over the municipality of 200 km2: the
        map in the study's notebook has quartiles of 1.1, 2.3 and 3.4 km from the centre [D].
    depot_m : tuple of float
        East and north of the centre: the depot's published address [V], to 0.1 km [D].
    road_factor : float
        Road over straight line: calibrated on the 251.2 km of the baseline [D]; breaks at the depot
        are among those kilometres.
    speed_kmh : float
        28 [D]: rounds of 6.8 h, an hour of breaks and 62.5 stops among them, drive 62.8 km at 27;
        the study's other rows give 26 to 31.
    trucks : int
        4 [V]. Their load is no limit in the study's code [V].
    emptied : int
        Clusters the baseline visits a day: 250 [V].
    seed : int
        Of clusters and dice.
    """

    clusters: int = 850
    containers: int = 1_120
    container_l: float = 4_000.0
    fulls_a_day: float = 122.3
    spread: float = 0.6
    core_m: float = 1_900.0
    outer_share: float = 0.08
    area_km2: float = 200.0
    depot_m: tuple[float, float] = (2_700.0, -2_900.0)
    road_factor: float = 1.25
    speed_kmh: float = 28.0
    trucks: int = 4
    emptied: int = 250
    seed: int = 36

    def scaled(self, share: float) -> City:
        """Return a city of that share of the clusters, as dense."""
        return replace(
            self,
            clusters=round(self.clusters * share),
            containers=round(self.containers * share),
            fulls_a_day=self.fulls_a_day * share,
            core_m=self.core_m * share**0.5,
            area_km2=self.area_km2 * share,
            depot_m=(self.depot_m[0] * share**0.5, self.depot_m[1] * share**0.5),
            trucks=max(1, round(self.trucks * share)),
            emptied=round(self.emptied * share),
        )


@dataclass(frozen=True)
class Length:
    """How long and how hard a world is played: days that count, days before, router's effort."""

    days: int = 56
    settling_days: int = 28
    effort: float = 5.0
    replications: int = 4


@dataclass(frozen=True)
class Found:
    """What a day came to, on average over the days that count.

    `service` is the share of emptyings that found a cluster not yet full: the study's service
    level, as its code counts it. `housed` is the share of litres that found room.
    """

    km: float
    stops: float
    rounds: float
    hours: float
    service: float
    housed: float
    fill: float
    put_off: float
    cpu_s: float


def number(city: City) -> PolicySection:
    """Return the baseline: a fixed number a day, soonest full first."""
    return PolicySection(kind="number", number=city.emptied)


def overflow(rho_m: float = 1_024_000.0) -> PolicySection:
    """Return the study's rule: a prize of rho P(full), metres."""
    return PolicySection(kind="overflow", rho=rho_m / METRES_A_UNIT)


def worth(full_day_m: float = 1_024_000.0) -> PolicySection:
    """Return this project's rule; a day of a full cluster costs as much as rho."""
    return PolicySection(kind="prize", full_day_eur=full_day_m / METRES_A_UNIT)


def section_of(city: City) -> StreamSection:
    """Return the stream: 2 min a cluster, 1 min a container, planned at 7:00, 6 h of work [V].

    Weights and bodies are such that no truck is ever full; it unloads at the depot.
    """
    breaks = tuple(BreakSection(due=time(hour), minutes=30.0) for hour in (10, 12))
    shift = ShiftSection(
        plan=time(7), start=time(7), end=time(14), breaks=breaks, weekdays=tuple(range(7))
    )
    return StreamSection(
        label="déchets",
        label_en="waste",
        kg_per_inhabitant=200.0,
        density_kg_m3=60.0,
        container_m3=city.container_l / 1e3,
        design_days=7.0,
        stop_minutes=2.0,
        lift_minutes=1.0,
        truck=TruckSection(
            payload_kg=30_000.0, volume_m3=120.0, compaction=8.0, unload_minutes=0.0
        ),
        shift=shift,
    )


def settings_of(
    city: City, policy: PolicySection, knowledge: Knowledge, length: Length
) -> Settings:
    """Return the section: deposits by a Poisson law, rates on file right, no luck of the road.

    What finds no room is left beside and picked up, as the study's clusters hold more than they
    can. Weekdays vary as everywhere in this project [U]; the study knows hours only [V].
    """
    return Settings(
        streams={NAME: section_of(city)},
        depots=Path("depots.csv"),
        filling=FillingSection(law="deposits", common_cv=0.0, season=0.0, carried=0.0, beside=1.0),
        policy=policy,
        service=ServiceSection(
            knowledge=knowledge,
            weighbridge=False,
            rate_doubt=0.0,
            drift=0.0,
            traffic=0.0,
            hindrance=0.0,
            breakdown_share=0.0,
            days=length.days,
            settling_days=length.settling_days,
            effort=length.effort,
        ),
    )


def stage_of(city: City) -> WasteStage:
    """Return clusters, depot and ways."""
    points = _points(city)
    x_m, y_m = np.append(points.x_m, city.depot_m[0]), np.append(points.y_m, city.depot_m[1])
    distance_m = city.road_factor * np.hypot(x_m[:, None] - x_m, y_m[:, None] - y_m)
    travel = Travel(
        distance_m, distance_m / (city.speed_kmh / 3.6), np.zeros(len(x_m)), "synthetic"
    )
    one = ("depot",)
    yards = Yards(one, one, ("both",), (NAME,), np.array([city.trucks]), x_m[-1:], y_m[-1:])
    settings = settings_of(city, PolicySection(), "counts", Length())
    places = np.arange(len(points), dtype=np.int64)
    stream = stream_stage(
        NAME, section_of(city), points, places, yards, len(points), travel, settings, PRICES
    )
    return WasteStage((), travel, yards, (_home_for_breaks(stream),))


def _home_for_breaks(stream: StreamStage) -> StreamStage:
    """Return the stream with crews that take their breaks at the depot and unload there."""
    (depot,) = stream.depots
    vehicle = replace(depot.vehicle, dumps=(), ends_empty=False)
    return replace(stream, depots=(replace(depot, vehicle=vehicle, parts=PARTS_S),))


def _points(city: City) -> StreamPoints:
    dice, n = Streams(city.seed, 0).generator("groningen", "clusters"), city.clusters
    angle, outer = 2.0 * np.pi * dice.random(n), dice.random(n) < city.outer_share
    far_m = 1e3 * np.sqrt(city.area_km2 / np.pi * dice.random(n))
    near_m = city.core_m * np.sqrt(-2.0 * np.log(dice.random(n)))
    away_m = np.where(outer, far_m, near_m)
    containers = 1 + np.bincount(dice.choice(n, city.containers - n), minlength=n)
    turns = np.exp(city.spread * dice.standard_normal(n))
    capacity_l = containers * city.container_l
    return StreamPoints(
        ids=tuple(f"{NAME}/{row}" for row in range(n)),
        x_m=away_m * np.cos(angle),
        y_m=away_m * np.sin(angle),
        commune=np.zeros(n, dtype=np.int64),
        containers=containers.astype(np.int64),
        capacity_l=capacity_l,
        rate_l=capacity_l * turns * city.fulls_a_day / turns.sum(),
    )


def play(
    city: City,
    stage: WasteStage,
    policy: PolicySection,
    knowledge: Knowledge,
    length: Length,
    replication: int,
) -> Found:
    """Return what a day of one replication comes to; policies meet the same deposits."""
    settings = settings_of(city, policy, knowledge, length)
    figures = Figures(
        kg_factor=1.0, rate_doubt=0.0, daily_cv=0.65, failing_share=0.0, call_share=0.0
    )
    dice = WorldDice(figures, PRICES, Streams(city.seed, replication))
    begun_s = stopwatch.process_time()
    (year,) = live_year(stage, settings, dice, {}, START, _no_link, seed=replication)
    cpu_s = stopwatch.process_time() - begun_s
    tally, flows, days = year.tally, year.stream.counted(), length.days
    return Found(
        km=float(tally.distance_m) / 1e3 / days,
        stops=tally.visits / days,
        rounds=tally.rounds / days,
        hours=tally.worked_s / 3600.0 / days,
        service=1.0 - tally.found_full / tally.visits,
        housed=1.0 - float(flows.refused_l.sum() / flows.brought_l.sum()),
        fill=tally.fill_sum / tally.visits,
        put_off=(tally.unserved + tally.dropped) / days,
        cpu_s=cpu_s / (days + length.settling_days),
    )


def _no_link() -> Link:
    raise AssertionError("there are no sensors")


def played(
    city: City, stage: WasteStage, policy: PolicySection, knowledge: Knowledge, length: Length
) -> list[Found]:
    """Return all replications."""
    return [
        play(city, stage, policy, knowledge, length, replication)
        for replication in range(length.replications)
    ]


def mean(found: Sequence[Found], field: str) -> float:
    """Return the mean of one figure over the replications."""
    return float(np.mean([getattr(one, field) for one in found]))


def saved(before: Sequence[Found], after: Sequence[Found]) -> tuple[float, float]:
    """Return the share of kilometres saved and the half-width of its 95 % interval, paired."""
    gain = [1.0 - b.km / a.km for a, b in zip(before, after, strict=True)]
    margin = float(student.ppf(0.975, len(gain) - 1) * np.std(gain, ddof=1) / len(gain) ** 0.5)
    return float(np.mean(gain)), margin


def main() -> int:
    """Print every policy's figures, one line each."""
    city, length = City(), Length()
    stage = stage_of(city)
    lines: list[tuple[str, PolicySection, Knowledge]] = [
        ("number, counts", number(city), "counts"),
        ("number, levels", number(city), "levels"),
        *(
            (f"overflow {kilo} km, counts", overflow(kilo * 1e3), "counts")
            for kilo in (4, 16, 64, 256, 1_024)
        ),
        ("overflow 1024 km, levels", overflow(), "levels"),
        ("prize, counts", worth(), "counts"),
        ("prize, levels", worth(), "levels"),
    ]
    baseline: list[Found] = []
    for name, policy, knowledge in lines:
        found = played(city, stage, policy, knowledge, length)
        baseline = baseline or found
        gain, margin = saved(baseline, found)
        told = "  ".join(f"{each.name} {mean(found, each.name):.4g}" for each in fields(Found))
        sys.stdout.write(f"{name}: {told}  saved {100 * gain:.1f} +- {100 * margin:.1f} %\n")
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
