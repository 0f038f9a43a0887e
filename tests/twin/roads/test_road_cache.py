"""Travel kept on disk: computed once, never taken for another, mended when damaged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from twin.errors import DataError
from twin.roads import cache
from twin.roads.cache import cached_travel, travel_key
from twin.roads.graph import RoadGraph
from twin.roads.matrix import TravelSettings

STREET = RoadGraph.of([0, 1_000], [0, 0], [0, 1], [1, 0], [1e3, 1e3], [60.0, 70.0], "osm")
POINTS = ([0.0, 400.0], [10.0, 0.0])


def test_kept_travel_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second call computes nothing and gives the same bits."""
    first = cached_travel(tmp_path, STREET, *POINTS)
    monkeypatch.setattr(cache, "travel", None)
    again = cached_travel(tmp_path, STREET, *POINTS)
    for name in ("distance_m", "time_s", "snapped_m"):
        assert np.array_equal(getattr(again, name), getattr(first, name))
    assert again.source == "osm"
    assert len(list(tmp_path.iterdir())) == 1


def test_every_input_names_another_file() -> None:
    """Another road, point, setting or order of points has another key."""
    slower = RoadGraph.of([0, 1_000], [0, 0], [0, 1], [1, 0], [1e3, 1e3], [60.0, 71.0], "osm")
    settings = TravelSettings()
    keys = {
        travel_key(STREET, *POINTS, settings),
        travel_key(slower, *POINTS, settings),
        travel_key(STREET, *POINTS[::-1], settings),
        travel_key(STREET, [0.0, 401.0], POINTS[1], settings),
        travel_key(STREET, *POINTS, TravelSettings(weight="length")),
        travel_key(STREET, *POINTS, TravelSettings(limit_m=501.0)),
    }
    assert len(keys) == 6


def test_a_damaged_file_is_computed_again(tmp_path: Path) -> None:
    """Half a file, or one of another shape, is replaced by a whole one."""
    first = cached_travel(tmp_path, STREET, *POINTS)
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert np.array_equal(cached_travel(tmp_path, STREET, *POINTS).time_s, first.time_s)
    assert path.read_bytes()[:4] == whole[:4]
    assert len(path.read_bytes()) == len(whole)


def test_refused_points_leave_no_file(tmp_path: Path) -> None:
    """A point off the road raises, and nothing is kept."""
    with pytest.raises(DataError):
        cached_travel(tmp_path, STREET, [0.0], [9_999.0])
    assert not list(tmp_path.iterdir())
