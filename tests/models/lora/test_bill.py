"""The bill: lines that add up, taxes where they apply, nothing for nothing."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.lora.bill import (
    Bill,
    gateway_investment_eur,
    gateway_lines,
    gateway_tco,
    network_bill,
    yearly,
)
from twin.decide.costs import Kind, annuity
from twin.scenario.schema import MoneySection

MONEY = MoneySection()
FIGURES: Mapping[str, float] = {
    "gateway_hardware_eur": 900.0,
    "gateway_install_eur": 1_200.0,
    "gateway_power_eur": 300.0,
    "rent_public_eur_per_year": 50.0,
    "rent_private_eur_per_year": 1_800.0,
    "backhaul_eur_per_month": 6.0,
    "electricity_eur_per_year": 18.0,
    "maintenance_eur_per_year": 200.0,
    "gateway_life_years": 8.0,
    "lns_eur_per_device_month": 0.15,
    "operator_eur_per_device_year": 8.0,
    "manual_read_eur": 6.0,
    "manual_reads_per_year": 1.0,
}


def figure(name: str) -> float:
    """Return one price."""
    return FIGURES[name]


def bill(money: MoneySection = MONEY, *, operated: bool = False, **changes: float) -> Bill:
    """Return the bill of 100 public and 20 private gateways for 95 % of 1,000 meters."""
    counts = {"public": 100, "private": 20, "meters_heard": 950.0, "meters_unheard": 50.0}
    return network_bill(figure, money, operated=operated, **{**counts, **changes})  # type: ignore[arg-type]


prices = st.fixed_dictionaries(
    {name: st.floats(0.0, 3.0 * value) for name, value in FIGURES.items() if "life" not in name}
    | {"gateway_life_years": st.floats(3.0, 20.0)}
)


@settings(max_examples=60, deadline=None)
@given(prices, st.booleans(), st.integers(0, 500), st.integers(0, 500), st.floats(0.0, 1e5))
def test_lines_add_up(
    drawn: dict[str, float], operated: bool, public: int, private: int, meters: float
) -> None:
    """The total of a bill is the sum of its four lines, in all three readings."""
    made = network_bill(
        drawn.__getitem__,
        MONEY,
        public=public,
        private=private,
        meters_heard=0.9 * meters,
        meters_unheard=0.1 * meters,
        operated=operated,
    )
    lines = (made.gateways, made.server, made.manual, made.operator)
    for reading in ("ht_eur", "ttc_eur", "net_eur"):
        parts = [getattr(line, reading) for line in lines]
        assert getattr(made.total, reading) == pytest.approx(sum(parts), rel=1e-12, abs=1e-9)
        assert min(parts) >= 0.0
    assert (
        made.total.ht_eur <= made.total.net_eur * (1.0 + 1e-12) <= made.total.ttc_eur * (1 + 1e-9)
    )


@settings(max_examples=60, deadline=None)
@given(prices, st.booleans())
def test_gateway_lines_add_up(drawn: dict[str, float], private: bool) -> None:
    """A gateway's cost is the sum of its seven lines; its investment, what is spent at year 0."""
    made = gateway_tco(drawn.__getitem__, MONEY, private=private)
    assert len(made.by_line) == 7
    assert made.total.ht_eur == pytest.approx(sum(line.ht_eur for _, line in made.by_line))
    bought = sum(drawn[f"gateway_{what}_eur"] for what in ("hardware", "install", "power"))
    assert gateway_investment_eur(drawn.__getitem__) == pytest.approx(bought)


def test_by_hand() -> None:
    """100 public gateways by hand: capex, 8.4438 years of running, renewal at 8, residual at 10."""
    running = 8.4438 * (50.0 + 72.0 + 18.0 + 200.0)
    renewed = 900.0 + 0.5 * 1_200.0
    renewal, residual = renewed / 1.032**8, 0.75 * renewed / 1.032**10
    expected = 2_400.0 + running + renewal - residual
    assert gateway_tco(figure, MONEY, private=False).total.ht_eur == pytest.approx(
        expected, abs=0.1
    )
    whole = gateway_tco(figure, MONEY, private=False, residual=False).total.ht_eur
    assert whole == pytest.approx(expected + residual, abs=0.1)
    assert bill(private=0).gateways.ht_eur == pytest.approx(100 * expected, abs=10.0)


