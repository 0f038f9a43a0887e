"""High points: tables in a fixed order, one id each, heights that ascend, names that are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.lora.settings import SitesSection
from models.lora.sites import KIND_LABELS, Sites, read_sites
from twin.errors import DataError
from twin.lang import Lang
from twin.territory.communes import Commune
from twin.territory.power import power_areas

X0_M, Y0_M = 600_000.0, 6_630_000.0
COMMUNES = tuple(
    Commune(
        f"36{i:03d}", f"C{i}", 100, "E", "E", 20.0, 100.0, 200.0, X0_M + 5_000.0 * i, Y0_M
    )
    for i in range(3)
)  # fmt: skip
AREAS = power_areas(COMMUNES)
HEADER = "id,x_m,y_m,insee,height_low_m,height_mode_m,height_high_m"


def table(path: Path, *rows: str, header: str = HEADER) -> Path:
    """Write a table of sites."""
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def section(tmp_path: Path) -> SitesSection:
    """Return two masts, one municipal point and one of the planner's."""
    return SitesSection(
        kinds=("mast", "municipal", "own"),
        masts=table(
            tmp_path / "masts.csv",
            f"M1,{X0_M},{Y0_M},36000,25,35,50",
            f"M2,{X0_M + 5_000},{Y0_M},36002,20,20,20",
        ),
        municipal=table(tmp_path / "municipal.csv", f"C1,{X0_M},{Y0_M + 300},,15,22,35"),
        own=table(
            tmp_path / "own.csv",
            f"silo;Silo de l'Indre;{X0_M + 100:.0f},5;{Y0_M:.0f};30;40,5;45",
            header="id;name;x_m;y_m;height_low_m;height_mode_m;height_high_m",
        ),
    )


def test_masts_then_municipal_then_own(section: SitesSection) -> None:
    """Sites come as masts, municipal, own, each with three heights; French tables read the same."""
    sites = read_sites(section, AREAS, COMMUNES)
    assert sites.ids == ("M1", "M2", "C1", "silo")
    assert sites.kind == ("mast", "mast", "municipal", "own")
    assert sites.names == ("", "", "", "Silo de l'Indre")
    assert sites.height_m.tolist() == [[25, 35, 50], [20, 20, 20], [15, 22, 35], [30, 40.5, 45]]
    assert sites.x_m[3] == X0_M + 100.5
    assert sites.is_kind("mast").tolist() == [True, True, False, False]
    assert sites.is_kind("mast", "own").tolist() == [True, True, False, True]
    assert set(sites.kind) == set(KIND_LABELS)


def test_the_tables_commune_wins(section: SitesSection) -> None:
    """A site belongs to the commune its row names; without one, to the cell it stands in."""
    assert read_sites(section, AREAS, COMMUNES).commune.tolist() == [0, 2, 0, 0]
    assert read_sites(section, AREAS).commune.tolist() == [0, 1, 0, 0]


def test_every_site_of_the_indre_keeps_its_commune(root: Path) -> None:
    """All 175 masts and 241 municipal points of the Indre bear the commune of their row."""
    from twin.tables import Column, Kind, read_table
    from twin.territory.communes import read_communes

    folder = root / "scenarios" / "indre"
    communes = read_communes(folder / "communes.csv", folder / "merged_communes.csv")
    section = SitesSection(masts=folder / "masts.csv", municipal=folder / "municipal_sites.csv")
    sites = read_sites(section, power_areas(communes), communes)
    assert len(sites) == 416
    said = [
        code
        for name in ("masts.csv", "municipal_sites.csv")
        for code in read_table(folder / name, {"insee": Column(Kind.TEXT)}, allow_extra=True).texts(
            "insee"
        )
    ]
    assert [communes[index].insee for index in sites.commune] == said


def test_heights_out_of_order_are_refused_row_by_row(tmp_path: Path, section: SitesSection) -> None:
    """Heights that do not ascend are refused, each row named with its three figures."""
    masts = table(
        tmp_path / "bad.csv",
        f"M1,{X0_M},{Y0_M},,35,25,50",
        f"M2,{X0_M},{Y0_M},,20,25,30",
        f"M3,{X0_M},{Y0_M},,20,55,50",
    )
    with pytest.raises(DataError) as caught:
        read_sites(section.model_copy(update={"masts": masts}), AREAS)
    assert [fault.value for fault in caught.value.faults] == ["35, 25, 50", "20, 55, 50"]
    assert "ascending" in str(caught.value)
    assert "croissantes" in caught.value.say(Lang.FR)


def test_an_id_met_twice_across_tables_is_refused(tmp_path: Path, section: SitesSection) -> None:
    """The same id in two tables is refused, with the id and the files that hold it."""
    own = table(tmp_path / "twin.csv", f"M2,{X0_M},{Y0_M},,20,25,30", f"C1,{X0_M},{Y0_M},,2,3,4")
    with pytest.raises(DataError, match=r"C1, M2.*one id per site") as caught:
        read_sites(section.model_copy(update={"own": own}), AREAS)
    assert "twin.csv" in caught.value.faults[0].file


def test_named_sites_are_found_or_suggested(section: SitesSection) -> None:
    """Ids give indices in the order asked; an unknown one is refused with the nearest known."""
    sites: Sites = read_sites(section, AREAS)
    where = Path("scenario.toml")
    assert sites.index_of(["C1", "M1"], "mandatory", where).tolist() == [2, 0]
    assert sites.index_of([], "mandatory", where).dtype == np.int64
    with pytest.raises(DataError) as caught:
        sites.index_of(["sillo", "M1", "zzz"], "lora.sites.mandatory", where)
    assert [fault.value for fault in caught.value.faults] == ["sillo", "zzz"]
    assert "'silo'" in str(caught.value)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (f"M1,{X0_M},{Y0_M},,-5,35,50", "between 2 and 350"),
        (f"M1,{X0_M + 80_000},{Y0_M},,25,35,50", "a point in the territory"),
        (f"M 1,{X0_M},{Y0_M},,25,35,50", "M 1"),
    ],
)
def test_bad_rows_are_refused(tmp_path: Path, row: str, message: str) -> None:
    """A negative height, a place outside the territory, an id with a blank: refused by name."""
    with pytest.raises(DataError, match=message):
        read_sites(SitesSection(kinds=("mast",), masts=table(tmp_path / "m.csv", row)), AREAS)
