"""Priors: quantiles, means, refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.decide.priors import Distribution, Prior, Status
from twin.errors import ScenarioError
from twin.lang import Lang

triples = st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3).map(sorted)
U = np.linspace(0.0, 1.0, 20_001)[1:-1]


def prior(low: float, mode: float, high: float, shape: Distribution = Distribution.PERT) -> Prior:
    """Return a prior named x."""
    return Prior("x", low, mode, high, shape)


def test_a_pert_is_the_beta_of_its_definition() -> None:
    """450/900/2000 has mean 1008.33 and the standard deviation of its beta, to the quadrature."""
    hardware = prior(450.0, 900.0, 2000.0)
    drawn = hardware.quantiles(U)
    a, b = 1 + 4 * 450 / 1550, 1 + 4 * 1100 / 1550
    deviation = 1550 * np.sqrt(a * b / ((a + b) ** 2 * (a + b + 1)))
    assert hardware.mean() == pytest.approx(6050 / 6)
    assert drawn.mean() == pytest.approx(hardware.mean(), rel=1e-4)
    assert drawn.std() == pytest.approx(deviation, rel=1e-3)


def test_a_symmetric_pert_has_the_quantiles_of_beta_3_3() -> None:
    """0/1/2 is 2 Beta(3, 3), whose distribution is the polynomial x^3 (10 - 15 x + 6 x^2)."""
    x = prior(0.0, 1.0, 2.0).quantiles(U) / 2.0
    assert np.abs(x**3 * (10 - 15 * x + 6 * x**2) - U).max() < 1e-9


@pytest.mark.parametrize(
    ("made", "mean", "quantiles"),
    [
        (prior(1.0, 2.0, 5.0, Distribution.UNIFORM), 3.0, (1.0, 3.0, 5.0)),
        (prior(1.0, 2.0, 5.0, Distribution.FIXED), 2.0, (2.0, 2.0, 2.0)),
        (prior(0.02, 0.032, 0.045, Distribution.SCENARIO), 0.032, (0.02, 0.032, 0.045)),
        (prior(3.0, 3.0, 3.0), 3.0, (3.0, 3.0, 3.0)),
        (
            Prior(
                "x", 0, 0, 0, Distribution.DISCRETE, values=(1.0, 2.0, 4.0), weights=(1.0, 2.0, 1.0)
            ),
            2.25,
            (1.0, 2.0, 4.0),
        ),
    ],
)
def test_every_shape_has_its_mean_and_its_ends(
    made: Prior, mean: float, quantiles: tuple[float, float, float]
) -> None:
    """Quantiles at 0, 1/2 and 1, and the mean, are those of the shape."""
    assert made.mean() == pytest.approx(mean)
    assert tuple(made.quantiles([0.0, 0.5, 1.0])) == pytest.approx(quantiles)


def test_a_discrete_prior_draws_each_value_by_its_weight() -> None:
    """Over the unit interval each value takes a share equal to its weight."""
    made = Prior("x", 0, 0, 0, Distribution.DISCRETE, values=(1.0, 2.0), weights=(3.0, 1.0))
    assert (made.quantiles(U) == 1.0).mean() == pytest.approx(0.75, abs=1e-3)
    assert not made.is_certain


def test_a_scenario_moves_only_when_it_is_pinned() -> None:
    """A discount rate never varies in a draw, and its sensitivity run meets both its ends."""
    rate = prior(0.02, 0.032, 0.045, Distribution.SCENARIO)
    assert set(rate.quantiles(U)) == {0.032}
    assert [rate.quantile(q) for q in rate.tornado_quantiles] == [0.02, 0.045]
    assert prior(0.0, 1.0, 2.0).tornado_quantiles == (0.05, 0.95)
    assert prior(1.0, 1.0, 1.0).is_certain


@given(triples, st.floats(0, 1), st.floats(0, 1))
def test_quantiles_rise_and_stay_inside(triple: list[float], one: float, other: float) -> None:
    """Whatever the triple, quantiles are increasing and lie in [low, high]."""
    for shape in (Distribution.PERT, Distribution.UNIFORM):
        made = prior(*triple, shape)
        low, high = sorted((one, other))
        slack = 1e-9 * (1.0 + abs(triple[0]) + abs(triple[2]))
        assert made.quantile(low) <= made.quantile(high) + slack
        assert triple[0] - slack <= made.quantile(low) <= triple[2] + slack
        assert triple[0] - slack <= made.mean() <= triple[2] + slack


@pytest.mark.parametrize(
    ("make", "key"),
    [
        (lambda: prior(2.0, 1.0, 3.0), "x"),
        (lambda: prior(1.0, 4.0, 3.0), "x"),
        (lambda: prior(float("nan"), 1.0, 2.0), "x.low"),
        (lambda: prior(1.0, 2.0, float("inf")), "x.high"),
        (lambda: Prior("x", 0, 0, 0, Distribution.DISCRETE), "x.values"),
        (
            lambda: Prior(
                "x", 0, 0, 0, Distribution.DISCRETE, values=(2.0, 1.0), weights=(1.0, 1.0)
            ),
            "x.values",
        ),
        (
            lambda: Prior("x", 0, 0, 0, Distribution.DISCRETE, values=(1.0,), weights=(-1.0,)),
            "x.weights",
        ),
    ],
)
def test_an_impossible_prior_is_refused_by_column(make: object, key: str) -> None:
    """Disorder, holes, infinities and bad weights name the figure and the column."""
    with pytest.raises(ScenarioError) as caught:
        make()  # type: ignore[operator]
    assert key in [fault.key for fault in caught.value.faults]
    assert "attendu" in caught.value.say(Lang.FR)


def test_a_quantile_is_a_share() -> None:
    """95 instead of 0.95 is refused."""
    with pytest.raises(ValueError, match="between 0 and 1"):
        prior(0.0, 1.0, 2.0).quantile(95.0)


def test_tags_of_the_price_table_become_statuses() -> None:
    """V, V-range and V-anchor are sourced, D derived, U unverified; anything else is refused."""
    found = [Status.of(tag) for tag in ("V", "V-range", "V-anchor", "D", "U")]
    assert [status.tag for status in found] == ["V", "V", "V", "D", "U"]
    assert Status("sourced").label.say(Lang.EN) == "sourced"
    with pytest.raises(ValueError, match="not a status"):
        Status.of("maybe")
