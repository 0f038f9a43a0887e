"""A published study of 850 clusters, played on a made-up city: policy against information."""

from __future__ import annotations

from functools import cache

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from models.waste.settings import Knowledge, PolicySection
from models.waste.stage import WasteStage
from tests.bench.groningen import (
    City,
    Found,
    Length,
    mean,
    number,
    overflow,
    played,
    saved,
    stage_of,
    worth,
)
from tests.bench.record import Bar, record

pytestmark = pytest.mark.bench

CITY, LENGTH = City(), Length()
DAYS = LENGTH.replications * (LENGTH.days + LENGTH.settling_days)
CHEAPEST_RHO_M = 256_000.0
PUBLISHED_GAIN, TOLERANCE = 0.42, 0.05
LEAST_SERVICE, MOST_INFORMATION = 0.995, 0.05


@cache
def outcome(policy: PolicySection, knowledge: Knowledge) -> list[Found]:
    """Return what each replication of one policy came to; played once."""
    return played(CITY, stage(), policy, knowledge, LENGTH)


@cache
def stage() -> WasteStage:
    """Return the city's clusters and ways."""
    return stage_of(CITY)


def baseline() -> list[Found]:
    """Return 250 clusters a day, deposits counted."""
    return outcome(number(CITY), "counts")


def keep(benchmark: BenchmarkFixture, each: list[Found], bars: tuple[Bar, ...]) -> None:
    """Record what one policy's days cost, and assert the bars."""
    record(
        benchmark,
        work=DAYS,
        unit="days of 850 clusters (planned, driven, emptied)",
        spent_s=mean(each, "cpu_s") * DAYS,
        bars=bars,
        notes={
            "km a day": mean(each, "km"),
            "emptyings a day": mean(each, "stops"),
            "emptyings before full": mean(each, "service"),
            "fill at emptying": mean(each, "fill"),
            "km saved": saved(baseline(), each)[0],
            "its 95 % half-width": saved(baseline(), each)[1],
        },
    )


def test_bench_groningen_baseline(benchmark: BenchmarkFixture) -> None:
    """The baseline is the published one: 251.2 km a day, 99.9 % served, 48.9 % full when emptied.

    Kilometres, fill and service were calibrated, by the roads, the rates and their spread; 23 hours
    of work a day follow (four rounds of 6.8 h less the breaks).
    """
    found = benchmark.pedantic(baseline, rounds=1)
    assert len(found) == LENGTH.replications
    bars = (
        Bar("km a day", mean(found, "km"), at_least=0.97 * 251.2, at_most=1.03 * 251.2),
        Bar("emptyings a day", mean(found, "stops"), at_least=248.0, at_most=250.0),
        Bar("fill at emptying", mean(found, "fill"), at_least=0.479, at_most=0.499),
        Bar("emptyings before full", mean(found, "service"), at_least=0.998),
        Bar("hours of work a day", mean(found, "hours"), at_least=22.0, at_most=24.0),
    )
    keep(benchmark, found, bars)


@pytest.mark.parametrize("policy", [overflow(CHEAPEST_RHO_M), worth()], ids=["overflow", "prize"])
def test_bench_groningen_policy(benchmark: BenchmarkFixture, policy: PolicySection) -> None:
    """Deciding with the rounds saves 42 +- 5 % of the kilometres at 99.5 % served or more.

    By the study's own rule, at the least of its five prizes that serves 99.5 % here (as it does
    there: 43.2 % at 99.7 %), and by this project's rule.
    """
    found = benchmark.pedantic(outcome, (policy, "counts"), rounds=1)
    gain, margin = saved(baseline(), found)
    assert margin < 0.02
    bars = (
        Bar(
            "km saved by policy",
            gain,
            at_least=PUBLISHED_GAIN - TOLERANCE,
            at_most=PUBLISHED_GAIN + TOLERANCE,
        ),
        Bar("emptyings before full", mean(found, "service"), at_least=LEAST_SERVICE),
        Bar("litres housed", mean(found, "housed"), at_least=LEAST_SERVICE),
    )
    keep(benchmark, found, bars)


def test_bench_groningen_published_prize(benchmark: BenchmarkFixture) -> None:
    """At the study's own prize, 1,024 km, 99.8 % are served; a third or more is saved.

    41.7 % there at 99.9 %: docs/method/collection.md tells what the gap is made of.
    """
    found = benchmark.pedantic(outcome, (overflow(), "counts"), rounds=1)
    bars = (
        Bar("km saved by policy", saved(baseline(), found)[0], at_least=0.34),
        Bar("emptyings before full", mean(found, "service"), at_least=0.998),
    )
    keep(benchmark, found, bars)


@pytest.mark.parametrize("policy", [number(CITY), overflow()], ids=["number", "overflow"])
def test_bench_groningen_information(benchmark: BenchmarkFixture, policy: PolicySection) -> None:
    """Where deposits are counted, exact levels save 5 % of the kilometres at most.

    2.3 % with the baseline and 1.9 % with prizes in the study. The upper end of the interval is
    what is asserted.
    """
    found = benchmark.pedantic(outcome, (policy, "levels"), rounds=1)
    gain, margin = saved(outcome(policy, "counts"), found)
    bars = (
        Bar("km saved by levels, upper end", gain + margin, at_most=MOST_INFORMATION),
        Bar("emptyings before full", mean(found, "service"), at_least=LEAST_SERVICE),
    )
    keep(benchmark, found, bars)
