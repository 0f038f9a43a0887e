"""What every answer carries, as programs read it."""

from __future__ import annotations

import math

from twin.decide.intervals import Interval
from twin.decide.priors import Prior, Status
from twin.lang import Text
from twin.study.answer import assumptions_table, told, told_interval


def test_a_bound_that_nothing_bounds_is_null() -> None:
    """One replication gives an infinite interval, which JSON cannot write: its ends are null."""
    interval = Interval(mean=2.0, low=-math.inf, high=math.inf, level=0.95, n=1)
    expected = {"mean": 2.0, "low": None, "high": None, "level": 0.95, "n": 1}
    assert told_interval(interval) == expected


def test_a_text_is_told_in_both_languages() -> None:
    """Programs get both languages, whatever the report's."""
    assert told(Text("passerelle", "gateway")) == {"fr": "passerelle", "en": "gateway"}


def test_every_assumption_stands_in_the_table_with_its_status_and_source() -> None:
    """Rows are sorted by name and say on whose word the figure stands, and where it is from."""
    pit = Prior("pit", 10.0, 20.0, 30.0, unit="dB", label=Text("Regard", "Pit"), source="guess")
    area = Prior("area", 1.0, 2.0, 3.0, label=Text("Aire", "Area"), status=Status.SOURCED)
    table = assumptions_table({"pit": pit, "area": area})
    assert [row[0] for row in table.rows] == ["area", "pit"]
    assert table.rows[1][3:6] == (10.0, 20.0, 30.0)
    assert table.rows[1][6:] == (Status.UNVERIFIED.label, "guess")
