"""A schedule's file: what it may say, and everything wrong in it told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.lighting.schedules.presets import dimmed, part_night
from models.lighting.schedules.read_schedule import read_schedule
from twin.errors import InputError
from twin.lang import Lang

DIMMED = """id = "dimmed"
threshold_deg = -0.8333
[[seasons]]
steps = [
  { from = "dusk", to = "23:00", level = 1.0 },
  { from = "23:00", to = "05:00", level = 0.3 },
  { from = "05:00", to = "dawn", level = 1.0 },
]
"""


def faults_of(folder: Path, text: str) -> list[str]:
    """Return the keys at fault in a schedule's text."""
    file = folder / "night.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_schedule(file)
    assert all("night.toml" in fault.say(Lang.FR) for fault in caught.value.faults)
    return [fault.key or "" for fault in caught.value.faults]


def test_a_file_says_what_the_preset_does(tmp_path: Path) -> None:
    """Read from its file the dimmed night is the preset, edge for edge."""
    file = tmp_path / "night.toml"
    file.write_text(DIMMED, encoding="utf-8")
    assert read_schedule(file) == dimmed("23:00", "05:00", 0.3)
    assert part_night("23:00", "05:00").seasons[0].steps[1].level == 0.0


def test_a_gap_is_named(tmp_path: Path) -> None:
    """A step that begins after the one before has ended is named, with the time to write."""
    assert faults_of(tmp_path, DIMMED.replace('from = "23:00"', 'from = "23:30"')) == [
        "seasons[1].steps[2].from"
    ]


def test_hours_that_march_skips_are_refused(tmp_path: Path) -> None:
    """A switching time from 02:00 to 02:59 does not exist on a night of March: both steps named."""
    told = faults_of(tmp_path, DIMMED.replace("05:00", "02:30"))
    assert told == ["seasons[1].steps[2].to", "seasons[1].steps[3].from"]


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        ("level = 0.3", "level = 1.3", "seasons[0].steps[1].level"),
        ("level = 0.3", "lvel = 0.3", "lvel"),
        ('to = "23:00"', 'to = "25:00"', "seasons[0].steps[0].to"),
        ('from = "dusk"', 'from = "19:00"', "seasons[1].steps[1].from"),
        ('to = "dawn"', 'to = "06:00"', "seasons[1].steps[3].to"),
        ("[[seasons]]", '[[seasons]]\nfirst = "04-01"', "seasons"),
        ("[[seasons]]", '[[seasons]]\nlast = "02-30"', "seasons[1].last"),
        ("[[seasons]]", "[[seasons]]\nweekdays = [0, 1]", "seasons"),
    ],
)
def test_each_fault_names_its_key(tmp_path: Path, before: str, after: str, key: str) -> None:
    """Whatever is wrong, the message names the key it stands under."""
    assert any(key in told for told in faults_of(tmp_path, DIMMED.replace(before, after)))


def test_steps_that_go_back_are_refused(tmp_path: Path) -> None:
    """A step from 05:00 to 23:00 does not go on through the night."""
    text = DIMMED.replace('from = "23:00", to = "05:00"', 'from = "05:00", to = "23:00"')
    assert "seasons[1].steps[2]" in faults_of(tmp_path, text)
