"""`run.py coverage` from the command line to its files."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from conftest import Outcome
from small_territory import SmallTerritory

from models.lora.coverage_files import MANIFEST, appearing
from models.lora.coverage_rasters import Gateways, coverage_rasters
from models.lora.object_budget import CentralBudget
from models.lora.profiles import path_losses_db
from models.lora.siting_answer import CACHE, option_asked, settings_asked
from models.lora.sweep import RasterFrame, SweepSettings
from models.lora.use_cases import UseCase
from twin.scenario import load_scenario
from twin.territory.communes import read_communes
from twin.territory.ground import read_ground
from twin.territory.limits import territory_areas

SITES = ("M001", "C36904")
PLACES = {"M001": (601_000.0, 6_644_000.0, 35.0), "C36904": (604_500.0, 6_641_500.0, 28.0)}
POINTS = """\
id;x_m;y_m;use_case;height_m
bac;601500;6644400;bin;
mât;603000;6643000;lamp;
compteur;604400;6641200;;0,5
"""

Run = Callable[..., Outcome]


@pytest.fixture
def points(small_territory: SmallTerritory) -> Path:
    """Return three points in the territory."""
    return small_territory.write("points.csv", POINTS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where the results go."""
    return tmp_path / "out" / "coverage"


def geojson(territory: SmallTerritory, name: str, kind: str, coordinates: object) -> Path:
    """Write one feature in Lambert-93."""
    content = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::2154"}},
        "features": [
            {
                "type": "Feature",
                "properties": {"id": "D1"},
                "geometry": {"type": kind, "coordinates": coordinates},
            }
        ],
    }
    return territory.write(name, json.dumps(content))


