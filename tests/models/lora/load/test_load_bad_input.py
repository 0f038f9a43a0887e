"""Bad input of the load question: each fault names the fleet and the remedy, exit code 2."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_territory import SmallTerritory, write_small_territory

from twin.cli.app import run

LOAD = """\
extends = "base.toml"

[study]
question = "Le réseau tient-il ?"
question_en = "Does the network hold?"
seed = 7
replications = 3
start = 2027-01-04

[lora]
question = "load"

[lora.load]
gateways = "planned.csv"

[lora.load.fleets.bins]
count = 20
place = "bin"
application_bytes = 12
period_s = 14400.0
battery = "d-lisocl2"

[[option]]
id = "only"
name = "Seule"
name_en = "Only"
"""

FAULTS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "payload too long": (
        "application_bytes = 12",
        "application_bytes = 300",
        ("lora.load.fleets.bins.application_bytes", "300", "242", "remède"),
    ),
    "period under the duty cycle": (
        "period_s = 14400.0",
        "period_s = 2.0\njitter_s = 0.0",
        ("lora.load.fleets.bins.period_s", "2", "rapport cyclique", "allongez la période"),
    ),
    "unknown region": (
        "[lora.load]\n",
        '[lora.radio]\nregion = "US915"\n\n[lora.load]\n',
        ("lora.radio.region", "US915", "EU868"),
    ),
    "unknown battery": (
        'battery = "d-lisocl2"',
        'battery = "duracell"',
        ("lora.load.fleets.bins.battery", "duracell", "d-lisocl2", "bins"),
    ),
    "negative count": (
        "count = 20",
        "count = -20",
        ("lora.load.fleets.bins.count", "-20", "au moins 0"),
    ),
    "nobody at all": ("count = 20", "count = 0", ("lora.load.fleets", "count ou meters")),
    "class C on a battery": (
        "period_s = 14400.0",
        'period_s = 14400.0\ndevice_class = "C"',
        ("lora.load.fleets.bins.device_class", "mains"),
    ),
    "unknown class": (
        "period_s = 14400.0",
        'period_s = 14400.0\ndevice_class = "D"',
        ("lora.load.fleets.bins.device_class", "D"),
    ),
    "unknown place": (
        'place = "bin"',
        'place = "tree"',
        ("lora.load.fleets.bins.place", "tree", "cabinet"),
    ),
    "unknown chip": (
        "[lora.load]\n",
        '[lora.radio]\nchip = "SX9999"\n\n[lora.load]\n',
        ("lora.radio.chip", "SX9999", "SX1303"),
    ),
    "unknown current profile": (
        '"planned.csv"',
        '"planned.csv"\ncurrent_profile = "sx9999"',
        ("lora.load.current_profile", "sx9999", "sx1272"),
    ),
    "no section": (
        LOAD[LOAD.index("[lora.load]") : LOAD.index("[[option]]")],
        "",
        ("lora", "[lora.load]", "scenarios/indre/load.toml"),
    ),
    "jitter beyond the period": (
        "period_s = 14400.0",
        "period_s = 600.0\njitter_s = 700.0",
        ("lora.load.fleets.bins", "jitter_s <= period_s"),
    ),
}


@pytest.fixture
def territory(tmp_path: Path, root: Path) -> SmallTerritory:
    """Return a sound territory with a load question."""
    small = write_small_territory(tmp_path / "t", root / "scenarios/indre/load_assumptions.csv")
    small.write("planned.csv", "id\nM001\n")
    small.write("load.toml", LOAD)
    return small


def _refused(territory: SmallTerritory, capsys: pytest.CaptureFixture[str]) -> str:
    results = territory.folder.parent / "results"
    path = territory.folder / "load.toml"
    assert run(["study", str(path), "--workers", "0", "--results", str(results)]) == 2
    assert not results.exists()
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return said.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_fleet_and_remedy(
    name: str, territory: SmallTerritory, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault of a fleet is refused before anything is written, naming key, value and remedy."""
    old, new, words = FAULTS[name]
    territory.replace("load.toml", old, new)
    said = _refused(territory, capsys)
    for word in words:
        assert word in said, said


def test_an_unknown_gateway_is_told(
    territory: SmallTerritory, capsys: pytest.CaptureFixture[str]
) -> None:
    """A planned gateway that is no candidate is named, with the nearest candidate."""
    territory.write("planned.csv", "id\nM001\nM0O2\n")
    said = _refused(territory, capsys)
    assert "planned.csv" in said
    assert "M0O2" in said
    assert "M002" in said


def test_a_missing_figure_is_told(
    territory: SmallTerritory, capsys: pytest.CaptureFixture[str]
) -> None:
    """A row the question reads and the table lacks is named."""
    text = (territory.folder / "assumptions.csv").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("slow_sigma_db")]
    territory.write("assumptions.csv", "\n".join(kept) + "\n")
    assert "slow_sigma_db" in _refused(territory, capsys)


def test_every_fault_is_told_at_once(
    territory: SmallTerritory, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two fleets' faults are told in one run."""
    territory.replace("load.toml", 'battery = "d-lisocl2"', 'battery = "duracell"')
    territory.replace(
        "load.toml",
        "[[option]]",
        "[lora.load.fleets.rivers]\ncount = 3\napplication_bytes = 300\nperiod_s = 900.0\n\n"
        "[[option]]",
    )
    said = _refused(territory, capsys)
    assert "duracell" in said
    assert "lora.load.fleets.rivers.application_bytes" in said
