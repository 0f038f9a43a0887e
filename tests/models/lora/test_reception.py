"""P(heard by at least k gateways): closed forms, dense quadrature, Monte Carlo, laws."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import ndtr

from models.lora.reception import probability_heard, quadrature
from models.lora.shadowing import ShadowingField, shadowing_db
from twin.errors import InputError
from twin.streams import Streams

margins = st.lists(st.floats(-40.0, 40.0), min_size=0, max_size=8)


def one(
    margin_db: list[float] | NDArray[np.float64], rho: float, k: int, sigma: float = 8.0
) -> NDArray[np.float64]:
    """Return P(>= 1..k) of one device."""
    links = np.asarray(margin_db, dtype=np.float64)
    chances: NDArray[np.float64] = probability_heard(
        np.array([0, links.size]), links, sigma, rho, k
    )[0]
    return chances


def upper_tails(p: NDArray[np.float64], k: int) -> NDArray[np.float64]:
    """Return P(>= 1..k) of independent links with chances p of shape (nodes, links)."""
    exactly = np.zeros((p.shape[0], k))
    exactly[:, 0] = 1.0
    for column in p.T[:, :, None]:
        exactly = exactly * (1.0 - column) + column * np.pad(exactly, ((0, 0), (1, 0)))[:, :k]
    return 1.0 - np.cumsum(exactly, axis=1)


def dense(links: NDArray[np.float64], sigma: float, rho: float, k: int) -> NDArray[np.float64]:
    """Return the same by a rule twenty times denser and wider, without tables."""
    step = 0.02 * min(1.0, np.sqrt((1.0 - rho) / rho))
    c = np.arange(-9.0, 9.0, step)
    weight = step * np.exp(-0.5 * c * c) / np.sqrt(2.0 * np.pi)
    chance = ndtr((links / sigma + np.sqrt(rho) * c[:, None]) / np.sqrt(1.0 - rho))
    result: NDArray[np.float64] = weight @ upper_tails(chance, k)
    return result


def test_independent_gateways_follow_the_product_formula() -> None:
    """With rho = 0 the answer is the sum over subsets of products, as enumerated by hand."""
    links = np.array([-12.0, -3.0, 0.0, 5.0, 9.0])
    p = ndtr(links / 8.0)
    by_count = np.zeros(6)
    for heard in itertools.product((0, 1), repeat=5):
        by_count[sum(heard)] += np.prod(np.where(heard, p, 1.0 - p))
    expected = [by_count[j:].sum() for j in range(1, 6)]
    assert one(links, 0.0, 5) == pytest.approx(expected, abs=2e-9)
    assert one(links, 0.0, 1)[0] == pytest.approx(1.0 - np.prod(1.0 - p), abs=2e-9)


@given(margins, st.integers(1, 5))
@settings(deadline=None)
def test_one_fate_is_the_rule_of_the_kth_best(links: list[float], k: int) -> None:
    """With rho = 1, P(at least j) = Phi(j-th best margin / sigma)."""
    best = sorted(links, reverse=True) + [-np.inf] * k
    assert one(links, 1.0, k) == pytest.approx(ndtr(np.array(best[:k]) / 8.0), abs=1e-12)


@pytest.mark.parametrize("rho", [0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.97])
def test_quadrature_errs_by_less_than_one_in_a_million(rho: float) -> None:
    """Against a rule twenty times denser the error stays below 1e-6, up to 60 links and k = 4."""
    rng = np.random.default_rng(2)
    for _ in range(40):
        spread = rng.choice([0.2, 8.0, 16.0])
        links = rng.normal(rng.normal(0.0, 16.0), spread, int(rng.integers(1, 60)))
        k = int(rng.integers(1, 5))
        assert np.abs(one(links, rho, k) - dense(links, 8.0, rho, k)).max() < 1e-6


def test_node_count_is_the_documented_one() -> None:
    """At rho = 0.5 the rule has 39 nodes, whose weights sum to one; at rho = 0 a single one."""
    nodes, weights = quadrature(0.5)
    assert nodes.size == 39
    assert weights.sum() == pytest.approx(1.0, abs=1e-15)
    assert quadrature(0.0)[0].size == 1


@pytest.mark.parametrize("rho", [0.0, 0.1, 0.5, 0.95, 1.0])
def test_one_gateway_needs_no_correlation(rho: float) -> None:
    """A single link is heard with probability Phi(margin / sigma) whatever rho."""
    for margin in (-20.0, -5.0, 0.0, 3.0, 17.0):
        assert one([margin], rho, 2) == pytest.approx([ndtr(margin / 8.0), 0.0], abs=1e-7)


@given(margins, st.floats(0.0, 1.0), st.integers(1, 4), st.floats(0.0, 12.0))
@settings(deadline=None)
def test_more_margin_or_one_more_gateway_never_hurts(
    links: list[float], rho: float, k: int, gain: float
) -> None:
    """P is a probability, falls with k, and rises with any margin and with one more gateway."""
    before = one(links, rho, k)
    assert ((before >= 0.0) & (before <= 1.0)).all()
    assert (np.diff(before) <= 1e-12).all()
    assert (one([*links, 0.0], rho, k) >= before - 1e-7).all()
    for which in range(len(links)):
        raised = [m + gain * (i == which) for i, m in enumerate(links)]
        assert (one(raised, rho, k) >= before - 1e-7).all()


def test_correlation_costs_redundancy_and_first_cover() -> None:
    """For equal good margins, correlation lowers P(>= 1) and P(>= 2) below independence."""
    links = [6.0, 6.0, 6.0]
    free, bound = one(links, 0.0, 2), one(links, 0.5, 2)
    assert (bound < free).all()
    assert (1.0 - bound[0]) / (1.0 - free[0]) > 3.0


def test_monte_carlo_over_shadowing_fields_agrees() -> None:
    """Shares of places heard by 1, 2, 3 of four gateways match within 4 standard errors."""
    n, links, sigma = 40_000, np.array([-6.0, 0.0, 3.0, 8.0]), 8.0
    rng = np.random.default_rng(4)
    x = np.repeat(rng.uniform(5e5, 9e5, n), 4)
    y = np.repeat(rng.uniform(6.4e6, 6.8e6, n), 4)
    index = np.tile(np.arange(4, dtype=np.int32), n)
    for rho in (0.0, 0.5, 0.9):
        shadow = shadowing_db(
            ShadowingField(sigma, rho=rho), Streams(1, 0), list("abcd"), index, x, y
        )
        heard = (np.tile(links, n) + shadow >= 0.0).reshape(n, 4).sum(axis=1)
        for j, p in enumerate(one(links, rho, 3, sigma), start=1):
            assert (heard >= j).mean() == pytest.approx(p, abs=4.0 * np.sqrt(p * (1 - p) / n))


def test_devices_are_independent_rows() -> None:
    """Each device sees only its own links; one without links is never heard."""
    links = np.array([3.0, -2.0, 10.0, 0.0])
    rows = probability_heard(np.array([0, 2, 2, 4]), links, 8.0, 0.5, 2)
    assert rows.shape == (3, 2)
    np.testing.assert_array_equal(rows[0], one(links[:2], 0.5, 2))
    np.testing.assert_array_equal(rows[1], [0.0, 0.0])
    np.testing.assert_array_equal(rows[2], one(links[2:], 0.5, 2))
    assert probability_heard(np.array([0]), np.array([]), 8.0, 0.5, 1).shape == (0, 1)


def test_no_spread_is_a_step_and_minus_infinity_is_never() -> None:
    """With sigma = 0 a link is heard where its margin is >= 0; -inf margins add nothing."""
    assert one([0.0, -0.1, 4.0], 0.5, 3, sigma=0.0).tolist() == [1.0, 1.0, 0.0]
    np.testing.assert_array_equal(one([2.0, -np.inf], 0.5, 2), one([2.0], 0.5, 2))


def test_bad_arguments_are_all_named() -> None:
    """Sigma, rho, k, bounds and undefined margins out of range are told in one error."""
    with pytest.raises(InputError) as caught:
        probability_heard(np.array([0, 3]), np.array([np.nan]), -1.0, 2.0, 0)
    keys = {fault.key for fault in caught.value.faults}
    assert keys == {"sigma_db", "rho", "k", "indptr", "margin_db"}
