"""The ground: synthetic and labelled so, the same from the cache, or the planner's own files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from twin.scenario.schema import TerritorySection
from twin.terrain import Terrain, synthetic
from twin.territory.communes import Commune
from twin.territory.ground import MARGIN_M, read_ground
from twin.territory.limits import territory_areas

COMMUNES = tuple(
    Commune(
        f"36{i:03d}", f"C{i}", 100, "E", "E", 25.0, 100.0 + 5.0 * i, 180.0 + 5.0 * i,
        600_000.0 + 5_000.0 * (i % 2), 6_630_000.0 + 5_000.0 * (i // 2),
    )
    for i in range(4)
)  # fmt: skip
SECTION = TerritorySection(name="Essai", communes=Path("communes.csv"), terrain_resolution_m=200.0)


def same(one: Terrain, other: Terrain) -> bool:
    """Tell whether two grounds are the same bit for bit, in the same place."""
    frames = [(t.west_m, t.north_m, t.resolution_m, t.source, t.synthetic) for t in (one, other)]
    return frames[0] == frames[1] and np.array_equal(one.heights_m, other.heights_m)


def test_synthetic_ground_is_labelled_and_in_range(tmp_path: Path) -> None:
    """Without files the relief is labelled synthetic and stays in each commune's range."""
    ground = read_ground(SECTION, COMMUNES, tmp_path)
    assert ground.synthetic
    assert "synthétique" in ground.source.fr
    assert "synthetic" in ground.source.en
    areas = territory_areas(SECTION, COMMUNES)
    rows, columns = ground.heights_m.shape
    owner = areas.owner_grid(ground.west_m, ground.north_m, rows, columns, 200.0)
    for index, commune in enumerate(COMMUNES):
        mine = ground.heights_m[owner == index]
        assert mine.min() == pytest.approx(commune.zmin_m, abs=0.1)
        assert mine.max() == pytest.approx(commune.zmax_m, abs=0.1)
    assert not np.isnan(ground.heights_m).any()


def test_ground_reaches_beyond_the_limits_on_round_coordinates(tmp_path: Path) -> None:
    """The grid covers the areas and 2 km around them, on multiples of its cell."""
    ground = read_ground(SECTION, COMMUNES, tmp_path)
    west, south, east, north = ground.bounds_m
    inner = territory_areas(SECTION, COMMUNES).bounds_m
    assert west <= inner[0] - MARGIN_M
    assert south <= inner[1] - MARGIN_M
    assert east >= inner[2] + MARGIN_M
    assert north >= inner[3] + MARGIN_M
    assert all(edge % 200.0 == 0.0 for edge in (west, south, east, north))


def test_the_cache_gives_the_same_ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second call makes nothing and returns the same bits; another cache makes them again."""
    first = read_ground(SECTION, COMMUNES, tmp_path / "one")
    assert same(first, read_ground(SECTION, COMMUNES, tmp_path / "two"))
    monkeypatch.setattr(synthetic, "synthetic_terrain", lambda *_: pytest.fail("made again"))
    assert same(first, read_ground(SECTION, COMMUNES, tmp_path / "one"))


def test_what_counts_makes_another_ground(tmp_path: Path) -> None:
    """Another seed, cell or commune's height is another ground, under another name."""
    first = read_ground(SECTION, COMMUNES, tmp_path)
    others = [
        read_ground(SECTION.model_copy(update={"relief_seed": 37}), COMMUNES, tmp_path),
        read_ground(SECTION.model_copy(update={"terrain_resolution_m": 100.0}), COMMUNES, tmp_path),
        read_ground(SECTION, (replace(COMMUNES[0], zmax_m=199.0), *COMMUNES[1:]), tmp_path),
    ]
    assert len(list(tmp_path.glob("relief-*.npy"))) == 4
    assert not any(same(first, other) for other in others)


def test_the_planners_terrain_replaces_it(tmp_path: Path) -> None:
    """An ESRI ASCII grid named by the scenario is the ground, not labelled synthetic."""
    rows = "\n".join(" ".join(["143.5"] * 120) for _ in range(120))
    asc = tmp_path / "mnt.asc"
    asc.write_text(
        "ncols 120\nnrows 120\nxllcorner 590000\nyllcorner 6620000\ncellsize 200\n"
        f"NODATA_value -99999\n{rows}\n"
    )
    (tmp_path / "mnt.prj").write_text("EPSG:2154")
    section = SECTION.model_copy(update={"terrain": (asc,)})
    ground = read_ground(section, COMMUNES, tmp_path)
    assert not ground.synthetic
    place = np.array([600_000.0]), np.array([6_630_000.0])
    assert ground.height_m(*place)[0] == pytest.approx(143.5)
    assert not list(tmp_path.glob("relief-*.npy"))
