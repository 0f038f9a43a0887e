"""The embedded tables of Indre state the published facts."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from twin.lang import Text
from twin.points import PointTable, read_points
from twin.tables import Column, Kind
from twin.territory.communes import INSEE, Commune, map_codes, read_communes, read_mergers
from twin.territory.territory import Territory, build_territory

SITE_COLUMNS = {
    "id": Column(Kind.TEXT, unique=True),
    "insee": INSEE,
    "operators": Column(Kind.INTEGER, minimum=1, maximum=4, default=1),
    "kind": Column(Kind.TEXT, choices=("church", "water_tower", "mast"), default="mast"),
    "height_low_m": Column(minimum=0.0),
    "height_mode_m": Column(minimum=0.0),
    "height_high_m": Column(minimum=0.0),
    "height_status": Column(Kind.TEXT, choices=("sourced", "derived", "unverified")),
}


@pytest.fixture(scope="module")
def folder(root: Path) -> Path:
    """Return the folder of the Indre's tables."""
    return root / "scenarios" / "indre"


@pytest.fixture(scope="module")
def communes(folder: Path) -> tuple[Commune, ...]:
    """Return the communes of Indre."""
    notices: list[Text] = []
    found = read_communes(folder / "communes.csv", folder / "merged_communes.csv", notices)
    assert notices == []
    return found


@pytest.fixture(scope="module")
def territory(communes: tuple[Commune, ...]) -> Territory:
    """Return the territory of Indre."""
    return build_territory(communes)


def read_sites(folder: Path, name: str, territory: Territory) -> PointTable:
    """Return a table of high points, all inside the territory."""
    return read_points(
        folder / name, SITE_COLUMNS, inside=territory.areas.contains, allow_extra=False
    )


def test_published_totals(communes: tuple[Commune, ...]) -> None:
    """241 communes, 15 EPCI, 216,069 inhabitants, 6,886.7 km², ground 59 to 467 m, median 379."""
    assert len(communes) == 241
    assert len({c.epci for c in communes}) == 15
    assert sum(c.population for c in communes) == 216_069
    assert sum(c.area_km2 for c in communes) == pytest.approx(6_886.7, abs=0.05)
    assert (min(c.zmin_m for c in communes), max(c.zmax_m for c in communes)) == (59.0, 467.0)
    assert np.median([c.population for c in communes]) == 379
    assert np.median([c.zmax_m - c.zmin_m for c in communes]) == 66
    assert all(c.insee.startswith("36") for c in communes)


def test_mergers(folder: Path, communes: tuple[Commune, ...]) -> None:
    """The six old codes lead to four communes of the table: 247 -> 243 (2016) -> 241 (2019)."""
    mergers = read_mergers(folder / "merged_communes.csv")
    codes = ["36072", "36151", "36183", "36201", "36206", "36245"]
    notices: list[Text] = []
    present = map_codes(codes, mergers, notices)
    assert present == ["36244", "36229", "36229", "36093", "36093", "36202"]
    assert len(notices) == 6
    names = {c.insee: c.name for c in communes}
    assert all(names[m.insee] == m.name for m in mergers.values())
    assert not set(codes) & set(names)
    assert Counter(m.merged_on for m in mergers.values()) == {"2016-01-01": 4, "2019-01-01": 2}


def test_masts(folder: Path, territory: Territory) -> None:
    """175 supports, 102 shared, in 97 communes, all in the territory, heights marked assumed."""
    masts = read_sites(folder, "masts.csv", territory)
    assert len(masts) == 175
    assert masts.table.texts("id")[0] == "M001"
    assert int((masts.table.integers("operators") >= 2).sum()) == 102
    assert len(set(masts.table.texts("insee"))) == 97
    assert set(masts.table.texts("height_status")) == {"unverified"}


def test_municipal_sites(folder: Path, territory: Territory) -> None:
    """One assumed high point per commune: a water tower from 700 inhabitants, else the church."""
    sites = read_sites(folder, "municipal_sites.csv", territory)
    assert sites.table.texts("insee") == [c.insee for c in territory.communes]
    kinds = sites.table.texts("kind")
    expected = ["water_tower" if c.population >= 700 else "church" for c in territory.communes]
    assert kinds == expected
    assert Counter(kinds) == {"church": 174, "water_tower": 67}
    np.testing.assert_array_equal(sites.x_m, territory.x_m)
    assert set(sites.table.texts("height_status")) == {"unverified"}


@pytest.mark.parametrize("name", ["masts.csv", "municipal_sites.csv"])
def test_height_ranges(folder: Path, territory: Territory, name: str) -> None:
    """Every assumed height has low < mode < high."""
    table = read_sites(folder, name, territory).table
    low, mode, high = (table.numbers(f"height_{k}_m") for k in ("low", "mode", "high"))
    assert np.all((low < mode) & (mode < high))


@pytest.mark.parametrize(
    "name", ["communes.csv", "masts.csv", "municipal_sites.csv", "merged_communes.csv"]
)
def test_every_table_states_its_source(folder: Path, name: str) -> None:
    """Each table opens with its source, status and, for public facts, its licence."""
    text = (folder / name).read_text(encoding="utf-8")
    header = [line for line in text.splitlines() if line.startswith("#")]
    assert any("source:" in line for line in header)
    assert any("status" in line for line in header)
    assert name == "municipal_sites.csv" or any("Licence Ouverte" in line for line in header)


def test_against_the_cross_check_data(shared_data: Path, communes: tuple[Commune, ...]) -> None:
    """Every commune agrees with the cross-check table."""
    with (shared_data / "indre" / "communes.csv").open(encoding="utf-8") as file:
        theirs = {row["insee"]: row for row in csv.DictReader(file)}
    assert set(theirs) == {c.insee for c in communes}
    for c in communes:
        row = theirs[c.insee]
        assert (c.name, str(c.population), c.epci) == (row["nom"], row["population"], row["epci"])
        assert c.area_km2 == float(row["area_km2_polygon"])
        assert (c.zmin_m, c.zmax_m) == (float(row["zmin_m"]), float(row["zmax_m"]))
        assert (c.x_m, c.y_m) == (float(row["x_l93"]), float(row["y_l93"]))
