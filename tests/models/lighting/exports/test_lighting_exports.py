"""What an option's lamps are in other programs' words, and what its half-hours add up to."""

from __future__ import annotations

import io
import json
import uuid
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import duckdb
import numpy as np
import pytest

from models.lighting.catalogue import read_catalogue
from models.lighting.demand.curves import yearly_kwh
from models.lighting.exports import lamps_table, ngsi_ld, talq
from models.lighting.exports.curves import write_curves
from models.lighting.exports.outfit import Outfit, outfit_of
from models.lighting.inventory.lamp_columns import LampColumns
from models.lighting.inventory.read_lamps import read_lamps
from models.lighting.load import Drawing, drawing
from models.lighting.settings import Settings
from models.lighting.stage import inventory_of
from tests.conftest import ROOT
from tests.models.lighting.inventory.test_inventory import drawn, indre
from twin.cli.app import run
from twin.errors import DataError
from twin.scenario import Scenario, load_scenario

SCENARIO = ROOT / "scenarios" / "indre" / "lighting.toml"


@lru_cache(maxsize=1)
def scenario() -> Scenario:
    """Return the question."""
    return load_scenario(SCENARIO)


def settings_of(option: str) -> Settings:
    """Return an option's settings."""
    return cast("Settings", scenario().option(option).settings["lighting"])


@lru_cache(maxsize=2)
def outfit(option: str) -> Outfit:
    """Return an option as it is handed on."""
    settings = settings_of(option)
    return outfit_of(
        scenario(), settings, inventory_of(scenario().territory, settings.inventory)
    )  # fmt: skip


@lru_cache(maxsize=1)
def drawn_load() -> Drawing:
    """Return what lamps with nodes draw."""
    return drawing(scenario(), settings_of("led-node"))


@lru_cache(maxsize=1)
def entities() -> tuple[dict[str, Any], ...]:
    """Return the NGSI-LD entities of lamps with nodes."""
    return tuple(ngsi_ld.entities(outfit("led-node")))


@lru_cache(maxsize=1)
def with_nodes() -> dict[str, Any]:
    """Return what TALQ says of lamps with nodes."""
    return talq.document(outfit("led-node"), "indre")


def test_every_relationship_points_at_an_entity() -> None:
    """Each lamp, cabinet, group and model is there once, and whatever they name is there too."""
    ids = [each["id"] for each in entities()]
    assert len(ids) == len(set(ids))
    named = {
        value["object"]
        for each in entities()
        for value in each.values()
        if isinstance(value, dict) and value.get("type") == "Relationship"
    }
    assert named <= set(ids)
    kinds = [each["type"] for each in entities()]
    inventory = outfit("led-node").inventory
    assert kinds.count("Streetlight") == len(inventory.lamps)
    assert kinds.count("StreetlightControlCabinet") == len(inventory.cabinets)


def test_lamps_stand_in_the_indre() -> None:
    """Places are longitude then latitude, within the department's box."""
    places = np.array(
        [each["location"]["value"]["coordinates"] for each in entities() if "location" in each]
    )
    assert ((places[:, 0] > 0.8) & (places[:, 0] < 2.3)).all()
    assert ((places[:, 1] > 46.3) & (places[:, 1] < 47.3)).all()


def test_talq_refers_to_what_it_declares() -> None:
    """Addresses are UUIDs, once each; members, calendars, programs and functions are declared."""
    told = with_nodes()
    devices = {each["address"] for each in told["devices"]}
    assert len(devices) == len(told["devices"])
    assert all(str(uuid.UUID(each)) == each for each in devices)
    members = {each["address"] for group in told["groups"] for each in group["members"]}
    assert members <= devices
    functions = {
        each["name"]: {(f["functionId"], f["type"]) for f in each["functions"]}
        for each in told["deviceClasses"]
    }
    for each in told["devices"]:
        assert {(f["id"], f["type"]) for f in each["functions"]} == functions[each["class"]]
    calendars = {each["id"] for each in told["calendars"]}
    asked = {
        f["calendarID"]["value"]
        for each in told["devices"]
        for f in each["functions"]
        if "calendarID" in f
    }
    assert asked <= calendars
    programs = {each["id"] for each in told["controlPrograms"]}
    assert {rule["program"] for each in told["calendars"] for rule in each["rules"]} <= programs


def test_a_program_says_the_levels_of_the_night() -> None:
    """Dimmed to 30 % from 23:00 to 05:00: full before, 30, full after, in order of the clock."""
    told = with_nodes()
    (program,) = told["controlPrograms"]
    levels = [
        (each["startTime"], each["command"]["state"]["value"])
        for each in program["fixedTimeControls"]
    ]
    assert levels == [("05:00:00", 100), ("12:00:00", 100), ("23:00:00", 30)]


def test_without_nodes_cabinets_are_the_devices() -> None:
    """An option whose clocks speak has a device a cabinet and none a lamp."""
    told = talq.document(outfit("led-clock"), "indre")
    assert {each["class"] for each in told["devices"]} == {talq.CABINET_CLASS}
    assert len(told["devices"]) == len(outfit("led-clock").inventory.cabinets)


