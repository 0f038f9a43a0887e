"""The waste question end to end, on four communes: bits, ledgers, bad input, every file."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from small_territory import SmallTerritory, write_small_territory

from twin.cli.app import run
from twin.scenario import load_scenario
from twin.study.conduct import Request, executor
from twin.study.duck import Table
from twin.study.plan import StudyPlan
from twin.study.recipe import make_work
from twin.study.replicate import run_study
from twin.study.store import Store
from twin.workspace import Workspace

WASTE = """\
[study]
question = "Où poser des sondes ?"
question_en = "Where to put sensors?"
seed = 7
replications = 3
quick_replications = 3
tornado_replications = 1
start = 2027-01-04

[models]
waste = "models.waste"

[territory]
name = "Essai"
communes = "communes.csv"
merged_communes = "merged_communes.csv"

[assumptions]
table = "waste_assumptions.csv"

[links.contract]
package = "models.links"
kind = "constant"
loss_share = 0.1
delay_s = 30.0
window_s = 3600.0

[waste]
depots = "depots.csv"
points = { inhabitants_per_point = 90.0 }
sensors = { link = "contract" }

[waste.service]
days = 21
settling_days = 7
effort = 0.2

[waste.streams.glass]
label = "verre"
label_en = "glass"
kg_per_inhabitant = 33.0
density_kg_m3 = 330.0
container_m3 = 1.0
design_days = 10.0
truck = { payload_kg = 3000.0, volume_m3 = 8.0, unload_minutes = 10.0 }

[waste.streams.packaging]
label = "emballages"
label_en = "packaging"
kg_per_inhabitant = 25.0
density_kg_m3 = 30.0
container_m3 = 2.0
design_days = 6.0
current_weeks = 1.0
truck = { payload_kg = 3000.0, volume_m3 = 10.0, compaction = 2.0, unload_minutes = 10.0 }

[waste.streams.packaging.shift]
plan = 05:00:00
start = 06:00:00
end = 12:00:00

[[option]]
id = "current"
name = "Calendrier actuel"
name_en = "Today's calendar"
answers = false

[[option]]
id = "driver"
name = "Les chauffeurs notent"
name_en = "Drivers note"
waste.policy.kind = "prize"
waste.service.knowledge = "driver"

[[option]]
id = "fitted"
name = "Tous équipés"
name_en = "All fitted"
waste.policy.kind = "prize"
waste.service.knowledge = "driver"
waste.sensors.share = 1.0
"""
DEPOTS = """\
# Depots and dumps of a made-up department.
id,label,role,stream,trucks,x_m,y_m
yard-g,Bourg,both,glass,1,601500,6644500
yard-p,Bourg,both,packaging,1,601500,6644500
plant,Usine,dump,packaging,0,605500,6640500
"""
UNCERTAIN = ("waste_kg_factor", "waste_rate_doubt", "waste_failing_share", "waste_sensor_eur")
POINTS = """\
id,stream,containers,capacity_m3,l_per_day,x_m,y_m
A,glass,1,1.0,60,601200,6644100
B,glass,2,,90,604300,6644800
C,packaging,1,2.0,240,601200,6644100
D,packaging,2,4.0,500,603900,6641200
E,packaging,1,,150,602100,6641900
"""


def write_waste_territory(folder: Path, root: Path) -> SmallTerritory:
    """Write the small territory with its depots and the waste question."""
    territory = write_small_territory(folder, root / "scenarios/indre/assumptions.csv")
    table = (root / "scenarios/indre/waste_assumptions.csv").read_text(encoding="utf-8")
    territory.write("waste_assumptions.csv", "".join(map(settled, table.splitlines(keepends=True))))
    territory.write("depots.csv", DEPOTS)
    territory.write("points.csv", POINTS)
    territory.write("waste.toml", WASTE)
    return territory


def settled(row: str) -> str:
    """Return a row of the assumptions as it stands if it is one of a few, else at its mode."""
    return row if row.partition(",")[0] in UNCERTAIN else row.replace(",PERT,", ",fixed,")


@pytest.fixture
def territory(tmp_path: Path, root: Path) -> SmallTerritory:
    """Return a territory to be spoilt."""
    return write_waste_territory(tmp_path / "territory", root)


def own_points(territory: SmallTerritory) -> None:
    """Let the scenario read its points from a table."""
    territory.replace(
        "waste.toml", "points = { inhabitants", 'points = { table = "points.csv", inhabitants'
    )


def own_roads(territory: SmallTerritory, *, apart: bool = False) -> None:
    """Write roads: one along the territory's middle, and perhaps another that it does not join."""
    roads = nx.DiGraph()
    lines = [(6_644_300.0, "north")] + ([(6_641_300.0, "south")] if apart else [])
    for y_m, name in lines:
        for k in range(7):
            roads.add_node(f"{name}{k}", x_m=600_000.0 + 1_000.0 * k, y_m=y_m)
        for k in range(6):
            for here, there in ((k, k + 1), (k + 1, k)):
                roads.add_edge(f"{name}{here}", f"{name}{there}", length_m=1_000.0, time_s=90.0)
    nx.write_graphml(roads, territory.folder / "roads.graphml")
    territory.replace(
        "waste.toml", 'depots = "depots.csv"', 'depots = "depots.csv"\nroads = "roads.graphml"'
    )


