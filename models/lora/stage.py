"""What every option and every replication shares: communes, meters, sites and their links."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.lora.links import LinkTable, link_table
from models.lora.meters import Meters, make_meters
from models.lora.settings import Settings
from models.lora.sites import Sites, read_sites
from twin.files import write_atomically
from twin.lang import Text
from twin.ports import Say
from twin.scenario import Scenario
from twin.territory.communes import Commune, read_communes
from twin.territory.ground import read_ground
from twin.territory.limits import territory_areas
from twin.workspace import Workspace


@dataclass(frozen=True)
class Stage:
    """The fixed part of the world; arrays in the order of their tables."""

    communes: tuple[Commune, ...]
    meters: Meters
    sites: Sites
    links: LinkTable


def load_stage(scenario: Scenario, settings: Settings, workspace: Workspace, say: Say) -> Stage:
    """Return the stage, computed once and then read back from the workspace."""
    section = scenario.territory
    communes = read_communes(section.communes, section.merged_communes)
    file = workspace.folder / f"stage-{_key(scenario, settings)}.npz"
    if not file.is_file():
        _prepare(scenario, settings, communes, workspace, file, say)
    return _read(file, communes)


def _key(scenario: Scenario, settings: Settings) -> str:
    """Return what tells two stages of one scenario apart: options may differ in meters or radio."""
    meters = settings.meters.model_dump(exclude={"pit_share", "indoor_share"})
    sites = settings.sites.model_dump(exclude={"kinds", "mandatory", "forbidden"})
    radio = settings.radio.model_dump(
        include={"frequency_mhz", "model", "max_range_km", "profile_step_m"}
    )
    text = repr((scenario.digest, scenario.quick, meters, sites, radio))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _prepare(
    scenario: Scenario,
    settings: Settings,
    communes: tuple[Commune, ...],
    workspace: Workspace,
    file: Path,
    say: Say,
) -> None:
    areas = territory_areas(scenario.territory, communes)
    terrain = read_ground(scenario.territory, communes, workspace.cache)
    sites = read_sites(settings.sites, areas, communes)
    meters = make_meters(settings.meters, communes, areas, quick=scenario.quick)
    name = Text(
        f"{len(meters)} compteurs x {len(sites)} sites",
        f"{len(meters)} meters x {len(sites)} sites",
    )
    say(name, 0.0)
    links = link_table(
        meters, sites, terrain, settings.radio, workspace.cache, lambda share: say(name, share)
    )
    say(name, 1.0)
    arrays: dict[str, Any] = {
        "meters_xy": np.column_stack([meters.x_m, meters.y_m, meters.height_m, meters.place]),
        "meters_commune": meters.commune,
        "meters_own": np.array(meters.own),
        "sites_xy": np.column_stack([sites.x_m, sites.y_m]),
        "sites_height": sites.height_m,
        "sites_commune": sites.commune,
        "sites_text": np.array([sites.ids, sites.names, sites.kind]),
        "indptr": links.indptr,
        "site": links.site,
        "loss_db": links.loss_db,
        "height_effect_db": links.height_effect_db,
        "void_paths": np.array(links.void_paths),
    }
    if meters.given is not None:
        arrays["meters_given"] = meters.given
    with write_atomically(file) as handle:
        np.savez(handle, **arrays)


def _read(file: Path, communes: tuple[Commune, ...]) -> Stage:
    with np.load(file) as kept:
        place = kept["meters_xy"]
        text = kept["sites_text"]
        return Stage(
            communes=communes,
            meters=Meters(
                x_m=place[:, 0].copy(),
                y_m=place[:, 1].copy(),
                height_m=place[:, 2].copy(),
                commune=kept["meters_commune"],
                place=place[:, 3].copy(),
                given=kept["meters_given"] if "meters_given" in kept.files else None,
                own=bool(kept["meters_own"]),
            ),
            sites=Sites(
                ids=tuple(map(str, text[0])),
                names=tuple(map(str, text[1])),
                kind=tuple(map(str, text[2])),
                x_m=kept["sites_xy"][:, 0].copy(),
                y_m=kept["sites_xy"][:, 1].copy(),
                height_m=kept["sites_height"],
                commune=kept["sites_commune"],
            ),
            links=LinkTable(
                kept["indptr"],
                kept["site"],
                kept["loss_db"],
                kept["height_effect_db"],
                int(kept["void_paths"]),
            ),
        )
