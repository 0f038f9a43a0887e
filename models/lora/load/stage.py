"""What every replication of an option shares: gateways, devices and the loss of each path."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.lora.links import LinkTable, link_table
from models.lora.load.fleets import FleetPoints, fleet_points
from models.lora.load.gateways import planned_sites
from models.lora.load.settings import FleetSection
from models.lora.meters import Meters
from models.lora.settings import Settings
from models.lora.sites import Sites
from twin.files import write_atomically
from twin.lang import Text
from twin.ports import Say
from twin.scenario import Scenario
from twin.territory.communes import Commune, read_communes
from twin.territory.ground import read_ground
from twin.territory.limits import territory_areas
from twin.workspace import Workspace
from twin.world import prior_named

GROWTH = "growth_factor"


@dataclass(frozen=True)
class FleetStage:
    """One fleet: how it talks, its devices and their paths."""

    name: str
    section: FleetSection
    points: FleetPoints
    links: LinkTable


@dataclass(frozen=True)
class LoadStage:
    """The fixed part of an option's world."""

    communes: tuple[Commune, ...]
    sites: Sites
    fleets: tuple[FleetStage, ...]


def load_stage(scenario: Scenario, settings: Settings, workspace: Workspace, say: Say) -> LoadStage:
    """Return an option's stage; each fleet is computed once and read back from the workspace."""
    assert settings.load is not None  # noqa: S101 - the settings ask for it
    territory = scenario.territory
    communes = read_communes(territory.communes, territory.merged_communes)
    areas = territory_areas(territory, communes)
    sites = planned_sites(settings.load.gateways, settings.sites, areas, communes)
    fleets = []
    for name, fleet in settings.load.fleets.items():
        if not fleet.present:
            continue
        largest = largest_growth(scenario, settings, fleet)
        file = workspace.folder / f"fleet-{name}-{_key(scenario, settings, fleet, largest)}.npz"
        if not file.is_file():
            points = fleet_points(name, fleet, settings.meters, communes, areas, largest)
            what = _what(name, len(points), len(sites))
            say(what, 0.0)
            terrain = read_ground(territory, communes, workspace.cache)
            table = link_table(
                points.places,
                sites,
                terrain,
                settings.radio,
                workspace.cache,
                lambda share, what=what: say(what, share),  # type: ignore[misc]
            )
            _write(file, points, table)
            say(what, 1.0)
        fleets.append(_read(file, name, fleet))
    return LoadStage(communes, sites, tuple(fleets))


def largest_growth(scenario: Scenario, settings: Settings, fleet: FleetSection) -> float:
    """Return the most a fleet may have grown by the horizon, 1 = not at all."""
    assert settings.load is not None  # noqa: S101 - the settings ask for it
    fastest = prior_named(scenario.assumptions, GROWTH, scenario.path).high
    return float((1.0 + fleet.growth_per_year * fastest) ** settings.load.horizon_years)


def _what(name: str, devices: int, gateways: int) -> Text:
    return Text(
        f"{name} : {devices} objets x {gateways} passerelles",
        f"{name}: {devices} devices x {gateways} gateways",
    )


def _key(scenario: Scenario, settings: Settings, fleet: FleetSection, largest: float) -> str:
    meters = settings.meters.model_dump(exclude={"pit_share", "indoor_share"})
    radio = settings.radio.model_dump(
        include={"frequency_mhz", "model", "max_range_km", "profile_step_m"}
    )
    places = (fleet.meters, fleet.count, fleet.height_m, largest)
    text = repr((scenario.digest, meters, radio, places))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _write(file: Path, points: FleetPoints, links: LinkTable) -> None:
    places = points.places
    arrays: dict[str, Any] = {
        "xy": np.column_stack([places.x_m, places.y_m, places.height_m, places.place]),
        "commune": places.commune,
        "own": np.array(places.own),
        "born": points.born,
        "word": points.word,
        "indptr": links.indptr,
        "site": links.site,
        "loss_db": links.loss_db,
        "height_effect_db": links.height_effect_db,
        "void_paths": np.array(links.void_paths),
    }
    if places.given is not None:
        arrays["given"] = places.given
    with write_atomically(file) as handle:
        np.savez(handle, **arrays)


def _read(file: Path, name: str, section: FleetSection) -> FleetStage:
    with np.load(file) as kept:
        xy = kept["xy"]
        places = Meters(
            x_m=xy[:, 0].copy(),
            y_m=xy[:, 1].copy(),
            height_m=xy[:, 2].copy(),
            commune=kept["commune"],
            place=xy[:, 3].copy(),
            given=kept["given"] if "given" in kept.files else None,
            own=bool(kept["own"]),
        )
        links = LinkTable(
            kept["indptr"],
            kept["site"],
            kept["loss_db"],
            kept["height_effect_db"],
            int(kept["void_paths"]),
        )
        return FleetStage(name, section, FleetPoints(places, kept["born"], kept["word"]), links)
