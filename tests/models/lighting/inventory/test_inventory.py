"""Lamps, cabinets and streets: as drawn for the Indre, and as a planner's table says."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import lru_cache
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from models.lighting.catalogue import merged, read_catalogue
from models.lighting.inventory.draw import draw_inventory
from models.lighting.inventory.graph import feeder_graph, feeder_lengths_m
from models.lighting.inventory.inventory import FED_BY_CABINET, Inventory
from models.lighting.inventory.read_lamps import read_lamps
from models.lighting.inventory.settings import InventorySettings
from tests.conftest import ROOT
from twin.errors import DataError, InputError
from twin.scenario import load_scenario
from twin.territory.areas import CommuneAreas
from twin.territory.communes import Commune, read_communes
from twin.territory.limits import territory_areas

USUAL = InventorySettings()


@lru_cache(maxsize=1)
def indre() -> tuple[tuple[Commune, ...], CommuneAreas]:
    """Return the communes and areas of the Indre."""
    territory = load_scenario(ROOT / "scenarios" / "indre" / "gateways.toml").territory
    communes = tuple(read_communes(territory.communes, territory.merged_communes))
    return communes, territory_areas(territory, communes)


@lru_cache(maxsize=1)
def drawn() -> Inventory:
    """Return the Indre's made-up inventory."""
    return draw_inventory(*indre(), read_catalogue(), USUAL)


def test_the_indre_has_its_points() -> None:
    """Between 54,000 and 59,000 points, 20 a cabinet, 1,500 to 2,200 km of feeders, 95 to 105 W."""
    inventory = drawn()
    assert 54_000 <= len(inventory.lamps) <= 59_000
    assert 2_700 <= len(inventory.cabinets) <= 2_900
    assert inventory.lamps_of_cabinet.min() >= 1
    assert 1_500e3 < feeder_lengths_m(inventory).sum() < 2_200e3
    assert 95.0 < inventory.system_w.mean() < 105.0
    led = np.array([each.technology == "led" for each in inventory.types])[inventory.lamps.type]
    assert 0.2 < led.mean() < 0.5
    assert (inventory.cabinets.subscribed_kva * 0.9e3 >= 0.999 * np.bincount(
        inventory.lamps.cabinet, inventory.system_w)).all()  # fmt: skip
    people = sum(each.population for each in indre()[0])
    assert inventory.streets.people.sum() == pytest.approx(people, rel=1e-6)


def test_cabinets_stand_in_their_communes() -> None:
    """Every cabinet stands within its commune, and lamps near it."""
    inventory, (_, areas) = drawn(), indre()
    cabinets = inventory.cabinets
    assert (areas.at(cabinets.x_m, cabinets.y_m) == cabinets.commune).all()
    lamps = inventory.lamps
    away = np.hypot(
        lamps.x_m - cabinets.x_m[lamps.cabinet], lamps.y_m - cabinets.y_m[lamps.cabinet]
    )
    assert np.percentile(away, 95) < 500.0


def test_every_lamp_reaches_its_cabinet() -> None:
    """The graph is a forest of feeders: each lamp has one feeder, rooted at its cabinet."""
    inventory = drawn()
    graph = feeder_graph(inventory)
    assert nx.is_forest(graph)
    roots = {name for name, degree in graph.in_degree() if degree == 0}
    assert roots == set(inventory.cabinets.ids)
    for row in range(0, len(inventory.lamps), 977):
        cabinet = inventory.cabinets.ids[inventory.lamps.cabinet[row]]
        assert nx.has_path(graph, cabinet, inventory.lamps.ids[row])
    assert (inventory.lamps.fed_by < np.arange(len(inventory.lamps))).all()
    assert (np.diff(inventory.lamps.cabinet) >= 0).all()


def test_another_commune_moves_no_lamp() -> None:
    """A commune of more inhabitants has more lamps; those of the communes before it stay."""
    communes, areas = indre()
    at = len(communes) // 2
    grown = replace(communes[at], population=3 * communes[at].population)
    other = (*communes[:at], grown, *communes[at + 1 :])
    one, two = drawn(), draw_inventory(other, areas, read_catalogue(), USUAL)
    assert len(two.lamps) > len(one.lamps)
    count = int(np.searchsorted(one.lamp_commune, at))
    for each in fields(one.lamps):
        if each.name != "ids":
            same, also = getattr(one.lamps, each.name), getattr(two.lamps, each.name)
            assert np.array_equal(same[:count], also[:count])