@pytest.mark.parametrize("form", ["csv", "geojson"])
def test_a_table_read_back_is_the_inventory(tmp_path: Path, form: str) -> None:
    """Written and read again, lamps, cabinets, feeders and powers are what they were."""
    communes, areas = indre()
    inventory = drawn()
    made = outfit_of(scenario(), settings_of("today"), inventory)
    file, handle = tmp_path / f"lamps.{form}", io.StringIO()
    (lamps_table.write_csv if form == "csv" else lamps_table.write_geojson)(made, handle)
    text, some = handle.getvalue(), 400
    if form == "csv":
        file.write_text("\n".join(text.splitlines()[: some + 1]) + "\n", encoding="utf-8")
    else:
        whole = json.loads(text)
        whole["features"] = whole["features"][:some]
        file.write_text(json.dumps(whole), encoding="utf-8")
    back = read_lamps(file, communes, areas, read_catalogue())
    assert back.lamps.ids == inventory.lamps.ids[:some]
    assert np.array_equal(back.lamps.fed_by, inventory.lamps.fed_by[:some])
    np.testing.assert_allclose(back.lamps.x_m, inventory.lamps.x_m[:some], atol=0.02)
    assert np.array_equal(back.system_w, inventory.system_w[:some])


def test_a_file_with_names_of_its_own(tmp_path: Path) -> None:
    """A file in French, with columns to spare, is read through the names a planner gives."""
    communes, areas = indre()
    one = communes[0]
    file = tmp_path / "points.csv"
    file.write_text(
        "code;x_m;y_m;commune;armoire_id;source;puissance;ballast;gestionnaire\n"
        f"PL1;{one.x_m};{one.y_m};{one.insee};A1;Sodium Haute Pression;100;15;SDEI\n"
        f"PL2;{one.x_m};{one.y_m};{one.insee};A1;SHP;70;13;SDEI\n"
        f"PL3;{one.x_m};{one.y_m};{one.insee};A1;LED;33;3;SDEI\n",
        encoding="utf-8",
    )
    names = {"id": "code", "insee": "commune", "cabinet": "armoire_id", "technology": "source",
             "lamp_w": "puissance", "gear_w": "ballast"}  # fmt: skip
    told = read_lamps(file, communes, areas, read_catalogue(), LampColumns(**names))
    assert told.system_w.tolist() == [115.0, 83.0, 36.0]
    assert [told.types[kind].technology for kind in told.lamps.type] == ["hps", "hps", "led"]
    with pytest.raises(DataError, match="armoires"):
        read_lamps(
            file,
            communes,
            areas,
            read_catalogue(),
            LampColumns(**(names | {"cabinet": "armoires"})),
        )
    text = file.read_text(encoding="utf-8").replace("SHP", "bougie")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"(?s)l\. 3, col\. source.*bougie"):
        read_lamps(file, communes, areas, read_catalogue(), LampColumns(**names))


def test_lanterns_given_by_their_powers_come_back(tmp_path: Path) -> None:
    """A lantern no catalogue knows is written by its powers, and read back with them."""
    communes, areas = indre()
    one, file = communes[0], tmp_path / "lamps.csv"
    file.write_text(
        "id,x_m,y_m,insee,cabinet,lamp_w,gear_w,technology\n"
        f"a,{one.x_m},{one.y_m},{one.insee},A1,42,7,led\n",
        encoding="utf-8",
    )
    told = read_lamps(file, communes, areas, read_catalogue())
    made = outfit_of(scenario(), settings_of("today"), told)
    with file.open("w", encoding="utf-8") as handle:
        lamps_table.write_csv(made, handle)
    assert read_lamps(file, communes, areas, read_catalogue()).system_w.tolist() == [49.0]


def test_half_hours_add_up_at_every_level(tmp_path: Path) -> None:
    """Cabinets, communes and the department draw the same energy, that of hours never cut."""
    made = drawn_load()
    whole = yearly_kwh(made.inventory.cabinets.commune, [made.load], made.losses).sum()
    department = 0.5 * made.department_w().sum() / 1e3
    communes = 0.5 * made.communes_w().sum() / 1e3
    first = 0.5 * made.cabinets_w(slice(0, 50)).sum(dtype=np.float64) / 1e3
    own = yearly_kwh(made.inventory.cabinets.commune, [made.load], made.losses)[:50].sum()
    assert department == pytest.approx(whole, rel=1e-6)
    assert communes == pytest.approx(whole, rel=1e-6)
    assert first == pytest.approx(own, rel=1e-6)
    file = tmp_path / "curves.parquet"
    assert write_curves(made, "commune", file) == 241 * 17_520
    told = duckdb.read_parquet(str(file)).aggregate("count(DISTINCT id), 0.5 * sum(w) / 1e3")
    count, kwh = told.fetchall()[0]
    assert count == 241
    assert kwh == pytest.approx(whole, rel=1e-6)


def test_the_command_names_a_wrong_option(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An option that does not exist is told with those that do; nothing is written."""
    out = tmp_path / "lamps.csv"
    words = ["lighting-export", str(SCENARIO), "--option", "leds", "--out", str(out)]
    assert run(words) == 2
    assert "led-dim" in capsys.readouterr().err
    assert not out.exists()
    assert (
        run(["lighting-export", str(SCENARIO), "--option", "led", "--out", str(out), "--json"]) == 0
    )
    told = json.loads(capsys.readouterr().out)
    assert told["lamps"] == 56_033
    assert out.stat().st_size == told["bytes"]


def test_the_command_wants_a_question_of_lighting(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A scenario of another question is told so."""
    out = tmp_path / "lamps.csv"
    assert (
        run(["lighting-export", str(SCENARIO.with_name("gateways.toml")), "--out", str(out)]) == 2
    )
    assert "éclairage" in capsys.readouterr().err
    assert not out.exists()
