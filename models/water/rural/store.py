"""Made-up zones kept on disk, named by everything they depend on; and as EPANET files."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.water.network import network as network_module
from models.water.network.network import (
    Control,
    ControlKind,
    Demands,
    Links,
    Network,
    Nodes,
    Pumps,
    Tanks,
)
from models.water.network.write import write_network
from models.water.rural.assemble import OPTIONS
from models.water.rural.draw import PATTERNS
from models.water.rural.services import services_of
from models.water.rural.settings import RuralSettings
from models.water.rural.zones import build_zones
from models.water.zone import Zone
from twin import streams as streams_module
from twin.files import write_atomically
from twin.terrain.grid import Terrain
from twin.territory import scatter as scatter_module
from twin.territory.territory import Territory

PARTS: dict[str, Callable[..., Any]] = {
    "nodes": Nodes,
    "demands": Demands,
    "links": Links,
    "tanks": Tanks,
    "pumps": Pumps,
}
BY_NODE = ("people", "homes", "farm_m3_per_day", "industry_m3_per_day", "connections")
BY_LINK = ("material", "laid_year")
CONTROL = ("kind", "link", "opens", "node", "level_m")

Arrays = dict[str, NDArray[Any]]


def load_zones(
    territory: Territory,
    terrain: Terrain,
    settings: RuralSettings,
    seed: int,
    cache: Path,
    services: Mapping[str, str] | None = None,
) -> tuple[Zone, ...]:
    """Return :func:`build_zones`, computed once and kept in the folder `cache`.

    A damaged file is computed again and replaced. Services are no part of what is kept.

    Raises
    ------
    DataError
        As :func:`build_zones`.
    OSError
        The folder cannot be written.
    """
    run_by = services_of(territory.communes) if services is None else services
    path = cache / f"zones-{zones_key(territory, terrain, settings, seed)}.npz"
    known = _read(path, run_by)
    if known is not None:
        return known
    zones = build_zones(territory, terrain, settings, seed, run_by)
    with write_atomically(path) as handle:
        np.savez(handle, **_packed(zones))  # type: ignore[arg-type]
    return zones


def zones_key(territory: Territory, terrain: Terrain, settings: RuralSettings, seed: int) -> str:
    """Return the name of what this territory, ground, settings and this folder's source give."""
    frame = (territory.areas.bounds_m, terrain.bounds_m, terrain.resolution_m)
    summary = hashlib.sha256(repr((territory.communes, settings, seed, frame)).encode())
    summary.update(territory.areas.owner.tobytes())
    summary.update(terrain.heights_m.tobytes())
    sources = sorted(Path(__file__).parent.glob("*.py"))
    sources += [Path(str(m.__file__)) for m in (network_module, scatter_module, streams_module)]
    for source in sources:
        summary.update(source.name.encode() + b"\0" + source.read_bytes())
    return summary.hexdigest()[:24]


def write_zones(zones: Iterable[Zone], folder: Path) -> list[Path]:
    """Write each zone's network as an EPANET file `<INSEE code>.inp`; return the paths.

    Raises
    ------
    InputError
        As :func:`models.water.network.write.write_network`.
    """
    return [write_network(zone.network, folder / f"{zone.id}.inp") for zone in zones]


def _packed(zones: Sequence[Zone]) -> Arrays:
    """Return the zones as arrays end to end, with the length of each zone's."""
    packed: Arrays = {
        "id": np.array([zone.id for zone in zones]),
        "name": np.array([zone.name for zone in zones]),
        "title": np.array([zone.network.title for zone in zones]),
    }
    for part, kind in PARTS.items():
        for name in _names(kind):
            _join(
                packed, f"{part}.{name}", [getattr(getattr(z.network, part), name) for z in zones]
            )
    for name in (*BY_NODE, *BY_LINK):
        _join(packed, name, [getattr(zone, name) for zone in zones])
    for name in CONTROL:
        _join(packed, f"controls.{name}",
              [[getattr(c, name) for c in zone.network.controls] for zone in zones])  # fmt: skip
    return packed


def _names(kind: Callable[..., Any]) -> list[str]:
    return [each.name for each in fields(kind)]  # type: ignore[arg-type]


def _join(packed: Arrays, name: str, values: Sequence[Any]) -> None:
    packed[name] = np.concatenate([np.asarray(each) for each in values]) if values else np.empty(0)
    packed[f"{name}#"] = np.array([len(each) for each in values], dtype=np.int64)


def _read(path: Path, services: Mapping[str, str]) -> tuple[Zone, ...] | None:
    """Return what a file holds; None where it is absent or damaged."""
    try:
        with np.load(path, allow_pickle=False) as held:
            return _unpacked({name: held[name] for name in held.files}, services)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _unpacked(packed: Arrays, services: Mapping[str, str]) -> tuple[Zone, ...]:
    count = len(packed["id"])
    cut = {
        name: np.split(packed[name], np.cumsum(packed[f"{name}#"])[:-1])
        for name in packed
        if f"{name}#" in packed
    }
    return tuple(_zone(row, packed, cut, services) for row in range(count))


def _zone(
    row: int, packed: Arrays, cut: dict[str, list[NDArray[Any]]], services: Mapping[str, str]
) -> Zone:
    parts = {
        part: kind(**{
            name: tuple(cut[f"{part}.{name}"][row].tolist())
            if name == "ids"
            else cut[f"{part}.{name}"][row]
            for name in _names(kind)
        })
        for part, kind in PARTS.items()
    }  # fmt: skip
    controls = zip(*(cut[f"controls.{name}"][row].tolist() for name in CONTROL), strict=True)
    network = Network(
        title=str(packed["title"][row]),
        patterns=PATTERNS,
        controls=tuple(
            Control(ControlKind(kind), link, bool(opens), node=node, level_m=level_m)
            for kind, link, opens, node, level_m in controls
        ),
        options=OPTIONS,
        **parts,
    )
    insee = str(packed["id"][row])
    return Zone(
        id=insee,
        name=str(packed["name"][row]),
        service=services[insee],
        network=network,
        **{name: cut[name][row] for name in (*BY_NODE, *BY_LINK)},
    )
