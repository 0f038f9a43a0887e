"""Which service runs which commune."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_up_ground import four_communes

from models.water.rural.services import services_of
from twin.errors import DataError


def test_without_a_table_the_group_of_communes_runs_the_water() -> None:
    """The default is one service an EPCI."""
    found = services_of(four_communes().communes)
    assert set(found.values()) == {"Communauté"}
    assert list(found) == [c.insee for c in four_communes().communes]


def test_the_planners_table_decides(tmp_path: Path) -> None:
    """A table in the French dialect, with a column of its own, gives the services."""
    table = tmp_path / "water_services.csv"
    rows = "".join(f"3690{i};Syndicat {i // 2};x\n" for i in range(4))
    table.write_text("insee;service;note\n" + rows, encoding="utf-8")
    assert list(services_of(four_communes().communes, table).values()) == [
        "Syndicat 0", "Syndicat 0", "Syndicat 1", "Syndicat 1",
    ]  # fmt: skip


def test_an_unknown_code_and_a_commune_left_out_are_told_together(tmp_path: Path) -> None:
    """The message names the stranger and everyone forgotten."""
    table = tmp_path / "water_services.csv"
    table.write_text("insee,service\n36900,A\n36999,B\n36902,A\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        services_of(four_communes().communes, table)
    said = str(caught.value)
    assert "36999" in said
    assert "36901" in said
    assert "36903" in said
    assert len(caught.value.faults) == 3
