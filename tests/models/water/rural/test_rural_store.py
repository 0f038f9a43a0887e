"""Zones kept on disk are the zones built; and they are written as EPANET files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from made_up_ground import four_communes, hills, zones

from models.water.network.read import read_network
from models.water.rural.settings import PeopleSection, RuralSettings
from models.water.rural.store import PARTS, load_zones, write_zones, zones_key
from models.water.zone import Zone


def same_zone(one: Zone, two: Zone) -> bool:
    """Tell whether two zones are the same, bit for bit."""
    parts = [
        (getattr(getattr(one.network, part), name), getattr(getattr(two.network, part), name))
        for part, kind in PARTS.items()
        for name in kind.__annotations__
    ]
    names = ("people", "homes", "connections", "material", "laid_year",
             "farm_m3_per_day", "industry_m3_per_day")  # fmt: skip
    parts += [(getattr(one, name), getattr(two, name)) for name in names]
    arrays = all(
        np.array_equal(a, b, equal_nan=np.asarray(a).dtype.kind == "f")
        and np.asarray(a).dtype == np.asarray(b).dtype
        for a, b in parts
    )
    texts = (one.id, one.name, one.service, one.network.title, one.network.controls)
    return arrays and texts == (two.id, two.name, two.service, two.network.title,
                                two.network.controls)  # fmt: skip


def test_what_is_kept_is_what_was_built(tmp_path: Path) -> None:
    """The first call builds, the second reads: both give the same zones, in one file."""
    for _ in range(2):
        found = load_zones(four_communes(), hills(), RuralSettings(), 7, tmp_path)
        assert all(same_zone(a, b) for a, b in zip(found, zones(), strict=True))
        assert len(list(tmp_path.iterdir())) == 1


def test_a_damaged_file_is_made_again(tmp_path: Path) -> None:
    """A file cut short is no answer: the zones are built anew and it is replaced."""
    load_zones(four_communes(), hills(), RuralSettings(), 7, tmp_path)
    (file,) = tmp_path.iterdir()
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    found = load_zones(four_communes(), hills(), RuralSettings(), 7, tmp_path)
    assert same_zone(found[1], zones()[1])
    assert len(file.read_bytes()) == len(whole)


def test_services_are_not_kept(tmp_path: Path) -> None:
    """A planner who changes the services finds them on zones that were built before."""
    load_zones(four_communes(), hills(), RuralSettings(), 7, tmp_path)
    services = {c.insee: f"Syndicat {c.insee}" for c in four_communes().communes}
    found = load_zones(four_communes(), hills(), RuralSettings(), 7, tmp_path, services)
    assert [zone.service for zone in found] == list(services.values())
    assert len(list(tmp_path.iterdir())) == 1


def test_the_key_names_everything_that_counts() -> None:
    """Another seed or another figure has another name."""
    thirsty = RuralSettings(people=PeopleSection(litres_per_person_day=200.0))
    keys = {
        zones_key(four_communes(), hills(), settings, seed)
        for settings, seed in ((RuralSettings(), 7), (RuralSettings(), 8), (thirsty, 7))
    }
    assert len(keys) == 3


def test_zones_are_written_for_epanet_in_the_same_order(tmp_path: Path) -> None:
    """EPANET reads the files back with nodes and links in the zone's own order."""
    paths = write_zones(zones(), tmp_path)
    assert [path.name for path in paths] == [f"{zone.id}.inp" for zone in zones()]
    for path, zone in zip(paths, zones(), strict=True):
        network = read_network(path)
        assert network.nodes.ids == zone.network.nodes.ids
        assert network.links.ids == zone.network.links.ids
        assert np.allclose(network.links.length_m, zone.network.links.length_m)
        assert len(network.controls) == 2