def test_vat_where_it_applies() -> None:
    """TTC is 1.2 HT on every line but the fee for a public high point, which bears no VAT."""
    for private in (True, False):
        for label, line in gateway_tco(figure, MONEY, private=private).by_line:
            bears = private or label.en != "hosting"
            assert line.ttc_eur == pytest.approx(line.ht_eur * (1.2 if bears else 1.0))
    made = bill()
    for line in (made.server, made.manual):
        assert line.ttc_eur == pytest.approx(1.2 * line.ht_eur)
    free = bill(MoneySection(vat_rate=0.0, fctva_rate=0.0)).total
    assert free.ttc_eur == free.net_eur == pytest.approx(free.ht_eur)


def test_refund_on_investment_only() -> None:
    """The FCTVA gives back 16.404 % of the investment's TTC and nothing on what runs."""
    for _, line in gateway_tco(figure, MONEY, private=True).by_line[:3]:
        assert line.net_eur == pytest.approx(line.ttc_eur * (1.0 - 0.16404))
    for _, line in gateway_tco(figure, MONEY, private=True).by_line[3:]:
        assert line.net_eur == line.ttc_eur
    for line in (bill().server, bill().manual, bill(operated=True).operator):
        assert line.net_eur == line.ttc_eur > 0.0
    kinds = [line.kind for line in gateway_lines(figure, private=False)]
    assert kinds == [Kind.INVESTMENT] * 3 + [Kind.OPERATION] * 4


def test_nothing_bought_costs_nothing() -> None:
    """Zero gateways cost zero; zero meters read cost zero."""
    assert bill(public=0, private=0).gateways.ttc_eur == 0.0
    empty = bill(public=0, private=0, meters_heard=0.0, meters_unheard=0.0).total
    assert (empty.ht_eur, empty.ttc_eur, empty.net_eur) == (0.0, 0.0, 0.0)


def test_twice_the_network_costs_twice() -> None:
    """Gateways and meters count linearly."""
    once, twice = bill(), bill(public=200, private=40, meters_heard=1_900.0, meters_unheard=100.0)
    assert twice.total.ttc_eur == pytest.approx(2.0 * once.total.ttc_eur)


def test_an_operator_replaces_the_server() -> None:
    """An operator is paid per meter heard, and then no network server is."""
    own, operated = bill(), bill(operated=True, public=0, private=0)
    assert own.operator.ht_eur == operated.server.ht_eur == operated.gateways.ht_eur == 0.0
    assert operated.operator.ht_eur == pytest.approx(8.4438 * 8.0 * 950.0, abs=1.0)
    assert own.server.ht_eur == pytest.approx(8.4438 * 12.0 * 0.15 * 950.0, abs=1.0)
    assert own.manual == operated.manual
    assert own.manual.ht_eur == pytest.approx(8.4438 * 6.0 * 50.0, abs=1.0)


@settings(max_examples=60, deadline=None)
@given(prices, st.floats(0.0, 0.2), st.floats(0.0, 0.2), st.booleans())
def test_a_higher_rate_never_costs_more(
    drawn: dict[str, float], one: float, other: float, private: bool
) -> None:
    """A higher discount rate never raises the cost, unless a life beyond the horizon has residual.

    Where the life is shorter, the residual is smaller and later than the renewal it comes from.
    Where it is longer, the residual alone may outweigh what runs, hence no law.
    """
    low, high = sorted((one, other))
    within = {**drawn, "gateway_life_years": min(drawn["gateway_life_years"], 10.0)}
    for prices_met, residual in ((drawn, False), (within, True)):
        at_low, at_high = (
            gateway_tco(
                prices_met.__getitem__, MONEY, private=private, discount=rate, residual=residual
            ).total.ht_eur
            for rate in (low, high)
        )
        assert at_high <= at_low + 1e-6


def test_discount_replaces_the_scenarios_rate() -> None:
    """At 0 % a yearly expense counts ten times; without a rate the scenario's is used."""
    assert yearly(7.0, MONEY, Kind.OPERATION, 0.0).ht_eur == pytest.approx(70.0)
    assert yearly(7.0, MONEY, Kind.OPERATION).ht_eur == pytest.approx(7.0 * annuity(0.032, 10))
    dear = MoneySection(discount_rate=0.045)
    assert bill(dear) == bill(discount=0.045)
    assert bill().total.ht_eur > bill(dear).total.ht_eur
