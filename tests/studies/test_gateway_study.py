"""The main job end to end, on four communes: every file of the answer, whole and readable."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_territory import write_small_territory

from twin.cli.app import run
from twin.decide.priors import Status
from twin.lang import Lang
from twin.scenario import load_scenario
from twin.study.store import Store

TABLES = (
    "options",
    "couts",
    "epci",
    "communes",
    "sites",
    "programme",
    "resultats",
    "hypotheses",
    "precision",
    "choisir",
    "devis",
    "verification",
)
RASTERS = ("marge", "passerelles", "meilleure_passerelle")
OPTIONS = {"two-gateways", "masts-only"}


class Page(HTMLParser):
    """What a page refers to, its figures and what each of them carries."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.lang = ""
        self.links: list[str] = []
        self.tags: list[str] = []
        self.figures: list[dict[str, int]] = []
        self.ids: list[str] = []
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of one tag."""
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.lang = given.get("lang", "") if tag == "html" else self.lang
        self.links += [given[name] for name in ("src", "href", "xlink:href") if name in given]
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "figure":
            self.figures.append({"alt": 0, "table": 0})
            self._inside = True
        if self._inside and tag == "svg" and given.get("role") == "img":
            self.figures[-1]["alt"] += len(given.get("aria-label", "")) > 40
        if self._inside and tag == "td":
            self.figures[-1]["table"] += 1

    def handle_endtag(self, tag: str) -> None:
        """Leave a figure."""
        if tag == "figure":
            self._inside = False


@pytest.fixture(scope="module")
def territory(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """Return the scenario of the small territory."""
    folder = tmp_path_factory.mktemp("study") / "territory"
    return write_small_territory(folder, root / "scenarios/indre/assumptions.csv").scenario


@pytest.fixture(scope="module")
def folder(territory: Path) -> Iterator[Path]:
    """Return the folder of a study played inline, in French."""
    results = territory.parent.parent / "results"
    assert run(["study", str(territory), "--workers", "0", "--results", str(results)]) == 0
    (kept,) = (each for each in (results / "gateways").iterdir() if each.is_dir())
    return kept


@pytest.fixture(scope="module")
def french(folder: Path) -> str:
    """Return the page as it was first written."""
    return (folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def summary(folder: Path) -> dict[str, Any]:
    """Return `summary.json`, refusing what JSON does not know (NaN, Infinity)."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    text = (folder / "summary.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text, parse_constant=refuse)
    return content


def test_every_file_of_the_answer_is_there(folder: Path) -> None:
    """A study leaves its page, summary, manifest, tables, maps and parts, and no temporary file."""
    expected = {"report.html", "summary.json", "manifest.json", "tables/etude.xlsx"}
    expected |= {f"tables/{name}.csv" for name in TABLES}
    expected |= {f"maps/{name}.tif" for name in RASTERS} | {"maps/reseau.gpkg"}
    there = {str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()}
    assert expected <= there
    assert not [name for name in there if name.endswith(".tmp")]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["options"] == ["two-gateways", "masts-only"]
    told = (manifest["seed"], manifest["replications"], manifest["executor"])
    assert told == (7, 3, "inline")
    assert set(manifest["durations_s"]) == {"read", "prepare", "replicate", "report"}
    assert {"masts.csv", "communes.csv", "gateways.toml"} <= set(manifest["inputs_sha256"])


def test_the_page_is_one_offline_file(french: str, folder: Path) -> None:
    """The page fetches nothing: it links to itself and to files beside it, which exist."""
    page = Page(french)
    assert "script" not in page.tags
    assert "link" not in page.tags
    assert "img" not in page.tags
    assert not re.search(r"(?:@import|url\(\s*[\"']?(?:https?:)?//)", french)
    for link in page.links:
        if link.startswith("#"):
            assert link[1:] in page.ids
        elif not link.startswith("data:"):
            assert (folder / link).is_file(), link


