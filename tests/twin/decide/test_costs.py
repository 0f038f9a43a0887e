"""Costs: tax, discount, renewal, and the gateway's ten-year bill."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.decide.costs import (
    CostLine,
    Kind,
    Nature,
    TaxRules,
    Total,
    annuity,
    cash_flows,
    discount_factor,
    tco,
    with_tax,
)
from twin.decide.priors import Prior
from twin.errors import ScenarioError
from twin.lang import same
from twin.streams import Streams

LINE = same("line")
euros = st.floats(0.0, 1e7)
rates = st.floats(0.0, 0.2)


def test_discount_vectors() -> None:
    """At 3.2 %: factor 0.5001 after 22 years [V strategie.gouv.fr], ten-year annuity 8.4438."""
    assert discount_factor(0.032, 22) == pytest.approx(0.5001, abs=5e-5)
    assert annuity(0.032, 10) == pytest.approx(8.4438, abs=5e-5)


@pytest.mark.parametrize(
    ("kind", "net"), [(Kind.INVESTMENT, 100.32), (Kind.CLOUD, 113.28), (Kind.OPERATION, 120.0)]
)
def test_fctva_vectors(kind: Kind, net: float) -> None:
    """100 HT is 120 TTC, and 100.32, 113.28 or 120 once the FCTVA came back."""
    found = with_tax(100.0, kind)
    assert (found.ht_eur, found.ttc_eur) == (100.0, 120.0)
    assert found.net_eur == pytest.approx(net, abs=5e-3)
    bought = tco([CostLine(LINE, capex_eur=100.0, kind=kind)])
    assert bought.total.net_eur == pytest.approx(net, abs=5e-3)


def test_running_an_investment_is_not_investment() -> None:
    """The purchase is refunded, its maintenance is not; cloud running is, at the cloud rate."""
    bought = CostLine(LINE, capex_eur=100.0, opex_eur_per_year=10.0)
    flows = cash_flows(bought, 1)
    assert [flow.nature for flow in flows] == [Nature.PURCHASE, Nature.RUNNING]
    assert flows[1].net_eur == 12.0
    (cloud,) = cash_flows(CostLine(LINE, opex_eur_per_year=10.0, kind=Kind.CLOUD), 1)
    assert cloud.net_eur == pytest.approx(11.328)


def test_a_salary_bears_no_vat() -> None:
    """Without VAT the three totals are one."""
    paid = tco([CostLine(LINE, opex_eur_per_year=10.0, kind=Kind.OPERATION, has_vat=False)])
    assert paid.total == Total(*[pytest.approx(10.0 * annuity(0.032, 10))] * 3)
    bought = with_tax(100.0)
    spared = tco([CostLine(LINE, capex_eur=100.0, has_vat=False)]).total
    assert (spared.ht_eur, spared.ttc_eur, spared.net_eur) == (100.0, 100.0, 100.0)
    assert bought.ttc_eur > spared.ttc_eur


def test_a_refund_that_comes_later_is_worth_less() -> None:
    """Two years of lag discount the refund by two years, and change neither HT nor TTC."""
    line = CostLine(LINE, capex_eur=100.0)
    late = tco([line], rules=TaxRules(lag_years=2.0)).total
    refund = 120.0 * 0.16404
    assert late.net_eur == pytest.approx(120.0 - refund / 1.032**2)
    assert (late.ht_eur, late.ttc_eur) == (100.0, 120.0)


@pytest.mark.parametrize(
    ("life", "renewed_at", "unused"),
    [
        (10.0, [], 0.0),
        (15.0, [], 1 / 3),
        (8.0, [8.0], 0.75),
        (4.0, [4.0, 8.0], 0.5),
        (5.0, [5.0], 0),
    ],
)
def test_renewals_and_residual_by_hand(life: float, renewed_at: list[float], unused: float) -> None:
    """Over ten years, a life of 8 renews at 8 and leaves 3/4; 5 renews once and leaves nothing."""
    flows = cash_flows(CostLine(LINE, capex_eur=100.0, life_years=life))
    assert [flow.year for flow in flows if flow.nature is Nature.RENEWAL] == renewed_at
    left = [flow.ht_eur for flow in flows if flow.nature is Nature.RESIDUAL]
    assert sum(left) == pytest.approx(-100.0 * unused)
    assert [flow.year for flow in flows] == sorted(flow.year for flow in flows)


def test_a_line_without_a_life_is_bought_once() -> None:
    """A study is neither renewed nor worth anything at the end."""
    (flow,) = cash_flows(CostLine(LINE, capex_eur=100.0))
    assert (flow.nature, flow.year) == (Nature.PURCHASE, 0.0)


@given(euros, euros, st.floats(0.5, 40.0), rates, st.integers(1, 40))
def test_the_bill_is_linear_and_ordered(
    capex: float, opex: float, life: float, rate: float, years: int
) -> None:
    """Doubling every price doubles every total, and net <= TTC; lines add up to the total."""
    one = tco([CostLine(LINE, capex, opex, life)], years, rate)
    two = tco([CostLine(LINE, capex, opex, life)] * 2, years, rate)
    assert two.total.ht_eur == pytest.approx(2.0 * one.total.ht_eur, rel=1e-9, abs=1e-6)
    assert one.total.ttc_eur == pytest.approx(1.2 * one.total.ht_eur, rel=1e-9, abs=1e-6)
    assert one.total.net_eur <= one.total.ttc_eur + 1e-6
    assert math.fsum(t.ht_eur for _, t in two.by_line) == pytest.approx(two.total.ht_eur)


@given(euros, euros, st.floats(0.5, 40.0), st.integers(1, 40))
def test_without_discount_the_bill_is_a_sum(
    capex: float, opex: float, life: float, years: int
) -> None:
    """At 0 % with the residual given back, a unit costs exactly the share of it used up."""
    found = tco([CostLine(LINE, capex, opex, life)], years, 0.0)
    assert found.total.ht_eur == pytest.approx(
        opex * years + capex * years / life, rel=1e-9, abs=1e-6
    )


@pytest.mark.parametrize(
    "make",
    [
        lambda: CostLine(LINE, capex_eur=math.nan),
        lambda: CostLine(LINE, capex_eur=1.0, life_years=0.0),
        lambda: CostLine(LINE, capex_eur=1.0, renewal_share=-1.0),
        lambda: tco([], horizon_years=0),
        lambda: tco([], discount=3.2),
    ],
)
def test_impossible_money_is_refused(make: object) -> None:
    """A hole, a life of zero, a negative renewal, no horizon and 320 % a year are refused."""
    with pytest.raises(ScenarioError):
        make()  # type: ignore[operator]


GATEWAY = {
    "gw_hw": (450, 900, 2000),
    "gw_install": (400, 1200, 3500),
    "gw_power": (0, 300, 2500),
    "rent_public": (0, 50, 300),
    "backhaul_4g": (2, 6, 15),
    "gw_elec": (7, 18, 40),
    "gw_maint": (100, 200, 450),
    "gw_life": (6, 8, 12),
}


def gateway_bill(price: dict[str, float]) -> list[CostLine]:
    """Return the reference sheet's bill of one gateway."""
    yearly = ("rent_public", "gw_elec", "gw_maint")
    return [
        CostLine(same("hardware"), price["gw_hw"], life_years=price["gw_life"]),
        CostLine(
            same("fitting"), price["gw_install"], life_years=price["gw_life"], renewal_share=0.5
        ),
        CostLine(same("power"), price["gw_power"]),
        CostLine(
            same("running"),
            opex_eur_per_year=12 * price["backhaul_4g"] + sum(price[name] for name in yearly),
        ),
    ]


