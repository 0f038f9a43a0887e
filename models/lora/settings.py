"""What a scenario's [lora] section may say."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from models.lora.load.settings import LoadSection
from twin.scenario.schema import InputFile, Section

SiteKind = Literal["mast", "municipal", "own"]


class MetersSection(Section):
    """The water meters: how many follows population; where they sit decides what is heard."""

    points: InputFile | None = Field(
        default=None, description="the planner's own meters (CSV, GeoJSON, GeoPackage)"
    )
    points_layer: str | None = Field(default=None, description="layer of a GeoPackage")
    inhabitants_per_meter: float = Field(
        default=1.8, gt=0.5, le=10.0, description="120,000 meters for 216,069 inhabitants [U]"
    )
    pit_share: float = Field(default=0.60, ge=0.0, le=1.0, description="share in pits [U]")
    indoor_share: float = Field(default=0.30, ge=0.0, le=1.0, description="share indoors [U]")
    height_m: float = Field(default=1.0, ge=0.2, le=20.0, description="antenna above ground")

    @model_validator(mode="after")
    def _shares_fit(self) -> Self:
        if self.pit_share + self.indoor_share > 1.0 + 1e-9:
            raise ValueError(
                "pit_share + indoor_share <= 1 (le reste est en extérieur)"
                " | pit_share + indoor_share <= 1 (the rest is outdoors)"
            )
        return self

    @property
    def outdoor_share(self) -> float:
        """Return what is neither in a pit nor indoors."""
        return max(0.0, 1.0 - self.pit_share - self.indoor_share)


class SitesSection(Section):
    """The candidate high points."""

    kinds: tuple[SiteKind, ...] = Field(
        default=("mast", "municipal"), min_length=1, description="who may host a gateway"
    )
    masts: InputFile | None = None
    municipal: InputFile | None = None
    own: InputFile | None = Field(
        default=None, description="the planner's own high points (CSV, GeoJSON, GeoPackage)"
    )
    own_layer: str | None = Field(default=None, description="layer of a GeoPackage")
    mandatory: tuple[str, ...] = Field(default=(), description="sites already decided")
    forbidden: tuple[str, ...] = Field(default=(), description="sites already refused")

    @model_validator(mode="after")
    def _each_kind_has_its_table(self) -> Self:
        for kind, table in (("mast", self.masts), ("municipal", self.municipal), ("own", self.own)):
            if kind in self.kinds and table is None:
                key = {"mast": "masts"}.get(kind, kind)
                raise ValueError(
                    f"une table sites.{key} pour le type « {kind} »"
                    f" | a table sites.{key} for the kind '{kind}'"
                )
        return self


class RadioSection(Section):
    """The radio link from a meter to a gateway."""

    region: Literal["EU868"] = Field(
        default="EU868", description="channels, duty cycles and payloads; the only one known"
    )
    frequency_mhz: float = Field(default=868.0, ge=100.0, le=6000.0)
    model: Literal["delta-bullington", "okumura-hata", "log-distance", "free-space"] = (
        "delta-bullington"
    )
    chip: Literal["SX1301", "SX1302", "SX1303"] = "SX1303"
    spreading_factor: int = Field(default=12, ge=7, le=12, description="slowest one planned on")
    erp_dbm: float = Field(default=14.0, ge=0.0, le=14.0, description="EU868 limit: 14 dBm ERP")
    gateway_gain_dbi: float = Field(default=5.0, ge=-5.0, le=12.0)
    cable_loss_db: float = Field(default=1.0, ge=0.0, le=10.0)
    building: Literal["traditional", "thermally-efficient"] = "traditional"
    max_range_km: float = Field(default=15.0, ge=1.0, le=60.0)
    profile_step_m: float = Field(default=100.0, ge=10.0, le=1000.0)
    shadowing_correlation: float = Field(
        default=0.5, ge=0.0, le=1.0, description="between gateways, same device [U]"
    )
    decorrelation_m: float = Field(default=100.0, ge=10.0, le=5000.0, description="in space [U]")


class TargetSection(Section):
    """What the network must reach."""

    redundancy: int = Field(default=2, ge=1, le=4, description="gateways that must hear a meter")
    share: float = Field(default=0.95, gt=0.0, le=1.0, description="share of the meters")
    epci_share: float = Field(default=0.0, ge=0.0, le=1.0, description="least share in each EPCI")
    placement_share: float = Field(
        default=0.0, ge=0.0, le=1.0, description="least share of pits, of indoor, of outdoor meters"
    )
    max_margin_db: float = Field(
        default=12.0, ge=0.0, le=40.0, description="largest planning margin tried"
    )
    least_gain_meters: float = Field(
        default=50.0, ge=1.0, description="no gateway is added for fewer meters than this"
    )


class SolverSection(Section):
    """How hard the siting is solved."""

    cell_m: float = Field(default=1000.0, ge=100.0, le=5000.0, description="demand aggregation")
    gap: float = Field(default=0.01, ge=0.0, le=0.5, description="gap at which it may stop")
    effort: float = Field(default=1.0, gt=0.0, le=100.0, description="work allowed, 1 = usual")


class ProgrammeSection(Section):
    """The deployment programme of the recommended option."""

    yearly_budget_eur: float = Field(default=120_000.0, gt=0.0, description="investment, HT")


class Settings(Section):
    """The [lora] section."""

    question: Literal["gateways", "load"] = Field(
        default="gateways",
        description="how many gateways; or whether the planned ones and the batteries hold",
    )
    load: LoadSection | None = Field(default=None, description="read by the load question")
    network: Literal["own", "operator"] = Field(
        default="own", description="own gateways, or an operator's connectivity (scenario 0)"
    )
    meters: MetersSection = MetersSection()
    sites: SitesSection
    radio: RadioSection = RadioSection()
    target: TargetSection = TargetSection()
    solver: SolverSection = SolverSection()
    programme: ProgrammeSection = ProgrammeSection()
    sample_one_in: int = Field(
        default=8, ge=1, le=100, description="meters each replication looks at, in rotation"
    )
    map_resolution_m: float = Field(default=200.0, ge=25.0, le=2000.0)

    @model_validator(mode="after")
    def _question_has_its_section(self) -> Self:
        if self.question == "load" and self.load is None:
            raise ValueError(
                "une section [lora.load] pour la question « load » (modèle : "
                "scenarios/indre/load.toml) | a section [lora.load] for the question 'load' "
                "(pattern: scenarios/indre/load.toml)"
            )
        return self
