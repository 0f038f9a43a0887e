"""Readers: what is written in an elevation file comes back, where it stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from twin.errors import DataError
from twin.lang import Lang
from twin.terrain.readers import load_terrain, read_terrain

Writer = Callable[..., Path]


def hills(rows: int, columns: int) -> NDArray[np.float32]:
    """Return gentle hills around 150 m."""
    y, x = np.mgrid[0:rows, 0:columns]
    return (150.0 + 20.0 * np.sin(x / 7.0) + 15.0 * np.cos(y / 5.0)).astype(np.float32)


def degrees_plane(
    longitude: NDArray[np.float64], latitude: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the heights of a plane over longitude and latitude."""
    return 200.0 + 400.0 * (longitude - 1.5) - 300.0 * (latitude - 46.5)


def test_lambert_93_geotiff_passes_through(geotiff: Writer) -> None:
    """A Lambert-93 GeoTIFF comes back cell for cell, with its corner, cell and name."""
    heights = hills(40, 60)
    grid = read_terrain(geotiff("bdalti.tif", heights, 600_012.5, 6_650_012.5, 25.0))
    np.testing.assert_array_equal(grid.heights_m, heights)
    assert (grid.west_m, grid.north_m, grid.resolution_m) == (600_012.5, 6_650_012.5, 25.0)
    assert not grid.synthetic
    assert "bdalti.tif" in grid.source.fr
    assert "millésime inconnu" in grid.source.fr


def test_vintage_is_read_from_the_tags(geotiff: Writer) -> None:
    """A date written in the file stands in the source."""
    import rasterio

    path = geotiff("dated.tif", hills(4, 4), 600_000.0, 6_650_000.0, 25.0)
    with rasterio.open(path, "r+") as dataset:
        dataset.update_tags(TIFFTAG_DATETIME="2021:06:01 00:00:00")
    assert "2021:06:01" in read_terrain(path).source.en


def test_bounds_cut_whole_cells(geotiff: Writer) -> None:
    """Bounds return the smallest block of the file's own cells that covers them."""
    heights = hills(40, 60)
    path = geotiff("a.tif", heights, 600_000.0, 6_650_000.0, 25.0)
    grid = read_terrain(path, (600_110.0, 6_649_310.0, 600_400.0, 6_649_900.0))
    assert grid.bounds_m == (600_100.0, 6_649_300.0, 600_400.0, 6_649_900.0)
    np.testing.assert_array_equal(grid.heights_m, heights[4:28, 4:16])


def test_other_resolution_is_resampled(geotiff: Writer) -> None:
    """A plane asked at another cell is still that plane."""
    y, x = np.mgrid[0:80, 0:80]
    path = geotiff(
        "plane.tif", (100.0 + x - 0.5 * y).astype(np.float32), 600_000.0, 6_650_000.0, 25.0
    )
    grid = read_terrain(path, (600_500.0, 6_648_500.0, 601_500.0, 6_649_500.0), resolution_m=10.0)
    assert grid.heights_m.shape == (100, 100)
    px, py = np.array([600_777.0]), np.array([6_649_111.0])
    expected = 100.0 + (777.0 - 12.5) / 25.0 - 0.5 * ((889.0 - 12.5) / 25.0)
    assert grid.height_m(px, py)[0] == pytest.approx(expected, abs=1e-3)


def test_wgs84_geotiff_is_projected(geotiff: Writer) -> None:
    """A WGS84 file gives, at a point's Lambert-93 position, its height by longitude, latitude."""
    from pyproj import Transformer

    step = 1.0 / 1200.0
    longitude = 1.5 + (np.arange(240) + 0.5) * step
    latitude = 46.7 - (np.arange(240) + 0.5) * step
    heights = degrees_plane(*np.meshgrid(longitude, latitude)).astype(np.float32)
    grid = read_terrain(geotiff("wgs.tif", heights, 1.5, 46.7, step, "EPSG:4326"))
    assert grid.resolution_m == 90.0
    where = np.array([1.53, 1.6, 1.66]), np.array([46.53, 46.6, 46.68])
    x, y = Transformer.from_crs(4326, 2154, always_xy=True).transform(*where)
    np.testing.assert_allclose(grid.height_m(x, y), degrees_plane(*where), atol=0.02)


