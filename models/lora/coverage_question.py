"""What `run.py coverage` looks at: the network, the use case and a planner's objects, checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from twin.lang import Text

if TYPE_CHECKING:
    from models.lora.object_reception import Network
    from models.lora.object_samples import Samples
    from models.lora.objects import Objects
    from models.lora.plan import Plan
    from models.lora.settings import Settings
    from models.lora.sites import Sites
    from models.lora.use_cases import UseCase
    from twin.errors import Fault
    from twin.scenario import Option, Scenario
    from twin.terrain.grid import Terrain
    from twin.territory.areas import CommuneAreas


@dataclass(frozen=True)
class Question:
    """The inputs, read and checked; `plan` is None where the sites are given."""

    scenario: Scenario
    option: Option
    settings: Settings
    case: UseCase
    areas: CommuneAreas
    terrain: Terrain
    network: Network
    plan: Plan | None
    found: tuple[Objects, Samples] | None


def case_asked(name: str, settings: Settings) -> UseCase:
    """Return the use case asked for, or that of the most common meter."""
    from models.lora.object_budget import usual_case
    from models.lora.use_cases import UseCase
    from twin.errors import DataError, Fault
    from twin.scenario.keys import nearest

    if not name:
        return usual_case(settings.meters)
    if name in set(UseCase):
        return UseCase(name)
    known = [case.value for case in UseCase]
    near = nearest(name, known) or known[0]
    raise DataError(
        Fault(
            key="--use-case",
            value=name,
            expected=Text(f"l'un de {', '.join(known)}", f"one of {', '.join(known)}"),
            remedy=Text(f"écrire « {near} » ?", f"did you mean '{near}'?"),
        )
    )


def read_question(
    scenario: Scenario,
    option: Option,
    settings: Settings,
    case: UseCase,
    named: str,
    objects: tuple[Path | None, str | None],
) -> Question:
    """Read everything and check it, the objects before any long computation.

    Raises
    ------
    DataError
        With every fault of the sites named and of the objects.
    """
    from models.lora.sites import read_sites
    from models.lora.siting_answer import CACHE, solve_option
    from twin.errors import DataError, Faults
    from twin.territory.communes import read_communes
    from twin.territory.ground import read_ground
    from twin.territory.limits import territory_areas

    section = scenario.territory
    communes = read_communes(section.communes, section.merged_communes)
    areas = territory_areas(section, communes)
    terrain = read_ground(section, communes, CACHE)
    sites = read_sites(settings.sites, areas, communes)
    faults = Faults()
    faults.add(_asked_in_vain(settings, named, objects))
    with faults.gathered():
        chosen = sites.index_of(_names(named), "--sites", scenario.path)
    found = None
    with faults.gathered():
        if objects[0] is not None:
            found = _objects(scenario, settings, case, objects[0], objects[1], areas, terrain)
    if faults.found:
        raise DataError(*faults.found)
    plan = None
    if not named:
        plan = solve_option(scenario, settings).plan
        chosen = plan.sites
        if len(chosen) == 0:
            raise DataError(_no_gateway("plan", "0"))
    network = _network(sites, chosen.tolist())
    return Question(scenario, option, settings, case, areas, terrain, network, plan, found)


def _names(named: str) -> list[str]:
    """Return the ids of `--sites`, each once, in their order."""
    return list(dict.fromkeys(word.strip() for word in named.split(",") if word.strip()))


def _asked_in_vain(
    settings: Settings, named: str, objects: tuple[Path | None, str | None]
) -> list[Fault]:
    """Return what the command line and the option ask that cannot be."""
    from twin.errors import Fault

    faults = []
    if named and not _names(named):
        faults.append(
            Fault(
                key="--sites",
                value=named,
                expected=Text("au moins un site", "at least one site"),
                remedy=Text("par exemple --sites M001,M002", "for instance --sites M001,M002"),
            )
        )
    if settings.network == "operator" and not named:
        faults.append(_no_gateway("lora.network", "operator"))
    if settings.radio.model != "delta-bullington":
        faults.append(
            Fault(
                key="lora.radio.model",
                value=settings.radio.model,
                expected=Text(
                    "delta-bullington, seul modèle des rasters",
                    "delta-bullington, the only model of the rasters",
                ),
                remedy=Text("choisissez une autre option", "choose another option"),
            )
        )
    if objects[1] is not None and objects[0] is None:
        faults.append(
            Fault(
                key="--layer",
                value=objects[1],
                expected=Text("un fichier --objects", "an --objects file"),
                remedy=Text("nommez le fichier avec --objects", "name the file with --objects"),
            )
        )
    return faults


def _no_gateway(key: str, value: str) -> Fault:
    from twin.errors import Fault

    return Fault(
        key=key,
        value=value,
        expected=Text("une option qui achète des passerelles", "an option that buys gateways"),
        remedy=Text(
            "choisissez une autre option, ou donnez --sites",
            "choose another option, or give --sites",
        ),
    )


def _objects(
    scenario: Scenario,
    settings: Settings,
    case: UseCase,
    file: Path,
    layer: str | None,
    areas: CommuneAreas,
    terrain: Terrain,
) -> tuple[Objects, Samples]:
    """Return the planner's objects and the places where they are looked at."""
    from models.lora.object_budget import CentralBudget
    from models.lora.object_samples import sample_objects
    from models.lora.objects import read_objects

    budget = CentralBudget.of(scenario, settings.radio, settings.meters)
    found = read_objects(file, layer, case, budget.height_m, areas.contains, terrain)
    return found, sample_objects(found, terrain, areas.contains)


def _network(sites: Sites, chosen: list[int]) -> Network:
    """Return the chosen sites with their usual antenna heights."""
    from models.lora.object_reception import Network

    return Network(
        ids=tuple(sites.ids[each] for each in chosen),
        names=tuple(sites.names[each] for each in chosen),
        kinds=tuple(sites.kind[each] for each in chosen),
        x_m=sites.x_m[chosen],
        y_m=sites.y_m[chosen],
        height_m=sites.height_m[chosen, 1],
    )
