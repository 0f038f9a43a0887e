"""The fixed part of a link on a territory: where its gateways stand, and the relief."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from models.lora.link.gateways import GatewaySites
from models.lora.link.settings import Settings
from models.lora.load.gateways import planned_sites
from models.lora.sites import Sites
from twin.lang import Text
from twin.scenario import Scenario
from twin.scenario.schema import TerritorySection
from twin.signals import AssetId
from twin.terrain import Terrain
from twin.territory.communes import read_communes
from twin.territory.ground import read_ground
from twin.territory.limits import areas_and_notices


@dataclass(frozen=True)
class PlannedGround:
    """The sites that carry a gateway, and the ground."""

    sites: Sites
    terrain: Terrain

    @property
    def gateways(self) -> GatewaySites:
        """The gateways as a link knows them: antennas at the usual height of each site."""
        ids = tuple(AssetId(site) for site in self.sites.ids)
        return GatewaySites(ids, self.sites.x_m, self.sites.y_m, self.sites.height_m[:, 1])


def planned_ground(settings: Settings, scenario: Scenario, cache: Path) -> PlannedGround:
    """Return the gateways and the ground; synthetic relief is made once and kept in `cache`.

    Raises
    ------
    DataError
        As :func:`models.lora.load.gateways.planned_sites`; a terrain that cannot be read.
    """
    return _ground(settings, scenario.territory, cache, scenario.digest)


@lru_cache(maxsize=2)  # a pure function of files the digest names, asked for by each replication
def _ground(
    settings: Settings,
    territory: TerritorySection,
    cache: Path,
    digest: str,  # noqa: ARG001 - the files behind the settings: another digest, other files
) -> PlannedGround:
    communes = read_communes(territory.communes, territory.merged_communes)
    areas, _ = areas_and_notices(territory, communes)
    sites = planned_sites(settings.gateways, settings.sites, areas, communes)
    return PlannedGround(sites, read_ground(territory, communes, cache))


def read_gateways(settings: Settings, territory: TerritorySection) -> tuple[Text, ...]:
    """Read every table a link names and no ground; return what should be told of the limits.

    Raises
    ------
    DataError
        As :func:`models.lora.load.gateways.planned_sites`.
    """
    communes = read_communes(territory.communes, territory.merged_communes)
    areas, notices = areas_and_notices(territory, communes)
    planned_sites(settings.gateways, settings.sites, areas, communes)
    return notices
