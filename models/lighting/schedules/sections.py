"""A schedule as a planner writes it, in TOML: seasons, each with the steps of its nights."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from models.lighting.schedules.schedule import CIVIL_SUN_DEG
from twin.scenario.schema import Section

Level = Annotated[float, Field(ge=0.0, le=1.0)]
DAY_PATTERN = r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
EDGE_PATTERN = r"dusk|dawn|([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?"


class StepSection(Section):
    """A stretch of the night: from "dusk" or a time of the local clock to "dawn" or another."""

    begin: str = Field(alias="from", pattern=rf"^({EDGE_PATTERN})$")
    end: str = Field(alias="to", pattern=rf"^({EDGE_PATTERN})$")
    level: Level = Field(description="share of full light, 0 for off")
    detected_level: Level = Field(default=1.0, description="while somebody is there")
    detected_share: Level = Field(default=0.0, description="of the time somebody is there")


class SeasonSection(Section):
    """Nights that begin from `first` to `last`, both included, on some days of the week."""

    first: str = Field(default="01-01", pattern=rf"^{DAY_PATTERN}$", description="MM-DD")
    last: str = Field(default="12-31", pattern=rf"^{DAY_PATTERN}$", description="MM-DD")
    weekdays: tuple[Annotated[int, Field(ge=0, le=6)], ...] = Field(
        default=(0, 1, 2, 3, 4, 5, 6), min_length=1, description="of the evening, 0 for Monday"
    )
    steps: tuple[StepSection, ...] = Field(min_length=1)


class ScheduleSection(Section):
    """What lamps do all year: the first season that holds a night says its steps."""

    id: str = Field(default="schedule", min_length=1)
    threshold_deg: float = Field(
        default=CIVIL_SUN_DEG,
        ge=-18.0,
        le=10.0,
        description="altitude of the sun's centre at which lamps are switched; -0.8333: sunset",
    )
    seasons: tuple[SeasonSection, ...] = Field(min_length=1)