@pytest.mark.parametrize("corner", ["corner", "center"])
def test_ign_ascii_grid(ign_asc: Writer, corner: str) -> None:
    """An ASCII grid as IGN writes it is Lambert-93, with a notice; -99999 is a void."""
    heights = np.round(hills(20, 30).astype(np.float64), 2)
    heights[3, 4] = np.nan
    reading = load_terrain(ign_asc("BDALTIV2.asc", heights, 574_987.5, 6_624_987.5, 25.0, corner))
    np.testing.assert_allclose(reading.terrain.heights_m, heights, atol=1e-4)
    assert reading.terrain.bounds_m == (574_987.5, 6_624_987.5, 575_737.5, 6_625_487.5)
    assert reading.void_cells == 1
    assert any("Lambert-93 supposé" in notice.fr for notice in reading.notices)


def test_prj_beside_an_ascii_grid_is_obeyed(ign_asc: Writer) -> None:
    """A .prj beside the grid replaces the assumption, so there is no notice."""
    from pyproj import CRS

    path = ign_asc("tile.asc", hills(20, 30).astype(np.float64), 575_000.0, 6_625_000.0, 25.0)
    path.with_suffix(".prj").write_text(CRS.from_epsg(2154).to_wkt("WKT1_ESRI"), encoding="ascii")
    reading = load_terrain(path)
    assert reading.notices == ()
    assert reading.terrain.resolution_m == 25.0
    assert reading.terrain.bounds_m == (575_000.0, 6_625_000.0, 575_750.0, 6_625_500.0)


@pytest.mark.parametrize("name", ["N46E001.hgt", "n46e001.SRTMGL3.hgt.gz"])
def test_srtm_tile(hgt: Writer, name: str) -> None:
    """An SRTM tile lies where its name says, its samples on whole arc-seconds."""
    from pyproj import Transformer

    axis = np.arange(1201) / 1200.0
    heights = degrees_plane(*np.meshgrid(1.0 + axis, 47.0 - axis))
    heights[600, 600] = np.nan
    reading = load_terrain(hgt(name, heights))
    x, y = Transformer.from_crs(4326, 2154, always_xy=True).transform([1.25, 1.75], [46.25, 46.9])
    found = reading.terrain.height_m(np.asarray(x), np.asarray(y))
    expected = degrees_plane(np.array([1.25, 1.75]), np.array([46.25, 46.9]))
    np.testing.assert_allclose(found, expected, atol=0.6)  # the file holds whole metres
    assert reading.void_cells == 1
    assert any("EGM96" in notice.fr for notice in reading.notices)


def test_srtm_one_second_tile(hgt: Writer) -> None:
    """A 3601 x 3601 tile is known by its size and read at 30 m."""
    path = hgt("N46W002.hgt", np.full((3601, 3601), 42.0))
    grid = read_terrain(path, (360_000.0, 6_600_000.0, 362_000.0, 6_602_000.0))
    assert grid.resolution_m == 30.0
    np.testing.assert_array_equal(grid.heights_m, 42.0)


def test_real_srtm_tile(shared_data: Path) -> None:
    """The real tile N50E010 has 28 voids between 185 and 983 m; filled, none is left."""
    from twin.terrain.hgt import read_hgt

    path = shared_data / "terrain" / "N50E010.hgt.gz"
    raw = read_hgt(path).heights_m
    assert (np.nanmin(raw), np.nanmax(raw)) == (185.0, 983.0)
    kept, filled = load_terrain(path), load_terrain(path, fill_voids_cells=10)
    assert (kept.void_cells, kept.filled_cells) == (28, 0)
    assert (filled.void_cells, filled.filled_cells) == (28, 28)
    assert np.isnan(kept.terrain.heights_m).sum() > np.isnan(filled.terrain.heights_m).sum()
    assert np.nanmin(filled.terrain.heights_m) >= 185.0
    assert np.nanmax(filled.terrain.heights_m) <= 983.0


