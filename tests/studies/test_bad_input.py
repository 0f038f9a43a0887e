"""Bad input, end to end: one clear message each, exit code 2, no traceback, nothing written."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_territory import COMMUNES, MASTS, SmallTerritory

from twin.errors import RunError

OLD_ROW = "36905,Ancien-Bourg,30,200000002,Communauté du Sud,1,110,150,605500,6640600\n"

Spoil = Callable[[SmallTerritory], object]


def swap(name: str, old: str, new: str) -> Spoil:
    """Return what replaces `old` by `new` in one file."""
    return lambda territory: territory.replace(name, old, new)


def put(name: str, content: str | bytes) -> Spoil:
    """Return what writes a whole file."""
    return lambda territory: territory.write(name, content)


FAULTS: dict[str, tuple[Spoil, tuple[str, ...]]] = {
    "unknown key": (
        swap("base.toml", "redundancy = 2", "redundancy = 2\nredondance = 3"),
        ("base.toml", "lora.target.redondance", "redundancy"),
    ),
    "misspelled required key": (
        swap("gateways.toml", "seed = 7", "sed = 7"),
        ("gateways.toml", "study.sed", "« seed »"),
    ),
    "misspelled section": (
        swap("gateways.toml", "[study]", "[studi]"),
        ("gateways.toml", "studi", "« study »"),
    ),
    "wrong unit of a key": (
        swap("base.toml", "height_m = 1.0", "height_cm = 100"),
        ("base.toml", "lora.meters.height_cm", "height_m = …", "convertir"),
    ),
    "wrong unit of a column": (
        put("masts.csv", MASTS.replace("height_low_m", "height_low_ft")),
        ("masts.csv", "height_low_ft", "height_low_m", "convertissez"),
    ),
    "negative height of a meter": (
        swap("base.toml", "height_m = 1.0", "height_m = -1.0"),
        ("base.toml", "lora.meters.height_m", "-1.0", "au moins 0.2"),
    ),
    "negative height of a mast": (
        swap("masts.csv", "M002,604800,6644200,1,36902,25", "M002,604800,6644200,1,36902,-25"),
        ("masts.csv", "l. 3, col. height_low_m", "-25", "entre 2 et 350"),
    ),
    "heights out of order": (
        swap("masts.csv", "36902,25,35,50", "36902,25,60,50"),
        ("masts.csv", "l. 3", "25, 60, 50", "croissantes"),
    ),
    "number in quotes": (
        swap("gateways.toml", "seed = 7", 'seed = "7"'),
        ("gateways.toml", "study.seed", "un nombre entier, sans guillemets"),
    ),
    "point outside the territory": (
        swap("masts.csv", "604800,6644200", "704800,6644200"),
        ("masts.csv", "l. 3", "704800"),
    ),
    "longitude and latitude as metres": (
        swap("municipal_sites.csv", "C36902,604500,6644500", "C36902,1.75,46.9"),
        ("municipal_sites.csv", "l. 3"),
    ),
    "duplicate INSEE code": (
        swap("communes.csv", "36902,Bourg-Nord-Est", "36901,Bourg-Nord-Est"),
        ("communes.csv", "l. 4, col. insee", "36901", "unique"),
    ),
    "five-figure code without its zero": (
        swap("communes.csv", "36902,Bourg-Nord-Est", "3690,Bourg-Nord-Est"),
        ("communes.csv", "l. 4, col. insee", "« 3690 »"),
    ),
    "duplicate site": (
        swap("masts.csv", "M002,", "M001,"),
        ("masts.csv", "l. 3, col. id", "M001"),
    ),
    "site named in two tables": (
        swap("municipal_sites.csv", "C36902,6", "M002,6"),
        ("masts.csv", "municipal_sites.csv", "M002"),
    ),
    "empty file": (put("communes.csv", b""), ("communes.csv", "vide")),
    "empty scenario": (put("gateways.toml", b""), ("vide", "gateways.toml")),
    "header without rows": (
        put("masts.csv", MASTS.splitlines()[0] + "\n"),
        ("masts.csv", "au moins une ligne"),
    ),
    "wrong separator": (
        put("communes.csv", COMMUNES.replace(",", "\t")),
        ("communes.csv", "tab", "séparateur"),
    ),
    "wrong encoding of a table": (
        put("communes.csv", COMMUNES.encode("cp1252")),
        ("communes.csv", "UTF-8"),
    ),
    "UTF-16 table": (put("masts.csv", MASTS.encode("utf-16")), ("masts.csv", "UTF-16")),
    "wrong encoding of a scenario": (
        put("gateways.toml", '# été\nextends = "base.toml"\n'.encode("cp1252")),
        ("gateways.toml", "l. 1", "UTF-8"),
    ),
    "TOML syntax": (
        swap("gateways.toml", "seed = 7", "seed ="),
        ("gateways.toml", "l. 6", "« seed = »"),
    ),
    "missing table": (
        swap("base.toml", '"masts.csv"', '"pylones.csv"'),
        ("base.toml", "lora.sites.masts", "pylones.csv", "existant"),
    ),
    "missing base scenario": (
        swap("gateways.toml", '"base.toml"', '"basse.toml"'),
        ("gateways.toml", "extends", "basse.toml"),
    ),
    "loop of scenarios": (
        swap("base.toml", "[models]", 'extends = "gateways.toml"\n[models]'),
        ("extends", "boucle"),
    ),
    "mandatory and forbidden site": (
        swap(
            "base.toml",
            "[lora.sites]",
            '[lora.sites]\nmandatory = ["M001"]\nforbidden = ["M001"]',
        ),
        ("base.toml", "lora.sites.mandatory, lora.sites.forbidden", "M001", "pas les deux"),
    ),
    "unknown site": (
        swap("base.toml", "[lora.sites]", '[lora.sites]\nforbidden = ["M0O1"]'),
        ("base.toml", "lora.sites.forbidden", "M0O1", "« M001 »"),
    ),
    "mandatory site of a kind the option leaves out": (
        swap("base.toml", "[lora.sites]", '[lora.sites]\nmandatory = ["C36901"]'),
        ("option[masts-only].lora.sites.mandatory", "C36901 (municipal)", "mast"),
    ),
    "unknown assumption in an override": (
        swap(
            "base.toml",
            "[lora.meters]",
            '[assumptions.override.pit_los_db]\nlow = 1\nmode = 2\nhigh = 3\nstatus = "derived"\n'
            'source = "mesure"\n[lora.meters]',
        ),
        ("base.toml", "assumptions.override.pit_los_db", "« pit_loss_db »"),
    ),
    "override out of order": (
        swap(
            "base.toml",
            "[lora.meters]",
            '[assumptions.override.pit_loss_db]\nlow = 9\nmode = 2\nhigh = 3\nstatus = "derived"\n'
            'source = "mesure"\n[lora.meters]',
        ),
        ("base.toml", "assumptions.override.pit_loss_db", "9 / 2 / 3"),
    ),
    "shares that exceed the whole": (
        swap("base.toml", "height_m = 1.0", "pit_share = 0.8\nindoor_share = 0.5"),
        ("base.toml", "lora.meters", "pit_share + indoor_share"),
    ),
    "two options of one name": (
        swap("gateways.toml", 'id = "masts-only"', 'id = "two-gateways"'),
        ("gateways.toml", "option[2].id", "two-gateways"),
    ),
    "fault inside one option": (
        swap("gateways.toml", 'kinds = ["mast"]', 'kinds = ["masts"]'),
        ("gateways.toml", "option[masts-only].lora.sites.kinds[0]", "masts"),
    ),
    "communes of nobody": (
        put(
            "communes.csv",
            "\n".join(
                ",".join([*row.split(",")[:2], "-4", *row.split(",")[3:]])
                if row.startswith("36901")
                else row
                for row in COMMUNES.splitlines()
            ),
        ),
        ("communes.csv", "l. 3, col. population", "-4"),
    ),
}


@pytest.mark.parametrize("case", FAULTS)
@pytest.mark.parametrize("command", ["validate", "study"])
def test_one_clear_message(
    case: str,
    command: str,
    small_territory: SmallTerritory,
    run_py: Callable[..., Any],
    tmp_path: Path,
) -> None:
    """Each fault gives exactly one message that says where and what, and writes nothing."""
    spoil, words = FAULTS[case]
    spoil(small_territory)
    results = tmp_path / "results"
    extra = ["--results", results, "--workers", 0] if command == "study" else []
    outcome = run_py(command, small_territory.scenario, *extra)
    assert outcome.code == 2
    assert len(outcome.complaints) == 1, outcome.err
    assert outcome.err.strip() == outcome.complaints[0]
    for word in words:
        assert word in outcome.err
    assert outcome.out == ""
    assert not results.exists()


@pytest.mark.parametrize("case", FAULTS)
def test_messages_in_english(
    case: str, small_territory: SmallTerritory, run_py: Callable[..., Any]
) -> None:
    """With --lang en the same message says expected and remedy, and no word of French."""
    FAULTS[case][0](small_territory)
    outcome = run_py("validate", small_territory.scenario, "--lang", "en")
    assert len(outcome.complaints) == 1
    assert "expected: " in outcome.err
    assert "attendu" not in outcome.err
    assert "«" not in outcome.err


def test_sound_territory(small_territory: SmallTerritory, run_py: Callable[..., Any]) -> None:
    """Unspoilt, the small territory is valid: every fault above is the one that was put there."""
    outcome = run_py("validate", small_territory.scenario)
    assert (outcome.code, outcome.err) == (0, "")
    assert "valide (2 options" in outcome.out


def test_all_faults_at_once(small_territory: SmallTerritory, run_py: Callable[..., Any]) -> None:
    """Faults of two scenario files and of the assumptions are told in one go, one line each."""
    small_territory.replace("gateways.toml", "seed = 7", "seed = -7")
    small_territory.replace("base.toml", "share = 0.9", "share = 9")
    table = small_territory.folder / "assumptions.csv"
    rows = table.read_text(encoding="utf-8").replace("dB,10,20,30,", "dB,10,40,30,")
    table.write_text(rows, encoding="utf-8")
    outcome = run_py("validate", small_territory.scenario)
    told = {Path(line.split(" ")[0]).name for line in outcome.complaints}
    assert outcome.code == 2
    assert told == {"gateways.toml", "base.toml", "assumptions.csv"}
    assert len(outcome.complaints) == 3


def test_all_tables_at_once(small_territory: SmallTerritory, run_py: Callable[..., Any]) -> None:
    """Faults of the communes and of both site tables are told in one go, one line each."""
    small_territory.replace("communes.csv", "36902,Bourg-Nord-Est,180", "36902,Bourg-Nord-Est,-1")
    small_territory.replace("masts.csv", "36902,25,35,50", "36902,-25,35,50")
    small_territory.replace("municipal_sites.csv", "36903,15,22,35", "36903,15,22,haut")
    outcome = run_py("validate", small_territory.scenario)
    assert [line.split(" ")[0] for line in outcome.complaints] == [
        "communes.csv",
        "masts.csv",
        "municipal_sites.csv",
    ]


def test_old_commune_code(small_territory: SmallTerritory, run_py: Callable[..., Any]) -> None:
    """A merged commune's old code is mapped, and the person is told so once, in either language."""
    small_territory.write(
        "communes.csv",
        COMMUNES + OLD_ROW,
    )
    outcome = run_py("validate", small_territory.scenario)
    assert outcome.code == 0
    assert outcome.err.strip() == (
        "avis : ancien code 36905 (Ancien-Bourg) remplacé par 36904 (Bourg-Sud-Est), "
        "fusion du 2019-01-01"
    )
    english = run_py("validate", small_territory.scenario, "--lang", "en", "--json")
    assert english.err.startswith("notice: old code 36905")
    assert '"old code 36905' in english.out