def played(scenario: Path, folder: Path, workers: int, prepared: str = "prepared") -> Table:
    """Play every option quickly; return the table of all parts."""
    workspace = Workspace(folder / prepared, folder / "cache")
    store = Store(folder / f"parts-{prepared}-{workers}", "any")
    loaded = load_scenario(scenario, quick=True)
    work = partial(make_work, scenario, workspace, quick=True)
    plan = StudyPlan(tuple(option.id for option in loaded.options), 3, ())
    result = run_study(plan, store, executor(Request(workers=workers)), work)
    assert not result.failures, result.failures
    return store.table()


def test_processes_give_the_bits_of_the_inline_study(territory: SmallTerritory) -> None:
    """Inline, on one and on two processes: the same parts, bit for bit."""
    scenario = territory.folder / "waste.toml"
    inline = played(scenario, territory.folder / "r", 0)
    values = inline["value"]
    assert len(values) > 3 * 3 * 3 * 25
    for workers in (1, 2):
        table = played(scenario, territory.folder / "r", workers)
        assert list(table) == list(inline)
        assert table["value"].tobytes() == values.tobytes()
        for name in set(table) - {"value"}:
            assert np.array_equal(table[name], inline[name]), name


def mean(table: Table, option: str, kpi: str, zone: str = "") -> float:
    """Return an option's mean of an indicator."""
    rows = (table["option"] == option) & (table["kpi"] == kpi) & (table["zone"] == zone)
    return float(np.mean(table["value"][rows]))


def test_what_the_parts_say(territory: SmallTerritory) -> None:
    """Sensors are counted where fitted, readings arrive as the contract says, zones add up."""
    table = played(territory.folder / "waste.toml", territory.folder / "r", 0)
    assert mean(table, "driver", "sensors") == 0.0
    assert mean(table, "fitted", "sensors") == 2 * 10.0
    assert mean(table, "fitted", "read_share") == pytest.approx(0.9, abs=0.02)
    for option in ("current", "driver", "fitted"):
        for kpi in ("km", "stops", "tonnes", "total_eur"):
            parts = [mean(table, option, kpi, zone) for zone in ("glass", "packaging")]
            assert mean(table, option, kpi) == pytest.approx(sum(parts), rel=1e-9)
        assert mean(table, option, "km") >= mean(table, option, "bound_km")


def test_points_in_the_french_dialect(territory: SmallTerritory) -> None:
    """A table with semicolons, decimal commas and a byte-order mark reads as the other dialect."""
    own_points(territory)
    scenario = territory.folder / "waste.toml"
    plain = played(scenario, territory.folder / "r", 0, "plain")
    french = "".join(
        line.replace(".", "@").replace(",", ";").replace("@", ",")
        for line in POINTS.splitlines(keepends=True)
    )
    territory.write("points.csv", b"\xef\xbb\xbf" + french.encode())
    again = played(scenario, territory.folder / "r", 0, "french")
    assert again["value"].tobytes() == plain["value"].tobytes()


def test_a_study_from_its_file_to_its_page(territory: SmallTerritory, tmp_path: Path) -> None:
    """The command writes the page, the summary and the parts, and recommends an option asked of."""
    results = tmp_path / "results"
    code = run(
        ["study", str(territory.folder / "waste.toml"), "--quick", "--workers", "0",
         "--results", str(results)]
    )  # fmt: skip
    assert code == 0
    (folder,) = (results / "waste").iterdir()
    assert (folder / "report.html").stat().st_size > 10_000
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert any(each in json.dumps(summary) for each in ("driver", "fitted"))
    assert (folder / "manifest.json").is_file()


Spoil = Callable[[SmallTerritory], object]


def swap(name: str, old: str, new: str) -> Spoil:
    """Return what replaces `old` by `new` in one file."""
    return lambda territory: territory.replace(name, old, new)


def both(*spoils: Spoil) -> Spoil:
    """Return what does several things in turn."""

    def spoil(territory: SmallTerritory) -> None:
        for each in spoils:
            each(territory)

    return spoil


