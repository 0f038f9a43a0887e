"""326 drop-off points of one material without any territory: the case benches and tests share.

Points lie at random in a square of 40 km, the depot with its dump off-centre; roads are 1.3 times
as long as the crow flies, driven at 50 km/h [U]. What people bring is lognormal of log-deviation
0.6 around a median of 8.5 % of the capacity a day [U]; a truck takes 25 points' bins [U].
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.links.ideal import IdealLink
from models.waste.bill import prices_of
from models.waste.calendar.current import current_calendar
from models.waste.calendar.inputs import CalendarInputs
from models.waste.calendar.optimise import optimise
from models.waste.depots import Yards
from models.waste.expected import expected_cv
from models.waste.figures import Figures, WorldDice
from models.waste.outcomes import ALL
from models.waste.points import StreamPoints
from models.waste.policies.fixed import Schedule
from models.waste.record import record_year
from models.waste.settings import (
    FillingSection,
    PolicySection,
    SensorsSection,
    ServiceSection,
    Settings,
    ShiftSection,
    StreamSection,
    TruckSection,
)
from models.waste.stage import WasteStage, stream_stage
from models.waste.year import StreamYear, live_year
from twin.decide.priors import Prior
from twin.ports import Link
from twin.recorder import Part, Recorder
from twin.roads.travel import Travel
from twin.scenario.assumptions import read_assumptions
from twin.scenario.origins import Origins
from twin.scenario.schema import AssumptionsSection
from twin.streams import Streams

Floats = NDArray[np.float64]
POINTS, SIDE_M, SEED = 326, 40_000.0, 326
BIN_L, BINS_A_TRUCK, TRUCKS = 2_500.0, 25.0, 8
MEDIAN_SHARE, SPREAD = 0.085, 0.6
DETOUR, SPEED_M_S = 1.3, 50.0 / 3.6
STREAM = "packaging"
START = datetime(2027, 1, 4)  # noqa: DTZ001 - the calendar gives it its zone
DISCOUNT = 0.032
TABLE = Path(__file__).resolve().parents[2] / "scenarios" / "indre" / "waste_assumptions.csv"
USUAL = Figures(kg_factor=1.0, rate_doubt=0.35, daily_cv=0.65, failing_share=0.16, call_share=0.10)
"""The modes of the assumptions' table."""

MakeLink = Callable[[Streams], Link]


@dataclass(frozen=True, eq=False)
class Lived:
    """A year: its indicators, and the streams as they ended."""

    part: Part
    years: list[StreamYear]

    def get(self, kpi: str) -> float:
        """Return an indicator of all streams."""
        return self.part.get(kpi)


def settings(
    kind: str = "prize",
    *,
    days: int = 364,
    settling_days: int = 56,
    policy: Mapping[str, Any] | None = None,
    sensors: Mapping[str, Any] | None = None,
    service: Mapping[str, Any] | None = None,
    filling: Mapping[str, Any] | None = None,
) -> Settings:
    """Return the settings of one option, everything else at its default."""
    section = StreamSection(
        label="emballages",
        label_en="packaging",
        kg_per_inhabitant=25.0,
        density_kg_m3=30.0,
        container_m3=BIN_L / 1e3,
        design_days=10.0,
        stop_minutes=2.0,
        lift_minutes=3.0,
        truck=TruckSection(payload_kg=6_000.0, volume_m3=25.0, compaction=2.5, unload_minutes=20.0),
        shift=ShiftSection(end=time(14, 0)),
        current_weeks=1.0,
    )
    return Settings(
        streams={STREAM: section},
        depots=Path("depots.csv"),
        policy=PolicySection(**{"kind": kind, "full_day_eur": 40.0, **(policy or {})}),
        sensors=SensorsSection(**(sensors or {})),
        service=ServiceSection(days=days, settling_days=settling_days, **(service or {})),
        filling=FillingSection(**(filling or {})),
    )


