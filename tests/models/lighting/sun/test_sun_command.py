"""`run.py sun` as a person and as a program read it."""

from __future__ import annotations

import json
from collections.abc import Callable

from tests.conftest import Outcome

PLACE = ("--lat", "46.81", "--lon", "1.69")


def test_a_program_reads_every_day(run_py: Callable[..., Outcome]) -> None:
    """With --json every day of the year has its dawn and dusk, in both times, and the hours due."""
    told = json.loads(run_py("sun", *PLACE, "--year", "2024", "--json").out)
    assert len(told["days"]) == 366
    assert told["days"][171]["date"] == "2024-06-20"
    assert told["days"][171]["dusk_local"].endswith("+02:00")
    assert abs(told["burn_hours"] - (4_292.8 + 15.35)) < 0.05  # 24 h more, those of midwinter


def test_seconds_are_those_of_the_ephemeris(run_py: Callable[..., Outcome]) -> None:
    """The dawn of 21 June 2025 at Châteauroux is printed as the ephemeris has it: 03:58:59.68."""
    words = (*PLACE, "--height-m", "155", "--year", "2025", "--json")
    told = json.loads(run_py("sun", *words).out)
    assert told["days"][171]["dawn_utc"] == "2025-06-21T03:58:59+00:00"


def test_a_person_reads_a_line_a_month(run_py: Callable[..., Outcome]) -> None:
    """Without --json: twelve lines of local times, and the hours of the year, in French."""
    told = run_py("sun", *PLACE, "--year", "2025").out
    assert "juin       05:58:24  21:49:19" in told
    assert "4\u202f292,80 h" in told
    assert len(told.splitlines()) == 14


def test_polar_days_are_told(run_py: Callable[..., Outcome]) -> None:
    """Days on which the sun does not pass are counted, and null for programs."""
    place = ("--lat", "70", "--lon", "20", "--year", "2025", "--lang", "en")
    assert "days on which the sun does not pass" in run_py("sun", *place).out
    days = json.loads(run_py("sun", *place, "--json").out)["days"]
    assert days[0]["dawn_utc"] is None
    assert days[80]["dawn_utc"] is not None


def test_all_faults_at_once(run_py: Callable[..., Outcome]) -> None:
    """A latitude, a year and a zone that cannot be are all named, with exit code 2."""
    told = run_py("sun", "--lat", "146", "--lon", "2", "--year", "1500", "--zone", "Mars")
    assert told.code == 2
    for words in ("--lat", "146", "--year", "1500", "--zone", "Mars"):
        assert words in told.err
