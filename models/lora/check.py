"""Everything about an option that can be found wrong before any long computation."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from models.lora.links import check_ground
from models.lora.meters import make_meters
from models.lora.settings import MetersSection, Settings, SitesSection
from models.lora.sites import SITE_COLUMNS, Sites, read_sites
from twin.errors import Fault, Faults
from twin.lang import Text
from twin.points import read_points
from twin.scenario import Option, Scenario
from twin.scenario.origins import Origins
from twin.scenario.schema import TerritorySection
from twin.territory.areas import CommuneAreas
from twin.territory.communes import Commune, read_communes
from twin.territory.ground import given_ground
from twin.territory.limits import areas_and_notices
from twin.world import prior_named


def check_option(
    scenario: Scenario, option: Option, settings: Settings, assumptions: Sequence[str]
) -> list[Text]:
    """Return what a person should be told about one option's tables.

    Raises
    ------
    ScenarioError
        Once, with every fault of the communes, their limits, the sites, the meters, the ground
        under them and the assumptions.
    """
    faults, notices = Faults(), list[Text]()
    for name in assumptions:
        with faults.gathered():
            prior_named(scenario.assumptions, name, scenario.path)
    section = scenario.territory
    communes, areas = None, None
    with faults.gathered():
        communes = read_communes(section.communes, section.merged_communes, notices)
    if communes is not None:
        with faults.gathered():
            areas, told = areas_and_notices(section, communes)
            notices += told
    if communes is None or areas is None:
        _check_tables(settings.sites, faults)
    else:
        _check_places(option.origins, settings, communes, areas, faults)
        # Ground is looked at last: reading it takes longest, and only sound points need it.
        if section.terrain and not faults.found:
            with faults.gathered():
                notices += _check_ground(section, communes, settings.meters, settings.sites)
    faults.raise_all()
    return notices


def _check_tables(section: SitesSection, faults: Faults) -> None:
    """Check all of the site tables that can be without knowing the territory."""
    for file, layer in _tables(section):
        with faults.gathered():
            read_points(file, SITE_COLUMNS, layer=layer)


def _check_places(
    origins: Origins,
    settings: Settings,
    communes: tuple[Commune, ...],
    areas: CommuneAreas,
    faults: Faults,
) -> None:
    """Check the sites, those named by the scenario and the planner's own meters."""
    for file, layer in _tables(settings.sites):
        with faults.gathered():
            read_points(file, SITE_COLUMNS, layer=layer, inside=areas.contains)
    with faults.gathered():
        _check_named(read_sites(settings.sites, areas), settings.sites, origins, faults)
    if settings.meters.points is not None:
        with faults.gathered():
            make_meters(settings.meters, communes, areas)


def _tables(section: SitesSection) -> list[tuple[Path, str | None]]:
    named = ((section.masts, None), (section.municipal, None), (section.own, section.own_layer))
    return [(file, layer) for file, layer in named if file is not None]


def _check_named(sites: Sites, section: SitesSection, origins: Origins, faults: Faults) -> None:
    """Check the sites imposed and refused by name."""
    imposing, refusing = "lora.sites.mandatory", "lora.sites.forbidden"
    where, key = origins.of(imposing), origins.name(imposing)
    with faults.gathered():
        sites.index_of(section.forbidden, origins.name(refusing), origins.of(refusing))
    with faults.gathered():
        imposed = sites.index_of(section.mandatory, key, where)
        faults.add(
            Fault(
                expected=Text(
                    f"un site d'un type permis ({', '.join(section.kinds)})",
                    f"a site of an allowed kind ({', '.join(section.kinds)})",
                ),
                remedy=Text(
                    "ajouter son type à lora.sites.kinds ou l'ôter de la liste",
                    "add its kind to lora.sites.kinds or remove it from the list",
                ),
                file=str(where),
                key=key,
                value=f"{sites.ids[site]} ({sites.kind[site]})",
            )
            for site in imposed
            if sites.kind[site] not in section.kinds
        )
    both = sorted(set(section.mandatory) & set(section.forbidden))
    if both:
        faults.add(
            [
                Fault(
                    expected=Text(
                        "un site imposé ou interdit, pas les deux",
                        "a site either mandatory or forbidden",
                    ),
                    remedy=Text(
                        "l'ôter d'une des deux listes", "remove it from one of the two lists"
                    ),
                    file=str(where),
                    key=f"{key}, {origins.name(refusing)}",
                    value=", ".join(both),
                )
            ]
        )


@lru_cache(maxsize=4)  # options share their ground: it is read once, not once an option
def _check_ground(
    territory: TerritorySection,
    communes: tuple[Commune, ...],
    meters: MetersSection,
    sites: SitesSection,
) -> tuple[Text, ...]:
    """Check that the planner's terrain lies under every site and meter; return its notices."""
    areas, _ = areas_and_notices(territory, communes)
    reading = given_ground(territory, areas)
    places = make_meters(meters, communes, areas)
    check_ground(places, read_sites(sites, areas), reading.terrain)
    return reading.notices
