"""What a scenario's [waste] section may say."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from twin.scenario.schema import InputFile, Section

Share = Annotated[float, Field(ge=0.0, le=1.0)]
Positive = Annotated[float, Field(gt=0.0)]
Knowledge = Literal["none", "driver", "counts", "levels", "foresight"]


class BreakSection(Section):
    """A break of a shift."""

    due: time = Field(description="from when on it is due (taken between two stops)")
    minutes: float = Field(gt=0.0, le=120.0)


class ShiftSection(Section):
    """A working day of a crew, local time."""

    plan: time = Field(default=time(5, 0), description="hour of planning: later news wait a day")
    start: time = time(6, 0)
    end: time = time(13, 0)
    overtime_minutes: float = Field(default=30.0, ge=0.0, le=240.0)
    breaks: tuple[BreakSection, ...] = ()
    weekdays: tuple[int, ...] = Field(default=(0, 1, 2, 3, 4), min_length=1, description="0 Monday")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.plan <= self.start < self.end:
            raise ValueError(
                "plan <= start < end (l'heure de fin est passée avant le départ)"
                " | plan <= start < end (the window closes before the trucks leave)"
            )
        if any(not self.start <= each.due < self.end for each in self.breaks):
            raise ValueError("des pauses entre start et end | breaks between start and end")
        if any(not 0 <= day <= 6 for day in self.weekdays) or len(set(self.weekdays)) != len(  # noqa: PLR2004
            self.weekdays
        ):
            raise ValueError(
                "des jours de 0 (lundi) à 6, chacun une fois | days from 0 (Monday) to 6, each once"
            )
        return self


class TruckSection(Section):
    """A truck of a stream."""

    payload_kg: float = Field(gt=0.0, le=30_000.0)
    volume_m3: float = Field(gt=0.0, le=120.0, description="body of the truck")
    compaction: float = Field(default=1.0, ge=1.0, le=8.0, description="volume in bin / in truck")
    unload_minutes: float = Field(default=20.0, ge=0.0, le=180.0)


class StreamSection(Section):
    """One material: who brings how much, into what, and which trucks come."""

    label: str
    label_en: str
    kg_per_inhabitant: float = Field(
        gt=0.0, le=1_000.0, description="a year; what a planner expects"
    )
    density_kg_m3: float = Field(gt=0.0, le=1_500.0, description="in the bin")
    container_m3: float = Field(gt=0.0, le=30.0)
    design_days: float = Field(
        gt=0.0, le=365.0, description="days of use a synthetic point is sized for"
    )
    stop_minutes: float = Field(default=2.0, ge=0.0, le=60.0)
    lift_minutes: float = Field(default=3.0, ge=0.0, le=60.0, description="per container")
    truck: TruckSection
    shift: ShiftSection = ShiftSection()
    current_weeks: float = Field(
        default=2.0,
        gt=0.0,
        le=52.0,
        description="today's calendar: every point every so many weeks",
    )


class PointsSection(Section):
    """The drop-off points: the planner's own, or synthetic ones."""

    table: InputFile | None = Field(
        default=None,
        description="own points (CSV: id, x_m, y_m, stream, containers, capacity_m3, l_per_day)",
    )
    inhabitants_per_point: float = Field(default=360.0, ge=20.0, le=20_000.0, description="[U]")
    spread: float = Field(
        default=0.6, ge=0.0, le=2.0, description="log-deviation of what points receive [U]"
    )
    seed: int = Field(default=36, ge=0, description="where synthetic points stand")
    one_in: int = Field(default=1, ge=1, le=50, description="keep one commune in so many (quick)")


class MarketSection(Section):
    """A weekly habit of some points (none named: all): more on one weekday."""

    weekday: int = Field(ge=0, le=6, description="0 Monday")
    factor: float = Field(ge=0.0, le=100.0)
    points: tuple[str, ...] = Field(default=(), description="stream/point; none: all")
    keep_mean: bool = Field(default=False, description="less on the other days, same week")


class EventSection(Section):
    """Days, both included, when some points (none named: all) receive so many times as much."""

    first: date
    last: date
    factor: float = Field(ge=0.0, le=100.0)
    points: tuple[str, ...] = Field(default=(), description="stream/point; none: all")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise ValueError("first <= last")
        return self


class FillingSection(Section):
    """How people bring: see docs/method/filling.md."""

    law: Literal["gamma", "weibull", "deposits"] = "gamma"
    common_cv: float = Field(
        default=0.2, ge=0.0, le=1.0, description="of what neighbours have in common, a day [U]"
    )
    decorrelation_km: float = Field(default=2.0, gt=0.0, le=100.0, description="[U]")
    season: float = Field(default=0.15, ge=0.0, le=0.9, description="amplitude over the year [U]")
    markets: tuple[MarketSection, ...] = ()
    events: tuple[EventSection, ...] = ()
    carried: Share = Field(default=0.4, description="before a full point: on to the next one [U]")
    beside: Share = Field(default=0.4, description="before a full point: left beside [U]")
    carry_km: float = Field(default=3.0, ge=0.0, le=50.0, description="farthest next point [U]")

    @model_validator(mode="after")
    def _shares_fit(self) -> Self:
        if self.carried + self.beside > 1.0 + 1e-9:
            raise ValueError("carried + beside <= 1")
        return self


