"""What a network costs over the horizon: gateways by kind of site, network server, readings.

The lines and their oracle: procurement sheet, section 5. Its prototype counts no residual value and
finds a mean of 7.8 k€ a gateway over 10 years (90 %: 5.7-9.9); its formula subtracts one, and so
does every bill here: 6.9 k€ (90 %: 5.1-8.8) [D on U].
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from twin.decide.costs import CostLine, Kind, TaxRules, Tco, Total, tco
from twin.lang import Text
from twin.scenario.schema import MoneySection

Figure = Callable[[str], float]
"""Gives the value of an uncertain figure by name: its mean, or one replication's draw."""

RENEWED_INSTALL_SHARE = 0.5
"""A renewal climbs again but neither drills nor cables: half the fitting [U]."""

MONTHS = 12.0


@dataclass(frozen=True)
class Bill:
    """Discounted totals by line, for one network in one world."""

    gateways: Total
    server: Total
    manual: Total
    operator: Total

    @property
    def total(self) -> Total:
        """Return the sum of all lines."""
        return add(self.gateways, self.server, self.manual, self.operator)


def add(*totals: Total) -> Total:
    """Return the sum of several totals."""
    return Total(
        sum(total.ht_eur for total in totals),
        sum(total.ttc_eur for total in totals),
        sum(total.net_eur for total in totals),
    )


def times(total: Total, number: float) -> Total:
    """Return `number` times a total."""
    return Total(total.ht_eur * number, total.ttc_eur * number, total.net_eur * number)


def tax_rules(money: MoneySection) -> TaxRules:
    """Return the scenario's tax rules."""
    return TaxRules(vat_share=money.vat_rate, fctva_investment_share=money.fctva_rate)


def gateway_lines(figure: Figure, *, private: bool) -> tuple[CostLine, ...]:
    """Return the lines of one gateway on a private tower or on a public high point.

    The fee for a public high point bears no VAT: a commune letting its public domain is outside
    its scope [U]; a tower operator's rent bears it.
    """
    rent = figure("rent_private_eur_per_year" if private else "rent_public_eur_per_year")
    life = figure("gateway_life_years")
    operation = Kind.OPERATION
    return (
        CostLine(
            Text("passerelle et antenne", "gateway and antenna"),
            capex_eur=figure("gateway_hardware_eur"),
            life_years=life,
        ),
        CostLine(
            Text("pose", "fitting"),
            capex_eur=figure("gateway_install_eur"),
            life_years=life,
            renewal_share=RENEWED_INSTALL_SHARE,
        ),
        CostLine(
            Text("raccordement électrique", "mains connection"),
            capex_eur=figure("gateway_power_eur"),
        ),
        CostLine(
            Text("hébergement", "hosting"),
            opex_eur_per_year=rent,
            kind=operation,
            has_vat=private,
        ),
        CostLine(
            Text("abonnement 4G", "4G subscription"),
            opex_eur_per_year=MONTHS * figure("backhaul_eur_per_month"),
            kind=operation,
        ),
        CostLine(
            Text("électricité", "electricity"),
            opex_eur_per_year=figure("electricity_eur_per_year"),
            kind=operation,
        ),
        CostLine(
            Text("maintenance", "maintenance"),
            opex_eur_per_year=figure("maintenance_eur_per_year"),
            kind=operation,
        ),
    )


def gateway_tco(
    figure: Figure,
    money: MoneySection,
    *,
    private: bool,
    discount: float | None = None,
    residual: bool = True,
) -> Tco:
    """Return the discounted cost of one gateway over the horizon.

    `TCO = sum of discounted spending - residual / (1 + r)^T` (procurement sheet, section 5): what
    the last gateway bought, and its fitting, are still worth at the horizon, straight line over
    their life, is subtracted, so that a long life pays whatever the horizon. `residual=False`
    leaves it out. `discount` replaces the scenario's rate.
    """
    rate = money.discount_rate if discount is None else discount
    lines = gateway_lines(figure, private=private)
    return tco(lines, money.horizon_years, rate, tax_rules(money), residual=residual)


def gateway_investment_eur(figure: Figure) -> float:
    """Return what one gateway costs on the day it is fitted, excluding VAT."""
    return sum(line.capex_eur for line in gateway_lines(figure, private=False))


def yearly(
    eur_per_year: float, money: MoneySection, kind: Kind, discount: float | None = None
) -> Total:
    """Return the discounted total of a yearly expense over the horizon."""
    rate = money.discount_rate if discount is None else discount
    line = CostLine(Text("annuel", "yearly"), opex_eur_per_year=eur_per_year, kind=kind)
    return tco((line,), money.horizon_years, rate, tax_rules(money)).total


def network_bill(
    figure: Figure,
    money: MoneySection,
    *,
    public: int,
    private: int,
    meters_heard: float,
    meters_unheard: float,
    operated: bool,
    discount: float | None = None,
) -> Bill:
    """Return the bill of one network.

    `public` and `private` count own gateways; `operated` pays an operator per meter heard instead
    of a network server. A meter that is not heard is still read by hand. Gateways are counted less
    their residual value, as :func:`gateway_tco` says.
    """
    unit_public = gateway_tco(figure, money, private=False, discount=discount).total
    unit_private = gateway_tco(figure, money, private=True, discount=discount).total
    reads = figure("manual_reads_per_year") * figure("manual_read_eur") * meters_unheard
    server = MONTHS * figure("lns_eur_per_device_month") * meters_heard
    connections = figure("operator_eur_per_device_year") * meters_heard
    return Bill(
        gateways=add(times(unit_public, public), times(unit_private, private)),
        server=yearly(0.0 if operated else server, money, Kind.OPERATION, discount),
        manual=yearly(reads, money, Kind.OPERATION, discount),
        operator=yearly(connections if operated else 0.0, money, Kind.OPERATION, discount),
    )
