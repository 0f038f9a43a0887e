"""Everything about an option of the load question that can be found wrong before it is computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from models.lora.check import check_option
from models.lora.energy.battery import BATTERIES, battery_of
from models.lora.energy.published_currents import current_profile
from models.lora.load.batteries import MAINS
from models.lora.load.gateways import planned_sites
from models.lora.load.network import plan_of
from models.lora.load.settings import FleetSection
from models.lora.network.field import fleets_table
from models.lora.region import lowest_data_rate_for
from models.lora.settings import Settings
from twin.errors import Fault, Faults, InputError
from twin.lang import Text
from twin.scenario import Option, Scenario
from twin.territory.communes import read_communes
from twin.territory.limits import areas_and_notices


def check_load(
    scenario: Scenario, option: Option, settings: Settings, assumptions: Sequence[str]
) -> list[Text]:
    """Return what a person should be told about one option's tables.

    Raises
    ------
    ScenarioError
        Once, with every fault of the tables, the planned gateways and the fleets.
    """
    assert settings.load is not None  # noqa: S101 - the settings ask for it
    faults, notices = Faults(), list[Text]()
    with faults.gathered():
        notices += check_option(scenario, option, settings, assumptions)
    territory = scenario.territory
    with faults.gathered():
        communes = read_communes(territory.communes, territory.merged_communes)
        areas, _ = areas_and_notices(territory, communes)
        planned_sites(settings.load.gateways, settings.sites, areas, communes)
    for name, fleet in settings.load.fleets.items():
        faults.add(_fleet_faults(name, fleet, option))
    key = "lora.load.current_profile"
    try:
        current_profile(settings.load.current_profile)
    except InputError as error:
        faults.add(_placed(fault, key, option) for fault in error.faults)
    if not any(fleet.present for fleet in settings.load.fleets.values()):
        faults.add([_nobody(option)])
    if not faults.found:
        notices += _long_payloads(settings)
        notices += _storm_notices(settings)
    faults.raise_all()
    return notices


def _fleet_faults(name: str, fleet: FleetSection, option: Option) -> list[Fault]:
    """Return what is wrong with one fleet, whether the option has it or not."""
    where = f"lora.load.fleets.{name}"
    found: list[Fault] = []
    try:
        fleets_table([plan_of(name, fleet)])
    except InputError as error:
        for fault in error.faults:
            field = fault.key.rpartition(".")[2].replace("payload_bytes", "application_bytes")
            found.append(_placed(fault, f"{where}.{field}", option))
    if fleet.battery != MAINS:
        try:
            battery_of(fleet.battery)
        except InputError:
            known = ", ".join([*BATTERIES, MAINS])
            found.append(
                _placed(
                    Fault(
                        Text(f"une pile connue ({known})", f"a known battery ({known})"),
                        Text(
                            f"choisissez l'une d'elles pour le parc « {name} »",
                            f"choose one of them for the fleet '{name}'",
                        ),
                        value=fleet.battery,
                    ),
                    f"{where}.battery",
                    option,
                )
            )
        if fleet.device_class == "C":
            found.append(
                _placed(
                    Fault(
                        Text("la classe A, ou le secteur", "class A, or the mains"),
                        Text(
                            "la classe C écoute sans cesse : aucune pile n'y tient un an ; "
                            'écrivez battery = "mains"',
                            "class C listens all the time: no battery lasts a year; write "
                            'battery = "mains"',
                        ),
                        value="C",
                    ),
                    f"{where}.device_class",
                    option,
                )
            )
    return found


def _placed(fault: Fault, key: str, option: Option) -> Fault:
    origins = option.origins
    return replace(fault, file=str(origins.of(key)), key=origins.name(key))


def _nobody(option: Option) -> Fault:
    return _placed(
        Fault(
            Text("au moins un parc d'objets", "at least one fleet of devices"),
            Text("donnez un count ou meters = true", "give a count or meters = true"),
            value="0",
        ),
        "lora.load.fleets",
        option,
    )


def _long_payloads(settings: Settings) -> list[Text]:
    """Return a notice for each fleet whose payload the slowest, farthest rates do not carry."""
    assert settings.load is not None  # noqa: S101 - the settings ask for it
    told = []
    for name, fleet in settings.load.fleets.items():
        lowest = lowest_data_rate_for(fleet.application_bytes)
        if fleet.present and lowest > 0:
            size, factor = fleet.application_bytes, 12 - lowest
            told.append(
                Text(
                    f"parc « {name} » : {size} octets ne passent qu'à partir de SF{factor} ; les "
                    "objets lointains ne seront pas entendus (raccourcissez le message)",
                    f"fleet '{name}': {size} bytes need SF{factor} or faster; far devices will not "
                    "be heard (shorten the message)",
                )
            )
    return told


def _storm_notices(settings: Settings) -> list[Text]:
    assert settings.load is not None  # noqa: S101 - the settings ask for it
    name = settings.load.storm.fleet
    if name in settings.load.fleets:
        return []
    return [
        Text(
            f"lora.load.storm.fleet : aucun parc « {name} », pas de coupure de courant simulée",
            f"lora.load.storm.fleet: no fleet '{name}', no mains cut is simulated",
        )
    ]
