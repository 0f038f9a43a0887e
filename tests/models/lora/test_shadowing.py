"""Shadowing: the law it claims, keyed by names and places alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.lora.shadowing import ShadowingField, shadowing_db
from twin.errors import InputError
from twin.streams import Streams

STREAMS = Streams(seed=11, replication=3)


def draw(
    field: ShadowingField,
    gateway_ids: list[str],
    index: NDArray[np.int32],
    x_m: NDArray[np.float64],
    y_m: NDArray[np.float64],
    streams: Streams = STREAMS,
) -> NDArray[np.float64]:
    """Return the shadowing in float64."""
    return shadowing_db(field, streams, gateway_ids, index, x_m, y_m).astype(np.float64)


def far_apart(n: int, seed: int = 0) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return positions that share no clutter."""
    rng = np.random.default_rng(seed)
    return rng.uniform(5e5, 9e5, n), rng.uniform(6.4e6, 6.8e6, n)


def pair(field: ShadowingField, n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the shadowing of two gateways at far-apart places."""
    x, y = far_apart(n)
    index = np.zeros(n, dtype=np.int32)
    return draw(field, ["a", "b"], index, x, y), draw(field, ["a", "b"], index + 1, x, y)


def test_each_link_is_normal_with_the_stated_sigma() -> None:
    """A link's shadowing is Gaussian of mean 0: moments and tail shares agree to sampling error."""
    values, _ = pair(ShadowingField(8.0), 200_000)
    unit = values / 8.0
    assert abs(unit.mean()) < 0.012
    assert unit.std() == pytest.approx(1.0, abs=0.008)
    assert (unit**4).mean() == pytest.approx(3.0, abs=0.08)
    for bound, share in ((1.0, 0.158655), (2.0, 0.022750), (3.0, 0.001350)):
        error = 4.5 * np.sqrt(share / unit.size)
        assert (unit > bound).mean() == pytest.approx(share, abs=error)
        assert (unit < -bound).mean() == pytest.approx(share, abs=error)


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.5, 0.9, 1.0])
def test_two_gateways_have_the_stated_correlation(rho: float) -> None:
    """Two gateways heard at one place share exactly the stated part of their variance."""
    one, other = pair(ShadowingField(7.0, rho=rho), 60_000)
    assert np.corrcoef(one, other)[0, 1] == pytest.approx(rho, abs=0.02)


def test_correlation_falls_to_one_over_e_at_the_decorrelation_distance() -> None:
    """Along any direction the correlation in space is 1, 1/e and about 0 at 0, 1 and 2.5 D."""
    field = ShadowingField(1.0, rho=0.5, decorrelation_m=120.0)
    x, y = far_apart(60_000)
    index = np.zeros(x.size, dtype=np.int32)
    here = draw(field, ["a"], index, x, y)
    for angle in np.radians([0.0, 30.0, 45.0, 90.0]):
        seen = []
        for distance in (0.0, 120.0, 300.0):
            there = draw(
                field, ["a"], index, x + distance * np.cos(angle), y + distance * np.sin(angle)
            )
            seen.append(float(np.mean(here * there)))
        assert seen == pytest.approx([1.0, np.exp(-1.0), 0.0], abs=0.025)


def test_variance_is_one_everywhere_between_lattice_nodes() -> None:
    """At any fixed point the variance over keys is sigma squared, on a node or between nodes."""
    x = np.linspace(700_000.0, 700_200.0, 9)
    y = np.linspace(6_600_000.0, 6_600_150.0, 9)
    index = np.zeros(9, dtype=np.int32)
    field = ShadowingField(1.0, rho=0.4)
    draws = np.array([draw(field, ["a"], index, x, y, Streams(s, 0)) for s in range(2_500)])
    assert draws.var(axis=0) == pytest.approx(np.ones(9), abs=0.12)


@given(extra=st.integers(0, 4), seed=st.integers(0, 2**31))
@settings(max_examples=25, deadline=None)
def test_a_new_gateway_or_device_moves_no_other_draw(extra: int, seed: int) -> None:
    """Adding or reordering gateways and devices leaves every other link's draw bit for bit."""
    rng = np.random.default_rng(seed)
    x, y = far_apart(30, seed)
    names = ["chateau-eau", "eglise", "pylone"]
    index = rng.integers(0, 3, 30).astype(np.int32)
    field = ShadowingField(8.0, rho=0.5, nugget_share=0.2)
    before = draw(field, names, index, x, y)
    new = [f"n{i}" for i in range(extra)] + names[::-1]
    order = rng.permutation(30)
    after = draw(field, new, (extra + 2 - index[order]).astype(np.int32), x[order], y[order])
    np.testing.assert_array_equal(after, before[order])


def test_dice_depend_on_seed_replication_and_names() -> None:
    """Another seed, replication or gateway name gives unrelated draws; the same gives the same."""
    x, y = far_apart(5_000)
    index = np.zeros(x.size, dtype=np.int32)
    field = ShadowingField(8.0, rho=0.0)
    base = draw(field, ["a"], index, x, y)
    np.testing.assert_array_equal(base, draw(field, ["a"], index, x, y, Streams(11, 3)))
    for other in (
        draw(field, ["b"], index, x, y),
        draw(field, ["a"], index, x, y, Streams(12, 3)),
        draw(field, ["a"], index, x, y, Streams(11, 4)),
    ):
        assert abs(np.corrcoef(base, other)[0, 1]) < 0.05


def test_nugget_separates_neighbours_and_keeps_the_variance() -> None:
    """A nugget takes its share of the own variance from neighbours one metre apart."""
    field = ShadowingField(1.0, rho=0.0, decorrelation_m=1_000.0, nugget_share=0.3)
    x, y = far_apart(40_000)
    index = np.zeros(x.size, dtype=np.int32)
    one, other = draw(field, ["a"], index, x, y), draw(field, ["a"], index, x + 1.0, y)
    assert one.var() == pytest.approx(1.0, abs=0.03)
    assert np.corrcoef(one, other)[0, 1] == pytest.approx(0.7, abs=0.02)


def test_sigma_zero_is_silence() -> None:
    """Without spread there is no shadowing."""
    x, y = far_apart(10)
    assert not draw(ShadowingField(0.0), ["a"], np.zeros(10, dtype=np.int32), x, y).any()


def test_bad_laws_and_arrays_are_refused() -> None:
    """Every value out of range is named at once; mismatched arrays are refused."""
    with pytest.raises(InputError) as caught:
        ShadowingField(-1.0, rho=1.5, decorrelation_m=0.0, nugget_share=float("nan"))
    assert {fault.key for fault in caught.value.faults} == {
        "sigma_db",
        "rho",
        "decorrelation_m",
        "nugget_share",
    }
    x, y = far_apart(3)
    with pytest.raises(ValueError, match="one value per link"):
        draw(ShadowingField(8.0), ["a"], np.zeros(2, dtype=np.int32), x, y)
    with pytest.raises(ValueError, match="outside gateway_ids"):
        draw(ShadowingField(8.0), ["a"], np.ones(3, dtype=np.int32), x, y)
