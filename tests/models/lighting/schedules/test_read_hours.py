"""Today's hours of each commune, from a planner's table."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.lighting.night import nights_of, schedules_of
from models.lighting.schedules.read_hours import read_hours
from models.lighting.settings import NightSection, Settings
from twin.errors import DataError
from twin.streams import Streams

CODES = ("36001", "36002", "36003", "36004")
ROWS = "36001,23:00,05:00,\n36002,,,\n36003,23:00,05:00,0\n36004,22:30,06:00,0.5\n"


def table(folder: Path, rows: str) -> Path:
    """Write a table of hours."""
    file = folder / "hours.csv"
    file.write_text(f"insee,off_from,off_to,level\n{rows}", encoding="utf-8")
    read_hours.cache_clear()
    return file


def test_each_commune_keeps_its_row(tmp_path: Path) -> None:
    """Communes with the same row share a schedule; empty hours burn all night; no dice decide."""
    section = NightSection(hours=table(tmp_path, ROWS))
    for seed in (1, 2):
        nights = nights_of(section, CODES, 0.5, Streams(seed, 0))
        assert nights.chosen.tolist() == [0, 1, 0, 2]
    assert [each.id for each in schedules_of(section)] == ["part-night", "all-night", "dimmed"]


def test_an_option_of_other_hours_keeps_todays_for_what_waits(tmp_path: Path) -> None:
    """Whatever an option's night, its settings know what communes do today."""
    file = table(tmp_path, ROWS)
    settings = Settings(night=NightSection(kind="dimmed", hours=file))
    assert settings.today == NightSection(hours=file)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("36009,23:00,,\n", "off_to"),
        ("36009,25:00,05:00,\n", "25:00"),
        ("36009,23:00,02:30,\n", "02:30"),
        ("36009,23:00,05:00,1.5\n", "1.5"),
        ("36001,,,\n", "36001"),
    ],
)
def test_faults_are_named(tmp_path: Path, row: str, words: str) -> None:
    """One time of two, a time that is none or is skipped in March, a commune twice: by row."""
    with pytest.raises(DataError, match=rf"(?s)l\. 6.*{words}|{words}.*l\. 6"):
        read_hours(table(tmp_path, ROWS + row))


def test_every_commune_must_be_there(tmp_path: Path) -> None:
    """A commune without a row is named, not guessed."""
    hours = read_hours(table(tmp_path, ROWS))
    with pytest.raises(DataError, match="36005"):
        hours.chosen((*CODES, "36005"))