def table(path: Path) -> list[dict[str, str]]:
    """Return a French CSV as rows by heading."""
    text = path.read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_rasters_are_those_of_the_sweep(
    small_territory: SmallTerritory, run_py: Run, folder: Path
) -> None:
    """Every raster holds `coverage_rasters` of the same network and budget, and its labels."""
    import rasterio

    outcome = run_py(
        "coverage", small_territory.scenario, "--sites", ",".join(SITES), "--out", folder,
        "--resolution-m", 100, "--use-case", "cabinet", "--each", "--json",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    report = json.loads(outcome.out)
    scenario = load_scenario(small_territory.scenario)
    settings = settings_asked(option_asked(scenario, ""))
    section = scenario.territory
    communes = read_communes(section.communes, section.merged_communes)
    budget = CentralBudget.of(scenario, settings.radio, settings.meters)
    wanted = coverage_rasters(
        read_ground(section, communes, CACHE),
        RasterFrame.over(territory_areas(section, communes).bounds_m, 100.0),
        Gateways.of(
            *(np.array([PLACES[site][axis] for site in SITES]) for axis in range(3)),
            budget.offset_db(UseCase.CABINET),
        ),
        budget.threshold_dbm(),
        SweepSettings(radius_m=10_000.0, device_height_m=1.2, step_m=100.0),
    )
    for name, values in (
        ("niveau", wanted.best_level_dbm),
        ("marge", wanted.margin_db),
        ("meilleure_passerelle", wanted.best_server),
        ("nombre_passerelles", wanted.gateway_count),
    ):
        with rasterio.open(folder / f"{name}.tif") as raster:
            np.testing.assert_array_equal(raster.read(1), values)
            assert raster.crs.to_epsg() == 2154
            assert raster.tags()["SYNTHETIC"] == "YES"
            assert raster.bounds[0] == report["raster"]["bounds_m"][0]
        assert (folder / f"{name}.qml").is_file()
    levels = []
    for site in SITES:
        with rasterio.open(folder / "niveau_par_passerelle" / f"{site}.tif") as raster:
            levels.append(raster.read(1))
            assert site in raster.descriptions[0]
    np.testing.assert_array_equal(np.fmax(*levels), wanted.best_level_dbm)
    assert report["synthetic"] is True
    assert report["planned"] is None
    found = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    assert found == report["files"]


def test_points_are_told_in_every_format(
    small_territory: SmallTerritory, run_py: Run, folder: Path, points: Path
) -> None:
    """CSV, GeoPackage and JSON tell the same objects, each from its own exact profiles."""
    outcome = run_py(
        "coverage", small_territory.scenario, "--sites", ",".join(SITES), "--out", folder,
        "--objects", points, "--json",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    told = json.loads(outcome.out)["objects"]
    assert [row["use_case"] for row in told["rows"]] == ["bin", "lamp", "meter-pit"]
    scenario = load_scenario(small_territory.scenario)
    settings = settings_asked(option_asked(scenario, ""))
    section = scenario.territory
    terrain = read_ground(section, read_communes(section.communes, section.merged_communes), CACHE)
    budget = CentralBudget.of(scenario, settings.radio, settings.meters)
    places = np.array([PLACES[site] for site in SITES])
    losses = path_losses_db(terrain, *places.T, 601_500.0, 6_644_400.0, 1.2, step_m=100.0)
    assert told["rows"][0]["level_dbm"] == (budget.offset_db(UseCase.BIN) - losses).max()
    rows = table(folder / "objets.csv")
    assert [row["Objet"] for row in rows] == ["bac", "mât", "compteur"]
    level = float(rows[0]["Niveau reçu médian (dBm)"].replace(",", "."))
    assert level == told["rows"][0]["level_dbm"]
    with closing(sqlite3.connect(folder / "couverture.gpkg")) as base:
        layers = {row[0] for row in base.execute("SELECT f_table_name FROM layer_styles")}
        count = base.execute("SELECT count(*) FROM objets").fetchone()[0]
    assert layers == {"objets", "passerelles"}
    assert count == 3


def test_a_road_is_told_kilometre_by_kilometre(
    small_territory: SmallTerritory, run_py: Run, folder: Path
) -> None:
    """Kilometres, in CSV and in the GeoPackage, add up to the road."""
    corners = [[600_500, 6_644_500], [604_000, 6_644_500], [604_000, 6_642_000]]
    road = geojson(small_territory, "road.geojson", "LineString", corners)
    outcome = run_py(
        "coverage", small_territory.scenario, "--sites", "M001", "--out", folder,
        "--objects", road, "--json", "--use-case", "meter-pit",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    told = json.loads(outcome.out)["objects"]
    assert told["length_km"] == pytest.approx(6.0)
    rows = table(folder / "kilometres.csv")
    lengths = [float(row["Longueur (km)"].replace(",", ".")) for row in rows]
    assert len(rows) == len(told["kilometres"]) == 6
    assert sum(lengths) == pytest.approx(6.0)
    with closing(sqlite3.connect(folder / "couverture.gpkg")) as base:
        assert base.execute("SELECT count(*) FROM kilometres").fetchone()[0] == 6


def test_a_polygon_is_told_in_words(
    small_territory: SmallTerritory, run_py: Run, folder: Path
) -> None:
    """The report names the object, its best gateway and the share of its surface."""
    ring = [[600_900, 6_643_900], [601_100, 6_643_900], [601_100, 6_644_100], [600_900, 6_643_900]]
    zone = geojson(small_territory, "zone.geojson", "Polygon", [ring])
    outcome = run_py(
        "coverage", small_territory.scenario, "--sites", "M001,M002", "--out", folder,
        "--objects", zone, "--lang", "en", "--use-case", "meter-outdoor",
    )  # fmt: skip
    assert outcome.code == 0, outcome.err
    assert "100.0% of the surface heard by one gateway" in outcome.out
    assert "D1" in outcome.out
    assert "synthetic relief" in outcome.out


def test_without_sites_the_plan_is_looked_at(
    small_territory: SmallTerritory, run_py: Run, folder: Path
) -> None:
    """The network is the one `run.py site` finds for the same option."""
    arguments = (small_territory.scenario, "--option", "two-gateways", "--json")
    site = run_py("site", *arguments)
    assert site.code == 0, site.err
    outcome = run_py("coverage", *arguments, "--out", folder)
    assert outcome.code == 0, outcome.err
    report = json.loads(outcome.out)
    assert [each["id"] for each in report["gateways"]] == json.loads(site.out)["sites"]
    assert report["planned"]["reaches_target"] is True


def test_a_second_run_clears_what_the_first_left(
    small_territory: SmallTerritory, run_py: Run, folder: Path, points: Path
) -> None:
    """Files of an earlier coverage go, a person's own files in the same folder stay."""
    common = ("coverage", small_territory.scenario, "--out", folder)
    assert run_py(*common, "--sites", "M001", "--each", "--objects", points).code == 0
    (folder / "mine.txt").write_text("kept", encoding="utf-8")
    assert run_py(*common, "--sites", "M002").code == 0
    left = {path.name for path in folder.rglob("*") if path.is_file()}
    assert "mine.txt" in left
    assert not left & {"M001.tif", "M001.qml", "objets.csv"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--sites", "M001,M9"), "M9"),
        (("--sites", ","), "--sites"),
        (("--use-case", "drone"), "meter-outdoor"),
        (("--sites", "M001", "--option", "three"), "three"),
        (("--sites", "M001", "--layer", "zones"), "--objects"),
        (("--sites", "M001", "--objects", "nowhere.csv"), "nowhere.csv"),
        (("--sites", "M001", "--resolution-m", "0"), "--resolution-m"),
    ],
)
def test_bad_input_writes_nothing(
    small_territory: SmallTerritory,
    run_py: Run,
    tmp_path: Path,
    folder: Path,
    words: tuple[str, ...],
    said: str,
) -> None:
    """One clear message, exit code 2, and not even a folder."""
    outcome = run_py("coverage", small_territory.scenario, "--out", folder, *words)
    assert outcome.code == 2
    assert len(outcome.complaints) == 1
    assert said in outcome.complaints[0]
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".coverage*"))


