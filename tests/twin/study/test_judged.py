"""How options are judged by their replications, and compared on the same dice."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.lang import same
from twin.recorder import Direction, Part
from twin.scenario import Option
from twin.study.judged import Gap, Judged, gap, gaps, series_of
from twin.study.plan import Task
from twin.study.store import Store


@dataclass(frozen=True)
class Shop(Judged):
    """A utility of two indicators."""

    directions: ClassVar[Mapping[str, Direction]] = {"cost": Direction.MIN, "good": Direction.MAX}


def shop(name: str, **kpis: Sequence[float] | Mapping[int, float]) -> Shop:
    """Return an option with these values by world."""
    series = {
        (kpi, ""): dict(told) if isinstance(told, Mapping) else dict(enumerate(told))
        for kpi, told in kpis.items()
    }
    return Shop(Option(name, same(name), {}), series)


def told(one: Judged, other: Judged, kpi: str) -> Gap:
    """Return a gap that must be there."""
    found = gap(one, other, kpi)
    assert found is not None
    return found


def test_a_level_has_students_interval_and_an_interval_of_outcomes() -> None:
    """Of 1, 2, 3 the mean is 2 +- 4.3027 / sqrt(3), and outcomes reach the ends played."""
    judged = shop("a", cost=[3.0, 1.0, 2.0])
    level, spread = judged.get("cost"), judged.spread("cost")
    assert level is not None
    assert spread is not None
    # t(0.975; 2) = 4.302653 [V]: Student's table.
    assert level.half_width == pytest.approx(4.302653 / math.sqrt(3.0), rel=1e-6)
    assert (spread.low, spread.high) == (1.0, 3.0)
    assert judged.mean("cost") == 2.0


def test_what_was_not_recorded_is_none() -> None:
    """An indicator or a zone without values has no level, no spread, no gap."""
    judged = shop("a", cost=[1.0, 2.0], good=[])
    assert judged.get("good") is None
    assert judged.spread("cost", "north") is None
    assert judged.mean("none") is None
    assert gap(judged, shop("b", good=[1.0, 2.0]), "cost") is None
    assert gap(shop("b", good=[1.0, 2.0]), judged, "cost") is None


def test_a_gap_is_that_of_the_same_worlds() -> None:
    """Worlds swing by a thousand, options by two: the gap and its interval are those of the two."""
    zero = shop("zero", cost=[10.0, 1_000.0, 50.0])
    found = told(shop("one", cost=[11.0, 1_002.0, 53.0]), zero, "cost")
    assert found.difference.mean == pytest.approx(2.0)
    assert found.difference.half_width == pytest.approx(4.302653 / math.sqrt(3.0), rel=1e-6)
    assert not found.settled
    assert found.share_better == 0.0


def test_which_way_is_better_comes_from_the_directions() -> None:
    """The same differences are better where less is wanted and worse where more is."""
    zero = shop("zero", cost=[5.0, 6.0, 7.0], good=[5.0, 6.0, 7.0])
    less = shop("less", cost=[4.0, 5.0, 7.5], good=[4.0, 5.0, 7.5])
    assert told(less, zero, "cost").share_better == pytest.approx(2.0 / 3.0)
    assert told(less, zero, "good").share_better == pytest.approx(1.0 / 3.0)


def test_only_worlds_both_sides_know_are_compared() -> None:
    """A world where one value is missing is left out for every option compared, and n says so."""
    zero = shop("zero", cost=[1.0, 2.0, 3.0, 4.0])
    options = {
        "all": shop("all", cost=[2.0, 3.5, 4.0, 5.0]),
        "some": shop("some", cost={0: 3.0, 2: 5.5, 3: 6.0}),
        "other": shop("other", cost={9: 1.0}),
    }
    found = gaps(options, zero, "cost")
    assert {name: each.difference.n for name, each in found.items()} == {"all": 3, "some": 3}
    assert found["all"].difference.mean == pytest.approx(1.0)


def test_one_world_settles_nothing() -> None:
    """With one world in common a gap is told, without interval, never settled, better in none."""
    found = told(shop("one", cost=[9.0]), shop("zero", cost=[1.0, 5.0]), "cost")
    assert found.difference.mean == 8.0
    assert found.difference.n == 1
    assert math.isinf(found.difference.high)
    assert math.isnan(found.share_better)
    assert not found.settled
    assert not found.is_more
    assert not found.is_less


def test_holms_correction_covers_all_the_options_compared() -> None:
    """A gap settled on its own is no longer so among many that differ by chance alone."""
    worlds = range(5)
    zero = shop("zero", cost=[100.0 for _ in worlds])
    close = shop("close", cost=[100.0 + step for step in (1.0, 2.0, 3.0, 0.0, 2.5)])
    noise = {f"n{k}": shop(f"n{k}", cost=[100.0 + (-1.0) ** (w + k) for w in worlds])
             for k in range(9)}  # fmt: skip
    assert told(close, zero, "cost").is_more
    assert not gaps({"close": close, **noise}, zero, "cost")["close"].settled


def test_an_option_is_not_compared_with_itself() -> None:
    """Scenario 0 among the options has no gap."""
    zero, one = shop("zero", cost=[1.0, 2.0]), shop("one", cost=[2.0, 3.5])
    assert list(gaps({"zero": zero, "one": one}, zero, "cost")) == ["one"]


@given(
    st.lists(
        st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)), min_size=2, max_size=12
    )
)  # fmt: skip
def test_a_gap_turned_round_is_its_opposite(pairs: list[tuple[float, float]]) -> None:
    """One less the other is minus the other less the one, and as settled."""
    a = shop("a", cost=[left for left, _ in pairs])
    b = shop("b", cost=[right for _, right in pairs])
    there, back = told(a, b, "cost"), told(b, a, "cost")
    assert there.difference.mean == pytest.approx(-back.difference.mean, abs=1e-9)
    assert there.difference.low == pytest.approx(-back.difference.high, rel=1e-9, abs=1e-6)
    assert there.settled == back.settled
    assert there.share_better == pytest.approx(1.0 - back.share_better)


def test_a_series_is_that_of_the_ordinary_runs(tmp_path: Path) -> None:
    """Pinned runs and other options stay out, and so do holes."""
    store = Store(tmp_path / "parts", "hash")
    for option, replication, pins, cost in (
        ("only", 0, (), 10.0), ("only", 1, (), 30.0), ("only", 0, (("price", 0.1),), 99.0),
        ("other", 0, (), 77.0),
    ):  # fmt: skip
        part = Part(np.array(["cost", "good"]), np.array(["", "north"]), np.array([cost, np.nan]))
        store.write(Task(option, replication, pins), part)
    found = series_of(store.table(), Option("only", same("only"), {}))
    assert found == {("cost", ""): {0: 10.0, 1: 30.0}}
