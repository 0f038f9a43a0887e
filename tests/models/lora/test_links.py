"""The link table: exact losses in compressed rows, kept under a name that tells all they owe to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.lora import links as links_module
from models.lora.links import LARGEST_LOSS_DB, LinkTable, link_table
from models.lora.meters import Meters
from models.lora.profiles import path_losses_db
from models.lora.settings import RadioSection
from models.lora.sites import Sites
from twin.errors import DataError
from twin.lang import Text
from twin.terrain import Terrain

WEST_M, NORTH_M, SIDE_M, CELL_M = 600_000.0, 6_650_000.0, 20_000.0, 100.0
SOURCE = Text("relief d'essai", "test relief")


def hills(relief_m: float = 60.0) -> Terrain:
    """Return 20 x 20 km of smooth hills, `relief_m` from the mean to a top."""
    at = (np.arange(int(SIDE_M / CELL_M)) + 0.5) * CELL_M
    east, south = np.meshgrid(at, at)
    wave = np.sin(east / 900.0 + 0.3) * np.cos(south / 1_300.0) + 0.4 * np.sin(south / 420.0)
    heights = (150.0 + relief_m * wave / 1.4).astype(np.float32)
    return Terrain(heights, WEST_M, NORTH_M, CELL_M, SOURCE, synthetic=True)


def some_meters(count: int = 400, seed: int = 1) -> Meters:
    """Return meters spread over the hills, 1 m high."""
    place = np.random.default_rng(seed).uniform(500.0, SIDE_M - 500.0, (2, count))
    return Meters(
        x_m=WEST_M + place[0],
        y_m=NORTH_M - place[1],
        height_m=np.full(count, 1.0),
        commune=np.zeros(count, dtype=np.int32),
        place=np.linspace(0.0, 0.99, count),
    )


def some_sites(count: int = 6, seed: int = 2) -> Sites:
    """Return high points 20 / 35 / 50 m high."""
    place = np.random.default_rng(seed).uniform(2_000.0, SIDE_M - 2_000.0, (2, count))
    return Sites(
        ids=tuple(f"S{index}" for index in range(count)),
        names=("",) * count,
        kind=("mast",) * count,
        x_m=WEST_M + place[0],
        y_m=NORTH_M - place[1],
        height_m=np.tile([20.0, 35.0, 50.0], (count, 1)),
        commune=np.zeros(count, dtype=np.int32),
    )


RADIO = RadioSection(max_range_km=9.0)


def same_bits(one: LinkTable, other: LinkTable) -> bool:
    """Tell whether two tables are the same bit for bit, types included."""
    return all(
        np.asarray(a).dtype == np.asarray(b).dtype and np.array_equal(a, b)
        for a, b in zip(vars(one).values(), vars(other).values(), strict=True)
    )


@pytest.mark.parametrize("model", ["delta-bullington", "okumura-hata", "log-distance"])
def test_rows_are_direct_path_losses(tmp_path: Path, model: str) -> None:
    """Every row holds the pairs within range, by site, with the loss a direct call gives."""
    meters, sites, terrain = some_meters(), some_sites(), hills()
    radio = RADIO.model_copy(update={"model": model})
    table = link_table(meters, sites, terrain, radio, tmp_path)
    apart = np.hypot(meters.x_m[:, None] - sites.x_m, meters.y_m[:, None] - sites.y_m)
    meter, site = np.nonzero(apart <= 9_000.0)
    direct = path_losses_db(
        terrain,
        sites.x_m[site],
        sites.y_m[site],
        35.0,
        meters.x_m[meter],
        meters.y_m[meter],
        1.0,
        frequency_mhz=868.0,
        model=model,
        step_m=100.0,
    ).astype(np.float32)
    heard = direct <= LARGEST_LOSS_DB
    np.testing.assert_array_equal(table.rows(), meter[heard])
    np.testing.assert_array_equal(table.site, site[heard])
    np.testing.assert_array_equal(table.loss_db, direct[heard])
    assert len(table.site) > 500
    assert table.void_paths == 0


def test_of_picks_rows_in_the_order_asked(tmp_path: Path) -> None:
    """`of` gives each meter asked for its own row, in the order asked, repeats included."""
    table = link_table(some_meters(), some_sites(), hills(), RADIO, tmp_path)
    asked = np.array([17, 3, 399, 3, 0], dtype=np.int64)
    part = table.of(asked)
    assert len(part.indptr) == len(asked) + 1
    for row, meter in enumerate(asked):
        mine, theirs = slice(*part.indptr[row : row + 2]), slice(*table.indptr[meter : meter + 2])
        np.testing.assert_array_equal(part.site[mine], table.site[theirs])
        np.testing.assert_array_equal(part.loss_db[mine], table.loss_db[theirs])
    assert len(table.of(np.zeros(0, dtype=np.int64)).site) == 0
    assert same_bits(table.of(np.arange(400)), table)


def test_kept_table_is_the_same_bits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second call reads the kept table, computes nothing and returns the same bits."""
    parts = some_meters(), some_sites(), hills(), RADIO, tmp_path
    said: list[float] = []
    first = link_table(*parts, said.append)
    assert said[-1] == 1.0
    monkeypatch.setattr(links_module, "_compute", lambda *_: pytest.fail("computed again"))
    assert same_bits(first, link_table(*parts))
    assert len(list(tmp_path.iterdir())) == 1