READ = {
    "unknown stream of a depot": (
        swap("depots.csv", "plant,Usine,dump,packaging", "plant,Usine,dump,plastic"),
        ("depots.csv", "l. 5, col. stream", "plastic", "glass, packaging"),
    ),
    "a stream without truck": (
        swap("depots.csv", "both,glass,1", "both,glass,0"),
        ("depots.csv", "trucks", "glass", "au moins un camion"),
    ),
    "a role nobody knows": (
        swap("depots.csv", "plant,Usine,dump", "plant,Usine,tip"),
        ("depots.csv", "l. 5, col. role", "tip", "dump"),
    ),
    "unknown stream of a point": (
        both(own_points, swap("points.csv", "E,packaging", "E,plastic")),
        ("points.csv", "l. 6, col. stream", "plastic"),
    ),
    "zero capacity": (
        both(own_points, swap("points.csv", "C,packaging,1,2.0", "C,packaging,1,0")),
        ("points.csv", "l. 4, col. capacity_m3", "« 0 »", "0.05"),
    ),
    "negative rate": (
        both(own_points, swap("points.csv", "4.0,500", "4.0,-500")),
        ("points.csv", "l. 5, col. l_per_day", "-500"),
    ),
    "no container": (
        both(own_points, swap("points.csv", "A,glass,1", "A,glass,0")),
        ("points.csv", "l. 2, col. containers", "0"),
    ),
    "one point twice": (
        both(own_points, swap("points.csv", "D,packaging", "C,packaging")),
        ("points.csv", "l. 5, col. id", "C"),
    ),
    "a point elsewhere": (
        both(own_points, swap("points.csv", "603900,6641200", "703900,6641200")),
        ("points.csv", "l. 5", "703900"),
    ),
    "a shift that ends before it starts": (
        swap("waste.toml", "end = 12:00:00", "end = 05:30:00"),
        ("waste.toml", "waste.streams.packaging.shift", "plan <= start < end"),
    ),
    "a container of nothing": (
        swap("waste.toml", "container_m3 = 2.0", "container_m3 = 0.0"),
        ("waste.toml", "waste.streams.packaging.container_m3", "0.0"),
    ),
    "an unknown link": (
        swap("waste.toml", 'link = "contract"', 'link = "contrat"'),
        ("waste.toml", "waste.sensors.link", "contrat", "contract"),
    ),
    "an unknown policy": (
        swap(
            "waste.toml",
            'waste.policy.kind = "prize"\nwaste.service.knowledge = "driver"\n\n[[option]]',
            'waste.policy.kind = "prise"\nwaste.service.knowledge = "driver"\n\n[[option]]',
        ),
        ("waste.toml", "option[driver].waste.policy.kind", "prise"),
    ),
}
"""What reading finds: told by `validate` and by `study`."""

PREPARED = {
    "a point off the roads": (
        both(own_points, own_roads),
        ("points.csv", "packaging/D", "packaging/E", "plant (depots.csv)", "500 m"),
    ),
    "a point no road leads to": (
        both(
            own_points,
            partial(own_roads, apart=True),
            swap(
                "waste.toml", 'depots = "depots.csv"', 'depots = "depots.csv"\nsnap_limit_m = 999.0'
            ),
        ),
        ("points.csv", "packaging/D", "packaging/E"),
    ),
    "a point too far for the shift": (
        both(own_points, swap("waste.toml", "end = 12:00:00", "end = 06:15:00")),
        ("points.csv", "packaging/D", "yard-p", "waste.streams.packaging.shift", "0 h 15"),
    ),
}
"""What only the roads show: found when a study is prepared."""


@pytest.mark.parametrize("case", [*READ, *PREPARED])
def test_bad_input_is_told_and_nothing_is_written(
    case: str, territory: SmallTerritory, run_py: Callable[..., Any], tmp_path: Path
) -> None:
    """Each fault names file, place and remedy, ends with code 2, and leaves no result behind."""
    spoil, words = (READ | PREPARED)[case]
    spoil(territory)
    results = tmp_path / "results"
    outcome = run_py("study", territory.folder / "waste.toml", "--results", results, "--workers", 0)
    assert outcome.code == 2, outcome.err
    assert outcome.complaints, outcome.err
    for word in words:
        assert word in outcome.err, outcome.err
    assert "Traceback" not in outcome.err
    assert not list(results.rglob("*.csv")) + list(results.rglob("*.json"))
    assert not (results / "waste").exists()


@pytest.mark.parametrize("case", READ)
def test_validate_tells_the_same_in_english(
    case: str, territory: SmallTerritory, run_py: Callable[..., Any]
) -> None:
    """What reading finds, `validate` finds: one line, in English with --lang en, code 2."""
    READ[case][0](territory)
    outcome = run_py("validate", territory.folder / "waste.toml", "--lang", "en")
    assert outcome.code == 2
    assert len(outcome.complaints) == 1, outcome.err
    assert "expected: " in outcome.err
    assert "«" not in outcome.err


def test_sound_and_cut(territory: SmallTerritory, run_py: Callable[..., Any]) -> None:
    """Unspoilt, both ways to give points are valid; one larger than a truck is told of."""
    assert run_py("validate", territory.folder / "waste.toml").code == 0
    own_points(territory)
    territory.replace("points.csv", "D,packaging,2,4.0", "D,packaging,9,40.0")
    outcome = run_py("validate", territory.folder / "waste.toml")
    assert outcome.code == 0, outcome.err
    assert "packaging/D" in outcome.out + outcome.err
    assert "20.0 m3" in outcome.out + outcome.err
