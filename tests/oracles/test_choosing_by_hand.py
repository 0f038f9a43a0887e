"""Regret, satisficing, fronts, allocation and warm-up against small tables worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.decide.allocate import chance_right, ocba_next, ocba_shares
from twin.decide.pareto import dominated, front, hypervolume
from twin.decide.robust import domain, minimax, regrets
from twin.decide.steady import batch_means, mser5, steady_mean
from twin.recorder import Direction
from twin.streams import Streams

MIN, MAX = Direction.MIN, Direction.MAX

COSTS = {"a": [10.0, 50.0, 30.0], "b": [20.0, 20.0, 40.0], "c": [35.0, 25.0, 25.0]}
"""Three options in three worlds: the best are 10, 20 and 25."""


def test_savage_regret_of_a_table_of_nine() -> None:
    """Regrets are a: 0 30 5, b: 10 0 15, c: 25 5 0; minimax takes b; each is best once."""
    a, b, c = found = regrets(COSTS)
    assert [each.worst for each in found] == [30.0, 15.0, 25.0]
    assert (a.mean.mean, b.mean.mean, c.mean.mean) == pytest.approx((35 / 3, 25 / 3, 10.0))
    assert a.bad.mean == pytest.approx(25.0)  # 0 5 30 at rank 1.8 of 2
    assert {each.best.mean for each in found} == {1 / 3}
    assert minimax(found).option == "b"


def test_regret_of_what_should_be_large() -> None:
    """Where more is better the best of a world is its largest."""
    worst = [each.worst for each in regrets(COSTS, MAX)]
    assert worst == [25.0, 30.0, 25.0]


def test_who_fails_its_requirements_is_not_the_one_to_choose() -> None:
    """Where `a` fails `b` is the one to choose, though dearer; where all fail, the best is."""
    meets = {"a": [False, True, False], "b": [True, True, False], "c": [True, True, False]}
    a, b, c = regrets(COSTS, meets=meets)
    assert [each.worst for each in (a, b, c)] == [30.0, 15.0, 15.0]
    assert [each.best.mean for each in (a, b, c)] == [0.0, 2 / 3, 1 / 3]


def test_the_domain_counts_worlds_that_meet_every_requirement() -> None:
    """Two of four worlds meet both requirements; Wilson's interval is 0.150 to 0.850."""
    meets = domain([[True, True, True, False], [True, False, True, True]])
    assert (meets.mean, meets.low, meets.high) == pytest.approx((0.5, 0.1500, 0.8500), abs=1e-4)


def test_a_front_of_five_points() -> None:
    """Of five points of cost and service two are dominated; an equal point is not."""
    points = [[1, 5], [2, 7], [3, 6], [2, 7], [4, 9]]
    assert dominated(points, (MIN, MAX)).tolist() == [False, False, True, False, False]


def test_the_area_of_three_rectangles() -> None:
    """Points (1, 3), (2, 2), (3, 1) under (4, 4) cover 3 + 2 + 1 squares."""
    assert hypervolume([[1, 3], [2, 2], [3, 1], [3, 3], [5, 0]], [4, 4], (MIN, MIN)) == 6.0


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6)), min_size=1))
def test_dominance_is_that_of_the_definition(points: list[tuple[int, ...]]) -> None:
    """A point is dominated exactly where one other is nowhere worse and somewhere better."""
    said = dominated(np.array(points, dtype=float), (MIN, MIN, MIN)).tolist()
    for point, told in zip(points, said, strict=True):
        better = any(
            other != point and all(o <= p for o, p in zip(other, point, strict=True))
            for other in points
        )
        assert told == better


def test_a_place_on_the_front_is_as_sure_as_the_worlds_make_it() -> None:
    """An option worse in each world is never on it; two alike share it evenly; the best always."""
    noise = Streams(1, 0).generator("t", "n").normal(size=(2, 400))
    noise -= noise.mean(axis=1, keepdims=True)
    service = np.zeros(400)
    found = front(
        {
            "best": [noise[0] * 0.01 - 5.0, service],
            "one": [noise[0], service + 1.0],
            "twin": [noise[1], service + 1.0],
            "worse": [noise[0] + 9.0, service - 1.0],
        },
        (MIN, MAX),
    )
    best, one, twin, worse = found.options
    assert (best.share, worse.share) == (1.0, 0.0)
    assert one.share + twin.share == pytest.approx(1.0)
    assert one.share == pytest.approx(0.5, abs=0.06)
    assert found.hypervolume is not None
    assert found.hypervolume.low < found.hypervolume.mean < found.hypervolume.high