def drop_off_stage(points: int = POINTS, *, trucks: int = TRUCKS) -> WasteStage:
    """Return the fixed part of the world; a smaller case keeps the first points."""
    dice = np.random.default_rng(SEED)
    x_m, y_m = dice.uniform(0.0, SIDE_M, (2, POINTS))[:, :points]
    share = MEDIAN_SHARE * np.exp(SPREAD * dice.standard_normal(POINTS))[:points]
    x_m, y_m = np.append(x_m, 0.3 * SIDE_M), np.append(y_m, 0.6 * SIDE_M)
    distance_m = DETOUR * np.hypot(x_m[:, None] - x_m, y_m[:, None] - y_m)
    travel = Travel(distance_m, distance_m / SPEED_M_S, np.zeros(len(x_m)), "synthetic")
    given = settings()
    own = StreamPoints(
        tuple(f"{STREAM}/{row:03d}" for row in range(points)),
        x_m[:points],
        y_m[:points],
        np.zeros(points, dtype=np.int64),
        np.ones(points, dtype=np.int64),
        np.full(points, BIN_L),
        share * BIN_L,
    )
    yards = Yards(
        ("yard",), ("",), ("both",), (STREAM,), np.array([trucks]), x_m[points:], y_m[points:]
    )
    location = np.arange(points, dtype=np.int64)
    stream = stream_stage(
        STREAM, given.streams[STREAM], own, location, yards, points, travel, given,
        prices_of(lambda name: priors()[name].mean()),
    )  # fmt: skip
    return WasteStage((), travel, yards, (stream,))


def priors() -> Mapping[str, Prior]:
    """Return the uncertain figures of the waste study."""
    return read_assumptions(AssumptionsSection(table=TABLE), Origins(TABLE))


def usual_world(replication: int) -> WorldDice:
    """Return a replication's dice, every uncertain figure at its mode."""
    table = priors()
    return WorldDice(USUAL, prices_of(lambda name: table[name].mode), Streams(SEED, replication))


def drawn_world(replication: int) -> WorldDice:
    """Return a replication's dice and figures, drawn as a study draws them."""
    table, streams = priors(), Streams(SEED, replication)

    def assume(name: str) -> float:
        return table[name].quantile(streams.uniform("assumptions", name))

    names = ("kg_factor", "rate_doubt", "daily_cv", "failing_share", "call_share")
    figures = Figures(*(assume(f"waste_{name}") for name in names))
    return WorldDice(figures, prices_of(assume), streams)


def schedule(stage: WasteStage, option: Settings) -> Schedule:
    """Return the calendar of an option: today's, weekly in sectors, or the optimised one."""
    (each,) = stage.streams
    current = option.policy.kind == "current"
    inputs = CalendarInputs(
        rate_l=each.points.rate_l,
        cv=expected_cv(option, each.points.rate_l),
        capacity_l=each.points.capacity_l,
        demand_per_l=1.0,
        service_s=each.service.service_s,
        travel=stage.travel,
        location=each.service.location,
        depot=np.full(len(each.points), each.depots[0].vehicle.start),
        vehicles=(each.depots[0].vehicle,),
        risk=0.05,
        cycle_weeks=1 if current else 4,
        rate_sd=option.service.rate_doubt,
        load_share=0.95,
        strict=False,
        seed=SEED,
        effort="quick",
    )
    return current_calendar(inputs, visits=(1,)) if current else optimise(inputs)


def live(
    stage: WasteStage,
    option: Settings,
    dice: WorldDice,
    *,
    calendar: Schedule | None = None,
    link: MakeLink | None = None,
) -> Lived:
    """Live one replication of an option; the link is ideal unless another is given."""
    make = link or (lambda streams: IdealLink(streams, window_s=3_600.0))
    schedules = {} if calendar is None else {STREAM: calendar}
    years = live_year(stage, option, dice, schedules, START, lambda: make(dice.streams), seed=SEED)
    recorder = Recorder(ALL)
    record_year(recorder, years, option, dice.prices, DISCOUNT)
    return Lived(recorder.part(), years)


def with_rates(stage: WasteStage, rate_l: Floats) -> WasteStage:
    """Return the stage with other expected rates."""
    (each,) = stage.streams
    return replace(stage, streams=(replace(each, points=replace(each.points, rate_l=rate_l)),))
