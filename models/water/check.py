"""Everything about an option of the water question that can be found wrong before it is played."""

from __future__ import annotations

from collections.abc import Sequence

from models.water.bill import PRICE_ROWS
from models.water.figures import FIGURE_ROWS
from models.water.hazards import cut_faults
from models.water.rural.services import services_of
from models.water.settings import Settings
from twin.errors import Faults
from twin.lang import Text
from twin.links import check_links
from twin.scenario import Option, Scenario
from twin.territory.communes import read_communes
from twin.world import prior_named

SYNTHETIC = Text(
    "réseaux d'eau synthétiques : un par commune, aucune conduite n'est à sa vraie place",
    "made-up water networks: one a commune, no pipe is in its true place",
)
SYNTHETIC_CUSTOMERS = Text(
    "abonnés et compteurs synthétiques : aucune donnée personnelle",
    "made-up customers and meters: no personal data",
)


def check_water(
    scenario: Scenario, option: Option, settings: Settings, links: Sequence[str]
) -> list[Text]:
    """Return what a person should be told about one option.

    Raises
    ------
    ScenarioError
        Once, with every fault of the tables, the assumptions and the links.
    """
    faults, notices = Faults(), list[Text]()
    for name in (*FIGURE_ROWS, *PRICE_ROWS):
        with faults.gathered():
            prior_named(scenario.assumptions, name, scenario.path)
    with faults.gathered():
        territory = scenario.territory
        communes = read_communes(territory.communes, territory.merged_communes)
        services_of(communes, settings.services)
        faults.add(cut_faults(settings.hazards, [commune.insee for commune in communes]))
    with faults.gathered():
        notices += check_links(scenario, option, links, "water.districts.link")
    faults.raise_all()
    return [*notices, SYNTHETIC, SYNTHETIC_CUSTOMERS]
