"""Everything about an option that can be found wrong before any long computation."""

from __future__ import annotations

from collections.abc import Sequence

from models.lora.settings import Settings
from models.lora.sites import Sites, read_sites
from twin.errors import Fault, InputError, ScenarioError
from twin.lang import Text
from twin.scenario import Scenario
from twin.territory.areas import CommuneAreas
from twin.territory.communes import read_communes
from twin.world import prior_named


def check_option(
    scenario: Scenario, settings: Settings, assumptions: Sequence[str], areas: CommuneAreas
) -> None:
    """Raise with every fault of the tables, the sites and the assumptions of one option."""
    faults: list[Fault] = []

    def gather(error: InputError) -> None:
        faults.extend(fault for fault in error.faults if fault not in faults)

    for name in assumptions:
        try:
            prior_named(scenario.assumptions, name, scenario.path)
        except InputError as error:
            gather(error)
    try:
        sites = read_sites(settings.sites, areas)
        _check_named(sites, settings, scenario)
    except InputError as error:
        gather(error)
    if faults:
        raise ScenarioError(*faults)


def _check_named(sites: Sites, settings: Settings, scenario: Scenario) -> None:
    chosen = settings.sites
    sites.index_of(chosen.mandatory, "lora.sites.mandatory", scenario.path)
    sites.index_of(chosen.forbidden, "lora.sites.forbidden", scenario.path)
    both = sorted(set(chosen.mandatory) & set(chosen.forbidden))
    if both:
        raise ScenarioError(
            Fault(
                expected=Text(
                    "un site imposé ou interdit, pas les deux", "a site mandatory or forbidden"
                ),
                remedy=Text("l'ôter d'une des deux listes", "remove it from one of the two lists"),
                file=str(scenario.path),
                key="lora.sites.mandatory",
                value=", ".join(both),
            )
        )
