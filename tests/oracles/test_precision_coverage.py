"""Intervals hold the truth as often as they say: a queue whose transient mean is known exactly.

Waits of the first 500 customers of an M/M/1 that starts empty (rate 0.5, service 1). By Spitzer's
identity E[W(n+1)] = sum over k <= n of E[(G_k - H_k)+]/k, where G and H are Gamma(k) of services
and of interarrivals; counting the services done when the k-th customer comes makes it a finite sum.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import gammaln

from twin.decide.intervals import mean_interval
from twin.decide.precision import Of, Reached, Stop, Target, Why, look, precise
from twin.streams import Streams

ARRIVAL, SERVICE, CUSTOMERS = 0.5, 1.0, 500
MACROS, FLOOR = 1000, 30


@cache
def exact_mean_wait() -> float:
    """Return the expected mean wait of the first customers."""
    p = ARRIVAL / (ARRIVAL + SERVICE)
    ahead = [0.0]
    for k in range(1, CUSTOMERS):
        j = np.arange(k)
        log = gammaln(k + j) - gammaln(k) - gammaln(j + 1) + k * np.log(p) + j * np.log(1 - p)
        ahead.append(ahead[-1] + float(np.exp(log) @ ((k - j) / SERVICE)) / k)
    return sum(ahead) / CUSTOMERS


def mean_waits(macro: int, replications: int) -> NDArray[np.float64]:
    """Return the mean wait of each replication of one macro-replication, by Lindley's recursion."""
    dice = Streams(macro, 0)
    between = dice.generator("q", "arrivals").exponential(1 / ARRIVAL, (replications, CUSTOMERS))
    served = dice.generator("q", "services").exponential(1 / SERVICE, (replications, CUSTOMERS))
    wait, total = np.zeros(replications), np.zeros(replications)
    for n in range(CUSTOMERS - 1):
        wait = np.maximum(0.0, wait + served[:, n] - between[:, n])
        total += wait
    return total / CUSTOMERS


def played_until_precise(values: NDArray[np.float64], target: Target, ceiling: int) -> Stop:
    """Return where a study of one outcome stops."""

    def look_at(n: int) -> tuple[Reached, ...]:
        return look([target], {("a", "wait", ""): values[:n]})

    sizes = precise(look_at, FLOOR, ceiling)
    while True:
        try:
            next(sizes)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


def test_spitzer_and_lindley_agree() -> None:
    """The closed form lies within four standard errors of 40,000 replications."""
    waits = mean_waits(10**6, 40_000)
    assert abs(waits.mean() - exact_mean_wait()) < 4 * waits.std() / 200


def test_the_interval_of_the_mean_holds_the_truth_95_times_in_100() -> None:
    """Over 1,000 macro-replications of 30 runs, 93.5 to 96.5 % of the intervals hold it."""
    held = [exact_mean_wait() in mean_interval(mean_waits(m, 30)) for m in range(MACROS)]
    print(f"{np.mean(held)} held")  # noqa: T201 - shown with -s
    assert 0.935 <= np.mean(held) <= 0.965


def test_stopping_when_precise_keeps_the_coverage() -> None:
    """Sequential runs to 5 % of the mean: 93.5 to 96.5 % of 1,000 intervals hold the truth."""
    target = Target("wait", 0.05, relative=True)
    held, sizes = [], []
    for macro in range(MACROS):
        # Rows are drawn in order: more replications begin with the fewer.
        waits = mean_waits(macro, 160)
        stop = played_until_precise(waits, target, 160)
        if stop.replications == len(waits):
            waits = mean_waits(macro, 400)
            stop = played_until_precise(waits, target, 400)
        assert stop.why is Why.REACHED
        (told,) = stop.reached
        assert told.interval.half_width <= told.allowed
        held.append(exact_mean_wait() in told.interval)
        sizes.append(stop.replications)
    print(f"{np.mean(held)} held, {np.mean(sizes)} runs")  # noqa: T201 - shown with -s
    assert 0.935 <= np.mean(held) <= 0.965
    assert 80 < np.mean(sizes) < 160


def test_law_and_kelton_s_relative_target() -> None:
    """A target of 10 % is met at 0.1/1.1 of the estimate, in the KPI's unit; 0.5 stays 0.5."""
    interval = mean_interval([9.0, 11.0, 10.0, 10.0])
    assert Target("k", 0.1, relative=True).allowed(interval) == pytest.approx(10 / 11)
    assert Target("k", 0.5).allowed(interval) == 0.5


def test_a_rate_is_known_by_wilson_a_quantile_by_bootstrap() -> None:
    """A share of worlds takes 0 and 1 alone; a quantile's interval holds the median of a sample."""
    told = Target("k", 0.1, of=Of.RATE).interval([0.0, 1.0, 1.0, 1.0])
    assert (told.mean, told.n) == (0.75, 4)
    with pytest.raises(ValueError, match="0 or 1"):
        Target("k", 0.1, of=Of.RATE).interval([0.0, 0.5])
    values = Streams(1, 0).generator("t", "q").normal(size=200)
    ninth = Target("k", 0.1, of=Of.QUANTILE, share=0.9).interval(values)
    assert ninth.low < np.quantile(values, 0.9) == ninth.mean < ninth.high


def test_sizes_depend_on_values_alone_and_end_at_the_ceiling() -> None:
    """Each look is 10 % to 100 % further, a lucky one is confirmed, none passes the ceiling."""
    values = Streams(1, 0).generator("t", "s").normal(10, 5, 500)

    def sizes(half_width: float, ceiling: int) -> tuple[list[int], Stop]:
        seen: list[int] = []

        def look_at(n: int) -> tuple[Reached, ...]:
            seen.append(n)
            return look([Target("k", half_width)], {("a", "k", ""): values[:n]})

        rule = precise(look_at, 30, ceiling)
        stop = None
        while stop is None:
            try:
                next(rule)
            except StopIteration as end:
                stop = end.value
        return seen, stop

    looked, stop = sizes(0.8, 500)
    assert stop.why is Why.REACHED
    assert stop.replications == looked[-1] == np.ceil(1.2 * looked[-2])
    assert all(1.1 * a <= b <= 2 * a for a, b in pairwise(looked))
    looked, stop = sizes(0.01, 45)
    assert (looked, stop.why, stop.replications) == ([30, 45], Why.CEILING, 45)
    assert not stop.reached[0].holds


def test_a_study_that_asks_no_precision_stops_at_its_floor() -> None:
    """Without a target the rule is the fixed number of replications, and says so."""
    rule = precise(lambda _n: (), 12, 500)
    assert next(rule) == 12
    with pytest.raises(StopIteration) as end:
        next(rule)
    assert end.value.value == Stop(Why.FIXED, 12)
