"""Water meters: as many as people make, nested placements, the planner's own in three formats."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from models.lora.meters import (
    INDOOR,
    OUTDOOR,
    PIT,
    QUICK_ONE_IN,
    Meters,
    home_communes,
    make_meters,
    nominal_meters,
)
from models.lora.settings import MetersSection
from twin.errors import DataError
from twin.territory.communes import Commune
from twin.territory.power import power_areas

X0_M, Y0_M = 600_000.0, 6_630_000.0


def commune(index: int, population: int, x_m: float, y_m: float, area_km2: float = 20.0) -> Commune:
    """Return a commune of which only the place and the people matter."""
    return Commune(
        f"36{index:03d}", f"C{index}", population, "E", "E", area_km2, 100.0, 200.0, x_m, y_m
    )


COMMUNES = tuple(
    commune(i, population, X0_M + 5_000.0 * (i % 2), Y0_M + 5_000.0 * (i // 2))
    for i, population in enumerate((90, 18_000, 900, 4))
)
AREAS = power_areas(COMMUNES)
SYNTHETIC = make_meters(MetersSection(), COMMUNES, AREAS)


def same(one: Meters, other: Meters) -> bool:
    """Tell whether two sets of meters are the same bit for bit."""
    return all(
        np.array_equal(a, b) for a, b in zip(vars(one).values(), vars(other).values(), strict=True)
    )


def test_counts_follow_population() -> None:
    """Each commune has its inhabitants over 1.8 meters, one at least; all inside its own area."""
    assert np.bincount(SYNTHETIC.commune).tolist() == [50, 10_000, 500, 2]
    np.testing.assert_array_equal(AREAS.at(SYNTHETIC.x_m, SYNTHETIC.y_m), SYNTHETIC.commune)
    denser = make_meters(MetersSection(inhabitants_per_meter=9.0), COMMUNES, AREAS)
    assert np.bincount(denser.commune).tolist() == [10, 2_000, 100, 1]
    assert np.all(SYNTHETIC.height_m == 1.0)


def test_nobody_home() -> None:
    """A commune without inhabitants has no meter; a territory without any is refused."""
    empty = (commune(0, 0, X0_M, Y0_M), commune(1, 18, X0_M + 5_000.0, Y0_M))
    assert make_meters(MetersSection(), empty, power_areas(empty)).commune.tolist() == [1] * 10
    with pytest.raises(DataError, match="inhabited"):
        make_meters(MetersSection(), empty[:1], power_areas(empty[:1]))


def test_same_meters_every_time() -> None:
    """Meters belong to the world: a second call gives the same bits."""
    assert same(SYNTHETIC, make_meters(MetersSection(), COMMUNES, AREAS))


def test_a_far_commune_moves_no_other_meter() -> None:
    """A commune added beyond reach leaves every other meter and its placement where they were."""
    far = commune(900, 5_000, X0_M + 60_000.0, Y0_M)
    more = make_meters(MetersSection(), (*COMMUNES, far), power_areas((*COMMUNES, far)))
    for name in ("x_m", "y_m", "place", "commune"):
        kept = getattr(more, name)[more.commune < len(COMMUNES)]
        np.testing.assert_array_equal(kept, getattr(SYNTHETIC, name))


@settings(max_examples=60, deadline=None)
@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_placements_are_nested(one: float, other: float, indoor: float) -> None:
    """The meters in pits under a share stay in pits under a larger one; shares are met."""
    low, high = sorted((one, other))
    pits = []
    for share in (low, high):
        section = MetersSection(pit_share=share, indoor_share=indoor * (1.0 - share))
        place = SYNTHETIC.placement(section)
        pits.append(place == PIT)
        expected = (section.outdoor_share, section.indoor_share, share)
        got = np.bincount(place, minlength=3) / len(place)
        np.testing.assert_allclose(got, expected, atol=0.02)
    assert np.all(pits[0] <= pits[1])


def test_extreme_shares() -> None:
    """All in pits means every one; none anywhere means all outdoors."""
    assert np.all(SYNTHETIC.placement(MetersSection(pit_share=1.0, indoor_share=0.0)) == PIT)
    outdoors = SYNTHETIC.placement(MetersSection(pit_share=0.0, indoor_share=0.0))
    assert np.all(outdoors == OUTDOOR)


def test_quick_thins_each_commune_and_speaks_of_all() -> None:
    """A quick study looks at the first tenth of each commune's meters and still counts them all."""
    quick = make_meters(MetersSection(), COMMUNES, AREAS, quick=True)
    assert np.bincount(quick.commune).tolist() == [5, 1_000, 50, 1]
    for index in range(3):
        few, all_of = quick.commune == index, SYNTHETIC.commune == index
        for name in ("x_m", "y_m", "place"):
            chosen = getattr(quick, name)[few]
            np.testing.assert_array_equal(chosen, getattr(SYNTHETIC, name)[all_of][: few.sum()])
    assert nominal_meters(quick, quick=True) == pytest.approx(len(SYNTHETIC), rel=0.01)
    assert nominal_meters(SYNTHETIC, quick=False) == len(SYNTHETIC)


PLACES = [(X0_M + 200.0, Y0_M + 100.0), (X0_M + 5_100.0, Y0_M), (X0_M, Y0_M + 4_900.0)]
WORDS = ["pit", "indoor", "outdoor"]