def test_study_tells_notices_first(
    small_territory: SmallTerritory,
    run_py: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A study tells its notices once, before anything is computed."""
    small_territory.write("communes.csv", COMMUNES + OLD_ROW)

    def stop(*_: object) -> None:
        raise RunError("stopped here")

    monkeypatch.setattr("models.lora.model.GatewayModel.prepare", stop)
    outcome = run_py("study", small_territory.scenario, "--results", tmp_path / "results")
    assert outcome.code == 1
    told, stopped = outcome.err.splitlines()
    assert told.startswith("avis : ancien code 36905")
    assert stopped == "stopped here"


def write_squares(path: Path, codes: dict[str, tuple[float, float]]) -> None:
    """Write a GeoJSON of 3 km squares around points in Lambert-93."""
    from pyproj import Transformer

    to_degrees = Transformer.from_crs("EPSG:2154", "EPSG:4326", always_xy=True).transform
    corners = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    features = [
        {
            "type": "Feature",
            "properties": {"insee": code},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[to_degrees(x + 1500 * i, y + 1500 * j) for i, j in corners]],
            },
        }
        for code, (x, y) in codes.items()
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))


def test_old_code_in_the_limits(
    small_territory: SmallTerritory, run_py: Callable[..., Any]
) -> None:
    """Limits drawn with an old code are mapped too, and the person is told."""
    squares = {
        "36901": (601_500.0, 6_644_500.0),
        "36902": (604_500.0, 6_644_500.0),
        "36903": (601_500.0, 6_641_500.0),
        "36905": (604_500.0, 6_641_500.0),
    }
    write_squares(small_territory.folder / "limits.geojson", squares)
    small_territory.replace(
        "base.toml", "[assumptions]", 'boundaries = "limits.geojson"\n[assumptions]'
    )
    outcome = run_py("validate", small_territory.scenario)
    assert outcome.code == 0, outcome.err
    assert outcome.err.startswith("avis : ancien code 36905")


def write_asc(path: Path, west_m: float, south_m: float, columns: int, rows: int) -> None:
    """Write flat ground at 140 m as IGN delivers it, 100 m cells."""
    header = (
        f"ncols {columns}\nnrows {rows}\nxllcorner {west_m}\nyllcorner {south_m}\n"
        "cellsize 100\nNODATA_value -99999\n"
    )
    heights = np.full((rows, columns), 140.0)
    lines = "\n".join(" ".join(f"{cell:.1f}" for cell in row) for row in heights)
    path.write_text(header + lines + "\n", encoding="ascii")


@pytest.mark.parametrize("command", ["validate", "study"])
def test_missing_terrain(
    command: str,
    small_territory: SmallTerritory,
    run_py: Callable[..., Any],
    tmp_path: Path,
) -> None:
    """Terrain that stops short of a site is refused before anything is computed."""
    write_asc(small_territory.folder / "sol.asc", 597_000.0, 6_637_000.0, 70, 120)
    small_territory.replace("base.toml", "[assumptions]", 'terrain = ["sol.asc"]\n[assumptions]')
    results = tmp_path / "results"
    extra = ["--results", results, "--workers", 0] if command == "study" else []
    outcome = run_py(command, small_territory.scenario, *extra)
    assert outcome.code == 2
    assert outcome.err.splitlines() == outcome.complaints
    assert len(outcome.complaints) == 1, outcome.err
    assert not results.exists()


def test_void_under_a_site(small_territory: SmallTerritory, run_py: Callable[..., Any]) -> None:
    """A void under one mast is told with the name of that mast."""
    path = small_territory.folder / "sol.asc"
    write_asc(path, 595_000.0, 6_635_000.0, 160, 160)
    lines = path.read_text(encoding="ascii").splitlines()
    row = 6 + 160 - 1 - ((6_644_000 - 6_635_000) // 100)
    for near in (row, row + 1):
        cells = lines[near].split(" ")
        for column in (59, 60):
            cells[column] = "-99999"
        lines[near] = " ".join(cells)
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    small_territory.replace("base.toml", "[assumptions]", 'terrain = ["sol.asc"]\n[assumptions]')
    outcome = run_py("validate", small_territory.scenario)
    assert outcome.code == 2
    assert any("M001" in line and "sous le site" in line for line in outcome.complaints)


def test_sound_terrain(small_territory: SmallTerritory, run_py: Callable[..., Any]) -> None:
    """Terrain that covers everything is accepted without a word."""
    write_asc(small_territory.folder / "sol.asc", 590_000.0, 6_630_000.0, 260, 260)
    small_territory.replace("base.toml", "[assumptions]", 'terrain = ["sol.asc"]\n[assumptions]')
    outcome = run_py("validate", small_territory.scenario)
    assert outcome.code == 0, outcome.err


def test_meters_outside_the_territory(
    small_territory: SmallTerritory, run_py: Callable[..., Any]
) -> None:
    """The planner's own meters are checked before the study, like any other table."""
    small_territory.write("compteurs.csv", "x_m,y_m\n601500,6644500\n901500,6644500\n")
    small_territory.replace("base.toml", "[lora.meters]", '[lora.meters]\npoints = "compteurs.csv"')
    outcome = run_py("validate", small_territory.scenario)
    assert outcome.code == 2
    assert len(outcome.complaints) == 1
    assert "compteurs.csv : l. 3" in outcome.err


def test_unknown_option(small_territory: SmallTerritory) -> None:
    """Asking for an option nobody declared names the nearest one."""
    from twin.errors import ScenarioError
    from twin.scenario import load_scenario

    scenario = load_scenario(small_territory.scenario)
    with pytest.raises(ScenarioError, match="did you mean 'masts-only'"):
        scenario.option("mast-only")


@pytest.mark.parametrize("words", [["validate"], ["study", "--workers", "0"]])
def test_the_real_command(words: list[str], small_territory: SmallTerritory, root: Path) -> None:
    """The installed command exits with 2 and prints one line on standard error, no traceback."""
    small_territory.replace("gateways.toml", "seed = 7", "sed = 7")
    results = small_territory.folder / "results"
    extra = ["--results", str(results)] if words[0] == "study" else []
    done = subprocess.run(
        [sys.executable, "run.py", *words, str(small_territory.scenario), *extra],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert not results.exists()


def test_an_option_without_enough_sites_leaves_no_results(
    small_territory: SmallTerritory, run_py: Callable[..., Any], tmp_path: Path
) -> None:
    """A target found out of reach while planning exits 2 and takes its half-made run away."""
    small_territory.replace(
        "gateways.toml", 'id = "masts-only"', 'id = "masts-only"\nlora.target.redundancy = 4'
    )
    results = tmp_path / "results"
    done = run_py("study", small_territory.scenario, "--workers", 0, "--results", results)
    assert done.code == 2
    assert len(done.complaints) == 1
    assert "masts-only" in done.complaints[0]
    assert not (results / "gateways").exists()
