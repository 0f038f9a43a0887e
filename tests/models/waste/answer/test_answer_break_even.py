"""Up to what price a sensor pays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.waste.answer.breakeven import break_even
from models.waste.bill import Prices, yearly_bill
from tests.models.waste.answer.waste_answer_case import made_judged, made_option, year
from twin.decide.costs import yearly_share


def test_the_price_is_the_closed_form_world_by_world() -> None:
    """Price = ((operation_0 - operation) / sensors - the rest) / annuity of one euro, by hand."""
    bare = made_judged(made_option("bare"), {"operation_eur": [1_000.0, 900.0]})
    own = made_judged(
        made_option("fitted", share=0.5),
        {
            "operation_eur": [600.0, 880.0],
            "sensors": [10.0, 10.0],
            "sensor_other_eur": [20.0, 12.0],
            "sensor_price_per_year": [0.2, 0.25],
        },
    )
    found = break_even(own, {"bare": bare, "fitted": own})
    assert found is not None
    assert found.prices_eur == pytest.approx([(400.0 / 10.0 - 20.0) / 0.2, (2.0 - 12.0) / 0.25])
    assert found.mean.n == 2
    assert found.chance(0.0) == 0.5
    assert found.chance(100.0) == 0.5
    assert found.chance(100.1) == 0.0


@given(
    price=st.floats(10.0, 400.0),
    saving=st.floats(-5_000.0, 50_000.0),
    sensors=st.integers(1, 500),
    years=st.floats(3.0, 12.0),
)
def test_at_the_break_even_price_both_bills_are_equal(
    price: float, saving: float, sensors: int, years: float
) -> None:
    """A sensor bought at its break-even price makes both total costs equal, in any world."""
    discount, operation = 0.03, 100_000.0
    prices = Prices(3.0, 30.0, 0.5, 0.2, 30.0, price, 40.0, 36.0, 60.0, years)
    per_year = yearly_share(prices.sensor_life_years, discount)
    kpis = {
        "operation_eur": [operation - saving],
        "sensors": [float(sensors)],
        "sensor_other_eur": [40.0 * per_year + 36.0],
        "sensor_price_per_year": [per_year],
    }
    bare = made_judged(made_option("bare"), {"operation_eur": [operation]})
    own = made_judged(made_option("fitted", share=0.5), kpis)
    found = break_even(own, {"bare": bare, "fitted": own})
    assert found is not None
    level = float(found.prices_eur[0])
    at_level = Prices(3.0, 30.0, 0.5, 0.2, 30.0, level, 40.0, 36.0, 60.0, years)
    bill = yearly_bill(
        at_level, discount, km=0.0, hours=0.0, full_days=0.0, sensors=sensors, repairs=0.0
    )
    assert operation - saving + bill.sensor_eur == pytest.approx(operation, abs=1e-6)


def test_a_sensor_without_a_twin_has_no_break_even_price() -> None:
    """Where no option without sensors decides and knows alike, no price is told."""
    other = made_judged(made_option("bare", kind="threshold"), year(1_000.0))
    own = made_judged(made_option("fitted", share=0.5), year(900.0, sensors=10.0))
    assert break_even(own, {"bare": other, "fitted": own}) is None
    assert break_even(other, {"bare": other, "fitted": own}) is None


def test_a_share_so_small_that_it_fits_none_has_no_price() -> None:
    """With no sensor fitted there is nothing to divide by, and no price is told."""
    bare = made_judged(made_option("bare"), year(1_000.0))
    own = made_judged(made_option("fitted", share=0.001), year(1_000.0, sensors=0.0))
    assert break_even(own, {"bare": bare, "fitted": own}) is None


def test_worlds_that_do_not_match_are_refused() -> None:
    """Prices pair worlds: an option met by other worlds than its twin is an error."""
    bare = made_judged(made_option("bare"), year(1_000.0, worlds=4))
    own = made_judged(made_option("fitted", share=0.5), year(900.0, sensors=10.0, worlds=3))
    with pytest.raises(ValueError, match="replications"):
        break_even(own, {"bare": bare, "fitted": own})


def test_the_chance_falls_as_the_price_rises() -> None:
    """A dearer sensor never pays in more worlds."""
    bare = made_judged(made_option("bare"), year(90_000.0, spread=900.0))
    own = made_judged(made_option("fitted", share=0.5), year(85_000.0, sensors=100.0))
    found = break_even(own, {"bare": bare, "fitted": own})
    assert found is not None
    chances = [found.chance(price) for price in np.linspace(-2_000.0, 2_000.0, 101)]
    assert chances == sorted(chances, reverse=True)
