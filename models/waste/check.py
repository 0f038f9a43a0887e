"""Everything about an option of the waste question that can be found wrong before it is played."""

from __future__ import annotations

from models.waste.bill import PRICE_ROWS
from models.waste.depots import read_yards
from models.waste.feasible import cut_notice
from models.waste.figures import FIGURE_ROWS
from models.waste.habits import check_names
from models.waste.settings import Settings
from models.waste.stage import read_points_of, truck_l
from twin.errors import Faults
from twin.lang import Text
from twin.links import check_links
from twin.scenario import Option, Scenario
from twin.territory.communes import read_communes
from twin.world import prior_named

SYNTHETIC_POINTS = Text(
    "points d'apport synthétiques : répartis selon la population, aucun n'est à sa vraie place",
    "synthetic drop-off points: spread by population, none is in its true place",
)
SYNTHETIC_ROADS = Text(
    "routes synthétiques entre communes : donner waste.roads pour les vraies",
    "synthetic roads between communes: give waste.roads for the true ones",
)


def check_waste(scenario: Scenario, option: Option, settings: Settings) -> list[Text]:
    """Return what a person should be told about one option.

    Raises
    ------
    ScenarioError
        Once, with every fault of the tables, the assumptions and the link.
    """
    faults, notices = Faults(), list[Text]()
    for name in (*FIGURE_ROWS, *PRICE_ROWS):
        with faults.gathered():
            prior_named(scenario.assumptions, name, scenario.path)
    with faults.gathered():
        read_yards(settings.depots, settings.streams)
    with faults.gathered():
        territory = scenario.territory
        communes = read_communes(territory.communes, territory.merged_communes)
        found = read_points_of(scenario, settings, communes)
        for name, points in found.items():
            notices += cut_notice(name, points, truck_l(settings.streams[name]))
        check_names(settings.filling, [point for each in found.values() for point in each.ids])
    if settings.sensors.share > 0.0:
        with faults.gathered():
            notices += check_links(scenario, option, [settings.sensors.link], "waste.sensors.link")
    faults.raise_all()
    if settings.points.table is None:
        notices.append(SYNTHETIC_POINTS)
    if settings.roads is None:
        notices.append(SYNTHETIC_ROADS)
    return notices
