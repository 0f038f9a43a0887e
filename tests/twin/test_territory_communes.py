"""The communes table: codes, mergers, contradictions."""

from __future__ import annotations

from pathlib import Path

import pytest

from twin.errors import DataError
from twin.lang import Lang, Text
from twin.territory.communes import map_codes, read_communes, read_mergers

HEAD = "insee,name,population,epci,epci_name,area_km2,zmin_m,zmax_m,x_m,y_m\n"
LEVROUX = "36093,Levroux,2800,2436,CC,56,125,190,596000,6653000\n"
LAMPS = "36201,Saint-Martin-de-Lamps,160,2436,CC,16,133,195,590000,6656000\n"
MERGED = "old_insee,old_name,insee,name,merged_on\n"


def table(folder: Path, rows: str, name: str = "communes.csv") -> Path:
    """Return the path of a communes table made of `rows`."""
    path = folder / name
    path.write_text(rows)
    return path


def test_old_codes_are_joined_with_a_notice(tmp_path: Path) -> None:
    """An old commune's people and area join the present one, and a sentence says so."""
    mergers = table(
        tmp_path, MERGED + "36201,Saint-Martin-de-Lamps,36093,Levroux,2016-01-01\n", "m.csv"
    )
    notices: list[Text] = []
    (commune,) = read_communes(table(tmp_path, HEAD + LAMPS + LEVROUX), mergers, notices)
    assert (commune.insee, commune.name, commune.population) == ("36093", "Levroux", 2960)
    assert (commune.area_km2, commune.zmin_m, commune.zmax_m) == (72.0, 125.0, 195.0)
    assert (commune.x_m, commune.y_m) == (596_000.0, 6_653_000.0)
    assert len(notices) == 1
    assert "36201" in notices[0].say(Lang.FR)
    assert "replaced by 36093" in notices[0].say(Lang.EN)


def test_old_code_alone_takes_the_new_name(tmp_path: Path) -> None:
    """A table that only has the old row gives the present commune, its name included."""
    mergers = table(
        tmp_path, MERGED + "36201,Saint-Martin-de-Lamps,36093,Levroux,2016-01-01\n", "m.csv"
    )
    (commune,) = read_communes(table(tmp_path, HEAD + LAMPS), mergers)
    assert (commune.insee, commune.name, commune.population) == ("36093", "Levroux", 160)


def test_merger_chains(tmp_path: Path) -> None:
    """A chain of mergers leads to the last commune; a circle is refused."""
    chain = "10001,A,10002,B,2016-01-01\n10002,B,10003,C,2019-01-01\n"
    mergers = read_mergers(table(tmp_path, MERGED + chain))
    assert mergers["10001"].insee == "10003"
    notices: list[Text] = []
    assert map_codes(["10001", "10003", "10001"], mergers, notices) == ["10003"] * 3
    assert len(notices) == 1
    with pytest.raises(DataError, match="in a circle"):
        read_mergers(table(tmp_path, MERGED + chain + "10003,C,10001,A,2020-01-01\n"))


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (LEVROUX, "already seen at l. 2"),
        (LAMPS.replace("36201", "6201"), "five-character INSEE code"),
        (LAMPS.replace("36201", "3620A"), "five-character INSEE code"),
        (LAMPS.replace("133,195", "195,133"), "zmin_m no higher than zmax_m"),
        (LAMPS.replace(",160,", ",-1,"), "between 0 and"),
        (LAMPS.replace(",160,", ",1.5,"), "an integer"),
        (LAMPS.replace(",16,", ",0,"), "between 0.01"),
        (LAMPS.replace("590000,6656000", "1.52,46.99"), "col. y_m"),
        (LAMPS.replace("590000,6656000", "596000,6653000"), "already taken at l. 2"),
        (LAMPS.replace(",CC,", ",CA,"), "one name"),
    ],
)
def test_refusals(tmp_path: Path, row: str, says: str) -> None:
    """Each contradiction of a communes table is named."""
    with pytest.raises(DataError, match=says):
        read_communes(table(tmp_path, HEAD + LEVROUX + row))


def test_sorted(tmp_path: Path) -> None:
    """Communes come sorted by code whatever the order of the file, Corsican codes included."""
    corsica = "2A004,Ajaccio,70000,2A,CA,82,0,790,1176000,6104000\n"
    communes = read_communes(table(tmp_path, HEAD + LAMPS + LEVROUX + corsica))
    assert [c.insee for c in communes] == ["2A004", "36093", "36201"]