def test_real_lambert_93_grid(shared_data: Path) -> None:
    """The real 1 km grid comes back with the frame its sheet states."""
    grid = read_terrain(shared_data / "indre" / "srtm30plus_l93_1km.tif")
    assert grid.heights_m.shape == (225, 222)
    assert (grid.west_m, grid.north_m, grid.resolution_m) == (477_000.0, 6_748_000.0, 1_000.0)


def test_mosaic_has_no_seam(geotiff: Writer, tmp_path: Path) -> None:
    """Two tiles of one product in a folder read as the one file they were cut from."""
    heights = hills(40, 60)
    whole = read_terrain(geotiff("whole.tif", heights, 600_000.0, 6_650_000.0, 25.0))
    (tmp_path / "tiles").mkdir()
    geotiff("tiles/a.tif", heights[:, :35], 600_000.0, 6_650_000.0, 25.0)
    geotiff("tiles/b.tif", heights[:, 30:], 600_750.0, 6_650_000.0, 25.0)
    joined = read_terrain(tmp_path / "tiles")
    np.testing.assert_array_equal(joined.heights_m, whole.heights_m)
    assert joined.bounds_m == whole.bounds_m


def test_projected_mosaic_has_no_seam(hgt: Writer) -> None:
    """Two SRTM tiles projected together have heights all along their common meridian."""
    axis = np.arange(1201) / 1200.0
    paths = [
        hgt(f"N46E00{west}.hgt", degrees_plane(*np.meshgrid(west + axis, 47.0 - axis)))
        for west in (1, 2)
    ]
    bounds = 616_000.0, 6_600_000.0, 631_000.0, 6_610_000.0  # 2 degrees east runs through it
    grid = read_terrain(paths, bounds, resolution_m=50.0)
    assert not np.isnan(grid.heights_m).any()
    assert np.abs(np.diff(grid.heights_m, axis=1)).max() < 1.1  # a plane in whole metres


def test_first_valid_height_wins(geotiff: Writer) -> None:
    """Where tiles overlap the first given holds, but for its voids, which the second fills."""
    first, second = np.full((4, 4), 1.0, np.float32), np.full((4, 4), 2.0, np.float32)
    first[0, 0] = np.nan
    paths = [
        geotiff(name, tile, 600_000.0, 6_650_000.0, 25.0, nodata=np.nan)
        for name, tile in (("1.tif", first), ("2.tif", second))
    ]
    heights = read_terrain(paths).heights_m
    assert heights[0, 0] == 2.0
    assert (heights.ravel()[1:] == 1.0).all()


def test_small_voids_are_filled_and_counted(geotiff: Writer) -> None:
    """Voids up to the size asked are filled within their rim's range; larger ones stay open."""
    heights = hills(40, 60)
    holed = heights.copy()
    holed[5:7, 5:7] = -32768.0
    holed[20:26, 20:26] = -32768.0
    path = geotiff("holes.tif", holed, 600_000.0, 6_650_000.0, 25.0, nodata=-32768.0)
    reading = load_terrain(path, fill_voids_cells=4)
    found = reading.terrain.heights_m
    assert (reading.void_cells, reading.filled_cells) == (40, 4)
    assert np.isnan(found).sum() == 36
    rim = heights[4:8, 4:8]
    assert rim.min() <= found[5:7, 5:7].min() <= found[5:7, 5:7].max() <= rim.max()
    np.testing.assert_array_equal(found[~np.isnan(found)][:100], found.ravel()[:100])
    assert any("4 cellules" in notice.fr for notice in reading.notices)


def test_undeclared_void_codes_are_voids_with_a_notice(geotiff: Writer) -> None:
    """A -9999 the file does not declare is a void, and said so."""
    heights = hills(4, 4)
    heights[1, 1] = -9999.0
    reading = load_terrain(geotiff("undeclared.tif", heights, 600_000.0, 6_650_000.0, 25.0))
    assert np.isnan(reading.terrain.heights_m[1, 1])
    assert any("non déclarés" in notice.fr for notice in reading.notices)