class SensorsSection(Section):
    """Fill sensors: how many, where, how good, and what carries their word."""

    share: Share = Field(default=0.0, description="share of the points fitted")
    choice: Literal["random", "busy", "costly", "value"] = Field(
        default="value", description="which points come first"
    )
    link: str = Field(default="ideal", description="a link of [links], or none, or ideal")
    period_s: float = Field(default=43_200.0, ge=600.0, le=30 * 86_400.0)
    aligned: bool = Field(
        default=False, description="all read an hour before planning; else spread"
    )
    payload_bytes: int = Field(default=12, ge=1, le=51)
    height_m: float = Field(default=1.2, ge=0.2, le=5.0)
    noise: Share = Field(default=0.05, description="of a reading, share of the capacity [U]")
    fitting: Share = Field(default=0.03, description="constant error of a sensor [U]")
    odd_share: Share = Field(default=0.01, description="echoes of something else [U]")
    fail: bool = Field(default=True, description="how often: waste_failing_share")
    repair_days: float = Field(default=60.0, gt=0.0, le=3_650.0, description="[U]")


class PolicySection(Section):
    """Who decides, and how boldly."""

    kind: Literal[
        "current", "calendar", "number", "threshold", "predictive", "prize", "overflow"
    ] = "current"
    number: int = Field(default=250, ge=1, description="points a day, soonest full first (number)")
    threshold: float = Field(default=0.75, gt=0.0, le=1.0)
    risk: float = Field(default=0.02, gt=0.0, lt=1.0, description="P(full) tolerated")
    soon_days: float = Field(default=4.0, ge=0.0, le=60.0, description="neighbours due so soon")
    near_km: float = Field(default=3.0, ge=0.0, le=50.0)
    full_day_eur: float | None = Field(
        default=None,
        ge=0.0,
        description="worth of a full day avoided; without: what keeps today's service",
    )
    must: float = Field(default=0.95, gt=0.5, le=1.0)
    cycle_share: float = Field(default=0.9, gt=0.1, le=1.2)
    patience: float = Field(default=1.0, ge=0.2, le=8.0)
    rho: float = Field(default=64.0, gt=0.0, description="prize of certain overflow (overflow)")
    calendar_risk: float | None = Field(
        default=None,
        gt=0.0,
        lt=1.0,
        description="P(full) the optimised calendar accepts; without: today's service is kept",
    )
    cycle_weeks: int = Field(default=8, ge=1, le=12)


class ServiceSection(Section):
    """What holds whoever decides."""

    knowledge: Knowledge = Field(
        default="none",
        description="beside sensors: nothing, drivers' word, counted deposits, levels, foresight",
    )
    seen_share: float = Field(default=0.25, gt=0.0, le=0.5, description="a driver tells quarters")
    weighbridge: bool = True
    rate_doubt: float = Field(
        default=0.35, ge=0.0, le=2.0, description="how wrong the file may be of a point's rate [U]"
    )
    drift: float = Field(default=0.01, ge=0.0, le=0.2, description="of a rate, a root of day [U]")
    traffic: float = Field(default=0.08, ge=0.0, le=1.0, description="log-deviation of a day [U]")
    hindrance: float = Field(default=0.25, ge=0.0, le=1.0, description="of a stop's time [U]")
    breakdown_share: Share = Field(default=0.01, description="trucks that break down, a day [U]")
    repair_hours: float = Field(default=2.0, gt=0.0, le=24.0)
    days: int = Field(default=364, ge=14, le=3_650, description="days that count")
    settling_days: int = Field(default=56, ge=0, le=730, description="days before that")
    effort: float = Field(
        default=1.0, gt=0.0, le=100.0, description="work of the router, 1 = usual"
    )


class Settings(Section):
    """The [waste] section."""

    streams: dict[str, StreamSection] = Field(min_length=1)
    depots: InputFile = Field(description="depots.csv: depots, dumps, trucks by stream")
    roads: InputFile | None = Field(
        default=None, description="roads (.osm.pbf, .osm, .graphml); without: synthetic"
    )
    snap_limit_m: float = Field(default=500.0, gt=0.0, le=20_000.0)
    points: PointsSection = PointsSection()
    filling: FillingSection = FillingSection()
    sensors: SensorsSection = SensorsSection()
    policy: PolicySection = PolicySection()
    service: ServiceSection = ServiceSection()
