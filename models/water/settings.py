"""What a scenario's [water] section may say."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from models.water.rural.settings import RuralSettings
from twin.scenario.schema import InputFile, Section

Share = Annotated[float, Field(ge=0.0, le=1.0)]

Reading = Literal["manual", "drive-by", "daily", "hourly"]
"""How customers' meters are read: on foot, from a car, by a frame a day, by hourly indices."""


class DistrictsSection(Section):
    """District meters: how many, and what carries their word."""

    meters: int = Field(default=0, ge=0, le=100_000, description="over the whole territory")
    link: str = Field(default="ideal", description="a link of [links], or none, or ideal")
    period_s: float = Field(default=3600.0, ge=900.0, le=86_400.0)
    history: int = Field(default=1, ge=1, le=24, description="hourly indices carried by a frame")
    payload_bytes: int = Field(default=16, ge=1, le=222)
    resolution_m3: float = Field(default=0.1, gt=0.0, le=10.0)
    height_m: float = Field(default=0.2, ge=0.0, le=20.0, description="antenna above ground")
    use_case: str = Field(default="meter-pit", description="what stands before the sky")
    repair_days: float = Field(default=14.0, gt=0.0, le=365.0, description="of a dead meter [U]")
    failures_per_year: float = Field(default=0.05, ge=0.0, le=5.0, description="a meter [U]")


class LoggersSection(Section):
    """Pressure loggers in metered districts: they tell a search where to begin."""

    per_district: int = Field(default=0, ge=0, le=20)
    link: str = Field(default="", description="a link of [links]; empty: the district meters'")
    period_s: float = Field(default=3600.0, ge=900.0, le=14_400.0)
    noise_m: float = Field(default=0.1, ge=0.0, le=10.0, description="deviation of a reading [U]")
    resolution_m: float = Field(default=0.1, gt=0.0, le=10.0)
    least_km: float = Field(default=10.0, ge=0.0, description="none in districts of less")


class CustomersSection(Section):
    """Customers' meters: how they are read."""

    reading: Reading = "manual"
    readings_per_year: int = Field(default=1, ge=1, le=12, description="on foot or by car")
    link: str = Field(default="ideal", description="a link of [links], or none, or ideal")
    sampled_share: float = Field(
        default=0.02,
        gt=0.0,
        le=1.0,
        description="meters whose every frame is played; each other shares the luck of one of them",
    )


class DeskSection(Section):
    """How the service watches: see docs/method/leak-detection.md."""

    hour: int = Field(default=7, ge=0, le=23, description="hour of the morning's look")
    k: float = Field(default=0.5, gt=0.0, le=5.0, description="allowance of the CUSUM, deviations")
    h: float = Field(default=4.0, gt=0.0, le=50.0, description="threshold of the CUSUM, deviations")
    hand_k: float = Field(default=1.0, gt=0.0, le=5.0, description="the same, of hand readings")
    hand_h: float = Field(default=8.0, gt=0.0, le=50.0, description="the same, of hand readings")
    baseline_nights: int = Field(default=42, ge=5, le=120)
    valid_share: Share = Field(default=1.0, description="of a night's hours, below it is unknown")
    economic_m3h: float = Field(
        default=1.0, ge=0.0, le=100.0, description="excess worth a search from the first night [U]"
    )
    pays_within_years: float = Field(
        default=0.7,
        gt=0.0,
        le=30.0,
        description="a search is worth what the rise would lose in so many years: about what a"
        " hidden leak runs without it [U]",
    )
    hand_readings_days: int = Field(
        default=7, ge=1, le=366, description="production meters read on foot every so many days [U]"
    )


class CrewsSection(Section):
    """Who looks for leaks and who repairs them, in each water service."""

    people_per_searcher: float = Field(default=20_000.0, gt=0.0, description="at least one [U]")
    people_per_repairer: float = Field(default=10_000.0, gt=0.0, description="at least one [U]")
    step_test: bool = Field(
        default=False, description="valves closed by night before a long district is walked"
    )
    repair_hours: float = Field(default=10.0, gt=0.0, le=200.0, description="of a crew, a leak [U]")


class CutSection(Section):
    """A power cut: towers are not filled there, and gateways fed by the same line fall silent."""

    day: date = Field(description="on which it begins; in the settling days or in those that count")
    hour: int = Field(default=18, ge=0, le=23)
    hours: int = Field(default=24, ge=1, le=720)
    communes: tuple[str, ...] = Field(default=(), description="INSEE codes; none: everywhere")
    gateways: tuple[str, ...] = Field(default=(), description="of the district meters' link")


class HazardsSection(Section):
    """What may strike all at once."""

    droughts: bool = Field(
        default=False, description="years have their dry weeks, and orders to save water"
    )
    cuts: tuple[CutSection, ...] = ()


class ServiceSection(Section):
    """What holds whoever watches."""

    days: int = Field(default=365, ge=14, le=3_650, description="days that count")
    settling_days: int = Field(default=182, ge=0, le=1_095, description="days before that")


class Settings(Section):
    """The [water] section."""

    rural: RuralSettings = RuralSettings()
    services: InputFile | None = Field(
        default=None, description="insee,service; without: each EPCI runs its water"
    )
    districts: DistrictsSection = DistrictsSection()
    loggers: LoggersSection = LoggersSection()
    customers: CustomersSection = CustomersSection()
    desk: DeskSection = DeskSection()
    crews: CrewsSection = CrewsSection()
    service: ServiceSection = ServiceSection()
    hazards: HazardsSection = HazardsSection()
    leak_m3h: float = Field(
        default=2.2, gt=0.0, le=100.0, description="the leak to be seen within three days"
    )
