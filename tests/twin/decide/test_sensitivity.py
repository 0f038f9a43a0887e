"""Sensitivity: tornado rows and rank shares against models whose answer is known."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.decide.sensitivity import rank_shares, ranks, spearman, tornado
from twin.errors import RunError
from twin.streams import Streams
from twin.study.duck import Table
from twin.study.plan import StudyPlan, Task, tornado_tasks

SLOPES = {"a": 1.0, "b": -3.0, "c": 0.0}
PLAN = StudyPlan(("one", "two"), 20, tornado_tasks("one", list(SLOPES), 10))


def outcome(task: Task) -> float:
    """Return a linear model: sum of slope x share, plus the dice."""
    dice, pins = Streams(3, task.replication), dict(task.pins)
    noise = dice.generator("toy", "noise").normal()
    return noise + sum(
        slope * pins.get(name, dice.uniform("toy", name)) for name, slope in SLOPES.items()
    )


def table_of(tasks: tuple[Task, ...]) -> Table:
    """Return the study's table for one KPI."""
    return {
        "option": np.array([task.option for task in tasks], dtype=object),
        "replication": np.array([task.replication for task in tasks], dtype=np.int32),
        "pins": np.array([json.dumps(task.pins) for task in tasks], dtype=object),
        "kpi": np.array(["cost"] * len(tasks), dtype=object),
        "zone": np.array([""] * len(tasks), dtype=object),
        "value": np.array([outcome(task) for task in tasks]),
    }


def test_a_linear_model_gives_its_slopes() -> None:
    """On common dice the swing is slope x (0.95 - 0.05) exactly, widest first, signs kept."""
    rows = tornado(table_of(PLAN.tasks()), "one", "cost")
    assert [row.name for row in rows] == ["b", "a", "c"]
    for row in rows:
        assert row.swing.mean == pytest.approx(0.9 * SLOPES[row.name])
        assert row.swing.half_width == pytest.approx(0.0, abs=1e-9)
        assert row.swing.mean == pytest.approx(row.high.mean - row.low.mean)
        assert (row.low_quantile, row.high_quantile, row.base.n) == (0.05, 0.95, 10)
    (flat,) = [row for row in rows if row.name == "c"]
    assert flat.low.mean == pytest.approx(flat.high.mean)


def test_an_option_without_pinned_runs_has_an_empty_tornado() -> None:
    """No pinned run, no row; an unknown KPI is refused."""
    table = table_of(PLAN.tasks())
    assert tornado(table, "two", "cost") == ()
    with pytest.raises(RunError, match="no result"):
        tornado(table, "one", "price")


def test_a_tornado_with_a_missing_end_is_refused() -> None:
    """One end alone, or an end that misses a replication, is refused by name."""
    lame = [task for task in PLAN if task.pins != (("a", 0.95),)]
    with pytest.raises(RunError, match=r"a was pinned at \[0.05\] only"):
        tornado(table_of(tuple(lame)), "one", "cost")
    holed = [t for t in PLAN if not (t.pins == (("a", 0.95),) and t.replication == 4)]
    with pytest.raises(RunError, match=r"replications \[4\]"):
        tornado(table_of(tuple(holed)), "one", "cost")


def test_rank_shares_of_a_linear_model_follow_the_slopes() -> None:
    """For 2x + y on uniforms the shares near 4/5 and 1/5, and a bystander stays at the noise."""
    dice = Streams(9, 0)
    x, y, z = (dice.generator("test", name).random(4000) for name in "xyz")
    shares = rank_shares({"y": y, "x": x, "z": z}, 2 * x + y)
    assert [row.name for row in shares] == ["x", "y", "z"]
    assert shares[0].share == pytest.approx(0.8, abs=0.03)
    assert shares[1].share == pytest.approx(0.2, abs=0.03)
    assert shares[2].share < 10 * shares[2].noise
    assert sum(row.share for row in shares) <= 1.05


def test_spearman_on_the_textbook_case() -> None:
    """Without ties, 1 - 6 sum d^2 / (n (n^2 - 1)): IQ against television hours gives -29/165."""
    iq = np.array([106, 100, 86, 101, 99, 103, 97, 113, 112, 110], dtype=float)
    hours = np.array([7, 27, 2, 50, 28, 29, 20, 12, 6, 17], dtype=float)
    assert spearman(iq, hours) == pytest.approx(-29 / 165)


def test_ties_share_their_mean_rank() -> None:
    """Equal values take the mean of the ranks they cover; a constant correlates with nothing."""
    assert ranks(np.array([3.0, 1.0, 3.0, 2.0])).tolist() == [3.5, 1.0, 3.5, 2.0]
    assert spearman(np.ones(4), np.arange(4.0)) == 0.0


@given(st.lists(st.floats(-100, 100), min_size=3, max_size=30, unique=True))
def test_ranks_see_only_the_order(values: list[float]) -> None:
    """Any increasing transform leaves the correlation at one, a decreasing one at minus one."""
    x = np.array(values)
    assert spearman(x, np.argsort(np.argsort(x)).astype(float)) == pytest.approx(1.0)
    assert spearman(x, -x) == pytest.approx(-1.0)


@pytest.mark.parametrize(
    ("inputs", "output"),
    [
        ({"x": [1.0, 2.0]}, [1.0, 2.0, 3.0]),
        ({"x": [1.0, 2.0, np.nan]}, [1.0, 2.0, 3.0]),
        ({"x": [1.0, 2.0]}, [1.0, 2.0]),
        ({"x": [1.0, 2.0, 3.0]}, [1.0, np.inf, 3.0]),
    ],
)
def test_a_missing_run_is_refused_not_dropped(
    inputs: dict[str, list[float]], output: list[float]
) -> None:
    """Holes, infinities and unequal lengths stop the computation."""
    with pytest.raises(ValueError, match="finite values"):
        rank_shares(inputs, output)