def test_every_figure_has_an_alternative_and_its_numbers(french: str) -> None:
    """Each figure says in words what it shows and carries the table behind it."""
    figures = Page(french).figures
    assert len(figures) >= 9
    assert all(figure["alt"] == 1 and figure["table"] > 0 for figure in figures)


def test_the_page_warns_of_what_is_made_up(french: str, territory: Path) -> None:
    """Synthetic relief and the number of unverified assumptions stand on the page."""
    priors = load_scenario(territory, quick=False).assumptions.values()
    unsure = sum(prior.status is Status.UNVERIFIED for prior in priors)
    plain = french.replace("\u00a0", " ").replace("\u202f", " ")
    assert "Relief synthétique" in plain
    assert f"{unsure} hypothèses sur {len(priors)}" in plain
    assert "nan" not in re.sub(r"<[^>]*>", " ", plain).lower().split()


def test_every_kpi_has_its_interval(summary: dict[str, Any], folder: Path) -> None:
    """Every KPI the parts hold is in `summary.json` with mean, low, high, level and n."""
    table = Store(folder / "parts").table()
    assert set(summary["options"]) == OPTIONS
    for name, option in summary["options"].items():
        rows = (table["option"] == name) & (table["zone"] == "") & (table["pins"] == "[]")
        assert set(option["kpis"]) == set(table["kpi"][rows])
        for kpi in option["kpis"].values():
            for interval in (kpi["outcome"], kpi["mean"]):
                assert set(interval) == {"mean", "low", "high", "level", "n"}
                assert interval["low"] <= interval["high"]
                assert interval["n"] == 3
            assert kpi["outcome"]["low"] <= kpi["outcome"]["mean"] <= kpi["outcome"]["high"]
            assert kpi["label"]["fr"] != ""
            assert kpi["unit"] != ""
        for zones in option["epci"].values():
            assert set(zones) == {"200000001", "200000002"}