def table_of(inventory: Inventory, rows: int, folder: Path) -> Path:
    """Write the first lamps of an inventory as a planner's table."""
    lamps, cabinets, streets = inventory.lamps, inventory.cabinets, inventory.streets
    header = "id,x_m,y_m,insee,cabinet,type,height_m,fed_by,street,lighting_class,installed,kva"
    lines = [header]
    for row in range(rows):
        before, cabinet, street = lamps.fed_by[row], lamps.cabinet[row], lamps.street[row]
        lines.append(
            f"{lamps.ids[row]},{lamps.x_m[row]!r},{lamps.y_m[row]!r},"
            f"{inventory.communes[cabinets.commune[cabinet]]},{cabinets.ids[cabinet]},"
            f"{inventory.types[lamps.type[row]].id},{lamps.height_m[row]},"
            f"{'' if before == FED_BY_CABINET else lamps.ids[before]},{streets.ids[street]},"
            f"{streets.lighting_class[street]},{lamps.installed[row]},"
            f"{cabinets.subscribed_kva[cabinet]}".replace("np.float64(", "").replace(")", "")
        )
    file = folder / "lamps.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def test_a_table_says_what_was_drawn(tmp_path: Path) -> None:
    """Written as a table and read back, in another order too, an inventory is what it was."""
    communes, areas = indre()
    inventory = drawn()
    owner = areas.at(inventory.lamps.x_m, inventory.lamps.y_m)
    rows = 40
    assert (owner[:rows] == 0).all()
    file = table_of(inventory, rows, tmp_path)
    told = read_lamps(file, communes, areas, read_catalogue())
    assert told.lamps.ids == inventory.lamps.ids[:rows]
    for name in ("x_m", "y_m", "height_m", "cabinet", "type", "fed_by", "installed"):
        one, other = getattr(told.lamps, name), getattr(inventory.lamps, name)
        assert np.array_equal(one, other[:rows]), name
    assert told.streets.lighting_class[:2] == inventory.streets.lighting_class[:2]
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([lines[0], *lines[:0:-1]]) + "\n", encoding="utf-8")
    back = read_lamps(file, communes, areas, read_catalogue())
    assert set(back.lamps.ids) == set(told.lamps.ids)
    assert nx.is_forest(feeder_graph(back))


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("cabinet", "", "cabinet"),
        ("type", "sodium", "sodium"),
        ("x_m", "100000", "commune"),
        ("insee", "99999", "99999"),
        ("height_m", "-3", "height_m"),
        ("lighting_class", "P9", "P9"),
        ("fed_by", "nobody", "nobody"),
        ("fed_by", "itself", "fed_by"),
    ],
)
def test_faults_are_named(tmp_path: Path, column: str, value: str, words: str) -> None:
    """Whatever is wrong with a lamp, its row, the value and what to do are said."""
    communes, areas = indre()
    file = table_of(drawn(), 12, tmp_path)
    lines = [line.split(",") for line in file.read_text(encoding="utf-8").splitlines()]
    at = lines[0].index(column)
    lines[6][at] = lines[6][0] if value == "itself" else value
    file.write_text("\n".join(",".join(line) for line in lines) + "\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_lamps(file, communes, areas, read_catalogue())
    text = str(caught.value)
    assert "l. 7" in text
    assert words in text


def test_a_negative_power_is_refused(tmp_path: Path) -> None:
    """A lamp given by its power must not have a negative one; a power makes a type of its own."""
    communes, areas = indre()
    x_m, y_m, code = communes[0].x_m, communes[0].y_m, communes[0].insee
    file = tmp_path / "lamps.csv"
    header = "id,x_m,y_m,insee,cabinet,lamp_w,gear_w"
    file.write_text(f"{header}\na,{x_m},{y_m},{code},A1,-70,13\n", encoding="utf-8")
    with pytest.raises(DataError, match="-70"):
        read_lamps(file, communes, areas, read_catalogue())
    file.write_text(f"{header}\na,{x_m},{y_m},{code},A1,70,13\n", encoding="utf-8")
    told = read_lamps(file, communes, areas, read_catalogue())
    assert told.system_w.tolist() == [83.0]
    assert told.cabinets.subscribed_kva.tolist() == [0.1]


def test_catalogue_can_be_replaced() -> None:
    """A planner's lantern stands in for the usual one of its name, the others stay."""
    usual = read_catalogue()
    own = (usual[0],)
    assert [each.id for each in merged(own, usual)] == [each.id for each in usual]
    assert usual[1].system_w == 115.0  # sodium 100 W with its ballast
    assert usual[1].power_w(0.3) == 115.0
    led = next(each for each in usual if each.id == "led-36")
    assert led.power_w(0.0) == 0.0
    assert led.power_w(0.5) == pytest.approx(36.0 * 0.54)
