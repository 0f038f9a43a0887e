"""Laws of the named streams: order does not matter, names do, and the dice are fair."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from twin.streams import Streams

SEEDS = st.integers(0, 2**63 - 1)
NAMES = st.tuples(st.text(max_size=12), st.text(max_size=12), st.text(max_size=12))


@given(SEEDS, st.integers(0, 10_000), st.lists(NAMES, min_size=1, max_size=6, unique=True))
def test_order_does_not_matter(seed: int, replication: int, names: list[tuple[str, ...]]) -> None:
    """Asking for streams in another order, or for more of them, moves no draw."""
    streams = Streams(seed, replication)
    forwards = {name: streams.uniform(*name) for name in names}
    backwards = {name: Streams(seed, replication).uniform(*name) for name in reversed(names)}
    assert forwards == backwards


@given(SEEDS, NAMES, NAMES)
def test_names_are_told_apart(seed: int, one: tuple[str, ...], other: tuple[str, ...]) -> None:
    """Two keys agree exactly when the names do."""
    streams = Streams(seed, 0)
    assert (streams.key64(*one) == streams.key64(*other)) == (one == other)


@given(SEEDS, SEEDS, st.integers(0, 1000), st.integers(0, 1000))
def test_replications_are_told_apart(a: int, b: int, i: int, j: int) -> None:
    """Two worlds share dice exactly when they share seed and replication."""
    same = Streams(a, i).key64("m", "p") == Streams(b, j).key64("m", "p")
    assert same == ((a, i) == (b, j))


def test_first_draws_are_uniform() -> None:
    """First draws of 20,000 streams fill ten bins evenly (chi-square, 0.1 % level)."""
    drawn = np.array([Streams(3, 0).uniform("m", "p", f"M{n:05d}") for n in range(20_000)])
    counts, _ = np.histogram(drawn, bins=10, range=(0.0, 1.0))
    statistic = ((counts - 2_000.0) ** 2 / 2_000.0).sum()
    assert statistic < 27.88  # chi-square, 9 degrees of freedom, 0.999


def test_neighbouring_streams_do_not_correlate() -> None:
    """Streams of assets, replications and seeds that follow one another are uncorrelated."""
    first = Streams(3, 0).generator("m", "p", "M001").standard_normal(20_000)
    for other in (
        Streams(3, 0).generator("m", "p", "M002"),
        Streams(3, 1).generator("m", "p", "M001"),
        Streams(4, 0).generator("m", "p", "M001"),
    ):
        correlation = np.corrcoef(first, other.standard_normal(20_000))[0, 1]
        assert abs(correlation) < 0.025  # 3.5 standard errors of 1/sqrt(20,000)