def says(error: pytest.ExceptionInfo[DataError], *words: str) -> None:
    """Check that a message speaks both languages and holds the words (French)."""
    french, english = error.value.say(Lang.FR), error.value.say(Lang.EN)
    assert "remède" in french
    assert "remedy" in english
    for word in words:
        assert word in french, french


def test_missing_empty_and_foreign_files_are_named_together(tmp_path: Path) -> None:
    """An absent file, an empty one, a wrong suffix and an empty folder are all told at once."""
    (tmp_path / "empty.tif").touch()
    (tmp_path / "note.pdf").write_text("no")
    (tmp_path / "folder").mkdir()
    names = ["absent.asc", "empty.tif", "note.pdf", "folder"]
    with pytest.raises(DataError) as error:
        read_terrain([tmp_path / name for name in names])
    assert len(error.value.faults) == 4
    says(error, *names, "qui existe", "non vide", ".pdf", "dossier contenant des tuiles")


def test_no_file_at_all() -> None:
    """An empty list of files is refused."""
    with pytest.raises(DataError) as error:
        read_terrain([])
    says(error, "au moins un fichier")


@pytest.mark.parametrize("name", ["text.tif", "text.asc"])
def test_not_a_raster(tmp_path: Path, name: str) -> None:
    """A text under a raster's name is refused with the file's name."""
    (tmp_path / name).write_text("this is not a raster\n")
    with pytest.raises(DataError) as error:
        read_terrain(tmp_path / name)
    says(error, name, "raster d’altitudes entier")


def test_truncated_geotiff(geotiff: Writer) -> None:
    """A GeoTIFF cut short is refused, not read as zeros."""
    path = geotiff("cut.tif", hills(300, 300), 600_000.0, 6_650_000.0, 25.0, compress="deflate")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(DataError) as error:
        read_terrain(path)
    says(error, "cut.tif")


def test_truncated_ascii_grid(ign_asc: Writer) -> None:
    """An ASCII grid cut short is refused."""
    path = ign_asc("cut.asc", hills(20, 30).astype(np.float64), 575_000.0, 6_625_000.0, 25.0)
    path.write_text(path.read_text()[:1500])
    with pytest.raises(DataError) as error:
        read_terrain(path)
    says(error, "cut.asc")


def test_damaged_srtm_tiles(tmp_path: Path, hgt: Writer) -> None:
    """A short tile, a broken gzip and a tile without its name are refused together."""
    (tmp_path / "N46E001.hgt").write_bytes(b"\0" * 1000)
    (tmp_path / "N46E002.hgt.gz").write_bytes(b"not gzip")
    whole = hgt("N46E003.hgt.gz", np.zeros((1201, 1201)))
    whole.write_bytes(whole.read_bytes()[:-200])
    hgt("tile.hgt", np.zeros((1201, 1201)))
    with pytest.raises(DataError) as error:
        read_terrain(tmp_path)
    assert len(error.value.faults) == 4
    says(error, "2 884 802", "gzip entier", "N46E003", "coin sud-ouest")


def test_geotiff_without_reference_system(geotiff: Writer) -> None:
    """A GeoTIFF that does not say where it lies is refused with the command that mends it."""
    with pytest.raises(DataError) as error:
        read_terrain(geotiff("nowhere.tif", hills(4, 4), 600_000.0, 6_650_000.0, 25.0, None))
    says(error, "nowhere.tif", "gdal_edit.py -a_srs EPSG:2154")


def test_ascii_grid_outside_france_needs_a_reference_system(ign_asc: Writer) -> None:
    """An ASCII grid in degrees is not taken for Lambert-93."""
    with pytest.raises(DataError) as error:
        read_terrain(ign_asc("degrees.asc", hills(4, 4).astype(np.float64), 1.0, 46.0, 0.01))
    says(error, "degrees.asc", ".prj")


def test_several_bands(geotiff: Writer) -> None:
    """A picture in three bands is refused."""
    bands = np.stack([hills(4, 4)] * 3)
    with pytest.raises(DataError) as error:
        read_terrain(geotiff("rgb.tif", bands, 600_000.0, 6_650_000.0, 25.0))
    says(error, "une seule bande", "« 3 »")


