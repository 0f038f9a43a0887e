"""Tasks and plans: order, equality, refusals."""

from __future__ import annotations

import pytest

from twin.errors import ScenarioError
from twin.study.plan import StudyPlan, Task, tornado_tasks


def test_replications_come_outermost() -> None:
    """Stopping a plan early leaves every option with the same dice."""
    plan = StudyPlan(("b", "a"), 2)
    assert [str(task) for task in plan] == ["b #0", "a #0", "b #1", "a #1"]
    assert len(plan) == 4
    assert plan.tasks() == tuple(plan)


def test_pins_are_a_set_in_a_fixed_order() -> None:
    """Two tasks that pin the same inputs are equal, hash alike and sort alike."""
    one = Task("a", 0, (("price", 0.95), ("life", 0.05)))
    other = Task("a", 0, (("life", 0.05), ("price", 0.95)))
    assert one == other
    assert len({one, other}) == 1
    assert str(one) == "a #0 [life=0.05, price=0.95]"
    assert sorted([one, Task("a", 0)]) == [Task("a", 0), one]


def test_a_tornado_pins_each_input_at_two_ends() -> None:
    """Each input gets its low and its high run, on each set of dice, at its own quantiles."""
    tasks = tornado_tasks("a", {"price": (0.05, 0.95), "discount": (0.0, 1.0)}, 2)
    assert len(tasks) == 8
    assert tasks[:4] == (
        Task("a", 0, (("price", 0.05),)),
        Task("a", 0, (("price", 0.95),)),
        Task("a", 0, (("discount", 0.0),)),
        Task("a", 0, (("discount", 1.0),)),
    )
    assert tornado_tasks("a", ["price"], 1) == tasks[:2]
    assert len(StudyPlan(("a",), 2, tasks)) == 10


@pytest.mark.parametrize(
    ("options", "replications", "extra", "said"),
    [
        ((), 1, (), "option"),
        (("a", "a"), 1, (), "option.name"),
        (("a",), 0, (), "study.replications"),
        (("a",), 1, (Task("a", 0),), "study.extra"),
        (("a",), 1, (Task("a", 0, (("x", 0.5),)), Task("a", 0, (("x", 0.5),))), "study.extra"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(
    options: tuple[str, ...], replications: int, extra: tuple[Task, ...], said: str
) -> None:
    """Every refusal names the key at fault."""
    with pytest.raises(ScenarioError) as caught:
        StudyPlan(options, replications, extra)
    assert said in [fault.key for fault in caught.value.faults]


def test_a_task_reports_all_its_faults_at_once() -> None:
    """A negative replication, a quantile beyond 1 and an input pinned twice are three faults."""
    with pytest.raises(ScenarioError) as caught:
        Task("a", -1, (("x", 0.5), ("x", 1.5)))
    assert len(caught.value.faults) == 3
