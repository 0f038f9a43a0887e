"""The sections of a scenario that the kernel owns; each utility brings the schema of its own.

Every section is frozen and refuses unknown keys. Descriptions are what `run.py schema` prints.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

LARGEST_SEED = 2**63 - 1
"""TOML integers have 64 bits."""


@dataclass(frozen=True)
class InputPath:
    """Marks a field naming a file, resolved from the folder of the scenario file that names it."""

    folder_allowed: bool = False


InputFile = Annotated[Path, InputPath()]
InputFileOrFolder = Annotated[Path, InputPath(folder_allowed=True)]
Rate = Annotated[float, Field(ge=0.0, le=0.2)]


class Section(BaseModel):
    """Base of every section: frozen, and neither a misspelled key nor a text for a number passes.

    Strict: `seed = "36"` or `share = true` is refused, never converted; NaN and infinity too.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class StudySection(Section):
    """What is asked, and how hard it is looked at."""

    question: str = Field(min_length=1, description="the question, in French")
    question_en: str = Field(min_length=1, description="the question, in English")
    seed: int = Field(ge=0, le=LARGEST_SEED, description="the study's seed: same seed, same bits")
    replications: int = Field(ge=3, le=100_000, description="sets of dice each option meets")
    quick_replications: int = Field(
        default=4, ge=3, le=100_000, description="the same with --quick"
    )
    tornado_replications: int = Field(
        default=4, ge=1, le=100_000, description="sets of dice of each end of the sensitivity chart"
    )
    start: date = Field(description="day 0 of the simulated calendar")


class TerritorySection(Section):
    """Where: communes, their limits and their ground."""

    name: str = Field(min_length=1)
    communes: InputFile = Field(description="CSV of communes (see scenarios/indre/README.md)")
    merged_communes: InputFile | None = Field(
        default=None, description="CSV of former commune codes"
    )
    boundaries: InputFile | None = Field(
        default=None, description="polygons (GeoJSON, GeoPackage) that replace approximate limits"
    )
    terrain: tuple[InputFileOrFolder, ...] = Field(
        default=(), description="GeoTIFF, HGT, ASC files or folders; none: synthetic relief"
    )
    terrain_resolution_m: float = Field(default=100.0, ge=5.0, le=1000.0)
    relief_seed: int = Field(
        default=36, ge=0, le=LARGEST_SEED, description="seed of the synthetic relief"
    )


class MoneySection(Section):
    """How euros of different years and taxes are compared."""

    horizon_years: int = Field(default=10, ge=1, le=40)
    discount_rate: Rate = Field(default=0.032)
    discount_sensitivities: tuple[Rate, ...] = Field(default=(0.020, 0.045))
    vat_rate: float = Field(default=0.20, ge=0.0, le=0.5)
    fctva_rate: float = Field(default=0.16404, ge=0.0, le=0.5)


class AssumptionOverride(Section):
    """A planner's own figure in place of one row of the assumptions table."""

    low: float
    mode: float
    high: float
    status: Literal["sourced", "derived", "unverified"]
    source: str = Field(min_length=3)


class AssumptionsSection(Section):
    """Every uncertain figure: low, mode, high, unit, status and source."""

    table: InputFile
    override: dict[str, AssumptionOverride] = Field(default_factory=dict)


class OptionHead(Section):
    """The name of one option; what it changes stands beside it, by section."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="short name used in files")
    name: str = Field(min_length=1, description="its name, in French")
    name_en: str = Field(min_length=1, description="its name, in English")
    answers: bool = Field(default=True, description="may be recommended (false: a comparison only)")