def test_cells_not_square(geotiff: Writer) -> None:
    """Oblong Lambert-93 cells are refused unless a resolution is asked."""
    path = geotiff("oblong.tif", hills(40, 40), 600_000.0, 6_650_000.0, (25.0, 50.0))
    with pytest.raises(DataError) as error:
        read_terrain(path)
    says(error, "25 x 50 m", "carrées", "resolution_m")
    assert read_terrain(path, resolution_m=25.0).heights_m.shape == (80, 40)


def test_implausible_heights(geotiff: Writer) -> None:
    """Numbers that cannot be heights in metres are refused."""
    with pytest.raises(DataError) as error:
        read_terrain(geotiff("big.tif", hills(4, 4) * 1e4, 600_000.0, 6_650_000.0, 25.0))
    says(error, "de -500 à 9000")


def test_bounds_not_covered(geotiff: Writer) -> None:
    """Bounds beyond the file are refused, with the missing share and where it lies."""
    path = geotiff("half.tif", hills(40, 40), 600_000.0, 6_650_000.0, 25.0)
    with pytest.raises(DataError) as error:
        read_terrain(path, (600_000.0, 6_649_000.0, 602_000.0, 6_650_000.0))
    says(error, "50,00 %", "(601000, 6649000, 602000, 6650000)")
    with pytest.raises(DataError) as error:
        read_terrain(path, (700_000.0, 6_649_000.0, 702_000.0, 6_650_000.0))
    says(error, "100,00 %")


def test_hole_between_tiles_is_not_covered(geotiff: Writer) -> None:
    """A missing tile inside the bounds is told by its place."""
    tiles = [(600_000.0, 6_650_000.0), (601_000.0, 6_650_000.0), (600_000.0, 6_649_000.0)]
    paths = [
        geotiff(f"{k}.tif", hills(40, 40), west, north, 25.0)
        for k, (west, north) in enumerate(tiles)
    ]
    with pytest.raises(DataError) as error:
        read_terrain(paths, (600_000.0, 6_648_000.0, 602_000.0, 6_650_000.0))
    says(error, "25,00 %", "(601000, 6648000, 602000, 6649000)")


def test_tiles_that_do_not_fit(geotiff: Writer) -> None:
    """Tiles of another system, of another cell or off by half a cell are refused together."""
    paths = [
        geotiff("a.tif", hills(40, 40), 600_000.0, 6_650_000.0, 25.0),
        geotiff("utm.tif", hills(40, 40), 300_000.0, 5_150_000.0, 25.0, "EPSG:32631"),
        geotiff("coarse.tif", hills(40, 40), 601_000.0, 6_650_000.0, 50.0),
        geotiff("shifted.tif", hills(40, 40), 601_012.5, 6_650_000.0, 25.0),
    ]
    with pytest.raises(DataError) as error:
        read_terrain(paths)
    assert [Path(fault.file).name for fault in error.value.faults] == [
        "utm.tif",
        "coarse.tif",
        "shifted.tif",
    ]
    says(error, "alignées sur celles de a.tif", "RGF93")


def test_far_tiles_do_not_fill_memory(geotiff: Writer) -> None:
    """Two tiles of one product a country apart are refused rather than joined."""
    paths = [
        geotiff("west.tif", hills(4, 4), 100_000.0, 6_200_000.0, 1.0),
        geotiff("east.tif", hills(4, 4), 1_000_000.0, 7_000_000.0, 1.0),
    ]
    with pytest.raises(DataError) as error:
        read_terrain(paths)
    says(error, "donner une emprise")


def test_request_that_makes_no_sense(geotiff: Writer) -> None:
    """Bounds upside down and a negative cell are refused together."""
    path = geotiff("a.tif", hills(4, 4), 600_000.0, 6_650_000.0, 25.0)
    with pytest.raises(DataError) as error:
        read_terrain(path, (600_100.0, 6_650_000.0, 600_000.0, 6_649_900.0), resolution_m=-5.0)
    assert [fault.key for fault in error.value.faults] == ["bounds_m", "resolution_m"]
