"""The sections of a scenario that the kernel owns; each utility brings the schema of its own.

Every section is frozen and refuses unknown keys. Descriptions are what `run.py schema` prints.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

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


class PrecisionSection(Section):
    """How closely one outcome of every option must be known before the study stops."""

    kpi: str = Field(min_length=1, description="the outcome, as `run.py query` names it")
    zone: str = Field(default="", description="empty: the whole territory")
    of: Literal["mean", "quantile", "rate"] = Field(
        default="mean", description="mean (Student), quantile (bootstrap), rate of 0 and 1 (Wilson)"
    )
    share: float = Field(default=0.95, gt=0.0, lt=1.0, description="which quantile")
    relative: float | None = Field(
        default=None, gt=0.0, lt=1.0, description="half-width, as a share of the estimate"
    )
    absolute: float | None = Field(
        default=None, gt=0.0, description="half-width, in the unit of the outcome"
    )
    level: float = Field(default=0.95, ge=0.5, lt=1.0, description="confidence of the interval")

    @model_validator(mode="after")
    def _one_width(self) -> Self:
        if (self.relative is None) == (self.absolute is None):
            raise ValueError(
                "relative ou absolute, l'un des deux | relative or absolute, one of the two"
            )
        return self


class SelectionSection(Section):
    """How the best of the options that may answer is chosen, with a stated probability."""

    kpi: str = Field(min_length=1, description="the outcome, as `run.py query` names it")
    zone: str = Field(default="", description="empty: the whole territory")
    procedure: Literal["kim-nelson", "ocba"] = "kim-nelson"
    delta: float = Field(
        gt=0.0, description="smallest difference worth deciding for, in the outcome's unit"
    )
    alpha: float = Field(default=0.05, gt=0.0, lt=0.5, description="chance of a wrong choice")
    first: int = Field(
        default=10, ge=2, le=100_000, description="first replications, which gauge the spread"
    )
    step: int = Field(default=5, ge=1, le=100_000, description="replications played between looks")


class StudySection(Section):
    """What is asked, and how hard it is looked at."""

    question: str = Field(min_length=1, description="the question, in French")
    question_en: str = Field(min_length=1, description="the question, in English")
    seed: int = Field(ge=0, le=LARGEST_SEED, description="the study's seed: same seed, same bits")
    replications: int = Field(
        ge=3, le=100_000, description="sets of dice each option meets, at least"
    )
    ceiling: int | None = Field(
        default=None,
        ge=3,
        le=100_000,
        description="sets of dice at most, with precision or selection",
    )
    quick_replications: int = Field(
        default=4, ge=3, le=100_000, description="the same with --quick"
    )
    tornado_replications: int = Field(
        default=4, ge=1, le=100_000, description="sets of dice of each end of the sensitivity chart"
    )
    start: date = Field(description="day 0 of the simulated calendar")
    precision: tuple[PrecisionSection, ...] = Field(
        default=(), description="[[study.precision]]: play until these are known closely enough"
    )
    selection: SelectionSection | None = Field(
        default=None, description="[study.selection]: play until the best option is told"
    )

    @model_validator(mode="after")
    def _ceiling_fits(self) -> Self:
        asked = bool(self.precision) or self.selection is not None
        if asked and (self.ceiling is None or self.ceiling < self.replications):
            raise ValueError(
                "avec precision ou selection, ceiling = un nombre d'au moins replications"
                " | with precision or selection, ceiling = a number of at least replications"
            )
        if self.ceiling is not None and not asked:
            raise ValueError(
                "ceiling va avec [[study.precision]] ou [study.selection]"
                " | ceiling goes with [[study.precision]] or [study.selection]"
            )
        if self.selection is not None and self.selection.first > self.replications:
            raise ValueError(
                "selection.first = au plus replications | selection.first = at most replications"
            )
        return self


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
