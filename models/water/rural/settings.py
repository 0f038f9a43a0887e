"""What a planner may say about the networks that are made up for him."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from twin.scenario.schema import Section

Share = Annotated[float, Field(ge=0.0, le=1.0)]


class PeopleSection(Section):
    """Who lives where and what they draw."""

    inhabitants_per_home: float = Field(
        default=2.1, ge=1.0, le=5.0, description="in a main home [U]"
    )
    empty_share: Share = Field(
        default=1.0 / 7.0,
        description="second and empty homes among all [U]; 1/7 puts a home at each meter of 1.8"
        " inhabitants, as the gateway question has them",
    )
    litres_per_person_day: float = Field(default=148.0, gt=0.0, le=500.0, description="Indre [V]")
    litres_per_empty_home_day: float = Field(
        default=20.0, gt=0.0, le=500.0, description="second homes, on the year's mean [U]"
    )
    farm_m3_per_km2_day: float = Field(
        default=0.19, ge=0.0, description="farms; 4 % of the Indre's homes [U]"
    )
    industry_share: Share = Field(
        default=0.06, description="industry and services, of what homes draw [U]"
    )
    km2_per_farm: float = Field(default=4.0, gt=0.0, description="a farm on the mains in so many")


class ShapeSection(Section):
    """Where junctions and pipes are; every figure an assumption [U]."""

    junctions_base: float = Field(default=30.0, ge=4.0, description="places with customers")
    junctions_per_root: float = Field(
        default=1.6, ge=0.0, description="and so many more a square root of inhabitants"
    )
    junctions_most: int = Field(default=240, ge=8, le=2000)
    longest_pipe_m: float = Field(
        default=900.0, ge=100.0, description="longer ones are cut in equal parts"
    )
    detour: float = Field(
        default=1.23, ge=1.0, le=3.0, description="length along roads over the straight line"
    )
    km_total: float | None = Field(
        default=None,
        gt=0.0,
        description="length of all mains of the territory; it then gives the detour",
    )
    straightness: float = Field(
        default=0.25, ge=0.0, le=1.0, description="0 shortest tree, 1 shortest ways to the tower"
    )
    loop_share: Share = Field(default=0.12, description="of possible loops, at 500 inhabitants")
    loop_share_per_decade: float = Field(default=0.4, ge=0.0, description="and by factor of ten")


class DesignSection(Section):
    """How mains, tower and pump are sized."""

    year: int = Field(default=2026, ge=1950, le=2100, description="in which pipes have their age")
    peak_day: float = Field(default=1.5, ge=1.0, le=4.0, description="over the mean day [U]")
    peak_loss_m3_per_km_day: float = Field(
        default=2.5, ge=0.0, description="leaks the mains are sized for: the rural ceiling [V]"
    )
    gradient_m_per_km: float = Field(default=3.0, gt=0.0, description="of head, at the peak [U]")
    speed_m_s: float = Field(default=1.0, gt=0.0, le=3.0, description="at the peak [U]")
    least_pressure_m: float = Field(
        default=17.0, ge=5.0, le=40.0, description="at the peak, at customers [U]"
    )
    most_pressure_m: float = Field(
        default=80.0, ge=30.0, le=160.0, description="beyond it, a pressure reducing valve [U]"
    )
    tallest_tower_m: float = Field(default=35.0, ge=5.0, le=60.0)
    tank_days: float = Field(default=1.0, ge=0.1, le=5.0, description="of a peak day, in the tank")
    fire_m3: float = Field(default=120.0, ge=0.0, description="fire reserve: 60 m3/h for 2 h")
    pump_hours: float = Field(default=18.0, ge=4.0, le=24.0, description="a peak day [U]")
    borehole_share: Share = Field(
        default=0.6, description="of communes; others buy water (144 boreholes for 241 [D])"
    )


class RuralSettings(Section):
    """Settings of the made-up networks."""

    people: PeopleSection = PeopleSection()
    shape: ShapeSection = ShapeSection()
    design: DesignSection = DesignSection()
