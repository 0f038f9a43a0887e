"""The load question end to end, on four communes: bits, ledgers, bounds, and every file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_territory import write_small_territory

from twin.cli.app import run
from twin.lang import Lang
from twin.study.store import Store

LOAD = """\
extends = "base.toml"

[study]
question = "Le réseau tient-il ?"
question_en = "Does the network hold?"
seed = 7
replications = 3
quick_replications = 3
tornado_replications = 1
start = 2027-01-04

[lora]
question = "load"

[lora.load]
gateways = "planned.csv"
warm_up_s = 3600.0

[lora.load.storm]
devices = 40
watched_s = 7200.0

[lora.load.fleets.meters]
label = "compteurs d'eau"
label_en = "water meters"
meters = true
place = "meter"
application_bytes = 20
period_s = 86400.0
battery = "a-lisocl2"
growth_per_year = 0.02

[lora.load.fleets.lamps]
count = 0
place = "lamp"
height_m = 8.0
application_bytes = 16
period_s = 21600.0
device_class = "C"

[lora.load.fleets.buildings]
count = 30
place = "indoor"
application_bytes = 12
period_s = 1800.0
confirmed = true
battery = "d-lisocl2"
growth_per_year = 0.05

[[option]]
id = "daily"
name = "Une fois par jour"
name_en = "Once a day"

[[option]]
id = "hourly-lamps"
name = "Toutes les heures, luminaires"
name_en = "Every hour, lamps"
lora.load.fleets.meters.period_s = 3600.0
lora.load.fleets.lamps.count = 60
"""
PLANNED = "# planned gateways\nid\nM001\nC36904\n"
SHARES = (
    "delivery",
    "collection",
    "loss",
    "factor",
    "battery_reach",
    "collection_later",
    "back",
    "duty_most",
    "duty_gateway",
)
TABLES = (
    "options",
    "usages",
    "epci",
    "communes",
    "passerelles",
    "pertes",
    "remplacements",
    "resultats",
    "hypotheses",
)


@pytest.fixture(scope="module")
def territory(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """Return the scenario of the small territory."""
    folder = tmp_path_factory.mktemp("load") / "territory"
    small = write_small_territory(folder, root / "scenarios/indre/load_assumptions.csv")
    small.write("planned.csv", PLANNED)
    return small.write("load.toml", LOAD)


def _play(territory: Path, workers: int) -> Path:
    results = territory.parent.parent / f"results-{workers}"
    words = ["study", territory, "--workers", workers, "--results", results]
    assert run([str(word) for word in words]) == 0
    (kept,) = (each for each in (results / "load").iterdir() if each.is_dir())
    return kept


@pytest.fixture(scope="module")
def folder(territory: Path) -> Iterator[Path]:
    """Return the folder of a study played inline."""
    return _play(territory, 0)  # type: ignore[return-value]


@pytest.fixture(scope="module")
def summary(folder: Path) -> dict[str, Any]:
    """Return `summary.json`, refusing what JSON does not know."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    text = (folder / "summary.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text, parse_constant=refuse)
    return content


def test_every_file_of_the_load_answer_is_there(folder: Path, summary: dict[str, Any]) -> None:
    """Page, summary, tables and map are written, and the headline says yes or no."""
    expected = {"report.html", "summary.json", "manifest.json", "tables/etude.xlsx"}
    expected |= {f"tables/{name}.csv" for name in TABLES} | {"maps/charge.gpkg"}
    there = {str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file()}
    assert expected <= there
    assert not [name for name in there if name.endswith(".tmp")]
    assert summary["headline"]["fr"].split(",")[0] in {"Oui", "De justesse", "Non"}
    assert set(summary["options"]) == {"daily", "hourly-lamps"}
    assert summary["gateways"] == ["M001", "C36904"]
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert page.count("<figure") >= 14
    assert "nan" not in page.lower().split()


def test_any_number_of_workers_gives_the_same_bits(territory: Path, folder: Path) -> None:
    """Inline, one worker and two workers record the same values to the last bit."""
    base = Store(folder / "parts").table()
    for workers in (1, 2):
        other = Store(_play(territory, workers) / "parts").table()
        keys = ("option", "replication", "pins", "kpi", "zone")
        order, again = (
            np.lexsort([table[name].astype(str) for name in keys]) for table in (base, other)
        )
        for name in keys:
            assert np.array_equal(base[name][order], other[name][again]), name
        assert np.array_equal(base["value"][order], other["value"][again])


def test_shares_are_shares(folder: Path) -> None:
    """Every share lies in [0, 1], losses and deliveries add up to one, factors too."""
    table = Store(folder / "parts").table()
    for name in SHARES:
        values = table["value"][table["kpi"] == name]
        assert len(values), name
        assert float(values.min()) >= 0.0, name
        assert float(values.max()) <= 1.0 + 1e-9, name
    plain = table["pins"] == "[]"
    for option in ("daily", "hourly-lamps"):
        for replication in range(3):
            here = plain & (table["option"] == option) & (table["replication"] == replication)

            def told(kpi: str, here: Any = here) -> dict[str, float]:
                rows = here & (table["kpi"] == kpi)
                return dict(
                    zip(table["zone"][rows].tolist(), table["value"][rows].tolist(), strict=True)
                )

            lost = {zone: value for zone, value in told("loss").items() if "/" in zone}
            for fleet in ("meters", "buildings"):
                missing = sum(v for zone, v in lost.items() if zone.endswith(f"/{fleet}"))
                assert told("delivery")[fleet] + missing == pytest.approx(1.0)
            mix = told("factor")
            assert sum(mix[f"sf{factor}"] for factor in range(7, 13)) == pytest.approx(1.0)


def test_growth_only_adds_devices(folder: Path) -> None:
    """The last year has at least the devices of the first, and no lamp more."""
    table = Store(folder / "parts").table()
    rows = (table["kpi"] == "devices_later") & (table["option"] == "hourly-lamps")
    counts = dict(zip(table["zone"][rows].tolist(), table["value"][rows].tolist(), strict=True))
    assert counts["lamps"] == 60
    assert counts["buildings"] >= 30
    assert counts["meters"] >= 500


def test_lamps_come_back_and_only_where_there_are_lamps(summary: dict[str, Any]) -> None:
    """Lamps return after the cut; an option without lamps has no such KPI."""
    lamps = summary["options"]["hourly-lamps"]["kpis"]
    assert "join_requests" not in summary["options"]["daily"]["kpis"]
    assert lamps["join_requests"]["outcome"][""]["mean"] >= 1.0
    back = lamps["back"]["outcome"]
    shares = [back[zone]["mean"] for zone in sorted(back)]
    assert shares == sorted(shares)
    assert shares[-1] > 0.9


def test_hourly_meters_wear_out_sooner_than_daily_ones(summary: dict[str, Any]) -> None:
    """On the same dice, more frequent readings never lengthen the life of the meters' batteries."""
    daily, hourly = (
        summary["options"][name]["kpis"]["battery_p05"]["outcome"][""]["mean"]
        for name in ("daily", "hourly-lamps")
    )
    assert hourly <= daily


def test_the_load_report_speaks_english(territory: Path, folder: Path) -> None:
    """`--lang en` takes up the finished parts and writes the page in English."""
    words = ["study", territory, "--workers", 0, "--results", folder.parents[1], "--lang", "en"]
    assert run([str(word) for word in words]) == 0
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert f'lang="{Lang.EN.value}"' in page
    assert "read at D+1" in page
    assert "relevés à J+1" not in page
