"""The synthetic Indre, for calculators that were given no terrain."""

from __future__ import annotations

from pathlib import Path

from twin.scenario.schema import TerritorySection
from twin.terrain import Terrain
from twin.territory.communes import read_communes
from twin.territory.ground import read_ground

INDRE = Path(__file__).resolve().parents[2] / "scenarios" / "indre"
CACHE = Path(__file__).resolve().parents[2] / "results" / ".cache"


def default_terrain() -> Terrain:
    """Return the relief of the synthetic Indre, made once and cached."""
    section = TerritorySection(name="Indre", communes=INDRE / "communes.csv")
    communes = read_communes(section.communes, INDRE / "merged_communes.csv")
    return read_ground(section, communes, CACHE)
