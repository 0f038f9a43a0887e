"""The KPIs of the gateway question: what each option is judged on."""

from __future__ import annotations

from twin.lang import Text
from twin.recorder import Direction, Kpi

LOW, HIGH, NEITHER = Direction.MIN, Direction.MAX, Direction.NONE

KPIS: tuple[Kpi, ...] = (
    Kpi("gateways_planned", Text("passerelles prévues", "gateways planned"), "1", LOW),
    Kpi("sites_refused", Text("sites refusés", "sites refused"), "1", LOW),
    Kpi(
        "gateways_final", Text("passerelles une fois complété", "gateways once completed"), "1", LOW
    ),
    Kpi(
        "share_1",
        Text("compteurs entendus par au moins 1 passerelle", "meters heard by at least 1 gateway"),
        "share",
        HIGH,
    ),
    Kpi(
        "share_2",
        Text(
            "compteurs entendus par au moins 2 passerelles", "meters heard by at least 2 gateways"
        ),
        "share",
        HIGH,
    ),
    Kpi(
        "target_met_as_planned",
        Text("cible atteinte par le plan seul", "target met by the plan alone"),
        "share",
        HIGH,
    ),
    Kpi(
        "share_final",
        Text("part visée une fois complété", "targeted share once completed"),
        "share",
        HIGH,
    ),
    Kpi(
        "target_met_final",
        Text("cible atteinte une fois complété", "target met once completed"),
        "share",
        HIGH,
    ),
    Kpi(
        "gateways_ht_eur",
        Text("passerelles sur 10 ans, HT", "gateways over 10 years, excl. VAT"),
        "€",
        LOW,
    ),
    Kpi("server_ht_eur", Text("serveur de réseau, HT", "network server, excl. VAT"), "€", LOW),
    Kpi(
        "manual_ht_eur",
        Text("relève manuelle restante, HT", "remaining manual reading, excl. VAT"),
        "€",
        LOW,
    ),
    Kpi(
        "operator_ht_eur",
        Text("abonnements opérateur, HT", "operator subscriptions, excl. VAT"),
        "€",
        LOW,
    ),
    Kpi(
        "total_ht_eur",
        Text("coût total sur 10 ans, HT", "total cost over 10 years, excl. VAT"),
        "€",
        LOW,
    ),
    Kpi(
        "total_ttc_eur",
        Text("coût total sur 10 ans, TTC", "total cost over 10 years, incl. VAT"),
        "€",
        LOW,
    ),
    Kpi(
        "total_net_eur",
        Text("coût total sur 10 ans, TTC net de FCTVA", "total cost, incl. VAT, net of FCTVA"),
        "€",
        LOW,
    ),
)

DATES: tuple[Kpi, ...] = (
    Kpi(
        "first_gateway_days",
        Text("première passerelle en service", "first gateway in service"),
        "d",
        LOW,
        may_be_missing=True,
    ),
    Kpi(
        "half_network_days",
        Text("moitié des passerelles en service", "half of the gateways in service"),
        "d",
        LOW,
        may_be_missing=True,
    ),
    Kpi(
        "last_gateway_days",
        Text("dernière passerelle prévue en service", "last planned gateway in service"),
        "d",
        LOW,
        may_be_missing=True,
    ),
    Kpi(
        "in_service",
        Text("passerelles en service, par mois", "gateways in service, by month"),
        "1",
        HIGH,
        may_be_missing=True,
    ),
)
"""When the planned network is in service; not recorded by an option that buys no gateway."""


def discounted_name(rate: float) -> str:
    """Return the KPI name of the total cost at another discount rate (0.02 -> `..._at_2.0`)."""
    return f"total_ht_eur_at_{100.0 * rate:.1f}"


def discounted_kpi(rate: float) -> Kpi:
    """Return the KPI of the total cost at another discount rate."""
    percent = f"{100.0 * rate:.1f}"
    return Kpi(
        discounted_name(rate),
        Text(
            f"coût total HT, actualisé à {percent.replace('.', ',')} %",
            f"total cost excl. VAT, discounted at {percent} %",
        ),
        "€",
        LOW,
    )
