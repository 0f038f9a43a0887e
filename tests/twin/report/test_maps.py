"""Maps of the territory."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from twin.lang import Lang, Text, same
from twin.report import maps
from twin.report.svg import Svg

TITLE = Text("Le sud reste sous 95 %", "The south stays under 95%")
KEY = Text("Part servie", "Share served")
SOURCE = Text("Source : essai.", "Source: test.")
CLASSES = maps.shades(
    [Text("moins de 95 %", "under 95%"), Text("plus", "more")], first_hatched=True
)


@pytest.fixture(scope="module")
def communes() -> list[shapely.Polygon]:
    """Return 241 Voronoi cells in a disc of 48 km, in Lambert-93."""
    rng = np.random.default_rng(3)
    disc = shapely.Point(588e3, 6636e3).buffer(48e3)
    angle, radius = rng.uniform(0, 2 * np.pi, 241), 46e3 * np.sqrt(rng.uniform(0, 1, 241))
    seeds = shapely.MultiPoint(
        np.c_[588e3 + radius * np.cos(angle), 6636e3 + radius * np.sin(angle)]
    )
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=disc, ordered=True))
    return list(shapely.intersection(cells, disc))


def areas_map(communes: list[shapely.Polygon], lang: Lang = Lang.FR) -> Svg:
    """Return a choropleth with sites and towns."""
    classes = (np.arange(241) % 2).astype(np.uint8)
    towns = [maps.Town("Petite", 590e3, 6640e3, 10), maps.Town("Grande", 590.2e3, 6640e3, 99)]
    return maps.territory_map(
        "map", TITLE, maps.Areas(communes, classes), CLASSES, KEY, SOURCE, lang,
        points=[maps.Points(Text("Pylône", "Mast"), [588e3, 600e3], [6636e3, 6640e3], "^")],
        towns=towns, town_count=1, synthetic_terrain=True, approximate_borders=True,
    )  # fmt: skip


def drawn_words(figure: Svg) -> str:
    """Return all the text drawn."""
    nodes = ET.fromstring(figure.svg).iter()  # noqa: S314 - our own file
    return " ".join(node.text or "" for node in nodes if node.tag.endswith("text"))


def test_a_map_says_what_it_is(communes: list[shapely.Polygon]) -> None:
    """Key, scale, north, source, warnings, largest town are on the map, in its language."""
    text = drawn_words(areas_map(communes))
    for wanted in (
        "Part servie", "20\u00a0km", "N", "Source\u00a0: essai.", "RELIEF SYNTHÉTIQUE",
        "Limites approchées", "Grande", "Pylône",
    ):  # fmt: skip
        assert wanted in text
    assert "Petite" not in text
    assert "SYNTHETIC RELIEF" in drawn_words(areas_map(communes, Lang.EN))


def test_same_bytes_and_small(communes: list[shapely.Polygon]) -> None:
    """A map of 241 communes is byte-identical twice and under 400 kB."""
    one, two = areas_map(communes), areas_map(communes)
    assert one == two
    assert len(one.svg) < 400_000


def test_not_colour_alone(communes: list[shapely.Polygon]) -> None:
    """The lowest class is hatched and shades darken: the map reads in grey."""
    assert "url(#h" in areas_map(communes).svg
    tints = [each.colour for each in maps.shades([same(str(step)) for step in range(6)])]
    light = [
        sum(int(tint[at : at + 2], 16) * w for at, w in ((1, 0.21), (3, 0.72), (5, 0.07)))
        for tint in tints
    ]
    assert light == sorted(light, reverse=True)


def test_alternative_gives_shares_and_counts(communes: list[shapely.Polygon]) -> None:
    """The text alternative gives each class's share of surface and the number of sites."""
    figure = areas_map(communes)
    shares = [int(found) for found in re.findall(r"(\d+)\u00a0%", figure.alt.fr)]
    assert sum(shares[-2:]) == pytest.approx(100, abs=1)
    assert "Pylône\u00a0: 2." in figure.alt.fr
    assert "Relief synthétique" in figure.alt.fr
    total = sum(float(str(row[1])) for row in figure.data.rows)
    assert total == pytest.approx(np.pi * 48**2, rel=0.01)


def checker(rows: int, columns: int) -> NDArray[np.uint8]:
    """Return two classes in noise with a blank border."""
    cells = np.random.default_rng(1).integers(0, 2, (rows, columns)).astype(np.uint8)
    cells[:5] = maps.NODATA
    return cells


def test_raster_is_downsampled(communes: list[shapely.Polygon]) -> None:
    """A raster of four million cells, noise at that, stays under 400 kB and keeps its surfaces."""
    raster = maps.Raster(checker(2000, 2000), 540e3, 6684e3, 48.0)
    figure = maps.territory_map(
        "raster", TITLE, raster, CLASSES, KEY, SOURCE, borders=communes, synthetic_terrain=True
    )
    assert len(figure.svg) < 400_000
    assert "data:image/png" in figure.svg
    total = sum(float(str(row[1])) for row in figure.data.rows)
    assert total == pytest.approx(1995 * 2000 * 0.048**2)


def test_raster_without_borders() -> None:
    """A raster alone fills its own frame."""
    raster = maps.Raster(checker(50, 60), 540e3, 6684e3, 1000.0)
    assert "<image" in maps.territory_map("r", TITLE, raster, CLASSES, KEY, SOURCE).svg


def test_class_bounds_open_the_class_above() -> None:
    """A value on a bound falls in the class above; what is not finite is blank."""
    found = maps.class_indices([0.1, 0.8, 0.95, 1.0, np.nan], [0.8, 0.95])
    assert found.tolist() == [0, 1, 2, 2, 255]


def test_towns_do_not_overlap(communes: list[shapely.Polygon]) -> None:
    """Where names collide the larger town keeps its place and all names stay apart."""
    crowd = [maps.Town(f"Ville {rank}", 588e3, 6636e3, 100 - rank) for rank in range(9)]
    figure = maps.territory_map(
        "crowd", TITLE, maps.Areas(communes, np.zeros(241, np.uint8)), CLASSES, KEY, SOURCE,
        towns=crowd, town_count=9,
    )  # fmt: skip
    written = re.findall(r"Ville \d", drawn_words(figure))
    assert written == ["Ville 0", "Ville 1", "Ville 2", "Ville 3"]
