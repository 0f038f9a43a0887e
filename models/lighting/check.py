"""What can be found wrong in an option of the lighting question before it is played."""

from __future__ import annotations

from collections.abc import Sequence

from models.lighting.bill import PRICE_ROWS
from models.lighting.figures import FIGURE_ROWS
from models.lighting.inventory.draw import SOURCE
from models.lighting.night import schedules_of
from models.lighting.schedules.read_hours import read_hours
from models.lighting.settings import Settings
from models.lighting.stage import communes_of, depot_codes, inventory_of
from twin.errors import Faults
from twin.lang import Text
from twin.links import check_links
from twin.scenario import Option, Scenario
from twin.world import prior_named


def check_lighting(
    scenario: Scenario, option: Option, settings: Settings, links: Sequence[str]
) -> list[Text]:
    """Return what a person should be told about one option.

    Raises
    ------
    ScenarioError
        Once, with every fault of the tables, the assumptions, the schedules and the links.
    """
    faults, notices = Faults(), list[Text]()
    for name in (*FIGURE_ROWS, *PRICE_ROWS):
        with faults.gathered():
            prior_named(scenario.assumptions, name, scenario.path)
    with faults.gathered():
        depot_codes(communes_of(scenario.territory), settings.crews)
    with faults.gathered():
        schedules_of(settings.night)
    if settings.night.hours is not None:
        codes = tuple(each.insee for each in communes_of(scenario.territory))
        with faults.gathered():
            read_hours(settings.night.hours).chosen(codes)
    if settings.inventory.table is None:
        notices.append(SOURCE)
    if settings.inventory.table is not None or settings.inventory.catalogue is not None:
        with faults.gathered():
            inventory_of(scenario.territory, settings.inventory)
    with faults.gathered():
        key = "lighting.nodes.link" if settings.control == "node" else "lighting.clocks.link"
        notices += check_links(scenario, option, links, key)
    faults.raise_all()
    return notices