def csv(path: Path, header: str, *rows: str) -> Path:
    """Write a CSV."""
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def own_points(folder: Path, suffix: str) -> Path:
    """Write three meters as CSV, GeoJSON (degrees) or GeoPackage (Lambert-93)."""
    path = folder / f"compteurs{suffix}"
    if suffix == ".csv":
        rows = [f"{x},{y},{word}" for (x, y), word in zip(PLACES, WORDS, strict=True)]
        return csv(path, "x_m,y_m,placement", *rows)
    if suffix == ".geojson":
        from pyproj import Transformer

        degrees = Transformer.from_crs(2154, 4326, always_xy=True)
        features = [
            {
                "type": "Feature",
                "properties": {"placement": word},
                "geometry": {"type": "Point", "coordinates": degrees.transform(*place)},
            }
            for place, word in zip(PLACES, WORDS, strict=True)
        ]
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        return path
    pyogrio.raw.write(
        path,
        np.array([shapely.to_wkb(shapely.Point(place)) for place in PLACES], dtype=object),
        [np.array(WORDS, dtype=object)],
        ["placement"],
        layer="compteurs",
        crs="EPSG:2154",
        geometry_type="Point",
        driver="GPKG",
    )
    return path


@pytest.mark.parametrize("suffix", [".csv", ".geojson", ".gpkg"])
def test_own_points_replace_synthetic_ones(tmp_path: Path, suffix: str) -> None:
    """The planner's meters, in any of three formats, stand in place of all synthetic ones."""
    section = MetersSection(points=own_points(tmp_path, suffix))
    own = make_meters(section, COMMUNES, AREAS)
    np.testing.assert_allclose(np.column_stack([own.x_m, own.y_m]), PLACES, atol=2e-3)
    assert own.commune.tolist() == [0, 1, 2]
    assert own.placement(section).tolist() == [PIT, INDOOR, OUTDOOR]
    assert own.placement(MetersSection(pit_share=1.0, indoor_share=0.0))[1] == INDOOR
    assert np.all(own.height_m == 1.0)
    for quick in (True, False):
        assert nominal_meters(own, quick=quick) == 3.0
        assert same(own, make_meters(section, COMMUNES, AREAS, quick=quick))


def test_own_points_without_placement_follow_the_shares(tmp_path: Path) -> None:
    """Where the file says nothing shares decide, evenly; a quick study still counts each once."""
    rows = [f"{X0_M + (i % 40) * 10},{Y0_M + i // 40}" for i in range(1_000)]
    section = MetersSection(points=csv(tmp_path / "m.csv", "x_m,y_m", *rows))
    own = make_meters(section, COMMUNES, AREAS)
    shares = np.bincount(own.placement(section)) / 1_000
    np.testing.assert_allclose(shares, [0.1, 0.3, 0.6], atol=0.005)
    assert nominal_meters(own, quick=True) == 1_000.0


def test_a_partly_filled_placement_is_kept(tmp_path: Path) -> None:
    """What the file says of a meter holds; shares decide for its neighbours left blank only."""
    rows = [f"{X0_M + i},{Y0_M},{'outdoor' if i % 4 == 0 else ''}" for i in range(400)]
    section = MetersSection(points=csv(tmp_path / "m.csv", "x_m,y_m,placement", *rows))
    place = make_meters(section, COMMUNES, AREAS).placement(
        MetersSection(pit_share=1.0, indoor_share=0.0)
    )
    assert np.all(place[::4] == OUTDOOR)
    assert np.all(np.delete(place, np.s_[::4]) == PIT)


def test_own_height_and_commune_win(tmp_path: Path) -> None:
    """A row's own height and INSEE code replace the scenario's height and the approximate cell."""
    rows = [f"{X0_M},{Y0_M},0.3,36002", f"{X0_M},{Y0_M},,", f"{X0_M},{Y0_M},2,99999"]
    path = csv(tmp_path / "m.csv", "x_m,y_m,height_m,insee", *rows)
    own = make_meters(MetersSection(points=path, height_m=1.5), COMMUNES, AREAS)
    assert own.height_m.tolist() == [0.3, 1.5, 2.0]
    assert own.commune.tolist() == [2, 0, 0]


def test_a_point_in_a_gap_goes_to_the_nearest_commune() -> None:
    """A point no cell holds belongs to the commune whose limit is nearest."""
    x_m, y_m = np.array([X0_M - 3_000.0, X0_M]), np.array([Y0_M, Y0_M])
    assert AREAS.at(x_m, y_m).tolist() == [-1, 0]
    assert home_communes(AREAS, x_m, y_m).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("header", "row", "message"),
    [
        ("x_m,y_m,placement", f"{X0_M},{Y0_M},cave", "outdoor, indoor, pit"),
        ("x_m,y_m,height_m", f"{X0_M},{Y0_M},-1", "between 0 and 50"),
        ("x_m,y_m", f"{X0_M + 90_000.0},{Y0_M}", "a point in the territory"),
        ("lon,lat", "46.8,1.7", "swap"),
    ],
)
def test_bad_points_are_refused(tmp_path: Path, header: str, row: str, message: str) -> None:
    """Unknown placement, negative height, a place abroad, swapped degrees: refused by name."""
    path = csv(tmp_path / "m.csv", header, row)
    with pytest.raises(DataError, match=message):
        make_meters(MetersSection(points=path), COMMUNES, AREAS)


def test_quick_keeps_one_in_ten_of_the_indre(root: Path) -> None:
    """Of the 120,038 meters of the Indre a quick study looks at a tenth, to 0.1 %."""
    from twin.territory.communes import read_communes

    folder = root / "scenarios" / "indre"
    people = [c.population for c in read_communes(folder / "communes.csv")]
    whole = sum(max(1, round(p / 1.8)) for p in people)
    thinned = sum(max(1, round(p / (1.8 * QUICK_ONE_IN))) for p in people)
    assert whole == 120_038
    assert thinned * QUICK_ONE_IN == pytest.approx(whole, rel=1e-3)