def test_faults_of_sites_and_objects_come_together(
    small_territory: SmallTerritory, run_py: Run, folder: Path
) -> None:
    """An unknown site, a place outside the territory and an unknown use case: told at once."""
    points = small_territory.write(
        "far.csv", "id,x_m,y_m\nA,601500,6644400\nB,700000,6644400\nC,500000,6644400\n"
    )
    outcome = run_py(
        "coverage", small_territory.scenario, "--sites", "M9", "--objects", points, "--out", folder
    )
    assert outcome.code == 2
    assert len(outcome.complaints) == 3
    assert not folder.exists()


def test_a_folder_that_is_a_file_is_refused(
    small_territory: SmallTerritory, run_py: Run, tmp_path: Path
) -> None:
    """`--out` under a plain file is a fault told before anything is computed."""
    (tmp_path / "plain").write_text("x", encoding="utf-8")
    outcome = run_py(
        "coverage", small_territory.scenario, "--sites", "M001", "--out", tmp_path / "plain" / "in"
    )
    assert outcome.code == 2
    assert len(outcome.complaints) == 1


def test_an_interruption_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    """Whatever stops the writing, earlier results stay whole and no scratch is left."""
    folder = tmp_path / "results"
    with appearing(folder) as scratch:
        (scratch / "a.txt").write_text("first", encoding="utf-8")
        (scratch / MANIFEST).write_text('{"files": ["a.txt", "../b"]}', encoding="utf-8")
    (tmp_path / "b").write_text("not ours", encoding="utf-8")

    def interrupted() -> None:
        with appearing(folder) as scratch:
            (scratch / "a.txt").write_text("second", encoding="utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert (folder / "a.txt").read_text(encoding="utf-8") == "first"
    with appearing(folder) as scratch:
        (scratch / "c.txt").write_text("third", encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "results"]
    assert not (folder / "a.txt").exists()
