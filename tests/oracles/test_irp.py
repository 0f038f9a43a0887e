"""Inventory routing: published optima, and instances small enough to solve by hand.

Optima of S_abs1n5_2_H3 and _L3: 2027.75 and 1373.41, equal to the published upper bounds [D]; see
:mod:`models.waste.inventory.instance` for the conventions.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from models.waste.inventory.archetti import read_instance
from models.waste.inventory.exact import solve_exact
from models.waste.inventory.instance import initial_holding, rounded_euclid
from models.waste.inventory.replay import replay
from twin.errors import UnreachableError

ONE_CUSTOMER = """2 2 10 1
0 0 0 10 0 0.5
1 6 8 4 8 0 4 1
"""


def written(tmp_path: Path, text: str) -> Path:
    """Return the file that holds the text."""
    path = tmp_path / "instance.dat"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "optimum", "wrong"),
    [("S_abs1n5_2_H3", 2027.75, 2265.21), ("S_abs1n5_2_L3", 1373.41, 1396.33)],
)
def test_published_optima(shared_data: Path, name: str, optimum: float, wrong: float) -> None:
    """Both published optima come out exactly, and charging the initial stock gives the others."""
    path = shared_data / "irp" / f"{name}.dat"
    if not path.is_file():
        pytest.skip(f"{path} is not beside this checkout")
    instance = read_instance(path)
    solution = solve_exact(instance)
    assert solution.cost.total == pytest.approx(optimum, abs=1e-6)
    assert solution.cost.routing == 1302.0
    assert replay(instance, solution.plan).total == solution.cost.total
    charged = solution.cost.total + initial_holding(instance)
    assert charged == pytest.approx(wrong, abs=1e-6)


def test_one_customer_by_hand(tmp_path: Path) -> None:
    """One customer is served when its stock is out: 20 of routing, 5 + 3 held by the supplier."""
    instance = read_instance(written(tmp_path, ONE_CUSTOMER))
    solution = solve_exact(instance)
    assert solution.cost.routing == pytest.approx(20.0)
    assert solution.cost.holding == pytest.approx(8.0)
    assert solution.plan.delivery.ravel().tolist() == pytest.approx([0.0, 4.0])
    assert solution.plan.rounds == ((), ((1,),))
    assert initial_holding(instance) == pytest.approx(0.5 * 10 + 1.0 * 4)


def test_cheap_room_at_the_customer_is_filled_early(tmp_path: Path) -> None:
    """Stock dear to the supplier moves at once: 4 more fit before consumption, not 8."""
    text = ONE_CUSTOMER.replace("10 0 0.5", "10 0 30")
    solution = solve_exact(read_instance(written(tmp_path, text)))
    # 4 go in period 1, filling the room of 8; a second round of 4 spares 120 and costs 20 + 4.
    assert solution.plan.delivery.ravel().tolist() == pytest.approx([4.0, 4.0])
    assert solution.cost.routing == pytest.approx(40.0)
    assert solution.cost.holding == pytest.approx(30 * (6 + 2) + 1 * (4 + 4))


def test_production_cannot_be_shipped_in_its_own_period(tmp_path: Path) -> None:
    """A customer that needs stock before the first production is ready cannot be saved."""
    text = "2 1 10 1\n0 0 0 0 10 0\n1 6 8 0 8 0 4 0\n"
    with pytest.raises(UnreachableError):
        solve_exact(read_instance(written(tmp_path, text)))
    later = text.replace("1 6 8 0", "1 6 8 4").replace("2 1 10 1", "2 2 10 1")
    assert solve_exact(read_instance(written(tmp_path, later))).cost.total == pytest.approx(20.0)


def test_two_vehicles_where_one_is_too_small(tmp_path: Path) -> None:
    """Two customers of 6 with vehicles of 10 take two rounds; a visit cannot be shared."""
    text = "3 1 10 2\n0 0 0 20 0 0\n1 3 4 0 6 0 6 0\n2 3 4 0 6 0 6 0\n"
    solution = solve_exact(read_instance(written(tmp_path, text)))
    assert solution.cost.routing == pytest.approx(20.0)
    with pytest.raises(UnreachableError):
        solve_exact(read_instance(written(tmp_path, text.replace("10 2", "10 1"))))


def test_distances_round_to_nearest() -> None:
    """1.414 rounds to 1 and 2.5 to 3, as the set's distances do."""
    distance = rounded_euclid(np.array([0.0, 1.0, 2.5]), np.array([0.0, 1.0, 0.0]))
    assert distance[0].tolist() == [0.0, 1.0, 3.0]
