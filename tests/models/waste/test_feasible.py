"""Points no truck can serve are found before the year begins."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.waste.feasible import alone_s, cut_notice, cut_to_truck, refuse_unreachable
from models.waste.points import StreamPoints
from models.waste.rounds import Depot, Service
from twin.errors import DataError
from twin.lang import Lang
from twin.roads.travel import Travel
from twin.routing.problem import Vehicle

# Depot at 0 km, points at 10, 30 and 50 km, a dump at 40 km, on one straight road at 36 km/h.
PLACES_M = np.array([0.0, 10_000.0, 30_000.0, 50_000.0, 40_000.0])
APART_M = np.abs(PLACES_M[:, None] - PLACES_M)
TRAVEL = Travel(APART_M, APART_M / 10.0, np.zeros(5), "synthetic")
SERVICE = Service(np.array([1, 2, 3]), np.array([300.0, 400.0, 500.0]))
POINTS = StreamPoints(
    ("glass/a", "glass/b", "glass/c"),
    PLACES_M[1:4],
    np.zeros(3),
    np.zeros(3, dtype=np.int64),
    np.array([1, 2, 3]),
    np.array([4_000.0, 8_000.0, 12_000.0]),
    np.full(3, 100.0),
)


def depot(work_s: float, dumps: tuple[int, ...] = (0, 4)) -> Depot:
    """Return a depot of all points whose trucks work so long."""
    vehicle = Vehicle(
        0, 0, 1, 9_000.0, work_s=work_s, dumps=dumps, dump_s=600.0, ends_empty=bool(dumps)
    )
    return Depot("yard", np.arange(3), vehicle)


def test_out_service_dump_home() -> None:
    """A round alone is the way out, the visit, the better dump on the way home, unloading, home."""
    assert alone_s(depot(1e5), SERVICE, TRAVEL).tolist() == [
        1_000.0 + 300.0 + 1_000.0 + 600.0,
        3_000.0 + 400.0 + 3_000.0 + 600.0,
        5_000.0 + 500.0 + 5_000.0 + 600.0,
    ]
    only_far = alone_s(depot(1e5, dumps=(4,)), SERVICE, TRAVEL)
    assert only_far[0] == 1_000.0 + 300.0 + 3_000.0 + 600.0 + 4_000.0
    assert alone_s(depot(1e5, dumps=()), SERVICE, TRAVEL)[0] == 2_300.0


def test_just_enough_is_enough() -> None:
    """A shift that just takes the farthest point is accepted; one second less is refused."""
    refuse_unreachable("glass", POINTS, [depot(11_100.0)], SERVICE, TRAVEL, "points.csv")
    with pytest.raises(DataError) as refused:
        refuse_unreachable("glass", POINTS, [depot(11_099.0)], SERVICE, TRAVEL, "points.csv")
    (fault,) = refused.value.faults
    assert fault.file == "points.csv"
    assert fault.key == "glass/c"
    assert "3 h 05" in fault.value
    for word in ("yard", "waste.streams.glass.shift"):
        assert word in fault.say(Lang.FR)
        assert word in fault.say(Lang.EN)


def test_every_such_point_is_named() -> None:
    """All points out of reach are told at once."""
    with pytest.raises(DataError) as refused:
        refuse_unreachable("glass", POINTS, [depot(100.0)], SERVICE, TRAVEL, "points.csv")
    assert [fault.key for fault in refused.value.faults] == list(POINTS.ids)


def test_more_than_a_truck_is_cut_and_told() -> None:
    """A point that holds more than a truck is counted at the truck's capacity, with one notice."""
    cut = cut_to_truck(POINTS, 9_000.0)
    assert cut.capacity_l.tolist() == [4_000.0, 8_000.0, 9_000.0]
    assert cut.rate_l is POINTS.rate_l
    (notice,) = cut_notice("glass", POINTS, 9_000.0)
    assert "glass/c" in notice.fr
    assert "9.0 m3" in notice.en
    assert cut_to_truck(POINTS, 12_000.0) is POINTS
    assert cut_notice("glass", POINTS, 12_000.0) == []


def test_a_long_list_is_cut_short() -> None:
    """A notice names five points and says how many there are."""
    many = replace(
        POINTS,
        ids=tuple(f"glass/{k}" for k in range(12)),
        capacity_l=np.full(12, 1e5),
    )
    (notice,) = cut_notice("glass", many, 9_000.0)
    assert "12 hold" in notice.en.replace(" point(s)", "")
    assert "glass/4" in notice.en
    assert "glass/5" not in notice.en
