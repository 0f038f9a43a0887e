"""The order in which a planned network is bought."""

from __future__ import annotations

from itertools import groupby

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.lora.programme import Step, order_programme


def ordered(
    cover: NDArray[np.bool_],
    weight: NDArray[np.float64],
    redundancy: int,
    sites: NDArray[np.int64],
    zone: NDArray[np.int32],
    per_year: float,
) -> tuple[Step, ...]:
    """Return the programme of a dense cover (demands by sites)."""
    demand, site = np.nonzero(cover)
    indptr = np.concatenate([[0], np.cumsum(np.bincount(demand, minlength=len(cover)))])
    return order_programme(
        indptr.astype(np.int32),
        site.astype(np.int32),
        weight,
        redundancy,
        sites,
        zone,
        1000.0,
        1000.0 * per_year,
    )


@settings(deadline=None, max_examples=40)
@given(
    st.integers(0, 10_000), st.integers(1, 12), st.integers(1, 3), st.sampled_from([0.4, 1, 1.5, 4])
)
def test_a_programme_is_lawful(seed: int, planned: int, redundancy: int, per_year: float) -> None:
    """Each site once, zone after zone, within the yearly budget, reaching never fewer meters."""
    dice = np.random.default_rng(seed)
    cover = dice.random((30, 15)) < 0.3
    weight = dice.integers(1, 50, 30).astype(np.float64)
    sites = np.sort(dice.choice(15, planned, replace=False)).astype(np.int64)
    zone = dice.integers(0, 4, 15).astype(np.int32)
    steps = ordered(cover, weight, redundancy, sites, zone, per_year)
    assert sorted(step.site for step in steps) == sites.tolist()
    assert all(step.zone == zone[step.site] for step in steps)
    blocks = [each for each, _ in groupby(step.zone for step in steps)]
    assert len(blocks) == len(set(blocks))
    years = [step.year for step in steps]
    assert years == sorted(years)
    # What a year leaves goes to the next: by the end of each, no more is spent than was given.
    for bought, year in enumerate(years, 1):
        assert bought <= (year + 1) * per_year + 1e-9
    reached = [step.reached for step in steps]
    assert reached == sorted(reached)
    served = cover[:, sites].sum(axis=1) >= redundancy
    assert reached[-1] == weight[served].sum()


def test_the_zone_of_most_meters_per_gateway_comes_first() -> None:
    """A zone of two gateways and 50 meters waits for a zone of one gateway and 40."""
    cover = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=np.bool_)
    weight = np.array([20.0, 30.0, 40.0])
    zone = np.array([0, 0, 1], dtype=np.int32)
    steps = ordered(cover, weight, 1, np.arange(3), zone, 1)
    assert [(step.site, step.zone, step.year, step.reached) for step in steps] == [
        (2, 1, 0, 40.0),
        (1, 0, 1, 70.0),
        (0, 0, 2, 90.0),
    ]


def test_half_served_meters_count_by_half() -> None:
    """The first of two gateways is worth half of its meters, else none would ever be first."""
    cover = np.array([[1, 1, 0], [0, 0, 1]], dtype=np.bool_)
    steps = ordered(cover, np.array([30.0, 40.0]), 2, np.arange(3), np.zeros(3, dtype=np.int32), 3)
    assert [step.site for step in steps] == [2, 0, 1]
    assert [step.reached for step in steps] == [0.0, 0.0, 30.0]


def test_nothing_planned_needs_no_programme() -> None:
    """A plan without a site has no step."""
    none = np.zeros(0, dtype=np.int64)
    assert ordered(np.ones((2, 2), np.bool_), np.ones(2), 1, none, np.zeros(2, np.int32), 1) == ()
