"""What it costs over the years: purchase, running, renewal, tax, refund, in today's euros.

`TCO = sum over t of [capex + opex + renewals - refund]_t / (1 + r)^t - residual / (1 + r)^T`, in
constant euros. Capex falls at t = 0, running costs at the end of each year, a renewal when the
life is over and the horizon is not.

Three totals are kept apart because councils read all three: excluding VAT (HT), including VAT
(TTC), and TTC net of the FCTVA, the State's flat refund of VAT on public investment.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from twin.errors import Fault, ScenarioError
from twin.lang import Text

DISCOUNT = 0.032
"""Real discount rate: 1.2 % + beta x 2 %, beta = 1 [V strategie.gouv.fr, 21/10/2021]."""

HORIZON_YEARS = 10


class Kind(StrEnum):
    """What the tax office sees in a line."""

    INVESTMENT = "investment"
    CLOUD = "cloud"
    OPERATION = "operation"


@dataclass(frozen=True)
class TaxRules:
    """VAT and its refund, as shares.

    Defaults: VAT 20 %; FCTVA 16.404 % of the TTC investment, 5.6 % of TTC cloud infrastructure
    since 2021 [V nosdeputes.fr, solutions-numeriques.com]. The refund comes `lag_years` later,
    0 to 2 according to the body [U]. Set both refunds to zero where VAT is recovered.
    """

    vat_share: float = 0.20
    fctva_investment_share: float = 0.16404
    fctva_cloud_share: float = 0.056
    lag_years: float = 0.0


@dataclass(frozen=True)
class CostLine:
    """One line of the bill.

    Parameters
    ----------
    capex_eur, opex_eur_per_year : float
        Excluding VAT.
    life_years : float, optional
        Bought again each time it is over within the horizon, and worth its unused share at the
        end (straight line). None: bought once, worth nothing at the end (a study, a training).
    kind : Kind
        `INVESTMENT`: capex refunded at the investment rate, opex not refunded. `CLOUD`: both at
        the cloud rate. `OPERATION`: no refund.
    renewal_share : float
        Share of the capex that a renewal costs (0.5: the mast climb without the new bracket).
    has_vat : bool
        False for what bears no VAT: salaries, most rents between public bodies.

    Raises
    ------
    ScenarioError
        A figure that is not finite, a life that is not positive, a negative renewal share.
    """

    label: Text
    capex_eur: float = 0.0
    opex_eur_per_year: float = 0.0
    life_years: float | None = None
    kind: Kind = Kind.INVESTMENT
    renewal_share: float = 1.0
    has_vat: bool = True

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            raise ScenarioError(*faults)


class Nature(StrEnum):
    """Why money moves."""

    PURCHASE = "purchase"
    RUNNING = "running"
    RENEWAL = "renewal"
    RESIDUAL = "residual"
    REFUND = "refund"


@dataclass(frozen=True)
class CashFlow:
    """One movement: positive is spent, negative comes back. Constant euros, not discounted.

    `net_eur` is TTC less the refund; a refund that comes later is its own flow, with zero HT and
    TTC.
    """

    label: Text
    nature: Nature
    year: float
    ht_eur: float
    ttc_eur: float
    net_eur: float


@dataclass(frozen=True)
class Total:
    """A discounted cost excluding VAT, including VAT, and including VAT net of the FCTVA."""

    ht_eur: float
    ttc_eur: float
    net_eur: float


@dataclass(frozen=True)
class Tco:
    """Discounted total, and the same by line in the order given."""

    total: Total
    by_line: tuple[tuple[Text, Total], ...]
    horizon_years: int
    discount: float


def discount_factor(discount: float, years: float) -> float:
    """Return 1/(1 + r)^t. Vector: 3.2 % and 22 years give 0.5001 [V strategie.gouv.fr]."""
    return float((1.0 + discount) ** -years)


def annuity(discount: float, years: int) -> float:
    """Return what one euro a year, paid at each year's end, is worth today.

    Vector: 3.2 % over 10 years gives 8.4438.
    """
    return math.fsum(discount_factor(discount, year) for year in range(1, years + 1))


def yearly_share(life_years: float, discount: float) -> float:
    """Return the yearly cost of one euro spent on what lives so long: the inverse annuity."""
    whole = max(int(life_years), 1)
    low, high = annuity(discount, whole), annuity(discount, whole + 1)
    return 1.0 / (low + max(life_years - whole, 0.0) * (high - low))


def with_tax(ht_eur: float, kind: Kind = Kind.INVESTMENT, rules: TaxRules | None = None) -> Total:
    """Return one amount HT, TTC and net of the FCTVA.

    Vectors: 100 HT, 120 TTC, net 100.32 (investment), 113.28 (cloud), 120 (operation).
    """
    rules = rules or TaxRules()
    ttc = ht_eur * (1.0 + rules.vat_share)
    return Total(ht_eur, ttc, ttc * (1.0 - _refund_share(kind, rules)))


def cash_flows(
    line: CostLine,
    horizon_years: int = HORIZON_YEARS,
    rules: TaxRules | None = None,
    *,
    residual: bool = True,
) -> tuple[CashFlow, ...]:
    """Return every movement of one line over the horizon, by year.

    `residual` gives back, at the horizon, the unused share of the last purchase.
    """
    rules = rules or TaxRules()
    running = Kind.OPERATION if line.kind is Kind.INVESTMENT else line.kind
    flows = [
        flow
        for nature, year, ht_eur, kind in _movements(
            line, horizon_years, running, residual=residual
        )
        for flow in _taxed(line, nature, year, ht_eur, kind, rules)
    ]
    return tuple(sorted(flows, key=lambda flow: flow.year))


def tco(
    lines: Sequence[CostLine],
    horizon_years: int = HORIZON_YEARS,
    discount: float = DISCOUNT,
    rules: TaxRules | None = None,
    *,
    residual: bool = True,
) -> Tco:
    """Return the discounted total cost of ownership of a bill.

    Raises
    ------
    ScenarioError
        A horizon under one year, or a discount rate outside (-1, 1).
    """
    if horizon_years < 1 or not -1.0 < discount < 1.0:
        raise ScenarioError(_bad_terms(horizon_years, discount))
    by_line = tuple(
        (
            line.label,
            _discounted(cash_flows(line, horizon_years, rules, residual=residual), discount),
        )
        for line in lines
    )
    return Tco(_summed([total for _, total in by_line]), by_line, horizon_years, discount)


def _movements(
    line: CostLine, horizon_years: int, running: Kind, *, residual: bool
) -> Iterator[tuple[Nature, float, float, Kind]]:
    if line.capex_eur:
        yield Nature.PURCHASE, 0.0, line.capex_eur, line.kind
    if line.opex_eur_per_year:
        for year in range(1, horizon_years + 1):
            yield Nature.RUNNING, float(year), line.opex_eur_per_year, running
    if line.life_years is None or not line.capex_eur:
        return
    renewals = math.ceil(horizon_years / line.life_years) - 1
    renewal_eur = line.capex_eur * line.renewal_share
    for rank in range(1, renewals + 1):
        yield Nature.RENEWAL, rank * line.life_years, renewal_eur, line.kind
    unused = (renewals + 1) - horizon_years / line.life_years
    last_eur = renewal_eur if renewals else line.capex_eur
    if residual and unused > 0.0 and last_eur:
        yield Nature.RESIDUAL, float(horizon_years), -unused * last_eur, line.kind


def _taxed(
    line: CostLine, nature: Nature, year: float, ht_eur: float, kind: Kind, rules: TaxRules
) -> Iterator[CashFlow]:
    ttc_eur = ht_eur * (1.0 + rules.vat_share) if line.has_vat else ht_eur
    refund_eur = ttc_eur * _refund_share(kind, rules) if line.has_vat else 0.0
    # The residual is a value, not a sale: what it is worth net is what its purchase cost net.
    lag_years = 0.0 if nature is Nature.RESIDUAL else rules.lag_years
    if refund_eur and lag_years:
        yield CashFlow(line.label, nature, year, ht_eur, ttc_eur, ttc_eur)
        yield CashFlow(line.label, Nature.REFUND, year + lag_years, 0.0, 0.0, -refund_eur)
    else:
        yield CashFlow(line.label, nature, year, ht_eur, ttc_eur, ttc_eur - refund_eur)


def _refund_share(kind: Kind, rules: TaxRules) -> float:
    match kind:
        case Kind.INVESTMENT:
            return rules.fctva_investment_share
        case Kind.CLOUD:
            return rules.fctva_cloud_share
        case Kind.OPERATION:
            return 0.0


def _discounted(flows: Sequence[CashFlow], discount: float) -> Total:
    return _summed(
        [
            Total(flow.ht_eur * factor, flow.ttc_eur * factor, flow.net_eur * factor)
            for flow in flows
            for factor in (discount_factor(discount, flow.year),)
        ]
    )


def _summed(totals: Sequence[Total]) -> Total:
    return Total(
        math.fsum(total.ht_eur for total in totals),
        math.fsum(total.ttc_eur for total in totals),
        math.fsum(total.net_eur for total in totals),
    )


def _faults(line: CostLine) -> Iterator[Fault]:
    figures = ("capex_eur", "opex_eur_per_year", "renewal_share")
    for key in figures:
        value = getattr(line, key)
        if not math.isfinite(value) or (key == "renewal_share" and value < 0.0):
            yield Fault(
                key=f"{line.label.fr}.{key}",
                value=str(value),
                expected=Text("un nombre fini", "a finite number"),
                remedy=Text("corriger le montant", "correct the amount"),
            )
    if line.life_years is not None and not line.life_years > 0.0:
        yield Fault(
            key=f"{line.label.fr}.life_years",
            value=str(line.life_years),
            expected=Text("une durée positive, en années", "a positive life, in years"),
            remedy=Text("8 ans pour une passerelle", "8 years for a gateway"),
        )


def _bad_terms(horizon_years: int, discount: float) -> Fault:
    return Fault(
        key="money.horizon_years, money.discount",
        value=f"{horizon_years}, {discount:g}",
        expected=Text(
            "au moins un an ; un taux comme 0.032", "at least one year; a rate such as 0.032"
        ),
        remedy=Text("écrire 0.032 pour 3,2 %", "write 0.032 for 3.2 %"),
    )