def test_the_headline_answers_the_question(summary: dict[str, Any], french: str) -> None:
    """The headline names the planned gateways, and is the same in the summary and on the page."""
    planned = len(summary["options"][summary["recommended"]]["plan"]["sites"])
    assert summary["recommended"] == "two-gateways"
    assert re.search(rf"\b{planned}\b", summary["headline"]["fr"])
    assert re.search(rf"\b{planned}\b", summary["headline"]["en"])
    told = unescape(re.sub(r"<[^>]*>", "", french))
    assert "".join(summary["headline"]["fr"].split()) in "".join(told.split())


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_french_csv(folder: Path, name: str) -> None:
    """A CSV opens in a French spreadsheet: BOM, semicolons, as many cells in every row."""
    raw = (folder / "tables" / f"{name}.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert len(rows) > 1
    assert len({len(row) for row in rows}) == 1
    numbers = [cell for row in rows[1:] for cell in row if re.fullmatch(r"-?\d+[.,]\d+", cell)]
    assert all("," in cell for cell in numbers)


def test_the_tables_tell_the_numbers_of_the_summary(folder: Path, summary: dict[str, Any]) -> None:
    """`sites.csv` lists the planned sites and `options.csv` their number."""
    text = (folder / "tables/sites.csv").read_text(encoding="utf-8-sig")
    listed = [row[0] for row in csv.reader(text.splitlines()[1:], delimiter=";")]
    plan = summary["options"]["two-gateways"]["plan"]
    assert sorted(listed) == sorted(plan["sites"])
    text = (folder / "tables/options.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(text.splitlines()[1:], delimiter=";"))
    assert [int(row[1]) for row in rows] == [
        len(option["plan"]["sites"]) for option in summary["options"].values()
    ]


def test_the_workbook_holds_every_table(folder: Path) -> None:
    """`etude.xlsx` has one sheet a table, besides what it says of itself."""
    import openpyxl

    book = openpyxl.load_workbook(folder / "tables/etude.xlsx", read_only=True)
    assert len(book.sheetnames) >= len(TABLES) + 1
    assert all(sheet.max_row >= 2 for sheet in book.worksheets)


@pytest.mark.parametrize("name", RASTERS)
def test_rasters_open_in_lambert_93(folder: Path, name: str) -> None:
    """A raster carries its reference system, what it holds and that its ground is synthetic."""
    import rasterio

    with rasterio.open(folder / "maps" / f"{name}.tif") as raster:
        assert raster.crs.to_epsg() == 2154
        assert raster.descriptions[0]
        tags = {key.lower(): value for key, value in raster.tags().items()}
        assert any("synth" in value.lower() for value in tags.values()), tags
        west, south, east, north = raster.bounds
        assert west < 601500
        assert east > 604500
        assert south < 6641500
        assert north > 6644500
        values = raster.read(1, masked=True)
        assert values.count() > 0


def test_the_count_and_the_best_gateway_agree(folder: Path, summary: dict[str, Any]) -> None:
    """Where a raster counts a gateway another names one of the planned ones, with a margin >= 0."""
    import rasterio

    read = {}
    for name in RASTERS:
        with rasterio.open(folder / "maps" / f"{name}.tif") as raster:
            read[name] = raster.read(1, masked=True)
    heard = (read["passerelles"].filled(0) > 0) & ~read["marge"].mask
    planned = len(summary["options"]["two-gateways"]["plan"]["sites"])
    assert heard.any()
    assert np.all(read["marge"].filled(-999.0)[heard] >= -1e-4)
    best = read["meilleure_passerelle"].filled(0)
    assert set(np.unique(best[heard])) <= set(range(1, planned + 1))
    assert int(read["passerelles"].filled(0).max()) <= planned


def test_the_geopackage_opens_with_its_styles(folder: Path, summary: dict[str, Any]) -> None:
    """Communes, candidates and planned sites are layers in EPSG:2154, each with a QGIS style."""
    import pyogrio

    path = folder / "maps/reseau.gpkg"
    layers = [name for name, geometry in pyogrio.list_layers(path) if geometry is not None]
    assert len(layers) == 3
    counts = {}
    for layer in layers:
        facts = pyogrio.read_info(path, layer=layer)
        assert facts["crs"] == "EPSG:2154"
        counts[layer] = facts["features"]
    planned = len(summary["options"]["two-gateways"]["plan"]["sites"])
    assert sorted(counts.values()) == sorted([4, 7, planned])
    with sqlite3.connect(path) as base:
        styled = {row[0] for row in base.execute("SELECT f_table_name FROM layer_styles")}
    assert styled == set(layers)


def test_the_report_speaks_english_without_playing_again(
    folder: Path, french: str, territory: Path, summary: dict[str, Any]
) -> None:
    """`--lang en` takes up the finished parts and writes the same numbers in English."""
    parts = {each: each.stat().st_mtime_ns for each in (folder / "parts").iterdir()}
    results = folder.parents[1]
    words = ["study", territory, "--workers", 0, "--results", results, "--lang", Lang.EN.value]
    assert run([str(word) for word in words]) == 0
    assert {each: each.stat().st_mtime_ns for each in (folder / "parts").iterdir()} == parts
    english = (folder / "report.html").read_text(encoding="utf-8")
    page = Page(english)
    assert Page(french).lang == "fr"
    assert page.lang == "en"
    assert "Synthetic relief" in english
    assert len(page.figures) == len(Page(french).figures)
    # What the assumptions' table quotes (units, sources) stays in the language of its sources.
    said = re.findall(r"<(h1|h2|h3|figcaption|caption|summary|dt|th)\b[^>]*>(.*?)</\1>", english)
    assert len(said) > 50
    for word in ("asserelle", "compteurs", "hypothèse", "éplication", "Coût", "graine", "cible"):
        assert not [text for _, text in said if word in text], word
    assert json.loads((folder / "summary.json").read_text(encoding="utf-8")) == summary
