"""What a scenario may say of the lamps that are drawn where no inventory is at hand."""

from __future__ import annotations

from pydantic import Field

from models.lighting.inventory.lamp_columns import LampColumns
from twin.scenario.schema import InputFile, Section


class InventorySettings(Section):
    """A planner's table, or how many lamps are drawn and of which kind; every figure is [U]."""

    table: InputFile | None = Field(
        default=None, description="lamps, .csv, .geojson or .gpkg; none: drawn"
    )
    layer: str | None = Field(default=None, description="of a GeoPackage that has several")
    columns: LampColumns = LampColumns()
    catalogue: InputFile | None = Field(
        default=None, description="CSV of the planner's own lanterns, before the usual ones"
    )
    seed: int = Field(default=36, ge=0)
    points_per_commune: float = Field(
        default=20.0, ge=0.0, description="whatever its population: bourg and hamlets"
    )
    points_per_inhabitant: float = Field(
        default=0.237, ge=0.0, le=5.0, description="56,000 in all in the Indre"
    )
    lamps_per_cabinet: float = Field(
        default=13.2, ge=2.0, le=200.0, description="in a commune of 100 inhabitants"
    )
    more_per_decade: float = Field(
        default=5.5, ge=0.0, le=50.0, description="lamps more a cabinet, tenfold population"
    )
    spacing_m: float = Field(default=32.0, gt=5.0, le=100.0, description="between lamps, mean")
    renewed_communes: float = Field(
        default=0.25, ge=0.0, le=1.0, description="share whose lanterns are all LED"
    )
    led_share: float = Field(default=0.15, ge=0.0, le=1.0, description="of the streets elsewhere")
    mercury_share: float = Field(default=0.08, ge=0.0, le=1.0, description="of the other streets")
