"""From a scenario's words to the LoRaWAN link of one replication."""

from __future__ import annotations

from collections.abc import Sequence

from models.lora.default_terrain import CACHE
from models.lora.link.build import physics_of, towers_of
from models.lora.link.link import LoraLink
from models.lora.link.network_settings import NetworkKeys, NetworkSettings
from models.lora.link.planned_ground import planned_ground, read_gateways
from models.lora.link.settings import Settings
from models.lora.link.terrain_levels import TerrainLevels, path_losses, use_cases
from models.lora.network.field import least_level_dbm
from models.lora.radio_figures import RADIO_FIGURES, RadioFigures, radio_figures
from models.lora.static_levels import downlink_gains_db
from twin.errors import Faults
from twin.lang import Text
from twin.links import LinkContext
from twin.ports import Link, Say
from twin.scenario import Scenario
from twin.signals import Fleet
from twin.workspace import Workspace
from twin.world import prior_named


def make_link(settings: Settings, context: LinkContext) -> Link:
    """Return the link of one replication, not yet started.

    Raises
    ------
    InputError
        With every assumption that is missing; as :func:`check` for the tables.
    """
    _refuse_missing_rows(context.scenario)
    figures = radio_figures(context.assume)
    network = network_settings(settings, figures)
    cache = context.cache or CACHE
    ground = planned_ground(settings, context.scenario, cache)
    towers = towers_of(context.streams, ground.sites.ids, network)
    levels = TerrainLevels(
        ground,
        settings.radio,
        figures,
        context.streams,
        least_level_dbm(towers, physics_of(network)),
        cache,
    )
    return LoraLink(context.streams, ground.gateways, levels, network)


def check(settings: Settings, scenario: Scenario) -> Sequence[Text]:
    """Read every table the link names, write nothing; return what should be told.

    Raises
    ------
    InputError
        Once: assumptions that are missing, gateways that are no site, tables at fault.
    """
    faults, notices = Faults(), list[Text]()
    with faults.gathered():
        _refuse_missing_rows(scenario)
    with faults.gathered():
        notices += read_gateways(settings, scenario.territory)
    faults.raise_all()
    return notices


def prepare(
    settings: Settings,
    scenario: Scenario,
    workspace: Workspace,
    say: Say,
    fleets: Sequence[Fleet] = (),
) -> None:
    """Make the relief, and the path losses of `fleets`, once; replications read them back.

    Raises
    ------
    InputError
        As :func:`check`; a use case that is not known; devices beyond the terrain.
    """
    _refuse_missing_rows(scenario)
    ground = planned_ground(settings, scenario, workspace.cache)
    for fleet in fleets:
        use_cases(fleet)
        path_losses(fleet, ground, settings.radio, workspace.cache, say)


def network_settings(settings: Settings, figures: RadioFigures) -> NetworkSettings:
    """Return the network of one world: what the scenario says, and what the world drew.

    Frames of other networks (`outside_frames_per_s`) come on top of the stand-in the scenario
    gives for this network's other devices.
    """
    said = {name: getattr(settings, name) for name in NetworkKeys.model_fields}
    given = settings.outside
    per_s = tuple(own_per_s + figures.outside_frames_per_s for own_per_s in given.per_s or (0.0,))
    rx1_gain_db, rx2_gain_db = downlink_gains_db(settings.radio)
    drawn = {
        "chip": settings.radio.chip,
        "noise_rise_db": figures.noise_rise_db,
        "interference": figures.matrix,
        "slow_sigma_db": figures.slow_sigma_db,
        "slow_rho": figures.slow_correlation,
        "rx1_gain_db": rx1_gain_db,
        "rx2_gain_db": rx2_gain_db,
        "outside": given.model_copy(update={"per_s": per_s}),
    }
    # Constructed, not validated: the ranges of the figures are the assumptions' table's business.
    return NetworkSettings.model_construct(**(said | drawn))


def _refuse_missing_rows(scenario: Scenario) -> None:
    faults = Faults()
    for name in RADIO_FIGURES:
        with faults.gathered():
            prior_named(scenario.assumptions, name, scenario.path)
    faults.raise_all()
