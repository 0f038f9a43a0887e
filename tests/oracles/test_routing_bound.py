"""The tonnage bound against days where it is met, and against optima."""

from __future__ import annotations

import numpy as np
import pytest

from tests.twin.routing.tiny_days import stops_at
from twin.errors import InputError
from twin.routing.bound import day_bound_m, radius_m, tonnage_bound_m
from twin.routing.problem import Problem, Vehicle
from twin.routing.solve import solve


def line(places_m: list[float]) -> np.ndarray:
    """Return distances between places on a straight road."""
    return np.abs(np.subtract.outer(places_m, places_m))


def test_full_loads_meet_it() -> None:
    """Where each stop fills a truck, the best plan drives exactly the bound."""
    distance_m = line([0.0, 4_000.0, 7_000.0, -3_000.0])
    problem = Problem(
        distance_m, distance_m, stops_at([1, 2, 3], [5.0, 5.0, 5.0]), (Vehicle(0, 0, 9, 5.0),)
    )
    plan = solve(problem, seed=0, iterations=100)
    assert day_bound_m(problem) == plan.distance_m == 2 * (4_000.0 + 7_000.0 + 3_000.0)


def test_asymmetric_radius_counts_both_ways() -> None:
    """Haimovich and Rinnooy Kan's 2 d becomes the way out plus the way back."""
    distance_m = np.array([[0.0, 10.0], [17.0, 0.0]])
    assert radius_m(distance_m, np.array([1]), [0], [0]).tolist() == [27.0]
    assert tonnage_bound_m([27.0], [2.5], 5.0) == 13.5


def test_a_dump_and_a_second_depot_bring_it_down() -> None:
    """A load may begin and end at the nearest of depots and dumps."""
    distance_m = line([0.0, 10.0, 8.0])
    stop = np.array([1])
    assert radius_m(distance_m, stop, [0], [0]).tolist() == [20.0]
    assert radius_m(distance_m, stop, [0, 2], [0, 2]).tolist() == [4.0]
    emptied = Vehicle(0, 0, 1, 5.0, dumps=(2,), ends_empty=True)
    # 50 units in loads of 5: ten times there and back from the dump.
    problem = Problem(distance_m, distance_m, stops_at([1] * 10, [5.0] * 10), (emptied,))
    assert day_bound_m(problem) == 40.0
    plan = solve(problem, seed=0, iterations=500)
    assert plan.distance_m == 10.0 + 9 * 4.0 + 2.0 + 8.0


def test_the_farthest_stop_alone_is_a_bound_too() -> None:
    """A light load is driven to the farthest stop all the same."""
    distance_m = line([0.0, 900.0, 500.0])
    problem = Problem(
        distance_m, distance_m, stops_at([1, 2], [0.1, 0.1]), (Vehicle(0, 0, 1, 99.0),)
    )
    assert day_bound_m(problem) == 1_800.0


def test_a_year_is_the_sum_of_its_days() -> None:
    """The bound of a year's tonnage is the sum over its days: shares of loads add up."""
    rng = np.random.default_rng(0)
    around_m, days = rng.uniform(1e3, 5e4, 30), rng.uniform(0.0, 50.0, (250, 30))
    by_day_m = sum(tonnage_bound_m(around_m, day, 900.0) for day in days)
    assert tonnage_bound_m(around_m, days.sum(axis=0), 900.0) == pytest.approx(by_day_m)


def test_no_payload_is_refused() -> None:
    """A capacity of zero is refused rather than divided by."""
    with pytest.raises(InputError):
        tonnage_bound_m([1.0], [1.0], 0.0)