def test_ocba_of_three_normals() -> None:
    """Means 1, 2, 3 of equal spread: shares go as 1, 1/4 and sqrt(1 + 1/16)."""
    weights = np.array([np.sqrt(1 + 1 / 16), 1.0, 1 / 4])
    assert ocba_shares([1, 2, 3], [2, 2, 2]) == pytest.approx(weights / weights.sum())
    assert ocba_shares([3, 2, 1], [2, 2, 2], MAX) == pytest.approx(weights / weights.sum())
    assert ocba_shares([1, 1], [2, 3]).sum() == pytest.approx(1.0)


def test_ocba_spends_the_whole_step_on_those_short() -> None:
    """Each run of a step goes somewhere; none to an option that has more than its share."""
    dice = Streams(2, 0).generator("t", "ocba")
    series = {"a": dice.normal(0, 1, 10), "b": dice.normal(0.2, 1, 10), "c": dice.normal(9, 1, 60)}
    spent = ocba_next(series, 15)
    assert sum(spent.values()) == 15
    assert spent["c"] == 0
    assert 0.0 <= chance_right(series) <= 1.0


def test_ocba_finds_the_best_in_fewer_runs_than_equal_shares() -> None:
    """Of 300 problems of 10 options and 200 runs it chooses right more often than equal shares."""
    truth = np.arange(10) * 0.5
    right = {"ocba": 0, "equal": 0}
    for macro in range(300):
        draws = Streams(macro, 0).generator("t", "slippage").normal(truth[:, None], 2.0, (10, 200))
        have = dict.fromkeys(map(str, range(10)), 5)
        while sum(have.values()) < 200:
            more = ocba_next({name: draws[int(name), :n] for name, n in have.items()}, 10)
            have = {name: n + more[name] for name, n in have.items()}
        means = [draws[int(name), :n].mean() for name, n in have.items()]
        right["ocba"] += int(np.argmin(means)) == 0
        right["equal"] += int(np.argmin(draws[:, :20].mean(axis=1))) == 0
    assert right["ocba"] > right["equal"] + 20


def test_mser5_cuts_the_start_of_a_shifted_run() -> None:
    """A run that starts ten too high for 200 observations loses them and few more."""
    noise = Streams(3, 0).generator("t", "mser").normal(size=2000)
    noise[:200] += 10.0
    assert 200 <= mser5(noise) <= 260
    assert mser5(np.ones(50)) == 0


def test_mser5_is_the_least_of_its_definition() -> None:
    """The truncation found minimises the squared standard error of what is left, by brute force."""
    values = Streams(4, 0).generator("t", "mser").exponential(size=300)
    means = values.reshape(60, 5).mean(axis=1)
    error = [means[d:].var() / (60 - d) for d in range(31)]
    assert mser5(values) == 5 * int(np.argmin(error))


def test_batches_are_equal_and_end_with_the_run() -> None:
    """Eleven observations in three batches: the first two are left out."""
    assert batch_means(np.arange(11), 3).tolist() == [3.0, 6.0, 9.0]


def test_batch_means_cover_the_mean_of_an_autoregression() -> None:
    """Of 400 AR(1) runs of known mean 5 (phi 0.8, started at 25), 91 to 98 % cover it."""
    covered, warm_up = 0, 0
    for macro in range(400):
        shocks = Streams(macro, 0).generator("t", "ar").normal(size=6000)
        told = np.empty(6000)
        level = 20.0
        for i, shock in enumerate(shocks):
            level = 0.8 * level + shock
            told[i] = 5.0 + level
        found = steady_mean(told)
        covered += 5.0 in found.interval
        warm_up += found.warm_up
    assert 0.91 <= covered / 400 <= 0.98
    assert 10 <= warm_up / 400 <= 600