def _moved(values: NDArray[np.float64], by: float = 1e-6) -> NDArray[np.float64]:
    changed = values.copy()
    changed.flat[3] += by
    return changed


def test_everything_that_counts_changes_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed meter, site, terrain, radio setting or line of physics gives another file name."""
    meters, sites, terrain = some_meters(20), some_sites(4), hills()
    name = links_module._fingerprint
    higher = terrain.heights_m.copy()
    higher[5, 5] += np.float32(0.1)
    names = [name(meters, sites, terrain, RADIO)]
    assert names[0] == name(some_meters(20), some_sites(4), hills(), RadioSection(max_range_km=9.0))
    names += [
        name(replace(meters, **{key: _moved(getattr(meters, key))}), sites, terrain, RADIO)
        for key in ("x_m", "y_m", "height_m")
    ]
    names += [
        name(meters, replace(sites, **{key: _moved(getattr(sites, key))}), terrain, RADIO)
        for key in ("x_m", "y_m", "height_m")
    ]
    names += [
        name(meters, sites, other, RADIO)
        for other in (
            replace(terrain, heights_m=higher),
            replace(terrain, heights_m=terrain.heights_m.reshape(100, 400)),
            replace(terrain, west_m=WEST_M + 1.0),
            replace(terrain, north_m=NORTH_M + 1.0),
            replace(terrain, resolution_m=101.0),
        )
    ]
    names += [
        name(meters, sites, terrain, RADIO.model_copy(update=change))
        for change in (
            {"frequency_mhz": 867.0},
            {"model": "free-space"},
            {"max_range_km": 9.5},
            {"profile_step_m": 90.0},
        )
    ]
    folder = Path(links_module.__file__).parent
    copies = {source: (folder / source).read_bytes() for source in links_module._SOURCES}
    monkeypatch.setattr(links_module, "__file__", str(tmp_path / "links.py"))
    for source, code in copies.items():
        (tmp_path / source).write_bytes(code)
    assert name(meters, sites, terrain, RADIO) == names[0]
    for source, code in copies.items():
        (tmp_path / source).write_bytes(code + b"\n# another formula\n")
        names.append(name(meters, sites, terrain, RADIO))
        (tmp_path / source).write_bytes(code)
    assert len(set(names)) == len(names)


def test_what_does_not_count_keeps_the_name() -> None:
    """Names, shares, prices and the chip change no loss: the kept table still serves."""
    meters, sites, terrain = some_meters(20), some_sites(4), hills()
    name = links_module._fingerprint
    renamed = replace(sites, names=("autre",) * 4, kind=("municipal",) * 4)
    elsewhere = replace(meters, place=meters.place / 2.0)
    other = RADIO.model_copy(update={"chip": "SX1301", "cable_loss_db": 3.0})
    assert name(meters, sites, terrain, RADIO) == name(elsewhere, renamed, terrain, other)


def test_every_propagation_source_is_watched() -> None:
    """The watched files hold all that `profiles.py` draws on, however deep the import."""
    folder = Path(links_module.__file__).parent
    found, left = set[str](), ["profiles.py"]
    while left:
        file = left.pop()
        if file in found:
            continue
        found.add(file)
        lines = (folder / file).read_text(encoding="utf-8").splitlines()
        left += [
            f"{line.split()[1].removeprefix('models.lora.')}.py"
            for line in lines
            if line.startswith("from models.lora.")
        ]
    assert found <= set(links_module._SOURCES)


def test_ground_missing_under_a_site_or_meters_is_refused(tmp_path: Path) -> None:
    """A site off the terrain, and meters on a void, are all named at once, with the remedy."""
    meters, sites, terrain = some_meters(), some_sites(), hills()
    off = replace(sites, x_m=np.append(sites.x_m[:-1], WEST_M - 50.0))
    holed = terrain.heights_m.copy()
    holed[:40] = np.nan
    bare = int(np.isnan(replace(terrain, heights_m=holed).height_m(meters.x_m, meters.y_m)).sum())
    with pytest.raises(DataError) as caught:
        link_table(meters, off, replace(terrain, heights_m=holed), RADIO, tmp_path)
    keys = [fault.key for fault in caught.value.faults]
    assert "S5" in keys
    assert keys[-1] == "meters"
    assert caught.value.faults[-1].value == f"{bare} / 400"
    assert not list(tmp_path.iterdir())


def test_paths_over_a_void_are_left_out_and_counted(tmp_path: Path) -> None:
    """A path over a void is not heard, and the table says how many were lost so."""
    meters, sites, terrain = some_meters(), some_sites(), hills()
    whole = link_table(meters, sites, terrain, RADIO, tmp_path)
    cut = terrain.heights_m.copy()
    cut[100, 40:160] = np.nan
    torn = replace(terrain, heights_m=cut)
    dry = ~np.isnan(torn.height_m(meters.x_m, meters.y_m))
    left = replace(
        meters, **{key: getattr(meters, key)[dry] for key in ("x_m", "y_m", "height_m", "commune")}
    )
    table = link_table(left, sites, torn, RADIO, tmp_path)
    before = whole.of(np.flatnonzero(dry))
    lost = len(before.site) - len(table.site)
    assert 0 < lost <= table.void_paths
    kept = set(zip(table.rows().tolist(), table.site.tolist(), strict=True))
    assert kept <= set(zip(before.rows().tolist(), before.site.tolist(), strict=True))
    assert link_table(left, sites, torn, RADIO, tmp_path).void_paths == table.void_paths


def test_a_higher_antenna_loses_less_on_average(tmp_path: Path) -> None:
    """The low end of the heights costs every site some dB on average, the high end gains some."""
    table = link_table(some_meters(2_000), some_sites(), hills(), RADIO, tmp_path)
    assert np.all(table.height_effect_db[:, 0] > 0.0)
    assert np.all(table.height_effect_db[:, 1] < 0.0)
    assert np.all(np.abs(table.height_effect_db) < 12.0)


def test_a_certain_height_has_no_effect(tmp_path: Path) -> None:
    """A site whose three heights are equal gains and loses exactly nothing."""
    sites = replace(some_sites(), height_m=np.full((6, 3), 35.0))
    table = link_table(some_meters(), sites, hills(), RADIO, tmp_path)
    np.testing.assert_array_equal(table.height_effect_db, 0.0)


def test_a_site_without_sampled_links_takes_the_overall_effect(tmp_path: Path) -> None:
    """A site no sampled meter hears gets the mean effect of all links, not zero."""
    meters, sites = some_meters(60), some_sites()
    corner = np.hypot(meters.x_m - sites.x_m[0], meters.y_m - sites.y_m[0]) > 9_000.0
    far = replace(
        meters, **{key: getattr(meters, key)[corner] for key in ("x_m", "y_m", "height_m")}
    )
    far = replace(far, commune=meters.commune[corner], place=meters.place[corner])
    table = link_table(far, sites, hills(), RADIO, tmp_path)
    assert not np.any(table.site == 0)
    low = table.height_effect_db[:, 0]
    assert low[1:].min() <= low[0] <= low[1:].max()
    assert low[0] > 0.0
