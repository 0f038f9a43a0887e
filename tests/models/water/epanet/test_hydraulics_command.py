"""`run.py hydraulics`: what a planner reads, what a program reads, what is refused."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from water_networks import wntr_network

from models.water.epanet.leak_table import read_leaks
from models.water.network.read import read_network
from twin.errors import DataError, Fault, InputError
from twin.lang import Text

if TYPE_CHECKING:
    # At run time the name may be another folder's conftest.
    from conftest import Outcome

    Run = Callable[..., Outcome]


def test_json_holds_the_whole_run(run_py: Run) -> None:
    """The JSON has a value a time for every node and link, and a ledger that balances."""
    found = run_py("hydraulics", str(wntr_network("Net3")), "--hours", "24", "--json")
    assert found.code == 0
    content = json.loads(found.out)
    assert (content["engine"], content["refused"], content["nodes"]) == ("epanet", None, 97)
    assert content["times_h"] == list(range(25))
    for key in ("heads_m", "pressures_m", "consumed_m3h", "leaks_m3h"):
        assert len(content[key]) == 97
        assert {len(values) for values in content[key].values()} == {25}
    assert len(content["flows_m3h"]) == 119
    assert content["heads_m"]["105"][0] == pytest.approx(146.82941 * 0.3048, abs=2e-6)
    assert content["flows_m3h"]["20"][24] == pytest.approx(-2184.27654 * 0.2271248, rel=1e-5)
    ledger = content["ledger"]
    through = ledger["opening"] + sum(ledger["entered"].values())
    assert abs(ledger["gap"]) < 1e-6 * through
    assert ledger["left"]["consumed"] > 0.0


def test_a_summary_in_both_languages(run_py: Run) -> None:
    """Without --json a few lines say the worst pressures and the volumes, in French or English."""
    french = run_py("hydraulics", str(wntr_network("Net1")))
    english = run_py("hydraulics", str(wntr_network("Net1")), "--lang", "en")
    assert french.code == english.code == 0
    assert "pression la plus basse" in french.out
    assert "consommé" in french.out
    assert "lowest pressure" in english.out
    assert "consumed" in english.out


def test_leaks_of_a_table(run_py: Run, tmp_path: Path) -> None:
    """A leak of 20 m3/h at 50 m leaks 20 (p/50)^0.5 between its hours, and nothing outside them."""
    table = tmp_path / "leaks.csv"
    table.write_text(
        "id;node;flow_m3h;pressure_m;start_h;end_h\n1;105;20,0;50;1,5;4\n2;105;1;50;90;\n"
    )
    found = run_py(
        "hydraulics", str(wntr_network("Net3")), "--leaks", str(table), "--hours", "6", "--json"
    )
    content = json.loads(found.out)
    leaks = np.array(content["leaks_m3h"]["105"])
    pressure = np.array(content["pressures_m"]["105"])
    assert (leaks > 0.0).tolist() == [False, False, True, True, False, False, False]
    np.testing.assert_allclose(leaks[2:4], 20.0 * (pressure[2:4] / 50.0) ** 0.5, rtol=1e-6)
    (warning,) = content["warnings"]
    assert (warning["kind"], warning["names"]) == ("leak_outside", ["2"])
    assert content["ledger"]["left"]["leaked"] == pytest.approx(leaks[2:4].sum(), rel=0.02)


def test_every_fault_of_a_table_of_leaks(tmp_path: Path) -> None:
    """Unknown nodes (with near names), tanks, no size or two, no pressure, ends before starts."""
    table = tmp_path / "leaks.csv"
    table.write_text(
        "id,node,flow_m3h,pressure_m,coefficient_m3h_per_sqrt_m,start_h,end_h\n"
        "1,1055,2,50,,0,5\n2,1,2,50,,0,5\n3,105,,,,0,5\n4,105,2,50,1,0,5\n5,105,2,,,0,5\n"
        "6,105,2,50,,5,5\n"
    )
    with pytest.raises(DataError) as caught:
        read_leaks(table, read_network(wntr_network("Net3")))
    faults = caught.value.faults
    rows = [(fault.key.split(",")[0], fault.key.split("col. ")[1]) for fault in faults]
    assert rows == [
        ("l. 2", "node"),
        ("l. 3", "node"),
        ("l. 4", "flow_m3h"),
        ("l. 5", "flow_m3h"),
        ("l. 6", "pressure_m"),
        ("l. 7", "end_h"),
    ]
    assert "105" in faults[0].remedy.fr


def test_coefficients_need_the_square_root(tmp_path: Path) -> None:
    """A coefficient by the square root is taken as it is; refused at another exponent."""
    table = tmp_path / "leaks.csv"
    table.write_text("id,node,coefficient_m3h_per_sqrt_m\n1,105,3\n")
    network = read_network(wntr_network("Net3"))
    (leak,) = read_leaks(table, network)
    assert leak.coefficient == pytest.approx(3 / 3600)
    assert leak.during(0.0)
    file = tmp_path / "other.inp"
    text = wntr_network("Net3").read_text()
    file.write_text(text.replace("[END]", "[OPTIONS]\nEMITTER EXPONENT 0.7\n[END]"))
    with pytest.raises(DataError, match=r"0\.7"):
        read_leaks(table, read_network(file))


def test_ky10_is_told_and_not_hidden(run_py: Run) -> None:
    """ky10 ends well, and its ill-conditioning and impossible pressures are said."""
    found = run_py("hydraulics", str(wntr_network("ky10")), "--hours", "24", "--json")
    kinds = {warning["kind"] for warning in json.loads(found.out)["warnings"]}
    assert found.code == 0
    assert {"ill_conditioned", "negative_pressure"} <= kinds
    said = run_py("hydraulics", str(wntr_network("ky10")), "--hours", "24")
    assert "mal conditionné" in said.out


def test_bad_options_are_refused_together(run_py: Run) -> None:
    """Three options out of bounds make three messages and exit code 2."""
    found = run_py(
        "hydraulics", str(wntr_network("Net1")), "--engine", "x", "--step-minutes", "0",
        "--hours", "-1",
    )  # fmt: skip
    assert found.code == 2
    assert len(found.complaints) == 3


def test_a_bad_file_is_exit_2(run_py: Run, tmp_path: Path) -> None:
    """A missing file, and a network cut in two, are exit 2 with a remedy."""
    assert run_py("hydraulics", str(tmp_path / "none.inp")).code == 2
    file = tmp_path / "cut.inp"
    file.write_text(
        "[JUNCTIONS]\na 0 1\nb 0 1\n[RESERVOIRS]\nr 9\n"
        "[PIPES]\np r a 9 99 99\nq a b 9 99 99 0 Closed\n"
    )
    found = run_py("hydraulics", str(file), "--json")
    assert (found.code, found.out) == (2, "")
    assert "b" in found.complaints[0]


def test_what_batched_refuses_epanet_solves(run_py: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network the batched engine refuses by name is solved by EPANET, and both are said."""
    refusal = type("NotBatched", (InputError,), {})

    def refuse(*_: object, **__: object) -> None:
        raise refusal(
            Fault(Text("sans GPV", "no GPV"), Text("EPANET", "EPANET"), key="GPV", value="v3")
        )

    monkeypatch.setattr("models.water.hydraulics._batched_steps", lambda: refuse)
    found = run_py("hydraulics", str(wntr_network("Net1")), "--engine", "batched", "--json")
    content = json.loads(found.out)
    assert found.code == 0
    assert content["engine"] == "epanet"
    assert "v3" in content["refused"]


def test_help_costs_little() -> None:
    """models.water and its commands import in under 0.6 CPU s, and without numpy."""
    program = (
        "import sys, time; start = time.process_time(); import models.water, models.water.commands;"
        "print(time.process_time() - start, 'numpy' in sys.modules, 'simpy' in sys.modules)"
    )
    began = time.monotonic()
    out = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert out[1:] == ["False", "False"], out
    assert float(out[0]) < 0.6, time.monotonic() - began
