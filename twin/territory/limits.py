"""The communes' areas as a scenario gives them: official limits, or approximate ones."""

from __future__ import annotations

from functools import lru_cache

from twin.lang import Text
from twin.scenario.schema import TerritorySection
from twin.territory.areas import CommuneAreas
from twin.territory.communes import Commune, read_mergers


def territory_areas(section: TerritorySection, communes: tuple[Commune, ...]) -> CommuneAreas:
    """Return the communes' areas: the planner's polygons, or the approximate power cells."""
    return areas_and_notices(section, communes)[0]


@lru_cache(maxsize=2)  # a pure function of frozen inputs, asked for by every option in turn
def areas_and_notices(
    section: TerritorySection, communes: tuple[Commune, ...]
) -> tuple[CommuneAreas, tuple[Text, ...]]:
    """Return the communes' areas, and one sentence for each old code met in the polygons."""
    if section.boundaries is not None:
        from twin.territory.polygons import areas_from_polygons

        notices: list[Text] = []
        mergers = read_mergers(section.merged_communes) if section.merged_communes else None
        areas = areas_from_polygons(section.boundaries, communes, mergers=mergers, notices=notices)
        return areas, tuple(notices)
    from twin.territory.power import power_areas

    return power_areas(communes), ()