def test_a_gateway_costs_7_8_thousand_euros_over_ten_years() -> None:
    """The sheet's oracle: mean 7.8 k€ HT, 90 % of draws in 5.7-9.9 (procurement, section 5)."""
    dice = Streams(5, 0)
    draws = {
        name: Prior(name, *map(float, triple)).quantiles(
            dice.generator("costs", name).random(20_000)
        )
        for name, triple in GATEWAY.items()
    }
    p = draws
    yearly = p["rent_public"] + 12 * p["backhaul_4g"] + p["gw_elec"] + p["gw_maint"]
    renewal = (p["gw_hw"] + 0.5 * p["gw_install"]) * 1.032 ** -p["gw_life"]
    total = p["gw_hw"] + p["gw_install"] + p["gw_power"] + annuity(0.032, 10) * yearly
    total += np.where(p["gw_life"] < 10, renewal, 0.0)
    assert total.mean() == pytest.approx(7800, abs=60)
    assert np.quantile(total, [0.05, 0.95]) == pytest.approx([5700, 9900], abs=100)
    for row in range(0, 20_000, 200):
        bill = gateway_bill({name: float(column[row]) for name, column in draws.items()})
        found = tco(bill, residual=False).total.ht_eur
        assert found == pytest.approx(float(total[row]), rel=1e-12)
